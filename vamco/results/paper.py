"""A result as it is printed: A4, PDF/A, with the QR to the public check."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse

from vamco.core import papers, pdf
from vamco.organisation.models import Level, Unit

from . import text
from .models import Result
from .secret import grouped

LAYOUT = "results/typst/result.typ"


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
        "nguoi_ky": result.signer_name,
        "chuc_vu": result.signer_title.splitlines()[-1] if result.signer_title else "",
        "ma_ho_so": result.subject,
        "thu_tuc": result.procedure_name,
        "ten_giay": result.type_name,
        "het_han": result.expires_on.isoformat() if result.expires_on else "",
        "thay_the": replaced.number if replaced else "",
    }


def blocks(result: Result, at: datetime | None = None) -> list[text.Block]:
    """The lines of the paper; `at` is the time of issue where there is none yet."""
    return text.fill(result.template.text, {**result.values, **standard(result, result.issued_at or at)})


def letter_text(result: Result) -> str:
    """The paper as plain text: what the message says is what the letter says."""
    at = result.issued_at
    head = [
        full_name(result.unit),
        f"Số: {result.number}" if result.number else "",
        papers.place_date(office_of(result.unit).place, at) if at else "",
    ]
    foot = [*result.signer_title.splitlines(), result.signer_name]
    return (
        "\n".join(filter(None, head))
        + "\n\n"
        + text.plain(blocks(result))
        + "\n\n"
        + "\n".join(filter(None, foot))
    )


def render(result: Result, *, at: datetime, draft: bool = False) -> bytes:
    """The PDF. A draft carries «DỰ THẢO» across the page and no way to check it."""
    replaced = result.replaces
    data = {
        "office": papers.plain(office_of(result.unit)),
        "number": result.number,
        "place_date": papers.place_date(office_of(result.unit).place, at),
        "replaces": _replaces(replaced) if replaced else "",
        "blocks": printed(blocks(result, at)),
        "signer": {"name": result.signer_name, "title": result.signer_title.splitlines()},
        "qr": "" if draft else pdf.qr(check_url(result.number)),
        "secret": "" if draft else grouped(result.secret),
        "site": f"{urlsplit(settings.BASE_URL).netloc}{reverse('result_check')}",
        "draft": "DỰ THẢO" if draft else "",
    }
    return pdf.render(
        LAYOUT,
        data,
        title=" ".join(filter(None, (result.type_name, result.number))),
        when=at,
        author=full_name(result.unit),
        keywords=[result.number] if result.number else [],
    )


def _replaces(replaced: Result) -> str:
    day = f" ngày {papers.day(replaced.issued_at)}" if replaced.issued_at else ""
    return f"(Thay thế {replaced.type_name} số {replaced.number}{day})"


def check_url(number: str) -> str:
    """Where anyone can check a number; the secret is typed from the paper and never in an address."""
    return f"{settings.BASE_URL}{reverse('result_check')}{quote(number, safe='/')}"


def printed(lines: Sequence[text.Block]) -> list[dict[str, object]]:
    """Blocks as the layout reads them: pairs that follow one another become one table."""
    made: list[dict[str, object]] = []
    for block in lines:
        if block.kind == "pair":
            row = {"label": _plain(block.label), "runs": _plain(block.runs)}
            if made and made[-1]["kind"] == "pairs":
                made[-1]["rows"].append(row)  # type: ignore[attr-defined]
            else:
                made.append({"kind": "pairs", "rows": [row]})
        else:
            made.append({"kind": block.kind, "runs": _plain(block.runs)})
    return made


def _plain(runs: Sequence[text.Run]) -> list[Mapping[str, object]]:
    return [{"text": run.text, "bold": run.bold} for run in runs]
