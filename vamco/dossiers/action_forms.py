"""The small form of each offer: what an action asks for, as fields of a page, and back into the action's inputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vamco.core import clock, files
from vamco.core.actions import Actor
from vamco.core.errors import Refused
from vamco.core.models import File
from vamco.forms.conditions import evaluate
from vamco.forms.field import Field
from vamco.organisation.models import Level, Unit
from vamco.web import words

from . import deadlines, inbox, moves
from .inputs import PaperInput
from .models import Dossier, StepRun
from .offers import Input, Offer, default

OTHER = "khac"
"""Code of a paper that the procedure does not know; its name is typed."""
FREE_ROWS = 2
"""Empty rows under a list of papers, for what is not in the procedure."""


@dataclass(frozen=True)
class PaperRow:
    """One row of a list of papers in a form: its fields, and the name where it is fixed."""

    name: str
    tick: forms.BoundField | None = None
    fault: forms.BoundField | None = None
    code: forms.BoundField | None = None
    originals: forms.BoundField | None = None
    copies: forms.BoundField | None = None
    file: forms.BoundField | None = None
    more: bool = False


class ActionForm(forms.Form):
    """What one action needs. The version that the person saw travels along, so that a stale form is told from a fresh
    one; the key makes the press count once."""

    use_required_attribute = False
    required_css_class = ""

    version = forms.IntegerField(widget=forms.HiddenInput)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    outcome = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    ds = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600)

    def __init__(
        self, actor: Actor, dossier: Dossier, offer: Offer, *args: Any, ds: str = "", **kwargs: Any
    ) -> None:
        self.actor, self.dossier, self.offer = actor, dossier, offer
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "version": dossier.version,
            "request_key": uuid4().hex,
            "outcome": offer.outcome,
            "ds": ds,
            **kwargs["initial"],
        }
        super().__init__(*args, auto_id="id_%s", **kwargs)
        self.items: list[tuple[str, str]] = []
        self.list_errors: dict[str, str] = {}
        self.papers: list[tuple[str, str]] = []
        for given in offer.inputs:
            _ADD.get(given.type, _add_text)(self, given)
        first = next((bound for bound in self.visible_fields()), None)
        if first is not None and not isinstance(
            first.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple
        ):
            first.field.widget.attrs["autofocus"] = True

    @property
    def plain(self) -> list[forms.BoundField]:
        """The visible fields that stand one under the other."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith(("items.", "papers."))]

    @property
    def submit_label(self) -> str:
        """What the button says."""
        return self.offer.label

    @property
    def item_errors(self) -> str:
        """What is wrong with the list of what is asked for."""
        return self.list_errors.get("items", "")

    @property
    def item_rows(self) -> list[PaperRow]:
        """What may be asked for: a tick and what is wrong with it."""
        return [
            PaperRow(name, tick=self[f"items.{key}"], fault=self[f"items.{key}.fault"])
            for key, name in self.items
        ]

    @property
    def paper_rows(self) -> list[PaperRow]:
        """Papers that are handed in."""
        return [
            PaperRow(
                name,
                code=None if name else self[f"papers.{key}.code"],
                originals=self[f"papers.{key}.originals"],
                copies=self[f"papers.{key}.copies"],
                file=self[f"papers.{key}.file"],
                fault=None if name else self[f"papers.{key}.name"],
                more=not name and i > 0,
            )
            for i, (key, name) in enumerate(self.papers)
        ]

    @property
    def only_refused(self) -> bool:
        """Whether nothing is wrong with a field: the action itself said no."""
        return self.is_bound and set(self.errors) == {"__all__"}

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside its fields, or on top."""
        for name, message in refused.fields.items():
            self.list_errors[name] = message
            self.add_error(name if name in self.fields else None, message)
        if not refused.fields:
            self.add_error(None, refused.message)

    def inputs(self) -> dict[str, Any]:
        """The action's inputs from a valid form. Uploads are kept here: raises `Invalid` for a bad one."""
        given: dict[str, Any] = {"version": self.cleaned_data["version"]}
        if self.offer.outcome:
            given["outcome"] = self.offer.outcome
        for one in self.offer.inputs:
            value = _READ.get(one.type, _read_plain)(self, one)
            if value not in (None, "") or one.type in ("answers", "reasons", "items"):
                given[one.name] = value
        return {
            key: value
            for key, value in given.items()
            if key != "version" or self.offer.key not in UNVERSIONED
        }


