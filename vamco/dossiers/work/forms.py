"""The small form of each offer, and the blocks of fields for lists of papers and for the fields of a step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from vamco.core.actors import Actor
from vamco.core.inputs import Parameter
from vamco.forms.conditions import evaluate
from vamco.forms.field import Field
from vamco.procedures.wording import said as in_language
from vamco.web import words
from vamco.web.access import Request
from vamco.web.action_forms import BLOCKS, Block, InputForm

from ..models import Dossier
from ..rules import moves
from ..rules.application import OTHER, PaperInput
from ..rules.inputs import Item
from .offers import Offer

FREE_ROWS = 2
"""Empty rows under a list of papers, for what is not in the procedure."""
RADIOS = 4
"""So many options of a field of a procedure are shown at once."""
Keep = Callable[[Any, str], int | None]
"""Stores an upload under the name of its field."""


def form_of(actor: Actor, dossier: Dossier, offer: Offer, request: Request | None = None) -> InputForm:
    """What an offer asks for, and the version that the person saw. The first field is ready to be typed in."""
    hidden = tuple(parameter for parameter in offer.action.inputs if parameter.input.hidden)
    asked = tuple(parameter for parameter in offer.inputs if _is_a_question(parameter, actor, dossier))
    form = InputForm(offer.action, actor, dossier, request=request, asked=(*asked, *hidden))
    first = next(iter(form.visible_fields()), None)
    if first and not isinstance(first.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        first.field.widget.attrs["autofocus"] = True
    return form


def _is_a_question(parameter: Parameter, actor: Actor, dossier: Dossier) -> bool:
    """Who gets it next is asked only where there are several."""
    return parameter.name != "to_person" or len(parameter.offered(actor, dossier) or ()) > 1


@dataclass(frozen=True)
class Row:
    """One row of a list of papers in a form: its fields by name, and the paper's name where it is fixed."""

    name: str
    fields: Mapping[str, forms.BoundField]
    more: bool = False


class ItemsBlock(Block):
    """What may be asked for: the papers of the procedure with the verdicts of who looked at them, and free rows."""

    template = "dossiers/_form_items.html"

    def fields(self, parameter: Parameter, actor: Actor, target: Dossier) -> dict[str, forms.Field]:
        """A tick or a name, and what is wrong with it."""
        kept = {paper.code: paper for paper in target.papers.all()}
        found: dict[str, forms.Field] = {}
        for paper in moves.case_of(target).papers_for(target.answers):
            looked_at = kept.get(paper.code)
            bad = looked_at if looked_at and looked_at.verdict in ("not_ok", "missing") else None
            found[paper.code] = forms.BooleanField(label=paper.name, required=False, initial=bool(bad))
            found[f"{paper.code}.fault"] = _text(_("Cần sửa, bổ sung gì"), bad.remark if bad else "")
        for i in range(1, FREE_ROWS + 1):
            found[f"{OTHER}{i}"] = _text(_("Giấy tờ hoặc nội dung khác"))
            found[f"{OTHER}{i}.fault"] = _text(_("Cần sửa, bổ sung gì"))
        return found

    def value(
        self, parameter: Parameter, cleaned: Mapping[str, Any], target: Dossier, keep: Keep
    ) -> list[Item]:
        """What was ticked or named."""
        names = {paper.code: paper.name for paper in moves.case_of(target).papers}
        return [
            Item(value if isinstance(value, str) else names[key], cleaned.get(f"{key}.fault") or "")
            for key, value in cleaned.items()
            if value and not key.endswith(".fault")
        ]

    def rows(self, fields: Mapping[str, forms.BoundField]) -> Sequence[Row]:
        """Each with its tick, or a field for its name."""
        return [
            Row(
                str(field.label) if isinstance(field.field, forms.BooleanField) else "",
                {"what": field, "fault": fields[f"{key}.fault"]},
            )
            for key, field in fields.items()
            if not key.endswith(".fault")
        ]


