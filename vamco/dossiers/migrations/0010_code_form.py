"""The codes of dossiers have one form. What an import once took otherwise is brought into it first."""

import re
import unicodedata
from typing import Any

from django.db import migrations, models

from vamco.core import text

FORM = "^[A-Z0-9]+(?:[.-][A-Z0-9]+)*$"
AT_ONCE = 500
DASHES = re.compile("[\u00ad\u02d7\u2010-\u2015\u2043\u207b\u2212\ufe58\ufe63\uff0d]")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
BY_CODE = (
    ("payments", "Charge", "subject"),
    ("results", "Result", "subject"),
    ("notify", "Message", "dossier"),
    ("parties", "LookUp", "dossier"),
)
"""What names a dossier by its code."""


def into_the_form(apps: Any, editor: Any) -> None:
    """Give each dossier with a code out of form a new one, and say the old one in its content and its timeline.

    What names the dossier by its code follows: charges, results, messages, slips (which print the address and find the
    second secret by it). Receipts and the ledger stay as they were written. Each dossier is taken once: one that kept
    its code would be refused by the constraint.
    """
    last = 0
    while bad := _bad(apps, last):
        renamed = {}
        for dossier in bad:
            renamed[dossier.code] = _free(apps, dossier.code)
            _rename(apps, dossier, renamed[dossier.code])
        _follow(apps, editor, renamed)
        last = bad[-1].pk


def _bad(apps: Any, after: int) -> list[Any]:
    dossiers = apps.get_model("dossiers", "Dossier").objects
    rows = dossiers.exclude(code__regex=FORM).filter(pk__gt=after).select_related("procedure_version")
    return list(rows.defer("secret", "secret_answers").order_by("pk")[:AT_ONCE])


def _follow(apps: Any, editor: Any, renamed: dict[str, str]) -> None:
    """One statement for each table: look-ups have no index by code."""
    places = ", ".join(["(%s, %s)"] * len(renamed))
    values = [code for pair in renamed.items() for code in pair]
    with editor.connection.cursor() as cursor:
        for room, model, field in BY_CODE:
            table = apps.get_model(room, model)._meta.db_table
            cursor.execute(
                f"UPDATE {table} AS one SET {field} = renamed.code FROM (VALUES {places}) AS renamed (old, code)"  # noqa: S608 (names of our own)
                f" WHERE one.{field} = renamed.old",
                values,
            )


def _forced(old: str, longest: int) -> str:
    """Any text as a code: letters lose their accents, each run of other signs becomes one hyphen; "" if nothing is left."""
    plain = unicodedata.normalize("NFKC", DASHES.sub("-", INVISIBLE.sub("", old))).strip().upper()
    plain = unicodedata.normalize("NFKD", plain.replace("Đ", "D"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    kept = re.sub("[^A-Z0-9]{2,}|[^A-Z0-9.]", "-", plain).strip(".-")
    return kept[:longest].rstrip(".-")


def _free(apps: Any, old: str) -> str:
    """The code in the form that is nearest to the old one and that no dossier has. Room is left for a number."""
    wanted = _forced(old, 50) or "HS"
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
