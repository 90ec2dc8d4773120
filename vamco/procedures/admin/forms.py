"""The forms of a draft: its head, a case, and the parts of a case."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vamco.forms.field import FIELD_TYPES
from vamco.web.asking import ActionForm, Day

from ..definition import (
    CHANNELS,
    DOES,
    ENDS,
    NATIONAL_STATUSES,
    PARTY_GROUPS,
    PARTY_KINDS,
    STEP_ROLES,
    TIERS,
    Case,
    Definition,
    FeeLine,
    Field,
    Step,
)
from ..models import Sector
from .fields import PartForm, Rows, line, rows_text, several
from .places import places

TIER_NAMES = {"province": _("tỉnh"), "district": _("huyện"), "commune": _("xã")}
KIND_NAMES = {"person": _("cá nhân"), "business": _("doanh nghiệp"), "organisation": _("tổ chức")}
CHANNEL_NAMES = {"counter": _("tại quầy"), "post": _("bưu điện"), "online": _("qua mạng")}
ROLE_NAMES = {
    "intake": _("tiếp nhận và trả kết quả"),
    "specialist": _("chuyên viên thụ lý"),
    "head": _("lãnh đạo phòng"),
    "leader": _("lãnh đạo cơ quan"),
    "registrar": _("văn thư"),
}
TYPE_NAMES = {
    "text": _("một dòng chữ"),
    "longtext": _("nhiều dòng chữ"),
    "number": _("số"),
    "money": _("số tiền (đồng)"),
    "date": _("ngày"),
    "choice": _("chọn một"),
    "bool": _("đánh dấu"),
    "person_name": _("họ tên"),
    "phone": _("điện thoại"),
    "email": _("thư điện tử"),
    "address": _("địa chỉ"),
    "id_number": _("số định danh"),
}
DOES_NAMES = {
    "": _("chỉ chuyển bước"),
    "draft": _("soạn kết quả"),
    "approve": _("ký duyệt"),
    "number": _("lấy số, vào sổ"),
    "refuse": _("soạn văn bản từ chối"),
}
NEED_NAMES = {
    "reason": _("lý do"),
    "file": _("tệp"),
    "signature": _("chữ ký"),
    "result": _("kết quả đã soạn"),
}
END_NAMES = {"ready": _("kết thúc: có kết quả"), "refused_ready": _("kết thúc: từ chối")}


UNITS = [
    ("working_day", _("ngày làm việc")),
    ("working_hour", _("giờ làm việc")),
    ("at_once", _("giải quyết ngay")),
]


def pairs(keys: Any, names: dict[str, Any]) -> list[tuple[str, Any]]:
    """Keys with their words, to choose from."""
    return [(key, names.get(key, key)) for key in keys]


class TextsForm(ActionForm):
    """The head of a procedure."""

    name = line(_("Tên thủ tục"), 500)
    name_en = line(_("Tên tiếng Anh"), 500)
    field_code = forms.ChoiceField(label=_("Lĩnh vực"))
    keywords = forms.CharField(
        label=_("Người dân gọi là"), required=False, max_length=2000, widget=forms.Textarea,
        help_text=_("mỗi dòng một cách gọi, ví dụ: sổ đỏ"),
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=_("Mức độ dịch vụ công trực tuyến"), coerce=int, choices=[(n, n) for n in (1, 2, 3, 4)]
    )
    tiers = several(_("Nơi tiếp nhận: cấp"), pairs(TIERS, TIER_NAMES))
    subject_kinds = several(_("Người nộp"), pairs(PARTY_KINDS, KIND_NAMES))
    decider = line(_("Cơ quan, người quyết định"))
    sensitive = forms.BooleanField(
        label=_("Hồ sơ nhạy cảm: chỉ người xử lý mở được, mỗi lần mở đều được ghi lại"), required=False
    )
    legal_basis = Rows(
        label=_("Căn cứ pháp lý"), least=2, most=3, help_text=_("mỗi dòng: số văn bản | tên | tên tiếng Anh")
    )
    source_text = line(_("Thông tin này lấy từ đâu"), 1000)
    source_verified = forms.BooleanField(label=_("Đã đối chiếu với nguồn"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Sector.objects.order_by("name").values_list("code", "name")
        self.offer("field_code", list(known))

    @staticmethod
    def start(said: Definition) -> dict[str, Any]:
        """What the form shows of a version."""
        names = ("name", "name_en", "field_code", "level", "tiers", "subject_kinds", "decider", "sensitive")
        return {
            **{name: getattr(said, name) for name in names},
            "keywords": "\n".join(said.keywords),
            "legal_basis": rows_text((one.ref, one.title, one.title_en) for one in said.legal_basis),
            "source_text": said.source.text,
            "source_verified": said.source.verified,
        }

    def values(self) -> dict[str, Any]:
        """What `actions.edit_texts` takes."""
        said = dict(self.cleaned_data)
        said["source"] = {"text": said.pop("source_text"), "verified": said.pop("source_verified")}
        said["keywords"] = [one.strip() for one in said["keywords"].splitlines() if one.strip()]
        said["legal_basis"] = [
            {"ref": ref, "title": title, "title_en": english} for ref, title, english in said["legal_basis"]
        ]
        return said


class CaseForm(ActionForm):
    """A case: its names, time limit, book and result."""

    name = line(_("Tên trường hợp"))
    name_en = line(_("Tên tiếng Anh"))
    amount = forms.IntegerField(label=_("Thời hạn"), min_value=0, max_value=2000)
    unit = forms.ChoiceField(
        label=_("tính bằng"),
        choices=UNITS,
        help_text=_("giải quyết ngay thì thời hạn ghi 0"),
    )
    limit_source = line(_("Căn cứ của thời hạn"), 1000)
    limit_verified = forms.BooleanField(label=_("Đã đọc trong văn bản"), required=False)
    at_once = forms.BooleanField(label=_("Làm xong ngay tại quầy"), required=False)
    quantity = several(
        _("Tính theo số lượng ở ô khai"),
        (),
        required=False,
        help_text=_("ô kiểu số, bắt buộc, từ 1 trở lên; mức thu nhân theo các ô này"),
    )
    book = line(_("Khóa sổ ghi quyết định"), 60, required=False, help_text=_("để trống nếu không vào sổ"))
    result_key = line(_("Khóa kết quả"), 40, required=False, help_text=_("để trống nếu không cấp giấy tờ"))
    result_name = line(_("Tên kết quả"), required=False)
    result_name_en = line(_("Tên kết quả, tiếng Anh"), required=False)
    result_template = line(_("Khóa mẫu kết quả"), 60, required=False)
    result_series = line(_("Khóa dãy số"), 60, required=False)
    result_validity_months = forms.IntegerField(
        label=_("Có giá trị (tháng)"),
        min_value=1,
        max_value=1200,
        required=False,
        help_text=_("để trống: không thời hạn"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.start(case))
        super().__init__(*args, **kwargs)
        counting = [(one.key, one.label) for one in case.fields if one.type == "number" and one.step is None]
        self.offer("quantity", counting)
        if not counting:
            del self.fields["quantity"]

    _RESULT = ("key", "name", "name_en", "template", "series", "validity_months")

    @classmethod
    def start(cls, case: Case) -> dict[str, Any]:
        """What the form shows of a case."""
        shown = {
            "name": case.name,
            "name_en": case.name_en,
            "amount": case.limit.amount,
            "unit": case.limit.unit,
            "limit_source": case.limit.source.text,
            "limit_verified": case.limit.source.verified,
            "at_once": case.at_once,
            "book": case.book,
            "quantity": case.quantity,
        }
        if case.result:
            shown |= {f"result_{name}": getattr(case.result, name) for name in cls._RESULT}
        return shown

    def values(self, case: Case) -> dict[str, Any]:
        """What `actions.edit_case` takes; limits of channels and conditions stay as they are."""
        from .. import reading

        said = self.cleaned_data
        limit = {
            "amount": said["amount"],
            "unit": said["unit"],
            "source": {"text": said["limit_source"], "verified": said["limit_verified"]},
            "overrides": reading.plain(case.limit.overrides),
        }
        result = {name: said[f"result_{name}"] for name in self._RESULT} if said["result_key"] else None
        same = ("name", "name_en", "at_once", "book")
        return {
            **{name: said[name] for name in same},
            "quantity": said.get("quantity", []),
            "limit": limit,
            "result": result,
        }


class PaperForm(PartForm):
    """A paper of the dossier."""

    names = ("code", "name", "name_en", "kind", "count", "required", "note")
    sourced = conditional = True
    code = line(_("Khóa"), 40, help_text=_("chữ thường không dấu, ví dụ to_khai"))
    name = line(_("Tên giấy tờ"), 500)
    name_en = line(_("Tên tiếng Anh"), 500)
    kind = forms.ChoiceField(
        label=_("Loại"),
        choices=[
            ("original", _("bản chính")),
            ("certified", _("bản sao chứng thực")),
            ("copy", _("bản sao")),
            ("any", _("bản chính hoặc bản sao")),
        ],
    )
    count = forms.IntegerField(label=_("Số bản"), min_value=1, max_value=50, initial=1)
    required = forms.ChoiceField(
        label=_("Khi nào phải có"),
        choices=[
            ("always", _("luôn luôn")),
            ("when", _("khi có điều kiện dưới đây")),
            ("optional", _("nếu có")),
        ],
    )
    note = line(_("Ghi chú cho người nộp"), 1000, required=False)

    def clean(self) -> dict[str, Any]:
        """A condition is given with «when» and only then."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("required") == "when" and not said.get("when_field") and not said.get("when_keep"):
            self.add_error("when_field", _("Hãy chọn ô khai của điều kiện."))
        return said

    def values(self) -> dict[str, Any]:
        """A paper that is always needed has no condition."""
        said = super().values()
        return said if said["required"] == "when" else {**said, "when": None}


