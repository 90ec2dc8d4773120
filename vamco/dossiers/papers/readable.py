"""Which files and slips somebody may read: those of the dossiers that they may see, and what they uploaded themselves."""

from dataclasses import replace

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vamco.core import clock, files
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import NotAllowed, NotFound, Refused
from vamco.core.models import File
from vamco.core.printing import Printed
from vamco.results import paper as results_paper
from vamco.results import queries as results
from vamco.results.paper import Letter

from .. import queries
from ..models import Consultation, Dossier, DossierPaper, Slip, Stage
from ..opening import record_opening
from ..rules import moves
from . import drafting, slips


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
        row.dossier_id for model in (DossierPaper, Consultation) for row in model.objects.filter(file=found)
    ]
    codes = list(results.visible(actor).filter(file=found).values_list("subject", flat=True))
    readable = list(queries.visible(actor).filter(Q(pk__in=dossiers) | Q(code__in=codes)))
    for dossier in readable:
        record_opening(actor, dossier)
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
    for dossier in readable:
        record_opening(actor, dossier)
    return True


def can_preview(dossier: Dossier) -> bool:
    """Whether the step drafts a result, so that it can be looked at before."""
    if dossier.stage != Stage.PROCESSING or moves.case_of(dossier).result is None:
        return False
    current = drafting.current(dossier)
    drafts = any(way.does == "draft" for way in moves.step_of(dossier).outcomes)
    return drafts and (current is None or current.state == "draft")


def draft_paper(dossier: Dossier) -> Letter:
    """How the result would look with the answers as they are saved now; nothing is kept."""
    if not can_preview(dossier):
        raise Refused(_("Bước này không soạn kết quả nên chưa có gì để xem thử."))
    with transaction.atomic():
        paper = results_paper.draft(drafting.draft_result(SYSTEM, dossier), at=clock.now())
        transaction.set_rollback(True)
    return paper


def closing_paper(actor: Actor, dossier: Dossier) -> Printed:
    """The slip that closes an unanswered dossier as this person would confirm it; nothing is kept. Raises `Refused` while
    none waits, `NotAllowed` for who may not close it."""
    if not queries.drafted_closing(dossier).exists():
        raise Refused(_("Hồ sơ không có dự thảo thông báo kết thúc nào chờ xác nhận."))
    if not actor.may_at("dossiers.close", dossier.permission_units()):
        raise NotAllowed(_("Dự thảo này do bộ phận tiếp nhận và trả kết quả xem và xác nhận."))
    # Looking signs nothing, so whoever may not sign sees the words as well.
    return slips.closing_paper(replace(actor, signs=True), dossier, slips.UNANSWERED)
