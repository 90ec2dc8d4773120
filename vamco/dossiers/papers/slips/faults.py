"""The slips that say what is wrong: papers to be supplemented (form 02), an application that is not received (form 03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.papers import Office, Person, Signer, due, plain
from vamco.core.stored import in_vietnamese
from vamco.organisation.models import Unit

from ... import models
from ...models import Dossier, Slip, Visit
from .shared import Paper, SlipPaper, applicant_of, content, head, keep, office, signer


@dataclass(frozen=True)
class Supplement(SlipPaper):
    """Form 02, phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: every fault at once.

    `papers` holds only papers that are missing or not in order: the copies wanted, and in `remark` what is
    wrong. `requests` are faults apart from papers. `code` is empty before intake. `contact` is the officer's
    telephone; `deadline` is when the supplement must be in, None where the law sets none.
    """

    template = "dossiers/typst/supplement.typ"
    form = "Mẫu số 02, Thông tư 01/2018/TT-VPCP"
    name = "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"
    file = "phieu-yeu-cau-bo-sung"
    kind = "supplement"
    label = gettext_lazy("Phiếu yêu cầu bổ sung")

    office: Office
    applicant: Person
    content: str
    signer: Signer
    at: datetime
    papers: Sequence[Paper] = ()
    requests: Sequence[str] = ()
    reason: str = ""
    code: str = ""
    number: str = ""
    contact: str = ""
    deadline: datetime | None = None

    def values(self) -> dict[str, object]:
        """What is wanted, until when, and where to ask."""
        if not self.papers and not self.requests:
            raise ValueError("a supplement slip needs something to ask for")
        help_at = (self.signer.name, self.contact, self.office.phone, self.office.address)
        return {
            **head(self, self.applicant, self.number),
            "code": self.code,
            "content": self.content,
            "deadline": due(self.deadline),
            "papers": [paper.wanted() for paper in self.papers],
            "requests": list(self.requests),
            "reason": self.reason,
            "closing": "Phiếu này nêu đủ mọi nội dung còn thiếu. Khi đã bổ sung, xin mang theo phiếu này và nộp "
            "tại nơi đã nộp hồ sơ.",
            "signer": plain(self.signer),
            "foot": f"Cần hướng dẫn thêm, xin liên hệ: {', '.join(dict.fromkeys(filter(None, help_at)))}.",
        }


@dataclass(frozen=True)
class Refusal(SlipPaper):
    """Form 03, phiếu từ chối tiếp nhận: not received at the counter, with reasons and where to go instead."""

    template = "dossiers/typst/refusal.typ"
    form = "Mẫu số 03, Thông tư 01/2018/TT-VPCP"
    name = "Phiếu từ chối tiếp nhận giải quyết hồ sơ"
    file = "phieu-tu-choi-tiep-nhan"
    kind = "intake_refusal"
    label = gettext_lazy("Phiếu từ chối tiếp nhận")

    office: Office
    applicant: Person
    content: str
    reasons: Sequence[str]
    officer: str
    at: datetime
    basis: Sequence[str] = ()
    directions: str = ""
    number: str = ""
    submitter: str = ""

    def keywords(self) -> list[str]:
        """Its own number, since no dossier was received."""
        return [self.number] if self.number else []

    def values(self) -> dict[str, object]:
        """The reasons, their basis in law, and where to go."""
        if not self.reasons:
            raise ValueError("a refusal needs a reason")
        return {
            **head(self, self.applicant, self.number),
            "content": self.content,
            "reasons": list(self.reasons),
            "basis": list(self.basis),
            "directions": self.directions,
            "closing": "Giấy tờ đã nộp được trả lại đủ cho người nộp.",
            "signer": self.submitter or self.applicant.name,
            "officer": self.officer,
        }


@in_vietnamese
def supplement(actor: Actor, dossier: Dossier, request: models.Supplement) -> Slip:
    """Make the slip of a request for a supplement: all faults at once."""
    paper = Supplement(
        office=office(dossier.unit),
        applicant=applicant_of(dossier),
        content=content(dossier),
        signer=signer(actor),
        at=request.asked_at,
        papers=[
            Paper(item.name, item.originals, copies=item.copies, remark=item.fault)
            for item in request.items.all()
        ],
        reason=request.reason,
        code=dossier.code,
        number=f"{request.number:02d}/{dossier.code.rpartition('-')[2]}",
        contact=actor.label,
        deadline=request.deadline,
    )
    return keep(actor, paper, dossier=dossier, number=paper.number)


@in_vietnamese
def intake_supplement(
    actor: Actor,
    unit: Unit,
    visit: Visit,
    applicant: Person,
    what: str,
    faults: list[tuple[str, str]],
    reason: str,
) -> Slip:
    """Make the slip at the counter, before anything was received: (paper, fault) of each, all at once."""
    paper = Supplement(
        office=office(unit),
        applicant=applicant,
        content=what,
        signer=signer(actor),
        at=clock.now(),
        papers=[Paper(name=name, remark=fault) for name, fault in faults],
        reason=reason,
        contact=actor.label,
    )
    return keep(actor, paper, visit=visit)


@in_vietnamese
def intake_refusal(
    actor: Actor,
    dossier: Dossier,
    applicant: Person,
    what: str,
    reasons: list[str],
    basis: list[str],
    directions: str,
) -> Slip:
    """Make the slip of an application that is not received."""
    paper = Refusal(
        office=office(dossier.unit),
        applicant=applicant,
        content=what,
        reasons=reasons,
        officer=signer(actor).name,
        at=clock.now(),
        basis=basis,
        directions=directions,
    )
    return keep(actor, paper, dossier=dossier, number=dossier.code)
