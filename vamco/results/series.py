"""How results are numbered: a series per unit and year, each with its pattern (Nghị định 30/2020, Điều 15)."""

from vamco.core import numbering
from vamco.organisation.models import Level, Unit

DEFAULT = "{serial:02}/{year}/{series}"
"""Numbers under 10 get a leading 0."""

PATTERNS = {
    "ban_sao_van_bang": "{serial:02}/{year}/BSVB",
    "cai_chinh": "{serial:02}/{year}/TLCC",
    "cchn_duoc": "{serial:02}/{year}/CCHN-D",
    "cchn_kcb": "{serial:02}/{year}/CCHN-KCB",
    "cham_dut_giam_ho": "{serial:02}/{year}/TLCDGH",
    "chuyen_truong": "{serial:02}/{year}/GTCT",
    "cong_van": "{serial:02}/{unit}",
    "gcn_attp": "{serial:02}/{year}/ATTP",
    "gcn_dkdn": "{serial:02}/{year}/ĐKDN",
    "gcn_hkd": "{serial:02}/{year}/HKD",
    "gcn_qsdd": "{serial:02}/{year}/QSDĐ",
    "giam_ho": "{serial:02}/{year}/TLGH",
    "gp_lao_dong": "{serial:02}/{year}/GPLĐ",
    "gp_ruou": "{serial:02}/{year}/GP-BLR",
    "gplx": "{serial:02}/{year}/GPLX",
    "gpxd": "{serial:02}/{year}/GPXD",
    "gxn_tthn": "{serial:02}/{year}/XNTTHN",
    "ket_hon": "{serial:02}/{year}/KH",
    "khai_sinh": "{serial:02}/{year}/KS",
    "khai_tu": "{serial:02}/{year}/TLKT",
    "khbvmt": "{serial:02}/{year}/XN-BVMT",
    "lltp": "{serial:02}/{year}/LLTP",
    "nhan_cha_me_con": "{serial:02}/{year}/TLNCMC",
    "phu_hieu": "{serial:02}/{year}/PH",
    "quyet_dinh": "{serial:02}/QĐ-{unit}",
    "the_chap": "{serial:02}/{year}/ĐKTC",
    "trich_luc_ho_tich": "{serial:02}/{year}/TLHT-BS",
    "tu_choi": "{serial:02}/TB-{unit}",
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
    """A unit's abbreviation in numbers: UBND for people's committees, initials for the rest («Sở Y tế»: SYT)."""
    if unit.level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE):
        return "UBND"
    return "".join(word[0].upper() for word in unit.name.split() if word[0].isalpha() and word != "và")[:10]
