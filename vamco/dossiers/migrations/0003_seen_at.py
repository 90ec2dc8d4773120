import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0002_warnings")]

    operations = [
        migrations.AddField(
            model_name="seen",
            name="at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
    ]
