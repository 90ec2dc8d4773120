"""The forms that make procedures, cases, parties, other limits and steps, and take steps out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vamco.web.asking import ActionForm

from ..definition import CHANNELS, ENDS, PARTY_KINDS, PARTY_ROLES, Case, Outcome, Process, Step
from ..models import ProcedureVersion, Sector
from .fields import PartForm, line, several
from .forms import CHANNEL_NAMES, END_NAMES, KIND_NAMES, UNITS, StepForm, pairs

PARTY_NAMES = {
    "applicant": _("người nộp hồ sơ"),
    "co_applicant": _("người cùng đứng tên"),
    "representative": _("người đại diện"),
    "beneficiary": _("người hưởng"),
    "submitter": _("người nộp thay"),
    "collector": _("người nhận kết quả"),
}
FREE_KEY = _("để trống thì đặt theo tên; chữ thường không dấu, ví dụ cap_lai")


class NewProcedureForm(ActionForm):
    """A procedure that the catalogue does not have yet."""

    code = line(_("Mã thủ tục"), 40, help_text=_("mã của Cổng Dịch vụ công quốc gia, ví dụ 1.004873"))
    name = line(_("Tên thủ tục"), 500)
    name_en = line(_("Tên tiếng Anh"), 500)
    like = forms.ChoiceField(
        label=_("Bắt đầu giống thủ tục"), required=False, help_text=_("chép hết, rồi sửa trong bản nháp")
    )
    field_code = forms.ChoiceField(label=_("Lĩnh vực"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = ProcedureVersion.objects.select_related("procedure").order_by("procedure_id", "-number")
        rows = sorted(newest.distinct("procedure_id"), key=lambda one: one.sort_name)
        copies = [(one.procedure.code, f"{one.name} ({one.procedure.code})") for one in rows]
        self.offer("like", [("", _("(để trống)")), *copies])
        same = ("", _("(như thủ tục được chép)"))
        self.offer("field_code", [same, *sectors()])


def sectors() -> list[tuple[str, str]]:
    """The fields of administration to choose from."""
    return list(Sector.objects.order_by("name").values_list("code", "name"))


class SectorForm(ActionForm):
    """A new field of administration."""

    code = line(_("Khóa"), 40, help_text=_("chữ thường không dấu, ví dụ thu_y"))
    name = line(_("Tên lĩnh vực"), 150)
    name_en = line(_("Tên tiếng Anh"), 150)


class NewCaseForm(ActionForm):
    """A case that the draft does not have yet."""

    name = line(_("Tên trường hợp"))
    name_en = line(_("Tên tiếng Anh"))
    like = forms.ChoiceField(
        label=_("Bắt đầu giống"),
        required=False,
        help_text=_("chép giấy tờ, ô khai, phí, thời hạn và quy trình, rồi sửa"),
    )
    key = line(_("Khóa"), 40, required=False, help_text=FREE_KEY)

    def __init__(self, *args: Any, cases: tuple[Case, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        copies = [(one.key, one.name) for one in cases]
        self.offer("like", [*copies, ("", _("(để trống)"))])


class PartyForm(PartForm):
    """A party that the case needs."""

    names = ("role", "required", "kinds", "label", "label_en")
    role = forms.ChoiceField(label=_("Là"), choices=pairs(PARTY_ROLES, PARTY_NAMES))
    required = forms.BooleanField(label=_("Bắt buộc"), required=False)
    kinds = several(_("Có thể là"), pairs(PARTY_KINDS, KIND_NAMES))
    label = line(_("Tờ khai gọi là"), 200, required=False, help_text=_("ví dụ: Bên nhận thế chấp"))
    label_en = line(_("Tiếng Anh"), 200, required=False)


class LimitForm(PartForm):
    """Another time limit, for a channel or a condition."""

    names = ("amount", "unit", "channel")
    conditional = True
    amount = forms.IntegerField(label=_("Thời hạn"), min_value=0, max_value=2000)
    unit = forms.ChoiceField(label=_("tính bằng"), choices=UNITS)
    channel = forms.ChoiceField(
        label=_("Chỉ khi nộp"), required=False, choices=[("", _("cách nào cũng vậy")), *pairs(CHANNELS, CHANNEL_NAMES)]
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """An unconditional limit would be the case's own."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not (said.get("channel") or said.get("when_field") or said.get("when_keep")):
            self.add_error("channel", _("Hãy chọn cách nộp hoặc ô khai của điều kiện."))
        return said


class ProcessForm(ActionForm):
    """Where a process begins and where it comes from."""

    first = forms.ChoiceField(label=_("Bước đầu tiên, ngay sau tiếp nhận"), required=False)
    source_text = line(_("Quy trình này lấy từ đâu"), 1000)
    source_verified = forms.BooleanField(label=_("Đã đối chiếu với nguồn"), required=False)

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        source = {"source_text": process.source.text, "source_verified": process.source.verified}
        kwargs.setdefault("initial", {"first": process.first, **source})
        super().__init__(*args, **kwargs)
        self.offer("first", step_choices(process.steps))
        if not process.steps:
            del self.fields["first"]

    def values(self) -> dict[str, Any]:
        """What `actions.edit_process` takes."""
        said = dict(self.cleaned_data)
        said["source"] = {"text": said.pop("source_text"), "verified": said.pop("source_verified")}
        return said


