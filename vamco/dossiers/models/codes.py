"""The form of a dossier's code (mã hồ sơ), declared once: the database's constraint, the import, the addresses and the
search go by it.

A code stands in addresses, in names of files and in cells of spreadsheets. So it holds nothing that means something
there: no slash, no space, no sign that begins a formula, no dots alone.
"""

import re
import unicodedata
from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from vamco.core import clock

LONGEST = 60
FORM = r"[A-Z0-9]+(?:[.-][A-Z0-9]+)*"
"""Capital letters and digits, with single dots or hyphens between. Python and PostgreSQL read it alike."""
AGENCY = r"[0-9]{3}(?:\.[0-9]{2}){2}\.[A-Z][0-9]{2}"
"""The electronic identifier of an agency (QCVN 102:2016)."""
_READS_AS_OURS = re.compile(rf"(?:{FORM}-)?[0-9]{{6}}-[0-9]{{4,5}}|{AGENCY}-[0-9]{{6}}-[0-9]{{4,}}")
_OURS = re.compile(rf"({FORM})-([0-9]{{6}})-[0-9]{{4,}}")
_DASHES = re.compile("[\u00ad\u02d7\u2010-\u2015\u2043\u207b\u2212\ufe58\ufe63\uff0d]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def is_code(text: str) -> bool:
    """Whether this could be the code of a dossier."""
    return len(text) <= LONGEST and re.fullmatch(FORM, text) is not None


def tidy(text: str) -> str:
    """What was merely written differently, as codes are written: small letters, typographic dashes, spaces around it,
    signs that nobody sees. The answer need not be a code."""
    kept = unicodedata.normalize("NFKC", _DASHES.sub("-", _INVISIBLE.sub("", text)))
    return kept.strip().upper()


def forced(text: str, longest: int = LONGEST) -> str:
    """Any text as a code: letters lose their accents, each run of other signs becomes one hyphen; "" if nothing is left."""
    plain = unicodedata.normalize("NFKD", tidy(text).replace("Đ", "D"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    kept = re.sub("[^A-Z0-9]{2,}|[^A-Z0-9.]", "-", plain).strip(".-")
    return kept[:longest].rstrip(".-")


def made(agency_code: str, day: date, serial: int) -> str:
    """The code of a dossier received here (Circular 01/2018/TT-VPCP, article 19): agency, day of receipt, serial of the
    day."""
    return f"{agency(agency_code)}-{day:%y%m%d}-{serial:04d}"


def agency(agency_code: str) -> str:
    """A unit's identifier as its codes begin: nobody checks one when a unit is opened, so it is brought into the form."""
    return forced(agency_code, 35) or "X"


def reads_as_ours(text: str) -> bool:
    """Whether this reads as a code made here, or as the end of one: day and serial number. An identity number in two
    halves does not."""
    return _READS_AS_OURS.fullmatch(text) is not None


def parts(code: str) -> tuple[str, date] | None:
    """Agency and day of a code that has the form of those made here; None for any other."""
    found = _OURS.fullmatch(code)
    if found is None:
        return None
    try:
        return found[1], date(2000 + int(found[2][:2]), int(found[2][2:4]), int(found[2][4:]))
    except ValueError:
        return None


def fault_of_imported(code: str, own: str, agencies: Collection[str]) -> str:
    """Why a code from outside cannot be taken over where the codes begin with `own`; "" if it can. Codes that the
    agencies of the province make, and those of today and later, are never taken from them."""
    if not is_code(code):
        return _(
            "Mã hồ sơ phải có, không quá %(most)d ký tự, chỉ gồm chữ cái không dấu và chữ số, giữa chúng là từng dấu chấm hoặc gạch nối, ví dụ HS-2016-001. Hãy ghi lại mã theo dạng này."
        ) % {"most": LONGEST}
    if code.isdigit() and len(code) in (9, 10, 12):
        return _(
            "Mã này giống số định danh, không được đặt làm mã hồ sơ. Nếu đúng là mã hồ sơ, hãy thêm chữ ở trước, ví dụ HS-."
        )
    agency, day = parts(code) or ("", clock.today())
    if agency == own and day >= clock.today():
        return _(
            "Ngày trong mã là %(day)s: từ hôm nay trở đi mã do phần mềm cấp. Hãy xem lại mã; hồ sơ nhận từ hôm nay thì tiếp nhận trên phần mềm."
        ) % {"day": f"{day:%d/%m/%Y}"}
    if agency != own and (agency in agencies or re.fullmatch(AGENCY, agency)):
        return _(
            "Mã hồ sơ mang mã định danh %(agency)s của cơ quan khác. Hãy nhập hồ sơ này tại cơ quan đó, hoặc xem lại mã."
        ) % {"agency": agency}
    return ""


class CodeConverter:
    """A dossier's code as part of an address: any other text there is an address that does not exist."""

    regex = FORM

    def to_python(self, value: str) -> str:
        if not is_code(value):
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        return value
