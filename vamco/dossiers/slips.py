"""The printed forms of a dossier (Thông tư 01/2018/TT-VPCP, forms 01 to 06 and what goes with them) as PDF/A.

Each function takes plain data, never a model, and gives the bytes of a PDF. All text is shown as it is.
Slips are A5, letters and registers A4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vamco.core import pdf
from vamco.core.papers import Office, Person, due, moment, place_date, plain
from vamco.core.words import dong, figures


@dataclass(frozen=True)
class Paper:
    """One line of the papers (thành phần hồ sơ): originals, certified copies and plain copies; a fault or remark."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    remark: str = ""

    def counted(self) -> list[tuple[str, int]]:
        kinds = (("bản chính", self.originals), ("bản chứng thực", self.certified), ("bản sao", self.copies))
        return [(kind, count) for kind, count in kinds if count]


@dataclass(frozen=True)
class ReceiptItem:
    """One dossier on a receipt slip.

    `limit` in words ("15 ngày làm việc"); `fee` in đồng, None where no fee is asked; `fee_note` says when it is
    or was paid; `tracking_url` becomes the QR; `secret` is the second secret (mã riêng) of the public look-up;
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


@dataclass(frozen=True)
class Receipt:
    """Form 01, giấy tiếp nhận hồ sơ và hẹn trả kết quả; `items` holds every dossier of the visit, one or more.

    `submitter` is named when it is not the applicant. `replaces` names the slip that this one stands in for
    after a correction ("01/TNHS ngày 09/12/2016"). `verdict` ends the line of the time received.
    """

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


def receipt(form: Receipt) -> bytes:
    """Form 01. One dossier takes one A5 page up to about four papers."""
    if not form.items:
        raise ValueError("a receipt needs a dossier")
    when = form.printed_at or form.received_at
    data = {
        "office": plain(form.office),
        "applicant": plain(form.applicant),
        "place_date": place_date(form.office.place, when),
        "number": form.number,
        "replaces": f"THAY CHO giấy số {form.replaces}" if form.replaces else "",
        "items": [_receipt_item(item, several=len(form.items) > 1) for item in form.items],
        "submitter": form.submitter,
        "signer": form.submitter or form.applicant.name,
        "receiver": form.receiver,
        "received": ", ".join(part for part in (moment(form.received_at), form.verdict) if part),
        "total": dong(sum(item.fee or 0 for item in form.items)),
        "foot": _receipt_foot(form),
    }
    codes = [item.code for item in form.items]
    return pdf.render(
        "dossiers/typst/receipt.typ",
        data,
        title=f"Giấy tiếp nhận hồ sơ và hẹn trả kết quả {codes[0]}",
        when=when,
        author=form.office.name,
        keywords=codes,
    )


def _receipt_item(item: ReceiptItem, *, several: bool) -> dict[str, object]:
    title = f"Giấy tờ đã nhận, {item.sets:02} bộ"
    return {
        "code": item.code,
        "procedure": item.procedure,
        "content": item.content or item.procedure,
        "due": due(item.due) or "khi có thông báo",
        "limit": item.limit,
        "fee": _fee(item),
        "where": item.where,
        "qr": pdf.qr(item.tracking_url) if item.tracking_url else "",
        "secret": item.secret,
        "book": _book(item) if several else "",
        "papers_title": f"{title}: {item.procedure} ({item.code})" if several else title,
        "papers": [
            {
                "name": paper.name,
                "kinds": [kind for kind, _ in paper.counted()],
                "counts": [str(count) for _, count in paper.counted()],
            }
            for paper in item.papers
        ],
    }


def _fee(item: ReceiptItem) -> str:
    if item.fee is None:
        return "không thu"
    return ", ".join(part for part in (dong(item.fee), item.fee_note) if part)


def _book(item: ReceiptItem) -> str:
    parts = [f"Sổ số {item.register}" if item.register else ""]
    parts += [f"số thứ tự {figures(item.serial)}" if item.serial is not None else ""]
    return ", ".join(part for part in parts if part)


def _receipt_foot(form: Receipt) -> str:
    one = form.items[0] if len(form.items) == 1 else None
    site = f" tại {form.office.site}" if form.office.site else ""
    said = [f"Tra cứu: quét mã QR, hoặc nhập mã hồ sơ{site}."]
    if any(item.secret for item in form.items):
        said.append("Mã riêng cho xem cả thông tin cá nhân; xin giữ kín.")
    if one and _book(one):
        said.append(f"{_book(one)}.")
    return " ".join(said)
