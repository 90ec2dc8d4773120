from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

READABLE = ("2000-01-01T00:00:00+00:00", "2200-01-01T00:00:00+00:00")

FOLLOWS = """
CREATE FUNCTION core_seal_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (SELECT FROM core_ledgerseal WHERE number = NEW.number - 1) THEN
        RAISE EXCEPTION 'seal % does not follow the last one', NEW.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_seal_follows BEFORE INSERT ON core_ledgerseal
    FOR EACH ROW EXECUTE FUNCTION core_seal_follows();
"""


def add(model: str, field: str, name: str) -> list[migrations.operations.base.Operation]:
    """A constraint on a large table, checked without locking out those who write."""
    rule = models.CheckConstraint(condition=models.Q((f"{field}__range", READABLE)), name=name)
    return [AddConstraintNotValid(model, rule), ValidateConstraint(model, name)]


class Migration(migrations.Migration):
    """No row of the ledger can end its reading: times that Python reads, seals in one unbroken row."""

    atomic = False
    dependencies = [("core", "0005_rate_limits")]

    operations = [
        *add("ledgerentry", "at", "ledger_entry_time"),
        *add("ledgerseal", "sealed_at", "ledger_seal_time"),
        migrations.RunSQL(FOLLOWS, "DROP TRIGGER ledger_seal_follows ON core_ledgerseal; DROP FUNCTION core_seal_follows();"),
    ]
