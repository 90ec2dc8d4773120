"""What the system does by itself: by the clock it warns, prepares apologies, reminds of supplements, prepares closings;
when somebody goes, it puts their dossiers back into the pool.

A person always decides: the system drafts, it never signs or closes.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.organisation.models import User

from ...models import OPEN, Dossier, Stage, Supplement
from ...rules import deadlines, moves
from ...telling import messages, notices
from .dates import draft_new_date, no_new_date, sign_by


@action("dossiers.watch", label=_("Nhắc hạn"))
def warn(actor: Actor, dossier: Dossier, /) -> Dossier:
    """Warn of the due time (nhắc hạn): the holder, then also the head, then also the one-stop unit. When it is time for
    the regime's rule, the apology with a new date is drafted, too."""
    now = clock.now()
    if dossier.stage != Stage.PROCESSING or dossier.warn_at is None or dossier.warn_at > now:
        return dossier
    late = dossier.due_at is not None and dossier.due_at <= now
    share = 100 if late else next(one for one in deadlines.WARN_AT if one > dossier.warned)
    dossier.warned = share
    deadlines.plan_warning(dossier, deadlines.counting_since(dossier))
    notices.warning(dossier, share)
    moves.tell(dossier, actor, "warned", at=now, share=share)
    dossier.save()
    if share >= 90:
        _draft_apology(actor, dossier)
    return dossier


def _draft_apology(actor: Actor, dossier: Dossier) -> None:
    """Draft the apology while there is still time to sign it, when none is there and one more is allowed."""
    if not no_new_date(dossier):
        draft_new_date(actor, dossier, reason=gettext_noop("Hồ sơ cần thêm thời gian xem xét."))


def apology_is_near(dossier: Dossier) -> bool:
    """Whether the last moment to sign an apology is less than a working day away."""
    return (
        dossier.due_at is not None
        and deadlines.minutes_left(clock.now(), sign_by(dossier), dossier.unit) <= 8 * 60
    )


@action("dossiers.watch", label=_("Tự soạn phiếu xin lỗi"))
def prepare_apology(actor: Actor, dossier: Dossier, /) -> Dossier:
    """Draft the apology a working day before it must be signed (dự thảo phiếu xin lỗi)."""
    if dossier.stage == Stage.PROCESSING and apology_is_near(dossier):
        _draft_apology(actor, dossier)
        dossier.refresh_from_db()
    return dossier


REMIND = 3 * 8 * 60
"""Office minutes before the deadline of a supplement at which the applicant is reminded: three working days."""


def reminder_is_near(asked: Supplement) -> bool:
    """Whether it is time to remind of a supplement: three working days before its deadline, or at half of its time when
    that comes later, so that nobody is reminded of what was asked for just now."""
    office, now = asked.dossier.unit, clock.now()
    half = deadlines.used_minutes(asked.asked_at, asked.deadline, office) // 2
    return now < asked.deadline and deadlines.minutes_left(now, asked.deadline, office) <= min(REMIND, half)


@action("dossiers.watch", label=_("Nhắc bổ sung"))
def remind_supplement(actor: Actor, dossier: Dossier, /) -> Dossier:
    """Remind the applicant of a supplement before its deadline, once (nhắc bổ sung)."""
    asked = dossier.supplements.filter(answered_at__isnull=True, reminded_at__isnull=True).first()
    if asked is None:
        return dossier
    asked.reminded_at = clock.now()
    asked.save(update_fields=["reminded_at"])
    messages.reminder(dossier, asked)
    moves.tell(dossier, actor, "supplement_reminded", public=True)
    return dossier


@action("dossiers.watch", label=_("Tự soạn phiếu kết thúc"))
def prepare_closing(actor: Actor, dossier: Dossier, /) -> Dossier:
    """The supplement's deadline is over: prepare the closing slip for a person to confirm (dự thảo thông báo kết thúc)."""
    asked = dossier.supplements.filter(answered_at__isnull=True, closing_drafted_at__isnull=True).first()
    if asked is None or asked.deadline > clock.now():
        return dossier
    asked.closing_drafted_at = clock.now()
    asked.save(update_fields=["closing_drafted_at"])
    moves.tell(dossier, actor, "closing_drafted")
    moves.touch(dossier)
    return dossier


@action("dossiers.watch", label=_("Đưa hồ sơ về hàng chung"))
def back_to_pool(actor: Actor, dossier: Dossier, /, *, person: User) -> Dossier:
    """Put the dossier of somebody who has gone back into the pool of the unit that has it (đưa về hàng chung): whoever
    assigns there finds it, and everybody who may do the step. Step and time go on."""
    if dossier.stage not in OPEN or dossier.holder_id != person.pk:
        return dossier
    dossier.holder = None
    dossier.runs.filter(left_at__isnull=True).update(person=None)
    moves.tell(dossier, actor, "back_to_pool", person=person.full_name)
    moves.touch(dossier)
    return dossier
