"""What a room says of itself, in its `room.py`; nothing below a room lists it.

A room is a Django app `vamco.<room>`. Its `room.py` holds one `ROOM`. What Django and procrastinate find by themselves
(`models.py`, `urls.py`, `actions.py`, `lists.py`, `jobs.py` with its scheduled jobs, templates, migrations) is not said again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from .actors import Actor
from .inputs import Words
from .thing import Thing

if TYPE_CHECKING:
    from django.db import models

    from .findings import Finding
    from .registers import Register

__all__ = [
    "EVERY_ROLE",
    "HandOver",
    "Indicator",
    "MessageKind",
    "Nav",
    "Permission",
    "Process",
    "Room",
    "Section",
    "Setting",
    "Store",
    "Thing",
    "Way",
    "message_kinds",
    "navigation",
    "of_all",
    "permissions",
    "role_names",
    "rooms",
]

EVERY_ROLE: Final = "*"
"""The roles of a permission that every role carries."""


@dataclass(frozen=True)
class Nav:
    """A way in for staff: its word, the URL name, the permission that opens it, and its place in a working day.

    Of several with one label the first that a person may open is shown. Pages below `also` belong to it, too. Signing in
    leads to the first that `begins` a day.
    """

    label: Words
    page: str
    permission: str
    place: int
    also: str = ""
    begins: bool = True


@dataclass(frozen=True)
class Way:
    """A way in for citizens: the URL name and its word."""

    page: str
    label: Words


@dataclass(frozen=True)
class Permission:
    """A permission's name for people, and the keys of the roles that carry it, parted by spaces."""

    name: Words
    roles: str


@dataclass(frozen=True)
class Section:
    """A part that a room puts on a page that others share, by `place`.

    `template` is rendered with what `context(actor, subject)` answers; None is nothing to show. The subject is the unit
    of a unit's page, the row of a record's page, None elsewhere. `permission` is asked anywhere first; empty is none.
    """

    template: str
    context: Callable[[Actor, Any], Mapping[str, Any] | None]
    permission: str = ""
    place: int = 50


@dataclass(frozen=True)
class MessageKind:
    """A kind of message: its name in the log. The text stands in the room's templates, `notify/<language>/<kind>.txt`,
    first line the subject.

    The text of a `secret` one (a code) is shown in no list, API or ledger, and erased once it is sent.
    """

    name: Words
    secret: bool = False


@dataclass(frozen=True)
class Process:
    """A process that `vamco serve` starts, and starts again when it ends: a command of `vamco` with its arguments.

    It has 20 seconds to finish after SIGTERM, and ends with `serve` however that ends.
    """

    name: str
    command: Sequence[str]


@dataclass(frozen=True)
class Store:
    """A folder below VAMCO_HOME that holds what neither database nor files hold. It is backed up, restored and looked at
    by the doctor.

    `freeze` brings it to rest from just before the database's snapshot until it is copied, so that both are of one
    instant; it keeps no transaction of the database open. A folder of files that never change needs none.
    """

    folder: str
    name: Words
    freeze: Callable[[], AbstractContextManager[None]] = nullcontext


@dataclass(frozen=True)
class HandOver:
    """What hangs on a person or a unit, counted before they go, and how it is handed over.

    `rows(about)` are those of a person, of one holding of a post (what the person could not go on with without it), or
    of a unit; `None` for what the hand-over has nothing to do with. `then` says what becomes of them, or what has to be
    done with them first. `release(actor, person)` gives what the person may not do any more today to whoever takes it
    now, and answers how many rows that were: it is asked when somebody goes, and once a day for those of `holders()`
    (primary keys of people who have any) who are gone. A unit that still has rows is not closed.
    """

    name: Words
    rows: "Callable[[models.Model], models.QuerySet[Any] | None]"
    then: Words
    release: Callable[[Actor, Any], int] | None = None
    holders: "Callable[[], models.QuerySet[Any, Any]] | None" = None


@dataclass(frozen=True)
class Setting:
    """A value that an administrator changes on record, for the whole province or (`by_unit`) for a unit and those below.

    `kind` is str, int, bool, date, time or a `models.TextChoices`; `least` and `most` as in `Input`.
    """

    name: Words
    kind: type
    default: Any
    help: Words = ""
    least: int | None = None
    most: int | None = None
    by_unit: bool = False


