"""The form of an action, made from the inputs that its signature declares, and the page that asks for them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from vamco.core import clock, files, inputs
from vamco.core.actions import Action, not_allowed
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.inputs import Parameter
from vamco.core.models import File

from . import messages
from .access import Request
from .asking import ActionForm, ask, posted

FEW = 5
"""So many choices are shown at once; more are a list to choose from."""


class Written(forms.Field):
    """A value that is read from what is written: `core.inputs.read` says how, for pages, addresses and cells alike."""

    def __init__(self, kind: type, **settings: Any) -> None:
        super().__init__(required=False, **settings)
        self.kind = kind

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        if isinstance(value, datetime):
            return f"{clock.local(value):%d/%m/%Y %H:%M}"
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def clean(self, value: Any) -> Any:
        """The value, or nothing."""
        written = str(value or "")
        if self.kind is str or not written.strip():
            return written if self.kind is str else None
        try:
            return inputs.read(self.kind, written)
        except Invalid as fault:
            raise forms.ValidationError(fault.message) from None


class InputForm(ActionForm):
    """What an action asks for. Every fault is shown at once, with the action's own words; `given` are its inputs."""

    def __init__(
        self,
        action: Action[Any, Any, Any],
        actor: Actor,
        target: Any,
        *,
        request: Request | None = None,
        without: tuple[str, ...] = (),
        initial: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        sent = None if request is None else posted(request)
        started = {one.name: one.said.start(target) for one in action.inputs if one.said.start is not None}
        super().__init__(
            sent,
            request.FILES if request and sent is not None else None,
            initial={**started, **(initial or {})},
            **settings,
        )
        self.action, self.actor, self.about = action, actor, target
        self.asked = tuple(one for one in action.inputs if one.name not in without)
        for name, field in (pair for one in self.asked for pair in _fields(one, actor, target)):
            self.fields[name] = field
            if (start := _start(self.initial, name)) is not None:
                self.initial[name] = start
        self.given: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        """Check what was given as the action will."""
        read = [one for one in self.asked if not self._wrong(one)]
        given = {one.name: self._value(one) for one in read}
        sent = {one.name: given.pop(one.name) for one in read if one.kind is File and given[one.name]}
        rest = [one for one in read if one.name not in sent]
        try:
            self.given = inputs.checked(rest, self.actor, self.about, given)
            if not self.errors:
                self.given |= {name: self._stored(name, upload) for name, upload in sent.items()}
        except Invalid as refused:
            self.refuse(refused)
        return self.cleaned_data

    def _stored(self, name: str, upload: Any) -> File:
        """Keep an upload, now that nothing else is wrong: what is refused leaves no file behind."""
        return files.store(upload, name=upload.name or "", uploaded_by_id=self.actor.user_id, field=name)

    def do(self, **known: Any) -> Any:
        """Do the action with what was given and `known`; None when something is refused, which the form then shows."""
        if not self.is_valid():
            return None
        try:
            return self.action(self.actor, self.about, **known, **self.given)
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            self.refuse(refused)
            return None

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows it."""
        return 422 if self.is_bound and self.errors else 200

    def _wrong(self, one: Parameter) -> bool:
        return any(name == one.name or name.startswith(f"{one.name}.") for name in self.errors)

    def _value(self, one: Parameter) -> Any:
        if one.parts:
            parts = {part.name: self.cleaned_data.get(f"{one.name}.{part.name}") for part in one.parts}
            empty = all(value in (None, "") for value in parts.values())
            return None if empty and one.optional else one.kind(**parts)
        value = self.cleaned_data.get(one.name)
        return tuple(value or ()) if one.many else value


def ask_for(
    request: Request,
    action: Action[Any, Any, Any],
    target: Any,
    *,
    up: tuple[str, str],
    title: str = "",
    button: str = "",
    text: str = "",
    says: str = "",
    to: str | Callable[[Any], str] = "",
    template: str = "vamco/ask.html",
    initial: Mapping[str, Any] | None = None,
    fixed: Mapping[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """The page of an action: its form, then the action, then its sentence on the next page.

    What cannot be done to the target now is said on the page above. `title` and `button` are the action's label, `says` its sentence unless given. `fixed` are inputs that the page itself knows; `initial`
    what the others begin with. `up` and `to` are as in `asking.ask`.
    """
    if not action.allowed(request.actor, target):
        raise not_allowed()
    if action.when is not None and (why := action.when(target)):
        messages.refused(request, str(why))
        return redirect(up[0])
    known = dict(fixed or {})
    form = InputForm(action, request.actor, target, request=request, without=tuple(known), initial=initial)
    return ask(
        request,
        form,
        lambda _cleaned: action(request.actor, target, **known, **form.given),
        title=title or str(action.label),
        up=up,
        button=button or str(action.label),
        text=text,
        says=says or action.says,
        to=to,
        template=template,
        action=action,
        target=target,
        **context,
    )


def _start(initial: Mapping[str, Any], name: str) -> Any:
    """What a field begins with; of a part («morning.opens») the part's value."""
    whole, _dot, part = name.partition(".")
    return getattr(initial.get(whole), part, None) if part else initial.get(name)


def _fields(one: Parameter, actor: Actor, target: Any) -> Iterator[tuple[str, forms.Field]]:
    if one.parts:
        for part in one.parts:
            field = _field(part, actor, target)
            field.label = f"{one.said.label} {part.said.label}"
            yield f"{one.name}.{part.name}", field
    else:
        yield one.name, _field(one, actor, target)


def _field(one: Parameter, actor: Actor, target: Any) -> forms.Field:
    words: dict[str, Any] = {"label": _label(one), "help_text": one.said.help}
    if one.default not in (None, inputs.LEFT_OUT) and not one.many:
        words["initial"] = one.default
    if one.kind is File:
        return forms.FileField(required=False, **words)
    offered = one.offered(actor, target)
    if isinstance(offered, models.QuerySet):
        return _rows(one, offered, words)
    if offered is not None:
        return _choice(one, [(value, label) for value, label in offered], words)
    if one.kind is bool:
        return forms.BooleanField(required=False, **words)
    return Written(one.kind, widget=_widget(one), **words)


def _label(one: Parameter) -> Any:
    """An input that may be left empty says so, unless its own words do."""
    if not one.optional or one.kind is bool or one.said.help or one.said.start is not None:
        return one.said.label
    return _("%(label)s (nếu có)") % {"label": one.said.label}


def _rows(one: Parameter, offered: "models.QuerySet[Any]", words: dict[str, Any]) -> forms.Field:
    kind = forms.ModelMultipleChoiceField if one.many else forms.ModelChoiceField
    if one.many:
        words["widget"] = forms.CheckboxSelectMultiple
    return kind(offered, to_field_name=inputs.named_by(one.kind), required=False, **words)


def _choice(one: Parameter, offered: list[tuple[Any, Any]], words: dict[str, Any]) -> forms.Field:
    if one.many:
        return forms.TypedMultipleChoiceField(
            choices=offered,
            coerce=lambda value: one.kind(value),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **words,
        )
    if len(offered) <= FEW and not one.optional:
        words["widget"] = forms.RadioSelect
    else:
        offered = [("", _("không chọn") if one.optional else _("hãy chọn")), *offered]
    return forms.TypedChoiceField(
        choices=offered, coerce=lambda value: one.kind(value), empty_value=None, required=False, **words
    )


def _widget(one: Parameter) -> forms.Widget:
    attrs: dict[str, Any] = {"autocomplete": "off"}
    if one.kind is str:
        if one.said.most:
            attrs["maxlength"] = one.said.most
        return forms.Textarea(attrs) if one.said.long else forms.TextInput(attrs)
    shown = {int: "", date: _("dd/mm/yyyy"), time: "07:30", datetime: _("dd/mm/yyyy hh:mm")}
    attrs |= {"inputmode": "numeric", "placeholder": shown.get(one.kind, "")}
    return forms.TextInput({key: value for key, value in attrs.items() if value})
