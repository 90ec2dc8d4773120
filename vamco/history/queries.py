"""The history of a thing: its entries in the ledger, and those of what hangs on it, as their reader may see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from vamco.core import entries as ledger
from vamco.core import names, search, things
from vamco.core.actors import Actor
from vamco.core.models import LedgerContent, LedgerEntry
from vamco.web.action_forms import InputForm
from vamco.web.changes import Change, changes

from .actions import note
from .models import Note

FIRST = 10
"""So many lines stand on the thing's own page; the others have a page of their own."""


@dataclass(frozen=True)
class Line:
    """One thing that was done: `text` is that of a note, or the name of a file; `changes` what was changed."""

    entry: LedgerEntry
    who: str
    what: str
    door: str
    text: str = ""
    changes: list[Change] = field(default_factory=list)


def entries(actor: Actor, row: models.Model, q: str = "") -> QuerySet[LedgerEntry]:
    """The entries about a thing and about what hangs on it; none where the actor may not read it. Every note and file has
    an entry of its own, so that one order holds for all. `q`: words of who did it, of what was done, of a note."""
    if not things.may_read(actor, row):
        return LedgerEntry.objects.none()
    about = Q(object_type=row._meta.label_lower, object_id=str(row.pk))
    for model in things.hanging():
        about |= _of(model, things.on(model, row))
    rows = LedgerEntry.objects.filter(about)
    if not q.strip():
        return rows
    done = [key for key, name in names.entries().items() if search.has_words(q, str(name))]
    by = search.matching(rows, q, "actor_label").values("pk")
    by_note = _of(Note, search.matching(things.on(Note, row), q, "text"))
    return rows.filter(Q(action__in=done) | Q(pk__in=by) | by_note)


def _of(model: type[models.Model], rows: "QuerySet[Any]") -> Q:
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
    return Q(object_type=model._meta.label_lower, object_id__in=ids)


def lines(actor: Actor, row: models.Model, found: Iterable[LedgerEntry]) -> list[Line]:
    """Entries about a thing in words; a few queries for all of them."""
    rows, thing = list(found), things.of(row)
    own = [entry.pk for entry in rows if entry.object_type == row._meta.label_lower]
    contents = dict(LedgerContent.objects.filter(pk__in=own).values_list("pk", "content"))
    changed = changes(actor, type(row), thing, contents) if thing is not None else {}
    texts = _texts(rows)
    return [
        Line(
            entry,
            ledger.who(entry),
            names.action_name(entry.action),
            ledger.door(entry),
            texts.get((entry.object_type, entry.object_id), ""),
            changed.get(entry.pk, []),
        )
        for entry in rows
    ]


def _texts(rows: list[LedgerEntry]) -> dict[tuple[str, str], str]:
    found = dict[tuple[str, str], str]()
    for model in things.hanging():
        kind = model._meta.label_lower
        ids = [entry.object_id for entry in rows if entry.object_type == kind]
        hung = model._default_manager.filter(pk__in=ids) if ids else ()
        found |= {(kind, str(hanging.pk)): hanging.said for hanging in hung}
    return found


def section(actor: Actor, row: Any) -> Mapping[str, Any] | None:
    """The newest of a thing's history on its page, with the form of a note; nothing for who may not read it."""
    if not things.may_read(actor, row):
        return None
    rows = list(entries(actor, row).order_by("-pk")[: FIRST + 1])
    return {
        "thing": row,
        "kind": row._meta.label_lower,
        "lines": lines(actor, row, rows[:FIRST]),
        "more": len(rows) > FIRST,
        "form": InputForm(note, actor, row, auto_id="note_%s") if things.may_write(actor, row) else None,
    }
