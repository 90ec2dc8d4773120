"""Intake: a dossier is received, here or for the unit that is competent."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.core.inputs import Input
from vamco.core.rows import together
from vamco.organisation.models import Unit
from vamco.organisation.validity import open_on
from vamco.payments.models import Charge
from vamco.timing import queries as timing
from vamco.web.words import due as due_words

from ...models import Dossier, Visit
from ...papers import slips
from ...rules import moves
from ...rules.application import Application
from ...rules.checking import Checked, check
from ...telling import messages
from .inputs import Expected, OfVisit, ReceivedAt
from .storing import charge, collect, insert_dossier, insert_parts, new_dossier, register_party

ACCEPTED = 2
"""National status: received and not yet taken up."""


def _received(dossier: Dossier) -> str:
    if dossier.due_at is None:
        return _("Đã tiếp nhận %(code)s.") % {"code": dossier.code}
    return _("Đã tiếp nhận %(code)s, hẹn trả %(due)s.") % {
        "code": dossier.code,
        "due": due_words(dossier.due_at),
    }


@action("dossiers.receive", label=_("Tiếp nhận hồ sơ"), done=_received, locks=False)
def receive(
    actor: Actor,
    unit: Unit,
    /,
    *,
    application: Application | Checked,
    visit: OfVisit = None,
    received_at: ReceivedAt = None,
    strict: bool = False,
    slip: Annotated[bool, Input(_("Lập giấy tiếp nhận"))] = True,
    expected: Expected = None,
) -> Dossier:
    """Receive a dossier (tiếp nhận hồ sơ): it gets its code, its due time and its first step; the applicant a slip.

    An application is checked here, `strict`ly when a program sent it, unless it is a `Checked` of the same actor and
    unit. `received_at` is for what came by post only: never in the future. The procedure's version is that of the day of
    receipt, or today's where the catalogue has none of that day.
    `expected` is the sum in đồng that was asked of the applicant for what is paid now: it is collected here, on a
    receipt of its own; without it the cashier collects. Raises `Invalid` with every fault at once, `Refused` when the
    unit does not receive this.
    """
    if visit is not None and visit.unit_id != unit.pk:
        raise Invalid(_("Lượt nộp này ở đơn vị khác. Hãy mở lượt nộp mới."), field="visit")
    if received_at is not None and received_at > clock.now():
        raise Invalid(_("Thời điểm tiếp nhận không thể ở tương lai."), field="received_at")
    checked = _checked(actor, unit, application, received_at, strict=strict)
    dossier, owed = _store(actor, unit, checked, visit)
    if expected is not None and checked.application.pay == "now":
        collect(actor, unit, owed, expected, dossier.applicant_name)
    if slip:
        slips.receipt(actor, dossier, owed={dossier.code: owed})
    messages.received(dossier)
    messages.reached(dossier, actor, dossier.received_at)
    return dossier


def _checked(
    actor: Actor,
    unit: Unit,
    application: Application | Checked,
    received_at: datetime | None,
    *,
    strict: bool,
) -> Checked:
    """The application in order. A `Checked` of somebody else, another unit, moment or purpose is a mistake of the program."""
    if isinstance(application, Application):
        return check(actor, unit, application, received_at or clock.now(), strict=strict)
    if not isinstance(application, Checked):
        raise TypeError("an application is received, or one that was checked")
    if not application.permits(actor, unit) or received_at not in (None, application.received_at):
        raise ValueError("this application was checked for another actor, unit, moment or purpose")
    return application


def _store(actor: Actor, unit: Unit, checked: Checked, visit: Visit | None) -> tuple[Dossier, list[Charge]]:
    """Write the dossier in its first step, and what is owed for it."""
    content, application, at = checked.content, checked.application, checked.received_at
    people = [
        (party, register_party(actor, unit, party, f"parties.{i}.", data=data))
        for i, (party, data) in enumerate(zip(application.parties, checked.people, strict=True))
    ]
    dossier = new_dossier(unit, application, content, people, at, visit)
    first = content.case.process.step(content.case.process.first)
    moves.place(dossier, first, actor, at)
    dossier.status = ACCEPTED
    insert_dossier(dossier)
    with together():
        insert_parts(dossier, content, people, at)
        moves.begin_run(dossier, first, actor, at)
        note = application.note.strip()[:1000]
        moves.tell(
            dossier, actor, "received", public=True, at=at, unit_id=unit.pk, unit=unit.agency, note=note
        )
        return dossier, charge(dossier, content, application)


def _forwarded(dossier: Dossier) -> str:
    return _("Đã nhận và chuyển %(code)s đến %(unit)s.") % {"code": dossier.code, "unit": dossier.unit.agency}


@action("dossiers.receive", label=_("Chuyển nơi có thẩm quyền"), done=_forwarded, locks=False)
def forward(
    actor: Actor,
    unit: Unit,
    /,
    *,
    application: Application,
    to: Annotated[str, Input(_("Bộ phận một cửa có thẩm quyền"), most=40)] = "",
    note: Annotated[str, Input(_("Ghi chú"), most=500, long=True)] = "",
) -> Dossier:
    """The wrong authority: under a regime that says so, the dossier is received here for the right one-stop unit and
    sent on the same day (Decree 61/2018 article 18)."""
    if timing.regime_at(clock.now()).wrong_authority != "forward":
        raise Refused(
            _(
                "Quy định đang áp dụng không cho chuyển hồ sơ nhận sai thẩm quyền. Hãy từ chối và hướng dẫn người dân đến đúng nơi."
            )
        )
    right = Unit.objects.filter(open_on(clock.today()), code=to).first()
    if right is None or right.pk == unit.pk:
        raise Invalid(_("Hãy chọn bộ phận một cửa có thẩm quyền."), field="to")
    both = {**actor.scope, "dossiers.receive": frozenset({unit.pk, right.pk})}
    inner = replace(actor, scope=both, request_key=None)
    dossier = receive(inner, right, application=application)
    moves.involve(dossier, unit.pk, "received", clock.now())
    moves.tell(
        dossier,
        actor,
        "forwarded",
        public=True,
        unit_id=unit.pk,
        source=unit.agency,
        to=right.agency,
        note=note,
    )
    moves.touch(dossier)
    return dossier
