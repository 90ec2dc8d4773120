"""The slips of a dossier's course: an apology with a new date (form 04), every hand-over (form 05), and its ending."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.papers import Office, Person, Signer, due, moment, plain
from vamco.core.stored import in_vietnamese

from ...models import Dossier, NewDate, Slip, StepRun
from .shared import Paper, SlipPaper, applicant_of, content, head, keep, office, papers_given, signer

UNANSWERED = gettext_noop("Quá thời hạn bổ sung, người nộp không bổ sung hồ sơ.")
"""The reason on a closing slip when nobody gives another; Vietnamese, as the slip is."""


@dataclass(frozen=True)
class Apology(SlipPaper):
    """Form 04, phiếu xin lỗi và hẹn lại ngày trả kết quả, signed by the head, with reason and new date."""

    template = "dossiers/typst/apology.typ"
    form = "Mẫu số 04, Thông tư 01/2018/TT-VPCP"
    name = "Phiếu xin lỗi và hẹn lại ngày trả kết quả"
    file = "phieu-xin-loi"
    kind = "apology"
    label = gettext_lazy("Phiếu xin lỗi và hẹn lại")

    office: Office
    applicant: Person
    code: str
    content: str
    received_at: datetime
    old_due: datetime
    new_due: datetime
    reason: str
    signer: Signer
    at: datetime
    number: str = ""
    where: str = ""

    def values(self) -> dict[str, object]:
        """Both dates and the reason."""
        return {
            **head(self, self.applicant, self.number),
            "code": self.code,
            "content": self.content,
            "received": moment(self.received_at),
            "old_due": due(self.old_due),
            "new_due": due(self.new_due),
            "where": self.where,
            "opening": f"{self.office.name} chưa giải quyết xong hồ sơ này đúng ngày đã hẹn và chân thành "
            "xin lỗi Ông (Bà) hoặc tổ chức vì sự chậm trễ này.",
            "reason": self.reason,
            "closing": "Rất mong Ông (Bà) hoặc tổ chức thông cảm và nhận kết quả theo ngày hẹn trên.",
            "signer": plain(self.signer),
        }


@dataclass(frozen=True)
class Closing(SlipPaper):
    """Thông báo dừng giải quyết hồ sơ: the supplement did not come in time, or the applicant wants to stop.

    `asked_at` and `deadline` (of the supplement) are given in the first case, neither in the second.
    `papers` are those given back.
    """

    template = "dossiers/typst/closing.typ"
    name = "Thông báo dừng giải quyết hồ sơ"
    file = "thong-bao-ket-thuc"
    kind = "closing"
    label = gettext_lazy("Thông báo trả hồ sơ")

    office: Office
    applicant: Person
    code: str
    content: str
    received_at: datetime
    signer: Signer
    at: datetime
    asked_at: datetime | None = None
    deadline: datetime | None = None
    reason: str = ""
    papers: Sequence[Paper] = ()
    where: str = ""
    number: str = ""

    def values(self) -> dict[str, object]:
        """On which of the two grounds it ends, and where the papers are given back."""
        if self.deadline is not None:
            subtitle = "Hồ sơ quá hạn bổ sung"
            ground = "Đã hết hạn bổ sung mà hồ sơ chưa được bổ sung đủ, nên"
        else:
            subtitle = "Theo yêu cầu của người nộp hồ sơ"
            ground = "Theo yêu cầu của người nộp,"
        return {
            **head(self, self.applicant, self.number),
            "subtitle": subtitle,
            "code": self.code,
            "content": self.content,
            "received": moment(self.received_at),
            "asked": moment(self.asked_at) if self.asked_at else "",
            "deadline": due(self.deadline),
            "opening": f"{ground} cơ quan dừng giải quyết và trả lại hồ sơ.",
            "reason": self.reason,
            "papers": [paper.listed() for paper in self.papers],
            "closing": f"Xin nhận lại giấy tờ {self.where or 'tại nơi đã nộp hồ sơ'}. Ông (Bà) hoặc tổ chức có thể "
            "nộp lại hồ sơ bất cứ lúc nào khi đã đủ giấy tờ.",
            "signer": plain(self.signer),
        }


@dataclass(frozen=True)
class Stopped(Closing):
    """The same paper when a dossier is withdrawn or stopped."""

    kind = "stopped"
    label = gettext_lazy("Thông báo dừng giải quyết")


@dataclass(frozen=True)
class HandOver:
    """One line of the control slip: from whom to whom, when, and whether in time ("đúng hạn")."""

    giver: str
    receiver: str
    at: datetime
    result: str = ""
    note: str = ""
    giver_name: str = ""
    receiver_name: str = ""


@dataclass(frozen=True)
class Control(SlipPaper):
    """Form 05, phiếu kiểm soát quá trình giải quyết hồ sơ."""

    template = "dossiers/typst/control.typ"
    form = "Mẫu số 05, Thông tư 01/2018/TT-VPCP"
    name = "Phiếu kiểm soát quá trình giải quyết hồ sơ"
    file = "phieu-kiem-soat"
    kind = "control"
    label = gettext_lazy("Phiếu kiểm soát")

    office: Office
    applicant: str
    code: str
    content: str
    received_at: datetime
    due: datetime | None
    hand_overs: Sequence[HandOver]
    at: datetime
    note: str = ""

    def values(self) -> dict[str, object]:
        """A row for each hand-over."""
        return {
            "office": plain(self.office),
            "applicant": self.applicant,
            "code": self.code,
            "content": self.content,
            "received": moment(self.received_at),
            "due": due(self.due),
            "rows": [asdict(row) | {"at": moment(row.at)} for row in self.hand_overs],
            "note": self.note,
        }


@in_vietnamese
def apology(actor: Actor, dossier: Dossier, signed: NewDate) -> Slip:
    """Make the apology of a new date that was signed."""
    paper = Apology(
        office=office(dossier.unit),
        applicant=applicant_of(dossier),
        code=dossier.code,
        content=content(dossier),
        received_at=dossier.received_at,
        old_due=signed.old_due_at,
        new_due=signed.new_due_at,
        reason=signed.reason,
        signer=signer(actor),
        at=signed.signed_at or clock.now(),
    )
    return keep(actor, paper, dossier=dossier)


@in_vietnamese
def closing_paper(actor: Actor, dossier: Dossier, reason: str) -> Closing:
    """What the slip of a dossier whose supplement never came would say now."""
    asked = dossier.supplements.last()
    paper = Closing(**_ending(actor, dossier, reason))
    return replace(paper, asked_at=asked.asked_at, deadline=asked.deadline) if asked else paper


def closing(actor: Actor, dossier: Dossier, reason: str) -> Slip:
    """Make the slip of a dossier whose supplement never came."""
    return keep(actor, closing_paper(actor, dossier, reason), dossier=dossier)


@in_vietnamese
def stopped(actor: Actor, dossier: Dossier, reason: str) -> Slip:
    """Make the slip of a dossier that was withdrawn or stopped."""
    return keep(actor, Stopped(**_ending(actor, dossier, reason)), dossier=dossier)


def _ending(actor: Actor, dossier: Dossier, reason: str) -> dict[str, Any]:
    """What both say."""
    return {
        "office": office(dossier.unit),
        "applicant": applicant_of(dossier),
        "code": dossier.code,
        "content": content(dossier),
        "received_at": dossier.received_at,
        "signer": signer(actor),
        "at": clock.now(),
        "reason": reason,
        "papers": papers_given(dossier.papers.all()),
    }


@in_vietnamese
def control_paper(dossier: Dossier) -> Control:
    """What the control slip says now: every hand-over with its time."""
    return Control(
        office=office(dossier.unit),
        applicant=dossier.applicant_name,
        code=dossier.code,
        content=content(dossier),
        received_at=dossier.received_at,
        due=dossier.due_at,
        hand_overs=list(_hand_overs(dossier)),
        at=clock.now(),
    )


def control(actor: Actor, dossier: Dossier) -> Slip:
    """Make the control slip."""
    return keep(actor, control_paper(dossier), dossier=dossier)


def _hand_overs(dossier: Dossier) -> Iterator[HandOver]:
    """From the one-stop unit to the first step, from step to step, and back to the unit."""
    runs = list(dossier.runs.select_related("unit", "person").order_by("pk"))
    for before, after in zip([None, *runs], [*runs, None], strict=True):
        at = after.entered_at if after else (before.left_at if before else None)
        if at is not None:
            yield HandOver(
                giver=(before or dossier).unit.agency,
                receiver=(after or dossier).unit.agency,
                at=at,
                result=_in_time(before) if before else "",
                note=before.outcome_name if before else "",
                giver_name=before.person.full_name if before and before.person else "",
                receiver_name=after.person.full_name if after and after.person else "",
            )


def _in_time(run: StepRun) -> str:
    """Whether the step was left on a day before its due time, in time, or late; nothing without a due time."""
    if not run.due_at or not run.left_at:
        return ""
    if run.left_at > run.due_at:
        return "quá hạn"
    early = clock.local(run.left_at).date() < clock.local(run.due_at).date()
    return "trước hạn" if early else "đúng hạn"
