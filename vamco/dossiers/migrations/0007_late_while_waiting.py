"""The index of due times holds what waits for a supplement, too: asked for too late, it is late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0006_stage_words")]

    operations = [
        migrations.RemoveIndex(model_name="dossier", name="dossier_due"),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("stage__in", ("processing", "supplement"))),
                fields=["due_at", "id"],
                name="dossier_open_due",
            ),
        ),
    ]
