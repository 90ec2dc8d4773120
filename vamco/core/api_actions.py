"""The API's operation of an action: its body, described from the inputs that its signature declares."""

import dataclasses
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal

from django.db import models
from django.http import HttpRequest
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
Key = Annotated[str, Field(min_length=1, max_length=60, examples=["gxn_tthn"])]
Render = Callable[[Actor, Any], dict[str, Any]]


class Strict(Schema):
    """A body in which nothing unknown may stand."""

    model_config = ConfigDict(extra="forbid")


def body_of(action: Action[Any, Any, Any], *, without: Sequence[str] = (), **beside: Any) -> type[Schema]:
    """The schema of an action's body, named after it. `beside` are fields that say where it is done: (type, Field)."""
    asked = [one for one in action.inputs if one.name not in without]
    name = "".join(part.title() for part in action.name.replace(".", "_").split("_")) + "In"
    return _schema(name, asked, str(action.__doc__ or "").partition("\n")[0], **beside)


def _schema(name: str, asked: Sequence[inputs.Parameter], text: str, **beside: Any) -> type[Schema]:
    fields = beside | {one.name: _described(one, name) for one in asked}
    return create_model(name, __base__=Strict, __doc__=text, **fields)


def _described(one: inputs.Parameter, owner: str) -> tuple[Any, Any]:
    """The type of an input on the wire, and what is said of it, in English."""
    kind = _kind(one, owner)
    kind = list[kind] if one.many else kind  # type: ignore[valid-type]
    with translation.override("en"):
        words = ", ".join(filter(None, (str(one.said.label), str(one.said.help))))
    said: dict[str, Any] = {"description": words[:1].lower() + words[1:]}
    if one.said.example is not None:
        said["examples"] = [one.said.example]
    if one.kind is str or one.many:
        said |= {"max_length": one.said.most} if one.said.most is not None else {}
    elif one.kind is int:
        said |= {"ge": one.said.least, "le": one.said.most}
    if not one.optional:
        return kind, Field(..., **said)
    default = one.default if isinstance(one.default, str | int | bool) else None
    return (kind if default is not None else kind | None), Field(default, **said)


def _kind(one: inputs.Parameter, owner: str) -> Any:
    if one.parts:
        return _schema(f"{owner}{one.name.title()}", one.parts, str(one.said.label))
    if one.is_choice:
        none = ("",) if one.optional and not one.many else ()
        return Literal[(*none, *(value for value, _label in one.values))]
    if one.is_model:
        return Id if named_by(one.kind) == "pk" else Annotated[str, Field(max_length=60)]
    if one.kind is int and one.many:
        return Id
    return {date: Day, datetime: Moment, time: Hour}.get(one.kind, one.kind)


def taken(
    action: Action[Any, Any, Any], actor: Actor, target: Any, body: Schema, *, without: Sequence[str] = ()
) -> dict[str, Any]:
    """The inputs that a body gives; rows are looked up among those that may be chosen. Raises `Invalid` by field."""
    sent, faults, found = body.model_fields_set, dict[str, str](), dict[str, Any]()
    for one in action.inputs:
        if one.name in sent and one.name not in without:
            try:
                found[one.name] = _taken(one, actor, target, getattr(body, one.name))
            except Invalid as fault:
                faults[one.name] = fault.message
    if faults:
        raise Invalid(_("Dữ liệu gửi lên chưa đúng; xem từng mục."), fields=faults)
    return found


def _taken(one: inputs.Parameter, actor: Actor, target: Any, value: Any) -> Any:
    if value is None:
        return None
    if one.many:
        return tuple(_taken(dataclasses.replace(one, many=False), actor, target, each) for each in value)
    if one.parts:
        return one.kind(
            **{part.name: _taken(part, actor, target, getattr(value, part.name)) for part in one.parts}
        )
    if not one.is_model:
        return value
    rows: Any = one.offered(actor, target)
    if one.kind is File:
        rows = File.objects.filter(uploaded_by_id=actor.user_id or 0)
    row = rows.filter(**{named_by(one.kind): value}).first() if isinstance(rows, models.QuerySet) else None
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
    status: int = 200,
) -> None:
    """Add `POST path` that does the action.

    `find(actor, **parts)` answers the target from the parts of the path, and from the fields of a given `body` that are
    no inputs of the action (the unit in which something is made). `render(actor, result)` makes the answer. `without`
    are inputs that the path says: `known(**parts)` answers them.
    """
    schema = body or body_of(action, without=without)
    names = [one.name for one in action.inputs if one.name not in without]
    beside = [name for name in schema.model_fields if name not in names]

    def operation(request: HttpRequest, **sent: Any) -> Any:
        actor, content = caller(request), sent.pop("body", None)
        context = {name: getattr(content, name) for name in beside}
        target = find(actor, **sent, **context)
        given = {} if content is None else taken(action, actor, target, content, without=without)
        done = action(actor, target, **given, **(known(**sent) if known else {}))
        return status, render(actor, done)

    parts = [("request", HttpRequest), *((name, _part(name)) for name in re.findall(r"{(\w+)}", path))]
    if schema.model_fields:
        parts.append(("body", schema))
    named = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=kind) for name, kind in parts]
    described: Any = operation
    described.__signature__ = Signature(named)  # what the framework reads it by
    operation.__name__, operation.__doc__ = action.name.replace(".", "_"), str(action.__doc__ or "").strip()
    with translation.override("en"):
        summary = str(action.label)
    router.post(path, response={status: response}, summary=summary)(operation)


def _part(name: str) -> Any:
    """The type of a part of a path."""
    return {"day": Day, "code": UnitCode, "key": Key}.get(name, Id if name.endswith("id") else Code)
