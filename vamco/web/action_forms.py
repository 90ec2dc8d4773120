"""The form of an action, made from the inputs that its signature declares, and the page that asks for them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from vamco.core import files, inputs
from vamco.core.actions import Action, not_allowed
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.inputs import Parameter, Words
from vamco.core.models import File
from vamco.core.values import written

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
        return written(value) if isinstance(value, date | time) else value

    def clean(self, value: Any) -> Any:
        """The value, or nothing."""
        written = str(value or "")
        ProhibitNullCharactersValidator()(written)
        if self.kind is str or not written.strip():
            return written if self.kind is str else None
        try:
            return inputs.read(self.kind, written)
        except Invalid as fault:
            raise forms.ValidationError(fault.message) from None


class Block:
    """How a form asks for an input that is no single field, such as a list of rows. Names are those below the input's."""

    template = ""
    """How its rows are laid out; without one its fields stand one under the other like all others."""

    def fields(self, parameter: Parameter, actor: Actor, target: Any) -> dict[str, forms.Field]:
        """The fields by their names."""
        raise NotImplementedError

    def value(
        self,
        parameter: Parameter,
        cleaned: Mapping[str, Any],
        target: Any,
        keep: Callable[[Any, str], int | None],
    ) -> Any:
        """The input from its fields; `keep` stores an upload under the name of its field."""
        raise NotImplementedError

    def rows(self, fields: Mapping[str, forms.BoundField]) -> Sequence[Any]:
        """What the template lays out."""
        return ()


BLOCKS: dict[str, Block] = {}
"""The blocks by the type name of their inputs. The room that has such inputs adds its own."""


