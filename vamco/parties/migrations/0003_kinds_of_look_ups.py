"""What was put on record before kinds were kept: the purpose tells the kind and the dossier. In batches, since the table is long."""

from django.db import migrations

BATCH = 20_000
FILL = """
UPDATE parties_lookup
SET kind = CASE WHEN purpose LIKE 'mở hồ sơ nhạy cảm %%' THEN 'opened' ELSE 'revealed' END,
    dossier = coalesce(left(substring(purpose from '(?:mở hồ sơ nhạy cảm|trên hồ sơ) (.+)$'), 60), '')
WHERE id > %s AND id <= %s AND kind = 'asked'
AND (purpose LIKE 'mở hồ sơ nhạy cảm %%' OR purpose LIKE 'xem đầy đủ số trên hồ sơ %%'
     OR purpose = 'xem số trên trang người nộp')
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM parties_lookup")
        (last,) = cursor.fetchone()
        for start in range(0, last, BATCH):
            cursor.execute(FILL, [start, start + BATCH])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("parties", "0002_look_up_kind")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
