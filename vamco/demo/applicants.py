"""Applicants and answers for the demo: plausible, never real."""

import random
import re
import string
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from vamco.dossiers.rules.application import Application, PaperInput, PartyInput
from vamco.forms.field import Field
from vamco.forms.fields import clean
from vamco.procedures.definition import Case, Definition

from .people import FAMILY, GIVEN, MIDDLE

TEXTS = (
    "Theo nội dung tờ khai đã nộp",
    "Đã đối chiếu với bản chính, đúng nội dung",
    "Khu phố 2, đường Nguyễn Huệ",
    "Bằng tốt nghiệp trung học phổ thông",
    "Xây mới nhà ở 2 tầng, 5 × 16 m, thửa 214, tờ bản đồ 12",
)
TRADES = ("Tạp hóa", "Cơ khí", "Quán ăn", "Vật liệu xây dựng", "May mặc", "Nông sản")


class Maker:
    """Makes applicants and complete applications from one source of chance."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.known: list[PartyInput] = []

    def name(self, sex: str) -> str:
        """A Vietnamese name."""
        pick = self.rng.choice
        return " ".join((pick(FAMILY), pick(MIDDLE[sex]), pick(GIVEN[sex])))

    def party(self, role: str, kinds: tuple[str, ...], others: Sequence[PartyInput] = ()) -> PartyInput:
        """Somebody new, or now and then somebody who came before and is none of the `others`."""
        kind = "person" if not kinds or "person" in kinds else self.rng.choice(kinds)
        here = {other.id_number for other in others}
        before = [person for person in self.known if person.id_number not in here]
        if before and kind == "person" and self.rng.random() < 0.12:
            earlier = self.rng.choice(before)
            return PartyInput(**{**vars(earlier), "role": role})
        made = self._person(role) if kind == "person" else self._firm(role, kind)
        if kind == "person":
            self.known.append(made)
        return made

    def _person(self, role: str) -> PartyInput:
        rng = self.rng
        sex = rng.choice("mf")
        born = date(rng.randint(1950, 1998), rng.randint(1, 12), rng.randint(1, 28))
        number = f"080{'01'[sex == 'f']}{born:%y}{rng.randint(0, 999999):06d}"
        name = self.name(sex)
        hamlet = rng.randint(1, 8)
        return PartyInput(
            name=name,
            role=role,
            id_number=number,
            birth_date=born,
            gender="male" if sex == "m" else "female",
            phone=f"09{rng.randint(10000000, 99999999)}",
            email=f"cong.dan.{rng.randint(1, 10**6)}@example.vn" if rng.random() < 0.5 else "",
            address=f"{rng.randint(1, 300)}/{rng.randint(1, 20)} ấp {hamlet}",
            groups=("poor",) if rng.random() < 0.04 else (),
        )

    def _firm(self, role: str, kind: str) -> PartyInput:
        name = self.name(self.rng.choice("mf")).split()[-1]
        title = "Công ty TNHH" if kind == "business" else "Hợp tác xã"
        return PartyInput(
            name=f"{title} {self.rng.choice(TRADES)} {name} {self.rng.randint(1, 99)}",
            role=role,
            kind=kind,
            address="Khu công nghiệp Đức Hòa 1",
        )

    def value(self, field: Field) -> Any:
        """An answer that the field's rules allow."""
        rng = self.rng
        if field.type == "choice":
            return rng.choice(field.options).value
        if field.type == "bool":
            return field.required or rng.random() < 0.3
        if field.type in ("number", "money"):
            return self._number(field)
        if field.type == "date":
            return self._day(field)
        if field.type == "person_name":
            return self.name(rng.choice("mf"))
        if field.type == "phone":
            return f"09{rng.randint(10000000, 99999999)}"
        if field.type == "email":
            return f"cong.dan.{rng.randint(1, 10**6)}@example.vn"
        if field.type == "id_number":
            return f"0800{rng.randint(60, 90)}{rng.randint(0, 999999):06d}"
        if field.type == "address":
            return f"{rng.randint(1, 300)} ấp {rng.randint(1, 8)}, xã Thạnh Đức"
        if field.pattern:
            return matching(field.pattern, rng)
        return rng.choice(TEXTS)[: field.max_length or 500]

    def _number(self, field: Field) -> int:
        """A small number; a year near the last one that is allowed."""
        low = int(field.min if field.min is not None else 1)
        high = int(field.max if field.max is not None else low + 10)
        return self.rng.randint(high - 20, high) if low > 1800 else self.rng.randint(low, min(high, low + 8))

    def _day(self, field: Field) -> str:
        from vamco.core import clock

        today = clock.today()
        if field.min_date == "today":
            return (today + timedelta(days=self.rng.randint(1, 60))).isoformat()
        return (today - timedelta(days=self.rng.randint(1, 50))).isoformat()

    def answers(self, fields: tuple[Field, ...], known: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answers to all fields; hidden ones fall away where they are checked."""
        values = {field.key: self.value(field) for field in fields}
        wrong = clean(fields, values, known=known or {}).errors
        for field in fields:
            if field.key in wrong:
                values[field.key] = self._simple(field)
        return values

    def _simple(self, field: Field) -> Any:
        return {"number": 1, "money": 100000}.get(field.type, TEXTS[0])

    def application(self, definition: Definition, case: Case) -> Application:
        """A complete application for a case."""
        parties: list[PartyInput] = []
        for role in case.parties:
            if role.required:
                parties.append(self.party(role.role, role.kinds, parties))
        if not any(one.role == "applicant" for one in parties):
            parties.insert(0, self.party("applicant", definition.subject_kinds))
        answers = self.answers(case.intake_fields())
        values = clean(case.intake_fields(), answers).values
        papers = tuple(
            PaperInput(
                paper.code,
                originals=paper.count if paper.kind in ("original", "any") else 0,
                copies=0 if paper.kind in ("original", "any") else paper.count,
            )
            for paper in case.papers_for(values)
            if paper.required != "optional" or self.rng.random() < 0.3
        )
        channel = "post" if self.rng.random() < 0.05 else "counter"
        return Application(
            procedure=definition.code,
            parties=tuple(parties),
            case=case.key,
            channel=channel,
            answers=answers,
            papers=papers,
        )


_PIECE = re.compile(r"(\[[^\]]+\]|.)(?:\{(\d+)(?:,(\d+))?\}|([?+*]))?")
_LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def matching(pattern: str, rng: random.Random) -> str:
    """A text that a plain pattern of classes and counts allows ("[0-9]{2}[A-Z]"): of a class the first range is used."""
    made = []
    for piece, least, most, mark in _PIECE.findall(pattern):
        times = (
            rng.randint(int(least), int(most or least)) if least else rng.randint(0, 1) if mark == "?" else 1
        )
        first, last = (
            (piece[1], piece[3] if piece[2:3] == "-" else piece[1]) if piece[0] == "[" else piece * 2
        )
        choices = _LETTERS[_LETTERS.index(first) : _LETTERS.index(last) + 1] if first != last else first
        made += rng.choices(choices, k=times)
    return "".join(made)
