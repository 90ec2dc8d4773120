"""How a dossier ends: handed over, withdrawn, stopped."""

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.payments import charges
from vamco.payments import queries as payments

from ...models import OPEN, TO_COLLECT, Dossier, Stage
from ...papers import slips
from ...rules import moves
from ...telling import messages


@action("dossiers.hand_over", label=_("Trả kết quả"), at=lambda dossier: [dossier.unit_id])
def hand_over(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    collector: str = "",
    collector_number: str = "",
    proof: str = "",
    version: int | None = None,
) -> Dossier:
    """Give the result to the citizen, with who collected it and on what proof (trả kết quả).

    `collector` empty means the applicant in person; somebody else needs a proof (authorisation, post receipt). Of
    `collector_number`, the number of the identity paper that was looked at, the last four signs are kept.
    """
    moves.check_version(dossier, version)
    if dossier.stage not in TO_COLLECT:
        raise Refused(_("Hồ sơ chưa có kết quả để trả. Hãy tải lại trang để xem tình trạng mới."))
    owed = payments.balance(dossier.code)
    if owed > 0:
        raise Refused(
            _("Hồ sơ còn phải nộp %(amount)s đ. Hãy thu tiền trước khi trả kết quả.")
            % {"amount": f"{owed:,}".replace(",", ".")}
        )
    collector = " ".join(collector.split())[:250]
    proof = " ".join(proof.split())[:500]
    instead = collector not in ("", dossier.applicant_name)
    if instead and not proof:
        raise Invalid(_("Người nhận thay phải có giấy ủy quyền; hãy ghi giấy tờ đã xem."), field="proof")
    at = clock.now()
    moves.end(dossier, Stage.RETURNED, 10, at)
    digits = collector_number.strip()
    moves.tell(
        dossier,
        actor,
        "handed_over",
        public=True,
        at=at,
        collector=collector or dossier.applicant_name,
        instead=instead,
        proof=proof,
        number=f"…{digits[-4:]}" if len(digits) > 6 else "",
    )
    slips.control(actor, dossier)
    moves.touch(dossier, at)
    return dossier


@action(
    "dossiers.hand_over",
    label=_("Rút hồ sơ"),
    at=lambda dossier: [dossier.unit_id],
    name="dossiers.withdraw",
    signs=True,
)
def withdraw(actor: Actor, dossier: Dossier, /, *, reason: str, version: int | None = None) -> Dossier:
    """The applicant takes the dossier back before it is decided (rút hồ sơ)."""
    moves.check_version(dossier, version)
    _check_open(dossier)
    _end(actor, dossier, Stage.WITHDRAWN, 7, "withdrawn", moves.check_reason(reason))
    return dossier


@action(
    "dossiers.supervise",
    label=_("Dừng giải quyết"),
    at=lambda dossier: set(dossier.unit.path),
    name="dossiers.stop",
    signs=True,
)
def stop(actor: Actor, dossier: Dossier, /, *, reason: str, version: int | None = None) -> Dossier:
    """Stop working on a dossier on a ground of law, on record and told to the applicant (dừng giải quyết)."""
    moves.check_version(dossier, version)
    _check_open(dossier)
    _end(actor, dossier, Stage.STOPPED, 8, "stopped", moves.check_reason(reason))
    return dossier


def _check_open(dossier: Dossier) -> None:
    if dossier.stage not in OPEN:
        raise Refused(
            _("Hồ sơ %(stage)s nên không rút hoặc dừng được nữa.") % {"stage": dossier.get_stage_display()}
        )


def _end(actor: Actor, dossier: Dossier, stage: Stage, status: int, kind: str, reason: str) -> None:
    at = clock.now()
    dossier.supplements.filter(answered_at__isnull=True).update(answered_at=at)
    charges.cancel_charges(dossier.code)
    moves.leave(dossier, actor, at, outcome=kind, name=str(stage.label), reason=reason)
    moves.end(dossier, stage, status, at)
    slips.stopped(actor, dossier, reason)
    messages.ended(dossier, reason, withdrawn=kind == "withdrawn")
    moves.tell(dossier, actor, kind, public=True, at=at, reason=reason)
    moves.touch(dossier, at)
