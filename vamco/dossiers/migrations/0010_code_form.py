"""The codes of dossiers have one form. What an import once took otherwise is brought into it first."""

import re
from typing import Any

from django.db import migrations, models

from vamco.core import text
from vamco.dossiers.codes import forced

FORM = "^[A-Z0-9]+(?:[.-][A-Z0-9]+)*$"
AT_ONCE = 500


def into_the_form(apps: Any, editor: Any) -> None:
    """Give each dossier with a code out of form a new one, and say the old one in its content and its timeline.

    What names the dossier by its code follows: charges, results, messages, slips (which print the address and find the
    second secret by it). Receipts and the ledger stay as they were written.
    """
    while bad := _bad(apps):
        for dossier in bad:
            _rename(apps, dossier, _free(apps, dossier.code))


def _bad(apps: Any) -> list[Any]:
    dossiers = apps.get_model("dossiers", "Dossier").objects
    rows = dossiers.exclude(code__regex=FORM).select_related("procedure_version")
    return list(rows.defer("secret", "secret_answers").order_by("pk")[:AT_ONCE])


def _free(apps: Any, old: str) -> str:
    """The code in the form that is nearest to the old one and that no dossier has. Room is left for a number."""
    wanted = forced(old, 50) or "HS"
    tried, number = wanted, 1
    while apps.get_model("dossiers", "Dossier").objects.filter(code=tried).exists():
        number += 1
        tried = f"{wanted}-{number}"
    return tried


def _rename(apps: Any, dossier: Any, code: str) -> None:
    old, dossier.code = dossier.code, code
    said = f" (mã cũ: {old})"
    content = dossier.summary or dossier.procedure_version.name
    dossier.summary = f"{content[: 1000 - len(said)]}{said}"
    units = {"u%d" % pk for pk in [dossier.holder_unit_id, *dossier.units.values_list("unit_id", flat=True)]}
    words = f"{dossier.applicant_name} {code} {dossier.summary}"
    dossier.search = text.vector(words, ["", *sorted(units)])
    dossier.version += 1
    dossier.save(update_fields=["code", "summary", "search", "version"])
    _tell(apps, dossier, old)
    for room, model, field in (
        ("payments", "Charge", "subject"),
        ("results", "Result", "subject"),
        ("notify", "Message", "dossier"),
        ("parties", "LookUp", "dossier"),
    ):
        apps.get_model(room, model).objects.filter(**{field: old}).update(**{field: code})
    _rename_slips(apps, dossier, old)


def _tell(apps: Any, dossier: Any, old: str) -> None:
    apps.get_model("dossiers", "Event").objects.create(
        dossier=dossier,
        at=dossier.changed_at,
        unit_id=dossier.holder_unit_id,
        kind="code_changed",
        data={"old": old, "code": dossier.code},
    )


def _rename_slips(apps: Any, dossier: Any, old: str) -> None:
    slips = apps.get_model("dossiers", "Slip").objects
    own = models.Q(dossier=dossier)
    for slip in slips.filter(own | models.Q(visit_id=dossier.visit_id) if dossier.visit_id else own):
        slip.number = dossier.code if slip.number == old[:40] else slip.number
        for part in (slip.data, *slip.data.get("items", [])):
            if isinstance(part, dict) and part.get("code") == old:
                part["code"] = dossier.code
                if part.get("tracking_url"):
                    part["tracking_url"] = re.sub(r"/tra-cuu/.*", f"/tra-cuu/{dossier.code}/", part["tracking_url"])
        slip.save(update_fields=["number", "data"])


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0009_counts_from_the_index"),
        ("notify", "0003_words"),
        ("parties", "0003_kinds_of_look_ups"),
        ("payments", "0002_rules"),
        ("results", "0002_words"),
    ]

    operations = [
        migrations.AlterField("slip", "number", models.CharField(blank=True, max_length=60)),
        migrations.RunPython(into_the_form, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(condition=models.Q(("code__regex", FORM)), name="dossier_code_form"),
        ),
    ]
