"""A register (sổ), declared once: a list, what makes a row, what is done with it, its sheet and its file.

REGISTER = Register("gop-y", REMARKS, create=actions.write, actions=(actions.answer,), places=units)

Its pages (`web.registers`), its operations (`core.api_registers`), the history and files of its rows and its page of help
are made from that.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.urls import reverse

from .actions import Action
from .actors import Actor
from .exporting import Exports
from .importing import SheetImport
from .inputs import Words, name_of
from .listing import Listing, as_it_is
from .thing import Thing

Places = Callable[[Actor], "models.QuerySet[Any]"]


@dataclass(frozen=True)
class Register:
    """One register of a room.

    `path` is where its pages stand, `listing` its list. `create` makes a row in one of the `places` that the actor may
    choose (a unit), or in none when the action's target is None. `actions` are done to a row, the first with the large
    button. `sheet` and `export` let it be filled from and taken away as a file. `about` says on the page of help what it
    is for.
    """

    path: str
    listing: Listing
    _: KW_ONLY
    create: Action[Any, Any, Any] | None = None
    places: Places | None = None
    actions: Sequence[Action[Any, Any, Any]] = ()
    sheet: SheetImport | None = None
    export: Exports | None = None
    about: Words = ""

    def __post_init__(self) -> None:
        if self.listing.shown is not as_it_is:
            raise ImproperlyConfigured(
                f"{self.name}: rows of which something is hidden need pages and a history of their own"
            )
        # Its rows have a page each, which the list leads to.
        object.__setattr__(self, "listing", replace(self.listing, record=f"{self.name}_record"))

    @property
    def name(self) -> str:
        """Its key in URL names and in the API."""
        return self.listing.name

    def thing(self) -> Mapping[type[models.Model], Thing]:
        """How its rows are read and added to, for the rooms that serve the rows of all."""
        writes = dict.fromkeys(one.permission for one in (self.create, *self.actions) if one is not None)
        labels = {column.key: column.label for column in self.listing.columns}
        return {
            self.listing.model: Thing(
                self.listing.readable,
                write=" ".join(writes),
                url=lambda row: reverse(f"{self.name}_record", args=[name_of(row)]),
                labels=labels,
            )
        }
