"""Statements that the database plans once a connection and then only runs.

Django writes the values into each statement, so that the database reads and plans it anew: with joins that takes longer
than running it. For the few statements that every look at a dossier, every sign-in of a program and every application
asks, a cursor of this kind leaves the values beside the statement.
"""

from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


def cursor(alias: str = DEFAULT_DB_ALIAS) -> CursorWrapper:
    """A cursor as `connection.cursor()` gives it, whose statements stay prepared. One statement at a time; whatever a
    value alone does not tell the type of needs a cast."""
    database = connections[alias]
    database.close_if_health_check_failed()
    database.ensure_connection()
    made = cast(Any, ServerBindingCursor)(database.connection)
    return database.make_debug_cursor(made) if database.queries_logged else database.make_cursor(made)
