"""A procedure in words that a citizen reads: time limit, fees, papers, conditions, steps.

Pure functions over a definition, in the active language. Money is whole đồng, time office hours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vamco.forms.field import Condition, Field
from vamco.web import words

from .parts import ENDS, PARTY_GROUPS, Case, Definition, FeeLine, Paper, Process, Step, Tier


def english() -> bool:
    """Whether the reader's language is English."""
    return (get_language() or "vi").startswith("en")


def said(thing: Any, name: str = "name") -> str:
    """An attribute in the reader's language; Vietnamese where there is no English."""
    translated = getattr(thing, f"{name}_en", "") if english() else ""
    return str(translated or getattr(thing, name))


def _lower(text: str) -> str:
    """With a small first letter, except in abbreviations."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def upper(text: str) -> str:
    """The first letter a capital."""
    return text[:1].upper() + text[1:]


# Where and how long -----------------------------------------------------------------------------------------


def tier(key: str) -> str:
    """Who receives at a tier."""
    names = {
        "province": _("Trung tâm Phục vụ hành chính công"),
        "district": _("UBND cấp huyện"),
        "commune": _("UBND cấp xã"),
    }
    return names.get(key, key)


def tiers(keys: Sequence[str]) -> str:
    """Who receives, the nearest first: «UBND cấp xã, UBND cấp huyện»."""
    return ", ".join(tier(key) for key in ("commune", "district", "province") if key in keys)


def limit(amount: int, unit: str) -> str:
    """A time limit: «3 ngày làm việc», «4 giờ làm việc», «trong ngày»."""
    if unit == "at_once":
        return _("trong ngày")
    if unit == "working_hour":
        return ngettext("%(n)d giờ làm việc", "%(n)d giờ làm việc", amount) % {"n": amount}
    return ngettext("%(n)d ngày làm việc", "%(n)d ngày làm việc", amount) % {"n": amount}


def other_limits(case: Case) -> list[str]:
    """The limits that differ for a channel or a condition: «2 ngày làm việc khi nộp qua mạng»."""
    found = []
    for other in case.limit.overrides:
        when = [channel(other.channel)] if other.channel else []
        when += [condition(other.when, case.fields)] if other.when else []
        found.append(
            _("%(limit)s khi %(when)s")
            % {"limit": limit(other.amount, other.unit), "when": _(" và ").join(when)}
        )
    return found


def channel(key: str) -> str:
    """A way to file."""
    names = {"counter": _("nộp tại quầy"), "post": _("nộp qua bưu điện"), "online": _("nộp qua mạng")}
    return names.get(key, key)


def online(level: int) -> tuple[str, str]:
    """What the online service level means today (Decree 43/2011/NĐ-CP, levels 1 to 4)."""
    here = _("xem hướng dẫn tại đây, nộp tại nơi nhận")
    return _("Mức độ %(level)d") % {"level": level}, here if level < 3 else _(
        "chưa mở nộp qua mạng ở trang này"
    )


# Money ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FeeWords:
    """A fee line for people. `notes`: when, for whom, since when, under which text."""

    line: FeeLine
    name: str
    amount: str
    notes: tuple[str, ...]


def fees(case: Case, on: date) -> list[FeeWords]:
    """The fee lines that hold on a day or will, in words."""
    return [
        FeeWords(line, said(line), amount(line, case.fields), tuple(_fee_notes(line, case, on)))
        for line in case.fees
        if line.valid_to is None or line.valid_to >= on
    ]


def fee(case: Case, on: date) -> str:
    """What the case costs, in a few words: «5.000 đ», «2.000 đ/trang», «từ 100.000 đ», «không thu»."""
    lines = [
        line
        for line in case.fees
        if (line.valid_from is None or line.valid_from <= on)
        and (line.valid_to is None or line.valid_to >= on)
    ]
    costly = [line for line in lines if any(one.price for one in line.tiers)]
    if not costly:
        return _("không thu")
    plain = [line for line in costly if not (line.when or line.only or line.channels)]
    if len(costly) == 1 and plain:
        line = costly[0]
        unit = _unit(line.quantity_field, case.fields, short=True)
        return f"{words.money(line.tiers[0].price)}/{unit}" if unit else words.money(line.tiers[0].price)
    if len(plain) == len(costly) and not any(line.quantity_field for line in costly):
        return words.money(sum(line.tiers[0].price for line in costly))
    least = sum(line.tiers[0].price for line in plain) or min(
        one.price for li in costly for one in li.tiers if one.price
    )
    return _("từ %(amount)s") % {"amount": words.money(least)}


def amount(line: FeeLine, fields: Sequence[Field]) -> str:
    """The price of a line: «2.000 đ mỗi trang của bản chính, từ trang thứ 3 là 1.000 đ; nhiều nhất 100.000 đ»."""
    if all(one.price == 0 for one in line.tiers):
        return _("không thu")
    unit = _unit(line.quantity_field, fields)
    parts = [_tier_words(line.tiers, unit, _unit(line.quantity_field, fields, short=True))]
    if line.max_per is not None:
        parts.append(_("nhiều nhất %(amount)s") % {"amount": words.money(line.max_per)})
    times = _unit(line.times_field, fields)
    if times:
        parts.append(_("tính cho mỗi %(unit)s") % {"unit": times})
    return "; ".join(parts)


def _tier_words(steps: Sequence[Tier], unit: str, short: str) -> str:
    if not unit:
        return words.money(steps[0].price)
    first = words.money(steps[0].price) if steps[0].price else _("không thu")
    text = _("%(price)s mỗi %(unit)s") % {"price": first, "unit": unit}
    for before, now in pairwise(steps):
        values = {"unit": short, "n": (before.up_to or 0) + 1, "price": words.money(now.price)}
        text += _(", từ %(unit)s thứ %(n)d là %(price)s") % values
    return text


def _unit(key: str, fields: Sequence[Field], *, short: bool = False) -> str:
    """What a counting field counts: «Số trang của bản chính» counts «trang của bản chính»; short: «trang»."""
    field = next((one for one in fields if one.key == key), None)
    if field is None:
        return ""
    label = said(field, "label")
    counted = re.sub(r"^(Số lượng|Số|Number of)\s+", "", label)
    counted = _lower(counted)
    if not short or not counted:
        return counted
    one = counted.split()[0]
    return one.removesuffix("s") if english() else one


def _fee_notes(line: FeeLine, case: Case, on: date) -> list[str]:
    notes = []
    if line.when:
        notes.append(_("Khi %(when)s.") % {"when": condition(line.when, case.fields)})
    if line.channels:
        notes.append(_("Khi %(when)s.") % {"when": _(" hoặc ").join(channel(one) for one in line.channels)})
    if line.only:
        notes.append(_("Chỉ thu của: %(who)s.") % {"who": groups(line.only)})
    if line.exempt:
        notes.append(_("Miễn cho: %(who)s.") % {"who": groups(line.exempt)})
    if line.valid_from and line.valid_from > on:
        notes.append(_("Áp dụng từ %(day)s.") % {"day": words.day(line.valid_from)})
    if line.valid_to:
        notes.append(_("Áp dụng đến hết %(day)s.") % {"day": words.day(line.valid_to)})
    return notes


def groups(keys: Sequence[str]) -> str:
    """Groups of people, as fees name them."""
    names = (PARTY_GROUPS.get(key, (key, key))[1 if english() else 0] for key in keys)
    return "; ".join(_lower(name) for name in names)


# Papers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperWords:
    """A paper for people: `kind` with the count, `when` it is needed ("" always), `note`."""

    paper: Paper
    name: str
    kind: str
    when: str
    note: str


def papers(case: Case) -> list[PaperWords]:
    """The papers of a case: those that are always needed first."""
    order = {"always": 0, "when": 1, "optional": 2}
    rows = sorted(case.papers, key=lambda one: order.get(one.required, 1))
    return [PaperWords(one, said(one), kind(one), _needed(one, case), one.note) for one in rows]


def kind(paper: Paper) -> str:
    """«bản chính, 1 bản»."""
    names = {
        "original": _("bản chính"),
        "certified": _("bản sao chứng thực"),
        "copy": _("bản sao"),
        "any": _("bản chính hoặc bản sao"),
    }
    return ngettext("%(kind)s, %(n)d bản", "%(kind)s, %(n)d bản", paper.count) % {
        "kind": names.get(paper.kind, paper.kind),
        "n": paper.count,
    }


def _needed(paper: Paper, case: Case) -> str:
    if paper.required == "optional":
        return _("Nếu có.")
    if paper.required == "when":
        return _("Chỉ khi %(when)s.") % {"when": condition(paper.when, case.fields)}
    return ""


# Conditions -------------------------------------------------------------------------------------------------


def condition(given: Condition | None, fields: Sequence[Field]) -> str:
    """A condition in words: «tình trạng hôn nhân hiện tại là “Đã ly hôn”»."""
    if not isinstance(given, Mapping):
        return ""
    if "all" in given:
        return _(" và ").join(condition(one, fields) for one in given["all"])
    if "any" in given:
        return _(" hoặc ").join(condition(one, fields) for one in given["any"])
    if "not" in given:
        return _("không phải: %(what)s") % {"what": condition(given["not"], fields)}
    field = next((one for one in fields if one.key == given.get("field")), None)
    if field is None:
        return ""
    return _comparison(field, str(given.get("op")), given.get("value"))


def _comparison(field: Field, op: str, value: Any) -> str:
    label = _lower(said(field, "label"))
    if field.type == "bool" and op in ("eq", "ne"):
        return label if (value is True) == (op == "eq") else _("không: %(what)s") % {"what": label}
    patterns = {
        "eq": _("%(field)s là %(value)s"),
        "ne": _("%(field)s không phải %(value)s"),
        "in": _("%(field)s là %(value)s"),
        "lt": _("%(field)s dưới %(value)s"),
        "le": _("%(field)s không quá %(value)s"),
        "gt": _("%(field)s trên %(value)s"),
        "ge": _("%(field)s từ %(value)s trở lên"),
        "filled": _("có %(field)s"),
        "empty": _("không có %(field)s"),
    }
    values = value if isinstance(value, list | tuple) else [value]
    shown = _(" hoặc ").join(_value(field, one) for one in values)
    return patterns.get(op, "%(field)s") % {"field": label, "value": shown}


def _value(field: Field, value: Any) -> str:
    option = next((one for one in field.options if one.value == value), None)
    if option is not None:
        return f"“{said(option, 'label')}”"
    if field.type == "money" and isinstance(value, int):
        return words.money(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return words.number(value, 0 if value == int(value) else 2)
    if field.type == "date":
        try:
            return words.day(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)
    return f"“{value}”"


# Steps ------------------------------------------------------------------------------------------------------


def usual_path(process: Process) -> list[Step]:
    """The usual course: from the first step by each step's first way out until the result is ready."""
    path = [process.step(process.first)]
    while path[-1].outcomes and path[-1].outcomes[0].to not in ENDS:
        following = process.step(path[-1].outcomes[0].to)
        if following in path:
            break
        path.append(following)
    return path


