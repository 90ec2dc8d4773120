"""The one way to change anything.

`@action(permission)` wraps each function of a room's `actions.py`: it opens the transaction, brings the target
locked and fresh, checks that the actor may do this to this object, runs the function, and appends one entry to
the ledger. Pages, API, command line and jobs all call the same functions.
"""

import functools
import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import clock, ledger
from .errors import Invalid, NotAllowed, NotFound
from .transactions import atomic

P = ParamSpec("P")
R = TypeVar("R", bound=models.Model)
T = TypeVar("T")


class _Everywhere:
    """The scope of a permission that holds for every unit."""

    def __contains__(self, unit_id: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "EVERYWHERE"


EVERYWHERE: Final = _Everywhere()
Scope = frozenset[int] | _Everywhere


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in the posts they hold, a stand-in, a job, or the system itself.

    `scope` says for each permission in which units (by primary key) it holds. `via` is the door
    (page, api, cli, job, system); `request_key` makes an action happen once however often it is asked for;
    `stands_in_for` names the people whose delegations widen the scope. Without `signs` the actor may do what the scope
    says, but not sign in the person's name: a program whose token somebody else made.
    """

    user_id: int | None
    label: str
    scope: Mapping[str, Scope] = field(default_factory=dict)
    via: str = "page"
    request_key: str | None = None
    stands_in_for: tuple[int, ...] = ()
    everything: bool = False
    signs: bool = True

    def units(self, permission: str) -> Scope:
        """The units in which the permission holds."""
        return EVERYWHERE if self.everything else self.scope.get(permission, frozenset())

    def may(self, permission: str, unit_ids: Iterable[int] = ()) -> bool:
        """Whether the permission holds in one of the units; with no unit, whether it holds anywhere."""
        units = self.units(permission)
        ids = list(unit_ids)
        if not ids:
            return units is EVERYWHERE or bool(units)
        return any(unit_id in units for unit_id in ids)

    def once(self, key: str | None) -> "Actor":
        """The same actor with another request key."""
        return replace(self, request_key=key)


SYSTEM: Final = Actor(user_id=None, label=gettext_noop("hệ thống"), via="system", everything=True)


@dataclass(frozen=True)
class ActionSpec:
    """One registered action: the row of the role x action table."""

    name: str
    permission: str
    function: Callable[..., Any]
    creates: bool
    signs: bool


ACTIONS: dict[str, ActionSpec] = {}


def permission_units(target: models.Model | None) -> Collection[int]:
    """The units whose people may touch the target."""
    if target is None:
        return ()
    units: Iterable[int] = target.permission_units()  # type: ignore[attr-defined]
    return list(units)


def action(
    permission: str,
    *,
    creates: bool = False,
    at: Callable[[Any], Collection[int]] = permission_units,
    name: str = "",
    once: bool = True,
    signs: bool = False,
) -> Callable[[Callable[Concatenate[Actor, T, P], R]], Callable[Concatenate[Actor, T, P], R]]:
    """Make a function the action of this permission.

    The function takes the actor, then its target (a model instance, or None), then named inputs, and returns the
    object that it changed or made. With `creates` the target is only the context in which something is
    made: it is not locked. `at` gives the units in one of which the permission must hold. Without `once` a request key is
    not looked at: a reading is done, and put on record, each time that it is asked for. `signs` marks what always
    signs, issues or withdraws a paper, or lets another sign; what does so only by some of its inputs calls `check_signs`
    itself.

    Raises `NotAllowed` without the permission, `NotFound` when the target has gone, and whatever the function
    refuses; in each case nothing is changed.
    """

    def wrap(function: Callable[Concatenate[Actor, T, P], R]) -> Callable[Concatenate[Actor, T, P], R]:
        label = name or f"{function.__module__.split('.')[1]}.{function.__name__}"

        @functools.wraps(function)
        def run(actor: Actor, target: T, /, *args: P.args, **inputs: P.kwargs) -> R:
            if not actor.may(permission):
                raise NotAllowed(_not_allowed())
            if not once:
                actor = actor.once(None)
            with atomic():
                done = _already_done(actor, label, target, inputs)
                if done is not None:
                    return done  # type: ignore[return-value]
                before: dict[str, Any] = {}
                if isinstance(target, models.Model) and not creates:
                    target = lock(target)
                    before = audit_state(target)
                if not actor.everything and target is not None and not actor.may(permission, at(target)):
                    raise NotAllowed(_not_allowed())
                if signs:
                    check_signs(actor)
                result = function(actor, target, *args, **inputs)
                changed = ledger.difference(before, audit_state(result))
                _append(actor, label, result, changed)
                _remember(actor, label, result)
                return result

        spec = ActionSpec(label, permission, run, creates, signs)
        ACTIONS[label] = spec
        run.spec = spec  # type: ignore[attr-defined]
        return run

    return wrap


def check_signs(actor: Actor) -> None:
    """Raise `NotAllowed` for an actor that may not sign.

    Else whoever may issue tokens could sign in anybody's name without knowing their password.
    """
    if not actor.signs:
        raise NotAllowed(
            _(
                "Mã truy cập này không do chính người đứng tên tạo, nên không dùng để ký, phát hành, thu hồi văn bản "
                "hay ủy quyền được. Người đó hãy tự tạo mã ở trang «Mã truy cập của tôi», hoặc tự làm việc này trên "
                "trang."
            )
        )


def lock(target: T) -> T:
    """The same row, fresh and locked until the transaction ends. Raises `NotFound` when it has gone.

    Rows that refer to it by a foreign key may still be written (FOR NO KEY UPDATE): primary keys never change.
    """
    # `__class__`, not `type`: the signed-in person of a request comes as a lazy object.
    rows = target.__class__._default_manager.select_for_update(of=("self",), no_key=True)  # type: ignore[attr-defined]
    fresh = rows.filter(pk=target.pk).first()  # type: ignore[attr-defined]
    if fresh is None:
        raise NotFound(_("Không còn tìm thấy mục này. Hãy quay lại danh sách và mở lại."))
    return fresh  # type: ignore[no-any-return]


def audit_state(instance: models.Model) -> dict[str, Any]:
    """The stored values of an object that the ledger may hold: no secrets, no search columns."""
    hidden: frozenset[str] | set[str] = getattr(instance, "audit_exclude", frozenset())
    values: dict[str, Any] = {}
    for column in instance._meta.concrete_fields:
        if column.name not in hidden and column.attname in instance.__dict__:
            values[column.attname] = instance.__dict__[column.attname]
    extra = getattr(instance, "audit_extra", None)
    if extra:
        values.update(extra)
    return values


def _append(actor: Actor, label: str, result: models.Model, changed: dict[str, Any]) -> None:
    ledger.append(
        at=clock.now(),
        actor_id=actor.user_id,
        actor_label=actor.label,
        via=actor.via,
        action=label,
        object_type=result._meta.label_lower,
        object_id=str(result.pk),
        content=changed,
    )


def _not_allowed() -> str:
    return _(
        "Ông/bà không có quyền làm việc này ở đơn vị này. Nếu cần, hãy đề nghị người quản trị của đơn vị cấp quyền."
    )


def _fingerprint(label: str, target: object, inputs: Mapping[str, Any]) -> bytes:
    """What a request asked for, keyed: inputs hold identity numbers, which a bare hash would give away."""
    pk = target.pk if isinstance(target, models.Model) else None
    text = json.dumps([label, pk, inputs], cls=_Loose, sort_keys=True)
    key = f"vamco request {settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class _Loose(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return f"{type(o).__name__}:{getattr(o, 'pk', None) or o!r}"


def _already_done(actor: Actor, label: str, target: object, inputs: Mapping[str, Any]) -> models.Model | None:
    """Claim the actor's request key; answer the earlier result when the same request was done before."""
    if actor.request_key is None:
        return None
    from .models import DoneRequest

    digest = _fingerprint(label, target, inputs)
    with connection.cursor() as cursor:
        # A concurrent repeat waits here until the first one commits or rolls back.
        cursor.execute(
            "INSERT INTO core_donerequest (actor, key, action, digest, at, object_type, object_id)"
            " VALUES (%s, %s, %s, %s, %s, '', '') ON CONFLICT (actor, key, action) DO NOTHING",
            [str(actor.user_id or actor.label), actor.request_key[:200], label, digest, clock.now()],
        )
        if cursor.rowcount:
            return None
    earlier = DoneRequest.objects.get(
        actor=str(actor.user_id or actor.label), key=actor.request_key[:200], action=label
    )
    if bytes(earlier.digest) != digest:
        raise Invalid(
            _("Khóa chống gửi trùng này đã dùng cho một yêu cầu khác. Hãy tải lại trang rồi làm lại.")
        )
    return earlier.result()


def _remember(actor: Actor, label: str, result: models.Model) -> None:
    if actor.request_key is None:
        return
    from .models import DoneRequest

    DoneRequest.objects.filter(
        actor=str(actor.user_id or actor.label), key=actor.request_key[:200], action=label
    ).update(object_type=result._meta.label_lower, object_id=str(result.pk))
