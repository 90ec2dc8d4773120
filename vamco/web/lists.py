"""The page of a declared list (`core.listing`): tabs, search, filters, headings to sort by, pages, and files to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core.api import attachment
from vamco.core.columns import Column, Filter, value_of
from vamco.core.errors import NotAllowed, Refused
from vamco.core.exporting import Exports
from vamco.core.inputs import Words, name_of
from vamco.core.listing import MOST_COUNTED, Asked, Listing
from vamco.core.models.exports import Format

from . import words
from .access import Request
from .asking import new_key
from .tabs import Tab

PAGE: Final = 50
"""Rows of a page."""
MOST_CHOICES: Final = 300
"""Choices that a filter offers."""


@dataclass(frozen=True)
class Button:
    """A way from the list to what is done beside it; the one that is `main` is filled."""

    label: Words
    url: str
    key: str = ""
    main: bool = False


@dataclass(frozen=True)
class Cell:
    """One value of a row, written for people; `when` is a time as programs read it."""

    column: Column
    text: str
    sub: str = ""
    state: tuple[str, Words] | None = None
    when: str = ""

    @property
    def right(self) -> bool:
        """Whether it is a figure."""
        return self.column.kind in (int, "money")

    @property
    def classes(self) -> str:
        """The classes of its place in the table."""
        column = self.column
        names = {"r": self.right, "code": column.code, "hide-phone": not column.phone}
        return " ".join(name for name, wanted in names.items() if wanted)


@dataclass(frozen=True)
class Row:
    """One row of the page, and the address of its own page."""

    object: Any
    cells: Sequence[Cell]
    url: str


@dataclass(frozen=True)
class Heading:
    """The head of a column; `url` sorts by it."""

    column: Column
    url: str
    sorted: str = ""

    @property
    def right(self) -> bool:
        """Whether it stands above figures."""
        return self.column.kind in (int, "money")


@dataclass(frozen=True)
class Choice:
    """One filter of the form."""

    filter: Filter
    kind: str
    value: str = ""
    options: Sequence[tuple[str, Words]] = ()
    error: str = ""


@dataclass
class Sent:
    """What the page was asked for, as it goes on into its links and forms."""

    pairs: list[tuple[str, str]]
    private: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)

    def url(self, **changes: str) -> str:
        """This page with some of it changed; without what must not stand in an address."""
        query = QueryDict(mutable=True)
        kept = [(name, value) for name, value in self.pairs if name not in changes]
        for name, value in [*kept, *changes.items()]:
            if not (self.private and name == "q"):
                query[name] = value
        return f"?{query.urlencode()}"

    def refuse(self, refused: Refused) -> int:
        """Keep what was refused, to be said on the page; its HTTP status."""
        self.faults = refused.fields or {"": refused.message}
        return refused.status

    def without(self, *names: str) -> list[tuple[str, str]]:
        """The pairs for a form that says the others itself."""
        return [(name, value) for name, value in self.pairs if name not in names]


def list_page(
    request: Request,
    listing: Listing,
    *,
    export: Exports | None = None,
    known: Mapping[str, Any] | None = None,
    keep: Sequence[str] = (),
    sort: str = "",
    buttons: Sequence[Button] = (),
    context: Mapping[str, Any] | None = None,
    template: str = "vamco/list.html",
) -> HttpResponse:
    """The list as a page, or as a file where one was asked for (POST with `export`).

    `known` are filters that the room chooses itself, in its frame; `keep` names what the frame reads from the address.
    `sort` is the page's own order, where it is not that of the list.
    """
    listing.check(request.actor)
    known = known or {}
    source = request.POST if request.method == "POST" else request.GET
    sent, asked, status = _sent(listing, source, keep), Asked(dict(known)), 200
    page: dict[str, Any] = {"listing": listing, "sent": sent, "buttons": buttons}
    try:
        asked = listing.asked(request.actor, _texts(source, sort), known, page=True)
        if export is not None and request.POST.get("export") in Format.values:
            try:
                return _file(request, export, asked, Format(request.POST["export"]))
            except Refused as refused:
                status = sent.refuse(refused)
        page |= _found(request, listing, known, asked, sent)
    except NotAllowed:
        raise
    except Refused as refused:
        status = sent.refuse(refused)
    choices = _choices(request, listing, known, asked, source, sent)
    page |= {
        "searched": listing.words is not None,
        "choices": choices,
        "choice_keys": [choice.filter.key for choice in choices],
        "headings": _headings(listing, asked, sent),
        "q": source.get("q", "")[:200],
        "hidden": sent.without(
            "q", *keep, *(filter_.key for filter_ in listing.filters if filter_.key != listing.tabs)
        ),
        "export_key": new_key() if export and export.action.offered(request.actor, None) else "",
        **(context or {}),
    }
    return render(request, template, page, status=status)


def _texts(source: QueryDict, sort: str) -> dict[str, str]:
    texts = {name: str(source.get(name)) for name in source}
    return {**texts, "sort": texts.get("sort") or sort}


def _sent(listing: Listing, source: QueryDict, keep: Sequence[str]) -> Sent:
    names = [*keep, *(filter_.key for filter_ in listing.filters if not filter_.api_only), "q", "sort"]
    pairs = [(name, str(source[name])) for name in dict.fromkeys(names) if name in source]
    return Sent([(name, value[:200].replace("\0", "")) for name, value in pairs], listing.private_words)


def _file(request: Request, export: Exports, asked: Asked, format: Format) -> HttpResponse:
    key = request.actor.request_key
    actor = request.actor.once(f"{key}-{format}" if key else None)
    taken = export.take(actor, asked, format)
    return attachment(taken.content, taken.name, taken.media_type)


def _found(
    request: Request, listing: Listing, known: Mapping[str, Any], asked: Asked, sent: Sent
) -> dict[str, Any]:
    """The rows, their number, the tabs and the way on."""
    rows, following = listing.page(request.actor, asked, PAGE)
    columns = [column for column in listing.columns if column.page]
    mine = [filter_ for filter_ in listing.filters if not filter_.api_only and filter_.key not in known]
    page: dict[str, Any] = {
        "rows": [_row(listing, columns, row) for row in rows],
        "narrowed": bool(asked.q)
        or any(
            asked.values.get(filter_.key) not in (None, filter_.default and filter_.default())
            for filter_ in mine
        ),
        "clear_url": sent.url(**{filter_.key: "" for filter_ in mine}, q=""),
        "first_url": sent.url() if asked.cursor else "",
    }
    if following:
        page |= {"next_url": sent.url(cursor=following), "next_cursor": following}
    page["by_post"] = listing.private_words and bool(asked.q)
    if listing.tabs:
        counts = listing.tab_counts(request.actor, asked)
        chosen = asked.values.get(listing.tabs)
        page["list_tabs_label"] = listing.filter(listing.tabs).label
        page["list_tabs"] = [
            Tab(
                str(label),
                sent.url(**{listing.tabs: "" if value is None else str(value)}),
                current=value == chosen,
                count=counted(count),
            )
            for value, label, count in counts
        ]
    if listing.counted:
        page["count"] = counted(listing.count(request.actor, asked))
    return page


def counted(count: int) -> str:
    """A number of rows; of many only that there are more than were counted."""
    if count > MOST_COUNTED:
        return _("trên %(n)s") % {"n": words.number(MOST_COUNTED)}
    return words.number(count)


# Rows ------------------------------------------------------------------------------------------------------


def _row(listing: Listing, columns: Sequence[Column], row: Any) -> Row:
    url = reverse(listing.record, args=[name_of(row)]) if listing.record else ""
    return Row(row, [_cell(column, row) for column in columns], url)


def _cell(column: Column, row: Any) -> Cell:
    value = column.of(row)
    return Cell(
        column,
        words.value(value, as_money=column.kind == "money"),
        sub=words.value(value_of(row, column.sub)) if column.sub else "",
        state=column.state(row) if column.state else None,
        when=value.isoformat() if isinstance(value, date) else "",
    )


def _headings(listing: Listing, asked: Asked, sent: Sent) -> list[Heading]:
    """The heads of the columns. What was found by words that must not stand in an address is not sorted by a link."""
    found = []
    for column in (column for column in listing.columns if column.page):
        url, up = "", asked.sort == column.key
        current = up or asked.sort == f"-{column.key}"
        if not asked.sort and column.sort and listing.order[0].removeprefix("-") == column.sort:
            current, up = True, not listing.order[0].startswith("-")
        if column.sort and not (listing.private_words and asked.q):
            url = sent.url(sort=f"-{column.key}" if current and up else column.key)
        found.append(Heading(column, url, ("ascending" if up else "descending") if current else ""))
    return found


# Filters ---------------------------------------------------------------------------------------------------


def _choices(
    request: Request, listing: Listing, known: Mapping[str, Any], asked: Asked, source: QueryDict, sent: Sent
) -> list[Choice]:
    """The filters of the form, with what was typed or chosen."""
    found = []
    for filter_ in listing.filters:
        if filter_.api_only or filter_.key == listing.tabs or filter_.key in known:
            continue
        value = asked.values.get(filter_.key)
        typed = source.get(filter_.key, "" if value is None else _typed(value))[:200]
        offered = filter_.offered(request.actor, asked.values)
        error = sent.faults.get(filter_.key, "")
        if offered is None:
            kind = {date: "day", int: "number"}.get(filter_.kind, "text")
            found.append(Choice(filter_, kind, typed, error=error))
        else:
            found.append(Choice(filter_, "select", typed, _options(filter_, offered), error))
    return found


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return words.day(value)
    return str(name_of(value) if isinstance(value, models.Model) else value)


def _options(filter_: Filter, offered: Any) -> list[tuple[str, Words]]:
    if isinstance(offered, models.QuerySet):
        return [(str(name_of(row)), filter_.row_words(row)) for row in offered[:MOST_CHOICES]]
    return [(_typed(value), label) for value, label in offered]
