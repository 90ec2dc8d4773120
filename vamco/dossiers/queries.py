"""Everything that is read of dossiers. Each function takes the actor and returns what that actor may see; lists,
search, counts, export and API all start from `visible`."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

from vamco.core import clock, text
from vamco.core.actors import EVERY_ROW, EVERYWHERE, Actor, Scope
from vamco.core.errors import Invalid, NotFound
from vamco.core.rows import find as find_rows
from vamco.parties import queries as parties
from vamco.procedures.definition import ENDS, STEP_ROLES, Process, Step, definition
from vamco.procedures.models import CaseRow, StepRow

from .models import (
    HELD,
    OPEN,
    TO_COLLECT,
    Consultation,
    Dossier,
    DossierParty,
    DossierUnit,
    NewDate,
    Stage,
    Supplement,
    codes,
)
from .opening import record_opening
from .rules import deadlines

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


@dataclass(frozen=True)
class Filter:
    """What a list is asked for; empty values ask for everything."""

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
        )  # no other stands in a step; said, so that an index of the open ones serves
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
    """By code, by identity number (on record), or by the words of name and content in the actor's own units."""
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


@dataclass(frozen=True)
class Row:
    """A dossier as a line of a list. `left`: office minutes until due, negative when late, None while paused or
    decided. `seen`: the version that the reader saw last, None when they never opened it. `to_sign`, `to_close`: an
    apology, or the slip that closes it unanswered, waits for a person."""

    dossier: Dossier
    procedure: str
    step: str
    left: int | None
    state: str
    changed: bool
    paused_since: datetime | None = None
    seen: int | None = None
    to_sign: bool = False
    to_close: bool = False

    @property
    def minutes(self) -> int:
        """Office minutes between now and the due time, whichever comes first."""
        return abs(self.left or 0)


def rows(actor: Actor, dossiers: QuerySet[Dossier], limit: int = 100) -> list[Row]:
    """The first dossiers by time left, paused ones last: ready to be shown, in a constant number of queries."""
    found = (
        with_seen(actor, dossiers)
        .select_related("unit", "holder", "holder_unit")
        .order_by(F("due_at").asc(nulls_last=True), "pk")[:limit]
    )
    now = clock.now()
    return [row_of(one, now, actor) for one in found]


