"""A result as it is printed: A4, PDF/A, with the QR to the public check."""

from datetime import datetime
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse

from vamco.core import papers, pdf, result_text
from vamco.core.result_text import Block
from vamco.organisation.models import Level, Unit

from . import text
from .models import Result, Template
from .places import Places
from .secret import grouped

UNSIGNED = "…………"
"""Printed for the signer of a draft."""


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
    """The values of `places.STANDARD`, which every result has."""
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
    """The paper as plain text, so that the message and the letter have the same content."""
    at = result.issued_at
    head = [
        full_name(result.unit),
        f"Số: {result.number}" if result.number else "",
        papers.place_date(office_of(result.unit).place, at) if at else "",
    ]
    foot = [*result.signer_title.splitlines(), result.signer_name]
    parts = ["\n".join(filter(None, head)), text.plain(blocks(result)), "\n".join(filter(None, foot))]
    return "\n\n".join(filter(None, parts))


def render(result: Result, *, at: datetime, draft: bool = False) -> bytes:
    """The PDF. A draft has «DỰ THẢO» across the page and nothing to check it by."""
    return pdf.render(
        result_text.TEMPLATE,
        _data(result, at, draft="DỰ THẢO" if draft else ""),
        title=" ".join(filter(None, (result.type_name, result.number))),
        when=at,
        author=full_name(result.unit),
        keywords=[result.number] if result.number else [],
    )


def sample(text: str, key: str, places: Places) -> Result | None:
    """An unsaved result in which every place is filled with its description: for the preview of a template."""
    unit = Unit.objects.filter(level=Level.DISTRICT).order_by("code").first() or Unit.objects.first()
    if unit is None:
        return None
    values = {name: f"[{label}]" for name, label in {**places.sometimes, **places.always}.items()}
    template = Template(key=key or "mau", version=1, name=key, text=text)
    result = Result(
        unit=unit,
        template=template,
        subject="000.00.00.H00-000000-0000",
        type_name=values["ten_giay"],
        procedure_name=values["thu_tuc"],
        holder_name=values["nguoi"],
        signer_name=values["nguoi_ky"],
        signer_title=values["chuc_vu"],
    )
    result.values = values
    return result


def pictures(result: Result, *, at: datetime) -> list[bytes]:
    """The pages of a draft as PNG pictures, for the person who edits its template."""
    return pdf.pictures(result_text.TEMPLATE, _data(result, at, draft="BẢN XEM THỬ"), ppi=80)


def _data(result: Result, at: datetime, *, draft: str) -> dict[str, object]:
    """What the layout prints; a draft has no number and cannot be checked."""
    office = office_of(result.unit)
    name = office.name.replace("Ủy ban nhân dân ", "Ủy ban nhân dân\n", 1)
    return {
        "office": {**papers.plain(office), "name": name},
        "number": result.number,
        "place_date": papers.place_date(office.place, at),
        "blocks": blocks(result, at),
        "qr": "" if draft else pdf.qr(check_url(result.number)),
        "check": "" if draft else _how_to_check(result),
        "draft": draft,
    }


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
    """The address of the public check of a number; the check code is typed from the paper and never part of an address."""
    return f"{settings.BASE_URL}{reverse('result_check')}{quote(number, safe='/')}"
