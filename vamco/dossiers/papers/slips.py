"""The printed forms of a dossier (Thông tư 01/2018/TT-VPCP, forms 01 to 06 and what goes with them) as PDF/A.

Each function takes plain data, never a model, and gives the bytes of a PDF. All text is shown as it is.
Slips are A5, letters and registers A4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vamco.core import pdf
from vamco.core.papers import Office, Person, Signer, due, moment, place_date, plain
from vamco.core.words import dong, figures


@dataclass(frozen=True)
class Paper:
    """One line of the papers (thành phần hồ sơ): originals, certified and plain copies; a fault or remark."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    remark: str = ""

    def counted(self) -> list[tuple[str, int]]:
        """Kinds of copy that are there, with how many: ("bản chính", 1)."""
        named = zip(("bản chính", "bản chứng thực", "bản sao"), self.numbers(), strict=True)
        return [(kind, count) for kind, count in named if count]

    def numbers(self) -> tuple[int, int, int]:
        """Originals, certified copies, plain copies."""
        return self.originals, self.certified, self.copies


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


@dataclass(frozen=True)
class Receipt:
    """Form 01, giấy tiếp nhận hồ sơ và hẹn trả kết quả; `items`: every dossier of the visit.

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
    data: dict[str, object] = {
        **_head(form.office, form.applicant, form.number, when),
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
        "papers": [_listed(paper) for paper in item.papers],
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


@dataclass(frozen=True)
class Supplement:
    """Form 02, phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: every fault at once.

    `papers` holds only papers that are missing or not in order: the copies wanted, and in `remark` what is
    wrong. `requests` are faults apart from papers. `code` is empty before intake. `contact` is the officer's
    telephone; `deadline` is when the supplement must be in, None where the law sets none.
    """

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


def supplement(form: Supplement) -> bytes:
    """Form 02."""
    if not form.papers and not form.requests:
        raise ValueError("a supplement slip needs something to ask for")
    help_at = ", ".join(
        dict.fromkeys(filter(None, (form.signer.name, form.contact, form.office.phone, form.office.address)))
    )
    data: dict[str, object] = {
        **_head(form.office, form.applicant, form.number, form.at),
        "code": form.code,
        "content": form.content,
        "deadline": due(form.deadline),
        "papers": [
            {"name": paper.name, "remark": paper.remark, "counts": [_count(n) for n in paper.numbers()]}
            for paper in form.papers
        ],
        "requests": list(form.requests),
        "reason": form.reason,
        "closing": "Phiếu này nêu đủ mọi nội dung còn thiếu. Khi đã bổ sung, xin mang theo phiếu này và nộp "
        "tại nơi đã nộp hồ sơ.",
        "signer": plain(form.signer),
        "foot": f"Cần hướng dẫn thêm, xin liên hệ: {help_at}.",
    }
    return _slip(
        "supplement", data, "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", form.at, form.office, form.code
    )


@dataclass(frozen=True)
class Refusal:
    """Form 03, phiếu từ chối tiếp nhận: not received at the counter, with reasons and where to go instead."""

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


def refusal(form: Refusal) -> bytes:
    """Form 03."""
    if not form.reasons:
        raise ValueError("a refusal needs a reason")
    data: dict[str, object] = {
        **_head(form.office, form.applicant, form.number, form.at),
        "content": form.content,
        "reasons": list(form.reasons),
        "basis": list(form.basis),
        "directions": form.directions,
        "closing": "Giấy tờ đã nộp được trả lại đủ cho người nộp.",
        "signer": form.submitter or form.applicant.name,
        "officer": form.officer,
    }
    return _slip(
        "refusal", data, "Phiếu từ chối tiếp nhận giải quyết hồ sơ", form.at, form.office, form.number
    )


@dataclass(frozen=True)
class Apology:
    """Form 04, phiếu xin lỗi và hẹn lại ngày trả kết quả, signed by the head, with reason and new date."""

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


def apology(form: Apology) -> bytes:
    """Form 04."""
    data: dict[str, object] = {
        **_head(form.office, form.applicant, form.number, form.at),
        "code": form.code,
        "content": form.content,
        "received": moment(form.received_at),
        "old_due": due(form.old_due),
        "new_due": due(form.new_due),
        "where": form.where,
        "opening": f"{form.office.name} chưa giải quyết xong hồ sơ này đúng ngày đã hẹn và chân thành "
        "xin lỗi Ông (Bà) hoặc tổ chức vì sự chậm trễ này.",
        "reason": form.reason,
        "closing": "Rất mong Ông (Bà) hoặc tổ chức thông cảm và nhận kết quả theo ngày hẹn trên.",
        "signer": plain(form.signer),
    }
    return _slip(
        "apology", data, "Phiếu xin lỗi và hẹn lại ngày trả kết quả", form.at, form.office, form.code
    )


@dataclass(frozen=True)
class Closing:
    """Thông báo dừng giải quyết hồ sơ: the supplement did not come in time, or the applicant asked to stop.

    `asked_at` and `deadline` (of the supplement) are given in the first case, neither in the second.
    `papers` are those given back.
    """

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


def closing(form: Closing) -> bytes:
    """The closing slip."""
    overdue = form.deadline is not None
    opening = (
        "Đã hết hạn bổ sung mà hồ sơ chưa được bổ sung đủ, nên cơ quan dừng giải quyết và trả lại hồ sơ."
        if overdue
        else "Theo yêu cầu của người nộp, cơ quan dừng giải quyết và trả lại hồ sơ."
    )
    back = f" {form.where}" if form.where else " tại nơi đã nộp hồ sơ"
    data: dict[str, object] = {
        **_head(form.office, form.applicant, form.number, form.at),
        "subtitle": "Hồ sơ quá hạn bổ sung" if overdue else "Theo yêu cầu của người nộp hồ sơ",
        "code": form.code,
        "content": form.content,
        "received": moment(form.received_at),
        "asked": moment(form.asked_at) if form.asked_at else "",
        "deadline": due(form.deadline),
        "opening": opening,
        "reason": form.reason,
        "papers": [_listed(paper) for paper in form.papers],
        "closing": f"Xin nhận lại giấy tờ{back}. Ông (Bà) hoặc tổ chức có thể nộp lại hồ sơ bất cứ lúc nào "
        "khi đã đủ giấy tờ.",
        "signer": plain(form.signer),
    }
    return _slip("closing", data, "Thông báo dừng giải quyết hồ sơ", form.at, form.office, form.code)


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
class Control:
    """Form 05, phiếu kiểm soát quá trình giải quyết hồ sơ."""

    office: Office
    applicant: str
    code: str
    content: str
    received_at: datetime
    due: datetime | None
    hand_overs: Sequence[HandOver]
    at: datetime
    note: str = ""


def control(form: Control) -> bytes:
    """Form 05."""
    data: dict[str, object] = {
        "office": plain(form.office),
        "applicant": form.applicant,
        "code": form.code,
        "content": form.content,
        "received": moment(form.received_at),
        "due": due(form.due),
        "rows": [
            {
                "giver": each.giver,
                "receiver": each.receiver,
                "at": moment(each.at),
                "result": each.result,
                "note": each.note,
                "giver_name": each.giver_name,
                "receiver_name": each.receiver_name,
            }
            for each in form.hand_overs
        ],
        "note": form.note,
    }
    name = "Phiếu kiểm soát quá trình giải quyết hồ sơ"
    return _slip("control", data, name, form.at, form.office, form.code)


def _head(office: Office, applicant: Person, number: str, at: datetime) -> dict[str, object]:
    return {
        "office": plain(office),
        "applicant": plain(applicant),
        "number": number,
        "place_date": place_date(office.place, at),
    }


def _listed(paper: Paper) -> dict[str, object]:
    counted = paper.counted()
    return {
        "name": paper.name,
        "kinds": [kind for kind, _ in counted],
        "counts": [str(count) for _, count in counted],
    }


def _count(number: int) -> str:
    return str(number) if number else ""


def _slip(
    template: str, data: dict[str, object], name: str, at: datetime, office: Office, code: str
) -> bytes:
    return pdf.render(
        f"dossiers/typst/{template}.typ",
        data,
        title=f"{name} {code}".strip(),
        when=at,
        author=office.name,
        keywords=[code] if code else [],
    )
