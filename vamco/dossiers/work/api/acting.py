"""What is done with a dossier: an operation for each action, for one dossier and for many at once."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from ninja import Field, Router, Schema

from vamco.core.actors import Actor
from vamco.core.api import caller
from vamco.core.api_actions import add_action, body_of, taken
from vamco.core.errors import Refused

from ... import queries
from ...models import Dossier
from ...schemas.given import DossierCode
from .. import offers
from .detail import DossierDetail, detail

router = Router(tags=["dossiers"])
MOST_AT_ONCE = 200


class OneDone(Schema):
    """How it went with one dossier."""

    code: str = Field(examples=["000.01.21.H39-161209-0007"])
    done: bool = Field(examples=[True])
    problem: str = Field(description="why not", examples=[""])


class ManyDone(Schema):
    """How it went with each."""

    items: list[OneDone]


def _render(actor: Actor, done: Dossier) -> dict[str, Any]:
    return detail(actor, queries.get(actor, done.code))


def _on_many(action: offers.DossierAction) -> Callable[..., dict[str, Any]]:
    """The operation that does the action with several dossiers."""
    codes = (list[DossierCode], Field(..., min_length=1, max_length=MOST_AT_ONCE))

    def operation(request: HttpRequest, body: Any) -> dict[str, Any]:
        """Each by itself: what is refused for one does not hold up the others."""
        actor = caller(request)
        items = [_one_of_many(actor, action, code, body) for code in dict.fromkeys(body.codes)]
        return {"items": items}

    operation.__name__ = f"{action.key}_many"
    operation.__annotations__["body"] = body_of(action, of="Many", codes=codes)
    return operation


def _one_of_many(actor: Actor, action: offers.DossierAction, code: str, body: Schema) -> dict[str, Any]:
    key = f"{code}:{actor.request_key}" if actor.request_key else None
    try:
        dossier = queries.find(actor, code)
        action(actor.once(key), dossier, **taken(action, actor, dossier, body))
    except Refused as refusal:
        return {"code": code, "done": False, "problem": refusal.message}
    return {"code": code, "done": True, "problem": ""}


for _action in offers.ACTIONS.values():
    add_action(
        router,
        f"/dossiers/{{code}}/actions/{_action.key}",
        _action,
        body=body_of(_action),
        types={"code": DossierCode},
        find=queries.get,
        render=_render,
        response=DossierDetail,
    )
    with translation.override("en"):
        _summary = f"{_action.label}: with several dossiers"
    router.post(f"/dossiers/actions/{_action.key}", response=ManyDone, summary=_summary)(_on_many(_action))
