"""What the one-stop shop shows on pages that others share: a person's morning, a unit's page.

Counts come from the queries of the inbox, and each leads to the list that it counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.organisation.models import Unit
from vamco.procedures.definition import Step, definition
from vamco.procedures.wording import said

from . import queries
from .models import OPEN, Stage
from .queries import Filter


@dataclass(frozen=True)
class Line:
    """Dossiers that wait alike: how many, how many of them late or due today, and the list that holds them."""

    label: str
    url: str
    count: int
    late: int = 0
    today: int = 0


@dataclass(frozen=True)
class Block:
    """What waits for one reason; `url` is the list of all of it."""

    key: str
    title: str
    url: str
    lines: list[Line]

    @property
    def count(self) -> int:
        """How many dossiers in all."""
        return sum(line.count for line in self.lines)


def morning(actor: Actor, _subject: None) -> dict[str, Any] | None:
    """What waits for the actor, most urgent first; six queries, however much it is."""
    counts = queries.tab_counts(actor)
    mine, pool = _by_step(actor, "mine"), _by_step(actor, "pool")
    blocks = [
        _to_sign(counts, mine, pool),
        _mine(mine),
        _of_my_units(actor, counts),
        Block("pool", _("Chờ nhận"), _list("pool"), [_sum(pool, _("Chưa ai nhận"), _list("pool"))]),
        _asked(actor),
    ]
    waiting = [block for block in blocks if block and block.count]
    return {"blocks": waiting} if waiting else None


def _list(tab: str, **narrowed: str) -> str:
    return f"{reverse('inbox')}?{urlencode({'tab': tab, **narrowed})}"


def _today() -> Q:
    """Due between now and the end of the day."""
    now = clock.now()
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Q(stage__in=OPEN, due_at__gte=now, due_at__lt=midnight)


@dataclass(frozen=True)
class _Part:
    """The dossiers of a tab that stand in one step of one procedure; in none when nobody works on them."""

    step: Step | None
    count: int
    late: int
    today: int


def _by_step(actor: Actor, tab: str) -> list[_Part]:
    """The dossiers of a tab of the inbox, counted by step; one query."""
    rows = queries.search(actor, Filter(tab=tab)).order_by()
    found = rows.values("procedure_version_id", "case_key", "step", "stage").annotate(
        n=Count("pk"),
        late=Count("pk", filter=queries.late(clock.now())),
        today=Count("pk", filter=_today()),
    )
    return [_Part(_step(row), row["n"], row["late"], row["today"]) for row in found]


def _step(row: Mapping[str, Any]) -> Step | None:
    if row["stage"] != Stage.PROCESSING:
        return None
    return definition(row["procedure_version_id"]).case(row["case_key"]).process.step(row["step"])


def _sum(parts: Iterable[_Part], label: str, url: str) -> Line:
    parts = list(parts)
    return Line(
        label,
        url,
        sum(part.count for part in parts),
        sum(part.late for part in parts),
        sum(part.today for part in parts),
    )


def _to_sign(counts: dict[str, int], mine: list[_Part], pool: list[_Part]) -> Block:
    """Steps with an outcome that approves: by it the leader signs. Then apologies that were drafted."""
    lines = []
    for tab, parts in (("mine", mine), ("pool", pool)):
        steps = {part.step.key: part.step for part in parts if part.step and _approves(part.step)}
        for key, step in steps.items():
            of_step = (part for part in parts if part.step and part.step.key == key)
            name = said(step)
            label = name if tab == "mine" else _("%(step)s, chưa ai nhận") % {"step": name}
            lines.append(_sum(of_step, label, _list(tab, buoc=key)))
    apologies = _list("apologies")
    lines.append(Line(_("Phiếu xin lỗi, hẹn lại ngày trả"), apologies, counts["apologies"]))
    url = next((line.url for line in lines if line.count), apologies)
    return Block("sign", _("Chờ tôi ký"), url, [line for line in lines if line.count])


def _approves(step: Step) -> bool:
    return any(outcome.does == "approve" for outcome in step.outcomes)


def _mine(parts: list[_Part]) -> Block:
    url = _list("mine")
    return Block("mine", _("Trong tay tôi"), url, [_sum(parts, _("Hồ sơ của tôi"), url)])


def _of_my_units(actor: Actor, counts: dict[str, int]) -> Block | None:
    """For who gives work to others: what is late, due today or given to nobody in their units."""
    if not actor.may_anywhere("dossiers.assign"):
        return None
    today = queries.search(actor, Filter(tab="unit")).filter(_today()).count()
    lines = [
        Line(_("Quá hạn"), _list("late"), counts["late"], late=counts["late"]),
        Line(_("Hẹn trả hôm nay"), _list("unit"), today, today=today),
        Line(_("Chưa giao cho ai"), _list("unassigned"), counts["unassigned"]),
    ]
    return Block("unit", _("Trong đơn vị tôi"), _list("unit"), [line for line in lines if line.count])


def _asked(actor: Actor) -> Block | None:
    """Questions that the actor's units have not answered."""
    if not actor.may_anywhere("dossiers.answer"):
        return None
    waiting = [consultation.due_at for consultation in queries.consultations(actor)]
    url, now = _list("y-kien"), clock.now()
    today = clock.today()
    line = Line(
        _("Chờ trả lời"),
        url,
        len(waiting),
        sum(due < now for due in waiting),
        sum(due >= now and clock.local(due).date() == today for due in waiting),
    )
    return Block("asked", _("Đơn vị khác hỏi ý kiến"), url, [line])


# A unit's page ---------------------------------------------------------------------------------------------


def of_unit(actor: Actor, unit: Unit) -> dict[str, Any] | None:
    """The unit's work, for who may read its dossiers; two queries, from those that the reader may know of."""
    if not actor.may_at("dossiers.view", [unit.pk]):
        return None
    visible = queries.visible(actor).order_by()
    held = visible.filter(holder_unit=unit, stage__in=OPEN).aggregate(
        open=Count("pk"), late=Count("pk", filter=queries.late(clock.now()))
    )
    received = visible.filter(unit=unit, received_at__gte=month_start()).count()
    return {**held, "received": received, "month": clock.today()}


def month_start() -> datetime:
    """The first moment of this month."""
    return clock.local(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
