"""What a list shows and what it is narrowed by: the parts of a `listing.Listing`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final, Literal

from django.db import models
from django.utils.translation import gettext as _

from . import inputs
from .actors import Actor
from .errors import Invalid, NotFound
from .inputs import Words

Rows = models.QuerySet[Any]
Kind = type | Literal["money"]
"""str, int, bool, date, datetime, time, a `models.TextChoices`, or an amount in đồng; of filters also a model."""
Value = str | Callable[[Any], Any]
"""An attribute of the row ("unit.name"), or a function of it."""
Choices = Callable[[Actor, Mapping[str, Any]], "Rows | Sequence[tuple[Any, Words]]"]
"""What an actor may choose: rows, or pairs of value and label; the filters declared before it are known."""

MOST_WORDS: Final = 200
"""Characters of a search."""


def value_of(row: Any, value: Value) -> Any:
    """What a row has; None where something on the way is missing."""
    if callable(value):
        return value(row)
    for part in value.split("."):
        row = None if row is None else getattr(row, part)
    return row


@dataclass(frozen=True)
class Column:
    """One column: what it is called, where its value comes from, and where it is shown.

    `value` is the key's attribute unless something else is said. `sort` is what rows are ordered by when somebody
    orders by this column; never by what `shown` may hide, since the order would tell it. An `optional` value may be
    missing. `code` is set in figures of one width; `phone` says whether a small screen shows it, `page`, `api` and
    `sheet` where it stands at all. `sub` is a small second line, `state` answers ("soon", words) of a value that is a
    state in time, `api_value` the value for programs where they want another one than people do.
    """

    key: str
    label: Words
    value: Value = ""
    kind: Kind = str
    _: KW_ONLY
    example: Any
    help: Words = ""
    sort: str = ""
    optional: bool = False
    code: bool = False
    phone: bool = True
    page: bool = True
    api: bool = True
    sheet: bool = True
    sub: Value = ""
    state: Callable[[Any], tuple[str, Words] | None] | None = None
    api_value: Value = ""

    def of(self, row: Any) -> Any:
        """The value for people; a choice as such."""
        value = value_of(row, self.value or self.key)
        if value not in (None, "") and isinstance(self.kind, type) and issubclass(self.kind, models.Choices):
            return self.kind(value)
        return value

    def for_api(self, row: Any) -> Any:
        """The value for programs."""
        return value_of(row, self.api_value or self.value or self.key)


@dataclass(frozen=True)
class Filter:
    """What a list may be narrowed by: a lookup of `where` (its key, if nothing is said), or a function of rows and value.

    `choices` are asked for the actor and the filters before this one, and anything else is refused; a filter by rows of
    a model needs them, and says by `row_words` what a row is called among them. `default` is what a page begins with.
    One that is `api_only` has no place on the page. `least` and `most` limit a number.
    """

    key: str
    label: Words
    kind: type = str
    _: KW_ONLY
    where: str | Callable[[Rows, Any], Rows] = ""
    choices: Choices | None = None
    help: Words = ""
    example: Any = None
    row_words: Callable[[Any], Words] = str
    api_only: bool = False
    default: Callable[[], Any] | None = None
    least: int | None = None
    most: int | None = None

    @property
    def is_model(self) -> bool:
        """Whether it names a row of a table."""
        return issubclass(self.kind, models.Model)

    @property
    def is_choice(self) -> bool:
        """Whether it is one of the values of a `models.TextChoices`."""
        return issubclass(self.kind, models.Choices)

    def offered(self, actor: Actor, known: Mapping[str, Any]) -> "Rows | Sequence[tuple[Any, Words]] | None":
        """What may be chosen; None where anything may be given."""
        if self.choices is not None:
            return self.choices(actor, known)
        if issubclass(self.kind, models.Choices):
            return [pair for pair in self.kind.choices if pair[0] != ""]
        return [(True, _("có")), (False, _("không"))] if self.kind is bool else None

    def read(self, actor: Actor, known: Mapping[str, Any], given: Any) -> Any:
        """The value that a text in an address or a value of the API means. Raises `Invalid` or `NotFound`."""
        offered = self.offered(actor, known)
        if isinstance(offered, models.QuerySet):
            return self._row(offered, given)
        value = self._plain(given) if isinstance(given, str) else given
        if isinstance(value, int):
            inputs.check_limits(value, self.least, self.most)
        if offered is not None and value not in [choice for choice, _label in offered]:
            raise Invalid(_("Hãy chọn một trong danh sách."), field="")
        return value

    def narrow(self, rows: Rows, value: Any) -> Rows:
        """The rows that have the value."""
        return (
            self.where(rows, value) if callable(self.where) else rows.filter((self.where or self.key, value))
        )

    def _plain(self, written: str) -> Any:
        if len(written) > MOST_WORDS or "\0" in written:
            raise Invalid(_("Mục này không đúng dạng. Hãy nhập lại."), field="")
        if self.kind is not bool:
            return inputs.read(self.kind, written)
        known = {"1": True, "true": True, "on": True, "0": False, "false": False}
        return known.get(written.strip().lower(), written)

    def _row(self, offered: Rows, given: Any) -> Any:
        name = inputs.named_by(self.kind)
        number = name == "pk" and isinstance(given, str)
        value = inputs.read(int, given) if number else given
        found = None if "\0" in str(value) else offered.filter((name, value)).first()
        if found is None:
            raise NotFound(_("Không có mục này trong phần ông/bà được chọn. Hãy chọn lại."), field="")
        return found