UNVERSIONED = frozenset({"take", "take_back", "note"})
"""Actions that take no version: they do not depend on what the person saw."""


def stored(actor: Actor, upload: Any, field: str) -> int:
    """Keep an upload; the same file sent twice by one press is one record."""
    kept = files.store(upload, name=upload.name or "", uploaded_by_id=actor.user_id, field=field)
    since = clock.now() - timedelta(minutes=10)
    twin = (
        File.objects.filter(
            sha256=kept.sha256, name=kept.name, uploaded_by_id=actor.user_id, created_at__gte=since
        )
        .order_by("pk")
        .first()
    )
    return int((twin or kept).pk)


# Into fields -------------------------------------------------------------------------------------------------


def _label(given: Input) -> str:
    words = given.label
    return words if given.required or _("nếu") in words else f"{words} {_('(nếu có)')}"


def _add_text(form: ActionForm, given: Input) -> None:
    form.fields[given.name] = forms.CharField(
        label=_label(given), required=given.required, max_length=500,
        error_messages={"required": _("Hãy nhập mục này.")},
    )  # fmt: skip


def _add_longtext(form: ActionForm, given: Input) -> None:
    form.fields[given.name] = forms.CharField(
        label=_label(given),
        required=given.required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Hãy ghi mục này để người nhận hiểu vì sao.")},
    )


def _add_integer(form: ActionForm, given: Input) -> None:
    usual = default(form.offer.key, given.name)
    form.fields[given.name] = forms.IntegerField(
        label=given.label,
        required=given.required,
        initial=usual,
        min_value=1,
        max_value=999,
        error_messages={"required": _("Hãy nhập số ngày."), "invalid": _("Hãy nhập một số, ví dụ 5.")},
    )


def _add_day(form: ActionForm, given: Input) -> None:
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


def _add_file(form: ActionForm, given: Input) -> None:
    form.fields[given.name] = forms.FileField(label=_label(given), required=given.required)


def _choice(form: ActionForm, given: Input, choices: list[Any], *, radio: bool = False) -> None:
    empty = [] if radio else [("", _("hãy chọn") if given.required else _("theo quy trình"))]
    form.fields[given.name] = forms.ChoiceField(
        label=_label(given),
        required=given.required,
        choices=[*empty, *choices],
        widget=forms.RadioSelect if radio else forms.Select,
        error_messages={"required": _("Hãy chọn một."), "invalid_choice": _("Hãy chọn một trong danh sách.")},
    )


def _add_person(form: ActionForm, given: Input) -> None:
    """People who can do the step: this one, or with `to_person` the one to which the way out leads."""
    dossier, process = form.dossier, moves.case_of(form.dossier).process
    step, unit = (process.step(dossier.step) if dossier.step else None), dossier.holder_unit
    if given.name == "to_person" and step is not None:
        step = process.step(step.outcome(form.offer.outcome).to)
        unit = moves.unit_for(dossier, step)
    role = "" if form.offer.key == "move" or step is None else step.role
    found = inbox.people({*unit.path, *(dossier.unit.path if form.offer.key == "move" else ())}, role)
    choices = [
        (str(one.pk), one.full_name)
        for one in found
        if given.name == "to_person" or one.pk != dossier.holder_id
    ]
    if given.name == "to_person" and len(choices) < 2:
        return
    _choice(form, given, choices)


def _add_run(form: ActionForm, given: Input) -> None:
    latest: dict[str, StepRun] = {}
    runs = form.dossier.runs.filter(left_at__isnull=False).exclude(step=form.dossier.step)
    for run in runs.select_related("person"):
        latest[run.step] = run
    choices = [
        (str(run.pk), ", ".join(filter(None, (run.name, run.person.full_name if run.person else ""))))
        for run in latest.values()
    ]
    _choice(form, given, choices, radio=True)
    if len(choices) == 1:
        form.fields[given.name].initial = choices[0][0]


