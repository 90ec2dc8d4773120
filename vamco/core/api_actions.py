"""The API's operation of an action: its body, described from the inputs that its signature declares."""

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import ConfigDict, create_model

from . import inputs
from .actions import Action
from .actors import Actor
from .api import Code, Day, Hour, Id, Moment, caller
from .errors import Invalid
from .inputs import named_by
from .models import File

UnitCode = Annotated[str, Field(min_length=1, max_length=40, examples=["27694"])]
Key = Annotated[str, Field(min_length=1, max_length=60, examples=["qd09_2015"])]
Render = Callable[[Actor, Any], dict[str, Any] | HttpResponse]


@dataclass(frozen=True)
class Shape:
    """How a value stands on the wire that is not made of declared inputs: its schema, and what makes the value."""

    schema: Any
    value: Callable[[Actor, Any], Any]


SHAPES: dict[type, Shape] = {Mapping: Shape(dict[str, Any], lambda _actor, value: value)}
"""The shapes of such types. The room that reads them adds its own."""


class Strict(Schema):
    """A body in which nothing unknown may stand."""

    model_config = ConfigDict(extra="forbid")


def body_of(
    action: Action[Any, Any, Any], *, without: Sequence[str] = (), of: str = "", **beside: Any
) -> type[Schema]:
    """The schema of an action's body, named after it, and after what it is one `of` several for.

    `beside` are fields that say where it is done: (type, Field).
    """
    asked = [parameter for parameter in action.inputs if parameter.name not in without]
    name = "".join(part.title() for part in action.name.replace(".", "_").split("_")) + f"{of}In"
    return _schema(name, asked, action, **beside)


def _schema(name: str, asked: Sequence[inputs.Parameter], of: Any, **beside: Any) -> type[Schema]:
    fields = beside | {parameter.name: _described(parameter) for parameter in asked}
    text = str(of.__doc__ or "").partition("\n")[0]
    return create_model(name, __base__=Strict, __doc__=text, **fields)


@cache
def _schema_of(kind: type) -> type[Schema]:
    """The schema of a dataclass among the inputs, named after its room and itself."""
    room = kind.__module__.split(".")[1].title()
    return _schema(f"{room}{kind.__name__}In", inputs.parts_of(kind), kind)


def _described(parameter: inputs.Parameter) -> tuple[Any, Any]:
    """The type of an input on the wire, and what is said of it, in English."""
    kind = _kind(parameter)
    kind = list[kind] if parameter.many else kind  # type: ignore[valid-type]
    with translation.override("en"):
        words = ", ".join(filter(None, (str(parameter.input.label), str(parameter.input.help))))
    values: dict[str, Any] = {
        "description": words[:1].lower() + words[1:],
        "json_schema_extra": _limits(parameter),
    }
    if parameter.input.example is not None:
        values["examples"] = [parameter.input.example]
    if parameter.kind is str or parameter.many:
        values |= {"max_length": parameter.input.most} if parameter.input.most is not None else {}
    elif parameter.kind is int:
        values |= {"ge": parameter.input.least, "le": parameter.input.most}
    if parameter.stays:
        return (kind | None if parameter.optional else kind), Field(default_factory=lambda: None, **values)
    if not parameter.optional:
        return kind, Field(..., **values)
    default = parameter.default if isinstance(parameter.default, str | int | bool) else None
    return (kind if default is not None else kind | None), Field(default, **values)


def _limits(parameter: inputs.Parameter) -> dict[str, Any]:
    """Limits that are published only. The action checks them, so that a fault is worded as on the page."""
    least = 0 if parameter.optional else max(1, parameter.input.least or 0)
    if parameter.many:
        return {"minItems": least} if least else {}
    if parameter.kind is not str:
        return {}
    found: dict[str, Any] = {"minLength": least} if least else {}
    if parameter.input.most is None:
        found["maxLength"] = inputs.LONGEST
    if parameter.input.pattern:
        found["pattern"] = f"^(?:{parameter.input.pattern}){'?' if parameter.optional else ''}$"
    return found


def _kind(parameter: inputs.Parameter) -> Any:
    if parameter.kind in SHAPES:
        return SHAPES[parameter.kind].schema
    if parameter.parts:
        return _schema_of(parameter.kind)
    if parameter.is_choice:
        none = ("",) if parameter.optional and not parameter.many else ()
        return Literal[(*none, *(value for value, _label in parameter.values))]
    if parameter.is_model:
        return Id if named_by(parameter.kind) == "pk" else Annotated[str, Field(max_length=60)]
    if parameter.kind is int and parameter.many:
        return Id
    return {date: Day, datetime: Moment, time: Hour}.get(parameter.kind, parameter.kind)


