"""The counter's form: what was typed, read into an application and laid out again. No HTML, no writing.

Everything typed stays as it was typed until it is received: a wrong value, an answer that a condition hides now, a paper
of another case. Inputs are named so: `<party>-name`, `f-<field>`, `p-<paper>-ok`; a party is its role, further ones of
the same role are `co_applicant-2`, `co_applicant-3`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound, Refused
from vamco.core.models import File
from vamco.forms.field import Field
from vamco.forms.fields import Cleaned, Wrong, clean, clean_value
from vamco.organisation.models import Unit
from vamco.parties import actions as parties
from vamco.parties import on_record
from vamco.parties.models import Group, Party, masked
from vamco.procedures import queries as procedures
from vamco.procedures.definition import PARTY_GROUPS, Case, Definition, Paper
from vamco.timing import queries as timing

from ..models import Dossier, Visit
from ..rules import checking, deadlines, moves
from ..rules.application import Application, PartyInput
from ..rules.words import limit_words
from .counter_parts import (
    FieldForm,
    PaperForm,
    PartyForm,
    asked_for,
    fee_rows,
    group_name,
    is_id,
    only_when,
    said,
    trusted,
    unverified,
)

LONGEST = 20_000
"""Characters of one input that are kept to be shown again; what is too long for its field is refused later."""
MOST_OF_A_ROLE = 5
KINDS = ("person", "business", "organisation")
PARTY_INPUTS = ("name", "number", "kind", "birth", "gender", "nationality", "phone", "email", "address")


@dataclass
class Desk:
    """The counter's form at a unit: what was typed, and what follows from it now."""

    actor: Actor
    unit: Unit
    at: datetime
    data: QueryDict
    visit: Visit | None = None
    corrects: Dossier | None = None
    needs_number: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """One input as typed, without what no database stores."""
        return self.data.get(name, "").replace("\0", "")[:LONGEST]

    @property
    def received_at(self) -> datetime:
        """The moment whose fees and limit hold: now, or when a dossier that is put right came in."""
        return self.corrects.received_at if self.corrects else self.at

    # The procedure ---------------------------------------------------------------------------------------------

    @cached_property
    def definition(self) -> Definition | None:
        """The procedure that was chosen, in force today; of a dossier that is put right, the version it has."""
        if self.corrects is not None:
            return moves.definition_of(self.corrects)
        code = self.text("procedure")[:60]
        try:
            return procedures.guide(code, clock.local(self.at).date()) if code else None
        except NotFound:
            self.errors.setdefault("q", _("Không tìm thấy thủ tục này. Hãy chọn lại trong danh sách."))
            return None

    @cached_property
    def case(self) -> Case | None:
        """The case that was chosen, the usual one when none was."""
        if self.definition is None:
            return None
        try:
            return self.definition.case(self.text("case")[:60])
        except KeyError:
            return self.definition.cases[0]

    @property
    def begun(self) -> bool:
        """Whether anything of the application is there yet."""
        return bool(
            self.definition or self.text("applicant-name").strip() or self.text("applicant-number").strip()
        )

    @property
    def here(self) -> bool:
        """Whether the unit receives the procedure."""
        return self.definition is None or checking.receives(self.unit, self.definition.tiers)

    @property
    def signature(self) -> str:
        """What the fields and papers on the page belong to."""
        return f"{self.definition.version_id}:{self.case.key}" if self.definition and self.case else ""

    # What was typed --------------------------------------------------------------------------------------------

    @cached_property
    def raw(self) -> dict[str, str]:
        """Answers as typed, hidden ones too."""
        fields = self.case.intake_fields() if self.case else ()
        return {one.key: self.text(f"f-{one.key}") for one in fields}

    @cached_property
    def answers(self) -> dict[str, str]:
        """The same for the engine: an identity number where its mask stands in a correction."""
        secret = self.corrects.secret_answers if self.corrects else ""
        kept = {key: str(value) for key, value in json.loads(secret).items()} if secret else {}
        return {
            key: kept[key] if key in kept and typed == masked(kept[key]) else typed
            for key, typed in self.raw.items()
        }

    @cached_property
    def cleaned(self) -> Cleaned:
        """The answers as far as they can be understood."""
        fields = self.case.intake_fields() if self.case else ()
        return clean(fields, self.answers, today=clock.local(self.at).date(), draft=True)

    @cached_property
    def fields(self) -> list[FieldForm]:
        """The fields of the case in their order."""
        shown = set(self.cleaned.shown)
        return [
            FieldForm(one, self.raw[one.key], one.key in shown)
            for one in (self.case.intake_fields() if self.case else ())
        ]

    @cached_property
    def papers(self) -> list[PaperForm]:
        """The papers of the case, those that the answers do not ask for too."""
        case = self.case
        if case is None:
            return []
        wanted = asked_for(case, self.cleaned.values, self.fields)
        labels = {one.key: one for one in case.fields}
        files = self._files([paper.code for paper in case.papers])
        return [
            PaperForm(
                paper,
                ok=f"p-{paper.code}-ok" in self.data,
                bad=f"p-{paper.code}-bad" in self.data,
                originals=self._copies(paper, "o", ("original",)),
                copies=self._copies(paper, "c", ("copy", "certified", "any")),
                remark=self.text(f"p-{paper.code}-remark")[:1000],
                files=files.get(paper.code, ()),
                wanted=paper.code in wanted,
                only=only_when(paper, labels) if paper.required == "when" else "",
            )
            for paper in case.papers
        ]

    def _copies(self, paper: Paper, which: str, kinds: tuple[str, ...]) -> str:
        name = f"p-{paper.code}-{which}"
        if name in self.data:
            return self.text(name)[:10]
        return str(paper.count) if paper.kind in kinds else ""

    def _files(self, codes: Iterable[str]) -> dict[str, tuple[File, ...]]:
        """The scans of each paper: the officer's own uploads, and what the dossier has already."""
        named = {
            code: [int(one) for one in self.data.getlist(f"p-{code}-file") if is_id(one)][:50]
            for code in codes
        }
        ids = {one for some in named.values() for one in some}
        if not ids:
            return {}
        there = set(self.corrects.papers.values_list("file_id", flat=True)) if self.corrects else set()
        found = {
            one.pk: one
            for one in File.objects.filter(pk__in=ids)
            if self.actor.everything or one.uploaded_by_id == self.actor.user_id or one.pk in there
        }
        return {
            code: tuple(found[one] for one in dict.fromkeys(some) if one in found)
            for code, some in named.items()
        }

    # Parties ---------------------------------------------------------------------------------------------------

    @cached_property
    def parties(self) -> list[PartyForm]:
        """The applicant, who submits for them, and whoever else the case knows."""
        known = {one.role: one for one in self.case.parties} if self.case else {}
        applicant = known.get("applicant")
        kinds = applicant.kinds if applicant else ()
        label = said(applicant.label, applicant.label_en) if applicant and applicant.label else _("Người nộp")
        made = [self._party("applicant", "applicant", label, True, kinds)]
        submitter = known.get("submitter")
        made.append(
            self._party(
                "submitter",
                "submitter",
                _("Người nộp thay"),
                bool(submitter and submitter.required),
                submitter.kinds if submitter else ("person",),
            )
        )
        for role, one in known.items():
            if role in ("applicant", "submitter", "collector"):
                continue
            typed = self.text(f"{role}-count")
            wanted = min(max(int(typed) if is_id(typed) else 1, 1), MOST_OF_A_ROLE)
            label = said(one.label, one.label_en) or role
            for i in range(1, wanted + 1):
                key = role if i == 1 else f"{role}-{i}"
                made.append(self._party(key, role, label, one.required and i == 1, one.kinds))
                made[-1].count = wanted
            made[-1].more = role != "representative" and wanted < MOST_OF_A_ROLE
        return made

    def _party(self, key: str, role: str, label: str, required: bool, kinds: tuple[str, ...]) -> PartyForm:
        values = {name: self.text(f"{key}-{name}") for name in PARTY_INPUTS}
        allowed = kinds or KINDS
        if values["kind"] not in KINDS:
            values["kind"] = allowed[0]
        values["nationality"] = values["nationality"].strip().upper() or "VN"
        known = self._known(key, values["number"])
        on = role == "applicant" or required or f"{key}-on" in self.data
        on = on or (role != "submitter" and bool(values["name"].strip() or values["number"].strip()))
        return PartyForm(
            key,
            role,
            label,
            required,
            allowed,
            values,
            on=on,
            no_number=f"{key}-none" in self.data,
            same=f"{key}-same" in self.data,
            known=known,
        )

    def _known(self, key: str, typed: str) -> Party | None:
        """The record that belongs to the number typed: only one that the officer has looked up, or may find anyway.

        A whole number is compared only when the officer has asked for it today: on record, and no way to guess one.
        """
        pk = self.text(f"{key}-known")
        if not is_id(pk):
            return None
        party = trusted(self.actor, int(pk))
        if party is None:
            return None
        if typed == party.masked_number:
            return party
        same = _compact(typed) == _compact(party.number)
        return party if same and on_record.looked_up_today(self.actor, party) else None

    # The application -------------------------------------------------------------------------------------------

    @property
    def groups(self) -> tuple[str, ...]:
        """Why the applicant pays less."""
        return tuple(one for one in self.data.getlist("groups") if one in Group.values)

    @property
    def pay(self) -> str:
        return "now" if self.text("pay") == "now" else "on_return"

    @property
    def return_by(self) -> str:
        return "post" if self.text("return_by") == "post" else "counter"

    @property
    def channel(self) -> str:
        return self.text("channel") if self.text("channel") in ("counter", "post", "online") else "counter"

    def given(self) -> list[PartyForm]:
        """The parties that are there, in the order of the application."""
        return [one for one in self.parties if one.on]

    def application(self) -> Application:
        """What is handed to the engine. Faults of the form's own (a date that is none) are added to `errors`."""
        return Application(
            procedure=self.definition.code if self.definition else "",
            case=self.case.key if self.case else "",
            channel=self.channel,
            parties=tuple(self._input(one) for one in self.given()),
            answers=self.answers,
            papers=tuple(one.handed_in() for one in self.papers if one.wanted),
            summary=self.text("summary"),
            return_by=self.return_by,
            pay=self.pay,
            note=self.text("note"),
        )

    def _input(self, one: PartyForm) -> PartyInput:
        values = one.values
        known = one.known
        number = known.number if one.masked and known else values["number"].strip()
        if one.no_number:
            number = ""
        return PartyInput(
            name=values["name"],
            role=one.role,
            kind=values["kind"],
            id_number=number,
            phone=values["phone"].strip(),
            email=values["email"].strip(),
            address=values["address"],
            birth_date=self._birth(one) if values["kind"] == "person" else None,
            gender=values["gender"]
            if values["kind"] == "person" and values["gender"] in ("male", "female")
            else "",
            groups=self.groups if one.role == "applicant" else (),
            same_person=one.same,
            nationality=values["nationality"] if re.fullmatch("[A-Z]{2}", values["nationality"]) else "",
            party=known.pk if known and not known.number else None,
        )

    def _birth(self, one: PartyForm) -> date | None:
        typed = one.values["birth"].strip()
        if not typed:
            return None
        asked = Field("birth", "date", _("Ngày sinh"), "Date of birth", max_date="today")
        try:
            value = clean_value(asked, typed, today=clock.local(self.at).date())
        except Wrong as wrong:
            self.errors[f"{one.key}-birth"] = str(wrong)
            return None
        return date.fromisoformat(value) if value else None

    # What follows ----------------------------------------------------------------------------------------------

    def look_through(self) -> dict[str, str]:
        """Everything that is still missing or wrong, by input; empty when it can be received."""
        found: dict[str, str] = {}
        if self.definition is None:
            found["q"] = _("Hãy chọn thủ tục.")
        before = dict(self.errors)
        self.errors = {}
        application = self.application()
        found.update(self.errors)
        self.errors = before
        found.update(self.refused_scans)
        found.update(self._numbers_missing())
        found.update(self._people(application))
        if self.definition is not None:
            try:
                checking.check(self.actor, self.unit, application, self.received_at, dossier=self.corrects)
            except Refused as refusal:
                found.update(self.placed(refusal.fields) or {"q": refusal.message})
        return found

    @property
    def refused_scans(self) -> dict[str, str]:
        """What is wrong with scans that came with the form, and were not kept."""
        return {name: text for name, text in self.errors.items() if name.endswith("-scan")}

    def _numbers_missing(self) -> dict[str, str]:
        if not self.needs_number:
            return {}
        return {
            f"{one.key}-number": _("Hãy nhập số giấy tờ, hoặc đánh dấu «chưa có số».")
            for one in self.given()
            if one.role in ("applicant", "submitter")
            and not one.values["number"].strip()
            and not one.no_number
        }

    def _people(self, application: Application) -> dict[str, str]:
        faults: dict[str, str] = {}
        for form, one in zip(self.given(), application.parties, strict=True):
            if form.other_name and not form.same:
                faults[f"{form.key}-same"] = _(
                    "Số này đã ghi cho người có tên khác. Hãy xem lại, hoặc đánh dấu «vẫn là người này»."
                )
            try:
                parties.checked(
                    name=one.name,
                    kind=one.kind,
                    id_number=one.id_number,
                    birth_date=one.birth_date,
                    gender=one.gender,
                    phone=one.phone,
                    email=one.email,
                    address=one.address,
                    groups=one.groups,
                    nationality=one.nationality,
                )
            except Invalid as wrong:
                faults.update({form.error_name(key): message for key, message in wrong.fields.items()})
        return faults

    def mark(self) -> None:
        """Lay the faults found beside what they belong to."""
        for one in self.parties:
            start = f"{one.key}-"
            one.errors = {
                name.removeprefix(start): text for name, text in self.errors.items() if name.startswith(start)
            }
        for asked in self.fields:
            asked.error = self.errors.get(asked.name, "")
        for paper in self.papers:
            paper.error = self.errors.get(f"{paper.name}-ok", "")
            paper.scan_error = self.errors.get(f"{paper.name}-scan", "")

    def placed(self, fields: Mapping[str, str]) -> dict[str, str]:
        """The engine's faults by the inputs of this page."""
        return {self._place(key): str(message) for key, message in fields.items()}

    def _place(self, key: str) -> str:
        head, _dot, rest = key.partition(".")
        if head == "parties":
            index, _dot, name = rest.partition(".")
            given = self.given()
            if index.isdigit() and int(index) < len(given):
                return given[int(index)].error_name(name)
            return f"{index or 'applicant'}-name"
        if head == "fields":
            return f"f-{rest}"
        if head == "papers":
            return f"p-{rest}-ok"
        if key in self.raw:
            return f"f-{key}"
        return {"procedure": "q", "expected": "pay", "charges": "pay"}.get(key, key)

    @cached_property
    def fees(self) -> list[dict[str, Any]]:
        """The fee lines as far as they can be counted; an amount of None cannot be yet."""
        if self.case is None:
            return []
        return fee_rows(
            self.case, self.cleaned.values, self.groups, clock.local(self.received_at).date(), self.channel
        )

    @property
    def total(self) -> int | None:
        """The sum in đồng, None while a line cannot be counted."""
        amounts = [line["amount"] for line in self.fees]
        return None if None in amounts else sum(amounts)

    @property
    def exempting(self) -> list[tuple[str, str]]:
        """The groups of people that matter for this case's fees."""
        keys = {key for line in (self.case.fees if self.case else ()) for key in (*line.exempt, *line.only)}
        return [(key, group_name(key)) for key in PARTY_GROUPS if key in keys]

    @property
    def limit(self) -> str:
        """The time limit in words."""
        if self.case is None:
            return ""
        return limit_words(*self.case.limit.given(self.channel, self.cleaned.values))

    @property
    def due(self) -> datetime | None:
        """When it would be due if it were received now."""
        if self.case is None:
            return None
        amount, limit_unit = self.case.limit.given(self.channel, self.cleaned.values)
        regime = timing.regime(self.corrects.regime) if self.corrects else timing.regime_at(self.at)
        return deadlines.first_due(self.received_at, amount, limit_unit, office=self.unit, regime=regime)

    @property
    def handler(self) -> str:
        """Which unit gets it first."""
        if self.case is None or not self.here:
            return ""
        process = self.case.process
        try:
            return moves.unit_for(
                Dossier(unit=self.unit, holder_unit=self.unit), process.step(process.first)
            ).agency
        except Refused as refusal:
            return refusal.message

    @property
    def unverified(self) -> list[tuple[str, str]]:
        """Values that nobody has checked against their source yet: what, and where it comes from."""
        if self.case is None or self.definition is None:
            return []
        return unverified(self.definition, self.case, self.papers, self.fees)


def _compact(number: str) -> str:
    return re.sub(r"[\s.\-]", "", number).upper()
