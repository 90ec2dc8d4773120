"""The values before and after that an entry of the ledger holds, in words."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from vamco.core import names, things, visibility
from vamco.core.actions import ACTIONS
from vamco.core.actors import Actor
from vamco.core.entries import pair, readable
from vamco.core.inputs import Words
from vamco.core.models import LedgerEntry
from vamco.core.thing import Thing

from . import words

Content = Mapping[str, Any]
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Change:
    """A column's value before and after; "" is none. A `digest` proves a text that the ledger does not hold."""

    label: str
    before: str
    after: str
    digest: bool = False


def changes(
    actor: Actor, model: type[models.Model], thing: Thing, contents: Mapping[int, Content]
) -> dict[int, list[Change]]:
    """What each entry changed of a thing, by the entry's number: of the columns that have a name for people. What made
    the thing changed nothing of it."""
    labels = _labels(model, thing)
    edits = {pk: content for pk, content in contents.items() if model._meta.pk.attname not in content}
    called = _called(actor, _columns(model, labels), edits.values())
    return {
        pk: [
            _change(model, key, label, content[key], called)
            for key, label in labels.items()
            if key in content
        ]
        for pk, content in edits.items()
    }


def every_change(actor: Actor, entry: LedgerEntry, content: Content) -> list[Change]:
    """All that an entry holds. A column without a name for people is called as the action's input of that name, if there
    is one."""
    model = names.model_of(entry.object_type)
    if model is None:
        return [Change(key, _plain(pair(value)[0]), _plain(pair(value)[1])) for key, value in content.items()]
    labels = (
        _input_labels(entry.action)
        | _labels(model, None)
        | _labels(model, things.declared().get(entry.object_type))
    )
    called = _called(actor, _columns(model, content), [content])
    return [_change(model, key, labels.get(key, key), value, called) for key, value in content.items()]


def _input_labels(action: str) -> dict[str, Words]:
    inputs = ACTIONS[action].inputs if action in ACTIONS else ()
    labels = {parameter.name: parameter.input.label for parameter in inputs}
    return labels | {f"{name}_id": label for name, label in labels.items()}


def _labels(model: type[models.Model], thing: Thing | None) -> dict[str, Words]:
    """The columns that have a name for people, as the ledger calls them: those of the thing, or of the model."""
    fields = {column.name: column for column in model._meta.concrete_fields}
    if thing is not None and thing.labels:
        return {
            fields[name].attname if name in fields else name: label for name, label in thing.labels.items()
        }
    named = (column for column in fields.values() if getattr(column, "_verbose_name", None))
    return {column.attname: column.verbose_name for column in named}


def _columns(model: type[models.Model], keys: Collection[str]) -> list[Any]:
    return [column for column in model._meta.concrete_fields if column.attname in keys]


def _change(
    model: type[models.Model], key: str, label: Words, value: Any, called: Mapping[tuple[str, str], str]
) -> Change:
    column = next(iter(_columns(model, [key])), None)
    before, after = pair(value)
    digest = any(isinstance(side, str) and _DIGEST.fullmatch(side) for side in (before, after))
    return Change(str(label), _words(column, before, called), _words(column, after, called), digest)


def _plain(value: Any) -> str:
    return "" if value is None else str(readable(value))


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
    return _plain(value)
