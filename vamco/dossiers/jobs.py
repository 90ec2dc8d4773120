"""What happens to dossiers by the clock. Each dossier is an action of its own, so that one fault stops no other."""

import logging
from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from vamco.core import clock, worktime
from vamco.core.actions import SYSTEM
from vamco.core.errors import Refused
from vamco.core.jobs import app
from vamco.notify import digest
from vamco.organisation.models import Holding, Unit, User

from . import queries
from .actions import watch
from .models import Dossier, Stage, Supplement

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
    ).select_related("dossier")
    _each(
        watch.remind_supplement,
        [
            one.dossier
            for one in waiting.filter(
                reminded_at__isnull=True, deadline__lte=now + timedelta(days=5), deadline__gt=now
            )
        ],
    )
    _each(
        watch.prepare_closing,
        [one.dossier for one in waiting.filter(closing_drafted_at__isnull=True, deadline__lt=now)],
    )


def _each(action, dossiers) -> None:  # type: ignore[no-untyped-def]
    for dossier in dossiers:
        try:
            action(SYSTEM, dossier)
        except Refused as refusal:
            _log.warning("%s: %s", dossier.code, refusal)


@app.periodic(cron="30 23 * * *")  # 06:30 in Viet Nam
@app.task(name="dossiers.digest", queueing_lock="dossiers.digest")
def send_digests(timestamp: int = 0) -> None:
    """One mail a day to each officer with what falls due today and tomorrow, to each head with that of the unit."""
    now = clock.now()
    due = Dossier.objects.filter(stage=Stage.PROCESSING, due_at__lte=now + timedelta(days=2)).select_related(
        "unit", "holder", "holder_unit"
    )
    by_person: dict[int, list[digest.Row]] = defaultdict(list)
    by_unit: dict[int, list[digest.Row]] = defaultdict(list)
    for one in due:
        row = queries.row_of(one, now)
        line = digest.Row(
            code=one.code,
            procedure=row.procedure,
            due_at=one.due_at or now,
            left=worktime.in_words(row.left or 0),
            holder=one.holder.full_name if one.holder else "",
            late=row.state == "late",
        )
        by_unit[one.holder_unit_id].append(line)
        if one.holder_id:
            by_person[one.holder_id].append(line)
    heads = Holding.objects.filter(
        until__isnull=True, post__unit_id__in=by_unit, post__grants__role__in=("head", "supervisor")
    ).select_related("post")
    for holding in heads:
        by_person[holding.user_id] += [
            row for row in by_unit[holding.post.unit_id] if row not in by_person[holding.user_id]
        ]
    units = {
        holding.user_id: holding.post.unit
        for holding in Holding.objects.filter(user_id__in=by_person, until__isnull=True).select_related(
            "post__unit"
        )
    }
    for person in User.objects.filter(pk__in=by_person, is_active=True).exclude(email=""):
        unit: Unit | None = units.get(person.pk)
        if unit is not None:
            digest.digest_due(
                person, by_person[person.pk], unit=unit, url=settings.BASE_URL + reverse("inbox")
            )
