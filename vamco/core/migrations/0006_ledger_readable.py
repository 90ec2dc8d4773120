"""No row of the ledger can end its reading: times that Python reads, seals in one unbroken row.

NOT VALID: what is there already is not looked at, so that no forged row holds up an upgrade; `vamco audit verify` names it.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
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
NO_MORE = "DROP TRIGGER ledger_seal_follows ON core_ledgerseal; DROP FUNCTION core_seal_follows();"


class Migration(migrations.Migration):
    dependencies = [("core", "0005_rate_limits")]

    operations = [
        AddConstraintNotValid(
            "ledgerentry",
            models.CheckConstraint(condition=models.Q(("at__range", READABLE)), name="ledger_entry_time"),
        ),
        AddConstraintNotValid(
            "ledgerseal",
            models.CheckConstraint(condition=models.Q(("sealed_at__range", READABLE)), name="ledger_seal_time"),
        ),
        migrations.RunSQL(FOLLOWS, NO_MORE),
    ]
