"""Templates of results, for those who edit them."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import create_model

from vamco.core import clock, result_text
from vamco.core.actors import Actor
from vamco.core.api import PDF, caller
from vamco.core.api_actions import Strict, add_action, body_of
from vamco.core.api_lists import add_list, item_of, shown_as
from vamco.core.errors import NotAllowed, NotFound
from vamco.core.printing import answer

from .. import actions, lists, paper, places, queries
from ..models import Template

router = Router(tags=["result templates"])
TemplateKey = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,59}$", examples=["gxn_tthn"])]


class PlacesOut(Schema):
    """What a template may fill: names with their words; `always` are filled in every case."""

    always: dict[str, str] = Field(examples=[{"nguoi": "Người được cấp"}])
    sometimes: dict[str, str] = Field(examples=[{"muc_dich": "Mục đích"}])


TemplateDetail: Any = create_model(
    "TemplateDetail",
    __base__=item_of(lists.TEMPLATES),
    __doc__="A template with its text and what that may fill.",
    text=(str, Field(examples=["@tên {{ten_giay_hoa}}"])),
    places=(PlacesOut, ...),
)


class TemplateText(Strict):
    """A template's text."""

    text: str = Field(max_length=result_text.LONGEST, examples=["@tên {{ten_giay_hoa}}"])


add_list(
    router,
    "/result_templates",
    lists.TEMPLATES,
    tags=["result templates"],
    summary="Templates of results",
    export=lists.export_templates,
)


@router.get("/result_templates/{key}", response=TemplateDetail, summary="One template")
def template(request: HttpRequest, key: TemplateKey) -> dict[str, Any]:
    """With its text."""
    return _whole(queries.template(_editor(caller(request), key)))


@router.post(
    "/result_templates/{key}/actions/preview",
    summary="How a text would look",
    openapi_extra=PDF,
)
def preview(request: HttpRequest, key: TemplateKey, body: TemplateText) -> HttpResponse:
    """Every place says what goes there; nothing is kept."""
    _editor(caller(request), key)
    actions.check_text(key, body.text)
    sample = paper.sample(body.text, key, places.places_of(key))
    if sample is None:
        raise NotFound(_("Chưa có đơn vị nào để xem thử mẫu."))
    return answer(request, paper.draft(sample, at=clock.now()))


def _editor(actor: Actor, key: str) -> str:
    """The key, for who may edit templates."""
    if not actor.may_anywhere("results.edit_templates"):
        raise NotAllowed(_("Mẫu kết quả dùng chung cho cả tỉnh. Chỉ người quản trị của tỉnh sửa được."))
    return key


def _opened(actor: Actor, key: str, version: int) -> Template | None:
    """The version that was edited; none where there is no such version, which the action refuses as stale."""
    queries.template(_editor(actor, key))
    return Template.objects.filter(key=key, version=version).first()


def _whole(template: Template) -> dict[str, Any]:
    known = places.places_of(template.key)
    words = {
        name: {key: str(label) for key, label in getattr(known, name).items()}
        for name in ("always", "sometimes")
    }
    return {**shown_as(lists.TEMPLATES, template), "text": template.text, "places": words}


_VERSION: Any = Field(ge=1, le=2**31 - 1, description="the version that was edited", examples=[1])
add_action(
    router,
    "/result_templates",
    actions.save_template,
    find=lambda actor: None,
    render=lambda actor, template: _whole(template),
    response=TemplateDetail,
    status=201,
)
add_action(
    router,
    "/result_templates/{key}/actions/save",
    actions.save_template,
    find=_opened,
    body=create_model(
        "TemplateSaveIn",
        __base__=body_of(actions.save_template, without=("key",), version=(int, _VERSION)),
    ),
    without=("key",),
    known=lambda key: {"key": key},
    render=lambda actor, template: _whole(template),
    response=TemplateDetail,
)
