"""What every API operation shares: its callers, kinds of input, problem documents (RFC 9457), keyset pages."""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Annotated, Any, cast

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder
from pydantic import AwareDatetime, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from . import clock, faults, files, keyset, openapi, search
from .actors import Actor
from .errors import Invalid, Refused, unstorable
from .inputs import YEARS

MAX_LIMIT = 200
log = logging.getLogger(__name__)


class _Signed(HttpRequest):
    """A request of the API: whoever checked the bearer token left the actor in it."""

    auth: Actor


def caller(request: HttpRequest) -> Actor:
    """Who asks: the person of the bearer token."""
    return cast(_Signed, request).auth


# Kinds of input --------------------------------------------------------------------------------------------


def _moment(value: Any) -> Any:
    """A time as text; a plus sign that an address turned into a space is put back."""
    if isinstance(value, datetime):
        return value
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", value) if isinstance(value, str) else ""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d[T ][0-9:.,]{4,15}(Z|[+-]\d\d:?\d\d)?", text):
        raise PydanticCustomError("moment", "not a time")
    return _in_years(text, "moment")


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise PydanticCustomError("day", "not a date")
    return _in_years(value, "day")


def _hour(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d\d:\d\d(:\d\d)?", value):
        raise PydanticCustomError("time", "not a time of day")
    return value if isinstance(value, str | time) else "?"


def _in_years(text: str, kind: str) -> str:
    if int(text[:4]) not in YEARS:
        raise PydanticCustomError(kind, "too far away")
    return text


Id = Annotated[int, Field(ge=1, lt=2**63, examples=[17])]
"""The number of a thing."""
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), Field(examples=["2016-12-09T10:42:00+07:00"])]
"""An instant, ISO 8601 with offset."""
Day = Annotated[date, BeforeValidator(_day), Field(examples=["2016-12-09"])]
"""A date, ISO 8601."""
Hour = Annotated[
    time,
    BeforeValidator(_hour),
    # The format "time" of JSON Schema has an offset; office hours have none.
    WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d(:\d\d)?$", "examples": ["07:00:00"]}),
]
"""A time of day."""
Code = Annotated[str, Field(min_length=1, max_length=60)]
"""A code or key in an address."""


class Problem(Schema):
    """A problem document of RFC 9457; `errors` names the fields at fault."""

    type: str = Field(examples=["urn:vamco:problem:invalid"])
    title: str = Field(examples=["Dữ liệu gửi lên chưa đúng; xem từng mục."])
    status: int = Field(examples=[422])
    errors: list[dict[str, str]] = Field(
        [], examples=[[{"field": "unit", "message": "Không có đơn vị mang mã này."}]]
    )


class Nothing(Schema):
    """No input."""


class Page(Schema):
    """How every list is asked for."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="at most so many items", examples=[50])
    cursor: str = Field(
        "", max_length=keyset.MOST_CURSOR, description="`next` of the page before", examples=[""]
    )


class Searched(Page):
    """How a list is asked for in which words are looked for."""

    q: str = Field(
        "",
        max_length=200,
        description="whole words or beginnings of words, with or without accents",
        examples=["nguyen"],
    )


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
        fields = faults.by_field(error.errors)
        return problem(request, Invalid(_("Dữ liệu gửi lên chưa đúng; xem từng mục."), fields=fields))

    @api.exception_handler(RequestDataTooBig)
    def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        message = _("Nội dung gửi lên quá lớn. Hãy gửi từng phần, hoặc gửi tệp bằng POST /api/v1/files.")
        return problem(request, _of_http(413, "too-large", message))

    @api.exception_handler(DataError)
    def _unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
        return problem(request, unstorable())

    @api.exception_handler(IntegrityError)
    def _against_a_rule(request: HttpRequest, error: IntegrityError) -> HttpResponse:
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        log.warning("refused by the database's rule %s: %s", rule, request.path)
        return problem(
            request, Refused(_("Có mục bị trùng hoặc trái quy tắc nên chưa lưu gì. Hãy xem lại rồi gửi lại."))
        )

    @api.exception_handler(ValueError)
    def _nul(request: HttpRequest, error: ValueError) -> HttpResponse:
        if not isinstance(error, UnicodeError) and "NUL" not in str(error):
            raise error
        return problem(request, unstorable())

    @api.exception_handler(AuthenticationError)
    def _unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        message = _("Cần đăng nhập, hoặc mã truy cập đã hết hạn. Hãy dùng mã truy cập còn hiệu lực.")
        answer = problem(request, _of_http(401, "not-signed-in", message))
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, Refused):
            return problem(request, error.__cause__)
        unreadable = _("Không đọc được nội dung gửi lên: phải là JSON đúng dạng.")
        message = unreadable if error.status_code == 400 else str(error)
        return problem(request, _of_http(error.status_code, "bad-request", message))


def wrong_method(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The refusal of a method that an address does not know (405), as a problem document; `Allow` names the others."""
    message = _("Địa chỉ này không nhận %(method)s, chỉ nhận %(allowed)s.")
    allowed = ", ".join(sorted(answer.get("Allow", "").split(", ")))
    words = message % {"method": request.method, "allowed": allowed}
    told = problem(request, _of_http(405, "wrong-method", words))
    told["Allow"] = allowed
    return told


