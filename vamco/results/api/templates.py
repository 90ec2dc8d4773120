"""Templates of results, for those who edit them."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import clock, search
from vamco.core.api import PDF, Searched, caller, page_of
from vamco.core.errors import Invalid, NotAllowed, NotFound
from vamco.core.printing import answer

from .. import actions, paper, places, queries
from ..models import Template

router = Router(tags=["result templates"])
TemplateKey = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,59}$", examples=["gxn_tthn"])]


class PlacesOut(Schema):
    """What a template may fill: names with their words; `always` are filled in every case."""

    always: dict[str, str] = Field(examples=[{"nguoi": "Người được cấp"}])
    sometimes: dict[str, str] = Field(examples=[{"muc_dich": "Mục đích"}])


class TemplateOut(Schema):
    """A template of results."""

    key: str = Field(examples=["gxn_tthn"])
    version: int = Field(examples=[1])
    name: str = Field(examples=["Giấy xác nhận tình trạng hôn nhân"])
    saved_at: datetime


class TemplateList(Schema):
    """A page of templates."""

    items: list[TemplateOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class TemplateFilter(Searched):
    """Filters of the templates."""

    key: str = Field("", max_length=60, examples=["gxn_tthn"])


class TemplateDetail(TemplateOut):
    """A template with its text and what that may fill."""

    text: str = Field(examples=["@tên {{ten_giay_hoa}}"])
    places: PlacesOut


class TemplateText(Schema, extra="forbid"):
    """A template's text."""

    text: str = Field(max_length=100_000, examples=["@tên {{ten_giay_hoa}}"])


class TemplateSave(TemplateText, extra="forbid"):
    """A new version; `version` is the one that was edited, so that nobody's work is lost."""

    version: int = Field(ge=1, le=2**31 - 1, examples=[1])
    name: str = Field(max_length=200, examples=["Giấy xác nhận tình trạng hôn nhân"])


class TemplateNew(TemplateText, extra="forbid"):
    """The first version of a template."""

    key: TemplateKey
    name: str = Field(max_length=200, examples=["Giấy xác nhận tình trạng hôn nhân"])


@router.get("/result_templates", response=TemplateList, summary="Templates of results")
def templates(request: HttpRequest, filters: Query[TemplateFilter]) -> dict[str, Any]:
    """The valid version of each."""
    _may_edit(request)
    rows = search.matching(queries.templates(), filters.q, "key", "name")
    rows = rows.filter(key=filters.key) if filters.key else rows
    return page_of(rows, filters, key=("key",), render=_template)


@router.get("/result_templates/{key}", response=TemplateDetail, summary="One template")
def template(request: HttpRequest, key: TemplateKey) -> dict[str, Any]:
    """With its text."""
    _may_edit(request)
    return _template_whole(queries.template(key))


@router.post("/result_templates", response={201: TemplateDetail}, summary="Add a template")
def new_template(request: HttpRequest, body: TemplateNew) -> dict[str, Any]:
    """Refused when there is one of this key already."""
    return _template_whole(actions.save_template(caller(request), None, **body.dict()))


@router.post(
    "/result_templates/{key}/actions/save",
    response=TemplateDetail,
    summary="Save a new version of a template",
)
def save_template(request: HttpRequest, key: TemplateKey, body: TemplateSave) -> dict[str, Any]:
    """Drafts made before keep theirs. Refused when somebody else has saved since."""
    _may_edit(request)
    queries.template(key)
    opened = Template.objects.filter(key=key, version=body.version).first()
    return _template_whole(
        actions.save_template(caller(request), opened, key=key, name=body.name, text=body.text)
    )


@router.post(
    "/result_templates/{key}/actions/preview",
    summary="How a text would look",
    openapi_extra=PDF,
)
def preview(request: HttpRequest, key: TemplateKey, body: TemplateText) -> HttpResponse:
    """Every place says what goes there; nothing is kept."""
    _may_edit(request)
    known = places.places_of(key)
    wrong = actions.check_template(key, key, body.text)
    if wrong:
        raise Invalid(_("Mẫu chưa dùng được; xem từng dòng."), fields=wrong)
    made = paper.sample(body.text, key, known)
    if made is None:
        raise NotFound(_("Chưa có đơn vị nào để xem thử mẫu."))
    return answer(request, paper.draft(made, at=clock.now()))


def _may_edit(request: HttpRequest) -> None:
    if not caller(request).may_anywhere("results.edit_templates"):
        raise NotAllowed(_("Mẫu kết quả dùng chung cho cả tỉnh. Chỉ người quản trị của tỉnh sửa được."))


def _template(one: Template) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("key", "version", "name", "saved_at")}


def _template_whole(one: Template) -> dict[str, Any]:
    known = places.places_of(one.key)
    words = {
        name: {key: str(label) for key, label in getattr(known, name).items()}
        for name in ("always", "sometimes")
    }
    return {**_template(one), "text": one.text, "places": words}
