"""What the calendar's pages ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vamco.web.asking import ActionForm, Day

from .models import REGIME_VALUES, Regime

WEEKDAYS = (_("Thứ Hai"), _("Thứ Ba"), _("Thứ Tư"), _("Thứ Năm"), _("Thứ Sáu"), _("Thứ Bảy"), _("Chủ nhật"))


class Hour(forms.TimeField):
    """An hour on the wall clock."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(error_messages={"invalid": _("Giờ không đúng. Hãy ghi như 07:30.")}, **kwargs)


_NUMBERS = ("supplements_max", "supplement_within_days", "new_dates_max", "apology_days_before")


def _regime_field(name: str) -> forms.Field:
    field: Any = Regime._meta.get_field(name)
    label = str(field.verbose_name)
    label = label[:1].upper() + label[1:]
    if name == "cut_off":
        return Hour(label=label)
    if name in ("valid_from", "valid_to"):
        return Day(label=label, required=False)
    if field.choices:
        return forms.ChoiceField(label=label, choices=field.choices)
    empty = field.null
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=365,
        required=not empty,
        help_text=_("để trống: không quy định") if empty else "",
    )


class RegimeForm(ActionForm):
    """A regime: each of its values with the article that says so, and whether someone has read it there."""

    name = forms.CharField(label=_("Tên"), max_length=200)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=200, required=False)

    def __init__(self, *args: Any, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            self.fields["key"] = forms.CharField(
                label=_("Mã"), max_length=40, help_text=_("như nd61_2018; không đổi được về sau")
            )
        for name in REGIME_VALUES:
            self.fields[name] = _regime_field(name)
            self.fields[f"source_{name}"] = forms.CharField(label=_("Căn cứ"), max_length=300)
            self.fields[f"verified_{name}"] = forms.BooleanField(
                label=_("Đã đọc trong văn bản"), required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        """One row for each value: the value, its source, whether it is verified."""
        return [
            {"value": self[name], "source": self[f"source_{name}"], "verified": self[f"verified_{name}"]}
            for name in REGIME_VALUES
        ]

    def values(self) -> dict[str, Any]:
        """The inputs of the actions: every value with its source."""
        said = self.cleaned_data
        sources = {name: (said[f"source_{name}"], said[f"verified_{name}"]) for name in REGIME_VALUES}
        values = {name: said[name] for name in REGIME_VALUES}
        return {"name": said["name"], "name_en": said["name_en"], "sources": sources, **values}

    @staticmethod
    def start(regime: Regime) -> dict[str, Any]:
        """What the form shows of a regime."""
        shown: dict[str, Any] = {"name": regime.name, "name_en": regime.name_en}
        given = {one.field: one for one in regime.sources.all()}
        for name in REGIME_VALUES:
            shown[name] = getattr(regime, name)
            if name in given:
                shown[f"source_{name}"] = given[name].source
                shown[f"verified_{name}"] = given[name].verified
        return shown
