"""The parts of the counter's form as they were typed: a party, a field, a paper. No HTML, no writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Exists
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vamco.core import text
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.models import File
from vamco.forms.conditions import evaluate, fields_of, holds
from vamco.forms.field import Field
from vamco.parties import on_record
from vamco.parties import queries as parties
from vamco.parties.models import Party
from vamco.procedures.definition import PARTY_GROUPS, Case, Definition, Paper
from vamco.procedures.fees import fee_lines

from ..rules.application import PaperInput

_INPUTS = {
    "id_number": "number",
    "birth_date": "birth",
    "groups": "groups",
    "party": "name",
    "same_person": "same",
}


def english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "vi").startswith("en")


def localised(vi: str, en: str) -> str:
    """The text in the reader's language."""
    return en if english() and en else vi


@dataclass
class PartyForm:
    """One party as typed. `on`: whether it is given at all; `known`: its record, when the officer may know of it."""

    key: str
    role: str
    label: str
    required: bool
    kinds: tuple[str, ...]
    values: dict[str, str]
    on: bool = True
    no_number: bool = False
    same: bool = False
    known: Party | None = None
    more: bool = False
    count: int = 1
    errors: dict[str, str] = field(default_factory=dict)
    about: Any = None

    @property
    def masked(self) -> bool:
        """Whether the number stands there as its mask, for the record that is known."""
        if self.known is None or not self.known.number:
            return False
        return self.values["number"] == self.known.masked_number

    @property
    def other_name(self) -> bool:
        """Whether the number is on record under another name."""
        return bool(
            self.known
            and self.known.number
            and self.known.kind == "person"
            and self.values["name"].strip()
            and text.fold(self.values["name"])[:300] != self.known.folded
        )

    def error_name(self, field: str) -> str:
        """The input of the page that a field of the application means."""
        return f"{self.key}-{_INPUTS.get(field, field)}"


@dataclass
class FieldForm:
    """A field of the case as typed. `shown` false: a condition hides it now, its value stays."""

    field: Field
    value: str
    shown: bool
    error: str = ""

    @property
    def name(self) -> str:
        """Its name and id on the page."""
        return f"f-{self.field.key}"

    @property
    def label(self) -> str:
        return localised(self.field.label, self.field.label_en)

    @property
    def hint(self) -> str:
        return localised(self.field.hint, self.field.hint_en)

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(option.value, localised(option.label, option.label_en)) for option in self.field.options]

    @property
    def number(self) -> bool:
        """Whether a change of it may change the fee: as it is typed, not only when it is left."""
        return self.field.type in ("number", "money")

    @property
    def wide(self) -> bool:
        return self.field.type in ("text", "longtext", "address", "bool") or len(self.label) > 32


@dataclass
class PaperForm:
    """A paper of the case as looked at. `wanted` false: these answers do not ask for it; `only` says when it is."""

    paper: Paper
    ok: bool
    bad: bool
    originals: str
    copies: str
    remark: str
    files: tuple[File, ...]
    wanted: bool
    only: str = ""
    error: str = ""
    scan_error: str = ""

    @property
    def name(self) -> str:
        return f"p-{self.paper.code}"

    @property
    def label(self) -> str:
        return localised(self.paper.name, self.paper.name_en)

    @property
    def optional(self) -> bool:
        return self.paper.required == "optional"

    @property
    def kind(self) -> str:
        """What is asked for, in words: «bản chính», «2 bản sao»."""
        kinds = {
            "original": _("bản chính"),
            "certified": _("bản sao chứng thực"),
            "copy": _("bản sao"),
            "any": _("chính hoặc sao"),
        }
        return (
            f"{self.paper.count} {kinds[self.paper.kind]}" if self.paper.count > 1 else kinds[self.paper.kind]
        )

    @property
    def verdict(self) -> str:
        """ok, not_ok or missing, as the ticks say."""
        return "not_ok" if self.bad else "ok" if self.ok or self.files else "missing"

    @property
    def missing(self) -> bool:
        return self.wanted and not self.optional and self.verdict == "missing"

    def handed_in(self) -> PaperInput:
        """The paper as the application holds it."""
        ids = tuple(file.pk for file in self.files)
        given = self.verdict != "missing"
        return PaperInput(
            code=self.paper.code,
            originals=_count(self.originals) if given else 0,
            copies=_count(self.copies) if given else 0,
            verdict="" if self.optional and self.verdict == "missing" else self.verdict,
            remark=self.remark,
            file=ids[0] if ids and given else None,
            more=ids[1:] if given else (),
        )


