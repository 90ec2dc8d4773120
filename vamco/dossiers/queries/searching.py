"""Dossiers by filter, by tab of the inbox, by words; and how many each tab holds."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock, text
from vamco.core.actors import EVERYWHERE, Actor
from vamco.core.errors import Invalid
from vamco.parties import queries as parties
from vamco.procedures.definition import STEP_ROLES
from vamco.procedures.models import CaseRow, StepRow

from ..models import (
    HELD,
    OPEN,
    TO_COLLECT,
    Dossier,
    DossierParty,
    DossierUnit,
    NewDate,
    Stage,
    Supplement,
    codes,
)
from .readable import visible


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; an empty value does not narrow it."""

    tab: str = ""
    assignee: int | None = None
    unit: str = ""
    step: str = ""
    status: int | None = None
    stage: str = ""
    procedure: str = ""
    channel: str = ""
    due_before: datetime | None = None
    changed_since: datetime | None = None
    q: str = ""
    party: int | None = None


def search(actor: Actor, wanted: Filter) -> QuerySet[Dossier]:
    """The visible dossiers that a filter asks for, unordered."""
    rows = visible(actor)
    rows = _of_tab(rows, actor, wanted.tab)
    simple = {
        "holder_id": wanted.assignee,
        "step": wanted.step,
        "status": wanted.status,
        "stage": wanted.stage,
        "procedure__code": wanted.procedure,
        "channel": wanted.channel,
        "due_at__lt": wanted.due_before,
        "changed_at__gt": wanted.changed_since,
    }
    rows = rows.filter(**{key: value for key, value in simple.items() if value not in (None, "")})
    if wanted.step:
        rows = rows.filter(
            stage__in=OPEN
        )  # only open ones stand in a step; saying so lets the index of open dossiers serve
    if wanted.party is not None:
        rows = rows.filter(Exists(DossierParty.objects.filter(dossier=OuterRef("pk"), party_id=wanted.party)))
    if wanted.unit:
        rows = rows.filter(Exists(DossierUnit.objects.filter(dossier=OuterRef("pk"), unit__code=wanted.unit)))
    return _matching(rows, actor, wanted.q) if wanted.q.strip() else rows


def _of_tab(rows: QuerySet[Dossier], actor: Actor, tab: str) -> QuerySet[Dossier]:
    if not tab:
        return rows
    tabs = _tabs(actor)
    if tab not in tabs:
        raise Invalid(_("Không có danh sách này."), field="tab")
    return rows.filter(tabs[tab])


def _tabs(actor: Actor) -> dict[str, Q]:
    """What each tab of the inbox holds."""
    held = Q(stage__in=HELD) & _held_in(actor, "dossiers.view")
    free = Q(stage=Stage.PROCESSING, holder__isnull=True)
    return {
        "mine": Q(holder_id__in=[actor.user_id, *actor.stands_in_for], stage__in=HELD),
        "pool": free & _can_do(actor),
        "unassigned": free & _held_in(actor, "dossiers.assign"),
        "unit": held,
        "waiting": held & Q(stage=Stage.SUPPLEMENT),
        "ready": held & Q(stage__in=TO_COLLECT),
        "apologies": _to_sign(actor),
        "late": held & late(clock.now()),
    }


def late(now: datetime) -> Q:
    """Open dossiers whose due time has passed: being worked on, or waiting for a supplement that was asked for too late
    (one asked for in time stops the clock, and there is no due time)."""
    return Q(stage__in=OPEN, due_at__lt=now)


def _held_in(actor: Actor, permission: str) -> Q:
    """Dossiers that are now in a unit where the actor has the permission."""
    return actor.within(permission, unit="holder_unit_id")


def _to_sign(actor: Actor) -> Q:
    """Dossiers with a drafted apology that the actor may sign: received in a unit of theirs or one right below, or held
    there (see `sign_new_date`)."""
    if not actor.signs:
        return Q(pk__in=[])
    waits = Q(Exists(drafted_apology(OuterRef("pk"))), stage=Stage.PROCESSING)
    mine = partial(actor.within, "dossiers.sign_new_date")
    return waits & (mine() | mine(unit="unit__parent_id") | mine(unit="holder_unit_id"))


def drafted_apology(dossier: Any) -> QuerySet[NewDate]:
    """The new date of a dossier that waits for a signature."""
    return NewDate.objects.filter(dossier=dossier, signed_at__isnull=True)


def drafted_closing(dossier: Any) -> QuerySet[Supplement]:
    """The supplement of a dossier that never came, when its closing slip waits for a person to confirm it."""
    return Supplement.objects.filter(
        dossier=dossier, answered_at__isnull=True, closing_drafted_at__isnull=False
    )


def _can_do(actor: Actor) -> Q:
    """Dossiers in a step that the actor may do, by its role and the unit that has the dossier."""
    may = Q(pk__in=[])
    for role in STEP_ROLES:
        if actor.may_anywhere(f"step.{role}"):
            may |= _held_in(actor, f"step.{role}") & Q(Exists(_step_of_outer(role)))
    return may


def _step_of_outer(role: str) -> QuerySet[StepRow]:
    case = CaseRow.objects.filter(
        version_id=OuterRef(OuterRef("procedure_version_id")), key=OuterRef(OuterRef("case_key"))
    )
    return StepRow.objects.filter(
        version_id=OuterRef("procedure_version_id"),
        key=OuterRef("step"),
        role=role,
        process__in=case.values("process"),
    )


def _matching(rows: QuerySet[Dossier], actor: Actor, q: str) -> QuerySet[Dossier]:
    """By code, by identity number (put on record), or by the words of name and content in the actor's own units."""
    q = q.strip()[:200]
    compact = q.replace(" ", "")
    code = codes.tidy(compact)
    if "-" in code and codes.is_code(code) and any(char.isdigit() for char in code):
        return rows.filter(code__endswith=code)
    if compact.isdigit() and len(compact) in (9, 10, 12):
        party = parties.find_by_number(actor, compact, purpose=gettext_noop("tìm hồ sơ"))
        return rows.filter(parties__party=party) if party else rows.none()
    units = actor.units("dossiers.view")
    if units is EVERYWHERE:
        return rows.filter(search__words=text.query(q))
    return rows.filter(search__words=text.any_scope_query(q, [f"u{unit_id}" for unit_id in sorted(units)]))


def tab_counts(actor: Actor) -> dict[str, int]:
    """How many dossiers each tab of the inbox holds, in one query; in one more the few apologies to be signed, wherever
    their dossiers are held."""
    tabs = _tabs(actor)
    apologies = tabs.pop("apologies")
    signs = actor.signs and actor.may_anywhere("dossiers.sign_new_date")
    mine = [actor.user_id, *actor.stands_in_for]
    rows = visible(actor).filter(stage__in=HELD)
    rows = rows.filter(_held_in(actor, "dossiers.view") | Q(holder_id__in=mine))
    counts = rows.aggregate(**{tab: Count("pk", filter=wanted) for tab, wanted in tabs.items()})
    return {**counts, "apologies": visible(actor).filter(apologies).count() if signs else 0}
