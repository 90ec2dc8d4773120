"""Why something cannot be done with a dossier now, or nothing: what has no button is refused with these words."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from vamco.core.actors import Actor
from vamco.core.errors import NotAllowed, Refused
from vamco.core.inputs import Words

from ..models import OPEN, Dossier, Stage
from . import moves


def in_no_step(dossier: Dossier) -> Words:
    """It is not being worked on."""
    try:
        moves.step_of(dossier)
    except Refused as refusal:
        return refusal.message
    return ""


def decided(text: Words) -> Callable[[Dossier], Words]:
    """It is decided or ended; `text` says so of its `stage`."""

    def why(dossier: Dossier) -> Words:
        return "" if dossier.stage in OPEN else str(text) % {"stage": dossier.get_stage_display()}

    return why


def ended(dossier: Dossier) -> Words:
    """It is closed, so that nothing is added."""
    return _("Hồ sơ đã kết thúc nên không thêm giấy tờ được.") if dossier.ended_at is not None else ""


def not_waiting(dossier: Dossier) -> Words:
    """It waits for no supplement."""
    if dossier.stage == Stage.SUPPLEMENT and dossier.supplements.filter(answered_at__isnull=True).exists():
        return ""
    return _("Hồ sơ không chờ bổ sung. Hãy tải lại trang để xem tình trạng mới.")


def held_by_another(actor: Actor, dossier: Dossier) -> None:
    """Refuse when somebody else has the dossier; a stand-in counts as the person. Raises `Refused`."""
    mine = {None, actor.user_id, *actor.stands_in_for}
    if dossier.holder_id not in mine and not actor.everything:
        raise Refused(
            _("Hồ sơ đang do %(who)s giữ. Hãy đề nghị người phụ trách chuyển giao trước khi làm tiếp.")
            % {"who": dossier.holder.full_name if dossier.holder else ""}
        )


def not_ones_step(actor: Actor, dossier: Dossier) -> None:
    """Refuse an actor whose posts do not have the step's role where the dossier is, or while somebody else has it."""
    step = moves.step_of(dossier)
    if not actor.may_at(f"step.{step.role}", [dossier.holder_unit_id]):
        raise NotAllowed(
            _("Bước «%(step)s» do người khác phụ trách. Ông/bà xem được hồ sơ nhưng không xử lý bước này.")
            % {"step": step.name}
        )
    held_by_another(actor, dossier)
