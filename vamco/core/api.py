"""What every API operation shares: problem documents (RFC 9457) and keyset pages."""

import base64
import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as ValidationFault
from django.db import DataError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from .errors import Invalid, Refused, unstorable

MAX_LIMIT = 200


class Problem(Schema):
    """A problem document of RFC 9457; `errors` names the fields at fault."""

    type: str
    title: str
    status: int
    errors: list[dict[str, str]] = []


class Page(Schema):
    """How every list is asked for."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="at most so many items")
    cursor: str = Field("", max_length=400, description="`next` of the page before")


def problem(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The answer to a refused request."""
    body = {
        "type": f"urn:vamco:problem:{refusal.code}",
        "title": str(refusal.message),
        "status": refusal.status,
        "errors": [{"field": key, "message": str(text)} for key, text in refusal.fields.items()],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=refusal.status,
        content_type="application/problem+json; charset=utf-8",
    )


def handle_errors(api: NinjaAPI) -> None:
    """Make every error of the API a problem document."""

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return problem(request, error)

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {
            ".".join(str(part) for part in item["loc"][1:] if part != "body"): str(item["msg"])
            for item in error.errors
        }
        return problem(request, Invalid(_("Dữ liệu gửi lên chưa đúng; xem từng mục."), fields=fields))

    @api.exception_handler(DataError)
    def _unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
        return problem(request, unstorable())

    @api.exception_handler(ValueError)
    def _nul(request: HttpRequest, error: ValueError) -> HttpResponse:
        if "NUL" not in str(error):
            raise error
        return problem(request, unstorable())

    @api.exception_handler(AuthenticationError)
    def _unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        refusal = Refused(_("Cần đăng nhập, hoặc mã truy cập đã hết hạn. Hãy dùng mã truy cập còn hiệu lực."))
        refusal.status, refusal.code = 401, "not-signed-in"
        answer = problem(request, refusal)
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        refusal = Refused(str(error))
        refusal.status, refusal.code = error.status_code, "bad-request"
        return problem(request, refusal)


def page_of(
    rows: "QuerySet[Any]",
    page: Page,
    *,
    key: tuple[str, ...] = ("pk",),
    render: Callable[[Any], dict[str, Any]],
) -> dict[str, Any]:
    """One page of a list ordered by `key` ascending: {"items", "next"}; `next` is null on the last page.

    `key` must be unique as a whole and without nulls. Raises `Invalid` for a cursor that is not ours.
    """
    if page.cursor:
        try:
            rows = rows.filter(_after(key, _decode(page.cursor, len(key))))
        except (ValueError, TypeError, ValidationFault) as error:
            raise _foreign_cursor() from error
    found = list(rows.order_by(*key)[: page.limit + 1])
    last = found[page.limit - 1] if len(found) > page.limit else None
    return {
        "items": [render(row) for row in found[: page.limit]],
        "next": _encode([_value(last, name) for name in key]) if last is not None else None,
    }


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _after(key: tuple[str, ...], values: list[Any]) -> Q:
    condition = Q()
    for i, name in enumerate(key):
        equal = {key[j]: values[j] for j in range(i)}
        condition |= Q(**equal, **{f"{name}__gt": values[i]})
    return condition


def _encode(values: list[Any]) -> str:
    text = json.dumps([value.isoformat() if hasattr(value, "isoformat") else value for value in values])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    if isinstance(values, list) and len(values) == length and all(_plain(value) for value in values):
        return values
    raise _foreign_cursor()


def _plain(value: Any) -> bool:
    return (isinstance(value, int) and abs(value) < 2**63) or (isinstance(value, str) and "\0" not in value)


def _foreign_cursor() -> Invalid:
    return Invalid(_("Con trỏ trang không đúng. Hãy dùng giá trị `next` của trang trước."), field="cursor")
