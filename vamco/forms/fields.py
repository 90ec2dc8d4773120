"""From typed text to answers: one function for counter, online form, API and import."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.errors import Invalid
from vamco.core.inputs import read_day

from .conditions import evaluate
from .field import Field, Option

LONGEST = {
    "text": 255,
    "longtext": 5000,
    "person_name": 100,
    "phone": 20,
    "email": 254,
    "address": 300,
    "id_number": 20,
    "choice": 100,
    "number": 20,
    "money": 20,
    "date": 20,
    "bool": 10,
}
"""Characters at most where the field itself sets no bound."""
TRUE = frozenset({"true", "1", "on", "yes", "x", "có"})
FALSE = frozenset({"false", "0", "off", "no", "không", ""})


class Wrong(Exception):
    """A value that cannot be an answer; the message says what to do."""


@dataclass(frozen=True)
class Cleaned:
    """`values`: answers by key, ready for JSON (dates ISO text, numbers int or float), without hidden and empty fields.
    `errors`: a sentence by key. `shown`: keys of the fields that these answers display, in order."""

    values: dict[str, Any] = with_default(default_factory=dict)
    errors: dict[str, str] = with_default(default_factory=dict)
    shown: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors


def clean(
    fields: Iterable[Field],
    raw: Mapping[str, Any],
    *,
    known: Mapping[str, Any] | None = None,
    today: date | None = None,
    strict: bool = False,
    draft: bool = False,
) -> Cleaned:
    """Check typed values against the fields, in their order.

    `known`: earlier answers (from intake, when officers fill their step's fields), which conditions may read. `strict` also
    refuses keys that no field has (API, import). `draft` allows missing answers. A field that a condition hides is not read
    and has no answer; `raw` is never changed, so that text typed there before can be displayed again.
    """
    fields = tuple(fields)
    today = today or clock.today()
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    shown: list[str] = []
    seen = dict(known or {})
    for field in fields:
        if evaluate(field.when, seen) is not True:
            seen.pop(field.key, None)
            continue
        shown.append(field.key)
        try:
            value = clean_value(field, raw.get(field.key), today=today, draft=draft)
        except Wrong as wrong:
            errors[field.key] = str(wrong)
            continue
        if value is not None:
            values[field.key] = seen[field.key] = value
    if strict:
        for key in sorted(map(str, set(raw) - {field.key for field in fields}))[:20]:
            errors[key[:100]] = _("Biểu mẫu không có trường này. Hãy bỏ nó đi hoặc kiểm tra lại tên trường.")
    return Cleaned(values, errors, tuple(shown))


def clean_value(field: Field, raw: Any, *, today: date, draft: bool = False) -> Any:
    """The answer to one field, None when there is none.

    Raises `Wrong` with a sentence that says what to do.
    """
    if field.type == "bool":
        return _bool(field, raw, draft)
    text = _text(field, raw)
    if text == "":
        if field.required and not draft:
            raise Wrong(_("Hãy nhập %(label)s.") % {"label": _lower(_text_of(field))})
        return None
    longest = field.max_length or LONGEST[field.type]
    if len(text) > longest:
        raise Wrong(
            _("%(label)s dài %(length)d ký tự; hãy rút gọn còn tối đa %(most)d ký tự.")
            % {"label": _text_of(field), "length": len(text), "most": longest}
        )
    value = CLEANERS[field.type](field, text, today)
    if field.pattern and not re.fullmatch(field.pattern, str(value)):
        hint = _text_of(field, "hint") or _("Hãy kiểm tra lại.")
        raise Wrong(_("%(label)s chưa đúng dạng. %(hint)s") % {"label": _text_of(field), "hint": hint})
    return value


def id_keys(fields: Iterable[Field]) -> frozenset[str]:
    """Keys of answers that are identity numbers: to be kept encrypted and shown masked."""
    return frozenset(field.key for field in fields if field.type == "id_number")


def _text(field: Field, raw: Any) -> str:
    """The typed value as NFC text without control and invisible characters, single spaces between words."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal | date):
        raise Wrong(_("%(label)s không đúng kiểu dữ liệu. Hãy nhập lại.") % {"label": _text_of(field)})
    if isinstance(raw, str) and len(raw) > 4 * (field.max_length or LONGEST[field.type]) + 1000:
        raise Wrong(
            _("%(label)s quá dài; hãy rút gọn còn tối đa %(most)d ký tự.")
            % {"label": _text_of(field), "most": field.max_length or LONGEST[field.type]}
        )
    if isinstance(raw, int | float | Decimal) and field.type in ("number", "money"):
        return str(raw).replace(".", ",")  # not typed text: its point is never a thousands separator
    text = unicodedata.normalize("NFC", raw.isoformat() if isinstance(raw, date) else str(raw))
    kept = [c for c in text if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")]
    text = "".join(kept)
    if field.type == "longtext":
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return "\n".join(" ".join(line.split()) for line in lines).strip()
    return " ".join(text.split())


def _bool(field: Field, raw: Any, draft: bool) -> bool:
    if isinstance(raw, bool):
        answer: bool | None = raw
    else:
        text = str(raw if raw is not None else "").strip().lower()[:10]
        answer = True if text in TRUE else False if text in FALSE else None
    if answer is None:
        raise Wrong(_("Hãy chọn có hoặc không cho %(label)s.") % {"label": _lower(_text_of(field))})
    if field.required and not answer and not draft:
        raise Wrong(_("Hãy đánh dấu: %(label)s.") % {"label": _lower(_text_of(field))})
    return answer


def _plain(field: Field, text: str, today: date) -> str:
    return text


def _number(field: Field, text: str, today: date) -> int | float:
    """Vietnamese (1.234,5) or plain (1234.5) digits; 1.234 is read as in Viet Nam."""
    digits = text.replace(" ", "").replace("\u00a0", "")
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    return _bounded(field, digits, r"-?\d{1,15}(\.\d{1,6})?")


def _money(field: Field, text: str, today: date) -> int | float:
    digits = re.sub(r"(đồng|đ|vnd|vnđ)$", "", text.lower()).replace(" ", "")
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    return _bounded(field, digits, r"\d{1,15}")


def _bounded(field: Field, digits: str, pattern: str) -> int | float:
    label = _text_of(field)
    if not re.fullmatch(pattern, digits, re.ASCII):
        raise Wrong(_("%(label)s phải là số, ví dụ 12. Hãy nhập lại.") % {"label": label})
    try:
        value = Decimal(digits)
    except InvalidOperation:
        raise Wrong(_("%(label)s phải là số, ví dụ 12. Hãy nhập lại.") % {"label": label}) from None
    if field.min is not None and value < field.min:
        raise Wrong(_("%(label)s phải từ %(least)s trở lên.") % {"label": label, "least": field.min})
    if field.max is not None and value > field.max:
        raise Wrong(_("%(label)s không được quá %(most)s.") % {"label": label, "most": field.max})
    return int(value) if value == value.to_integral_value() else float(value)


def _date(field: Field, text: str, today: date) -> str:
    """A day in Vietnamese order (05/12/2016) or ISO (2016-12-05), as ISO, within the field's bounds."""
    try:
        value = read_day(text)
    except Invalid as fault:
        raise Wrong(f"{_text_of(field)}: {fault.message}") from None
    for bound, early in ((field.min_date, True), (field.max_date, False)):
        if not bound:
            continue
        edge = today if bound == "today" else date.fromisoformat(bound)
        shown = edge.strftime("%d/%m/%Y")
        if early and value < edge:
            raise Wrong(
                _("%(label)s không được trước ngày %(day)s.") % {"label": _text_of(field), "day": shown}
            )
        if not early and value > edge:
            raise Wrong(
                _("%(label)s không được sau ngày %(day)s.") % {"label": _text_of(field), "day": shown}
            )
    return value.isoformat()


def _choice(field: Field, text: str, today: date) -> str:
    for option in field.options:
        if text == option.value:
            return option.value
    labels = "; ".join(_text_of(option) for option in field.options[:12])
    raise Wrong(
        _("%(label)s: hãy chọn một trong: %(options)s.") % {"label": _text_of(field), "options": labels}
    )


def _person_name(field: Field, text: str, today: date) -> str:
    letters = [c for c in text if unicodedata.category(c)[0] in "LM"]
    if not letters or any(unicodedata.category(c)[0] not in "LM" and c not in " -'’." for c in text):
        raise Wrong(
            _("%(label)s chỉ gồm chữ cái và dấu cách, viết như trong giấy tờ tùy thân.")
            % {"label": _text_of(field)}
        )
    return text


def _phone(field: Field, text: str, today: date) -> str:
    digits = re.sub(r"[ .()\-]", "", text)
    digits = "0" + digits[3:] if digits.startswith("+84") else digits
    if not re.fullmatch(r"0\d{9,10}|\+\d{8,15}", digits, re.ASCII):
        raise Wrong(
            _("%(label)s phải có 10 hoặc 11 chữ số, bắt đầu bằng 0, ví dụ 0912345678.")
            % {"label": _text_of(field)}
        )
    return digits


def _email(field: Field, text: str, today: date) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise Wrong(
            _("%(label)s chưa đúng dạng, ví dụ ten@longan.gov.vn. Hãy kiểm tra lại.")
            % {"label": _text_of(field)}
        ) from None
    return text


def _id_number(field: Field, text: str, today: date) -> str:
    """CMND (9 digits), CCCD (12 digits), or a passport (6 to 12 letters and digits)."""
    number = re.sub(r"[ .\-]", "", text).upper()
    digits = number.isdigit()
    if not re.fullmatch(r"\d{9}|\d{12}" if digits else r"[A-Z0-9]{6,12}", number, re.ASCII):
        raise Wrong(
            _("%(label)s phải là số CMND 9 chữ số, số CCCD 12 chữ số hoặc số hộ chiếu.")
            % {"label": _text_of(field)}
        )
    return number


def _text_of(thing: Field | Option, name: str = "label") -> str:
    """An attribute in the reader's language; Vietnamese where there is no English."""
    english = (get_language() or "vi").startswith("en") and getattr(thing, f"{name}_en")
    return str(english or getattr(thing, name))


def _lower(label: str) -> str:
    """The label inside a sentence: with a small first letter, unless it begins with an abbreviation."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


CLEANERS: dict[str, Callable[[Field, str, date], Any]] = {
    "text": _plain,
    "longtext": _plain,
    "address": _plain,
    "number": _number,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "person_name": _person_name,
    "phone": _phone,
    "email": _email,
    "id_number": _id_number,
}
