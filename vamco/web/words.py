"""How dates, money, shares and working time are written for people, in Vietnamese and in English.

Plain functions, no request: pages use them through the template tags, slips and messages directly.
The language is the active one; times are written on the clock of Viet Nam (Asia/Ho_Chi_Minh).
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Choices
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vamco.core import worktime
from vamco.core.clock import local
from vamco.core.values import written


def _english() -> bool:
    return (get_language() or "vi").startswith("en")


def _here(when: date | datetime) -> date | datetime:
    return local(when) if isinstance(when, datetime) and when.tzinfo else when


def day(when: date | datetime | None) -> str:
    """A date in Vietnamese order: 05/12/2016."""
    return f"{_here(when):%d/%m/%Y}" if when else ""


def short_day(when: date | datetime | None) -> str:
    """A date of the running year, in lists: 05/12."""
    return f"{_here(when):%d/%m}" if when else ""


def hour(when: datetime | None) -> str:
    """An hour: 07:40."""
    return f"{_here(when):%H:%M}" if when else ""


def day_hour(when: datetime | None) -> str:
    """An instant, the hour first as in official letters: 07:40 05/12/2016."""
    return f"{_here(when):%H:%M %d/%m/%Y}" if when else ""


def weekday(when: date | datetime | None, *, capital: bool = False) -> str:
    """The day of the week: "thứ Sáu", at the head of a sentence "Thứ Sáu"."""
    if not when:
        return ""
    names = (_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"))
    name = names[_here(when).weekday()]
    return name[:1].upper() + name[1:] if capital else name


def due(when: date | datetime | None) -> str:
    """When something must be done: "17:00 thứ Sáu 23/12/2016"; a date has no hour."""
    if not when:
        return ""
    text = f"{weekday(when)} {day(when)}"
    return f"{hour(when)} {text}" if isinstance(when, datetime) else text


def number(value: int | float | Decimal | None, places: int = 0) -> str:
    """A number with the separators of the language: 1.284 and 98,0; in English 1,284 and 98.0."""
    if value is None:
        return ""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}"
    return text if _english() else text.translate(str.maketrans(",.", ".,"))


def money(amount: int | Decimal | None) -> str:
    """An amount in đồng: "75.000 đ"; the space does not break."""
    return "" if amount is None else f"{number(amount)}\u00a0đ"


def value(of: Any, *, as_money: bool = False) -> str:
    """Any value in a list or among the facts of a row: "có", 05/12/2016, 07:40 05/12/2016, 1.284; a number may be money."""
    if isinstance(of, int) and not isinstance(of, bool | Choices):
        return money(of) if as_money else number(of)
    return written(of, hour_first=True)


def percent(share: float | Decimal | None, places: int = 1) -> str:
    """A share given in per cent, with a space that does not break: 98.0 is "98,0 %"; None has no figure."""
    return "–" if share is None else f"{number(share, places)}\u00a0%"


def working_time(minutes: int) -> str:
    """An amount of working minutes, a day being eight office hours: "2 ngày 3 giờ", "3 giờ 42 phút"."""
    return worktime.duration_in_words(int(minutes), get_language() or "vi")


def time_left(minutes: int | None) -> str:
    """Working minutes left until a due time: "còn 2 ngày 3 giờ"; below zero "trễ 3 giờ 42 phút"."""
    return "" if minutes is None else worktime.in_words(int(minutes), get_language() or "vi")


def short_code(code: str) -> str:
    """What tells a dossier code from its neighbours: 000.00.12.H39-161205-0003 is …161205-0003.

    Codes taken over from elsewhere may be long: of those the last 13 characters.
    """
    head, dash, tail = str(code).partition("-")
    short = f"…{tail}" if dash and tail else head
    return short if len(short) <= 14 else f"…{short[-13:]}"


def masked(secret: str | None, keep: int = 4) -> str:
    """A number with its middle hidden: 080161000412 is 0801••••0412. Short ones are hidden altogether."""
    text = str(secret or "")
    if len(text) <= 2 * keep:
        return "•" * len(text)
    return f"{text[:keep]}{'•' * (len(text) - 2 * keep)}{text[-keep:]}"
