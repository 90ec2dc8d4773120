"""What the database itself holds about money, whatever the program does."""

from django.db import migrations

# Class 23 (integrity constraint violation): Django raises IntegrityError.
CREATE = """
CREATE FUNCTION payments_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = '23000';
END $$;

CREATE FUNCTION payments_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payments_refuse(format('%s: a row is never changed or deleted', TG_TABLE_NAME));
    RETURN NULL;
END $$;

CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON payments_transfer
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON payments_posting
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON payments_receiptline
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON payments_dayclose
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON payments_account
    FOR EACH ROW EXECUTE FUNCTION payments_never_changes();

CREATE FUNCTION payments_book_keeps_range() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may_change text[] := ARRAY['next', 'state'];
BEGIN
    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        PERFORM payments_refuse('a receipt book keeps its unit, symbol and numbers');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keeps_range BEFORE UPDATE ON payments_receiptbook
    FOR EACH ROW EXECUTE FUNCTION payments_book_keeps_range();

CREATE FUNCTION payments_receipt_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE book payments_receiptbook; expected bigint;
BEGIN
    SELECT * INTO book FROM payments_receiptbook WHERE id = NEW.book_id FOR NO KEY UPDATE;
    SELECT max(number) + 1 INTO expected FROM payments_receipt WHERE book_id = NEW.book_id;
    IF NEW.number <> COALESCE(expected, book.first) OR NEW.number > book.last OR NEW.unit_id <> book.unit_id THEN
        PERFORM payments_refuse('a receipt takes the next number of a book of its unit');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT ON payments_receipt
    FOR EACH ROW EXECUTE FUNCTION payments_receipt_follows();

CREATE FUNCTION payments_receipt_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may_change text[] := ARRAY['party_id'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM payments_refuse('a receipt is never deleted');
    END IF;
    IF OLD.state = 'valid' THEN
        may_change := may_change || ARRAY['state', 'replaced_by_id', 'ended_at', 'ended_by_id', 'reason'];
    END IF;
    IF to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        PERFORM payments_refuse('a receipt keeps what is printed on it, and its end');
    END IF;
    IF NEW.state IN ('cancelled', 'replaced') AND OLD.state = 'valid' AND EXISTS (
        SELECT 1 FROM payments_dayclose c WHERE c.unit_id = NEW.unit_id AND c.day = NEW.day
    ) THEN
        PERFORM payments_refuse('the day of this receipt is closed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON payments_receipt
    FOR EACH ROW EXECUTE FUNCTION payments_receipt_stays();

CREATE FUNCTION payments_day_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_dayclose c WHERE c.unit_id = NEW.unit_id AND c.day = NEW.day) THEN
        PERFORM payments_refuse('nothing is booked on a closed day');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER day_is_open BEFORE INSERT ON payments_transfer
    FOR EACH ROW EXECUTE FUNCTION payments_day_is_open();
CREATE TRIGGER day_is_open BEFORE INSERT ON payments_receipt
    FOR EACH ROW EXECUTE FUNCTION payments_day_is_open();

-- At commit: a transfer is balanced within its unit; a receipt's lines and its cash are its total.
CREATE FUNCTION payments_check_transfer(transfer bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE total numeric; sides bigint; strangers bigint;
BEGIN
    SELECT sum(p.amount), count(*), count(*) FILTER (WHERE a.unit_id <> t.unit_id)
        INTO total, sides, strangers
        FROM payments_transfer t JOIN payments_posting p ON p.transfer_id = t.id
        JOIN payments_account a ON a.id = p.account_id WHERE t.id = transfer;
    IF total IS DISTINCT FROM 0 OR sides < 2 OR strangers > 0 THEN
        PERFORM payments_refuse(format('transfer %s: its postings do not add up to zero', transfer));
    END IF;
END $$;

CREATE FUNCTION payments_check_receipt(receipt bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE r payments_receipt; lines numeric; cash numeric;
BEGIN
    SELECT * INTO r FROM payments_receipt WHERE id = receipt;
    SELECT sum(amount) INTO lines FROM payments_receiptline WHERE receipt_id = receipt;
    SELECT COALESCE(sum(p.amount), 0) INTO cash
        FROM payments_transfer t JOIN payments_posting p ON p.transfer_id = t.id
        JOIN payments_account a ON a.id = p.account_id WHERE t.receipt_id = receipt AND a.kind = 'cash';
    IF lines IS DISTINCT FROM r.total THEN
        PERFORM payments_refuse(format('receipt %s: its lines do not add up to its total', receipt));
    END IF;
    IF cash <> (CASE WHEN r.state = 'valid' THEN r.total ELSE 0 END) THEN
        PERFORM payments_refuse(format('receipt %s: the money booked is not its total', receipt));
    END IF;
END $$;

CREATE FUNCTION payments_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE receipt bigint;
BEGIN
    IF TG_TABLE_NAME IN ('payments_transfer', 'payments_posting') THEN
        IF TG_TABLE_NAME = 'payments_transfer' THEN
            PERFORM payments_check_transfer(NEW.id);
            receipt := NEW.receipt_id;
        ELSE
            PERFORM payments_check_transfer(NEW.transfer_id);
            SELECT t.receipt_id INTO receipt FROM payments_transfer t WHERE t.id = NEW.transfer_id;
        END IF;
        IF receipt IS NOT NULL THEN
            PERFORM payments_check_receipt(receipt);
        END IF;
    ELSIF TG_TABLE_NAME = 'payments_receipt' THEN
        PERFORM payments_check_receipt(NEW.id);
    ELSE
        PERFORM payments_check_receipt(NEW.receipt_id);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON payments_transfer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_balanced();
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON payments_posting DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_balanced();
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON payments_receiptline DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_balanced();
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT OR UPDATE OF state ON payments_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_balanced();
"""

DROP = """
DROP FUNCTION payments_never_changes, payments_book_keeps_range, payments_receipt_follows, payments_receipt_stays,
    payments_day_is_open, payments_balanced, payments_check_transfer, payments_check_receipt, payments_refuse CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
