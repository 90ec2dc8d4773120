"""What a correction changed: the dossier before and after, kept with the event and shown old beside new.

Identity numbers of parties are kept masked; of answers that are such numbers only that they changed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.payments import queries as payments
from vamco.procedures.definition import Case
from vamco.procedures.wording import said
from vamco.web import words

from ..models import Dossier
from . import moves
from .words import role_words

Picture = dict[str, tuple[Any, Any]]
"""What a dossier says, by a key such as "answers.muc_dich": the value to compare, and what may be kept of it."""


@dataclass(frozen=True)
class Change:
    """One thing that was put right, in words; both are empty where the values may not be shown."""

    label: str
    old: str
    new: str


def picture(dossier: Dossier) -> Picture:
    """Everything of a dossier that a correction may change."""
    secret = json.loads(dossier.secret_answers) if dossier.secret_answers else {}
    plain = {
        "case": dossier.case_key,
        "channel": dossier.channel,
        "summary": dossier.summary,
        "return_by": dossier.return_by,
        "due": clock.local(dossier.due_at).isoformat() if dossier.due_at else "",
        **{f"answers.{key}": value for key, value in dossier.answers.items()},
        **{
            f"fees.{charge.key}": charge.amount
            for charge in payments.charges_for([dossier.code])[dossier.code]
        },
    }
    return {
        **{key: (value, value) for key, value in plain.items()},
        **{f"secret.{key}": (value, "") for key, value in secret.items()},
        **_parties(dossier),
        **_papers(dossier),
    }


def _parties(dossier: Dossier) -> Picture:
    found: Picture = {}
    for row in dossier.parties.select_related("party"):
        key, further = f"parties.{row.role}", 1
        while key in found:
            further += 1
            key = f"parties.{row.role}-{further}"
        contact = (row.phone, row.email, row.address)
        kept = [row.name, row.party.masked_number, *contact]
        found[key] = (row.name, row.party_id, *contact), ", ".join(filter(None, kept))
    return found


def _papers(dossier: Dossier) -> Picture:
    """Papers by code, further sheets counted with the first: originals, copies, scans, remark."""
    sheets: dict[str, list[Any]] = {}
    for row in dossier.papers.all():
        sheets.setdefault(row.code, []).append(row)
    return {
        f"papers.{code}": (
            [(row.originals, row.copies, row.verdict, row.remark, row.file_id) for row in rows],
            [
                sum(row.originals for row in rows),
                sum(row.copies for row in rows),
                sum(1 for row in rows if row.file_id),
                rows[0].remark,
            ],
        )
        for code, rows in sheets.items()
    }


def between(before: Picture, after: Picture) -> dict[str, Any]:
    """What changed, as an event keeps it: `old` and `new` values by key, None where there was or is none."""
    changed = [
        key
        for key in dict.fromkeys((*before, *after))
        if before.get(key, (None, None))[0] != after.get(key, (None, None))[0]
    ]
    return {
        "old": {key: before[key][1] if key in before else None for key in changed},
        "new": {key: after[key][1] if key in after else None for key in changed},
    }


# In words --------------------------------------------------------------------------------------------------


def told(dossier: Dossier, data: Mapping[str, Any]) -> tuple[Change, ...]:
    """What an event's `old` and `new` say, in the reader's language; empty for an event that corrects nothing."""
    old, new = data.get("old"), data.get("new")
    if not isinstance(old, dict) or not isinstance(new, dict):
        return ()
    cases = moves.definition_of(dossier).cases
    return tuple(
        Change(_label(key, cases), _value(key, old[key], cases), _value(key, new[key], cases))
        for key in old
        if key in new and (old[key] != new[key] or "." in key)
    )


def _label(key: str, cases: tuple[Case, ...]) -> str:

    head, _dot, rest = key.partition(".")
    if head in ("answers", "secret"):
        return next(
            (said(field, "label") for case in cases for field in case.fields if field.key == rest), rest
        )
    if head == "papers":
        return next((said(paper) for case in cases for paper in case.papers if paper.code == rest), rest)
    if head == "fees":
        return next((said(fee) for case in cases for fee in case.fees if fee.key == rest), rest)
    if head == "parties":
        role, _dash, number = rest.partition("-")
        return f"{role_words(role)} {number}".strip()
    return {
        "case": _("Trường hợp"),
        "channel": _("Nơi nộp"),
        "summary": _("Nội dung"),
        "return_by": _("Nơi nhận kết quả"),
        "due": _("Hẹn trả"),
        "applicant": _("Người nộp"),
        "name": _("Họ và tên"),
        "number": _("Số giấy tờ"),
        "phone": _("Điện thoại"),
        "email": _("Thư điện tử"),
        "address": _("Địa chỉ"),
        "step": _("Bước"),
        "unit": _("Đơn vị"),
        "person": _("Người giữ"),
    }.get(key, key)


def _value(key: str, value: Any, cases: tuple[Case, ...]) -> str:
    if value in (None, ""):
        return ""
    head, _dot, rest = key.partition(".")
    if head == "answers":
        field = next((field for case in cases for field in case.fields if field.key == rest), None)
        return _answer(field, value)
    if head == "papers":
        return _counts(*value)
    if head == "fees":
        return words.money(value)
    if key == "due":
        return words.due(clock.local(datetime.fromisoformat(value)))
    if key == "case":
        return next((said(case) for case in cases if case.key == value), value)
    if key == "step":
        return next((said(step) for case in cases for step in case.process.steps if step.key == value), value)
    choices = {
        "channel": {"counter": _("tại quầy"), "post": _("qua bưu điện"), "online": _("qua mạng")},
        "return_by": {"counter": _("tại quầy"), "post": _("qua bưu điện")},
    }
    return choices.get(key, {}).get(value, str(value))


def _answer(field: Any, value: Any) -> str:
    if field is not None and field.type == "choice":
        option = next((option for option in field.options if option.value == value), None)
        return said(option, "label") if option else str(value)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if field is not None and field.type == "date":
        return words.day(date.fromisoformat(value))
    if field is not None and field.type == "money":
        return words.money(value)
    return str(value)


def _counts(originals: int, copies: int, scans: int, remark: str) -> str:
    counts = [
        _("%(n)d bản chính") % {"n": originals} if originals else "",
        _("%(n)d bản sao") % {"n": copies} if copies else "",
        _("%(n)d tệp quét") % {"n": scans} if scans else "",
        remark,
    ]
    return ", ".join(filter(None, counts))
