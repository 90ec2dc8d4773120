"""Which files and slips somebody may read: those of the dossiers that they may see, and what they uploaded themselves."""

from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vamco.core import clock, files
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import NotAllowed, NotFound, Refused
from vamco.core.models import File
from vamco.results import paper as printed
from vamco.results import queries as results

from .. import queries
from ..models import Consultation, Dossier, DossierPaper, Slip, Stage
from ..opening import record_opening
from ..rules import moves
from . import drafting, slips_data


def file(actor: Actor, pk: int) -> File:
    """A file by its id. Raises `NotFound` alike for one that does not exist and one that is not for the actor."""
    found = File.objects.filter(pk=pk).first()
    if found is None or not (_own(actor, found) or _of_a_dossier(actor, found)):
        raise NotFound(_("Không có tệp này trong phạm vi ông/bà được xem."))
    return found


def _own(actor: Actor, found: File) -> bool:
    """Whether the actor handed it in, for nothing yet."""
    mine = actor.user_id is not None and found.uploaded_by_id == actor.user_id
    return mine and not files.is_used(found)


def _of_a_dossier(actor: Actor, found: File) -> bool:
    """Whether it lies in a dossier, or is a result, that the actor may see; what is sensitive is thereby opened."""
    dossiers = [
        one.dossier_id for model in (DossierPaper, Consultation) for one in model.objects.filter(file=found)
    ]
    codes = list(results.visible(actor).filter(file=found).values_list("subject", flat=True))
    readable = list(queries.visible(actor).filter(Q(pk__in=dossiers) | Q(code__in=codes)))
    for one in readable:
        record_opening(actor, one)
    return bool(readable)


def slip(actor: Actor, pk: int) -> Slip:
    """A slip: one of a dossier is seen with it; one of a visit by who sees all its dossiers, or works at its counter.
    Raises `NotFound`."""
    found = Slip.objects.filter(pk=pk).select_related("dossier", "visit").first()
    if found is None or not _may_see(actor, found):
        raise NotFound(_("Không có phiếu này trong phạm vi ông/bà được xem."))
    return found


def _may_see(actor: Actor, found: Slip) -> bool:
    """Whether the actor may see all dossiers that the slip is about; what is sensitive is thereby opened."""
    inside = {found.dossier_id} if found.dossier_id else set()
    if found.dossier is None:
        assert found.visit is not None
        inside = set(found.visit.dossiers.values_list("pk", flat=True))
        if not inside:
            return actor.may_at("dossiers.receive", [found.visit.unit_id])
    readable = list(queries.visible(actor).filter(pk__in=inside))
    if len(readable) < len(inside):
        return False
    for one in readable:
        record_opening(actor, one)
    return True


def can_preview(dossier: Dossier) -> bool:
    """Whether the step drafts a result, so that it can be looked at before."""
    if dossier.stage != Stage.PROCESSING or moves.case_of(dossier).result is None:
        return False
    current = drafting.current(dossier)
    drafts = any(way.does == "draft" for way in moves.step_of(dossier).outcomes)
    return drafts and (current is None or current.state == "draft")


def draft_pdf(dossier: Dossier) -> tuple[bytes, str]:
    """How the result would look with the answers as they are saved now, and its name; nothing is kept."""
    if not can_preview(dossier):
        raise Refused(_("Bước này không soạn kết quả nên chưa có gì để xem thử."))
    with transaction.atomic():
        made = drafting.draft_result(SYSTEM, dossier)
        content = printed.render(made, at=clock.now(), draft=True)
        transaction.set_rollback(True)
    return content, made.type_name


def closing_pdf(actor: Actor, dossier: Dossier) -> bytes:
    """The slip that closes an unanswered dossier as this person would confirm it; nothing is kept. Raises `Refused` while
    none waits, `NotAllowed` for who may not close it."""
    if not queries.drafted_closing(dossier).exists():
        raise Refused(_("Hồ sơ không có dự thảo thông báo kết thúc nào chờ xác nhận."))
    if not actor.may_at("dossiers.close", dossier.permission_units()):
        raise NotAllowed(_("Dự thảo này do bộ phận tiếp nhận và trả kết quả xem và xác nhận."))
    with transaction.atomic():
        # Looking signs nothing, so whoever may not sign sees the words as well.
        looked_at = slips_data.closing(replace(actor, signs=True), dossier, slips_data.UNANSWERED)
        content = slips_data.pdf(looked_at)
        transaction.set_rollback(True)
    return content


def control_pdf(actor: Actor, dossier: Dossier) -> bytes:
    """The control slip with every hand-over until now; nothing is kept."""
    with transaction.atomic():
        content = slips_data.pdf(slips_data.control(actor, dossier))
        transaction.set_rollback(True)
    return content
