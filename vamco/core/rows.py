"""Writing and finding single rows quickly: for what every dossier that comes in, or every look at one, asks.

The ORM compiles each statement anew, which costs several times what the database needs for it. Here a model's
statement is made once and only filled, and new rows of several models go in one round trip (`together`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from . import prepared

M = TypeVar("M", bound=models.Model)


def insert(row: M) -> M:
    """Write one new row, as `save(force_insert=True)` of a model without parents does; its key is set."""
    insert_all([row])
    return row


def insert_unless_taken(row: M, column: str) -> bool:
    """Write one new row unless another has its value in a unique column; whether it was written. One statement, and
    unlike a refused one it leaves the transaction as it was."""
    _write([[row]], f" ON CONFLICT ({column}) DO NOTHING")
    return row.pk is not None


def insert_all(rows: Sequence[M]) -> Sequence[M]:
    """Write new rows of one model in one statement, as `bulk_create` does; their keys are set."""
    waiting = _waiting.get()
    if waiting is None:
        _write([rows] if rows else [])
    elif rows:
        waiting.append(rows)
    return rows


@contextmanager
def together() -> Iterator[None]:
    """What is inserted within the block is written at its end, in that order and in one round trip to the database:
    for rows whose keys nobody in the block asks for."""
    waiting: list[Sequence[models.Model]] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    _write(waiting)


_waiting: ContextVar[list[Sequence[models.Model]] | None] = ContextVar("rows_waiting", default=None)


def _write(groups: Sequence[Sequence[models.Model]], conflict: str = "") -> None:
    """Write groups of rows, each of one model. `conflict`: what to do about rows that are there already."""
    if not groups:
        return
    database = connections[DEFAULT_DB_ALIAS]
    statements: list[str] = []
    values: list[Any] = []
    for rows in groups:
        fields, head, places, tail = _statement(type(rows[0]))
        statements.append(head + ", ".join([places] * len(rows)) + conflict + tail)
        values += [
            getattr(row, name)
            if field is None
            else field.get_db_prep_save(field.pre_save(row, True), database)
            for row in rows
            for name, field in fields
        ]
    with prepared.cursor() if len(groups) == 1 else database.cursor() as cursor:
        cursor.execute("; ".join(statements), values)
        for rows in groups:
            for row, (key,) in zip(rows, cursor.fetchall(), strict=not conflict):
                row.pk = key
                row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
            cursor.nextset()


def find(
    model: type[M],
    where: str,
    values: Sequence[Any],
    *,
    without: tuple[str, ...] = (),
    related: tuple[str, ...] = (),
    more: tuple[tuple[str, str], ...] = (),
) -> list[M]:
    """The rows of a model for which a condition in SQL holds. `values` fill its places (%s); `where` is never made of
    what somebody typed. The fields in `without` are read when they are asked for, as with `defer`; the rows behind the
    foreign keys in `related`, none of which may be empty, come in the same statement, as with `select_related`, and so
    do the attributes in `more`, each with its expression in SQL, as with `annotate`."""
    parts, select = _selection(model, without, related, more)
    database = connections[DEFAULT_DB_ALIAS]
    with prepared.cursor() as cursor:
        cursor.execute(select + where, values)
        found = cursor.fetchall()
    rows = []
    for read in found:
        made: list[Any] = []
        for of, first, names, converters in parts:
            row = list(read[first : first + len(names)])
            for i, convert in converters:
                row[i] = convert(row[i], None, database)
            made.append(of.from_db(DEFAULT_DB_ALIAS, names, row))
        for name, other in zip(related, made[1:], strict=True):
            setattr(made[0], name, other)
        for (name, _expression), value in zip(more, read[len(read) - len(more) :], strict=True):
            setattr(made[0], name, value)
        rows.append(made[0])
    return rows


@cache
def _selection(
    model: type[models.Model],
    without: tuple[str, ...],
    related: tuple[str, ...],
    more: tuple[tuple[str, str], ...],
) -> tuple[list[tuple[type[models.Model], int, list[str], list[tuple[int, Any]]]], str]:
    """Of the model and of each related one: the first of its columns, the names of its fields and which of them are
    converted how; and the statement up to WHERE."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    sources: list[tuple[type[models.Model], str]] = [(model, table)]
    joins = ""
    for name in related:
        key: Any = model._meta.get_field(name)
        sources.append((key.related_model, quote(name)))
        there = quote(key.related_model._meta.db_table)
        joins += f" JOIN {there} {quote(name)} ON {quote(name)}.id = {table}.{quote(key.column)}"
    parts = []
    columns: list[str] = []
    for of, source in sources:
        fields = [field for field in of._meta.concrete_fields if of is not model or field.name not in without]
        converters = [
            (i, convert) for i, field in enumerate(fields) for convert in field.get_db_converters(connection)
        ]
        parts.append((of, len(columns), [field.attname for field in fields], converters))
        columns += [f"{source}.{quote(str(field.column))}" for field in fields]
    columns += [expression for _name, expression in more]
    return parts, f"SELECT {', '.join(columns)} FROM {table}{joins} WHERE "  # noqa: S608 (names of our own)


@cache
def _statement(model: type[models.Model]) -> tuple[list[tuple[str, Any]], str, str, str]:
    """What is written, attribute and field (None where the attribute is written as it is), and the parts of the
    statement: before, for each row, after."""
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    key = quote(str(model._meta.pk.column))
    head = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 (names of our own)
    written = [(field.attname, None if type(field) in _PLAIN else field) for field in fields]
    return written, head, f"({places})", f" RETURNING {key}"


_PLAIN = {
    models.BooleanField, models.CharField, models.EmailField, models.ForeignKey, models.IntegerField,
    models.PositiveIntegerField, models.PositiveSmallIntegerField, models.TextField,
}  # fmt: skip
"""Fields whose values PostgreSQL takes as Python has them."""
