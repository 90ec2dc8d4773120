"""Dossiers for measurements: many, plausible, spread over units, procedures and two years, never real people.

The dossiers of one call come in the order in which they were received. The newest are open, as many as a province
has open at a time; all others were returned. A code's serial begins with 9 and has seven digits or more: no office
receives so many in a day, so what the load generator made is told from everything else (`MADE`).
"""

import json
import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate, count
from typing import Any

from django.db import models

from bench import _bulk as bulk
from vamco.core import clock, secrets, text
from vamco.dossiers.models import (
    Dossier,
    DossierPaper,
    DossierParty,
    DossierUnit,
    Event,
    Stage,
    StepRun,
    Supplement,
    SupplementItem,
)
from vamco.dossiers.rules import deadlines, moves
from vamco.organisation.models import Holding, Level, Unit
from vamco.organisation.validity import held_on, open_on
from vamco.parties.models import NumberKind, Party, number_space, scope_of
from vamco.procedures import wording
from vamco.procedures.compiled import in_force
from vamco.procedures.definition import Case, Definition, Step, definition
from vamco.timing import queries as timing

MADE = r"-9\d{6,}$"
"""Codes of dossiers that the load generator made."""

CHUNK = 10_000
"""Dossiers that are made and copied at a time."""

OPEN_PER_UNIT = 100
"""Dossiers that a unit has open on average when the years are long enough."""

OPEN_SHARE = 0.3
"""At most so many of all are open."""

YEARS = timedelta(days=730)
WEEKS = timedelta(days=20)
MODELS: dict[type[models.Model], int] = {
    Party: 1, Dossier: 1, DossierParty: 1, DossierPaper: 3, DossierUnit: 6, StepRun: 5, Event: 7, Supplement: 1,
    SupplementItem: 1,
}  # fmt: skip
"""What is written, with the most rows that a dossier has of each."""

TIER = {Level.COMMUNE: "commune", Level.DISTRICT: "district", Level.CENTRE: "province"}

# Family names with their share in percent; the rest as they are common in the south.
FAMILY = {
    "Nguyễn": 31, "Trần": 11, "Lê": 10, "Phạm": 7, "Huỳnh": 6, "Phan": 5, "Võ": 5, "Đặng": 3, "Bùi": 3, "Đỗ": 2,
    "Hồ": 2, "Ngô": 2, "Dương": 2, "Lý": 1, "Trương": 2, "Đinh": 1, "Mai": 1, "Cao": 1, "Lâm": 1, "Châu": 1,
}  # fmt: skip
MALE = (
    ("Văn", "Minh", "Quốc", "Hữu", "Đức", "Thành", "Hoàng", "Công", "Thanh", "Trung", "Xuân", "Ngọc"),
    (
        "An", "Bảo", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hùng", "Khoa", "Lâm", "Long", "Lộc", "Minh",
        "Nam", "Nghĩa", "Phong", "Phước", "Quân", "Sơn", "Tài", "Tâm", "Thắng", "Thiện", "Trí", "Tuấn", "Vinh",
    ),
)  # fmt: skip
FEMALE = (
    ("Thị", "Thị", "Ngọc", "Thị", "Mỹ", "Kim", "Thu", "Thị", "Bích", "Hồng", "Thanh", "Xuân", "Thị"),
    (
        "Anh", "Ánh", "Bích", "Diễm", "Dung", "Giang", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa", "Hương", "Lan", "Liên",
        "Loan", "Mai", "Nga", "Nhung", "Oanh", "Phượng", "Quyên", "Thảo", "Thúy", "Trang", "Tuyết", "Vân", "Yến",
    ),
)  # fmt: skip
WHAT = ("vay vốn ngân hàng", "bổ sung hồ sơ xin việc", "mua bán nhà đất", "nhập học", "bảo hiểm xã hội")


def name(rng: random.Random, female: bool) -> str:
    """A full name."""
    middles, givens = FEMALE if female else MALE
    return f"{rng.choice(_FAMILIES)} {rng.choice(middles)} {rng.choice(givens)}"


_FAMILIES = [family for family, share in FAMILY.items() for _i in range(share)]


@dataclass(frozen=True)
class Flow:
    """A case of a procedure as dossiers run through it: the usual path and what stands in every row."""

    version: Definition
    case: Case
    steps: list[Step]
    papers: list[tuple[str, str, int, int]]
    limit: tuple[int, str]


@dataclass(frozen=True)
class Place:
    """A unit that receives, with what it receives; `inner`: its rooms or the departments, by key."""

    unit: Unit
    flows: list[Flow]
    people: list[int]
    inner: dict[str, Unit]


