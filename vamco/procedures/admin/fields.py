"""Form fields that the catalogue's forms share: sources, conditions, lines of a text as rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vamco.forms.field import Condition, Field
from vamco.web.asking import ActionForm

OPERATORS = (
    ("eq", _("là")),
    ("ne", _("không phải là")),
    ("in", _("là một trong")),
    ("lt", _("nhỏ hơn")),
    ("le", _("không quá")),
    ("gt", _("lớn hơn")),
    ("ge", _("từ … trở lên")),
    ("filled", _("có ghi")),
    ("empty", _("để trống")),
)


def line(label: Any, length: int = 300, **more: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, max_length=length, **more)


def several(label: Any, choices: Iterable[tuple[Any, Any]], **more: Any) -> forms.MultipleChoiceField:
    """Boxes to tick."""
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), widget=forms.CheckboxSelectMultiple, **more
    )


class Rows(forms.CharField):
    """Several rows in one text, a line each, from `least` to `most` cells separated by «|»."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(widget=forms.Textarea(attrs={"class": "code"}), max_length=20_000, **kwargs)

    def clean(self, value: Any) -> Any:
        """The rows, each with `most` cells (empty ones for those left out). Raises `ValidationError` by line."""
        rows = []
        for number, text in enumerate(super().clean(value).splitlines(), 1):
            if not text.strip():
                continue
            cells = [cell.strip() for cell in text.split("|")]
            if not self.least <= len(cells) <= self.most or not all(cells[: self.least]):
                raise forms.ValidationError(
                    _("Dòng %(n)d: cần từ %(least)d đến %(most)d phần, cách nhau bằng dấu |.")
                    % {"n": number, "least": self.least, "most": self.most}
                )
            rows.append(cells + [""] * (self.most - len(cells)))
        return rows


def rows_text(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as `Rows` shows them; empty cells at the end are left out."""
    lines = []
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        lines.append(" | ".join(cells))
    return "\n".join(lines)


class PartForm(ActionForm):
    """A form of a part of a case. Subclasses name what they edit in `names`; `values` are what the action takes."""

    names: tuple[str, ...] = ()
    sourced = False
    conditional = False

    def __init__(
        self, *args: Any, case_fields: Iterable[Field] = (), current: Any = None, **kwargs: Any
    ) -> None:
        self.case_fields = list(case_fields)
        self.current = current
        start = self.start(current) if current is not None else {}
        kwargs["initial"] = {**start, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if self.conditional:
            self._add_condition(getattr(current, "when", None))
        if self.sourced:
            self.fields["source_text"] = line(_("Căn cứ"), 1000, help_text=_("văn bản, điều, khoản"))
            self.fields["source_verified"] = forms.BooleanField(
                label=_("Đã đọc trong văn bản"), required=False
            )

    def start(self, current: Any) -> dict[str, Any]:
        """What the form shows of an existing part."""
        shown = {name: getattr(current, name) for name in self.names}
        if self.sourced:
            shown |= {"source_text": current.source.text, "source_verified": current.source.verified}
        if self.conditional and _simple(current.when):
            value = current.when.get("value")
            shown |= {"when_field": current.when["field"], "when_op": current.when["op"]}
            shown["when_value"] = _condition_text(value)
        return shown

    def values(self) -> dict[str, Any]:
        """The part as plain data, as `actions.put` and the others take it."""
        said: dict[str, Any] = {name: self.cleaned_data[name] for name in self.names}
        if self.sourced:
            said["source"] = {
                "text": self.cleaned_data["source_text"],
                "verified": self.cleaned_data["source_verified"],
            }
        if self.conditional:
            said["when"] = self._condition()
        return said

    def _add_condition(self, present: Condition | None) -> None:
        fields = [("", _("luôn luôn"))] + [(one.key, f"{one.label} ({one.key})") for one in self.case_fields]
        if present is not None and not _simple(present):
            self.fields["when_keep"] = forms.BooleanField(
                label=_("Giữ điều kiện ghép đang có"), required=False, initial=True
            )
        self.fields["when_field"] = forms.ChoiceField(
            label=_("Chỉ khi ô khai"), choices=fields, required=False
        )
        self.fields["when_op"] = forms.ChoiceField(label=_("so với"), choices=OPERATORS, required=False)
        self.fields["when_value"] = line(
            _("giá trị"),
            required=False,
            help_text=_("nhiều giá trị thì cách nhau bằng dấu phẩy; đúng, sai cho ô đánh dấu"),
        )

    def _condition(self) -> Condition | None:
        said = self.cleaned_data
        if said.get("when_keep"):
            return dict(self.current.when)
        if not said["when_field"]:
            return None
        field = next(one for one in self.case_fields if one.key == said["when_field"])
        op, text = said["when_op"] or "eq", said["when_value"].strip()
        made: dict[str, Any] = {"field": field.key, "op": op}
        if op == "in":
            made["value"] = [_typed(field, part.strip()) for part in text.split(",")]
        elif op not in ("filled", "empty"):
            made["value"] = _typed(field, text)
        return made


def _simple(condition: Condition | None) -> bool:
    return isinstance(condition, Mapping) and "field" in condition


def _condition_text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_condition_text(one) for one in value)
    if isinstance(value, bool):
        return str(_("đúng") if value else _("sai"))
    return "" if value is None else str(value)


def _typed(field: Field, text: str) -> Any:
    """A value of the field's type if the text is one; otherwise the check before publishing reports it."""
    if field.type == "bool":
        return text.casefold() in ("đúng", "có", "true", "yes", "1", str(_("đúng")).casefold())
    if field.type in ("number", "money"):
        digits = text.replace(".", "").replace(" ", "") if field.type == "money" else text.replace(",", ".")
        try:
            number = float(digits)
        except ValueError:
            return text
        return int(number) if number == int(number) else number
    return text