def with_seen(actor: Actor, dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what the actor saw of each last, for `row_of`."""
    mine = FilteredRelation("seen_by", condition=Q(seen_by__user_id=actor.known_id))
    return dossiers.annotate(seen=mine).annotate(seen_version=F("seen__version"))


def row_of(one: Dossier, now: datetime, actor: Actor | None = None) -> Row:
    """One dossier as a line."""
    left, state = standing(one, now)
    version = getattr(one, "seen_version", None)
    return Row(
        one,
        name_of(one),
        step_name(one),
        left,
        state,
        changed=actor is not None and (version is None or version < one.version),
        paused_since=one.changed_at if state == "paused" else None,
        seen=version,
        to_sign=getattr(one, "to_sign", False),
        to_close=getattr(one, "to_close", False),
    )


def standing(one: Dossier, now: datetime) -> tuple[int | None, str]:
    """Office minutes until a dossier is due, and what that means: ok, soon, late, paused, or "" when decided. Waiting for
    a supplement that was asked for too late is late, too."""
    if one.stage in OPEN and one.due_at is not None:
        left = deadlines.minutes_left(now, one.due_at, one.unit)
        return left, state_of(left, late=now > one.due_at)
    return None, "paused" if one.stage == Stage.SUPPLEMENT else ""


SOON = 8 * 60
"""Office minutes under which a due time is near."""


def state_of(left: int, *, late: bool) -> str:
    """ok, soon or late: the state's icon and colour."""
    return "late" if late else "soon" if left <= SOON else "ok"


def name_of(dossier: Dossier) -> str:
    """The procedure's name in the reader's language."""
    version = definition(dossier.procedure_version_id)
    return version.name_en if (get_language() or "vi").startswith("en") and version.name_en else version.name


def step_name(dossier: Dossier) -> str:
    """The step's name, or where the dossier is when it stands in none."""
    if dossier.stage == Stage.PROCESSING:
        step = definition(dossier.procedure_version_id).case(dossier.case_key).process.step(dossier.step)
        return step.name_en if (get_language() or "vi").startswith("en") and step.name_en else step.name
    return dossier.get_stage_display()


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


# Public ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RouteStep:
    """One station of a dossier's way as the public reads it. `state`: done, current, coming."""

    words: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class Tracking:
    """What anyone may know of a dossier by its code: no personal data."""

    code: str
    procedure: str
    status: int
    words: str
    unit: str
    place: str
    received_at: datetime
    due_at: datetime | None
    state: str
    left: int | None
    ended_at: datetime | None
    route: list[RouteStep] = field(default_factory=list)


_BEEN = "ARRAY(SELECT step FROM dossiers_steprun WHERE dossier_id = dossiers_dossier.id ORDER BY id)"


def track(code: str) -> Dossier:
    """A dossier for the public page, with its units and, in `been`, the steps in which it stood, in their order. Raises
    `NotFound`."""
    typed = codes.tidy(code)
    found = codes.is_code(typed) and find_rows(
        Dossier,
        "dossiers_dossier.code = %s",
        [typed],
        without=("search", "answers", "secret_answers", "secret"),
        related=("unit", "holder_unit"),
        more=(("been", _BEEN),),
    )
    if not found:
        raise NotFound(
            _(
                "Không tìm thấy hồ sơ có mã này. Hãy xem lại mã in trên giấy tiếp nhận: gồm mã cơ quan, ngày nộp và số thứ tự."
            )
        )
    return found[0]


def tracking(dossier: Dossier) -> Tracking:
    """The public view of a dossier that `track` found."""
    left, state = standing(dossier, clock.now())
    return Tracking(
        code=dossier.code,
        procedure=name_of(dossier),
        status=dossier.status,
        words=public_words(dossier),
        unit=dossier.holder_unit.agency if dossier.is_open else dossier.unit.agency,
        place=dossier.unit.agency,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        state=state,
        left=left,
        ended_at=dossier.ended_at,
        route=_route(dossier),
    )


def public_words(dossier: Dossier) -> str:
    """Where the dossier is, in the words that the public reads."""
    if dossier.stage == Stage.PROCESSING:
        step = definition(dossier.procedure_version_id).case(dossier.case_key).process.step(dossier.step)
        english = (get_language() or "vi").startswith("en")
        return step.public_words_en if english and step.public_words_en else step.public_words
    return _(_PUBLIC_WORDS[dossier.stage])


_PUBLIC_WORDS = {
    Stage.SUPPLEMENT.value: gettext_noop("Chờ ông/bà bổ sung hồ sơ"),
    Stage.READY.value: gettext_noop("Đã có kết quả, mời ông/bà đến nhận"),
    Stage.REFUSED_READY.value: gettext_noop("Đã có văn bản trả lời, mời ông/bà đến nhận"),
    Stage.RETURNED.value: gettext_noop("Đã trả kết quả"),
    Stage.WITHDRAWN.value: gettext_noop("Ông/bà đã rút hồ sơ"),
    Stage.STOPPED.value: gettext_noop("Đã dừng giải quyết"),
    Stage.REFUSED.value: gettext_noop("Không được tiếp nhận"),
}


def usual_path(process: Process) -> list[Step]:
    """The steps of the usual way: from the first step by each step's first way out until the result is ready."""
    path = [process.step(process.first)]
    while path[-1].outcomes and path[-1].outcomes[0].to not in ENDS:
        following = process.step(path[-1].outcomes[0].to)
        if following in path:
            break
        path.append(following)
    return path


def _route(dossier: Dossier) -> list[RouteStep]:
    """The stations received, each public step of the usual way once, returned. Of a dossier on which work is over only
    the stations where it was: who is refused has not been signed for, and what was withdrawn is not returned."""
    english = (get_language() or "vi").startswith("en")
    process = definition(dossier.procedure_version_id).case(dossier.case_key).process
    path = usual_path(process)
    decided, ended = dossier.ready_at is not None, dossier.ended_at is not None
    if decided or ended:
        steps = {step.key: step for step in process.steps}
        path = [steps[key] for key in dict.fromkeys(dossier.been) if key in steps]
    words = list(dict.fromkeys(step.public_words_en if english else step.public_words for step in path))
    step = next((one for one in process.steps if one.key == dossier.step), None)
    here = "" if step is None else step.public_words_en if english else step.public_words
    if here and here not in words:
        words.append(here)
    position = words.index(here) if here else len(words)
    route = [RouteStep(_("Tiếp nhận"), "done", dossier.received_at)]
    route += [
        RouteStep(word, "done" if i < position else "current" if i == position else "coming", None)
        for i, word in enumerate(words)
    ]
    if ended and dossier.stage != Stage.RETURNED:
        return route
    state = "done" if ended else "current" if decided else "coming"
    last = pgettext("station", "Trả kết quả")
    return [*route, RouteStep(last, state, dossier.ended_at or dossier.due_at)]
