"""What is handed out around an import: the template to fill in, and what was sent with its faults at the cells."""

from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from .. import clock, files, sheets, workbooks
from ..actors import Actor
from ..cells import written
from ..inputs import Parameter, name_of
from ..models import ImportRun
from .declared import SheetImport


def template(plan: SheetImport, actor: Actor, target: Any) -> bytes:
    """An empty sheet whose headings are the labels of the inputs, with an example and what each heading wants."""
    columns = plan.template
    return workbooks.template(
        str(plan.title or plan.create.label),
        [str(one.said.label) for one in columns],
        [_example(one, actor, target) for one in columns],
        {index: note for index, one in enumerate(columns) if (note := _note(plan, one))},
    )


def annotated(run: ImportRun) -> bytes:
    """What was sent, with each fault as a note at its cell."""
    grid = sheets.read(files.read(run.file))
    faults = run.faults.values_list("cell", "message")
    return workbooks.annotated(grid, faults, headings=range(run.first, run.last + 1))


def _example(one: Parameter, actor: Actor, target: Any) -> str:
    if one.optional and one.said.example is None:
        return ""
    if one.said.example is not None:
        return written(one.kind(one.said.example) if one.is_choice else one.said.example)
    if one.is_choice:
        return str(one.values[0][1])
    if one.is_model or one.said.choices is not None:
        offered = one.offered(actor, target)
        if isinstance(offered, models.QuerySet):
            row = offered.first()
            return str(name_of(row)) if row else ""
        return str(offered[0][1]) if offered else ""
    now = clock.local(clock.now())
    by_kind = {
        date: now.date(),
        datetime: now.replace(second=0, microsecond=0),
        time: time(7, 30),
        bool: True,
    }
    return written(by_kind.get(one.kind, 1 if one.kind is int else ""))


def _note(plan: SheetImport, one: Parameter) -> str:
    """What is said when a heading is pointed at: what it is, what it may be, whether it must be there."""
    said = [str(one.said.help)] if one.said.help else []
    if one.is_choice:
        said.append("; ".join(str(label) for _value, label in one.values))
    if one.kind is bool:
        said.append(_("«x» hoặc «có»; để trống hoặc «không»"))
    if one.kind is date:
        said.append(_("như 05/12/2016"))
    said.append(_("bắt buộc") if one.name in plan.required else _("có thể để trống"))
    return ". ".join(part[:1].upper() + part[1:] for part in said) + "."
