"""The serving role adds to the ledger and reads it; it changes and removes nothing there."""

import secrets
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from vamco.core import grants

pytestmark = pytest.mark.django_db


@pytest.fixture
def role() -> Iterator[str]:
    """A serving role of its own, that this connection can become. Undone with the test's transaction."""
    name = f"serving_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute(f"CREATE ROLE {name}")
        else:
            name = "vamco_serving"
    assert grants.grant(connection, name)
    return name


def may(role: str, table: str, privilege: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, privilege])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("table", grants.APPEND_ONLY)
def test_the_ledger_is_append_only(role: str, table: str) -> None:
    assert may(role, table, "INSERT")
    assert may(role, table, "SELECT")
    for privilege in ("UPDATE", "DELETE", "TRUNCATE"):
        assert not may(role, table, privilege)


def test_everything_else_can_be_written_but_not_truncated(role: str) -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    others = set(tables) - set(grants.APPEND_ONLY) - set(grants.READ_ONLY)

    assert "organisation_unit" in others
    for table in others:
        assert all(may(role, table, each) for each in ("SELECT", "INSERT", "UPDATE", "DELETE")), table
        assert not may(role, table, "TRUNCATE")


def test_the_list_of_migrations_is_for_reading(role: str) -> None:
    assert may(role, "django_migrations", "SELECT")
    assert not may(role, "django_migrations", "INSERT")


def test_every_ledger_table_is_protected_but_the_waiting_list() -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)

    ledger = {table for table in tables if table.startswith("core_ledger")}

    assert ledger - set(grants.APPEND_ONLY) == {"core_ledgerpending"}


def test_an_entry_cannot_be_changed_under_the_serving_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [role])
        if not cursor.fetchone()[0]:
            pytest.skip("this connection cannot become the serving role")
        cursor.execute(f"SET LOCAL ROLE {role}")
        for statement in ("UPDATE core_ledgerentry SET action = 'x'", "DELETE FROM core_ledgercontent"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)


def test_a_right_given_by_hand_is_taken_back(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT DELETE ON core_ledgerentry TO {role}")

    grants.grant(connection, role)

    assert not may(role, "core_ledgerentry", "DELETE")


def test_the_owner_itself_and_an_unknown_role_get_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]

    assert grants.grant(connection, owner) is False
    assert grants.grant(connection, "") is False
    assert grants.grant(connection, "nobody_of_this_name") is False
