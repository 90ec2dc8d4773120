"""What every printed paper says in the same way: who issues it, to whom, where and when.

Printed forms are Vietnamese whatever the reader's language: their words are set by law (Thông tư
01/2018/TT-VPCP and the rules on the layout of administrative papers).
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True)
class Office:
    """The unit that issues a paper: its superior (cơ quan chủ quản), its own name, its place.

    `site` is where the public looks a dossier up, without "https://".
    """

    name: str
    place: str
    parent: str = ""
    address: str = ""
    phone: str = ""
    site: str = ""


@dataclass(frozen=True)
class Person:
    """Whom a paper is for: a person, business or organisation, as printed."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Signer:
    """Who signs at the foot of a paper: the lines above the name ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")."""

    name: str
    title: str = ""
    note: str = ""


def plain(thing: Office | Person | Signer) -> dict[str, object]:
    """A dataclass of this file as data for a template."""
    return asdict(thing)


def local(moment: datetime) -> datetime:
    """An aware moment in the offices' time zone."""
    if moment.tzinfo is None:
        raise ValueError("a time on a paper needs a time zone")
    return moment.astimezone(OFFICE_ZONE)


def day(when: date | datetime) -> str:
    """09/12/2016"""
    when = local(when) if isinstance(when, datetime) else when
    return f"{when:%d/%m/%Y}"


def weekday(when: date | datetime) -> str:
    """thứ Sáu"""
    when = local(when) if isinstance(when, datetime) else when
    return WEEKDAYS[when.weekday()]


def due(when: datetime | None) -> str:
    """17:00 thứ Sáu, ngày 30/12/2016"""
    if when is None:
        return ""
    return f"{local(when):%H:%M} {weekday(when)}, ngày {day(when)}"


def moment(when: datetime) -> str:
    """10 giờ 42 phút, thứ Sáu ngày 09/12/2016"""
    at = local(when)
    return f"{at.hour} giờ {at.minute:02} phút, {weekday(at)} ngày {day(at)}"


def short_moment(when: datetime | None) -> str:
    """10:42 09/12/2016, or nothing"""
    return f"{local(when):%H:%M %d/%m/%Y}" if when else ""


def place_date(place: str, when: date | datetime) -> str:
    """Bến Lức, ngày 09 tháng 12 năm 2016 (days under 10 and January and February with a leading 0)"""
    when = local(when) if isinstance(when, datetime) else when
    month = f"{when.month:02}" if when.month < 3 else str(when.month)
    return f"{place}, ngày {when.day:02} tháng {month} năm {when.year}"
