"""A published version and its parts never change; only its last day may be set. The database holds it."""

from django.db import migrations

PARTS = (
    "legalbasis",
    "processrow",
    "resultrow",
    "caserow",
    "limitoverriderow",
    "paperrow",
    "fieldrow",
    "partyrow",
    "reasonrow",
    "feerow",
    "feetierrow",
    "steprow",
    "outcomerow",
)

FUNCTIONS = """
CREATE FUNCTION procedures_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' AND (
        TG_OP = 'DELETE' OR to_jsonb(NEW) - 'valid_to' IS DISTINCT FROM to_jsonb(OLD) - 'valid_to'
    ) THEN
        RAISE EXCEPTION 'a published version of a procedure never changes' USING ERRCODE = '23000';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION procedures_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held bigint[] := '{}';
BEGIN
    IF TG_OP <> 'INSERT' THEN held := held || OLD.version_id; END IF;
    IF TG_OP <> 'DELETE' THEN held := held || NEW.version_id; END IF;
    IF EXISTS (
        SELECT 1 FROM procedures_procedureversion WHERE id = ANY (held) AND state = 'published'
    ) THEN
        RAISE EXCEPTION '%: a part of a published version never changes', TG_TABLE_NAME USING ERRCODE = '23000';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON procedures_procedureversion
    FOR EACH ROW EXECUTE FUNCTION procedures_version_stays();
"""

TRIGGERS = "".join(
    f"CREATE TRIGGER stays BEFORE INSERT OR UPDATE OR DELETE ON procedures_{part}\n"
    "    FOR EACH ROW EXECUTE FUNCTION procedures_part_stays();\n"
    for part in PARTS
)
DROP_TRIGGERS = "".join(f"DROP TRIGGER stays ON procedures_{part};\n" for part in (*PARTS, "procedureversion"))
DROP = DROP_TRIGGERS + "DROP FUNCTION procedures_part_stays(); DROP FUNCTION procedures_version_stays();"


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, DROP)]
