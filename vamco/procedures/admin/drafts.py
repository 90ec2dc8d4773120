"""What the administrators' pages share: permissions, drafts, and the addresses of their parts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core.actors import Actor
from vamco.core.errors import NotAllowed, NotFound, Refused
from vamco.organisation.where import province_units
from vamco.web.access import Request

from .. import compiled
from ..definition import Case, Definition, Step
from ..models import ProcedureVersion, State
from . import forms, shape_forms
from .fields import PartForm

PARTS: dict[str, tuple[type[PartForm], str]] = {
    "papers": (forms.PaperForm, "code"),
    "fields": (forms.FieldForm, "key"),
    "parties": (shape_forms.PartyForm, "role"),
    "fees": (forms.FeeForm, "key"),
    "refusal_reasons": (forms.ReasonForm, "key"),
}
"""The parts of a case that are put in and taken out, with their form and the name of their key."""


def part_words() -> dict[str, tuple[str, str]]:
    """What the parts are called: one, and how one is added."""
    return {
        "papers": (_("giấy tờ"), _("Thêm giấy tờ")),
        "fields": (_("ô khai"), _("Thêm ô khai")),
        "parties": (_("bên tham gia"), _("Thêm bên tham gia")),
        "fees": (_("khoản thu"), _("Thêm khoản thu")),
        "refusal_reasons": (_("lý do từ chối"), _("Thêm lý do từ chối")),
    }


def may(actor: Actor, permission: str) -> bool:
    """Whether the actor has the permission for the province, whose the catalogue is."""
    return actor.may_at(permission, province_units())


def must(actor: Actor, permission: str) -> None:
    """Raise `NotAllowed` for who holds the permission at a lower unit only."""
    if not may(actor, permission):
        raise NotAllowed(_("Danh mục thủ tục dùng chung toàn tỉnh: chỉ người quản trị của tỉnh được sửa."))


def version_of(pk: int) -> ProcedureVersion:
    """The version of that number. Raises `NotFound`."""
    found = ProcedureVersion.objects.select_related("procedure", "sector").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không tìm thấy phiên bản này. Bản nháp có thể đã bị xóa."))
    return found


def draft_of(request: Request, pk: int) -> tuple[Actor, ProcedureVersion, Definition]:
    """A draft that the actor may edit, with what it says. Raises `NotAllowed`, `NotFound`, `Refused`."""
    actor = request.actor
    must(actor, "procedures.edit")
    version = version_of(pk)
    if version.state != State.DRAFT:
        raise Refused(_("Phiên bản đã công bố thì không sửa được. Hãy tạo bản nháp mới từ phiên bản này."))
    return actor, version, compiled.compile_version(version)


def case_of(said: Definition, key: str) -> Case:
    """The case of that key ("" the first). Raises `NotFound`."""
    try:
        return said.case(key)
    except (KeyError, IndexError) as error:
        raise NotFound(_("Thủ tục không có trường hợp này.")) from error


def step_of(case: Case, key: str) -> Step:
    """The step of that key. Raises `NotFound`."""
    try:
        return case.process.step(key)
    except KeyError as error:
        raise NotFound(_("Quy trình không có bước này.")) from error


def step_name(case: Case, key: str | None) -> str:
    """The name of a step; an unknown key as it is."""
    return next((one.name for one in case.process.steps if one.key == key), key or "")


def page_of(version: ProcedureVersion, case: str = "", anchor: str = "") -> str:
    """The address of a version's page, at a case and a part of it."""
    url = reverse("procedures_admin_version", args=[version.pk])
    return f"{url}{f'?truong_hop={case}' if case else ''}{f'#{anchor}' if anchor else ''}"
