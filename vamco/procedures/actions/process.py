"""The steps of a draft's process: added, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused

from ..definition import ENDS
from ..models import ProcedureVersion
from .drafts import Rows, case_of, edit, fresh_key, one, only

#: Values of a new step; its ways out are edited once it stands in the process.
NEW_STEP = (
    "name",
    "name_en",
    "role",
    "unit_rule",
    "hours",
    "instruction",
    "status",
    "public_words",
    "public_words_en",
    "tell_applicant",
    "may_supplement",
    "may_consult",
)
#: The way out that a new step begins with: data, so in both languages.
ONWARD = {"key": "chuyen_tiep", "name": "Chuyển tiếp", "name_en": "Pass on"}


@action("procedures.edit", label=_("Sửa quy trình"))
def edit_process(actor: Actor, draft: ProcedureVersion, /, *, case: str, **values: Any) -> ProcedureVersion:
    """Change which step of a case's process is the first, or where the process comes from (first, source)."""

    def change(data: dict[str, Any]) -> None:
        only(values, ("first", "source"))
        process = case_of(data, case)["process"]
        if "first" in values and process["steps"]:
            one(process["steps"], "key", str(values["first"]), "steps")
        process.update(values)

    return edit(draft, change, {"case": case, "process": values})


@action("procedures.edit", label=_("Thêm bước"))
def add_step(
    actor: Actor,
    draft: ProcedureVersion,
    /,
    *,
    case: str,
    key: str = "",
    after: str = "",
    outcome: str = "",
    joined: bool = True,
    **values: Any,
) -> ProcedureVersion:
    """Put a step into the way of a case's process: between a way out and where that leads.

    The way out `outcome` of the step `after` leads to the new step, and this leads on to where that led; without
    an outcome the first one forward; without `after` the new step is the first of the process. Not `joined`:
    nothing leads to it yet. `values`: those of `NEW_STEP`. Without a key the name makes one.
    """

    def change(data: dict[str, Any]) -> None:
        only(values, NEW_STEP)
        process = case_of(data, case)["process"]
        steps: Rows = process["steps"]
        own = fresh_key(key, str(values.get("name", "")), (step["key"] for step in steps))
        if after:
            place = steps.index(one(steps, "key", after, "steps")) + 1
            onward = _between(steps[place - 1], outcome, own, joined)
        else:
            place, onward = 0, {"to": process["first"] or "ready", "who": "pool"}
            process["first"] = own if joined or not steps else process["first"]
        steps.insert(place, {**values, "key": own, "outcomes": [{**ONWARD, **onward}]})

    said = {"new step": key or values.get("name"), "after": after, "outcome": outcome, "joined": joined}
    return edit(draft, change, {"case": case, **said, "values": values})


def _between(before: dict[str, Any], outcome: str, own: str, joined: bool) -> dict[str, str]:
    """Lead a way out of a step to the new one; answers where the new one leads on to."""
    forward: Rows = [out for out in before["outcomes"] if not out["back"]]
    if outcome:
        out = one(before["outcomes"], "key", outcome, "outcomes")
    elif forward:
        out = forward[0]
    elif joined:
        raise Refused(_("Bước trước chưa có lối ra nào đi tiếp. Hãy thêm lối ra ở bước đó trước."))
    else:
        return {"to": "ready", "who": "pool"}
    if out["back"]:
        raise Invalid(_("Lối ra trả lại thì không chèn bước vào giữa được."), field="outcome")
    onward = {"to": out["to"], "who": out["who"] if joined else "pool"}
    if joined:
        out |= {"to": own, "who": "pool"}
    return onward


@action("procedures.edit", label=_("Sửa bước"))
def edit_step(
    actor: Actor, draft: ProcedureVersion, /, *, case: str, step: str, **values: Any
) -> ProcedureVersion:
    """Change a step of a case's process: any value of `Step` but its key, outcomes as a whole list."""

    def change(data: dict[str, Any]) -> None:
        steps = case_of(data, case)["process"]["steps"]
        one(steps, "key", step, "steps").update({k: v for k, v in values.items() if k != "key"})

    return edit(draft, change, {"case": case, "step": step, "values": values})


@action("procedures.edit", label=_("Bỏ bước"))
def take_out_step(
    actor: Actor,
    draft: ProcedureVersion,
    /,
    *,
    case: str,
    step: str,
    instead: Mapping[str, str] | None = None,
    fields_at: str | None = None,
) -> ProcedureVersion:
    """Take a step out of a case's process; refused while something leads to it and is not led elsewhere.

    `instead`: for each way out that leads to it ("step.outcome") where it shall lead, "" to drop that way out;
    for the first step also "first": which step is the first then. `fields_at`: where the fields that are filled
    at the step are filled then, "" for the applicant at intake.
    """
    where = dict(instead or {})

    def change(data: dict[str, Any]) -> None:
        whole = case_of(data, case)
        process = whole["process"]
        gone = one(process["steps"], "key", step, "steps")
        others: Rows = [each for each in process["steps"] if each is not gone]
        _named(others, step, where)
        for each in others:
            _lead_elsewhere(each, step, where, {other["key"] for other in others})
        if process["first"] == step:
            process["first"] = _next_first(others, where)
        process["steps"] = others
        _fill_elsewhere(whole["fields"], step, fields_at, {"", *(each["key"] for each in others)})

    said = {"step out": step, "instead": where, "fields at": fields_at}
    return edit(draft, change, {"case": case, **said})


def _named(others: Rows, step: str, where: Mapping[str, str]) -> None:
    """Refuse while a way out leads to the step of which `where` says nothing, and name each."""
    left = {
        f"{each['key']}.{out['key']}": f"«{each['name']}: {out['name']}»"
        for each in others
        for out in each["outcomes"]
        if out["to"] == step and f"{each['key']}.{out['key']}" not in where
    }
    if left:
        message = _(
            "Chưa bỏ được bước này vì còn lối ra dẫn tới: %(outs)s. Hãy cho biết thay vào đó dẫn tới đâu."
        )
        raise Refused(message % {"outs": ", ".join(left.values())})


def _lead_elsewhere(each: dict[str, Any], step: str, where: Mapping[str, str], known: set[str]) -> None:
    """Let the ways out of a step that lead to the one that goes lead where `where` says."""
    kept: Rows = []
    for out in each["outcomes"]:
        name = f"{each['key']}.{out['key']}"
        to = where[name] if out["to"] == step else out["to"]
        if out["to"] == step and to and to not in (known if out["back"] else known | set(ENDS)):
            raise Invalid(_("Hãy chọn một bước còn lại."), field=f"instead.{name}")
        if to:
            kept.append({**out, "to": to})
    each["outcomes"] = kept


def _next_first(others: Rows, where: Mapping[str, str]) -> str:
    keys = [each["key"] for each in others]
    if keys and where.get("first") not in keys:
        raise Invalid(
            _("Đây là bước đầu tiên. Hãy chọn bước nào làm bước đầu thay nó."), field="instead.first"
        )
    return where["first"] if keys else ""


def _fill_elsewhere(fields: Rows, step: str, at: str | None, known: set[str]) -> None:
    mine = [field for field in fields if field["step"] == step]
    if mine and at not in known:
        message = _("Ở bước này cán bộ ghi: %(fields)s. Hãy chọn bước khác để ghi các ô đó.")
        named = ", ".join(field["label"] for field in mine)
        raise Invalid(message % {"fields": named}, field="fields_at")
    for field in mine:
        field["step"] = at or None