class FieldForm(PartForm):
    """A field of the form."""

    names = (
        "key",
        "type",
        "label",
        "label_en",
        "required",
        "max_length",
        "pattern",
        "min_date",
        "max_date",
        "hint",
        "hint_en",
    )
    conditional = True
    key = line(_("Khóa"), 40)
    type = forms.ChoiceField(label=_("Kiểu"), choices=pairs(FIELD_TYPES, TYPE_NAMES))
    label = line(_("Câu hỏi"))
    label_en = line(_("Tiếng Anh"))
    required = forms.BooleanField(label=_("Bắt buộc"), required=False)
    step = forms.ChoiceField(label=_("Ai ghi"), required=False)
    options = Rows(
        label=_("Các lựa chọn"), required=False, least=2, most=3,
        help_text=_("chỉ cho kiểu chọn một; mỗi dòng: giá trị | nhãn | nhãn tiếng Anh"),
    )  # fmt: skip
    min = forms.DecimalField(label=_("Nhỏ nhất"), required=False, max_digits=20, decimal_places=6)
    max = forms.DecimalField(label=_("Lớn nhất"), required=False, max_digits=20, decimal_places=6)
    min_date = line(_("Từ ngày"), 10, required=False, help_text=_("2016-01-31, hoặc today"))
    max_date = line(_("Đến ngày"), 10, required=False)
    max_length = forms.IntegerField(label=_("Số ký tự tối đa"), min_value=0, max_value=10_000, initial=0)
    pattern = line(_("Biểu thức phải khớp"), 200, required=False)
    hint = line(_("Gợi ý"), 500, required=False)
    hint_en = line(_("Gợi ý, tiếng Anh"), 500, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(one.key, one.name) for one in case.process.steps]
        self.offer("step", [("", _("người nộp, khi tiếp nhận")), *steps])

    def start(self, current: Field) -> dict[str, Any]:
        """With options as lines."""
        return super().start(current) | {
            "step": current.step or "",
            "min": current.min,
            "max": current.max,
            "options": rows_text((one.value, one.label, one.label_en) for one in current.options),
        }

    def values(self) -> dict[str, Any]:
        """As `actions.put` takes a field."""
        said = self.cleaned_data
        options = [{"value": v, "label": vi, "label_en": en or vi} for v, vi, en in said["options"] or []]
        bounds = {name: None if said[name] is None else _number(said[name]) for name in ("min", "max")}
        return super().values() | {"step": said["step"] or None, "options": options, **bounds}


