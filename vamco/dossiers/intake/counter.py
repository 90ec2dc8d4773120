"""The counter's form: what is still missing or wrong, and what follows from it now. No HTML, no writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.errors import Invalid, Refused
from vamco.procedures.definition import PARTY_GROUPS
from vamco.timing import queries as timing

from ..models import Dossier
from ..rules import checking, deadlines, moves
from ..rules.application import Application
from ..rules.checking import Checked
from ..rules.people import check_data
from ..rules.words import limit_words
from .counter_application import ApplicationForm
from .counter_parts import fee_rows, group_name, unverified


class WrongInputs(Invalid):
    """Faults that are named by inputs of the counter's page."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(_("Hồ sơ chưa tiếp nhận được; xem từng mục bên dưới."), fields=dict(wrong))


@dataclass
class Desk(ApplicationForm):
    """The counter's form at a unit: what was typed, and what follows from it now."""

    checked: Checked | None = None

    @cached_property
    def faults(self) -> dict[str, str]:
        """Everything that is still missing or wrong, by input; empty when it can be received, as `checked` then."""
        found, application = self._own_faults, self.application()
        if self.definition is not None:
            try:
                self.checked = checking.check(
                    self.actor, self.unit, application, self.received_at, dossier=self.corrects
                )
                return found
            except Refused as refusal:
                refused = self.placed(refusal.fields) or {"q": refusal.message}
        else:
            refused = {}
        unfit: dict[str, str] = {}
        check_data(application.parties, unfit)
        return found | self.placed(unfit) | refused

    def to_receive(self) -> Application | Checked:
        """What `receive` takes. Raises `WrongInputs`, with all that is wrong, when the form itself has faults.

        An application that fails its check is given as it is: the action names the faults, or answers a request that was
        sent twice as it did the first time, when the scans were not used yet.
        """
        faults = self.faults
        if self._own_faults:
            raise WrongInputs(faults)
        return self.checked or self.application()

    @cached_property
    def _own_faults(self) -> dict[str, str]:
        """What the form asks for beyond the check of the application."""
        found = {} if self.definition else {"q": _("Hãy chọn thủ tục.")}
        before, self.errors = self.errors, {}
        self.application()
        found |= self.errors
        self.errors = before
        return found | self.refused_scans | self._numbers_missing() | self._other_names()

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal beside the inputs that it names, or on top of the page."""
        placed = refusal.fields if isinstance(refusal, WrongInputs) else self.placed(refusal.fields)
        self.errors.update(placed)
        if not placed:
            self.general.append(refusal.message)

    @property
    def refused_scans(self) -> dict[str, str]:
        """What is wrong with scans that came with the form, and were not kept."""
        return {name: text for name, text in self.errors.items() if name.endswith("-scan")}

    def _numbers_missing(self) -> dict[str, str]:
        if not self.needs_number:
            return {}
        return {
            f"{form.key}-number": _("Hãy nhập số giấy tờ, hoặc đánh dấu «chưa có số».")
            for form in self.given()
            if form.role in ("applicant", "submitter")
            and not form.values["number"].strip()
            and not form.no_number
        }

    def _other_names(self) -> dict[str, str]:
        return {
            f"{form.key}-same": _(
                "Số này đã ghi cho người có tên khác. Hãy xem lại, hoặc đánh dấu «vẫn là người này»."
            )
            for form in self.given()
            if form.other_name and not form.same
        }

    def mark(self) -> None:
        """Put the faults found beside the inputs that they belong to."""
        for form in self.parties:
            start = f"{form.key}-"
            form.errors = {
                name.removeprefix(start): text for name, text in self.errors.items() if name.startswith(start)
            }
        for field in self.fields:
            field.error = self.errors.get(field.name, "")
        for paper in self.papers:
            paper.error = self.errors.get(f"{paper.name}-ok", "")
            paper.scan_error = self.errors.get(f"{paper.name}-scan", "")

    def placed(self, fields: Mapping[str, str]) -> dict[str, str]:
        """The faults of the application by the inputs of this page."""
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
