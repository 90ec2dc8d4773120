"""The values before and after that an entry of the ledger holds, in words."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from vamco.core import names, visibility
from vamco.core.actors import Actor
from vamco.core.entries import pair, readable
from vamco.core.inputs import Words
from vamco.core.thing import Thing
from vamco.web import words

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A column's value before and after; "" is none."""

    label: str
    before: str
    after: str


def changes(
    actor: Actor, model: type[models.Model], thing: Thing, contents: Mapping[int, Content]
) -> dict[int, list[Change]]:
    """What each entry changed of a thing, by the entry's number: of the columns that have a name for people. What made
    the thing changed nothing of it."""
    labels = _labels(model, thing)
    columns: dict[str, Any] = {column.attname: column for column in model._meta.concrete_fields}
    of_thing = {pk: content for pk, content in contents.items() if model._meta.pk.attname not in content}
    called = _called(actor, [columns[key] for key in labels if key in columns], of_thing.values())
    return {
        pk: [
            Change(str(label), *(_words(columns.get(key), value, called) for value in pair(content[key])))
            for key, label in labels.items()
            if key in content
        ]
        for pk, content in of_thing.items()
    }


def _labels(model: type[models.Model], thing: Thing) -> dict[str, Words]:
    """The columns that are shown, as the ledger calls them, with their names."""
    fields = {column.name: column for column in model._meta.concrete_fields}
    if thing.labels:
        return {
            fields[name].attname if name in fields else name: label for name, label in thing.labels.items()
        }
    return {
        column.attname: column.verbose_name
        for column in fields.values()
        if getattr(column, "_verbose_name", None)
    }


def _called(
    actor: Actor, columns: Collection[Any], contents: Iterable[Content]
) -> dict[tuple[str, str], str]:
    """What the rows are called to which the columns refer, by kind and number; not those of dossiers that are closed."""
    ids: dict[str, set[str]] = {}
    contents = list(contents)
    for column in columns:
        if column.related_model is not None:
            kind = column.related_model._meta.label_lower
            pairs = [pair(content[column.attname]) for content in contents if column.attname in content]
            ids.setdefault(kind, set()).update(
                str(value) for two in pairs for value in two if value is not None
            )
    found: dict[tuple[str, str], str] = {}
    for kind, wanted in ids.items():
        visible = wanted - visibility.hidden(actor, kind, wanted)
        found |= {(kind, pk): name for pk, name in names.names(kind, visible).items()}
    return found


def _words(column: Any, value: Any, called: Mapping[tuple[str, str], str]) -> str:
    if value is None or value == "":
        return ""
    if column is not None and column.related_model is not None:
        kind: str = column.related_model._meta.label_lower
        return called.get((kind, str(value))) or _("số %(number)s") % {"number": value}
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.DateTimeField):
        return words.day_hour(datetime.fromisoformat(value))
    if isinstance(column, models.DateField):
        return words.day(date.fromisoformat(value))
    return str(readable(value))
