"""One person at the counter (lượt tiếp công dân): several dossiers, one payment, one slip."""

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Refused
from vamco.organisation.models import Unit
from vamco.payments import queries as payments

from ...models import Dossier, Slip, Visit
from ...papers import slips
from .inputs import Expected
from .storing import collect


@action(
    "dossiers.receive",
    label=_("Bắt đầu lượt tiếp công dân"),
    done=_("Đã bắt đầu lượt tiếp công dân."),
    locks=False,
)
def open_visit(actor: Actor, unit: Unit, /) -> Visit:
    """Somebody came to the counter: several dossiers will share one payment and one slip."""
    return Visit.objects.create(unit=unit, at=clock.now(), by_id=actor.user_id)


@action(
    "dossiers.receive",
    label=_("Xong lượt tiếp công dân"),
    done=_("Đã lập giấy tiếp nhận chung của lượt nộp."),
    locks=False,
)
def close_visit(actor: Actor, visit: Visit, /, *, expected: Expected = None) -> Slip:
    """The slip over all dossiers of a visit. With `expected`, the sum in đồng that was asked, everything that is due now
    is collected on one receipt first."""
    dossiers = list(
        visit.dossiers.select_related("unit").prefetch_related("parties", "papers").order_by("pk")
    )
    if not dossiers:
        raise Refused(_("Lượt nộp này chưa có hồ sơ nào."))
    if visit.slips.filter(kind="receipt").exists():
        raise Refused(_("Lượt nộp này đã in giấy tiếp nhận. Hãy in lại ở trang hồ sơ, hoặc mở lượt nộp mới."))
    if expected is not None:
        owed = [
            charge
            for charges in payments.charges_for([dossier.code for dossier in dossiers]).values()
            for charge in charges
            if charge.due == "now"
        ]
        collect(actor, visit.unit, owed, expected, dossiers[0].applicant_name)
    return slips.receipt(actor, *dossiers, visit=visit)


@action("dossiers.receive", label=_("In phiếu theo yêu cầu"), done=_("Đã lập giấy tiếp nhận."), locks=False)
def slip_on_request(actor: Actor, dossier: Dossier, /) -> Slip:
    """The receipt slip of a dossier that got none, because the applicant waited for the result."""
    if dossier.slips.filter(kind="receipt").exists():
        raise Refused(_("Hồ sơ đã có giấy tiếp nhận. Hãy in lại ở trang hồ sơ."))
    return slips.receipt(actor, dossier)