class PapersBlock(Block):
    """What is handed in: what was asked for comes first, then free rows."""

    template = "dossiers/_form_papers.html"

    def fields(self, parameter: Parameter, actor: Actor, target: Dossier) -> dict[str, forms.Field]:
        """A paper's code and name where it is not fixed, how many of it, and its scan."""
        known = [(paper.code, paper.name) for paper in moves.case_of(target).papers]
        found: dict[str, forms.Field] = {}
        free = {f"{OTHER}{i}": PaperInput(OTHER) for i in range(1, FREE_ROWS + 1)}
        for key, paper in (self._begun(parameter, target) | free).items():
            if not paper.remark:
                listed = [("", _("chọn giấy tờ")), *known, (OTHER, _("giấy tờ khác"))]
                found[f"{key}.code"] = forms.ChoiceField(label=_("Giấy tờ"), required=False, choices=listed)
                found[f"{key}.name"] = _text(_("Tên giấy tờ khác"))
            for part, label in (("originals", _("bản chính")), ("copies", _("bản sao"))):
                usual = getattr(paper, part) or None
                found[f"{key}.{part}"] = forms.IntegerField(
                    label=label, required=False, min_value=0, max_value=999, initial=usual
                )
            found[f"{key}.file"] = forms.FileField(
                label=_("bản quét"), required=False, help_text=paper.remark
            )
        return found

    def _begun(self, parameter: Parameter, dossier: Dossier) -> dict[str, PaperInput]:
        """The rows that the form begins with, by their keys; a paper's remark is its name."""
        start = parameter.input.start
        return {str(i): paper for i, paper in enumerate(start(dossier) if start else ())}

    def value(
        self, parameter: Parameter, cleaned: Mapping[str, Any], target: Dossier, keep: Keep
    ) -> list[PaperInput]:
        """The rows in which something was given."""
        begun = self._begun(parameter, target)
        rows = []
        for key in dict.fromkeys(name.partition(".")[0] for name in cleaned):
            given = {part: cleaned.get(f"{key}.{part}") for part in ("code", "name", *_COUNTED)}
            if any(given[part] for part in _COUNTED):
                typed = PaperInput(given["code"] or OTHER, remark=given["name"] or "")
                rows.append(
                    replace(
                        begun.get(key, typed),
                        originals=given["originals"] or 0,
                        copies=given["copies"] or 0,
                        file=keep(given["file"], f"{key}.file"),
                    )
                )
        return rows

    def rows(self, fields: Mapping[str, forms.BoundField]) -> Sequence[Row]:
        """Fixed ones and the first free one, then those that are seldom needed."""
        found = []
        for i, key in enumerate(dict.fromkeys(name.partition(".")[0] for name in fields)):
            below = {
                part: fields[f"{key}.{part}"]
                for part in ("code", "name", *_COUNTED)
                if f"{key}.{part}" in fields
            }
            found.append(Row(str(below["file"].help_text), below, more=key.startswith(OTHER) and i > 0))
        return found


_COUNTED = ("originals", "copies", "file")


class AnswersBlock(Block):
    """The step's fields. What must be filled is asked by the action, so that a draft may be kept half filled."""

    def fields(self, parameter: Parameter, actor: Actor, target: Dossier) -> dict[str, forms.Field]:
        """Those whose condition holds by the other answers."""
        declared = moves.case_of(target).step_fields(target.step)
        own = {field.key for field in declared}
        known = {key: value for key, value in target.answers.items() if key not in own}
        return {
            field.key: field_of(field, target.answers.get(field.key))
            for field in declared
            if field.when is None or evaluate(field.when, known) is not False
        }

    def value(
        self, parameter: Parameter, cleaned: Mapping[str, Any], target: Dossier, keep: Keep
    ) -> dict[str, Any]:
        """The answers by the keys of their fields."""
        return dict(cleaned)


def field_of(field: Field, value: Any) -> forms.Field:
    """A field of a procedure as a field of a page; it checks nothing itself, the answers are checked together."""
    label = in_language(field, "label")
    settings: dict[str, Any] = {
        "label": label if field.required or field.type == "bool" else f"{label} {_('(nếu có)')}",
        "required": False,
        "help_text": in_language(field, "hint"),
        "initial": value,
    }
    if field.type == "bool":
        return forms.BooleanField(**settings)
    if field.type == "choice":
        pairs = [(option.value, in_language(option, "label")) for option in field.options]
        if len(pairs) <= RADIOS:
            return forms.ChoiceField(**settings, choices=pairs, widget=forms.RadioSelect)
        return forms.ChoiceField(**settings, choices=[("", _("hãy chọn")), *pairs])
    attrs: dict[str, Any] = {}
    if field.type == "date":
        settings["initial"] = words.day(date.fromisoformat(value)) if value else ""
        attrs = {"inputmode": "numeric", "placeholder": _("ngày/tháng/năm")}
    elif field.type in ("number", "money"):
        attrs = {"inputmode": "decimal"}
    widget = forms.Textarea(attrs={"rows": 3}) if field.type == "longtext" else forms.TextInput(attrs=attrs)
    return forms.CharField(**settings, widget=widget)


def _text(label: str, initial: str = "") -> forms.Field:
    return forms.CharField(label=label, required=False, max_length=500, initial=initial)


BLOCKS |= {"items": ItemsBlock(), "papers": PapersBlock(), "answers": AnswersBlock()}
