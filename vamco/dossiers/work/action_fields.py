"""The fields of an action's form: each kind of input that an offer names becomes what a person can fill in."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.forms.conditions import evaluate
from vamco.forms.field import Field
from vamco.organisation.models import Level, Unit
from vamco.organisation.validity import open_on
from vamco.procedures.wording import said
from vamco.web import words

from ..models import Dossier, StepRun
from ..rules import moves
from ..work.people import people
from .offers import Input, Offer, default

OTHER = "khac"
"""Code of a paper that the procedure does not know; its name is typed."""
FREE_ROWS = 2
"""Empty rows under a list of papers, for what is not in the procedure."""


class OfferForm(forms.Form):
    """The form of an offer as its fields need it: who acts, on which dossier, and the key and name of each row of a list
    (`items` that may be asked for, `papers` that are handed in)."""

    def __init__(self, actor: Actor, dossier: Dossier, offer: Offer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.dossier, self.offer = actor, dossier, offer
        self.items: list[tuple[str, str]] = []
        self.papers: list[tuple[str, str]] = []


def add(form: OfferForm, given: Input) -> None:
    """Add to the form what this input needs."""
    _ADD.get(given.type, _add_text)(form, given)


def _label(given: Input) -> str:
    words = given.label
    return words if given.required or _("nếu") in words else f"{words} {_('(nếu có)')}"


def _add_text(form: OfferForm, given: Input) -> None:
    form.fields[given.name] = forms.CharField(
        label=_label(given), required=given.required, max_length=500,
        error_messages={"required": _("Hãy nhập mục này.")},
    )  # fmt: skip


def _add_longtext(form: OfferForm, given: Input) -> None:
    form.fields[given.name] = forms.CharField(
        label=_label(given),
        required=given.required,
        max_length=4000,
        initial=default(form.offer.key, given.name),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Hãy ghi mục này để người nhận hiểu vì sao.")},
    )


def _add_integer(form: OfferForm, given: Input) -> None:
    usual = default(form.offer.key, given.name)
    form.fields[given.name] = forms.IntegerField(
        label=given.label,
        required=given.required,
        initial=usual,
        min_value=1,
        max_value=999,
        error_messages={"required": _("Hãy nhập số ngày."), "invalid": _("Hãy nhập một số, ví dụ 5.")},
    )


def _add_day(form: OfferForm, given: Input) -> None:
    draft = form.dossier.new_dates.filter(signed_at__isnull=True).first()
    form.fields[given.name] = forms.DateField(
        label=_label(given),
        required=given.required,
        initial=clock.local(draft.new_due_at).date() if draft else None,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Hết giờ làm việc của ngày này."),
    )
    if draft and "reason" in form.fields:
        form.fields["reason"].initial = draft.reason


def _add_file(form: OfferForm, given: Input) -> None:
    form.fields[given.name] = forms.FileField(label=_label(given), required=given.required)


def _choice(form: OfferForm, given: Input, choices: list[Any], *, radio: bool = False) -> None:
    empty = [] if radio else [("", _("hãy chọn") if given.required else _("theo quy trình"))]
    form.fields[given.name] = forms.ChoiceField(
        label=_label(given),
        required=given.required,
        choices=[*empty, *choices],
        widget=forms.RadioSelect if radio else forms.Select,
        error_messages={"required": _("Hãy chọn một."), "invalid_choice": _("Hãy chọn một trong danh sách.")},
    )


def _add_person(form: OfferForm, given: Input) -> None:
    """People who can do the step: this one, or with `to_person` the one to which the way out leads."""
    dossier, process = form.dossier, moves.case_of(form.dossier).process
    step, unit = (process.step(dossier.step) if dossier.step else None), dossier.holder_unit
    if given.name == "to_person" and step is not None:
        step = process.step(step.outcome(form.offer.outcome).to)
        unit = moves.unit_for(dossier, step)
    role = "" if form.offer.key == "move" or step is None else step.role
    found = people({unit, dossier.unit} if form.offer.key == "move" else {unit}, role)
    choices = [
        (str(one.pk), one.full_name)
        for one in found
        if given.name == "to_person" or one.pk != dossier.holder_id
    ]
    if given.name == "to_person" and len(choices) < 2:
        return
    _choice(form, given, choices)


def _add_run(form: OfferForm, given: Input) -> None:
    latest: dict[str, StepRun] = {}
    runs = form.dossier.runs.filter(left_at__isnull=False).exclude(step=form.dossier.step)
    for run in runs.select_related("person"):
        latest[run.step] = run
    names = {step.key: said(step) for step in moves.case_of(form.dossier).process.steps}
    choices = [
        (str(run.pk), names.get(run.step, run.name) + (f", {run.person.full_name}" if run.person else ""))
        for run in latest.values()
    ]
    _choice(form, given, choices, radio=True)
    if len(choices) == 1:
        form.fields[given.name].initial = choices[0][0]


def _add_step(form: OfferForm, given: Input) -> None:
    _choice(form, given, [(step.key, said(step)) for step in moves.case_of(form.dossier).process.steps])


def _add_unit(form: OfferForm, given: Input) -> None:
    """Units that are usually asked: of the own district, the departments, the other districts."""
    dossier = form.dossier
    district = next(iter(Unit.objects.filter(pk__in=dossier.unit.path, level=Level.DISTRICT)), None)
    current = Unit.objects.filter(open_on(clock.today())).exclude(pk=dossier.holder_unit_id)
    near = (
        current.filter(path__contains=[district.pk]).order_by("level", "code") if district else current.none()
    )
    groups = [
        (district.name if district else "", [(unit.code, unit.agency) for unit in near]),
        (_("Sở, ngành"), [(u.code, u.agency) for u in current.filter(level=Level.DEPARTMENT).order_by("name")]),
        (_("Huyện, thị xã, thành phố"), [(u.code, u.agency) for u in current.filter(level=Level.DISTRICT).order_by("name")]),
    ]  # fmt: skip
    _choice(form, given, [group for group in groups if group[1]])


def _add_items(form: OfferForm, given: Input) -> None:
    """The papers of the procedure with the verdicts of who looked at them, and rows for anything else."""
    dossier = form.dossier
    kept = {paper.code: paper for paper in dossier.papers.all()}
    case = moves.case_of(dossier)
    form.items = [(paper.code, paper.name) for paper in case.papers_for(dossier.answers)]
    form.items += [(f"{OTHER}{i}", "") for i in range(1, FREE_ROWS + 1)]
    for key, name in form.items:
        paper = kept.get(key)
        bad = bool(paper and paper.verdict in ("not_ok", "missing"))
        if name:
            form.fields[f"items.{key}"] = forms.BooleanField(label=name, required=False, initial=bad)
        else:
            form.fields[f"items.{key}"] = forms.CharField(
                label=_("Giấy tờ hoặc nội dung khác"), required=False, max_length=500
            )
        form.fields[f"items.{key}.fault"] = forms.CharField(
            label=_("Cần sửa, bổ sung gì"),
            required=False,
            max_length=500,
            initial=paper.remark if paper and bad else "",
        )


def _add_papers(form: OfferForm, given: Input) -> None:
    """What is handed in: what was asked for comes first, then free rows."""
    asked = form.dossier.supplements.filter(answered_at__isnull=True).first()
    names = [item.name for item in asked.items.all()] if asked and form.offer.key == "resume" else []
    form.papers = [(str(i), name) for i, name in enumerate(names)]
    form.papers += [(f"{OTHER}{i}", "") for i in range(1, FREE_ROWS + 1)]
    known = [(paper.code, paper.name) for paper in moves.case_of(form.dossier).papers]
    for key, name in form.papers:
        if not name:
            form.fields[f"papers.{key}.code"] = forms.ChoiceField(
                label=_("Giấy tờ"),
                required=False,
                choices=[("", _("chọn giấy tờ")), *known, (OTHER, _("giấy tờ khác"))],
            )
            form.fields[f"papers.{key}.name"] = forms.CharField(
                label=_("Tên giấy tờ khác"), required=False, max_length=500
            )
        for part, label in (("originals", _("bản chính")), ("copies", _("bản sao"))):
            form.fields[f"papers.{key}.{part}"] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=999,
                initial=1 if name and part == "originals" else None,
            )  # fmt: skip
        form.fields[f"papers.{key}.file"] = forms.FileField(label=_("bản quét"), required=False)


def _add_reasons(form: OfferForm, given: Input) -> None:
    english = (get_language() or "vi").startswith("en")
    choices = [
        (one.key, f"{one.text_en if english and one.text_en else one.text}{f' ({one.legal_ref})' if one.legal_ref else ''}")
        for one in moves.case_of(form.dossier).refusal_reasons
    ]  # fmt: skip
    if choices:
        form.fields[given.name] = forms.MultipleChoiceField(
            label=given.label,
            required=True,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Hãy chọn ít nhất một lý do của thủ tục này.")},
        )


def _add_answers(form: OfferForm, given: Input) -> None:
    """The step's fields. What must be filled is asked by the action, so that a draft may be kept half filled."""
    fields = moves.case_of(form.dossier).step_fields(form.dossier.step)
    own = {one.key for one in fields}
    known = {key: value for key, value in form.dossier.answers.items() if key not in own}
    for one in fields:
        if one.when is not None and evaluate(one.when, known) is False:
            continue
        form.fields[f"answers.{one.key}"] = field_of(one, form.dossier.answers.get(one.key))


