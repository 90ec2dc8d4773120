"""Things of any room, for rooms that serve those of all: who may read one, who may add to it, where its page is.

A room declares its models in `Room.things`. What hangs on a thing (a note, an attached file) is an `OfThing`.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from . import names, rooms
from .actions import permission_units
from .actors import Actor
from .errors import NotAllowed, NotFound
from .thing import Thing


@cache
def declared() -> Mapping[str, Thing]:
    """Every model that a room declares, by its kind ("payments.receipt")."""
    every = [one for room in rooms.rooms().values() for one in room.things.items()]
    every += [one for register in rooms.of_all("registers") for one in register.thing().items()]
    return {model._meta.label_lower: one for model, one in every}


def of(row: models.Model) -> Thing | None:
    """What is said of the row's model; None where no room says anything."""
    return declared().get(row._meta.label_lower)


def get(actor: Actor, kind: str, pk: int) -> models.Model:
    """A thing by kind and number, on record where reading it is. Raises `NotFound` alike for one that does not exist, one
    that the actor may not read and a kind that nobody declared."""
    said = declared().get(kind)
    row = said.rows(actor).filter(pk=pk).first() if said and 0 < pk < 2**63 else None
    if said is None or row is None:
        raise NotFound(_("Không tìm thấy mục này trong phần ông/bà được xem. Hãy quay lại danh sách."))
    if said.opened is not None:
        said.opened(actor, row)
    return row  # type: ignore[no-any-return]


def may_read(actor: Actor, row: models.Model | None) -> bool:
    """Whether the actor may read the row and what hangs on it."""
    said = of(row) if row is not None else None
    return row is not None and said is not None and said.rows(actor).filter(pk=row.pk).exists()


def may_write(actor: Actor, row: models.Model | None) -> bool:
    """Whether the actor may add to the row: a file, a note."""
    said = of(row) if row is not None else None
    if row is None or said is None or not may_read(actor, row):
        return False
    units = permission_units(row)
    return any(actor.may_at(permission, units) for permission in said.write.split())


def check_write(actor: Actor, row: models.Model | None) -> None:
    """Raise `NotAllowed` for who may not add to the row."""
    if not may_write(actor, row):
        raise NotAllowed(
            _("Ông/bà chỉ xem được mục này. Nếu cần bổ sung, hãy nhờ người phụ trách của đơn vị ghi giúp.")
        )


def url_of(row: models.Model) -> str:
    """The address of the thing's page."""
    return declared()[row._meta.label_lower].url(row)


class OfThing(models.Model):
    """A row that hangs on a thing of any room, which it knows by kind and number."""

    kind = models.CharField(max_length=80, help_text="such as payments.receipt")
    thing = models.BigIntegerField(help_text="the primary key of the thing")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__regex=r"^[a-z_]+\.[a-z_]+$", thing__gte=1), name="%(class)s_of_thing"
            ),
        ]
        indexes = [models.Index(fields=["kind", "thing", "id"], name="%(class)s_of_thing")]

    @property
    def row(self) -> Any:
        """The thing as it is stored, whoever asks; None when it has gone."""
        model = names.model_of(self.kind)
        return model._default_manager.filter(pk=self.thing).first() if model else None

    @property
    def said(self) -> str:
        """What the history of the thing shows of it, for who may read the thing."""
        return ""

    def permission_units(self) -> Collection[int]:
        """Those of the thing."""
        row = self.row
        return list(row.permission_units()) if row is not None else []


def hanging() -> Iterator[type[OfThing]]:
    """Every model whose rows hang on things."""
    return (model for model in apps.get_models() if issubclass(model, OfThing))


def on(model: type[OfThing], row: models.Model) -> "QuerySet[Any]":
    """What of this model hangs on the row."""
    return model._default_manager.filter(kind=row._meta.label_lower, thing=row.pk)
