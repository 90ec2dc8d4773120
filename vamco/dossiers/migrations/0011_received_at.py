"""A dossier was received at a time that Python can read. NOT VALID: rows that are there already hold up no upgrade."""

from datetime import UTC, datetime

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0010_code_form")]

    operations = [
        AddConstraintNotValid(
            "dossier",
            models.CheckConstraint(
                condition=models.Q(("received_at__gte", EARLIEST), ("received_at__lt", LATEST)),
                name="dossier_received_at",
            ),
        ),
    ]
