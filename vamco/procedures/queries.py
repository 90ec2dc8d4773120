"""Everything that is read of the catalogue.

It is public: the law about a procedure is no secret.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from vamco.core import clock, prepared, text
from vamco.core.errors import NotFound

from .compiled import definition, in_force
from .definition import TIERS, Definition
from .models import CaseRow, ProcedureVersion

#: The order of `search`, unique as a whole: for keyset pages.
ORDER = ("rank", "sort_name", "pk")
MOST_WORDS = 12


def search(
    q: str = "", *, field: str = "", tier: str = "", level: int | None = None, on: date | None = None
) -> QuerySet[ProcedureVersion]:
    """The versions in force on a day (today if none is given) that match: each procedure once.

    `q`: beginnings of words, with or without accents, or initials ("gpxd" finds «Cấp giấy phép xây dựng»),
    or a code. `field`: a sector's code; `tier`: province | district | commune; `level`: online level 1-4.
    Those with the whole phrase come first (`rank` 0), then by name.
    """
    rows = in_force(on or clock.today()).select_related("procedure", "sector")
    if field:
        rows = rows.filter(sector__code=field)
    if tier:
        rows = rows.filter(tiers__contains=[tier])
    if level is not None:
        rows = rows.filter(level=level)
    words = text.words(q[:400])[:MOST_WORDS]
    if q.strip() and not words:
        return rows.none().annotate(rank=Value(1))
    for word in words:
        found = Q(search__contains=f" {word}")
        if len(word) >= 3 and word.isalpha():
            found |= Q(initials__contains=word)
        rows = rows.filter(found)
    whole = When(search__contains=f" {' '.join(words)}", then=Value(0))
    rank = Case(whole, default=Value(1), output_field=IntegerField()) if words else Value(0)
    return rows.annotate(rank=rank).order_by(*ORDER)


def guide(code: str, on: date | None = None) -> Definition:
    """The definition in force of the procedure with that code. Raises `NotFound`."""
    day = on or clock.today()
    with prepared.cursor() as cursor:
        # Plain SQL: every dossier that comes in asks this.
        cursor.execute(
            "SELECT v.id, v.valid_to FROM procedures_procedureversion v"
            " JOIN procedures_procedure p ON p.id = v.procedure_id WHERE p.code = %(code)s"
            " AND v.state = 'published' AND v.valid_from <= %(day)s"
            " AND (v.valid_to IS NULL OR v.valid_to >= %(day)s)",
            # A NUL would be an error of the database instead of a code that is not there.
            {"code": code.replace("\0", "?"), "day": day},
        )
        found = cursor.fetchone()
    if found is None:
        raise NotFound(_("Không tìm thấy thủ tục này. Hãy tìm lại theo tên hoặc mã trong danh mục."))
    return replace(definition(found[0]), valid_to=found[1])


def at_once(tier: str, on: date | None = None) -> list[tuple[Definition, str]]:
    """What a tier does while the applicant waits: procedures by name, each with the key of such a case."""
    versions = in_force(on or clock.today()).filter(tiers__contains=[tier])
    rows = CaseRow.objects.filter(at_once=True, version__in=versions).order_by("version__sort_name", "pk")
    return [(definition(version), key) for version, key in rows.values_list("version_id", "key")]


@dataclass(frozen=True)
class Counts:
    """How many procedures are in force; a procedure counts once however many cases it has.

    `by_field`: (code, name, number) in the order of names; `by_level`: online level -> number; `by_tier`: a
    procedure that two tiers receive counts in both, so these do not add up to the total.
    """

    total: int
    by_field: tuple[tuple[str, str, int], ...]
    by_level: dict[int, int]
    by_tier: dict[str, int]


def counts(on: date | None = None) -> Counts:
    """The catalogue in figures on a day."""
    rows = in_force(on or clock.today())
    tiers = {tier: Count("pk", filter=Q(tiers__contains=[tier])) for tier in TIERS}
    levels = {f"level_{n}": Count("pk", filter=Q(level=n)) for n in (1, 2, 3, 4)}
    sums = rows.aggregate(total=Count("pk"), **tiers, **levels)
    fields = rows.values_list("sector__code", "sector__name").annotate(n=Count("pk")).order_by()
    return Counts(
        total=sums["total"],
        by_field=tuple(sorted(fields, key=lambda row: text.sort_key(row[1], person=False))),
        by_level={n: sums[f"level_{n}"] for n in (1, 2, 3, 4)},
        by_tier={tier: sums[tier] for tier in TIERS},
    )
