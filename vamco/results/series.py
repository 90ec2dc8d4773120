"""How results are numbered: a series per unit and year, each with its pattern (Nghị định 30/2020, Điều 15).
"""

from vamco.core import numbering
from vamco.organisation.models import Level, Unit

DEFAULT = "{serial:02}/{year}/{series}"
"""Numbers under 10 get a leading 0."""

PATTERNS = {
    "quyet_dinh": "{serial:02}/QĐ-{unit}",
    "cong_van": "{serial:02}/{unit}",
    "tu_choi": "{serial:02}/TB-{unit}",
    "gxn_tthn": "{serial:02}/{year}/XNTTHN",
    "trich_luc": "{serial:02}/{year}/TLHT-BS",
    "khai_sinh": "{serial:02}/{year}",
    "khai_tu": "{serial:02}/{year}/TLKT",
    "ket_hon": "{serial:02}/{year}",
    "xay_dung": "{serial:02}/{year}/GPXD",
    "ho_kinh_doanh": "{serial:02}/{year}/HKD",
    "ban_le_ruou": "{serial:02}/{year}/GP-BLR",
    "chung_thuc": "{serial:02}/{year}/SCT",
}
"""Patterns by key of series; a key that is not here is printed as it is, in capitals."""


def take(unit: Unit, series: str, year: int) -> tuple[int, str]:
    """The next serial of the unit's series and the number as printed, in the caller's transaction."""
    serial = numbering.next_number(book(unit, series, year))
    return serial, number_of(unit, series, serial, year)


def book(unit: Unit, series: str, year: int) -> str:
    """The name under which a series is counted."""
    return f"result:{unit.code}:{series}:{year}"


def number_of(unit: Unit, series: str, serial: int, year: int) -> str:
    """A number as printed: «12/2016/XNTTHN»."""
    pattern = PATTERNS.get(series, DEFAULT)
    name = series.upper().replace("_", "-")
    return pattern.format(serial=serial, year=year, series=name, unit=abbreviation(unit))


def abbreviation(unit: Unit) -> str:
    """A unit's abbreviation in numbers: UBND for people's committees, initials for the rest («Sở Y tế»:
    SYT).
    """
    if unit.level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE):
        return "UBND"
    return "".join(word[0].upper() for word in unit.name.split() if word[0].isalpha() and word != "và")[:10]
