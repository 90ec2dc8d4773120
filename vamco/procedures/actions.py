"""Everything that changes the catalogue.

Published versions stay as they are; a change makes a new version.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import Actor, action
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused

from . import compiled, reading
from .check import Problem, check
from .definition import Definition
from .models import Procedure, ProcedureVersion, State, province_units

#: Texts of the head that an administrator may change in a draft.
TEXTS = (
    "name",
    "name_en",
    "decider",
    "level",
    "tiers",
    "subject_kinds",
    "sensitive",
    "keywords",
    "legal_basis",
    "source",
)


@action("procedures.edit", creates=True)
def import_definition(actor: Actor, target: None, /, *, data: Mapping[str, Any]) -> ProcedureVersion:
    """Make a draft of what plain data says (`reading.plain`, or a shipped file once read), or replace the
    draft.

    Idempotent: when the newest version says the same already, that version is the answer and nothing changes.
    Raises `Invalid` with every place that cannot be read.
    """
    _for_the_province(actor, "procedures.edit")
    said = _read(data)
    procedure, _new = Procedure.objects.get_or_create(code=said.code)
    Procedure.objects.select_for_update().get(pk=procedure.pk)
    newest = procedure.versions.order_by("-number").first()
    if newest is not None and newest.digest == reading.digest(said):
        return newest
    draft = newest if newest is not None and newest.state == State.DRAFT else _next_draft(procedure)
    return _save(draft, said)


@action("procedures.edit", creates=True)
def new_draft(actor: Actor, version: ProcedureVersion, /) -> ProcedureVersion:
    """A draft that says what this version says, to be changed. Refused while the procedure has a draft."""
    procedure = Procedure.objects.select_for_update().get(pk=version.procedure_id)
    if procedure.versions.filter(state=State.DRAFT).exists():
        raise Refused(_("Thủ tục này đang có một bản nháp. Hãy sửa tiếp bản nháp đó hoặc xóa nó trước."))
    return _save(_next_draft(procedure), compiled.compile_version(version))


@action("procedures.edit")
def discard(actor: Actor, procedure: Procedure, /) -> Procedure:
    """Throw the procedure's draft away."""
    draft = procedure.versions.filter(state=State.DRAFT).first()
    if draft is None:
        raise Refused(_("Thủ tục này không có bản nháp để xóa."))
    procedure.audit_extra = {"discarded": draft.number}  # type: ignore[attr-defined]
    draft.delete()
    return procedure


@action("procedures.edit")
def edit_texts(actor: Actor, draft: ProcedureVersion, /, **texts: Any) -> ProcedureVersion:
    """Change the procedure's own texts: any of `TEXTS`."""

    def change(data: dict[str, Any]) -> None:
        _only(texts, TEXTS)
        data.update(texts)

    return _edit(draft, change, {"texts": texts})


@action("procedures.edit")
def edit_case(actor: Actor, draft: ProcedureVersion, /, *, case: str, **values: Any) -> ProcedureVersion:
    """Change a case's name, name_en, limit ({amount, unit, source, overrides}), book, at_once, or result."""

    def change(data: dict[str, Any]) -> None:
        _only(values, ("name", "name_en", "limit", "book", "at_once", "result", "quantity", "parties"))
        _one(data["cases"], "key", case, "cases").update(values)

    return _edit(draft, change, {"case": case, "values": values})


@action("procedures.edit")
def put(actor: Actor, draft: ProcedureVersion, /, *, case: str, part: str, **values: Any) -> ProcedureVersion:
    """Add a paper, field, fee or reason to a case, or change the one of the same key.

    `part`: papers | fields | fees | refusal_reasons; `values`: those of the dataclass, with the key
    (papers: code).
    """
    name = _part_key(part)

    def change(data: dict[str, Any]) -> None:
        rows = _one(data["cases"], "key", case, "cases")[part]
        for row in rows:
            if row[name] == values.get(name):
                row.update(values)
                return
        rows.append(values)

    return _edit(draft, change, {"case": case, "part": part, "values": values})


