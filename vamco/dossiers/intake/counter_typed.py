"""The counter's form as it was typed: the procedure, the answers, the papers. No HTML, no writing.

Everything typed stays as it was typed until it is received: a wrong value, an answer that a condition hides now, a paper
of another case. Inputs are named so: `<party>-name`, `f-<field>`, `p-<paper>-ok`; a party is its role, further ones of
the same role are `co_applicant-2`, `co_applicant-3`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.core.models import File
from vamco.forms.fields import Cleaned, clean
from vamco.organisation.models import Unit
from vamco.parties.models import masked
from vamco.procedures import queries as procedures
from vamco.procedures.definition import Case, Definition, Paper

from ..models import Dossier, Visit
from ..rules import moves
from ..rules.competence import receives
from .counter_parts import FieldForm, PaperForm, asked_for, is_id, only_when

LONGEST = 20_000
"""Characters of one input that are kept to be shown again; what is too long for its field is refused later."""


@dataclass
class TypedForm:
    """What was typed at a unit's counter, and how far it can be understood."""

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
        return self.definition is None or receives(self.unit, self.definition.tiers)

    @property
    def signature(self) -> str:
        """What the fields and papers on the page belong to."""
        return f"{self.definition.version_id}:{self.case.key}" if self.definition and self.case else ""

    # What was typed --------------------------------------------------------------------------------------------

    @cached_property
    def raw(self) -> dict[str, str]:
        """Answers as typed, hidden ones too."""
        fields = self.case.intake_fields() if self.case else ()
        return {field.key: self.text(f"f-{field.key}") for field in fields}

    @cached_property
    def answers(self) -> dict[str, str]:
        """The same for the application: an identity number where its mask stands in a correction."""
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
            FieldForm(field, self.raw[field.key], field.key in shown)
            for field in (self.case.intake_fields() if self.case else ())
        ]

    @cached_property
    def papers(self) -> list[PaperForm]:
        """The papers of the case, those that the answers do not ask for too."""
        case = self.case
        if case is None:
            return []
        wanted = asked_for(case, self.cleaned.values, self.fields)
        labels = {field.key: field for field in case.fields}
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
            code: [int(pk) for pk in self.data.getlist(f"p-{code}-file") if is_id(pk)][:50] for code in codes
        }
        ids = {pk for pks in named.values() for pk in pks}
        if not ids:
            return {}
        attached = set(self.corrects.papers.values_list("file_id", flat=True)) if self.corrects else set()
        found = {
            file.pk: file
            for file in File.objects.filter(pk__in=ids)
            if self.actor.everything or file.uploaded_by_id == self.actor.user_id or file.pk in attached
        }
        return {
            code: tuple(found[pk] for pk in dict.fromkeys(pks) if pk in found) for code, pks in named.items()
        }