def step_choices(steps: Any, *, ends: bool = False) -> list[tuple[str, Any]]:
    """Steps to choose from, and the ends of a process."""
    return [(one.key, one.name) for one in steps] + (pairs(ENDS, END_NAMES) if ends else [])


class NewStepForm(StepForm):
    """A new step and its place in the process."""

    field_order = ("after", "name", "name_en", "role", "unit_rule", "hours")
    after = forms.ChoiceField(
        label=_("Sau"),
        required=False,
        help_text=_("lối ra này sẽ dẫn tới bước mới; bước mới đi tiếp tới nơi lối ra này đang dẫn tới"),
    )
    apart = forms.BooleanField(
        label=_("Chưa nối vào đường đi: tôi tự thêm lối ra dẫn tới bước này"), required=False
    )
    key = line(_("Khóa"), 40, required=False, help_text=FREE_KEY)

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        start = {"role": "specialist", "unit_rule": "receiving", "status": 4, "after": _last_way(process)}
        kwargs.setdefault("initial", start)
        super().__init__(*args, **kwargs)
        self.offer("after", _ways(process))

    def values(self) -> dict[str, Any]:
        """What `actions.add_step` takes."""
        said = dict(self.cleaned_data)
        said["after"], _dot, said["outcome"] = said["after"].partition(".")
        said["joined"] = not said.pop("apart")
        return said


def _ways(process: Process) -> list[tuple[str, Any]]:
    """Every place in the process: before the first step, and after each way out that leads forward."""
    names = {one.key: one.name for one in process.steps} | END_NAMES
    found: list[tuple[str, Any]] = [("", _("tiếp nhận: làm bước đầu tiên"))]
    for one in process.steps:
        # After a refusal was signed nothing may come: `check` wants the signature to end it.
        for out in (out for out in forward(one) if out.to != "refused_ready"):
            words = {"step": one.name, "out": out.name, "to": names.get(out.to, out.to)}
            found.append((f"{one.key}.{out.key}", _("%(step)s: «%(out)s» → %(to)s") % words))
        if not forward(one):
            found.append((f"{one.key}.", _("%(step)s (chưa có lối ra)") % {"step": one.name}))
    return found


def forward(step: Step) -> list[Outcome]:
    """The ways out of a step that do not send back."""
    return [out for out in step.outcomes if not out.back]


def _last_way(process: Process) -> str:
    """The usual place for one more step: before the result is ready."""
    ways = [(one, out) for one in process.steps for out in forward(one)]
    found = next((way for way in ways if way[1].to == "ready"), ways[0] if ways else None)
    return f"{found[0].key}.{found[1].key}" if found else ""


class StepOutForm(ActionForm):
    """Where the references to a removed step go: each way out that leads to it, and its fields."""

    def __init__(self, *args: Any, case: Case, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leading: dict[str, str] = {}
        others = [one for one in case.process.steps if one.key != step.key]
        if case.process.first == step.key and others:
            self._ask("first", _("Bước đầu tiên, ngay sau tiếp nhận"), step_choices(others), _onward(step))
        for one in others:
            for out in one.outcomes:
                if out.to == step.key:
                    self._ask_way(one, out, step, others)
        mine = [field.label for field in case.fields if field.step == step.key]
        if mine:
            label = _("Ô khai đang ghi ở bước này (%(fields)s) thì ghi ở") % {"fields": ", ".join(mine)}
            choices = [*step_choices(others), ("", _("người nộp, khi tiếp nhận"))]
            self._ask("fields_at", label, choices, _onward(step))

    def _ask_way(self, one: Step, out: Outcome, gone: Step, others: list[Step]) -> None:
        name = f"to_{len(self.leading)}"
        self.leading[name] = f"{one.key}.{out.key}"
        label = _("%(step)s: «%(out)s» thì dẫn tới") % {"step": one.name, "out": out.name}
        choices = [*step_choices(others, ends=not out.back), ("", _("(bỏ luôn lối ra này)"))]
        self._ask(name, label, choices, _instead(one, out, gone, others))

    def _ask(self, name: str, label: Any, choices: list[tuple[str, Any]], start: str) -> None:
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, initial=start)

    def values(self) -> dict[str, Any]:
        """What `actions.take_out_step` takes."""
        said = self.cleaned_data
        instead = {leading: said[name] for name, leading in self.leading.items()}
        if "first" in said:
            instead["first"] = said["first"]
        return {"instead": instead, "fields_at": said.get("fields_at")}


def _onward(step: Step) -> str:
    """Where a step's first way out leads."""
    return next((out.to for out in forward(step)), "")


def _instead(one: Step, out: Outcome, gone: Step, others: list[Step]) -> str:
    """The likely new target of a way out whose step is removed: the next step, or the one before."""
    if out.back:
        before = (
            each.key for each in others if each is not one and any(o.to == gone.key for o in forward(each))
        )
        return next(before, "")
    then = next((each.to for each in forward(gone) if each.to != gone.key), "")
    return "" if then == one.key else then