def _of_http(status: int, code: str, text: str) -> Refused:
    refusal = Refused(text)
    refusal.status, refusal.code = status, code
    return refusal


class _Encoder(NinjaJSONEncoder):
    """Times with the offset of the offices, whatever zone they were read in."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime) and o.tzinfo is not None:
            return clock.local(o).isoformat()
        return super().default(o)


class _Renderer(JSONRenderer):
    encoder_class = _Encoder
    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


class _Parser(Parser):
    """Refuses what no database stores (NUL, half of a surrogate pair) and what is no JSON (NaN), by field."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        kind = request.content_type or "application/json"
        if kind != "application/json" and not kind.endswith("+json"):
            message = _("Nội dung gửi lên phải là JSON (Content-Type: application/json).")
            raise _of_http(415, "unsupported-media-type", message)
        read = json.loads(request.body, parse_constant=_no_constant)
        _check_texts(read, "")
        return cast(dict[str, Any], read)

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        read = super().parse_querydict(data, list_fields, request)
        for name, value in read.items():
            _check_texts(value, name)
        return read


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _check_texts(value: Any, where: str) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            raise Invalid(unstorable().message, field=where[:200] or "body")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_texts(key, where)
            _check_texts(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            _check_texts(inner, f"{where}.{i}" if where else str(i))


class Api(NinjaAPI):
    """The API with its times, its errors and a description that is complete (`openapi.complete`)."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(renderer=_Renderer(), parser=_Parser(), **settings)
        handle_errors(self)
        self._described: OpenAPISchema | None = None

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The published description, put together once a process: anyone may ask for it, and it takes a second."""
        if self._described is None:
            self._described = openapi.complete(super().get_openapi_schema(**where))
        return self._described


def as_it_is(request: HttpRequest, answer: Mapping[str, Any]) -> HttpResponse:
    """An answer that is written without being checked against its description once more: for what is asked most. The
    tests of the description check it."""
    body = _Renderer().render(request, answer, response_status=200)
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def binary(*media_types: str) -> dict[str, Any]:
    """The description of an operation that answers a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {"responses": {200: {"description": "OK", "content": content}}}


PDF = binary("application/pdf")
"""What an operation says that answers a printed paper."""


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Any other file that was made this moment."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = files.disposition(name, attachment=True)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def page_of(
    rows: "QuerySet[Any]",
    page: Page,
    *,
    key: tuple[str, ...] = ("pk",),
    render: Callable[[Any], Any],
) -> dict[str, Any]:
    """One page of a list in the order of `key` ("-day" goes down): {"items", "next"}; `next` is null on the last page.

    `key` must be unique as a whole. Raises `Invalid` for a cursor that is not ours.
    """
    found, following = keyset.cut(rows, key, limit=page.limit, cursor=page.cursor)
    return {"items": [render(row) for row in found], "next": following}


def page_of_few(
    items: Sequence[dict[str, Any]], page: Searched, *, key: str, words: Sequence[str]
) -> dict[str, Any]:
    """One page of a list that is short and at hand, in its own order; `key` tells its items apart, `q` is looked for in
    the texts named by `words`. Raises `Invalid` for a cursor that is not ours.
    """
    found = [item for item in items if search.has_words(page.q, *(str(item[name] or "") for name in words))]
    if page.cursor:
        (last,) = keyset.decode(page.cursor, 1)
        at = next((i for i, item in enumerate(found) if item[key] == last), None)
        if at is None:
            raise keyset.foreign()
        found = found[at + 1 :]
    cut = found[: page.limit]
    return {"items": cut, "next": keyset.encode([cut[-1][key]]) if len(found) > len(cut) else None}
