"""Papers and files that come to a dossier after intake. Plain functions, called inside actions only."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from vamco.core import files
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.models import File

from ..models import Dossier, DossierPaper
from . import moves
from .application import PaperInput


def own_file(actor: Actor, file: int | None, field: str = "file") -> File | None:
    """The uploaded file that an actor names, locked: their own only, and one that is used for nothing yet, since who
    attaches a file may read it afterwards."""
    if not file:
        return None
    found = File.objects.filter(pk=file).first()
    if found is not None and actor.everything:
        return found
    if found is None or actor.user_id is None:
        raise Invalid(_("Không thấy tệp đã tải lên. Hãy tải tệp lên lại."), field=field)
    return files.take(found, user_id=actor.user_id, field=field)


def keep_papers(
    actor: Actor, dossier: Dossier, papers: Sequence[PaperInput], at: datetime
) -> list[DossierPaper]:
    """Add papers to the dossier. One that the procedure does not know is named by its remark."""
    names = {paper.code: paper.name for paper in moves.case_of(dossier).papers}
    rows = []
    for i, paper in enumerate(papers):
        if min(paper.originals, paper.copies) < 0 or max(paper.originals, paper.copies) > 999:
            raise Invalid(_("Số bản từ 0 đến 999."), field=f"papers.{i}.originals")
        if paper.verdict not in ("", "ok", "not_ok", "missing"):
            raise Invalid(_("Không có nhận xét này."), field=f"papers.{i}.verdict")
        known = names.get(paper.code)
        rows.append(
            DossierPaper(
                dossier=dossier,
                code=paper.code[:60],
                name=(known or paper.remark or paper.code)[:500],
                originals=paper.originals,
                copies=paper.copies,
                verdict=paper.verdict or "ok",
                remark=paper.remark[:500] if known else "",
                file=own_file(actor, paper.file, f"papers.{i}.file"),
                added_at=at,
            )
        )
    moves.record(dossier, papers=digest_of(rows))
    return DossierPaper.objects.bulk_create(rows)


def digest_of(papers: Sequence[DossierPaper]) -> str:
    """What proves later which papers an action put on the dossier, for its ledger entry."""
    return moves.digest(
        [
            [paper.code, paper.originals, paper.copies, paper.verdict, paper.remark, paper.file_id]
            for paper in papers
        ]
    )
