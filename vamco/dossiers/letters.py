"""Letters about a dossier (A4, the layout of administrative papers): plain data in, a PDF out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vamco.core import pdf
from vamco.core.papers import Office, Person, Signer, day, place_date, plain, weekday

FINDING = "Sau khi thẩm định, hồ sơ không đủ điều kiện giải quyết."


@dataclass(frozen=True)
class Appeal:
    """Where, how and until when the applicant may complain (khiếu nại), and on what law."""

    to: str
    ways: str
    until: date
    basis: str = ""


@dataclass(frozen=True)
class RefusalLetter:
    """Văn bản trả lời không đủ điều kiện giải quyết: a refusal after examination.

    `number` is the number and notation from the register of outgoing letters ("15/UBND-ĐT"). `advice` says
    what the applicant may do next. `recipients` are the lines under "Nơi nhận".
    """

    office: Office
    applicant: Person
    code: str
    procedure: str
    received_at: datetime
    reasons: Sequence[str]
    basis: Sequence[str]
    appeal: Appeal
    signer: Signer
    at: datetime
    number: str = ""
    advice: Sequence[str] = ()
    recipients: Sequence[str] = ("Như trên", "Bộ phận Tiếp nhận và Trả kết quả", "Lưu: VT")


def refusal_letter(form: RefusalLetter) -> bytes:
    """The letter, and `refusal_text` is the same in words for the message."""
    if not form.reasons or not form.basis:
        raise ValueError("a refusal needs a reason and a legal basis")
    recipients = list(form.recipients)
    data: dict[str, object] = {
        "office": plain(form.office),
        "applicant": plain(form.applicant),
        "code": form.code,
        "number": form.number,
        "place_date": place_date(form.office.place, form.at),
        "subject": f"không đủ điều kiện giải quyết hồ sơ {form.code}",
        "opening": _opening(form),
        "finding": FINDING,
        "reasons": list(form.reasons),
        "basis": list(form.basis),
        "advice": list(form.advice),
        "appeal": [appeal_text(form.appeal)],
        "closing": "Giấy tờ đã nộp được trả lại cùng văn bản này tại nơi đã nộp hồ sơ.",
        "recipients": [f"{each};" for each in recipients[:-1]] + [f"{each}." for each in recipients[-1:]],
        "signer": plain(form.signer),
    }
    return pdf.render(
        "dossiers/typst/letter.typ",
        data,
        title=f"Văn bản không đủ điều kiện giải quyết hồ sơ {form.code}",
        when=form.at,
        author=form.office.name,
        keywords=[form.code],
    )


def refusal_text(form: RefusalLetter) -> str:
    """The letter's words without its frame, for the message that tells the applicant."""
    parts = [_opening(form), FINDING, "Lý do:", *_numbered(form.reasons)]
    parts += ["Căn cứ pháp lý:", *_numbered(form.basis)]
    if form.advice:
        parts += ["Việc có thể làm tiếp:", *_numbered(form.advice)]
    return "\n".join([*parts, "Quyền khiếu nại:", appeal_text(form.appeal)])


def appeal_text(appeal: Appeal) -> str:
    """Where, how and until when to complain, as one sentence or two."""
    basis = f" theo {appeal.basis}" if appeal.basis else ""
    until = f"{weekday(appeal.until)}, ngày {day(appeal.until)}"
    return (
        f"Nếu không đồng ý, Ông (Bà) hoặc tổ chức có quyền khiếu nại{basis} đến {appeal.to}, "
        f"chậm nhất là {until}. Cách nộp: {appeal.ways}."
    )


def _opening(form: RefusalLetter) -> str:
    return (
        f"{form.office.name} đã nhận ngày {day(form.received_at)} hồ sơ mã số {form.code} về việc "
        f"{form.procedure}."
    )


def _numbered(lines: Sequence[str]) -> list[str]:
    return list(lines) if len(lines) == 1 else [f"{n}. {line}" for n, line in enumerate(lines, 1)]
