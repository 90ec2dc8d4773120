"""Template tags of every page: words for dates, money and time, and the small components.

Larger components are templates under vamco/parts/, used with {% include %}: see vamco/web/README.md.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    Field,
    RadioSelect,
    Select,
    Textarea,
)
from django.forms.widgets import FileInput, MultiWidget
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from vamco.core.inputs import name_of
from vamco.core.worktime import MINUTES_A_DAY
from vamco.web import words

register = template.Library()

register.filter("vn_date", words.day)
register.filter("vn_day", words.short_day)
register.filter("vn_time", words.hour)
register.filter("vn_datetime", words.day_hour)
register.filter("due_words", words.due)
register.filter("number", words.number)
register.filter("money", words.money)
register.filter("percent", words.percent)
register.filter("working_time", words.working_time)
register.filter("time_left", words.time_left)
register.filter("short_code", words.short_code)
register.filter("masked", words.masked)

OUTLINES = {
    "search",
    "right",
    "down",
    "file",
    "print",
    "sign",
    "user",
    "clip",
    "clock",
    "plus",
    "river",
    "bell",
}
"""Icons drawn as lines; the others are filled shapes."""

STATES = ("ok", "soon", "late", "paused")
"""The four states in time: circle, diamond, triangle, bars."""


@register.filter
def weekday(when: Any, capital: str = "") -> str:
    """{{ when|weekday }} "thứ Sáu"; {{ when|weekday:"capital" }} "Thứ Sáu"."""
    return words.weekday(when, capital=bool(capital))


@register.filter
def family_name(person: Any) -> str:
    """All of a Vietnamese name but the given name, which stands last; phones show the given name only."""
    return " ".join(str(person).split()[:-1])


@register.filter
def given_name(person: Any) -> str:
    """The given name: the last word."""
    return "".join(str(person).split()[-1:])


@register.filter
def called(row: Any) -> str:
    """What programs call a row by: its code, or its number."""
    return str(name_of(row))


BREAKS = re.compile(r"[ \t\n]+")
SPACE_BEFORE_A_MARK = re.compile(r" (?=[,.;:)])")


class Sentence(template.Node):
    """{% sentence %}…{% endsentence %}: text that the template lays out in lines; no space stands before , . ; : or )."""

    def __init__(self, parts: template.NodeList) -> None:
        self.parts = parts

    def render(self, context: template.Context) -> SafeString:
        """Its parts in one line."""
        text = BREAKS.sub(" ", self.parts.render(context)).strip()
        return mark_safe(SPACE_BEFORE_A_MARK.sub("", text))  # noqa: S308 - the parts are escaped already


@register.tag
def sentence(parser: template.base.Parser, token: template.base.Token) -> Sentence:
    """Text with parts that may be missing, each on its own line of the template."""
    parts = parser.parse(("endsentence",))
    parser.delete_first_token()
    return Sentence(parts)


@register.simple_tag
def once() -> SafeString:
    """{% once %} in a form: what it asks for is done once, however often it is sent."""
    return format_html('<input type="hidden" name="request_key" value="{}">', secrets.token_urlsafe(16))


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of vamco/icons.svg, always beside a word: it says nothing to a screen reader."""
    classes = " ".join(filter(None, ("icon", "icon--line" if name in OUTLINES else "", extra)))
    return format_html(
        '<svg class="{}" viewBox="0 0 16 16" aria-hidden="true"><use href="#i-{}"/></svg>', classes, name
    )


@register.simple_tag
def state(kind: str, text: str) -> SafeString:
    """A state in time: icon, word and colour. `kind` is ok, soon, late or paused."""
    if kind not in STATES:
        raise template.TemplateSyntaxError(f"state is one of {', '.join(STATES)}, not {kind!r}")
    return format_html('<span class="state state--{}">{}{}</span>', kind, icon(kind), text)


def state_of(minutes: int | None, *, paused: bool = False, soon: int = MINUTES_A_DAY) -> str:
    """The state of a due time `minutes` working minutes away: late below zero, soon within `soon` minutes."""
    if paused:
        return "paused"
    if minutes is None:
        return "ok"
    return "late" if minutes < 0 else "soon" if minutes <= soon else "ok"


