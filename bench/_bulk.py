"""Filling tables by COPY, past the actions: for `bench.loadgen`, which refuses a database with real data."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _escape(value: str) -> str:
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)


_TEXT: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    str: _escape,
    bytes: lambda value: "\\\\x" + value.hex(),
    datetime: datetime.isoformat,
}


def line(values: Iterable[Any]) -> str:
    """One row in the text format of COPY. Of the types of Python those in which Django's columns come; a date or an
    array is given as its text."""
    return "\t".join([_TEXT[type(value)](value) for value in values]) + "\n"


def columns(model: type[models.Model]) -> list[str]:
    """The columns of a model's table in the order in which its rows are given."""
    return [str(field.column) for field in model._meta.concrete_fields]


def copy(model: type[models.Model], lines: Sequence[str], table: str = "") -> None:
    """Write rows by COPY into the model's table, or into another one with its columns."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns(model)))
    with connection.cursor() as cursor, cursor.copy(
        f"COPY {quote(table or model._meta.db_table)} ({names}) FROM STDIN"
    ) as out:  # fmt: skip
        out.write("".join(lines).encode())


def take_ids(model: type[models.Model], count: int) -> int:
    """The first of so many keys in a row that nobody else gets."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        (sequence,) = cursor.fetchone() or ("",)
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(table)} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT nextval(%s)", [sequence])
        (first,) = cursor.fetchone() or (0,)
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + count - 1])
    return int(first)


@contextmanager
def bare(models_: Sequence[type[models.Model]]) -> Iterator[None]:
    """Within the block these tables have almost no indexes and no foreign keys; after it all are there again, built and
    checked in one go, which is several times cheaper than row by row. All in the caller's transaction: a failure
    leaves everything as it was."""
    tables = [model._meta.db_table for model in models_]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conname",
            [tables],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            # Partial ones stay: they are small, and their condition would come back in another form.
            " WHERE i.indrelid = ANY(%s::regclass[]) AND i.indpred IS NULL"
            " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1",
            [tables],
        )
        indexes = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def twin(model: type[models.Model]) -> str:
    """A new table with the model's columns and nothing else: no index, no constraint; answers its name."""
    quote, table = connection.ops.quote_name, f"loadgen_{model._meta.db_table}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {quote(table)} (LIKE {quote(model._meta.db_table)})")
    return table


def drop(table: str) -> None:
    """Throw a twin away."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)}")