@dataclass(frozen=True)
class Indicator:
    """A figure of a unit with all below it: `figure(unit ids)` answers how many were met, and of how many (None: a count).

    `limits` says what the figure does not tell, `none` what is said of 0 of 0. It is shown to who holds the permission at
    the unit; to all who are signed in, if that is empty.
    """

    name: Words
    figure: Callable[[Collection[int]], tuple[int, int | None]]
    limits: Words = ""
    none: Words = ""
    permission: str = ""


@dataclass(frozen=True)
class Room:
    """One room: what the frame, the sign-in, the ledger, the API and the commands need to know of it.

    `permissions` by key ("payments.collect"). `roles` names roles that this room adds. `entries` names entries of the
    ledger that no action writes; an auditor looks at them first. `public` are the URL names of pages that need no
    sign-in, `indexed` the paths of those that search engines may read. `api` is the room's router, as a dotted path.
    `registers` are its pages and operations that are made from a declaration. `checks` are asked by `vamco doctor`.
    `things` says of its models how their rows are read and added to. `home`, `morning`, `unit` and `record` are sections
    of the citizens' first page, the staff's morning page, a unit's page and the page of any record. `demo` fills the room in the demo, after
    the month of dossiers.
    """

    nav: Sequence[Nav] = ()
    ways: Sequence[Way] = ()
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    roles: Mapping[str, Words] = field(default_factory=dict)
    entries: Mapping[str, Words] = field(default_factory=dict)
    public: Sequence[str] = ()
    indexed: Sequence[str] = ()
    api: str = ""
    registers: "Sequence[Register]" = ()
    checks: Sequence[Callable[[], "Iterable[Finding]"]] = ()
    home: Sequence[Section] = ()
    morning: Sequence[Section] = ()
    unit: Sequence[Section] = ()
    record: Sequence[Section] = ()
    things: "Mapping[type[models.Model], Thing]" = field(default_factory=dict)
    messages: Mapping[str, MessageKind] = field(default_factory=dict)
    settings: Mapping[str, Setting] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    hand_overs: Sequence[HandOver] = ()
    processes: Sequence[Process] = ()
    stores: Sequence[Store] = ()
    demo: Callable[[], None] | None = None


@cache
def rooms() -> Mapping[str, Room]:
    """Every room by its name, from the lowest floor up: the order of INSTALLED_APPS. Imports what each is made of."""
    found: dict[str, Room] = {}
    for app in settings.INSTALLED_APPS:
        if app.startswith("vamco.") and module_has_submodule(import_module(app), "room"):
            found[app.removeprefix("vamco.")] = import_module(f"{app}.room").ROOM
            for declared in ("actions", "lists"):
                if module_has_submodule(import_module(app), declared):
                    import_module(f"{app}.{declared}")
    return found


@cache
def permissions() -> Mapping[str, Permission]:
    """Every permission of every room, in the order of their keys."""
    every = {key: one for room in rooms().values() for key, one in room.permissions.items()}
    return dict(sorted(every.items()))


@cache
def role_names() -> Mapping[str, Words]:
    """Every role by its key. Raises `ImproperlyConfigured` when a permission names one that no room declares."""
    names = {key: name for room in rooms().values() for key, name in room.roles.items()}
    for key, permission in permissions().items():
        unknown = set(permission.roles.split()) - names.keys() - {EVERY_ROLE}
        if unknown:
            raise ImproperlyConfigured(f"{key}: no such role: {', '.join(sorted(unknown))}")
    return names


@cache
def message_kinds() -> Mapping[str, MessageKind]:
    """Every kind of message by its key. Raises `ImproperlyConfigured` when two rooms declare the same."""
    kinds: dict[str, MessageKind] = {}
    for name, room in rooms().items():
        for key, kind in room.messages.items():
            if key in kinds:
                raise ImproperlyConfigured(f"{name}: another room has messages of the kind {key}, too")
            kinds[key] = kind
    return kinds


def navigation(actor: Actor) -> list[Nav]:
    """The ways in that the actor may open, in the order of a working day."""
    every = sorted((one for room in rooms().values() for one in room.nav), key=lambda one: one.place)
    seen: dict[str, Nav] = {}
    for one in every:
        if actor.may_anywhere(one.permission):
            seen.setdefault(str(one.label), one)
    return list(seen.values())


def of_all(what: str) -> list[Any]:
    """What all rooms say under one name, in the order of the rooms."""
    return [one for room in rooms().values() for one in getattr(room, what)]
