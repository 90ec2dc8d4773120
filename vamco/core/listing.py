"""A list, declared once: page, API and files are made from it (`web.lists`, `core.api_lists`, `core.exporting`).

RECEIPTS = Listing(
    name="receipts",
    title=_("Biên lai"),
    model=Receipt,
    visible=queries.receipts,
    columns=(Column("number", _("Số"), kind=int, sort="number", example=12), ...),
    filters=(Filter("state", _("Tình trạng"), ReceiptState), ...),
    order=("-day", "number"),
    words=search.in_folded("payer_folded"),
)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext as _

from . import keyset
from .actors import Actor
from .columns import MOST_WORDS, Column, Filter, Rows
from .errors import Invalid, NotAllowed, Refused
from .inputs import Words
from .search import Search

__all__ = ["Asked", "Column", "Filter", "Listing"]

MOST_COUNTED: Final = 10_000
"""Rows that are counted; of more it is only said that there are more."""
TAKEN: Final = {"limit", "cursor", "q", "sort", "count", "format", "export", "request_key"}
"""Names by which every list is asked."""


def as_it_is(row: Any) -> Any:
    """The row, of which nothing is hidden."""
    return row


@dataclass(frozen=True)
class Asked:
    """What a list was asked for: filters by key, words, order ("-day": that column, downwards), and where to go on."""

    values: Mapping[str, Any] = field(default_factory=dict)
    q: str = ""
    sort: str = ""
    cursor: str = ""


@dataclass(frozen=True, eq=False)
class Listing:
    """One list of a room.

    `name` is its key in addresses, API and ledger; `visible(actor)` the rows that the actor may know of, each with all
    that its columns need; `shown(row)` what of it they may see, on page, API and file alike. `permission` opens the
    list; empty where `visible` refuses by itself. `unit` is the lookup of a row's unit: files hold only what belongs to
    units in which their permission holds. Words are looked for by `words` (`core.search`), `words_label` says in
    what; when they are `private` (names of citizens) the page asks by POST, and no record repeats them. `record` is the
    URL name of a row's page, `tabs` the filter whose choices stand above the page, `empty` the title and text of a list
    that has nothing yet. Without `counted` the page does not say how many there are.
    """

    name: str
    title: Words
    model: type[models.Model]
    visible: Callable[[Actor], Rows]
    columns: Sequence[Column]
    order: Sequence[str]
    _: KW_ONLY
    permission: str = ""
    unit: str = ""
    filters: Sequence[Filter] = ()
    words: Search | None = None
    words_label: Words = ""
    private_words: bool = False
    shown: Callable[[Any], Any] = as_it_is
    record: str = ""
    tabs: str = ""
    empty: tuple[Words, Words] = ("", "")
    counted: bool = True
    most_exported: int = 20_000

    def __post_init__(self) -> None:
        """Raises `ImproperlyConfigured` for a declaration that contradicts itself."""
        keys = [column.key for column in self.columns]
        names = [filter_.key for filter_ in self.filters]
        if len({"id", *keys}) <= len(keys) or len({*TAKEN, *names}) < len(TAKEN) + len(names):
            raise ImproperlyConfigured(f"{self.name}: a key is used twice, or is one that every list has")
        if self.tabs and not (tab := self.filter(self.tabs)).is_choice and tab.choices is None:
            raise ImproperlyConfigured(f"{self.name}: tabs have no choices")
        for filter_ in self.filters:
            if filter_.is_model and filter_.choices is None:
                raise ImproperlyConfigured(
                    f"{self.name}: {filter_.key} does not say which rows may be chosen"
                )

    def filter(self, key: str) -> Filter:
        """A filter by its key."""
        return next(filter_ for filter_ in self.filters if filter_.key == key)

    @cached_property
    def room(self) -> str:
        """The room that declares it."""
        return self.visible.__module__.split(".")[1]

    @cached_property
    def sorts(self) -> Mapping[str, tuple[str, ...]]:
        """What it may be ordered by: "" is its own order, then each column up and down."""
        found = {"": tuple(self.order)}
        for column in self.columns:
            if column.sort:
                found |= {column.key: (column.sort,), f"-{column.key}": (f"-{column.sort}",)}
        return {name: keyset.unique(self.model, order) for name, order in found.items()}

    # Asking ----------------------------------------------------------------------------------------------------

    def check(self, actor: Actor) -> None:
        """Raises `NotAllowed` for who may not open it."""
        if self.permission and not actor.may_anywhere(self.permission):
            raise NotAllowed(_("Danh sách này không thuộc quyền của ông/bà. Hãy quay lại danh sách việc."))

    def asked(
        self,
        actor: Actor,
        sent: Mapping[str, Any],
        known: Mapping[str, Any] | None = None,
        *,
        page: bool = False,
    ) -> Asked:
        """What was asked for, from an address, a form or the API. `known` filters are given by the room and not read; a
        `page` begins with defaults. Raises `Invalid`, or `NotFound` for a row that is not there, by field."""
        values, faults = dict(known or {}), dict[str, Refused]()
        for filter_ in self.filters:
            given = sent.get(filter_.key)
            if filter_.key in values or (filter_.api_only and page):
                continue
            if given is None and page and filter_.default is not None:
                values[filter_.key] = filter_.default()
            elif given not in (None, ""):
                try:
                    values[filter_.key] = filter_.read(actor, values, given)
                except Refused as fault:
                    faults[filter_.key] = fault
        sort, q = str(sent.get("sort") or ""), str(sent.get("q") or "")[:MOST_WORDS]
        if sort not in self.sorts:
            faults["sort"] = Invalid(_("Danh sách không sắp xếp theo mục này được."))
        if "\0" in q:
            faults["q"] = Invalid(_("Từ tìm có ký tự không hợp lệ. Hãy nhập lại."))
        if faults:
            raise _of_all(faults)
        return Asked(values, q.strip() if self.words else "", sort, str(sent.get("cursor") or ""))

    def readable(self, actor: Actor) -> Rows:
        """The rows that the actor may open one by one: those that the list shows them, to who may open the list."""
        rows = self.visible(actor)
        return rows if not self.permission or actor.may_anywhere(self.permission) else rows.none()

    def rows(self, actor: Actor, asked: Asked, *, without: str = "") -> Rows:
        """The rows that were asked for, in no order; `without` leaves one filter out."""
        rows = self.visible(actor)
        for filter_ in self.filters:
            if filter_.key in asked.values and filter_.key != without:
                rows = filter_.narrow(rows, asked.values[filter_.key])
        return self.words(rows, asked.q) if self.words and asked.q else rows

    def page(self, actor: Actor, asked: Asked, limit: int) -> tuple[list[Any], str | None]:
        """One page of rows as the actor may see them, and the cursor of the next. Raises `Invalid`."""
        found, following = keyset.cut(
            self.rows(actor, asked),
            self.sorts[asked.sort],
            limit=limit,
            cursor=asked.cursor,
            mark=asked.sort or ".",
        )
        return [self.shown(row) for row in found], following

    def first(self, rows: Rows, asked: Asked, limit: int) -> list[Any]:
        """The first of these rows in the order that was asked for, as the actor may see them."""
        found, _more = keyset.cut(rows, self.sorts[asked.sort], limit=limit)
        return [self.shown(row) for row in found]

    def count(self, actor: Actor, asked: Asked) -> int:
        """How many there are; more than `MOST_COUNTED` are not counted further."""
        return self.rows(actor, asked).order_by()[: MOST_COUNTED + 1].count()

    def tab_counts(self, actor: Actor, asked: Asked) -> list[tuple[Any, Words, int]]:
        """The tabs with their counts, the whole list (None) first."""
        tab = self.filter(self.tabs)
        rows = self.rows(actor, asked, without=self.tabs).order_by()
        offered: Any = tab.offered(actor, asked.values) or ()
        found: list[tuple[Any, Words, int]] = [(None, _("Tất cả"), rows[: MOST_COUNTED + 1].count())]
        for value, label in offered:
            found.append((value, label, tab.narrow(rows, value)[: MOST_COUNTED + 1].count()))
        return found


def _of_all(faults: Mapping[str, Refused]) -> Refused:
    """One refusal of all the faults, of the kind of the first."""
    first = next(iter(faults.values()))
    words = {key: fault.message for key, fault in faults.items()}
    message = first.message if len(faults) == 1 else _("Còn mục chưa đúng; xem từng mục.")
    return type(first)(message, fields=words)
