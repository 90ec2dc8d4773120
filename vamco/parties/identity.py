"""Numbers, names and addresses of people and businesses: judged and brought into one form. No database here.

Every function answers the one form in which the value is stored, or raises `Wrong` with a sentence for the
person who typed it. No message repeats an identity number.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.vn import mst

from vamco.core import text

from .models import Gender, Kind, NumberKind

PROVINCES = frozenset([
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42,
    44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84,
    86, 87, 89, 91, 92, 93, 94, 95, 96,
])  # fmt: skip
"""First three digits of a personal number: the province of birth registration (Circular 07/2016/TT-BCA, annex)."""

NAME_LENGTH = 250
ADDRESS_LENGTH = 500


class Wrong(ValueError):
    """A value that cannot be right; the message says what it must be."""


def guess_kind(number: str, kind: str = Kind.PERSON) -> NumberKind:
    """Which number this must be, judged by its form and by what the party is; `NONE` when it fits no form."""
    compact = _compact(number)
    if re.fullmatch(r"[0-9]{12}", compact):
        return NumberKind.CITIZEN_ID if kind == Kind.PERSON else NumberKind.TAX_CODE
    if re.fullmatch(r"[0-9]{9}", compact):
        return NumberKind.OLD_ID
    if re.fullmatch(r"[0-9]{10}|[0-9]{13}", compact):
        return NumberKind.TAX_CODE
    if re.fullmatch(r"(?=.*[0-9])(?=.*[A-Z])[A-Z0-9]{6,12}", compact):
        return NumberKind.PASSPORT
    if re.fullmatch(r"[0-9]{1,5}/[0-9]{4}.*", unicodedata.normalize("NFKC", number).strip()):
        return NumberKind.BIRTH_CERT
    return NumberKind.NONE


def number(
    value: str,
    number_kind: str,
    *,
    today: date,
    birth_date: date | None = None,
    gender: str = "",
    nationality: str = "VN",
) -> str:
    """A number of this kind in its one form. Birth date and gender are compared where the number states them."""
    if number_kind == NumberKind.NONE:
        if value.strip():
            raise Wrong(_("Số này không phải số định danh (12 số), CMND (9 số), mã số thuế hay hộ chiếu."))
        return ""
    if not value.strip():
        raise Wrong(_("Hãy nhập số giấy tờ, hoặc chọn không có số."))
    match number_kind:
        case NumberKind.CITIZEN_ID:
            return citizen_id(value, today=today, birth_date=birth_date, gender=gender)
        case NumberKind.OLD_ID:
            return old_id(value)
        case NumberKind.TAX_CODE:
            return tax_code(value, today=today)
        case NumberKind.PASSPORT:
            return passport(value, nationality=nationality)
        case NumberKind.BIRTH_CERT:
            return birth_certificate(value)
    raise Wrong(_("Loại giấy tờ này không có trong danh mục. Hãy chọn lại."))


def citizen_id(value: str, *, today: date, birth_date: date | None = None, gender: str = "") -> str:
    """A personal number: 12 digits PPP G YY NNNNNN (Decree 137/2015/NĐ-CP, Article 13; Circular
    07/2016/TT-BCA).

    PPP is the province of birth registration (or the country, 1xx to 3xx: that list is not checked), G
    century and sex (even male, odd female; 0, 1 for the 1900s), YY the year of birth. There is no check
    digit.
    """
    digits = _compact(value)
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise Wrong(_("Số định danh cá nhân (căn cước công dân) phải có đúng 12 chữ số."))
    if int(digits[:3]) not in PROVINCES and not 101 <= int(digits[:3]) <= 399:
        raise Wrong(_("Ba số đầu của số định danh không phải mã tỉnh nào. Hãy kiểm tra lại số."))
    born = year_in(digits)
    if born > today.year:
        raise Wrong(_("Số thứ tư đến thứ sáu của số định danh cho năm sinh ở tương lai. Hãy kiểm tra lại."))
    if birth_date is not None and birth_date.year != born:
        raise Wrong(_("Số định danh không khớp với năm sinh. Hãy kiểm tra lại số và ngày sinh."))
    if gender and gender != gender_in(digits):
        raise Wrong(_("Số định danh không khớp với giới tính. Hãy kiểm tra lại số và giới tính."))
    return digits


def year_in(citizen_number: str) -> int:
    """The year of birth that a personal number states."""
    return 1900 + 100 * (int(citizen_number[3]) // 2) + int(citizen_number[4:6])


def gender_in(citizen_number: str) -> Gender:
    """The gender that a personal number states."""
    return Gender.FEMALE if int(citizen_number[3]) % 2 else Gender.MALE


def old_id(value: str) -> str:
    """A number of the old identity card (CMND): 9 digits, without a check digit. Out of use since 2025, yet
    on record.
    """
    digits = _compact(value)
    if not re.fullmatch(r"[0-9]{9}", digits) or digits == digits[0] * 9:
        raise Wrong(_("Số chứng minh nhân dân phải có đúng 9 chữ số."))
    return digits


def tax_code(value: str, *, today: date) -> str:
    """A tax code: 10 digits with a check digit, "-NNN" for a dependent unit; since 01/07/2025 also a
    personal number.
    """
    digits = _compact(value)
    if re.fullmatch(r"[0-9]{12}", digits):
        return citizen_id(digits, today=today)
    try:
        return mst.format(mst.validate(digits))
    except NumberError:
        raise Wrong(
            _("Mã số thuế phải có 10 chữ số (đơn vị phụ thuộc: thêm 3 chữ số) và đúng số kiểm tra.")
        ) from None


def passport(value: str, *, nationality: str = "VN") -> str:
    """A passport number: a letter and 7 or 8 digits of a Vietnamese one, 5 to 15 letters and digits of another."""
    letters = _compact(value)
    if nationality == "VN" and not re.fullmatch(r"[A-Z][0-9]{7,8}", letters):
        raise Wrong(_("Số hộ chiếu Việt Nam gồm một chữ cái và 7 hoặc 8 chữ số, ví dụ B1234567."))
    if not re.fullmatch(r"(?=.*[0-9])[A-Z0-9]{5,15}", letters):
        raise Wrong(_("Số hộ chiếu gồm 5 đến 15 chữ cái không dấu và chữ số."))
    return letters


def birth_certificate(value: str) -> str:
    """The number of a birth certificate with its year, such as "125/2016": unique in its commune's book only."""
    found = unicodedata.normalize("NFKC", value)
    found = re.sub(r"\s+", "", found).upper()
    if not re.fullmatch(r"(?=.*[0-9])[0-9A-ZĐ./-]{1,40}", found):
        raise Wrong(_("Số giấy khai sinh chưa đúng, ví dụ 125/2016."))
    return found


