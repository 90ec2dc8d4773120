"""The parties on the counter's form, and the application that the form makes."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.forms.field import Field
from vamco.forms.fields import Wrong, clean_value
from vamco.parties import on_record
from vamco.parties.models import Group, Party

from ..rules.application import Application, PartyInput
from .counter_parts import PartyForm, is_id, localised, trusted
from .counter_typed import TypedForm

MOST_OF_A_ROLE = 5
KINDS = ("person", "business", "organisation")
PARTY_INPUTS = ("name", "number", "kind", "birth", "gender", "nationality", "phone", "email", "address")


class ApplicationForm(TypedForm):
    """The form with its parties, read into an application."""

    @cached_property
    def parties(self) -> list[PartyForm]:
        """The applicant, who submits for them, and whoever else the case knows."""
        known = {role.role: role for role in self.case.parties} if self.case else {}
        applicant = known.get("applicant")
        kinds = applicant.kinds if applicant else ()
        label = (
            localised(applicant.label, applicant.label_en)
            if applicant and applicant.label
            else _("Người nộp")
        )
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
        for role, declared in known.items():
            if role in ("applicant", "submitter", "collector"):
                continue
            typed = self.text(f"{role}-count")
            wanted = min(max(int(typed) if is_id(typed) else 1, 1), MOST_OF_A_ROLE)
            label = localised(declared.label, declared.label_en) or role
            for i in range(1, wanted + 1):
                key = role if i == 1 else f"{role}-{i}"
                made.append(self._party(key, role, label, declared.required and i == 1, declared.kinds))
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
        """The record of the number typed: only one that the officer has looked up today, or may find anyway.

        A full number is compared only after a look-up of today, which is on record, so that nobody guesses numbers here.
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
        return tuple(group for group in self.data.getlist("groups") if group in Group.values)

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
        return [form for form in self.parties if form.on]

    def application(self) -> Application:
        """The application that was typed. Faults of the form's own (a date that is none) are added to `errors`."""
        return Application(
            procedure=self.definition.code if self.definition else "",
            case=self.case.key if self.case else "",
            channel=self.channel,
            parties=tuple(self._input(form) for form in self.given()),
            answers=self.answers,
            papers=tuple(paper.handed_in() for paper in self.papers if paper.wanted),
            summary=self.text("summary"),
            return_by=self.return_by,
            pay=self.pay,
            note=self.text("note"),
        )

    def _input(self, form: PartyForm) -> PartyInput:
        values = form.values
        known = form.known
        number = known.number if form.masked and known else values["number"].strip()
        if form.no_number:
            number = ""
        return PartyInput(
            name=values["name"],
            role=form.role,
            kind=values["kind"],
            id_number=number,
            phone=values["phone"].strip(),
            email=values["email"].strip(),
            address=values["address"],
            birth_date=self._birth(form) if values["kind"] == "person" else None,
            gender=values["gender"]
            if values["kind"] == "person" and values["gender"] in ("male", "female")
            else "",
            groups=self.groups if form.role == "applicant" else (),
            same_person=form.same,
            nationality=values["nationality"] if re.fullmatch("[A-Z]{2}", values["nationality"]) else "",
            party=known.pk if known and not known.number else None,
        )

    def _birth(self, form: PartyForm) -> date | None:
        typed = form.values["birth"].strip()
        if not typed:
            return None
        birth = Field("birth", "date", _("Ngày sinh"), "Date of birth", max_date="today")
        try:
            value = clean_value(birth, typed, today=clock.local(self.at).date())
        except Wrong as wrong:
            self.errors[f"{form.key}-birth"] = str(wrong)
            return None
        return date.fromisoformat(value) if value else None


def _compact(number: str) -> str:
    return re.sub(r"[\s.\-]", "", number).upper()
