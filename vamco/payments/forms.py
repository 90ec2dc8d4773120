"""What the cashier's pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vamco.core.errors import Refused


class Dong(forms.CharField):
    """An amount in whole đồng as people write it: 75000, 75.000, 75 000 đ."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> int:
        """The amount as a number."""
        text = super().clean(value)
        digits = "".join(text.split()).rstrip("đ").replace(".", "").replace(",", "")
        sign, digits = (-1, digits[1:]) if digits[:1] in ("-", "−") else (1, digits)
        if not (digits.isascii() and digits.isdigit()):
            raise forms.ValidationError(_("Hãy ghi số đồng bằng chữ số, ví dụ 75.000."))
        return sign * int(digits)


class ActionForm(forms.Form):
    """A form whose action may still refuse; its messages come back to their fields."""

    required_css_class = ""
    use_required_attribute = False

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside its fields, or on top."""
        for name, message in refused.fields.items():
            self.add_error(name if name in self.fields else None, message)
        if not refused.fields:
            self.add_error(None, refused.message)


class Collect(ActionForm):
    """Who pays, when it is not the person on the dossier."""

    payer_name = forms.CharField(label=_("Người nộp tiền"), max_length=250, required=False)
    payer_address = forms.CharField(
        label=_("Địa chỉ, ghi trên biên lai nếu cần"), max_length=500, required=False
    )
    total = forms.IntegerField(widget=forms.HiddenInput)


class Cancel(ActionForm):
    """Why a receipt is cancelled, and whether the money is owed again."""

    reason = forms.CharField(label=_("Lý do hủy"), max_length=300, widget=forms.Textarea)
    gone = forms.BooleanField(
        label=_("Không thu lại: hồ sơ đã rút, hoặc không phải nộp khoản này"), required=False
    )


class Replace(ActionForm):
    """What is put right on the new receipt."""

    reason = forms.CharField(label=_("Lý do thay"), max_length=300, widget=forms.Textarea)
    payer_name = forms.CharField(
        label=_("Người nộp tiền"),
        max_length=250,
        required=False,
        help_text=_("để trống thì giữ như trên biên lai cũ"),
    )
    payer_address = forms.CharField(label=_("Địa chỉ"), max_length=500, required=False)


class CloseDay(ActionForm):
    """What lies in the till at the end of the day."""

    counted = Dong(label=_("Tiền mặt đếm được, đồng"))
    note = forms.CharField(label=_("Lý do chênh lệch (nếu có)"), max_length=300, required=False)
    expected = forms.IntegerField(widget=forms.HiddenInput)


class OpenBook(ActionForm):
    """A new receipt book."""

    symbol = forms.CharField(
        label=_("Ký hiệu"), max_length=20, help_text=_("như in trên biên lai, ví dụ BL-16T")
    )
    series = forms.CharField(label=_("Quyển số"), max_length=20, required=False)
    first = forms.IntegerField(label=_("Từ số"), min_value=1)
    last = forms.IntegerField(label=_("Đến số"), min_value=1)