@register.simple_tag
def due_state(minutes: int | None, paused: Any = False, soon: int = MINUTES_A_DAY) -> SafeString:
    """The time left with its state: {% due_state row.minutes_left %}.

    `paused` is falsy, or the day since when the clock stands still. With no minutes there is no due time.
    """
    kind = state_of(minutes, paused=bool(paused), soon=soon)
    if kind == "paused":
        since = words.short_day(paused) if hasattr(paused, "year") else ""
        return state(kind, _("dừng từ %(day)s") % {"day": since} if since else _("tạm dừng"))
    return SafeString("") if minutes is None else state(kind, words.time_left(minutes))


@register.simple_tag
def key(*keys: str, label: str = "") -> SafeString:
    """One entry of the key bar: {% key "j" "k" label=text %}. The dialog behind "?" lists these too."""
    return format_html(
        "<span>{} {}</span>", format_html_join("", "<kbd>{}</kbd>", ((name,) for name in keys)), label
    )


@register.simple_tag
def used(parts: Sequence[tuple[int, int]], label: str) -> SafeString:
    """The bar of time used per step: `parts` are (allowed, used) minutes of each step, in order.

    Drawn as SVG, since the content security policy allows no inline style. A step over its time is red.
    """
    gap, width = 3, 1000
    parts = [(allowed, spent) for allowed, spent in parts if allowed > 0]
    total = sum(allowed for allowed, _spent in parts) or 1
    scale = (width - gap * max(len(parts) - 1, 0)) / total
    x, drawn = 0.0, []
    for allowed, spent in parts:
        full = allowed * scale
        drawn.append(("used__all", f"{x:.1f}", f"{full:.1f}"))
        if spent > 0:
            kind = "used__late" if spent > allowed else "used__done"
            drawn.append((kind, f"{x:.1f}", f"{min(spent / allowed, 1) * full:.1f}"))
        x += full + gap
    rects = format_html_join("", '<rect class="{}" x="{}" width="{}" height="10"/>', drawn)
    return format_html(
        '<svg class="used" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>',
        label,
        rects,
    )


@register.filter
def undo_url(message: Any) -> str:
    """The address that takes back what a message reports (see vamco.web.messages.done), or nothing."""
    return next((tag[5:] for tag in (message.extra_tags or "").split() if tag.startswith("undo:/")), "")


@register.filter
def draft_done(message: Any) -> str:
    """The draft that a message says has been handed in (see vamco.web.messages.done), or nothing."""
    return next((tag[6:] for tag in (message.extra_tags or "").split() if tag.startswith("draft:")), "")


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "tick"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, MultiWidget):
        return "several"
    return "line"


def _classes(field: BoundField, width: str | int, code: bool) -> str:
    widget = field.field.widget
    base = (
        "govuk-textarea"
        if isinstance(widget, Textarea)
        else "govuk-select"
        if isinstance(widget, Select)
        else "govuk-file-upload"
        if isinstance(widget, FileInput)
        else "govuk-input"
    )
    return " ".join(
        filter(
            None,
            (
                base,
                f"{base}--error" if field.errors else "",
                f"govuk-input--width-{width}" if width and base == "govuk-input" else "",
                "code" if code else "",
                widget.attrs.get("class", ""),
            ),
        )
    )


def _asks(field: BoundField) -> str:
    """What to do about an empty field, instead of "this field is required"."""
    label = str(field.label or "")
    if label[1:2].islower() or label[1:2] == " ":
        label = label[:1].lower() + label[1:]
    if isinstance(field.field.widget, CheckboxInput):
        return _("Hãy đánh dấu: %(label)s") % {"label": label}
    if isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple):
        return _("Hãy chọn: %(label)s") % {"label": label}
    if isinstance(field.field.widget, Select):
        return _("Hãy chọn %(label)s") % {"label": label}
    return _("Hãy nhập %(label)s") % {"label": label}


def _errors(field: BoundField) -> list[str]:
    plain = field.field.error_messages.get("required") == Field.default_error_messages["required"]
    found = []
    for error in field.errors.as_data():
        found += [_asks(field)] if error.code == "required" and plain else error.messages
    return found


