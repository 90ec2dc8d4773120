"""What actions and things are called, for people who read the ledger."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models

from .actions import ACTIONS
from .inputs import Words, named_by, plain_number
from .rooms import rooms


def entries() -> dict[str, Words]:
    """The name of every kind of entry, by what stands in the ledger: actions, and what rooms record beside them."""
    beside = {key: name for room in rooms().values() for key, name in room.entries.items()}
    return {name: one.label for name, one in ACTIONS.items()} | beside


def watched() -> set[str]:
    """What an auditor looks at first: who opened what is sensitive, who could pass for whom."""
    beside = {key for room in rooms().values() for key in room.entries}
    return {name for name, one in ACTIONS.items() if one.watched} | beside


def action_name(name: str) -> str:
    """An entry's name for people; an unknown one keeps its own."""
    return str(entries().get(name, name))


def model_of(kind: str) -> type[models.Model] | None:
    """The model of a kind of thing ("payments.receipt"); None for what is no more."""
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def thing_name(kind: str) -> str:
    """What kind of thing an entry is about, for people."""
    model = model_of(kind)
    return str(model._meta.verbose_name) if model else kind.split(".")[-1]


def named_models() -> Iterator[type[models.Model]]:
    """The models whose rows people call by a code."""
    return (model for model in apps.get_models() if hasattr(model, "named_by"))


def names(kind: str, ids: Iterable[str]) -> dict[str, str]:
    """What the things of a kind are called, by primary key; nothing for those that say nothing of themselves."""
    model = model_of(kind)
    if model is None or model.__str__ is models.Model.__str__:
        return {}
    keys = [key for key in map(plain_number, ids) if key is not None]
    rows = model._default_manager.filter(pk__in=keys).select_related(*getattr(model, "named_with", ()))
    return {str(row.pk): _name(row) for row in rows}


def _name(row: Any) -> str:
    name, code = str(row), str(getattr(row, named_by(type(row))))
    return name if name == code or not hasattr(row, "named_by") else f"{name} ({code})"
