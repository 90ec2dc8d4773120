"""How a dossier ends: handed over, withdrawn, stopped."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.core.inputs import Input, Words
from vamco.core.text import line
from vamco.payments import charges
from vamco.payments import queries as payments

from ...models import TO_COLLECT, Dossier, Stage
from ...papers import slips
from ...rules import inputs, moves, when
from ...telling import messages


def _no_result(dossier: Dossier) -> Words:
    if dossier.stage in TO_COLLECT:
        return ""
    return _("Hồ sơ chưa có kết quả để trả. Hãy tải lại trang để xem tình trạng mới.")


Proof = Annotated[
    str,
    Input(
        _("Giấy tờ đã xem: giấy tờ tùy thân, giấy ủy quyền ..."),
        most=500,
        example="Giấy ủy quyền ngày 09/12/2016",
    ),
]


@action("dossiers.hand_over", label=_("Trả kết quả"), at=lambda dossier: [dossier.unit_id], when=_no_result)
def hand_over(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    collector: Annotated[
        str, Input(_("Người nhận, nếu không phải người nộp"), most=250, example="Nguyễn Văn Bình")
    ] = "",
    collector_number: Annotated[
        str, Input(_("Số giấy tờ tùy thân của người nhận"), most=250, example="080090000015")
    ] = "",
    proof: Proof = "",
    version: inputs.Version = None,
) -> Dossier:
    """Give the result to the citizen, with who collected it and on what proof (trả kết quả).

    `collector` empty means the applicant in person; somebody else needs a proof (authorisation, post receipt). Of
    `collector_number`, the number of the identity paper that was looked at, the last four signs are kept.
    """
    owed = payments.balance(dossier.code)
    if owed > 0:
        raise Refused(
            _("Hồ sơ còn phải nộp %(amount)s đ. Hãy thu tiền trước khi trả kết quả.")
            % {"amount": f"{owed:,}".replace(",", ".")}
        )
    instead = collector not in ("", dossier.applicant_name)
    if instead and not proof:
        raise Invalid(_("Người nhận thay phải có giấy ủy quyền; hãy ghi giấy tờ đã xem."), field="proof")
    at = clock.now()
    moves.end(dossier, Stage.RETURNED, 10, at)
    moves.tell(
        dossier,
        actor,
        "handed_over",
        public=True,
        at=at,
        collector=collector or dossier.applicant_name,
        instead=instead,
        proof=proof,
        number=f"…{collector_number[-4:]}" if len(collector_number) > 6 else "",
    )
    slips.control(actor, dossier)
    moves.touch(dossier, at)
    return dossier


_not_open = when.decided(_("Hồ sơ %(stage)s nên không rút hoặc dừng được nữa."))


@action(
    "dossiers.hand_over",
    label=_("Công dân rút hồ sơ"),
    when=_not_open,
    at=lambda dossier: [dossier.unit_id],
    name="dossiers.withdraw",
    signs=True,
)
def withdraw(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    reason: Annotated[str, inputs.reason(_("Lý do rút"), "Người nộp đề nghị bằng đơn ngày 09/12/2016")],
    version: inputs.Version = None,
) -> Dossier:
    """The applicant takes the dossier back before it is decided (rút hồ sơ)."""
    _end(actor, dossier, Stage.WITHDRAWN, 7, "withdrawn", line(reason))
    return dossier


@action(
    "dossiers.supervise",
    label=_("Dừng giải quyết"),
    when=_not_open,
    at=lambda dossier: set(dossier.unit.path),
    name="dossiers.stop",
    signs=True,
)
def stop(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    reason: Annotated[str, inputs.reason(_("Lý do và căn cứ"), "Quyết định của Tòa án ngày 09/12/2016")],
    version: inputs.Version = None,
) -> Dossier:
    """Stop working on a dossier on a ground of law, on record and told to the applicant (dừng giải quyết)."""
    _end(actor, dossier, Stage.STOPPED, 8, "stopped", line(reason))
    return dossier


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
