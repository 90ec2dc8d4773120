"""A result as it is printed: A4, PDF/A, with the QR to the public check."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse

from vamco.core import papers, pdf
from vamco.core.printing import Printed
from vamco.core.result_text import Block
from vamco.organisation.models import Level, Unit

from . import text
from .models import Result, Template
from .places import Places
from .secret import grouped

UNSIGNED = "…………"
"""Stands for the signer of a draft."""


def office_of(unit: Unit) -> papers.Office:
    """A unit as it heads a letter; people's committees name no superior (Nghị định 30/2020, phụ lục I)."""
    committee = unit.level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
    parent = "" if committee or unit.parent is None else full_name(unit.parent)
    place = unit.place or (
        unit.name if committee else unit.parent.place or unit.parent.name if unit.parent else ""
    )
    return papers.Office(name=full_name(unit), place=place, parent=parent)


def full_name(unit: Unit) -> str:
    """«Ủy ban nhân dân xã Thạnh Đức»; departments and rooms keep their own names."""
    return (
        f"Ủy ban nhân dân {unit.agency.removeprefix('UBND ')}"
        if unit.agency.startswith("UBND ")
        else unit.agency
    )


def standard(result: Result, at: datetime | None) -> dict[str, object]:
    """The places that every result can fill, whatever its procedure; see `STANDARD`."""
    office = office_of(result.unit)
    replaced = result.replaces
    day = papers.local(at).date().isoformat() if at else ""
    return {
        "so": result.number,
        "ngay": day,
        "nguoi": result.holder_name,
        "don_vi": office.name,
        "noi_cap": office.place,
        "nguoi_ky": result.signer_name or UNSIGNED,
        "chuc_vu": result.signer_title.splitlines() or [UNSIGNED],
        "ma_ho_so": result.subject,
        "thu_tuc": result.procedure_name,
        "ten_giay": result.type_name,
        "ten_giay_hoa": result.type_name.upper(),
        "het_han": result.expires_on.isoformat() if result.expires_on else "",
        "thay_the": replaced.number if replaced else "",
    }


def blocks(result: Result, at: datetime | None = None) -> list[Block]:
    """The lines of the paper; `at` is the time of issue where there is none yet."""
    values = {**result.values, **standard(result, result.issued_at or at)}
    return text.fill(result.template.text, values, _replaces(result.replaces))


def letter_text(result: Result) -> str:
    """The paper as plain text: what the message says is what the letter says."""
    at = result.issued_at
    head = [
        full_name(result.unit),
        f"Số: {result.number}" if result.number else "",
        papers.place_date(office_of(result.unit).place, at) if at else "",
    ]
    foot = [*result.signer_title.splitlines(), result.signer_name]
    parts = ["\n".join(filter(None, head)), text.plain(blocks(result)), "\n".join(filter(None, foot))]
    return "\n\n".join(filter(None, parts))


@dataclass(frozen=True)
class Letter(Printed):
    """A result in its layout: the lines of its text, with the QR to the public check. A draft carries words across the
    page («DỰ THẢO»), and has no way to be checked."""

    template = "core/typst/result.typ"

    office: papers.Office
    type_name: str
    at: datetime
    number: str = ""
    blocks: Sequence[Block] = ()
    check_url: str = ""
    check: str = ""
    draft: str = ""

    def keywords(self) -> Sequence[str]:
        """Its number, once it has one."""
        return [self.number] if self.number else []

    def title(self) -> str:
        """What it is, with its number."""
        return " ".join(filter(None, (self.type_name, self.number)))

    def file_name(self) -> str:
        """What it is, and whether it is a draft."""
        return f"{self.type_name[:80]}{' (dự thảo)' if self.draft else ''}.pdf"

    def values(self) -> dict[str, object]:
        """The head, the lines, and how the paper is checked."""
        name = self.office.name.replace("Ủy ban nhân dân ", "Ủy ban nhân dân\n", 1)
        return {
            "office": {**papers.plain(self.office), "name": name},
            "number": self.number,
            "place_date": papers.place_date(self.office.place, self.at),
            "blocks": list(self.blocks),
            "qr": pdf.qr(self.check_url) if self.check_url else "",
            "check": self.check,
            "draft": self.draft,
        }


def letter(result: Result, *, at: datetime) -> Letter:
    """The paper of a result as it is issued at this time."""
    made = draft(result, at=at)
    return replace(made, draft="", check_url=check_url(result.number), check=_how_to_check(result))


def draft(result: Result, *, at: datetime, across: str = "DỰ THẢO") -> Letter:
    """How the paper would look at this time; `across` is printed over each page."""
    return Letter(
        office=office_of(result.unit),
        type_name=result.type_name,
        at=at,
        number=result.number,
        blocks=blocks(result, at),
        draft=across,
    )


def sample(written: str, key: str, places: Places) -> Result | None:
    """An unsaved result in which every place is filled with its description: for the preview of a template."""
    unit = Unit.objects.filter(level=Level.DISTRICT).order_by("code").first() or Unit.objects.first()
    if unit is None:
        return None
    named = {name: f"[{label}]" for name, label in {**places.sometimes, **places.always}.items()}
    template = Template(key=key or "mau", version=1, name=key, text=written)
    made = Result(
        unit=unit,
        template=template,
        subject="000.00.00.H00-000000-0000",
        type_name=named["ten_giay"],
        procedure_name=named["thu_tuc"],
        holder_name=named["nguoi"],
        signer_name=named["nguoi_ky"],
        signer_title=named["chuc_vu"],
    )
    made.values = named
    return made


def _how_to_check(result: Result) -> str:
    site = f"{urlsplit(settings.BASE_URL).netloc}{reverse('result_check')}"
    return (
        f"Kiểm tra giấy này: quét mã QR, hoặc vào {site}, nhập số {result.number} và "
        f"mã kiểm tra {grouped(result.secret)}."
    )


def _replaces(replaced: Result | None) -> str:
    if replaced is None:
        return ""
    day = f" ngày {papers.day(replaced.issued_at)}" if replaced.issued_at else ""
    return f"(Thay thế {replaced.type_name} số {replaced.number}{day})"


def check_url(number: str) -> str:
    """Where anyone can check a number; the secret is typed from the paper and never in an address."""
    return f"{settings.BASE_URL}{reverse('result_check')}{quote(number, safe='/')}"
