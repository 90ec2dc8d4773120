"""The one way to change anything.

`@action(permission)` wraps each function of a room's `actions.py`: it opens the transaction, brings the target
locked and fresh, checks that the actor may do this to this object, runs the function, and appends one entry to
the ledger. Pages, API, command line and jobs all call the same functions.
"""

import functools
import hashlib
import hmac
import inspect
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import (
    Any,
    Concatenate,
    Final,
    Generic,
    ParamSpec,
    Protocol,
    TypeVar,
    cast,
    get_args,
    get_type_hints,
)

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.translation import gettext as _

from . import clock, ledger
from .actors import Actor
from .errors import Invalid, NotAllowed, NotFound, Refused
from .inputs import Parameter, Words, checked, parameters
from .transactions import atomic
from .values import written

P = ParamSpec("P")
R = TypeVar("R", bound=models.Model)
M = TypeVar("M", bound=models.Model)
T = TypeVar("T")


class Anywhere:
    """Where an action may be done that belongs to no unit: by whoever holds the permission in some unit."""


ANYWHERE: Final = Anywhere()
Units = Callable[[Any], Collection[int]]


class OfUnits(Protocol):
    """A row that says which units' people may touch it."""

    def permission_units(self) -> Collection[int]: ...


def permission_units(target: models.Model | None) -> Collection[int]:
    """The units whose people may touch the target, as its model says; none for no target."""
    if target is None:
        return ()
    return list(cast(OfUnits, target).permission_units())


class Action(Generic[T, P, R]):
    """One thing a person does: the function, and all that doors need to know of it. Made by `action`.

    `name` stands in the ledger ("timing.set_day"), `label` is what people call it: on its button and in the ledger.
    """

    def __init__(
        self,
        function: Callable[Concatenate[Actor, T, P], R],
        permission: str,
        *,
        label: Words,
        done: Words | Callable[[R], Words],
        at: Units | Anywhere,
        locks: bool,
        when: Callable[[T], Words] | None,
        check: Callable[[Actor, T], object] | None,
        name: str,
        once: bool,
        signs: bool,
        watched: bool,
    ) -> None:
        functools.update_wrapper(self, function)
        self.function, self.permission, self.label, self.done = function, permission, label, done
        self.at, self.locks, self.once = at, locks, once
        self.when, self.check = when, check
        self.signs, self.watched = signs, watched
        self.key = function.__name__
        self.name = name or f"{function.__module__.split('.')[1]}.{self.key}"

    def __call__(self, actor: Actor, target: T, /, *args: P.args, **inputs: P.kwargs) -> R:
        """Do it. Raises `NotAllowed`, `NotFound`, `Invalid` by field, and whatever the function refuses."""
        if not actor.may_anywhere(self.permission):
            raise not_allowed()
        if not self.once:
            actor = actor.once(None)
        with atomic():
            done = _already_done(actor, self.name, target, inputs)
            if done is not None:
                return cast(R, done)
            if isinstance(target, models.Model) and self.locks:
                target = cast(T, lock(target))
            before = audit_state(target) if isinstance(target, models.Model) else {}
            if not self.allowed(actor, target):
                raise not_allowed()
            if self.signs:
                check_signs(actor)
            for declared in self.inputs:
                if declared.input.guard is not None:
                    declared.input.guard(target, inputs.get(declared.name))
            self.refuse(actor, target)
            given: Any = checked(self.inputs, actor, target, inputs)
            result = self.function(actor, target, *args, **given)
            if not _same(result, target):
                before = {}
            _append(actor, self.name, result, ledger.difference(before, audit_state(result)))
            _remember(actor, self.name, result)
            return result

    def allowed(self, actor: Actor, target: T) -> bool:
        """Whether the actor holds the permission where the action wants it for the target."""
        if isinstance(self.at, Anywhere):
            return actor.may_anywhere(self.permission)
        return actor.everything or actor.may_at(self.permission, self.at(target))

    def offered(self, actor: Actor, target: T) -> bool:
        """Whether the actor may do it to the target now: what has no button is refused, and the other way round."""
        if not self.allowed(actor, target) or (self.signs and not actor.signs):
            return False
        try:
            self.refuse(actor, target)
        except Refused:
            return False
        return True

    def refuse(self, actor: Actor, target: T) -> None:
        """Raise what stands against it now, whatever the inputs."""
        if self.when is not None and (why := self.when(target)):
            raise Refused(why)
        if self.check is not None:
            self.check(actor, target)

    def says(self, result: R) -> str:
        """The sentence that tells a person that it is done; empty where none was given."""
        if callable(self.done):
            return str(self.done(result))
        return str(self.done) % _Said(result) if self.done else ""

    @functools.cached_property
    def inputs(self) -> tuple[Parameter, ...]:
        """What it asks for, as its signature declares it."""
        return parameters(self.function)

    @functools.cached_property
    def target(self) -> type[models.Model] | None:
        """The model of what it is done to, or in; None where it is done to nothing."""
        names = list(inspect.signature(self.function).parameters)
        hint = get_type_hints(self.function).get(names[1])
        kinds = [hint, *get_args(hint)]
        return next(
            (kind for kind in kinds if isinstance(kind, type) and issubclass(kind, models.Model)), None
        )

    @functools.cached_property
    def result(self) -> type[models.Model]:
        """The model of what it answers."""
        return cast(type[models.Model], get_type_hints(self.function)["return"])


