"""A month of work: dossiers come in, and officers work them off as officers do, some quickly, some late.

An agenda holds what happens next, in the order of time; each event is a real action by a real person at that time.
"""

import heapq
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from vamco.core import clock, ledger, worktime
from vamco.core.actors import Actor
from vamco.core.errors import Refused
from vamco.dossiers import actions, jobs
from vamco.dossiers.models import OPEN, Dossier, Stage
from vamco.dossiers.rules import moves
from vamco.dossiers.rules.inputs import Item
from vamco.organisation.access import actor_for
from vamco.organisation.models import Level, Unit, User
from vamco.payments import actions as cash
from vamco.payments import queries as payments
from vamco.procedures.definition import Definition, Step
from vamco.timing import queries as timing

from .applicants import Maker

log = logging.getLogger(__name__)
DAYS = 30
DUES = 6
"""The national status of a dossier whose applicant is to pay dues."""
TIER = {Level.COMMUNE: "commune", Level.DISTRICT: "district", Level.CENTRE: "province"}


class Month:
    """The simulated month. `units` receive dossiers for the procedures of their tier."""

    def __init__(
        self, units: list[Unit], catalogue: list[Definition], now: datetime, seed: int = 2016
    ) -> None:
        self.rng = random.Random(seed)  # noqa: S311 (a demo, not a secret)
        self.maker = Maker(self.rng)
        self.units, self.catalogue, self.now = units, catalogue, now
        self.agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self.order = count()
        self.calendar = timing.calendar_for(None)
        self.people: dict[tuple[int, str], list[User]] = {}
        self.actors: dict[int, Actor] = {}
        self.received = self.events = self.refused = 0

    def run(self, dossiers: int, progress: Callable[[str], object]) -> int:
        """Let the month happen; answers how many dossiers came in."""
        first = self.now - timedelta(days=DAYS)
        minutes = worktime.elapsed(first, self.now, calendar=self.calendar)
        for i in range(dossiers):
            when = worktime.add_minutes(first, max(1, minutes * i // dossiers), calendar=self.calendar)
            self._at(when, self._arrive)
        for day in range(1, DAYS + 1):
            self._at((first + timedelta(days=day)).replace(hour=8, minute=0), lambda: jobs.watch_dossiers())
        said = 0
        while self.agenda:
            when, _order, event = heapq.heappop(self.agenda)
            if when > self.now:
                continue
            with clock.told(when):
                self._happen(event)
            if self.received >= said + 100:
                said = self.received
                progress(f"{said} hồ sơ")
        while ledger.seal(self.now):
            pass
        return self.received

    def _happen(self, event: Callable[[], None]) -> None:
        """Let one thing happen. As in life it may be refused: somebody was quicker, or the rule says no."""
        self.events += 1
        try:
            event()
        except Refused as refusal:
            self.refused += 1
            log.info("refused in the demo's month: %s %s", refusal, getattr(refusal, "fields", ""))

    def _at(self, when: datetime, event: Callable[[], None]) -> None:
        heapq.heappush(self.agenda, (when, next(self.order), event))

    def _after(self, hours: float, event: Callable[[], None]) -> None:
        self._at(worktime.add_minutes(clock.now(), max(1, int(hours * 60)), calendar=self.calendar), event)

    # People ------------------------------------------------------------------------------------------------

    def _who(self, unit: Unit, role: str) -> Actor | None:
        """Somebody at the unit with the role."""
        key = (unit.pk, role)
        if key not in self.people:
            grants = {
                "holdings__post__unit": unit,
                "holdings__post__grants__role": role,
                "holdings__post__grants__unit": unit,
            }
            self.people[key] = list(User.objects.filter(**grants).distinct().order_by("pk"))
        people = self.people[key]
        return self._actor(self.rng.choice(people)) if people else None

    def _actor(self, person: User) -> Actor:
        """The actor that a person is; nobody's posts change within the month."""
        if person.pk not in self.actors:
            self.actors[person.pk] = actor_for(person)
        return self.actors[person.pk]

    # Events ------------------------------------------------------------------------------------------------

    def _arrive(self) -> None:
        unit = self.rng.choice(self.units)
        tier = TIER[Level(unit.level)]
        definition = self.rng.choice([one for one in self.catalogue if tier in one.tiers])
        case = self.rng.choice(definition.cases) if self.rng.random() < 0.2 else definition.cases[0]
        counter = self._who(unit, "intake")
        if counter is None:
            return
        application = self.maker.application(definition, case)
        if self.rng.random() < 0.03:
            actions.refuse_intake(
                counter,
                unit,
                application=application,
                reason="Không thuộc thẩm quyền giải quyết.",
                directions="Đề nghị nộp tại Bộ phận Tiếp nhận và Trả kết quả nơi thường trú.",
            )
            return
        if case.at_once:
            actions.at_once(counter, unit, application=application)
            self.received += 1
            return
        dossier = actions.receive(counter, unit, application=application)
        self.received += 1
        pace = self.rng.choices((0.35, 0.7, 1.5), (60, 32, 8))[0]
        self._next(dossier.pk, pace)

    def _next(self, pk: int, pace: float) -> None:
        dossier = Dossier.objects.get(pk=pk)
        step = moves.step_of(dossier)
        hours = step.hours * (4 if step.status == DUES else 1)  # the applicant takes their time to pay
        self._after(hours * pace * self.rng.uniform(0.5, 1.2), lambda: self._work(pk, pace))

    def _work(self, pk: int, pace: float) -> None:
        dossier = Dossier.objects.select_related("unit", "holder_unit", "holder").get(pk=pk)
        if dossier.stage != Stage.PROCESSING:
            return
        step = moves.step_of(dossier)
        actor = self._actor(dossier.holder) if dossier.holder else self._who(dossier.holder_unit, step.role)
        if actor is None:
            return
        chance = self.rng.random()
        if step.may_supplement and chance < 0.1 and not dossier.supplements.exists():
            self._ask(dossier, actor, pace)
            return
        if chance > 0.98:
            self._end(dossier)
            return
        self._decide(dossier, step, actor, pace)

    def _decide(self, dossier: Dossier, step: Step, actor: Actor, pace: float) -> None:
        draft = dossier.new_dates.filter(signed_at__isnull=True).first()
        leader = self._who(dossier.holder_unit, "leader") or self._who(dossier.unit, "leader")
        if draft is not None and leader is not None and self.rng.random() < 0.7:
            dossier = actions.sign_new_date(leader, dossier, reason="Cần xác minh thêm tại cơ quan khác.")
        if not actor.may_at(f"step.{step.role}", [dossier.holder_unit_id]):
            return
        refuse = next((one for one in step.outcomes if one.does == "refuse"), None)
        back = next((one for one in step.outcomes if one.back), None)
        way = step.outcomes[0]
        if refuse is not None and self.rng.random() < 0.05:
            way = refuse
        elif back is not None and self.rng.random() < 0.04:
            way = back
        case = moves.case_of(dossier)
        reasons = (
            (self.rng.choice(case.refusal_reasons).key,)
            if way.does == "refuse" and case.refusal_reasons
            else ()
        )
        dossier = actions.advance(
            actor,
            dossier,
            outcome=way.key,
            reasons=reasons,
            reason="Theo kết quả đối chiếu hồ sơ lưu." if "reason" in way.needs else "",
            answers={} if way.back else self.maker.answers(case.step_fields(step.key), dossier.answers),
        )
        if dossier.stage == Stage.PROCESSING:
            self._next(dossier.pk, pace)
        elif self.rng.random() < 0.85:
            self._after(self.rng.uniform(1, 20), lambda: self._hand_over(dossier.pk))

    def _ask(self, dossier: Dossier, actor: Actor, pace: float) -> None:
        paper = dossier.papers.first()
        actions.request_supplement(
            actor,
            dossier,
            items=[Item(paper.name if paper else "Tờ khai", "bản nộp thiếu trang, đề nghị nộp lại đủ trang")],
            reason="Chưa đủ cơ sở giải quyết.",
            days=self.rng.choice((5, 10, 15)),
        )
        if self.rng.random() < 0.7:
            self._after(self.rng.uniform(8, 60), lambda: self._bring(dossier.pk, pace))

    def _bring(self, pk: int, pace: float) -> None:
        dossier = Dossier.objects.select_related("unit").get(pk=pk)
        counter = self._who(dossier.unit, "intake")
        if counter is not None and dossier.stage == Stage.SUPPLEMENT:
            actions.resume(counter, dossier)
            self._next(pk, pace)

    def _end(self, dossier: Dossier) -> None:
        counter, supervisor = self._who(dossier.unit, "intake"), self._who(dossier.unit, "supervisor")
        if self.rng.random() < 0.6 and counter is not None:
            actions.withdraw(counter, dossier, reason="Người nộp không còn nhu cầu.")
        elif supervisor is not None and dossier.stage in OPEN:
            actions.stop(supervisor, dossier, reason="Đang có tranh chấp do tòa án thụ lý.")

    def _hand_over(self, pk: int) -> None:
        dossier = Dossier.objects.select_related("unit").get(pk=pk)
        counter = self._who(dossier.unit, "intake")
        if counter is None:
            return
        due = [one for one in payments.charges_for([dossier.code])[dossier.code] if one.state == "due"]
        if due:
            cash.collect(
                counter,
                dossier.unit,
                charges=tuple(one.pk for one in due),
                total=sum(one.amount for one in due),
            )
        actions.hand_over(counter, Dossier.objects.get(pk=pk))