@dataclass
class Rows:
    """Lines for COPY, by model, of some dossiers."""

    dossiers: int
    lines: dict[type[models.Model], list[str]] = field(
        default_factory=lambda: {model: [] for model in MODELS}
    )

    @property
    def count(self) -> int:
        """How many rows it is."""
        return sum(map(len, self.lines.values()))


@dataclass(frozen=True)
class Story:
    """What became of one dossier. `stands`: the index of its step in the flow; the flow's length when all are done."""

    pk: int
    place: Place
    flow: Flow
    stage: str
    stands: int
    units: list[Unit]
    received_at: datetime
    due_at: datetime
    last_at: datetime
    by: int | None
    summary: str

    @property
    def involved(self) -> list[int]:
        """The units that have to do with it."""
        return sorted({self.place.unit.pk, *(unit.pk for unit in self.units)})


class Generator:
    """Makes the rows of dossiers; nothing is written."""

    def __init__(self, dossiers: int, units: int, seed: int = 2016) -> None:
        self.rng = random.Random(seed)
        self.total = dossiers
        self.now = clock.now()
        self.people = _people()
        self.places = _places(units, self.people)
        # Units are as unequal as in life: the centre and the districts have most of the work.
        self.weights = list(accumulate(1 / (i + 5) for i in range(len(self.places))))
        self.open = min(int(dossiers * OPEN_SHARE), OPEN_PER_UNIT * units)
        self.secrets = [secrets.encrypt(f"{i:06}") for i in range(100_000, 101_000)]
        self.known: dict[int, list[tuple[int, str, str, str]]] = {}
        self.ids = {model: count(bulk.take_ids(model, dossiers * most)) for model, most in MODELS.items()}

    def chunks(self) -> Iterator[Rows]:
        """All rows, some dossiers at a time, in the order in which they were received."""
        for first in range(0, self.total, CHUNK):
            rows = Rows(min(CHUNK, self.total - first))
            for i in range(first, first + rows.dossiers):
                story = self._story(i)
                self._dossier(rows, story, self._party(rows, story))
                self._steps(rows, story)
            yield rows

    def _add(self, rows: Rows, model: type[models.Model], *values: Any) -> int:
        pk = next(self.ids[model])
        rows.lines[model].append(bulk.line((pk, *values)))
        return pk

    def _story(self, i: int) -> Story:
        rng = self.rng
        place = self.places[bisect(self.weights, rng.random() * self.weights[-1])]
        flow = rng.choice(place.flows)
        stage, chance = Stage.RETURNED.value, rng.random()
        if i >= self.total - self.open:
            stage = "ready" if chance < 0.15 else "supplement" if chance < 0.22 else "processing"
        stands = len(flow.steps) if stage in ("returned", "ready") else rng.randrange(len(flow.steps))
        at = self._received(i)
        day = clock.local(at)
        due = max(_due(day.date(), day.hour >= 15, flow.limit, place.unit.pk), at + timedelta(hours=1))
        last = at + (due - at) * rng.uniform(0.2, 1.15)
        return Story(
            next(self.ids[Dossier]), place, flow, stage, stands,
            [place.inner.get(step.unit_rule.partition(":")[2], place.unit) for step in flow.steps[: stands + 1]],
            at, due, max(at, min(last, self.now - timedelta(minutes=30))),
            rng.choice(place.people) if place.people else None,
            f"{flow.version.name[:80]}, {rng.choice(WHAT)}",
        )  # fmt: skip

    def _received(self, i: int) -> datetime:
        """When the i-th came in: the open ones within the last weeks, all in office hours."""
        closed = self.total - self.open
        if i < closed:
            at = self.now - YEARS + (YEARS - WEEKS) * (i / closed)
        else:
            at = self.now - WEEKS * (1 - (i - closed + 1) / (self.open + 1))
        day = clock.local(at)
        day -= timedelta(days=max(0, day.weekday() - 4))
        at = day.replace(hour=7 + i % 9 + (i % 9 > 3), minute=self.rng.randrange(60), second=i % 60)
        return min(at, self.now - timedelta(hours=1))

    def _dossier(self, rows: Rows, story: Story, party: tuple[int, str, str, str]) -> None:
        pk, place, flow, at = story.pk, story.place, story.flow, story.received_at
        party_id, who, phone, address = party
        code = f"{place.unit.agency_code}-{clock.local(at):%y%m%d}-9{pk:06d}"
        values = {
            "id": pk, "code": code, "unit_id": place.unit.pk, "procedure_id": flow.version.procedure_id,
            "procedure_version_id": flow.version.version_id, "case_key": flow.case.key,
            "channel": "post" if pk % 20 == 0 else "counter", "visit_id": None, "sensitive": flow.version.sensitive,
            "lead_id": None, "applicant_id": party_id, "applicant_name": who, "summary": story.summary,
            "answers": _ANSWERS[pk % len(_ANSWERS)], "secret_answers": b"",
            "regime": _regime(clock.local(at).date()), "received_at": at, "limit_amount": flow.limit[0],
            "limit_unit": flow.limit[1], "first_due_at": story.due_at, "warned": 0,
            "secret": self.secrets[pk % len(self.secrets)], "return_by": "counter",
            "search": moves.found_by(who, code, story.summary, story.involved),
            **self._state(story),
        }  # fmt: skip
        rows.lines[Dossier].append(bulk.line([values[column] for column in _DOSSIER]))
        self._add(rows, DossierParty, pk, party_id, "applicant", who, phone, "", address)
        for paper, title, originals, copies in flow.papers:
            self._add(rows, DossierPaper, pk, paper, title, originals, copies, "ok", "", None, at)
        self._add(rows, DossierUnit, pk, place.unit.pk, "received", at)
        for unit_id in story.involved:
            self._add(rows, DossierUnit, pk, unit_id, "handled", at)

    def _state(self, story: Story) -> dict[str, Any]:
        """The columns that say where the dossier is."""
        stage, last, due = story.stage, story.last_at, story.due_at
        state: dict[str, Any] = {
            "stage": stage, "status": {"returned": 10, "ready": 9, "supplement": 5}.get(stage, 4), "step": "",
            "holder_unit_id": story.place.unit.pk, "holder_id": None, "due_at": due, "step_due_at": None,
            "ready_at": last if stage in ("ready", "returned") else None,
            "ended_at": last if stage == "returned" else None, "warn_at": None, "changed_at": last,
            "version": story.stands + 2,
        }  # fmt: skip
        if stage in ("processing", "supplement"):
            step, unit = story.flow.steps[story.stands], story.units[-1]
            state |= {"step": step.key, "holder_unit_id": unit.pk}
        if stage == "supplement":
            state["due_at"] = None
        elif stage == "processing":
            people = self.people.get(unit.pk, [])
            holder = self.rng.choice(people) if people and self.rng.random() < 0.8 else None
            # Warned of only when due: the watch would else warn of all of them at once.
            state |= {
                "status": step.status,
                "step_due_at": due,
                "holder_id": holder,
                "warn_at": max(due, self.now),
            }
        return state

    def _steps(self, rows: Rows, story: Story) -> None:
        """The stays in steps, and the timeline."""
        pk, unit, flow, at, due = story.pk, story.place.unit, story.flow, story.received_at, story.due_at
        self._add(rows, Event, pk, at, story.by, unit.pk, "received", _json(unit=unit.agency, note=""), True)
        span = (story.last_at - at) / len(story.units)
        for i, (step, where) in enumerate(zip(flow.steps, story.units, strict=False)):
            entered, left = at + span * i, at + span * (i + 1)
            if step.tell_applicant:
                data = _json(public_words=step.public_words, public_words_en=step.public_words_en)
                self._add(rows, Event, pk, entered, story.by, where.pk, "step_reached", data, True)
            if i < story.stands:
                out, minutes = step.outcomes[0], int(span.total_seconds() // 180)
                run: tuple[Any, ...] = (left, out.key, out.name, "", minutes)
                data = _json(step=step.name, outcome=out.name)
                self._add(rows, Event, pk, left, story.by, where.pk, "step_done", data, False)
            elif story.stage == "supplement":
                run = (left, "supplement", "Yêu cầu bổ sung", "", int(span.total_seconds() // 180))
                self._supplement(rows, story)
            else:
                run = (None, "", "", "", None)
            opened = entered if run[0] else None
            self._add(
                rows,
                StepRun,
                pk,
                step.key,
                step.name,
                where.pk,
                None,
                story.by,
                entered,
                due,
                opened,
                *run,
                False,
            )
        if story.stage == "returned":
            self._add(rows, Event, pk, story.last_at, story.by, unit.pk, "handed_over", "{}", True)

    def _supplement(self, rows: Rows, story: Story) -> None:
        why, deadline = "Chưa đủ cơ sở giải quyết.", self.now + timedelta(days=10)
        asked = self._add(
            rows, Supplement, story.pk, 1, story.last_at, story.by, why, deadline, None, None, None
        )
        self._add(rows, SupplementItem, asked, "Tờ khai", 1, 0, "bản nộp thiếu trang")

    def _party(self, rows: Rows, story: Story) -> tuple[int, str, str, str]:
        """Somebody new or, one in two times, somebody whom the unit knows: key, name, phone and address."""
        known = self.known.setdefault(story.place.unit.pk, [])
        if known and self.rng.random() < 0.5:
            return self.rng.choice(known)
        pk = next(self.ids[Party])
        female = self.rng.random() < 0.5
        who, year, units = name(self.rng, female), 50 + pk % 49, story.involved
        # Code 001 is Hà Nội: nobody whom an office of this province registers is met by chance.
        number, kind = f"001{int(female)}{year}{pk % 10**6:06d}", NumberKind.CITIZEN_ID.value
        made = (pk, who, f"09{pk % 10**8:08d}", f"{pk % 300 + 1} ấp {pk % 8 + 1}")
        values = {
            "id": pk, "kind": "person", "name": who, "folded": text.fold(who), "sort_key": text.sort_key(who),
            "number_kind": kind, "number": secrets.encrypt(number),
            "number_hash": secrets.lookup(number_space(kind, "VN"), number), "nationality": "VN",
            "birth_date": f"19{year}-{pk % 12 + 1:02d}-{pk % 28 + 1:02d}",
            "gender": "female" if female else "male", "phone": made[2], "email": "", "address": made[3],
            "groups": "{}", "units": "{" + ",".join(map(str, units)) + "}",
            "search": text.vector(who, ["", *map(scope_of, units)]), "created_at": story.received_at,
        }  # fmt: skip
        rows.lines[Party].append(bulk.line([values[column] for column in _PARTY]))
        known.append(made)
        if len(known) > 2000:
            del known[:1000]
        return made


def _json(**values: object) -> str:
    return json.dumps(values, ensure_ascii=False)


_DOSSIER, _PARTY = bulk.columns(Dossier), bulk.columns(Party)
_ANSWERS = [_json(muc_dich=what, noi_dung=what) for what in WHAT]


# The province ------------------------------------------------------------------------------------------------


def _places(most: int, people: dict[int, list[int]]) -> list[Place]:
    """The first units that receive, the centre before districts before communes; what they receive and where inside."""
    order = {Level.CENTRE: 0, Level.DISTRICT: 1, Level.COMMUNE: 2, Level.DEPARTMENT: 3, Level.ROOM: 4}
    units = [
        unit for unit in Unit.objects.filter(open_on(clock.today())).order_by("code") if unit.level in order
    ]
    units = sorted(units, key=lambda unit: order[Level(unit.level)])[:most]
    flows = _flows()
    places = []
    for unit in units:
        tier = TIER.get(Level(unit.level))
        mine = [flow for flow in flows if tier in flow.version.tiers]
        if not mine:
            continue
        inner = {
            one.key: one
            for one in units
            if (one.level == Level.ROOM and one.parent_id == unit.pk)
            or (one.level == Level.DEPARTMENT and unit.level == Level.CENTRE)
        }
        places.append(Place(unit, mine, people.get(unit.pk, []), inner))
    return places


def _flows() -> list[Flow]:
    found = []
    versions = in_force(clock.today()).order_by("pk").values_list("pk", flat=True)
    for version in map(definition, versions):
        for case in version.cases:
            if not case.at_once:
                papers = [
                    (paper.code, paper.name[:500], int(paper.kind != "copy"), int(paper.kind == "copy"))
                    for paper in case.papers
                    if paper.required != "optional"
                ][:3]
                found.append(
                    Flow(
                        version,
                        case,
                        wording.usual_path(case.process)[:5],
                        papers,
                        case.limit.given("counter", {}),
                    )
                )
    return found


def _people() -> dict[int, list[int]]:
    """Who holds a post in a unit."""
    found: dict[int, list[int]] = {}
    rows = Holding.objects.filter(held_on(clock.today())).values_list("post__unit_id", "user_id")
    for unit_id, user_id in rows.order_by("pk"):
        found.setdefault(unit_id, []).append(user_id)
    return found


@cache
def _due(day: Any, late: bool, limit: tuple[int, str], unit_id: int) -> datetime:
    """The due time of what came in on a day, before or after the cut-off hour."""
    at = datetime(day.year, day.month, day.day, 16 if late else 9, tzinfo=clock.HERE)
    return deadlines.first_due(at, *limit, office=_unit(unit_id), regime=timing.regime_at(at))


@cache
def _regime(day: Any) -> str:
    return timing.regime_at(datetime(day.year, day.month, day.day, 9, tzinfo=clock.HERE)).key


@cache
def _unit(unit_id: int) -> Unit:
    return Unit.objects.get(pk=unit_id)