class InputForm(ActionForm):
    """What an action asks for. Every fault is shown at once, with the action's own words; `given` are its inputs.

    `asked` replaces the declared inputs, where what is asked for depends on the target.
    """

    def __init__(
        self,
        action: Action[Any, Any, Any],
        actor: Actor,
        target: Any,
        *,
        request: Request | None = None,
        without: tuple[str, ...] = (),
        asked: tuple[Parameter, ...] | None = None,
        initial: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        sent = None if request is None else posted(request)
        started = {
            parameter.name: parameter.input.start(target)
            for parameter in action.inputs
            if parameter.input.start is not None
        }
        super().__init__(
            sent,
            request.FILES if request and sent is not None else None,
            initial={**started, **(initial or {})},
            **settings,
        )
        self.action, self.actor, self.about = action, actor, target
        self.asked = asked or tuple(parameter for parameter in action.inputs if parameter.name not in without)
        for name, field in (pair for parameter in self.asked for pair in _fields(parameter, actor, target)):
            self.fields[name] = field
            if (start := _start(self.initial, name)) is not None:
                self.initial[name] = start
        self.given: dict[str, Any] = {}
        self.faults: dict[str, str] = {}

    @property
    def blocks(self) -> Iterator[dict[str, Any]]:
        """What is asked for in its order: each a field of its own, or the rows of a block with their template."""
        for parameter in self.asked:
            block = BLOCKS.get(parameter.type_name)
            bound = {name: self[name] for name in self._names(parameter) if not self[name].is_hidden}
            if block is None or not block.template:
                yield from ({"field": field} for field in bound.values())
            else:
                start = len(parameter.name) + 1
                yield {
                    "template": block.template,
                    "rows": block.rows({name[start:]: field for name, field in bound.items()}),
                    "fault": self.faults.get(parameter.name, ""),
                    "opened": self.is_bound,
                }

    def _names(self, parameter: Parameter) -> list[str]:
        below = f"{parameter.name}."
        return [name for name in self.fields if name == parameter.name or name.startswith(below)]

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside its fields, or on top."""
        self.faults |= refused.fields
        super().refuse(refused)

    @property
    def only_refused(self) -> bool:
        """Whether nothing is wrong with a field: the action itself said no."""
        return self.is_bound and set(self.errors) == {"__all__"}

    def clean(self) -> dict[str, Any]:
        """Check what was given as the action will."""
        read = [parameter for parameter in self.asked if not self._wrong(parameter)]
        given = {parameter.name: self._value(parameter) for parameter in read}
        sent = {
            parameter.name: given.pop(parameter.name)
            for parameter in read
            if parameter.kind is File and given[parameter.name]
        }
        rest = [parameter for parameter in read if parameter.name not in sent]
        try:
            self.given = inputs.checked(rest, self.actor, self.about, given)
            if not self.errors:
                self.given |= {name: self._stored(name, upload) for name, upload in sent.items()}
                self.given |= {
                    parameter.name: self._of_block(BLOCKS[parameter.type_name], parameter, self._keep)
                    for parameter in rest
                    if parameter.type_name in BLOCKS
                }
        except Invalid as refused:
            self.refuse(refused)
        return self.cleaned_data

    def _stored(self, name: str, upload: Any) -> File:
        """Keep an upload, now that nothing else is wrong: what is refused leaves no file behind."""
        return files.store(upload, name=upload.name or "", uploaded_by_id=self.actor.user_id, field=name)

    def _keep(self, upload: Any, name: str) -> int | None:
        return self._stored(name, upload).pk if upload else None

    def _of_block(self, block: Block, parameter: Parameter, keep: Callable[[Any, str], int | None]) -> Any:
        start = len(parameter.name) + 1
        read = {name[start:]: self.cleaned_data.get(name) for name in self._names(parameter)}
        return block.value(
            parameter, read, self.about, lambda upload, name: keep(upload, f"{parameter.name}.{name}")
        )

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

    def _wrong(self, parameter: Parameter) -> bool:
        return any(name == parameter.name or name.startswith(f"{parameter.name}.") for name in self.errors)

    def _value(self, parameter: Parameter, within: str = "") -> Any:
        """What was given; of a part («morning.opens») below the name of its whole."""
        name = f"{within}{parameter.name}"
        if parameter.parts:
            parts = {part.name: self._value(part, f"{name}.") for part in parameter.parts}
            empty = all(value is None or value is False or value == "" for value in parts.values())
            return None if empty and parameter.optional else parameter.kind(**parts)
        if parameter.type_name in BLOCKS:
            return self._of_block(BLOCKS[parameter.type_name], parameter, lambda _upload, _name: None)
        value = self.cleaned_data.get(name)
        if parameter.input.day_end is not None and value is not None:
            return parameter.input.day_end(self.about, value)
        return tuple(value or ()) if parameter.many else value


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
    first, *parts = name.split(".")
    value = initial.get(first)
    for part in parts:
        value = getattr(value, part, None)
    return value


def _fields(
    parameter: Parameter, actor: Actor, target: Any, within: str = "", of: Words = ""
) -> Iterator[tuple[str, forms.Field]]:
    """The fields of an input: of a dataclass those of its parts, called by both."""
    name = f"{within}{parameter.name}"
    if parameter.type_name in BLOCKS:
        fields = BLOCKS[parameter.type_name].fields(parameter, actor, target)
        yield from ((f"{name}.{below}", field) for below, field in fields.items())
    elif not parameter.parts:
        field = _field(parameter, actor, target)
        field.label = f"{of} {parameter.input.label}" if of else field.label
        yield name, field
    for part in parameter.parts:
        yield from _fields(part, actor, target, f"{name}.", parameter.input.label)


def _field(parameter: Parameter, actor: Actor, target: Any) -> forms.Field:
    words: dict[str, Any] = {"label": _label(parameter), "help_text": parameter.input.help}
    if parameter.default is not None and not parameter.many:
        words["initial"] = parameter.default
    if parameter.input.hidden:
        return Written(parameter.kind, widget=forms.HiddenInput)
    if parameter.kind is File:
        return forms.FileField(required=False, **words)
    offered = parameter.offered(actor, target)
    if isinstance(offered, models.QuerySet):
        return _rows(parameter, offered, words)
    if offered is not None:
        return _choice(parameter, list(offered), words)
    if parameter.kind is bool:
        return forms.BooleanField(required=False, **words)
    if parameter.input.day_end is not None:
        parameter = replace(parameter, kind=date)
    return Written(parameter.kind, widget=_widget(parameter), **words)


def _label(parameter: Parameter) -> Any:
    """An input that may be left empty says so, unless its own words do."""
    if (
        not parameter.optional
        or parameter.kind is bool
        or parameter.input.help
        or parameter.input.start is not None
        or parameter.default not in (None, "", ())
        or _("nếu") in str(parameter.input.label)
    ):
        return parameter.input.label
    return _("%(label)s (nếu có)") % {"label": parameter.input.label}


def _rows(parameter: Parameter, offered: "models.QuerySet[Any]", words: dict[str, Any]) -> forms.Field:
    kind = forms.ModelMultipleChoiceField if parameter.many else forms.ModelChoiceField
    if parameter.many:
        words["widget"] = forms.CheckboxSelectMultiple
    return kind(offered, to_field_name=inputs.named_by(parameter.kind), required=False, **words)


def _choice(parameter: Parameter, offered: list[tuple[Any, Any]], words: dict[str, Any]) -> forms.Field:
    if parameter.many:
        return forms.TypedMultipleChoiceField(
            choices=offered,
            coerce=lambda value: parameter.kind(value),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **words,
        )
    grouped = any(isinstance(label, list) for _value, label in offered)
    if len(offered) <= FEW and not grouped and not parameter.optional:
        words["widget"] = forms.RadioSelect
        if len(offered) == 1:
            words["initial"] = offered[0][0]
    else:
        nothing = parameter.input.empty or _("không chọn")
        offered = [("", nothing if parameter.optional else _("hãy chọn")), *offered]
    return forms.TypedChoiceField(
        choices=offered, coerce=lambda value: parameter.kind(value), empty_value=None, required=False, **words
    )


def _widget(parameter: Parameter) -> forms.Widget:
    attrs: dict[str, Any] = {"autocomplete": "off"}
    if parameter.kind is str:
        if parameter.input.most:
            attrs["maxlength"] = parameter.input.most
        return forms.Textarea(attrs) if parameter.input.long else forms.TextInput(attrs)
    shown = {int: "", date: _("dd/mm/yyyy"), time: "07:30", datetime: _("dd/mm/yyyy hh:mm")}
    attrs |= {"inputmode": "numeric", "placeholder": shown.get(parameter.kind, "")}
    return forms.TextInput({key: value for key, value in attrs.items() if value})
