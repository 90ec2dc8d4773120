"""The API's operations of a list: its question and its answer, described from the declaration."""

from datetime import date, datetime, time
from functools import cache
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Field, Query, Router, Schema
from pydantic import create_model

from .actors import NOBODY
from .api import Day, Hour, Id, Moment, Problem, Searched, attachment, binary, caller
from .api_actions import Strict
from .columns import MOST_WORDS, Column, Filter
from .exporting import MEDIA_TYPES, Exports
from .inputs import Words, name_of, named_by
from .listing import MOST_COUNTED, Listing
from .models.exports import Format

ASKED = {int: Annotated[int, Field(gt=-(2**63), lt=2**63)], date: Day, datetime: Moment, time: Hour}
"""Kinds that are read strictly where somebody sends them."""


def add_list(
    router: Router,
    path: str,
    listing: Listing,
    *,
    tags: list[str],
    summary: str,
    export: Exports | None = None,
    open_to_all: bool = False,
) -> None:
    """Add `GET path`, and `POST path/actions/export` where the list may be taken away. One that is `open_to_all` is
    read without signing in."""
    if listing.words is None:
        raise ImproperlyConfigured(f"{listing.name}: every list of the API looks for words")
    name = _title(listing)
    asked, answer = _question(listing, name), _answer(listing, name)

    def operation(request: HttpRequest, **sent: Any) -> Any:
        actor, question = NOBODY if open_to_all else caller(request), sent["asked"]
        listing.check(actor)
        wanted = listing.asked(actor, question.dict())
        rows, following = listing.page(actor, wanted, question.limit)
        items = [shown_as(listing, row) for row in rows]
        counted = {"count": listing.count(actor, wanted)} if question.count else {}
        return {"items": items, "next": following, **counted}

    _describe(
        operation,
        listing.name,
        _told(listing),
        Parameter("asked", _KIND, annotation=asked, default=_QUERY),
    )
    missing = {404: Problem} if any(filter_.is_model for filter_ in listing.filters) else {}
    access: dict[str, Any] = {"auth": None} if open_to_all else {}
    responses = {200: answer, **missing}
    router.get(path, response=responses, summary=summary, tags=tags, exclude_unset=True, **access)(operation)
    if export is not None:
        _add_export(router, path, listing, export, tags, name)


def _add_export(
    router: Router, path: str, listing: Listing, export: Exports, tags: list[str], name: str
) -> None:
    fields: dict[str, Any] = {filter_.key: _filter(filter_) for filter_ in listing.filters}
    fields["format"] = (Literal[tuple(Format.values)], Field("xlsx", examples=["xlsx"]))
    body = create_model(
        f"{name}ExportIn",
        __base__=Strict,
        __doc__="Which rows are taken away, and as what kind of file.",
        q=(str, Field("", max_length=MOST_WORDS, description="words, as in the list", examples=[""])),
        sort=(_sorts(listing), Field("", description="as in the list", examples=[""])),
        **fields,
    )

    def operation(request: HttpRequest, **sent: Any) -> HttpResponse:
        actor, wanted = caller(request), sent["body"].dict()
        taken = export.take(actor, listing.asked(actor, wanted), Format(wanted["format"]))
        return attachment(taken.content, taken.name, taken.media_type)

    _describe(
        operation,
        f"export_{listing.name}",
        f"On record. At most {listing.most_exported} rows; of more, narrow the list.",
        Parameter("body", _KIND, annotation=body),
    )
    with translation.override("en"):
        summary = str(export.action.label)
    kinds = binary(*(kind.partition(";")[0] for kind in MEDIA_TYPES.values()))
    router.post(f"{path}/actions/export", summary=summary, tags=tags, openapi_extra=kinds)(operation)


_QUERY: Any = Query(...)  # type: ignore[type-arg]
_KIND = Parameter.POSITIONAL_OR_KEYWORD


def _describe(operation: Any, name: str, text: str, parameter: Parameter) -> None:
    """What the framework reads an operation by."""
    operation.__signature__ = Signature([Parameter("request", _KIND, annotation=HttpRequest), parameter])
    operation.__name__, operation.__doc__ = name, text


