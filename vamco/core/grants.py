"""What the serving role may do with the tables: everything, but to the ledger it may only add."""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = ("core_ledgerentry", "core_ledgercontent", "core_ledgerseal", "core_ledgererasure")
"""Tables from which the serving role takes nothing away and in which it changes nothing."""

READ_ONLY = ("django_migrations",)


def grant(connection: BaseDatabaseWrapper, role: str) -> bool:
    """Give `role` its rights on all tables, as they should be after the migrations; a repeat changes nothing.

    False when there is nothing to give: the role is the owner itself. TRUNCATE is never given.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        owner, exists = cursor.fetchone() or ("", False)
        if role == owner or not exists:
            return False
        present = set(connection.introspection.table_names(cursor))
        to = connection.ops.quote_name(role)
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {to}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {to}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {to}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to}",
            *(f"REVOKE UPDATE, DELETE ON {table} FROM {to}" for table in APPEND_ONLY if table in present),
            *(
                f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {to}"
                for table in READ_ONLY
                if table in present
            ),
        ):
            cursor.execute(statement)
    return True
