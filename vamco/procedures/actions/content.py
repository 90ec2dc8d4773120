"""A draft's own texts, its cases, and what a case requires."""

from __future__ import annotations

from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.organisation.where import of_province

from ..check import KEY
from ..models import ProcedureVersion, Sector
from .drafts import Rows, blank_case, case_of, edit, fresh_key, one, only, unverified

#: Texts of the head that an administrator may change in a draft; `field_code`: the code of a sector.
TEXTS = (
    "name",
    "name_en",
    "field_code",
    "decider",
    "level",
    "tiers",
    "subject_kinds",
    "sensitive",
    "keywords",
    "legal_basis",
    "source",
)
CASE = ("name", "name_en", "limit", "book", "at_once", "result", "quantity", "parties")
#: The parts of a case that are put in and taken out, with the name of their key.
PARTS = {"papers": "code", "fields": "key", "parties": "role", "fees": "key", "refusal_reasons": "key"}


@action("procedures.edit", label=_("Thêm lĩnh vực"), at=of_province, locks=False)
def add_sector(actor: Actor, target: None, /, *, code: str, name: str, name_en: str) -> Sector:
    """Add a field of administration (lĩnh vực) for procedures to be filed under. Raises `Invalid`."""
    if not KEY.fullmatch(code):
        raise Invalid(_("Khóa gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ."), field="code")
    for field, words in (("name", name), ("name_en", name_en)):
        if not words.strip() or len(words) > 150:
            raise Invalid(_("Hãy ghi tên, không quá 150 ký tự."), field=field)
    try:
        with transaction.atomic():
            return Sector.objects.create(code=code, name=name.strip(), name_en=name_en.strip())
    except IntegrityError as error:
        raise Invalid(_("Khóa này đã có. Hãy chọn khóa khác."), field="code") from error


@action("procedures.edit", label=_("Sửa thông tin thủ tục"))
def edit_texts(actor: Actor, draft: ProcedureVersion, /, **texts: Any) -> ProcedureVersion:
    """Change the procedure's own texts: any of `TEXTS`."""

    def change(data: dict[str, Any]) -> None:
        only(texts, TEXTS)
        data.update(texts)
        if "field_code" in texts:
            data.update(sector_names(str(texts["field_code"])))

    return edit(draft, change, {"texts": texts})


def sector_names(code: str) -> dict[str, str]:
    """A sector as a definition holds it. Raises `Invalid` when there is none of that code."""
    found = Sector.objects.filter(code=code.replace("\0", "?")).first()
    if found is None:
        raise Invalid(_("Không có lĩnh vực này. Hãy chọn trong danh sách."), field="field_code")
    return {"field": found.name, "field_en": found.name_en, "field_code": found.code}


@action("procedures.edit", label=_("Thêm trường hợp"))
def add_case(
    actor: Actor,
    draft: ProcedureVersion,
    /,
    *,
    name: str,
    name_en: str,
    key: str = "",
    like: str = "",
) -> ProcedureVersion:
    """Add a case after the others, as a copy of the case `like`, or blank without one.

    Without a key the name makes one. Of a copy nothing counts as checked against its source any more.
    """

    def change(data: dict[str, Any]) -> None:
        own = fresh_key(key, name, (case["key"] for case in data["cases"]))
        if like:
            copied = unverified(case_of(data, like))
            data["cases"].append({**copied, "key": own, "name": name, "name_en": name_en})
        else:
            kinds = data["subject_kinds"] or ["person"]
            data["cases"].append(blank_case(own, name, name_en, kinds))

    return edit(draft, change, {"new case": key or name, "like": like})


@action("procedures.edit", label=_("Sửa trường hợp"))
def edit_case(actor: Actor, draft: ProcedureVersion, /, *, case: str, **values: Any) -> ProcedureVersion:
    """Change a case: any of `CASE`, the limit as {amount, unit, source, overrides}, parties as a whole list."""

    def change(data: dict[str, Any]) -> None:
        only(values, CASE)
        case_of(data, case).update(values)

    return edit(draft, change, {"case": case, "values": values})


@action("procedures.edit", label=_("Bỏ trường hợp"))
def take_out_case(actor: Actor, draft: ProcedureVersion, /, *, case: str) -> ProcedureVersion:
    """Remove a case; the last one cannot be removed."""

    def change(data: dict[str, Any]) -> None:
        gone = case_of(data, case)
        if len(data["cases"]) == 1:
            raise Refused(
                _("Thủ tục phải còn ít nhất một trường hợp. Hãy thêm trường hợp khác trước khi bỏ.")
            )
        data["cases"].remove(gone)

    return edit(draft, change, {"case out": case})


@action("procedures.edit", label=_("Sửa thành phần thủ tục"))
def put(actor: Actor, draft: ProcedureVersion, /, *, case: str, part: str, **values: Any) -> ProcedureVersion:
    """Add a part to a case, or change the one of the same key.

    `part`: one of `PARTS`; `values`: those of the dataclass, with the key (papers: code, parties: role).
    """
    name = _part_key(part)

    def change(data: dict[str, Any]) -> None:
        rows = case_of(data, case)[part]
        for row in rows:
            if row[name] == values.get(name):
                row.update(values)
                return
        rows.append(values)

    return edit(draft, change, {"case": case, "part": part, "values": values})


@action("procedures.edit", label=_("Bỏ thành phần thủ tục"))
def take_out(actor: Actor, draft: ProcedureVersion, /, *, case: str, part: str, key: str) -> ProcedureVersion:
    """Remove a paper, field, party, fee or reason from a case."""
    name = _part_key(part)

    def change(data: dict[str, Any]) -> None:
        rows = case_of(data, case)[part]
        rows.remove(one(rows, name, key, part))

    return edit(draft, change, {"case": case, "part": part, "out": key})


@action("procedures.edit", label=_("Chuyển chỗ trong thủ tục"))
def move(
    actor: Actor, draft: ProcedureVersion, /, *, part: str, key: str, up: bool, case: str = ""
) -> ProcedureVersion:
    """Move a thing one place up or down among its like.

    `part`: cases | steps | one of `PARTS`; `case`: whose, for all but cases. The first case is the usual one.
    Steps are read in this order; where a dossier goes is said by their ways out.
    """
    name = "key" if part in ("cases", "steps") else _part_key(part)

    def change(data: dict[str, Any]) -> None:
        rows = _list(data, part, case)
        now = rows.index(one(rows, name, key, part))
        then = now - 1 if up else now + 1
        if not 0 <= then < len(rows):
            raise Refused(_("Mục này đã ở đầu danh sách.") if up else _("Mục này đã ở cuối danh sách."))
        rows.insert(then, rows.pop(now))

    return edit(draft, change, {"case": case, "part": part, "moved": key, "up": up})


def _list(data: dict[str, Any], part: str, case: str) -> Rows:
    if part == "cases":
        return cast(Rows, data["cases"])
    found = case_of(data, case)
    return cast(Rows, (found["process"] if part == "steps" else found)[part])


def _part_key(part: str) -> str:
    if part not in PARTS:
        raise Invalid(_("Không có phần này trong thủ tục."), field="part")
    return PARTS[part]
