"""Forms of the pages of results."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from vamco.core import result_text

from .models import Result


class CheckForm(forms.Form):
    """Number and check code, as they stand on the paper."""

    number = forms.CharField(
        label=_("Số của giấy"), max_length=80, help_text=_("Ghi như trên giấy, ví dụ 12/2016/XNTTHN")
    )
    secret = forms.CharField(
        label=_("Mã kiểm tra"),
        max_length=40,
        help_text=_("8 ký tự in ở cuối giấy, cạnh mã QR"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


class TemplateForm(forms.Form):
    """A template under the editor's hands; `version` is the one that was opened."""

    name = forms.CharField(label=_("Tên mẫu"), max_length=200)
    text = forms.CharField(
        label=_("Nội dung"),
        max_length=result_text.LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"spellcheck": "false", "class": "code"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class NewTemplateForm(TemplateForm):
    """The first version of a template."""

    key = forms.CharField(
        label=_("Khóa"),
        max_length=60,
        help_text=_("Chữ thường không dấu và dấu gạch dưới; thủ tục gọi mẫu bằng khóa này"),
    )
    field_order = ["key", "name", "text"]


class WithdrawForm(forms.Form):
    """Why a result is withdrawn."""

    reason = forms.CharField(label=_("Lý do thu hồi"), max_length=1000, widget=forms.Textarea)


class CorrectForm(forms.Form):
    """What is to be different in the result that takes an issued one's place."""

    reason = forms.CharField(label=_("Lý do đính chính"), max_length=1000)
    holder_name = forms.CharField(label=_("Tên người được cấp"), max_length=300)

    def __init__(self, result: Result, labels: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holder_name"].initial = result.holder_name
        printed = result_text.keys(result.template.text)
        self.texts = {
            key: value
            for key, value in result.values.items()
            if key in printed and isinstance(value, str | int)
        }
        for key, value in self.texts.items():
            self.fields[f"value_{key}"] = forms.CharField(
                label=capfirst(labels.get(key, key)), initial=value, required=False, max_length=5000
            )

    def changes(self) -> dict[str, str]:
        """The values that were changed."""
        said = {key: self.cleaned_data[f"value_{key}"] for key in self.texts}
        return {key: value for key, value in said.items() if value != str(self.texts[key])}


class SignForm(forms.Form):
    """The lines over the signer's name."""

    title = forms.CharField(label=_("Chức vụ ghi trên giấy"), widget=forms.Textarea, max_length=300)
