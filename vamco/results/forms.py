"""Forms of the pages of results that are not made from an action alone."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from vamco.web.access import Request
from vamco.web.action_forms import InputForm

from . import actions, places, queries
from .models import Result

LONGEST_VALUE = 5000
"""Characters of a corrected value."""


class CheckForm(forms.Form):
    """Number and check code as printed on the paper."""

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


class CorrectForm(InputForm):
    """The inputs of `actions.correct`, and a field for each text that is printed on the paper."""

    def __init__(self, request: Request, result: Result) -> None:
        super().__init__(actions.correct, request.actor, result, request=request)
        known = places.places_of(result.template.key)
        labels = {**known.sometimes, **known.always}
        self.texts = {
            key: str(value) for key, value in queries.printed(result).items() if isinstance(value, str | int)
        }
        for key, value in self.texts.items():
            self.fields[f"value_{key}"] = forms.CharField(
                label=capfirst(labels.get(key, key)), initial=value, required=False, max_length=LONGEST_VALUE
            )

    def changes(self) -> dict[str, str]:
        """The values that were changed."""
        sent = {key: self.cleaned_data[f"value_{key}"] for key in self.texts}
        return {key: value for key, value in sent.items() if value != self.texts[key]}
