"""What an applicant pays: pure, from the case, the answers, the groups the person belongs to, and the day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from vamco.core.errors import Invalid
from vamco.forms.conditions import holds

from .parts import Case, FeeLine, Tier

#: More than this of anything is a slip of the finger.
MOST = 100_000


@dataclass(frozen=True)
class FeeDue:
    """A line to pay. `quantity`: units in all (pages times copies); `amount`: whole đồng; `waived`: the
    group for whose sake nothing is paid ("" none)."""

    key: str
    name: str
    quantity: int
    amount: int
    kind: str = "fee"
    waived: str = ""


def fee_lines(
    case: Case,
    answers: Mapping[str, Any],
    groups: Collection[str] = (),
    on: date | None = None,
    channel: str = "counter",
) -> tuple[FeeDue, ...]:
    """The lines that apply on a day, waived ones with amount 0.

    A condition that cannot be told charges the line (nobody is spared by an error; the counter sees the
    line and can correct the answers). Raises `Invalid`, naming the field, when a quantity is missing or not
    a count.
    """
    due: list[FeeDue] = []
    for line in case.fees:
        if not _applies(line, answers, groups, on, channel):
            continue
        units = count(answers, line.quantity_field)
        times = count(answers, line.times_field)
        waived = next((group for group in line.exempt if group in groups), "")
        amount = 0 if waived else price(line.tiers, units, line.max_per) * times
        due.append(FeeDue(line.key, line.name, units * times, amount, line.kind, waived))
    return tuple(due)


def total(lines: Iterable[FeeDue]) -> int:
    """The sum to pay, whole đồng."""
    return sum(line.amount for line in lines)


def price(tiers: Iterable[Tier], units: int, most: int | None = None) -> int:
    """Unit after unit by the tiers in their order, at most `most`.

    Circular 226/2016/TT-BTC: 2,000 đ a page, from the third page 1,000 đ, at most 200,000 đ a copy.
    """
    amount, done = 0, 0
    for tier in tiers:
        upto = units if tier.up_to is None else min(units, tier.up_to)
        if upto > done:
            amount += (upto - done) * tier.price
            done = upto
    return amount if most is None else min(amount, most)


def count(answers: Mapping[str, Any], key: str) -> int:
    """The number that an answer counts; 1 when the line names no field."""
    if not key:
        return 1
    value = answers.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise Invalid(
            _("Chưa tính được phí: hãy nhập số lượng là số nguyên từ 1 đến %(most)d.") % {"most": MOST},
            field=key,
        )
    return value


def _applies(
    line: FeeLine, answers: Mapping[str, Any], groups: Collection[str], on: date | None, channel: str
) -> bool:
    if on is not None and (
        (line.valid_from is not None and on < line.valid_from)
        or (line.valid_to is not None and on > line.valid_to)
    ):
        return False
    if line.channels and channel not in line.channels:
        return False
    if line.only and not set(line.only) & set(groups):
        return False
    return holds(line.when, answers, default=True)