def taken(
    action: Action[Any, Any, Any], actor: Actor, target: Any, body: Schema, *, without: Sequence[str] = ()
) -> dict[str, Any]:
    """The inputs that a body gives; rows are looked up among those that may be chosen. Raises `Invalid` by field."""
    sent, faults, found = body.model_fields_set, dict[str, str](), dict[str, Any]()
    for parameter in action.inputs:
        if parameter.name in sent and parameter.name not in without:
            try:
                found[parameter.name] = _taken(parameter, actor, target, getattr(body, parameter.name))
            except Invalid as fault:
                faults[parameter.name] = fault.message
    if faults:
        raise Invalid(_("Dữ liệu gửi lên chưa đúng; xem từng mục."), fields=faults)
    return found


def _taken(parameter: inputs.Parameter, actor: Actor, target: Any, value: Any) -> Any:
    if value is None:
        return None
    if parameter.many:
        return tuple(
            _taken(dataclasses.replace(parameter, many=False), actor, target, each) for each in value
        )
    if parameter.kind in SHAPES:
        return SHAPES[parameter.kind].value(actor, value)
    if parameter.parts:
        return parameter.kind(
            **{part.name: _taken(part, actor, target, getattr(value, part.name)) for part in parameter.parts}
        )
    if not parameter.is_model:
        return value
    rows: Any = parameter.offered(actor, target)
    if parameter.kind is File:
        rows = File.objects.filter(uploaded_by_id=actor.user_id or 0)
    row = (
        rows.filter(**{named_by(parameter.kind): value}).first()
        if isinstance(rows, models.QuerySet)
        else None
    )
    if row is None:
        raise Invalid(_("Không có mục này trong phần ông/bà được chọn. Hãy xem lại."))
    return row


def add_action(
    router: Router,
    path: str,
    action: Action[Any, Any, Any],
    *,
    find: Callable[..., Any],
    render: Render,
    response: Any,
    body: type[Schema] | None = None,
    known: Callable[..., dict[str, Any]] | None = None,
    without: Sequence[str] = (),
    types: Mapping[str, Any] | None = None,
    status: int = 200,
) -> None:
    """Add `POST path` that does the action.

    `find(actor, **parts)` answers the target from the parts of the path, and from the fields of a given `body` that are
    no inputs of the action (the unit in which something is made). `render(actor, result)` makes the answer: of what
    `response` says, or with the `response` `core.api.PDF` the printed paper. `without` are inputs that the path says:
    `known(**parts)` answers them. `types` are those of parts of the path that have one of their own.
    """
    schema = body or body_of(action, without=without)
    names = [parameter.name for parameter in action.inputs if parameter.name not in without]
    beside = [name for name in schema.model_fields if name not in names]

    def operation(request: HttpRequest, **sent: Any) -> Any:
        actor, content = caller(request), sent.pop("body", None)
        context = {name: getattr(content, name) for name in beside}
        target = find(actor, **sent, **context)
        given = {} if content is None else taken(action, actor, target, content, without=without)
        done = action(actor, target, **given, **(known(**sent) if known else {}))
        answer = render(actor, done)
        return answer if isinstance(answer, HttpResponse) else (status, answer)

    named_types = types or {}
    parts = [
        ("request", HttpRequest),
        *((name, named_types.get(name) or _part(name)) for name in re.findall(r"{(\w+)}", path)),
    ]
    if schema.model_fields or body is not None:
        parts.append(("body", schema))
    named = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=kind) for name, kind in parts]
    described: Any = operation
    described.__signature__ = Signature(named)  # what the framework reads it by
    operation.__name__, operation.__doc__ = action.name.replace(".", "_"), str(action.__doc__ or "").strip()
    with translation.override("en"):
        summary = str(action.label)
    answers = {"openapi_extra": response} if isinstance(response, dict) else {"response": {status: response}}
    router.post(path, summary=summary, **answers)(operation)


def _part(name: str) -> Any:
    """The type of a part of a path."""
    return {"day": Day, "code": UnitCode, "key": Key}.get(name, Id if name.endswith("id") else Code)