def field_of(one: Field, value: Any) -> forms.Field:
    """A field of a procedure as a field of a page; it checks nothing itself, the answers are checked as a whole."""
    english = (get_language() or "vi").startswith("en")
    label = one.label_en if english and one.label_en else one.label
    help_text = one.hint_en if english and one.hint_en else one.hint
    shared: dict[str, Any] = {
        "label": label if one.required else f"{label} {_('(nếu có)')}",
        "required": False,
    }
    shared |= {"help_text": help_text, "initial": value}
    if one.type == "bool":
        return forms.BooleanField(**shared | {"label": label})
    if one.type == "choice":
        pairs = [(o.value, o.label_en if english and o.label_en else o.label) for o in one.options]
        if len(pairs) <= 4:
            return forms.ChoiceField(**shared, choices=pairs, widget=forms.RadioSelect)
        return forms.ChoiceField(**shared, choices=[("", _("hãy chọn")), *pairs])
    if one.type == "date":
        shared["initial"] = words.day(date.fromisoformat(value)) if value else ""
        attrs = {"inputmode": "numeric", "placeholder": _("ngày/tháng/năm")}
    elif one.type in ("number", "money"):
        attrs = {"inputmode": "decimal"}
    else:
        attrs = {}
    widget = forms.Textarea(attrs={"rows": 3}) if one.type == "longtext" else forms.TextInput(attrs=attrs)
    return forms.CharField(**shared, widget=widget)


_ADD = {
    "longtext": _add_longtext,
    "integer": _add_integer,
    "date-time": _add_day,
    "file": _add_file,
    "person": _add_person,
    "run": _add_run,
    "step": _add_step,
    "unit": _add_unit,
    "items": _add_items,
    "papers": _add_papers,
    "reasons": _add_reasons,
    "answers": _add_answers,
}