def _told(listing: Listing) -> str:
    message = "Rows that the caller may know of"
    order = ", ".join(column.replace("__", ".") for column in listing.order)
    return f"{message}, in the order of {order}; another by `sort`. A row without a value comes last."


def _question(listing: Listing, name: str) -> type[Schema]:
    """How the list is asked for."""
    words = _english(listing.words_label) or "whole words or beginnings of words, with or without accents"
    return create_model(
        f"{name}Asked",
        __base__=Searched,
        __doc__=f"How the list {listing.name} is asked for.",
        q=(str, Field("", max_length=MOST_WORDS, description=words, examples=["nguyen"])),
        sort=(_sorts(listing), Field("", description="the order; empty is the list's own", examples=[""])),
        count=(bool, Field(False, description="whether to count the rows", examples=[False])),
        **{filter_.key: _filter(filter_) for filter_ in listing.filters},
    )


def _sorts(listing: Listing) -> Any:
    return Literal[tuple(listing.sorts)]


def _answer(listing: Listing, name: str) -> type[Schema]:
    """A page of the list."""
    item = item_of(listing)
    return create_model(
        f"{name}Page",
        __base__=Schema,
        __doc__=f"A page of the list {listing.name}.",
        items=(list[item], ...),  # type: ignore[valid-type]
        next=(
            str | None,
            Field(description="`cursor` of the next page; null on the last one", examples=[None]),
        ),
        count=(
            int,
            Field(
                0,
                description=f"with `count=true`; {MOST_COUNTED + 1} is more than {MOST_COUNTED}",
                examples=[146],
            ),
        ),
    )


@cache
def item_of(listing: Listing) -> type[Schema]:
    """A row of the list, as the API describes it."""
    coded = named_by(listing.model) != "pk"
    told: Any = (str, Field(examples=["27694"])) if coded else (int, Field(examples=[17]))
    return create_model(
        f"{_title(listing)}Item",
        __base__=Schema,
        __doc__=f"A row of the list {listing.name}.",
        id=told,
        **{column.key: _column(column) for column in listing.columns if column.api},
    )


def shown_as(listing: Listing, row: Any) -> dict[str, Any]:
    """A row of the list, as the API shows it."""
    values = {column.key: column.for_api(row) for column in listing.columns if column.api}
    return {"id": name_of(row)} | values


def _title(listing: Listing) -> str:
    return "".join(part.title() for part in listing.name.split("_"))


def _column(column: Column) -> Any:
    kind: Any = int if column.kind == "money" else column.kind
    if isinstance(kind, type) and issubclass(kind, models.Choices):
        kind = Literal[tuple(kind.values)]
    words = _words(column.label, column.help, "đồng" if column.kind == "money" else "")
    return (kind | None if column.optional else kind), Field(description=words, examples=[column.example])


def _values(kind: type) -> list[Any]:
    return list(kind.values) if issubclass(kind, models.Choices) else []


def _filter(filter_: Filter) -> Any:
    values: dict[str, Any] = {"description": _words(filter_.label, filter_.help)}
    if filter_.example is not None:
        values["examples"] = [filter_.example]
    if filter_.is_choice:
        return Literal[("", *(value for value in _values(filter_.kind) if value != ""))], Field("", **values)
    if filter_.kind is str or (filter_.is_model and named_by(filter_.kind) != "pk"):
        return Annotated[str, Field(max_length=MOST_WORDS)], Field("", **values)
    if filter_.kind is int:
        values |= {"ge": filter_.least, "le": filter_.most}
    kind: Any = Id if filter_.is_model else ASKED.get(filter_.kind, filter_.kind)
    return kind | None, Field(None, **values)


def _words(label: Words, *more: Words) -> str:
    """What a field is, in English, as the descriptions of the API write it."""
    given = ", ".join(filter(None, (_english(each) for each in (label, *more))))
    return given[:1].lower() + given[1:]


def _english(words: Words) -> str:
    with translation.override("en"):
        return str(words)