def phone(value: str) -> str:
    """A telephone number: 10 or 11 digits from 0 (both lengths existed until 2018), +84 and 84 brought to 0; a foreign one
    with + and country code; a service number 1800, 1900. "" stays ""."""
    digits = re.sub(r"[\s.()\-]", "", unicodedata.normalize("NFKC", value))
    if not digits:
        return ""
    digits = re.sub(r"^(\+84|0084|84(?=[1-9][0-9]{8,9}$))0?", "0", digits)
    if not re.fullmatch(r"0[1-9][0-9]{8,9}|\+[1-9][0-9]{7,14}|1[89]00[0-9]{4,6}", digits):
        raise Wrong(_("Số điện thoại phải có 10 hoặc 11 chữ số, bắt đầu bằng 0, ví dụ 0912345678."))
    return digits


def email(value: str) -> str:
    """An e-mail address with its domain in small letters. "" stays ""."""
    address = unicodedata.normalize("NFKC", value).strip()
    if not address:
        return ""
    try:
        if len(address) > 254:
            raise ValidationError("too long")
        validate_email(address)
    except ValidationError:
        raise Wrong(
            _("Địa chỉ thư điện tử chưa đúng dạng, ví dụ ten@longan.gov.vn. Hãy kiểm tra lại.")
        ) from None
    local, _at, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def name(value: str) -> str:
    """A name in composed form with single spaces. It has a letter or digit, no control characters, 250 at most."""
    found = line(value)
    if not text.fold(found):
        raise Wrong(_("Hãy nhập họ và tên hoặc tên tổ chức, như ghi trên giấy tờ."))
    if len(found) > NAME_LENGTH:
        raise Wrong(_("Tên dài quá %(limit)s ký tự. Hãy kiểm tra lại.") % {"limit": NAME_LENGTH})
    return found


def address(value: str) -> str:
    """An address in composed form with single spaces, 500 characters at most. "" stays ""."""
    found = line(value)
    if len(found) > ADDRESS_LENGTH:
        raise Wrong(_("Địa chỉ dài quá %(limit)s ký tự. Hãy viết gọn lại.") % {"limit": ADDRESS_LENGTH})
    return found


def birth_date(value: date | None, *, today: date) -> date | None:
    """A date of birth: not in the future, not more than 130 years ago."""
    if value is not None and not today.year - 130 <= value.year <= today.year:
        raise Wrong(_("Năm sinh không hợp lý. Hãy kiểm tra lại ngày sinh."))
    if value is not None and value > today:
        raise Wrong(_("Ngày sinh ở tương lai. Hãy kiểm tra lại ngày sinh."))
    return value


def nationality(value: str) -> str:
    """A country of ISO 3166-1 as two capital letters."""
    found = value.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", found):
        raise Wrong(_("Quốc tịch ghi bằng mã hai chữ cái, ví dụ VN."))
    return found


def looks_like_number(value: str) -> bool:
    """Whether a search text holds what may be an identity number, which may not be part of an address (URL)."""
    compact = _compact(value)
    return bool(re.search(r"[0-9]{9}", compact) or re.fullmatch(r"[A-Z]{0,2}[0-9]{7,}", compact))


def _compact(value: str) -> str:
    return re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", value)).upper()


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def line(value: str) -> str:
    """Text of one line: composed, single spaces, nothing invisible; "" stays ""."""
    found = _INVISIBLE.sub("", unicodedata.normalize("NFC", value))
    found = re.sub(r"\s+", " ", found).strip()
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in found):
        raise Wrong(_("Có ký tự không đọc được. Hãy gõ lại."))
    return found