@action("procedures.edit")
def take_out(actor: Actor, draft: ProcedureVersion, /, *, case: str, part: str, key: str) -> ProcedureVersion:
    """Take a paper, field, fee or reason out of a case."""
    name = _part_key(part)

    def change(data: dict[str, Any]) -> None:
        rows = _one(data["cases"], "key", case, "cases")[part]
        rows.remove(_one(rows, name, key, part))

    return _edit(draft, change, {"case": case, "part": part, "out": key})


@action("procedures.edit")
def edit_step(
    actor: Actor, draft: ProcedureVersion, /, *, case: str, step: str, **values: Any
) -> ProcedureVersion:
    """Change a step of a case's process: any value of `Step` but its key, outcomes as a whole list."""

    def change(data: dict[str, Any]) -> None:
        steps = _one(data["cases"], "key", case, "cases")["process"]["steps"]
        _one(steps, "key", step, "steps").update({k: v for k, v in values.items() if k != "key"})

    return _edit(draft, change, {"case": case, "step": step, "values": values})


@action("procedures.publish")
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
    _refuse(check(said), _("Chưa công bố được; hãy sửa các chỗ sau rồi công bố lại."))
    _close_earlier(draft)
    draft.state, draft.published_at = State.PUBLISHED, clock.now()
    draft.save()
    return draft


@action("procedures.publish")
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


def _read(data: Mapping[str, Any]) -> Definition:
    try:
        return reading.read(data)
    except reading.Unreadable as unreadable:
        _refuse(unreadable.problems, _("Dữ liệu thủ tục chưa đọc được; xem từng chỗ."))
        raise


def _refuse(problems: list[Problem], message: str) -> None:
    if problems:
        by_place: dict[str, str] = {}
        for one in problems:
            by_place[one.where] = " ".join(filter(None, (by_place.get(one.where), one.message)))
        raise Invalid(message, fields=by_place)


def _next_draft(procedure: Procedure) -> ProcedureVersion:
    Procedure.objects.select_for_update().get(pk=procedure.pk)
    last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
    return ProcedureVersion(procedure=procedure, number=last + 1)


def _save(draft: ProcedureVersion, said: Definition) -> ProcedureVersion:
    compiled.head(draft, said)
    draft.save()
    compiled.store(draft, said)
    return draft


def _edit(
    draft: ProcedureVersion, change: Callable[[dict[str, Any]], None], said: dict[str, Any]
) -> ProcedureVersion:
    """Change a draft's plain data and make its rows say the result."""
    if draft.state != State.DRAFT:
        raise Refused(_("Phiên bản đã công bố thì không sửa được. Hãy tạo bản nháp mới từ phiên bản này."))
    data = reading.plain(compiled.compile_version(draft))
    change(data)
    draft.audit_extra = {"edit": reading.plain(said)}  # type: ignore[attr-defined]
    return _save(draft, _read(data))


def _close_earlier(draft: ProcedureVersion) -> None:
    """End what holds on the draft's first day the day before."""
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


def _for_the_province(actor: Actor, permission: str) -> None:
    """The catalogue is the province's: a right held at one commune does not reach it."""
    if not actor.everything and not actor.may(permission, province_units()):
        raise NotAllowed(_("Danh mục thủ tục dùng chung toàn tỉnh: chỉ người quản trị của tỉnh được sửa."))


def _only(values: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = {key: _("Không sửa được mục này.") for key in values if key not in known}
    if unknown:
        raise Invalid(_("Có mục không sửa được; hãy bỏ đi rồi làm lại."), fields=unknown)


def _part_key(part: str) -> str:
    if part not in ("papers", "fields", "fees", "refusal_reasons"):
        raise Invalid(_("Không có phần này trong thủ tục."), field="part")
    return "code" if part == "papers" else "key"


def _one(rows: list[dict[str, Any]], name: str, key: str, where: str) -> dict[str, Any]:
    for row in rows:
        if row[name] == key:
            return row
    raise NotFound(
        _("Không tìm thấy “%(key)s” trong %(where)s.") % {"key": key[:60], "where": where}, field=where
    )
