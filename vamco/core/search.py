"""Searching lists by words in Vietnamese text, with or without accents: in SQL, beside `core.text`."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from . import text

Search = Callable[["QuerySet[Any]", str], "QuerySet[Any]"]
"""How a list is searched: its rows and what was typed give the rows that have it."""


class Fold(Func):
    """`vamco_fold(value)`: what `core.text.fold` makes of a text."""

    function = "vamco_fold"
    output_field = TextField()


def matching(rows: "QuerySet[Any]", q: str, *columns: str) -> "QuerySet[Any]":
    """The rows in which each word of `q` begins a word of some column; all rows for an empty `q`.

    Folds as it reads: for lists that something else bounds by an index (a unit, a dossier, a book).
    """
    given = Concat(Value(" "), Fold(_together(columns)), output_field=TextField())
    return rows if not q.strip() else rows.alias(said=given).filter(_all_in(q))


def begins(q: str, column: str) -> Q:
    """The condition that each word of `q` begins a word of a column that is kept folded; true for an empty `q`."""
    found = Q()
    for word in _words(q):
        found &= Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})
    return found if found or not q.strip() else Q(pk__in=[])


def has_words(q: str, *texts: str) -> bool:
    """The same for texts at hand."""
    given = " " + text.fold(" ".join(texts))
    return not q.strip() or (bool(words := _words(q)) and all(f" {word}" in given for word in words))


def indexed(*columns: str) -> SearchVector:
    """The words of these columns: the expression of a GIN index, and what is asked of it."""
    return SearchVector(Fold(_together(columns)), config="simple")


def found_by_index(rows: "QuerySet[Any]", q: str, *columns: str) -> "QuerySet[Any]":
    """Like `matching`, for big tables: served by the GIN index over `indexed` of the same columns."""
    if not q.strip():
        return rows
    asked = " & ".join(f"{word}:*" for word in _words(q))
    query = SearchQuery(asked, config="simple", search_type="raw")
    return rows.alias(words=indexed(*columns)).filter(words=query) if asked else rows.none()


def in_columns(*columns: str) -> Search:
    """A list's search by `matching`."""
    return lambda rows, q: matching(rows, q, *columns)


def in_index(*columns: str) -> Search:
    """A list's search by `found_by_index`."""
    return lambda rows, q: found_by_index(rows, q, *columns)


def in_folded(column: str) -> Search:
    """A list's search in a column that is kept folded."""
    return lambda rows, q: rows.filter(begins(q, column))


def _words(q: str) -> list[str]:
    return list(dict.fromkeys(text.words(q[:200])))[: text.WORDS_IN_QUERY]


def _together(columns: Iterable[str]) -> Any:
    parts: list[Any] = [Value("")]
    for column in columns:
        parts += [Value(" "), Cast(F(column), TextField())]
    return Concat(*parts, output_field=TextField())


def _all_in(q: str) -> Q:
    wanted = Q()
    for word in _words(q):
        wanted &= Q(said__contains=f" {word}")
    return wanted or Q(pk__in=[])
