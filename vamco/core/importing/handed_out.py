"""What is handed out around an import: the template to fill in, and what was sent with its faults at the cells."""

from datetime import date, datetime, time
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from .. import clock, files, sheets, workbooks
from ..actors import Actor
from ..inputs import Parameter, name_of
from ..models import ImportRun
from ..values import written
from .declared import SheetImport


def template(plan: SheetImport, actor: Actor, target: Any) -> bytes:
    """An empty sheet whose headings are the labels of the inputs, with an example and what each heading wants."""
    columns = plan.template
    return workbooks.template(
        str(plan.title or plan.create.label),
        [str(column.input.label) for column in columns],
        [_example(column, actor, target) for column in columns],
        {index: note for index, one in enumerate(columns) if (note := _note(plan, one))},
    )


def annotated(run: ImportRun) -> bytes:
    """What was sent, with each fault as a note at its cell."""
    grid = sheets.read(files.read(run.file))
    faults = run.faults.values_list("cell", "message")
    return workbooks.annotated(grid, faults, headings=range(run.first, run.last + 1))


def _example(parameter: Parameter, actor: Actor, target: Any) -> str:
    if parameter.optional and parameter.input.example is None:
        return ""
    if parameter.input.example is not None:
        return written(
            parameter.kind(parameter.input.example) if parameter.is_choice else parameter.input.example
        )
    if parameter.is_choice:
        return str(parameter.values[0][1])
    if parameter.is_model or parameter.input.choices is not None:
        offered = parameter.offered(actor, target)
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
    return written(by_kind.get(parameter.kind, 1 if parameter.kind is int else ""))


def _note(plan: SheetImport, parameter: Parameter) -> str:
    """What is said when a heading is pointed at: what it is, what it may be, whether it must be there."""
    given = [str(parameter.input.help)] if parameter.input.help else []
    if parameter.is_choice:
        given.append("; ".join(str(label) for _value, label in parameter.values))
    if parameter.kind is bool:
        given.append(_("«x» hoặc «có»; để trống hoặc «không»"))
    if parameter.kind is date:
        given.append(_("như 05/12/2016"))
    given.append(_("bắt buộc") if parameter.name in plan.required else _("có thể để trống"))
    return ". ".join(part[:1].upper() + part[1:] for part in given) + "."