def _number(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


class FeeForm(PartForm):
    """A fee or charge."""

    names = (
        "key", "name", "name_en", "kind", "max_per", "quantity_field", "times_field", "exempt", "only", "channels",
        "legal_ref",
    )  # fmt: skip
    sourced = conditional = True
    key = line(_("Khóa"), 40)
    name = line(_("Tên khoản thu"))
    name_en = line(_("Tên tiếng Anh"))
    kind = forms.ChoiceField(label=_("Là"), choices=[("charge", _("lệ phí")), ("fee", _("phí"))])
    tiers = Rows(
        label=_("Mức thu"), least=1, most=2,
        help_text=_("mỗi dòng một mức, đồng: 5000; thu theo bậc thì: đến số | giá, dòng cuối chỉ ghi giá"),
    )  # fmt: skip
    quantity_field = forms.ChoiceField(label=_("Nhân theo ô khai"), required=False)
    max_per = forms.IntegerField(label=_("Nhiều nhất (đồng)"), min_value=0, required=False)
    times_field = forms.ChoiceField(label=_("rồi nhân tiếp theo"), required=False)
    exempt = several(_("Miễn cho"), ((key, names[0]) for key, names in PARTY_GROUPS.items()), required=False)
    only = several(_("Chỉ thu của"), ((key, names[0]) for key, names in PARTY_GROUPS.items()), required=False)
    channels = several(_("Chỉ khi nộp"), pairs(CHANNELS, CHANNEL_NAMES), required=False)
    valid_from = Day(label=_("Áp dụng từ ngày"), required=False)
    valid_to = Day(label=_("đến hết ngày"), required=False)
    legal_ref = line(_("Văn bản quy định"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [("", _("không, thu một lần"))] + [
            (one.key, one.label) for one in self.case_fields if one.type == "number"
        ]
        for name in ("quantity_field", "times_field"):
            self.offer(name, numbers)

    def start(self, current: FeeLine) -> dict[str, Any]:
        """With tiers as lines."""
        tiers = [(one.price,) if one.up_to is None else (one.up_to, one.price) for one in current.tiers]
        return super().start(current) | {
            "tiers": rows_text(tiers),
            "valid_from": current.valid_from,
            "valid_to": current.valid_to,
        }

    def clean_tiers(self) -> list[dict[str, int | None]]:
        """Prices in whole đồng."""
        tiers: list[dict[str, int | None]] = []
        for cells in self.cleaned_data["tiers"]:
            numbers = [cell.replace(".", "").replace(" ", "") for cell in cells if cell]
            if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in numbers):
                raise forms.ValidationError(_("Hãy ghi số đồng và số bậc bằng chữ số."))
            up_to, price = (None, numbers[0]) if len(numbers) == 1 else (int(numbers[0]), numbers[1])
            tiers.append({"up_to": up_to, "price": int(price)})
        return tiers

    def values(self) -> dict[str, Any]:
        """As `actions.put` takes a fee."""
        days = {name: _iso(self.cleaned_data[name]) for name in ("valid_from", "valid_to")}
        return super().values() | {"tiers": self.cleaned_data["tiers"], **days}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


class ReasonForm(PartForm):
    """A reason for refusal."""

    names = ("key", "text", "text_en", "legal_ref")
    key = line(_("Khóa"), 40)
    text = line(_("Lý do"), 1000)
    text_en = line(_("Tiếng Anh"), 1000)
    legal_ref = line(_("Điều, khoản"), required=False)


class StepForm(ActionForm):
    """A step of the process; its ways out come as `OutcomeForm`s."""

    name = line(_("Tên bước"))
    name_en = line(_("Tên tiếng Anh"))
    role = forms.ChoiceField(label=_("Ai làm"), choices=pairs(STEP_ROLES, ROLE_NAMES))
    unit_rule = forms.ChoiceField(label=_("Ở đâu"))
    hours = forms.IntegerField(
        label=_("Số giờ làm việc"), min_value=0, max_value=5000, help_text=_("một ngày là 8 giờ")
    )
    instruction = forms.CharField(
        label=_("Hướng dẫn"), required=False, max_length=2000, widget=forms.Textarea
    )
    status = forms.TypedChoiceField(
        label=_("Trạng thái chung"),
        coerce=int,
        choices=[(n, f"{n}. {names[0]}") for n, names in NATIONAL_STATUSES.items()],
    )
    public_words = line(_("Người nộp đọc thấy"))
    public_words_en = line(_("Tiếng Anh"))
    tell_applicant = forms.BooleanField(label=_("Báo cho người nộp khi tới bước này"), required=False)
    may_supplement = forms.BooleanField(label=_("Được yêu cầu bổ sung"), required=False)
    may_consult = forms.BooleanField(label=_("Được lấy ý kiến đơn vị khác"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = str(self.initial.get("unit_rule", ""))
        self.offer("unit_rule", places(present))

    @staticmethod
    def start(step: Step) -> dict[str, Any]:
        """What the form shows of a step."""
        return {name: getattr(step, name) for name in StepForm.base_fields}


class OutcomeForm(ActionForm):
    """A way out of a step; without a key there is none."""

    key = line(_("Khóa"), 40, required=False)
    name = line(_("Nút bấm"), 200, required=False)
    name_en = line(_("Tiếng Anh"), 200, required=False)
    to = forms.ChoiceField(label=_("Chuyển tới"), required=False)
    does = forms.ChoiceField(label=_("Làm gì"), choices=pairs(DOES, DOES_NAMES), required=False)
    needs = several(_("Cần có"), NEED_NAMES.items(), required=False)
    who = line(
        _("Giao cho"), 60, required=False, initial="pool",
        help_text=_("pool: chung đơn vị; last_handler: người đã làm; lead: người thụ lý chính; same: người này; post:khóa"),
    )  # fmt: skip
    back = forms.BooleanField(label=_("Là trả lại"), required=False)

    def __init__(self, *args: Any, steps: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("to", [(one.key, one.name) for one in steps] + pairs(ENDS, END_NAMES))

    def clean(self) -> dict[str, Any]:
        """With a key the name is required."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("name", "name_en", "to"):
            if said.get("key") and not said.get(name):
                self.add_error(name, _("Hãy ghi mục này."))
        return said

    def values(self) -> dict[str, Any] | None:
        """As `actions.edit_step` takes an outcome; None where there is none."""
        said = self.cleaned_data
        return {**said, "who": said["who"] or "pool"} if said.get("key") else None


class PublishForm(ActionForm):
    """From when a draft holds."""

    valid_from = Day(label=_("Có hiệu lực từ ngày"))


class RetireForm(ActionForm):
    """Until when a version holds."""

    last_day = Day(label=_("Nhận hồ sơ đến hết ngày"))
