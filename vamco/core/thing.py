"""What a room says of one of its models, so that rooms that serve the rows of all (files, notes, history) can serve them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .actors import Actor
from .inputs import Words

if TYPE_CHECKING:
    from django.db import models


@dataclass(frozen=True)
class Thing:
    """How the rows of a model are served by rooms that serve those of all (attachments, notes, history).

    `rows(actor)` are those that the actor may read: of any other nothing is shown, served or told. Who holds one of the
    permissions of `write`, parted by spaces, at the row's `permission_units` may add to it. `url(row)` is its page.
    `labels` name the columns whose changes its history shows; where none are given, those with a `verbose_name` are
    shown. `opened(actor, row)` puts on record that it is read, where that belongs on record.
    """

    rows: "Callable[[Actor], models.QuerySet[Any]]"
    write: str
    url: Callable[[Any], str]
    labels: Mapping[str, Words] = field(default_factory=dict)
    opened: Callable[[Actor, Any], None] | None = None
