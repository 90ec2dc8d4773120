"""The form of one setting, made from its kind."""

from datetime import date, time
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from vamco.core.rooms import Setting
from vamco.web.asking import ActionForm, Day

from . import values
from .models import LONGEST


class ValueForm(ActionForm):
    """The value of a setting; `cleaned_data["value"]` is its text."""

    def __init__(self, setting: Setting, data: Any = None, *, value: Any) -> None:
        super().__init__(data, initial={"value": _start(setting, value)})
        self.fields["value"] = _field(setting)

    def clean_value(self) -> str:
        """The text that the action takes."""
        return values.written(self.cleaned_data["value"])


def _start(setting: Setting, value: Any) -> Any:
    return values.written(value) if setting.kind is bool else value


def _field(setting: Setting) -> forms.Field:
    asked: dict[str, Any] = {"label": setting.name, "help_text": setting.help}
    if setting.kind is bool:
        return forms.ChoiceField(
            choices=[("true", _("có")), ("false", _("không"))], widget=forms.RadioSelect, **asked
        )
    if issubclass(setting.kind, models.Choices):
        return forms.ChoiceField(choices=setting.kind.choices, **asked)
    if setting.kind is date:
        return Day(**asked)
    if setting.kind is time:
        return forms.TimeField(
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={"invalid": _("Giờ không đúng. Hãy ghi như 07:30.")},
            **asked,
        )
    # A number is read by the action, which knows how people write it and says between what it must be.
    return forms.CharField(max_length=LONGEST, required=setting.default != "", **asked)


class Nothing(ActionForm):
    """A change that needs no word."""
