"""What an input of an offered action may be, where it is one of a list: the same that the page lets choose from."""

from typing import Any

from django.utils.translation import get_language

from vamco.organisation.models import Unit

from ..models import Dossier
from ..rules import moves
from ..work.offers import Input, Offer
from ..work.people import people

Choice = dict[str, Any]


class Choices:
    """The choices for the offers of one dossier; who may hold a step is asked for once."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.case = moves.case_of(dossier)
        self._people: dict[tuple[frozenset[Unit], str], list[Choice]] = {}

    def of(self, offer: Offer, given: Input) -> list[Choice]:
        """The choices of one input; none where anything may be typed."""
        find = {
            "person": self._persons,
            "run": self._runs,
            "step": self._steps,
            "reasons": self._reasons,
            "answers": self._fields,
        }.get(given.type)
        return find(offer, given) if find else []

    def _persons(self, offer: Offer, given: Input) -> list[Choice]:
        """Who can do the step: this one, or with `to_person` the one to which the way out leads."""
        dossier, process = self.dossier, self.case.process
        step, unit = (process.step(dossier.step) if dossier.step else None), dossier.holder_unit
        if given.name == "to_person" and step is not None:
            step = process.step(step.outcome(offer.outcome).to)
            unit = moves.unit_for(dossier, step)
        anyone = offer.key == "move" or step is None
        units = frozenset({unit, dossier.unit} if offer.key == "move" else {unit})
        key = units, "" if anyone or step is None else step.role
        if key not in self._people:
            self._people[key] = [_choice(one.pk, one.full_name) for one in people(*key)]
        return [
            one for one in self._people[key] if given.name == "to_person" or one["value"] != dossier.holder_id
        ]

    def _runs(self, offer: Offer, given: Input) -> list[Choice]:
        left = self.dossier.runs.filter(left_at__isnull=False).exclude(step=self.dossier.step)
        latest = {run.step: run for run in left}
        return [_choice(run.pk, run.name) for run in latest.values()]

    def _steps(self, offer: Offer, given: Input) -> list[Choice]:
        return [_choice(step.key, _said(step.name, step.name_en)) for step in self.case.process.steps]

    def _reasons(self, offer: Offer, given: Input) -> list[Choice]:
        return [_choice(one.key, _said(one.text, one.text_en)) for one in self.case.refusal_reasons]

    def _fields(self, offer: Offer, given: Input) -> list[Choice]:
        """The keys of what is filled at this step."""
        fields = self.case.step_fields(self.dossier.step)
        return [_choice(one.key, _said(one.label, one.label_en)) for one in fields]


def _choice(value: int | str, label: str) -> Choice:
    return {"value": value, "label": label}


def _said(vi: str, en: str) -> str:
    return en if (get_language() or "vi").startswith("en") and en else vi