def _count(typed: str) -> int:
    """A number of copies; -1, which the check refuses, for what is no number."""
    typed = typed.strip()
    if not typed:
        return 0
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else -1


def is_id(value: str) -> bool:
    """Whether it can be the key of a row."""
    return value.isascii() and value.isdigit() and len(value) < 18


def group_name(key: str) -> str:
    """A group that fees favour, in the reader's language."""
    return localised(*PARTY_GROUPS[key]) if key in PARTY_GROUPS else ""


def fee_rows(
    case: Case, answers: Mapping[str, Any], groups: Sequence[str], day: date, channel: str
) -> list[dict[str, Any]]:
    """The fee lines that apply, each as far as it can be counted: an amount of None waits for a quantity."""
    rows: list[dict[str, Any]] = []
    for line in case.fees:
        row = {"name": localised(line.name, line.name_en), "source": line.source, "verified": line.verified}
        try:
            due = fee_lines(replace(case, fees=(line,)), answers, groups, day, channel)
        except Invalid:
            rows.append({**row, "amount": None})
            continue
        rows += [
            {**row, "quantity": fee.quantity, "amount": fee.amount, "waived": group_name(fee.waived)}
            for fee in due
        ]
    return rows


def asked_for(case: Case, answers: Mapping[str, Any], fields: Sequence[FieldForm]) -> set[str]:
    """The codes of the papers that are asked for now.

    A paper that depends on a required answer waits for it, so that no officer is asked for a divorce of the unmarried.
    """
    coming = {form.field.key for form in fields if form.shown and form.field.required} - answers.keys()
    return {
        paper.code
        for paper in case.papers_for(answers)
        if not coming & fields_of(paper.when) or holds(paper.when, answers, default=False)
    }


def only_when(paper: Paper, fields: Mapping[str, Field]) -> str:
    """When a paper is asked for, in words as far as they are simple: «khi có công trình liền kề»."""
    keys = sorted(fields_of(paper.when))
    if len(keys) != 1 or keys[0] not in fields:
        return _("chỉ trong trường hợp khác")
    field = fields[keys[0]]
    values = [
        localised(option.label, option.label_en)
        for option in field.options
        if holds(paper.when, {field.key: option.value}, default=False)
    ]
    label = localised(field.label, field.label_en)
    if field.type == "bool" and evaluate(paper.when, {field.key: True}):
        return _("chỉ khi: %(what)s") % {"what": label}
    if values:
        return _("chỉ khi: %(what)s") % {"what": " / ".join(values)}
    return _("chỉ theo: %(what)s") % {"what": label}


def trusted(actor: Actor, pk: int) -> Party | None:
    """A party that the officer may find anyway, or was shown today, on record."""
    found = parties.visible(actor).filter(pk=pk).first() if actor.may_anywhere("parties.search") else None
    if found is None and actor.user_id is not None:
        shown = on_record.today(actor).filter(party=pk)
        found = Party.objects.defer("search").filter(Exists(shown), pk=pk).first()
    return found


def unverified(
    of: Definition, case: Case, papers: Iterable[PaperForm], fees: Iterable[Mapping[str, Any]]
) -> list[tuple[str, str]]:
    """What of a procedure nobody has checked against its source, and where it comes from."""
    found = [] if of.source.verified else [(_("Nội dung thủ tục, các bên, mục phải khai"), of.source.text)]
    if not case.limit.source.verified:
        found.append((_("Thời hạn"), case.limit.source.text))
    if not case.process.source.verified:
        found.append((_("Quy trình"), case.process.source.text))
    found += [(form.label, form.paper.source.text) for form in papers if not form.paper.verified]
    found += [(line["name"], line["source"].text) for line in fees if not line["verified"]]
    return found