_NOW = re.compile(r"^(?:Đã [^,]+, )?(?P<who>[^,]*?)\bđang (?P<what>.+)$", re.IGNORECASE)


def station(public_words: str) -> str:
    """What a step does, from its public words: «Đang thẩm định hồ sơ» gives «Thẩm định hồ sơ»."""
    found = _NOW.match(public_words)
    return upper(f"{found['who']}{found['what']}") if found else public_words


def steps(process: Process) -> list[tuple[str, int]]:
    """The stations of the usual course in public words, each once, with the office minutes allowed."""
    minutes: dict[str, int] = {}
    for one in usual_path(process):
        name = station(said(one, "public_words"))
        minutes[name] = minutes.get(name, 0) + one.hours * 60
    return list(minutes.items())


def subjects(definition: Definition) -> str:
    """Who may ask for it: «Cá nhân, doanh nghiệp»."""
    names = {"person": _("cá nhân"), "business": _("doanh nghiệp"), "organisation": _("tổ chức")}
    return upper(", ".join(names[one] for one in definition.subject_kinds if one in names))


def summary(definition: Definition, on: date) -> str:
    """One line under a procedure's name: where, how long, how much, for its usual case. A star stands at what was
    not checked against its source; the guide says where it comes from."""
    case = definition.case()
    time = limit(case.limit.amount, case.limit.unit) + ("" if case.limit.source.verified else "*")
    cost = fee(case, on) + ("" if all(line.verified for line in case.fees) else "*")
    return "\u00a0· ".join((tiers(definition.tiers), time, cost))
