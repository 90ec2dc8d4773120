"""Whole versions: the first draft of a new procedure, the next one, publishing, the end."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound, Refused
from vamco.organisation.where import of_province

from .. import compiled, reading
from ..check import CODE, check
from ..models import Procedure, ProcedureVersion, State
from .content import sector_names
from .drafts import UNKNOWN, blank_case, next_draft, read, refuse, save, unverified


@action("procedures.edit", label=_("Nạp thủ tục"), at=of_province, locks=False)
def import_definition(actor: Actor, target: None, /, *, data: Mapping[str, Any]) -> ProcedureVersion:
    """Make a draft of what plain data says (`reading.plain`, or a shipped file once read), or replace the
    draft.

    Idempotent: when the newest version says the same already, that version is the answer and nothing changes.
    Raises `Invalid` with every place that cannot be read.
    """
    said = read(data)
    procedure, _new = Procedure.objects.get_or_create(code=said.code)
    Procedure.objects.select_for_update().get(pk=procedure.pk)
    newest = procedure.versions.order_by("-number").first()
    if newest is not None and newest.digest == reading.digest(said):
        return newest
    draft = newest if newest is not None and newest.state == State.DRAFT else next_draft(procedure)
    return save(draft, said)


@action("procedures.edit", label=_("Thêm thủ tục"), at=of_province, locks=False)
def new_procedure(
    actor: Actor,
    target: None,
    /,
    *,
    code: str,
    name: str,
    name_en: str,
    field_code: str = "",
    like: str = "",
) -> ProcedureVersion:
    """A draft of a procedure that the catalogue does not have yet.

    It says what the procedure `like` (a code) says, in its version in force or its newest one, but that nothing
    of it was checked against its source; without `like` it is blank, with one case. `field_code`: the sector,
    for a copy that of the original if absent. Raises `Invalid`.
    """
    if not CODE.fullmatch(code):
        raise Invalid(_("Mã thủ tục gồm chữ, số, dấu chấm và gạch nối, ví dụ 1.004873."), field="code")
    procedure, _new = Procedure.objects.get_or_create(code=code)
    draft = next_draft(procedure)
    if procedure.versions.exists():
        raise Invalid(_("Mã này đã có trong danh mục. Hãy mở thủ tục đó hoặc ghi mã khác."), field="code")
    data = _copied(like) if like else _blank()
    if field_code or not like:
        data.update(sector_names(field_code))
    head = {"code": code, "name": name, "name_en": name_en}
    life = {"valid_from": clock.today().isoformat(), "valid_to": None}
    return save(draft, read({**data, **head, **life}))


def _copied(code: str) -> dict[str, Any]:
    versions = ProcedureVersion.objects.filter(procedure__code=code.replace("\0", "?"))
    now = versions.filter(pk__in=compiled.in_force(clock.today())).first()
    found = now or versions.order_by("-number").first()
    if found is None:
        raise NotFound(_("Không tìm thấy thủ tục này. Hãy tìm lại theo tên hoặc mã trong danh mục."))
    data: dict[str, Any] = unverified(reading.plain(compiled.compile_version(found)))
    return data


def _blank() -> dict[str, Any]:
    case = blank_case("thuong", "Thông thường", "Usual", ["person"])
    lists: dict[str, Any] = {name: [] for name in ("tiers", "legal_basis", "keywords", "subject_kinds")}
    return {**lists, "level": 1, "decider": "", "source": UNKNOWN, "cases": [case]}


@action("procedures.edit", label=_("Tạo bản nháp thủ tục"), locks=False)
def new_draft(actor: Actor, version: ProcedureVersion, /) -> ProcedureVersion:
    """A draft that says what this version says, to be changed. Refused while the procedure has a draft."""
    procedure = Procedure.objects.select_for_update().get(pk=version.procedure_id)
    if procedure.versions.filter(state=State.DRAFT).exists():
        raise Refused(_("Thủ tục này đang có một bản nháp. Hãy sửa tiếp bản nháp đó hoặc xóa nó trước."))
    return save(next_draft(procedure), compiled.compile_version(version))


@action("procedures.edit", label=_("Xóa bản nháp thủ tục"))
def discard(actor: Actor, procedure: Procedure, /) -> Procedure:
    """Delete the procedure's draft."""
    draft = procedure.versions.filter(state=State.DRAFT).first()
    if draft is None:
        raise Refused(_("Thủ tục này không có bản nháp để xóa."))
    procedure.audit_extra = {"discarded": draft.number}
    draft.delete()
    return procedure


@action("procedures.publish", label=_("Công bố thủ tục"))
def publish(actor: Actor, draft: ProcedureVersion, /, *, valid_from: date | None = None) -> ProcedureVersion:
    """Put a draft in force from its first day on; the version before ends the day before.

    Raises `Invalid` with every problem of `check` at once, each under the place where it is.
    """
    if draft.state != State.DRAFT:
        raise Refused(_("Phiên bản này đã công bố rồi."))
    said = compiled.compile_version(draft)
    if valid_from is not None:
        said = dataclasses.replace(said, valid_from=valid_from)
        draft.valid_from = valid_from
        draft.digest = reading.digest(said)
    refuse(check(said), str(_("Chưa công bố được; hãy sửa các chỗ sau rồi công bố lại.")))
    _close_earlier(draft)
    draft.state, draft.published_at = State.PUBLISHED, clock.now()
    draft.save()
    return draft


@action("procedures.publish", label=_("Bãi bỏ thủ tục"))
def retire(actor: Actor, version: ProcedureVersion, /, *, last_day: date) -> ProcedureVersion:
    """End a published version: nothing is received under it after its last day; what was received goes on."""
    if version.state != State.PUBLISHED:
        raise Refused(_("Chỉ bãi bỏ được phiên bản đã công bố. Bản nháp thì xóa."))
    if last_day < version.valid_from:
        raise Invalid(_("Ngày hết hiệu lực không được trước ngày có hiệu lực."), field="last_day")
    if version.valid_to is not None and last_day > version.valid_to:
        raise Invalid(_("Phiên bản này đã hết hiệu lực sớm hơn ngày đó."), field="last_day")
    version.valid_to = last_day
    version.save(update_fields=["valid_to"])
    return version


def _close_earlier(draft: ProcedureVersion) -> None:
    """End the version that is in force on the draft's first day the day before."""
    earlier = ProcedureVersion.objects.select_for_update().filter(
        procedure_id=draft.procedure_id, state=State.PUBLISHED
    )
    for version in earlier:
        if version.valid_from >= draft.valid_from:
            raise Invalid(
                _("Đã có phiên bản có hiệu lực từ %(day)s. Hãy chọn ngày có hiệu lực sau ngày đó.")
                % {"day": version.valid_from.strftime("%d/%m/%Y")},
                field="valid_from",
            )
        if version.valid_to is None or version.valid_to >= draft.valid_from:
            version.valid_to = draft.valid_from - timedelta(days=1)
            version.save(update_fields=["valid_to"])
