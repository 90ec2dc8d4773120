"""What happens to dossiers by the clock. Each dossier is an action of its own, so that one fault stops no other."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock, visibility, worktime
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Refused
from vamco.core.jobs import app
from vamco.notify import bell, digest
from vamco.organisation.access import actor_for
from vamco.organisation.models import Holding, User
from vamco.organisation.roles import roles
from vamco.organisation.validity import held_on

from . import queries
from .models import OPEN, Consultation, Dossier, NewDate, Stage, Supplement
from .rules import deadlines
from .telling import notices
from .work.actions import watch
from .work.actions.dates import may_sign_at, sign_by

_log = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(name="dossiers.watch", queueing_lock="dossiers.watch")
def watch_dossiers(timestamp: int = 0) -> None:
    """Warn, draft apologies, remind of supplements and prepare closings, as their time has come."""
    now = clock.now()
    processing = Dossier.objects.filter(stage=Stage.PROCESSING)
    _each(watch.warn, processing.filter(warn_at__lte=now))
    near = processing.filter(due_at__gt=now, due_at__lte=now + timedelta(days=10)).exclude(
        new_dates__isnull=False
    )
    _each(watch.prepare_apology, [one for one in near.select_related("unit") if watch.apology_is_near(one)])
    waiting = Supplement.objects.filter(
        answered_at__isnull=True, dossier__stage=Stage.SUPPLEMENT
    ).select_related("dossier__unit")
    # Three working days are fewer than three weeks even around Tết.
    soon = waiting.filter(reminded_at__isnull=True, deadline__gt=now, deadline__lte=now + timedelta(days=21))
    _each(watch.remind_supplement, [one.dossier for one in soon if watch.reminder_is_near(one)])
    _each(
        watch.prepare_closing,
        [one.dossier for one in waiting.filter(closing_drafted_at__isnull=True, deadline__lt=now)],
    )


def _each(action: Callable[[Actor, Dossier], object], dossiers: Iterable[Dossier]) -> None:
    for dossier in dossiers:
        try:
            action(SYSTEM, dossier)
        except Refused as refusal:
            _log.warning("%s: %s", dossier.code, refusal)


@app.periodic(cron="30 23 * * *")  # 06:30 in Viet Nam
@app.task(name="dossiers.digest", queueing_lock="dossiers.digest")
def send_digests(timestamp: int = 0) -> None:
    """One mail a day to each officer with what falls due today and tomorrow, to each head with that of the unit; whoever
    is asked for an opinion, or may sign an apology, is reminded in the same mail, and so is whoever has not read what came
    for them since yesterday's. Nobody is told of a dossier that they may not see."""
    by_person: Lines = defaultdict(list)
    _of_dossiers(by_person)
    _of_apologies(by_person)
    _of_consultations(by_person)
    told = by_person.keys() | bell.people_told_since(clock.now() - timedelta(days=1))
    holdings = Holding.objects.filter(held_on(clock.today()), user_id__in=told).select_related("post__unit")
    units = {holding.user_id: holding.post.unit for holding in holdings}
    for person in User.objects.filter(pk__in=units, is_active=True).exclude(email=""):
        lines, actor = list(dict.fromkeys(by_person.get(person.pk, ()))), actor_for(person)
        shut = visibility.closed_among(actor, {line.code for line in lines})
        lines = [line for line in lines if line.code not in shut]
        unread = list(bell.notices(actor, unread=True)[: bell.COUNTED])
        url = settings.BASE_URL + reverse("inbox" if lines else "notices")
        digest.digest_due(person, lines, unit=units[person.pk], notices=unread, url=url)


Lines = dict[int, list[digest.Row]]
NEAR = timedelta(days=2)


def _of_dossiers(by_person: Lines) -> None:
    """What falls due: to who holds it, and to the heads of the unit that has it."""
    now = clock.now()
    by_unit: Lines = defaultdict(list)
    due = Dossier.objects.filter(stage__in=OPEN, due_at__lte=now + NEAR)
    for one in due.select_related("unit", "holder", "holder_unit"):
        line = _line(one, now, queries.name_of(one))
        by_unit[one.holder_unit_id].append(line)
        if one.holder_id:
            by_person[one.holder_id].append(line)
    _to_roles(by_person, by_unit, (*notices.HEADS, "supervisor"))


def _line(one: Dossier, now: datetime, words: str) -> digest.Row:
    left, state = queries.standing(one, now)
    holder = one.holder.full_name if one.holder else ""
    due = one.due_at or now
    return digest.Row(one.code, words, due, worktime.in_words(left or 0), holder, late=state == "late")


def _of_apologies(by_person: Lines) -> None:
    """Apologies that wait for a signature: to those who may sign them (see `sign_new_date`)."""
    now = clock.now()
    by_unit: Lines = defaultdict(list)
    drafts = NewDate.objects.filter(signed_at__isnull=True, dossier__stage=Stage.PROCESSING)
    for draft in drafts.select_related("dossier__unit", "dossier__holder"):
        one = draft.dossier
        until = f"{clock.local(sign_by(one)):%H:%M %d/%m/%Y}"
        words = _("Chờ ký xin lỗi trước %(until)s: %(procedure)s")
        line = _line(one, now, words % {"until": until, "procedure": queries.name_of(one)})
        for unit_id in may_sign_at(one):
            by_unit[unit_id].append(line)
    signs = [key for key, role in roles().items() if "dossiers.sign_new_date" in role.permissions]
    _to_roles(by_person, by_unit, signs)


def _of_consultations(by_person: Lines) -> None:
    """Opinions that are asked for: to those in the unit who may give them."""
    now = clock.now()
    by_unit: Lines = defaultdict(list)
    asked = Consultation.objects.filter(
        answered_at__isnull=True, due_at__lte=now + NEAR, dossier__stage__in=OPEN
    )
    for one in asked.select_related("dossier", "unit", "asked_by"):
        left = deadlines.minutes_left(now, one.due_at, one.unit)
        line = digest.Row(
            one.dossier.code, _("Xin ý kiến: %(question)s") % {"question": one.question[:80]}, one.due_at,
            worktime.in_words(left), one.asked_by.full_name if one.asked_by else "", late=now > one.due_at,
        )  # fmt: skip
        by_unit[one.unit_id].append(line)
    _to_roles(by_person, by_unit, ("head", "specialist"))


def _to_roles(by_person: Lines, by_unit: Lines, roles: Iterable[str]) -> None:
    """Give the lines of each unit to the people whose posts have one of the roles there."""
    holdings = Holding.objects.filter(
        held_on(clock.today()), post__grants__unit_id__in=by_unit, post__grants__role__in=roles
    )
    for user_id, unit_id in holdings.values_list("user_id", "post__grants__unit_id").distinct():
        by_person[user_id] += by_unit[unit_id]
