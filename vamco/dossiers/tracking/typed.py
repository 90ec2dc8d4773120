"""The code of a dossier as somebody typed it: what was meant, and what is wrong with it."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.organisation.models import Unit

from ..models import Dossier, codes

_ADDRESS = re.compile(r"/TRA-CUU/([^/?#]+)")
_WHOLE = re.compile(rf"({codes.FORM})-([0-9OIL]+)-([0-9OIL]+)")
_END = re.compile(r"([0-9OIL]{6})-([0-9OIL]{1,6})")
_JOINED = re.compile(rf"({codes.AGENCY})([0-9]{{6}})([0-9]{{4,6}})")
_DIGITS = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Typed:
    """A code as somebody typed it, read kindly. Parts are "" where they could not be told; `written` is the whole as it
    was typed, for codes that another system made."""

    text: str
    agency: str = ""
    day: str = ""
    serial: str = ""
    written: str = ""

    @property
    def code(self) -> str:
        """The whole code as it would be stored, or ""."""
        return f"{self.agency}-{self.end}" if self.agency else ""

    @property
    def end(self) -> str:
        """Day and serial, or ""."""
        return f"{self.day}-{self.serial}" if self.serial else ""

    @property
    def date(self) -> date | None:
        """The day in the code; None when there is no such day."""
        try:
            return date(2000 + int(self.day[:2]), int(self.day[2:4]), int(self.day[4:]))
        except ValueError:
            return None


def read(text: str) -> Typed:
    """Read a code: capitals or not, with spaces, other dashes, or gaps instead of them, as an address, or only its
    end. Letters that look like digits are digits where only digits stand (Circular 01/2018/TT-VPCP, article 19:
    agency, day as yymmdd, serial of four digits)."""
    kept = codes.tidy(text[:400].replace("\0", ""))
    found = _ADDRESS.search(kept)
    cleaned = (found[1] if found else kept).replace("_", "-").lstrip(".… ")
    if "-" not in cleaned:
        cleaned = "-".join(cleaned.split())
    cleaned = "".join(cleaned.split())
    shown = " ".join(text.replace("\0", "").split())[:60]
    written = cleaned if codes.is_code(cleaned) else ""
    if whole := _WHOLE.fullmatch(cleaned):
        return _typed(shown, written, *whole.groups())
    if end := _END.fullmatch(cleaned):
        return _typed(shown, written, "", *end.groups())
    if joined := _JOINED.fullmatch(cleaned):
        return _typed(shown, written, *joined.groups())
    return Typed(shown, written=written)


def _typed(shown: str, written: str, agency: str, day: str, serial: str) -> Typed:
    serial = serial.translate(_DIGITS)[:12]
    return Typed(shown, agency[:35], day.translate(_DIGITS)[:12], serial.lstrip("0").rjust(4, "0"), written)


def code_of(typed: Typed) -> str:
    """The code to look for: as it was typed where a dossier has it, otherwise as it was read kindly; "" for none. Asks
    the database only for what no code made here looks like."""
    if typed.written not in ("", typed.code) and Dossier.objects.filter(code=typed.written).exists():
        return typed.written
    return typed.code


def by_end(typed: Typed) -> list[Dossier]:
    """The dossiers whose code ends so, at any agency, in the order of agencies. Two queries, both by index."""
    if not typed.end or typed.date is None or len(typed.day) != 6:
        return []
    agencies = Unit.objects.values_list("agency_code", flat=True)
    wanted = [f"{codes.agency(agency)}-{typed.end}" for agency in agencies]
    return list(
        Dossier.objects.filter(code__in=wanted)
        .only("code", "unit__name", "unit__level", "unit__code")
        .select_related("unit")
        .order_by("unit__code")
    )


def fault(typed: Typed) -> str:
    """Which part of a code that was not found is wrong, and where to look."""
    if not typed.text:
        return _("Hãy nhập mã hồ sơ.")
    if not typed.serial:
        return _(
            "Mã gồm ba phần nối bằng dấu gạch: mã cơ quan, 6 chữ số ngày nộp, 4 chữ số thứ tự. "
            "Nội dung vừa nhập không có đủ ba phần."
        )
    # An identifier need not be in the form of codes: it is brought into it, as in each code that is made.
    units = Unit.objects.order_by("pk") if typed.agency else ()
    unit = next((one for one in units if codes.agency(one.agency_code) == typed.agency), None)
    if typed.agency and unit is None:
        return _(
            "Không có cơ quan nào của tỉnh mang mã %(agency)s. Xem lại phần đứng trước dấu gạch đầu."
        ) % {"agency": typed.agency}
    return _wrong_day(typed) or _wrong_serial(typed, unit)


def _wrong_day(typed: Typed) -> str:
    if len(typed.day) != 6:
        return _(
            "Phần ngày có %(n)d chữ số, phải có 6 chữ số: năm, tháng, ngày. Xem lại phần giữa hai dấu gạch."
        ) % {"n": len(typed.day)}
    if typed.date is None:
        return _(
            "Ngày trong mã là %(day)s, không có ngày này. Xem lại 6 chữ số giữa hai dấu gạch: năm, tháng, ngày."
        ) % {"day": f"{typed.day[4:]}/{typed.day[2:4]}/20{typed.day[:2]}"}
    if typed.date > clock.today():
        return _("Ngày trong mã là %(day)s, chưa tới ngày này. Xem lại 6 chữ số giữa hai dấu gạch.") % {
            "day": f"{typed.date:%d/%m/%Y}"
        }
    return ""


def _wrong_serial(typed: Typed, unit: Unit | None) -> str:
    assert typed.date is not None
    values = {"serial": typed.serial, "day": f"{typed.date:%d/%m/%Y}", "unit": unit.agency if unit else ""}
    if unit is None:
        return (
            _("Không có hồ sơ nào nhận ngày %(day)s mang số thứ tự %(serial)s. Xem lại các chữ số của mã.")
            % values
        )
    return (
        _(
            "%(unit)s không có hồ sơ số thứ tự %(serial)s nhận ngày %(day)s. Xem lại các chữ số sau dấu gạch cuối."
        )
        % values
    )
