"""Searching lists by words in Vietnamese text, with or without accents: in SQL, beside `core.text`."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from . import text


class Fold(Func):
    """`vamco_fold(value)`: what `core.text.fold` makes of a text."""

    function = "vamco_fold"
    output_field = TextField()


def matching(rows: "QuerySet[Any]", q: str, *columns: str) -> "QuerySet[Any]":
    """The rows in which each word of `q` begins a word of some column; all rows for an empty `q`.

    Folds as it reads: for lists that something else bounds by an index (a unit, a dossier, a book).
    """
    return rows if not q.strip() else rows.alias(said=_said(columns)).filter(_all_in(q))


def begins(q: str, column: str) -> Q:
    """The condition that each word of `q` begins a word of a column that is kept folded; true for an empty `q`."""
    found = Q()
    for word in _words(q):
        found &= Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})
    return found if found or not q.strip() else Q(pk__in=[])


def has_words(q: str, *texts: str) -> bool:
    """The same for texts at hand."""
    said = " " + text.fold(" ".join(texts))
    return not q.strip() or (bool(words := _words(q)) and all(f" {word}" in said for word in words))


def indexed(column: str) -> SearchVector:
    """The words of a column, for the expression of a GIN index and for what is asked of it."""
    return SearchVector(Fold(column), config="simple")


def found_by_index(rows: "QuerySet[Any]", q: str, column: str) -> "QuerySet[Any]":
    """Like `matching` in one column, for big tables: served by the GIN index over `indexed(column)`."""
    if not q.strip():
        return rows
    asked = " & ".join(f"{word}:*" for word in _words(q))
    query = SearchQuery(asked, config="simple", search_type="raw")
    return rows.alias(words=indexed(column)).filter(words=query) if asked else rows.none()


def _words(q: str) -> list[str]:
    return list(dict.fromkeys(text.words(q[:200])))[: text.WORDS_IN_QUERY]


def _said(columns: Iterable[str]) -> Any:
    parts: list[Any] = [Value("")]
    for column in columns:
        parts += [Value(" "), Cast(F(column), CharField())]
    return Concat(Value(" "), Fold(Concat(*parts)), output_field=TextField())


def _all_in(q: str) -> Q:
    wanted = Q()
    for word in _words(q):
        wanted &= Q(said__contains=f" {word}")
    return wanted or Q(pk__in=[])