@register.filter
def first_error(field: BoundField) -> str:
    """The first thing wrong with a form field, in words that say what to do."""
    return next(iter(_errors(field)), "") if field.errors else ""


def _name(field: BoundField, label: str, hint: str | None) -> None:
    """The page's own label and hint, for forms of other packages; an empty hint takes the hint away."""
    if label:
        field.label = label
        field.field.widget.attrs.pop("placeholder", None)
    if hint is not None:
        field.help_text = hint


def _described_by(field: BoundField) -> str:
    """The ids of the hint and the error of a group of inputs."""
    ids = {f"{field.auto_id}_helptext": field.help_text, f"{field.auto_id}_error": field.errors}
    return " ".join(name for name, there in ids.items() if there)


def _options(field: BoundField, css: str = "") -> Iterable[dict[str, Any]]:
    for option in field.subwidgets:
        if css:
            option.data["attrs"]["class"] = css
        yield {"html": option.tag(), "label": option.choice_label, "id": option.id_for_label}


@register.inclusion_tag("vamco/parts/field.html")
def field(
    field: BoundField,
    width: str | int = "",
    code: bool = False,
    rows: int | None = None,
    hint: str | None = None,
    label: str = "",
) -> dict[str, Any]:
    """A citizen's form field with label, hint and error, for any field of a Django form.

    `width` in characters (2, 3, 4, 5, 10, 20, 30), `code` for numbers in figures of one width. The hint is
    the field's help_text, the error its first error; Django ties both to the input (aria-describedby).
    """
    _name(field, label, hint)
    kind = _kind(field)
    group = "checkboxes" if isinstance(field.field.widget, CheckboxSelectMultiple) else "radios"
    attrs: dict[str, Any] = {"class": _classes(field, width, code)}
    if isinstance(field.field.widget, Textarea):
        attrs["rows"] = rows or 5
    if kind == "tick":
        attrs["class"] = "govuk-checkboxes__input"
    return {
        "field": field,
        "kind": kind,
        "widget": field.as_widget(attrs=attrs) if kind in ("line", "tick", "several") else "",
        "options": list(_options(field, f"govuk-{group}__input")) if kind == "choices" else [],
        "group": group,
        "described_by": _described_by(field),
        "error": first_error(field),
    }


@register.inclusion_tag("vamco/parts/staff_field.html")
def staff_field(
    field: BoundField,
    all: bool = False,
    code: bool = False,
    big: bool = False,
    rows: int | None = None,
    hint: str | None = None,
    label: str = "",
) -> dict[str, Any]:
    """A dense form field for staff, inside `<div class="fields">`; `all` spans both columns."""
    _name(field, label, hint)
    kind = _kind(field)
    names = filter(
        None, (field.field.widget.attrs.get("class", ""), "code" if code else "", "big" if big else "")
    )
    attrs: dict[str, Any] = {"class": " ".join(names)} if code or big else {}
    if isinstance(field.field.widget, Textarea):
        attrs["rows"] = rows or 3
    return {
        "field": field,
        "kind": kind,
        "all": all,
        "widget": field.as_widget(attrs=attrs) if kind in ("line", "tick", "several") else "",
        "options": list(_options(field)) if kind == "choices" else [],
        "described_by": _described_by(field),
        "error": first_error(field),
    }


@register.inclusion_tag("vamco/parts/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """What must be put right, on top of a page: every error of the forms with a link to its field."""
    errors = []
    for form in forms:
        if not form:
            continue
        errors += [{"text": text, "id": ""} for text in form.non_field_errors()]
        for bound in form:
            target = bound.id_for_label or bound.auto_id
            if _kind(bound) == "choices":
                target = f"{bound.auto_id}_0"
            errors += [{"text": text, "id": "" if bound.is_hidden else target} for text in _errors(bound)]
    return {"errors": errors}


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The query string of this page with some parameters changed: {% query cursor=next %}; None drops one."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = value
    text = params.urlencode()
    return mark_safe(f"?{text}".replace("&", "&amp;")) if text else "?"  # noqa: S308 (urlencode escapes)