ACTIONS: dict[str, Action[Any, Any, Any]] = {}
"""Every action by its name: the rows of the role x action table."""


def action(
    permission: str,
    *,
    label: Words,
    done: Words | Callable[[Any], Words] = "",
    at: Units | Anywhere = permission_units,
    locks: bool = True,
    when: Callable[[Any], Words] | None = None,
    check: Callable[[Actor, Any], object] | None = None,
    name: str = "",
    once: bool = True,
    signs: bool = False,
    watched: bool = False,
) -> Callable[[Callable[Concatenate[Actor, T, P], R]], Action[T, P, R]]:
    """Make a function the action of this permission.

    The function takes the actor, then its target (a row, or None), then named inputs, and returns the row that it
    changed or made. Inputs that are declared (`core.inputs`) are checked and tidied before it runs.

    `label` is what people call it, `done` the sentence afterwards: a text in which `%(it)s` is the result and
    `%(day)s` its attribute `day`, or a function of the result. `at` gives the units in one of which the permission must
    hold; `ANYWHERE` for what belongs to no unit. The target is brought fresh and locked; without `locks` it is only
    where something is made, and others may work there at the same time. `when` says why it cannot be done to the
    target now, or nothing when it can; `check` raises where it cannot be done by this actor. Without `once` a request key is not looked at: a reading is done, and put on
    record, each time that it is asked for. `signs` marks what always signs, issues or withdraws a paper, or lets
    another sign; what does so only by some of its inputs calls `check_signs` itself. `watched` is what an auditor
    looks at first.

    The action raises `NotAllowed` without the permission, `NotFound` when the target has gone, and whatever the
    function refuses; in each case nothing is changed.
    """

    def wrap(function: Callable[Concatenate[Actor, T, P], R]) -> Action[T, P, R]:
        made = Action(
            function, permission, label=label, done=done, at=at, locks=locks, when=when, check=check, name=name,
            once=once, signs=signs, watched=watched,
        )  # fmt: skip
        ACTIONS[made.name] = made
        return made

    return wrap


def offers(
    among: Iterable[Action[Any, Any, Any]], actor: Actor, target: models.Model
) -> list[Action[Any, Any, Any]]:
    """Those of the actions that the actor may do to the target now, in their order."""
    return [action for action in among if action.offered(actor, target)]


class _Said(Mapping[str, str]):
    """The words of a done-sentence: `it` is the result, any other name its attribute, written for people."""

    def __init__(self, result: models.Model) -> None:
        self.result = result

    def __getitem__(self, name: str) -> str:
        value: Any = self.result
        for part in () if name == "it" else name.split("."):
            value = getattr(value, part)
        return written(value, hour_first=True)

    def __iter__(self) -> Iterator[str]:
        return iter(("it",))

    def __len__(self) -> int:
        return 1


def _same(result: models.Model, target: object) -> bool:
    return isinstance(target, models.Model) and (result._meta.label, result.pk) == (
        target._meta.label,
        target.pk,
    )


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


def lock(target: M) -> M:
    """The same row, fresh and locked until the transaction ends. Raises `NotFound` when it has gone.

    Rows that refer to it by a foreign key may still be written (FOR NO KEY UPDATE): primary keys never change.
    """
    # `__class__`, not `type`: the signed-in person of a request comes as a lazy object.
    rows = target.__class__._default_manager.select_for_update(of=("self",), no_key=True)
    fresh = rows.filter(pk=target.pk).first()
    if fresh is None:
        raise NotFound(_("Không còn tìm thấy mục này. Hãy quay lại danh sách và mở lại."))
    return fresh


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


def not_allowed() -> NotAllowed:
    """The refusal of who lacks the permission."""
    return NotAllowed(
        _(
            "Ông/bà không có quyền làm việc này ở đơn vị này. Nếu cần, hãy đề nghị người quản trị của đơn vị cấp quyền."
        )
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
            # A file that is sent again with the same form is another row.
            return getattr(o, "fingerprint", "") or f"{type(o).__name__}:{getattr(o, 'pk', None) or o!r}"


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