def _add_step(form: ActionForm, given: Input) -> None:
    _choice(form, given, [(step.key, step.name) for step in moves.case_of(form.dossier).process.steps])


def _add_unit(form: ActionForm, given: Input) -> None:
    """Units that are usually asked: of the own district, the departments, the other districts."""
    dossier = form.dossier
    district = next(iter(Unit.objects.filter(pk__in=dossier.unit.path, level=Level.DISTRICT)), None)
    current = Unit.objects.filter(valid_to__isnull=True).exclude(pk=dossier.holder_unit_id)
    near = (
        current.filter(path__contains=[district.pk]).order_by("level", "code") if district else current.none()
    )
    groups = [
        (district.name if district else "", [(unit.code, unit.agency) for unit in near]),
        (_("Sở, ngành"), [(u.code, u.agency) for u in current.filter(level=Level.DEPARTMENT).order_by("name")]),
        (_("Huyện, thị xã, thành phố"), [(u.code, u.agency) for u in current.filter(level=Level.DISTRICT).order_by("name")]),
    ]  # fmt: skip
    _choice(form, given, [group for group in groups if group[1]])


def _add_items(form: ActionForm, given: Input) -> None:
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


def _add_papers(form: ActionForm, given: Input) -> None:
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


def _add_reasons(form: ActionForm, given: Input) -> None:
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


def _add_answers(form: ActionForm, given: Input) -> None:
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


# Back into inputs --------------------------------------------------------------------------------------------


def _read_plain(form: ActionForm, one: Input) -> Any:
    return form.cleaned_data.get(one.name)


def _read_day(form: ActionForm, one: Input) -> datetime | None:
    day = form.cleaned_data.get(one.name)
    if day is None:
        return None
    return deadlines.after_days(
        datetime.combine(day, time(0), tzinfo=clock.HERE), 0, form.dossier.unit, form.dossier.regime
    )


def _read_file(form: ActionForm, one: Input) -> int | None:
    upload = form.cleaned_data.get(one.name)
    return stored(form.actor, upload, one.name) if upload else None


def _read_items(form: ActionForm, one: Input) -> list[tuple[str, str]] | list[dict[str, str]]:
    wanted = []
    for key, name in form.items:
        value = form.cleaned_data.get(f"items.{key}")
        what = (name if value else "") if name else value or ""
        if what:
            wanted.append({"name": what, "fault": form.cleaned_data.get(f"items.{key}.fault", "")})
    return wanted


def _read_papers(form: ActionForm, one: Input) -> list[PaperInput]:
    codes = {paper.name: paper.code for paper in moves.case_of(form.dossier).papers}
    rows = []
    for key, name in form.papers:
        data: Mapping[str, Any] = {
            part: form.cleaned_data.get(f"papers.{key}.{part}")
            for part in ("code", "name", "originals", "copies", "file")
        }
        if not any(data[part] for part in ("originals", "copies", "file")):
            continue
        rows.append(
            PaperInput(
                code=codes.get(name, OTHER) if name else data["code"] or OTHER,
                originals=data["originals"] or 0,
                copies=data["copies"] or 0,
                remark=name or data["name"] or "",
                file=stored(form.actor, data["file"], f"papers.{key}.file") if data["file"] else None,
            )
        )
    return rows


def _read_answers(form: ActionForm, one: Input) -> dict[str, Any]:
    return {
        name.removeprefix("answers."): form.cleaned_data.get(name)
        for name in form.fields
        if name.startswith("answers.")
    }


def _read_reasons(form: ActionForm, one: Input) -> tuple[str, ...]:
    return tuple(form.cleaned_data.get(one.name) or ())


_READ = {
    "date-time": _read_day,
    "file": _read_file,
    "items": _read_items,
    "papers": _read_papers,
    "answers": _read_answers,
    "reasons": _read_reasons,
}
