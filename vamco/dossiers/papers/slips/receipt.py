"""The receipt slip (giấy tiếp nhận hồ sơ và hẹn trả kết quả), for one dossier or all of a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vamco.core import clock, pdf
from vamco.core.actors import Actor
from vamco.core.papers import Office, Person, due, moment
from vamco.core.stored import in_vietnamese
from vamco.core.words import dong, figures
from vamco.payments import queries as payments
from vamco.payments.models import Charge

from ...models import Dossier, Slip, Visit
from ...rules import moves
from ...rules.addresses import tracking_url
from ...rules.words import limit_words
from .shared import Paper, SlipPaper, applicant_of, head, keep, office


@dataclass(frozen=True)
class ReceiptItem:
    """One dossier on a receipt slip.

    `limit` in words ("15 ngày làm việc"); `fee` in đồng, None where no fee is asked; `fee_note` says when it
    is or was paid; `tracking_url` becomes the QR; `secret` is the second secret (mã riêng) for the public;
    `register` and `serial` name the line in the register (sổ theo dõi hồ sơ).
    """

    code: str
    procedure: str
    due: datetime | None
    limit: str
    content: str = ""
    fee: int | None = None
    fee_note: str = ""
    where: str = ""
    tracking_url: str = ""
    secret: str = ""
    papers: Sequence[Paper] = ()
    sets: int = 1
    register: str = ""
    serial: int | None = None

    def values(self, *, several: bool) -> dict[str, object]:
        """The dossier as the layout prints it; with `several` on the slip its papers say whose they are."""
        title = f"Giấy tờ đã nhận, {self.sets:02} bộ"
        return {
            "code": self.code,
            "procedure": self.procedure,
            "content": self.content or self.procedure,
            "due": due(self.due) or "khi có thông báo",
            "limit": self.limit,
            "fee": self._fee(),
            "where": self.where,
            "qr": pdf.qr(self.tracking_url) if self.tracking_url else "",
            "secret": self.secret,
            "book": self.line_in_register() if several else "",
            "papers_title": f"{title}: {self.procedure} ({self.code})" if several else title,
            "papers": [paper.listed() for paper in self.papers],
        }

    def _fee(self) -> str:
        return "không thu" if self.fee is None else ", ".join(filter(None, (dong(self.fee), self.fee_note)))

    def line_in_register(self) -> str:
        """Book and serial number, where they are known."""
        book = f"Sổ số {self.register}" if self.register else ""
        serial = f"số thứ tự {figures(self.serial)}" if self.serial is not None else ""
        return ", ".join(filter(None, (book, serial)))


@dataclass(frozen=True)
class Receipt(SlipPaper):
    """Form 01; `items`: every dossier of the visit.

    `submitter` is named when it is not the applicant. `replaces` names the slip that this one stands in for
    after a correction ("01/TNHS ngày 09/12/2016"). `verdict` ends the line of the time received.
    """

    template = "dossiers/typst/receipt.typ"
    form = "Mẫu số 01, Thông tư 01/2018/TT-VPCP"
    name = "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
    file = "giay-tiep-nhan"
    kind = "receipt"
    label = gettext_lazy("Giấy tiếp nhận và hẹn trả kết quả")

    office: Office
    applicant: Person
    receiver: str
    received_at: datetime
    items: Sequence[ReceiptItem]
    submitter: str = ""
    number: str = ""
    replaces: str = ""
    printed_at: datetime | None = None
    verdict: str = "đủ hồ sơ"

    def keywords(self) -> list[str]:
        """The codes of the dossiers."""
        return [item.code for item in self.items]

    def when(self) -> datetime:
        """When it was printed, which may be after the dossier came in."""
        return self.printed_at or self.received_at

    def values(self) -> dict[str, object]:
        """One dossier takes one A5 page up to about four papers."""
        if not self.items:
            raise ValueError("a receipt needs a dossier")
        return {
            **head(self, self.applicant, self.number),
            "replaces": f"THAY CHO giấy số {self.replaces}" if self.replaces else "",
            "items": [item.values(several=len(self.items) > 1) for item in self.items],
            "submitter": self.submitter,
            "signer": self.submitter or self.applicant.name,
            "receiver": self.receiver,
            "received": ", ".join(filter(None, (moment(self.received_at), self.verdict))),
            "total": dong(sum(item.fee or 0 for item in self.items)),
            "foot": self._foot(),
        }

    def _foot(self) -> str:
        site = f" tại {self.office.site}" if self.office.site else ""
        sentences = [f"Tra cứu: quét mã QR, hoặc nhập mã hồ sơ{site}."]
        if any(item.secret for item in self.items):
            sentences.append("Mã riêng cho xem cả thông tin cá nhân; xin giữ kín.")
        if len(self.items) == 1 and (line := self.items[0].line_in_register()):
            sentences.append(f"{line}.")
        return " ".join(sentences)

    def with_secrets(self) -> "Receipt":
        """The paper with the second secret of each dossier, which is never kept in plain."""
        secrets = dict(Dossier.objects.filter(code__in=self.keywords()).values_list("code", "secret"))
        return replace(self, items=[replace(item, secret=secrets.get(item.code, "")) for item in self.items])


@in_vietnamese
def receipt(
    actor: Actor,
    *dossiers: Dossier,
    visit: Visit | None = None,
    replaces: Slip | None = None,
    again: str = "",
    owed: Mapping[str, Sequence[Charge]] | None = None,
) -> Slip:
    """Make the slip for one dossier or all of a visit. `owed`: the charges by code, when the caller knows them."""
    first = dossiers[0]
    owed = payments.charges_for([dossier.code for dossier in dossiers]) if owed is None else owed
    paper = Receipt(
        office=office(first.unit),
        applicant=applicant_of(first),
        receiver=actor.label,
        received_at=first.received_at,
        items=[_item(dossier, owed[dossier.code]) for dossier in dossiers],
        submitter=next((party.name for party in first.parties.all() if party.role == "submitter"), ""),
        replaces=f"{replaces.number or first.code} ngày {clock.local(replaces.made_at):%d/%m/%Y}"
        if replaces
        else "",
        printed_at=clock.now(),
        verdict=again or "đủ hồ sơ",
    )
    alone = len(dossiers) == 1
    return keep(
        actor,
        paper,
        dossier=first if alone else None,
        visit=visit or (None if alone else first.visit),
        number=first.code,
        replaces=replaces,
    )


def receipt_again(actor: Actor, dossier: Dossier) -> Slip:
    """The receipt slip anew after a correction, instead of the one that the applicant has (thay cho): that of the
    dossier, or that of the whole visit when several dossiers share one."""
    own = dossier.slips.filter(kind="receipt", replaced_by__isnull=True).last()
    shared = (
        dossier.visit.slips.filter(kind="receipt", replaced_by__isnull=True).last()
        if dossier.visit and own is None
        else None
    )
    if dossier.visit is None or shared is None:
        return receipt(actor, dossier, replaces=own)
    together = dossier.visit.dossiers.select_related("unit").prefetch_related("parties", "papers")
    return receipt(actor, *together.order_by("pk"), visit=dossier.visit, replaces=shared)


def _item(dossier: Dossier, charges: Sequence[Charge]) -> ReceiptItem:
    return ReceiptItem(
        code=dossier.code,
        procedure=moves.definition_of(dossier).name,
        due=dossier.due_at,
        limit=limit_words(dossier.limit_amount, dossier.limit_unit),
        content=dossier.summary,
        fee=sum(charge.amount for charge in charges) if charges else None,
        fee_note=_fee_note(charges),
        where=_("tại %(unit)s") % {"unit": office(dossier.unit).name},
        tracking_url=tracking_url(dossier.code),
        papers=_papers(dossier),
    )


def _fee_note(charges: Sequence[Charge]) -> str:
    """Whether the fee is paid, or when it will be; nothing for a fee of nothing."""
    if not sum(charge.amount for charge in charges):
        return ""
    owed = [charge for charge in charges if charge.state == "due"]
    if not owed:
        return _("đã nộp")
    now = any(charge.due == "now" for charge in owed)
    return _("nộp tại quầy thu") if now else _("nộp khi nhận kết quả")


def _papers(dossier: Dossier) -> list[Paper]:
    """The papers as slips list them: further sheets of one belong to its first line."""
    listed, seen = [], set()
    for paper in dossier.papers.all():
        further = paper.code in seen and not paper.originals and not paper.copies
        seen.add(paper.code)
        if paper.verdict != "missing" and not further:
            listed.append(Paper(paper.name, paper.originals, copies=paper.copies, remark=paper.remark))
    return listed
