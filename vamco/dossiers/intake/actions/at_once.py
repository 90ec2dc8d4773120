"""What is done while the applicant waits: received, paid, decided, numbered and handed over in one action."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input
from vamco.organisation.models import Unit, User
from vamco.organisation.validity import held_on
from vamco.payments import queries as payments

from ...models import Dossier, Stage
from ...papers import drafting
from ...rules import moves
from ...rules.application import Application
from ...rules.checking import Checked
from .inputs import Expected, OfVisit
from .receiving import receive
from .storing import collect


@action(
    "dossiers.at_once",
    label=_("Giải quyết ngay"),
    done=_("Đã giải quyết ngay %(it)s."),
    locks=False,
    signs=True,
)
def at_once(
    actor: Actor,
    unit: Unit,
    /,
    *,
    application: Application | Checked,
    signer: Annotated[
        int | None, Input(_("Người ký"), help=_("để trống là lãnh đạo đầu tiên của đơn vị"))
    ] = None,
    visit: OfVisit = None,
    expected: Expected = None,
    slip: Annotated[bool, Input(_("Lập giấy tiếp nhận"))] = False,
) -> Dossier:
    """Do a same-day procedure on the spot (giải quyết ngay): nothing is left half-done if any part is refused.

    `signer` is who signed the paper by hand (the unit's first leader if nobody is named); `expected` the sum that was
    asked of the applicant, in đồng.
    """
    inner = actor.once(None)
    dossier = receive(inner, unit, application=application, visit=visit, slip=slip)
    case = moves.case_of(dossier)
    if not case.at_once:
        raise Invalid(
            _("Trường hợp này không giải quyết ngay được. Hãy tiếp nhận và hẹn trả kết quả."), field="case"
        )
    at = clock.now()
    owed = payments.charges_for([dossier.code])[dossier.code]
    collect(inner, unit, owed, expected, dossier.applicant_name)
    person = _signer(unit, signer)
    dossier.lead_id = actor.user_id
    drafting.number(inner, dossier, person)
    moves.leave(dossier, inner, at, outcome="at_once", name=gettext_noop("Giải quyết ngay"))
    moves.to_counter(dossier, Stage.READY, at)
    moves.end(dossier, Stage.RETURNED, 10, at)
    entry = getattr(dossier, "entry", None)
    moves.tell(
        dossier,
        inner,
        "decided_at_once",
        public=True,
        at=at,
        number=str(entry.number) if entry else "",
        signer=person.full_name,
    )
    moves.touch(dossier, at)
    return dossier


def _signer(unit: Unit, signer: int | None) -> User:
    if signer is None:
        return drafting.first_leader(drafting.issuing_unit(unit))
    found = User.objects.filter(
        held_on(clock.today(), "holdings__"),
        pk=signer,
        is_active=True,
        holdings__post__unit_id__in=unit.path,
        holdings__post__grants__role="leader",
    ).first()
    if found is None:
        raise Invalid(_("Người ký phải là lãnh đạo của đơn vị."), field="signer")
    return found
