"""Which dossiers an actor may know of. Lists, search, counts, export and API all start from `visible`."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from vamco.core.actors import EVERY_ROW, EVERYWHERE, Actor, Scope
from vamco.core.errors import NotFound

from ..models import HELD, OPEN, Consultation, Dossier, DossierUnit, codes
from ..opening import record_opening

HANDLING = ("dossiers.work", "dossiers.receive", "dossiers.supervise")
"""Permissions of those who handle dossiers: with one of them in a unit, its sensitive dossiers may be read too."""


def visible(actor: Actor) -> QuerySet[Dossier]:
    """The dossiers that the actor may know of: those of the units where they may read, sensitive ones only where
    they handle dossiers."""
    dossiers = Dossier.objects.defer("search", "secret", "secret_answers")
    if actor.everything:
        return dossiers
    readable, handled = actor.units("dossiers.view"), actor.units(*HANDLING)
    if handled is EVERYWHERE or (readable is not EVERYWHERE and handled.issuperset(readable)):
        return dossiers.filter(_of(readable))  # who may read them there handles them there
    return dossiers.filter(_of(readable), Q(sensitive=False) | _of(handled))


def _of(units: Scope) -> Q:
    """The dossiers that one of the units has had to do with."""
    if units is EVERYWHERE:
        return EVERY_ROW
    return Q(Exists(DossierUnit.objects.filter(dossier=OuterRef("pk"), unit_id__in=list(units))))


def get(actor: Actor, code: str) -> Dossier:
    """One dossier by its code, to be read: opening a sensitive one is put on record. Raises `NotFound` like `find`."""
    dossier = find(actor, code)
    record_opening(actor, dossier)
    return dossier


def find(actor: Actor, code: str) -> Dossier:
    """One dossier by its code, to do something with it that shows nothing of it. Raises `NotFound` alike for one that does
    not exist and one that is not for the actor."""
    related = (
        "unit", "unit__parent", "holder_unit", "holder_unit__parent", "holder", "lead", "applicant", "procedure",
    )  # fmt: skip
    rows = visible(actor).select_related(*related)
    found = rows.filter(code=code).first() if codes.is_code(code) else None
    if found is None:
        raise NotFound(
            _(
                "Không có hồ sơ mang mã này trong phạm vi ông/bà được xem. Hãy kiểm tra lại mã trên giấy tiếp nhận."
            )
        )
    return found


def open_of_party(actor: Actor, party_id: int) -> list[Dossier]:
    """The visible open dossiers of a person or business, newest first."""
    return list(
        visible(actor)
        .filter(applicant_id=party_id, stage__in=HELD)
        .select_related("unit")
        .order_by("-pk")[:20]
    )


def of_party(actor: Actor, party_id: int) -> QuerySet[Dossier]:
    """All visible dossiers in which a party has a role, newest first."""
    return (
        visible(actor)
        .filter(parties__party_id=party_id)
        .select_related("unit", "holder_unit")
        .distinct()
        .order_by("-pk")
    )


def consultations(actor: Actor) -> list[Consultation]:
    """Questions that the actor's units have not answered yet, the most urgent first."""
    waiting = Consultation.objects.filter(answered_at__isnull=True, dossier__stage__in=OPEN)
    waiting = waiting.filter(actor.within("dossiers.answer"), dossier__in=visible(actor).values("pk"))
    return list(waiting.select_related("dossier__holder_unit", "unit", "asked_by").order_by("due_at")[:100])
