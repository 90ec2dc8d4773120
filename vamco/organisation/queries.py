"""What an administrator may see of units, posts and people: those of the units that they manage."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from vamco.core import clock, search, text
from vamco.core.actors import EVERYWHERE, Actor
from vamco.core.errors import NotFound

from .models import ApiToken, Delegation, Grant, Holding, Post, Unit, User
from .validity import held_on, not_over

MANAGE = ("organisation.edit", "organisation.people")


def units(actor: Actor) -> QuerySet[Unit]:
    """The units that the actor administers in some way."""
    return Unit.objects.filter(actor.within(*MANAGE, unit="pk"))


def unit(actor: Actor, code: str) -> Unit:
    """One of them by its code. Raises `NotFound`, also for a unit that others administer."""
    found = units(actor).select_related("parent").filter(code=code[:40].replace("\0", "")).first()
    if found is None:
        raise NotFound(_("Không tìm thấy đơn vị này trong các đơn vị ông/bà quản trị."))
    return found


@dataclass
class Branch:
    """A unit in the tree, with those below it; `people` hold a post in it today."""

    unit: Unit
    people: int
    below: list["Branch"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many units stand below it, at any depth."""
        return sum(1 + branch.count for branch in self.below)


def tree(actor: Actor) -> list[Branch]:
    """The actor's open units, each below its parent; a unit whose parent is not the actor's stands on top."""
    today = clock.today()
    rows = units(actor).filter(not_over(today, "valid_to"))
    ordered = sorted(rows, key=lambda unit: (_ORDER.get(unit.level, 9), text.fold(unit.name)))
    held = _holders(today)
    branches = {unit.pk: Branch(unit, held.get(unit.pk, 0)) for unit in ordered}
    top: list[Branch] = []
    for unit in ordered:
        above = branches.get(unit.parent_id or 0)
        (above.below if above else top).append(branches[unit.pk])
    return top


_ORDER = {"province": 0, "centre": 1, "department": 2, "room": 3, "district": 4, "commune": 5}


def _holders(today: date) -> dict[int, int]:
    rows = (
        Holding.objects.filter(held_on(today))
        .values("post__unit_id")
        .annotate(n=Count("user_id", distinct=True))
    )
    return {row["post__unit_id"]: row["n"] for row in rows}


def find_units(actor: Actor, q: str, limit: int = 100) -> list[Unit]:
    """The actor's units, closed ones too, whose name or code begins with the words."""
    rows = units(actor).select_related("parent")
    for word in text.fold(q).split():
        rows = rows.filter(
            Q(folded__startswith=word) | Q(folded__contains=f" {word}") | Q(code__istartswith=word)
        )
    return list(rows.order_by("folded", "code")[:limit])


def posts_with_people(actor: Actor) -> QuerySet[Post]:
    """The posts of the units that the actor administers, each with `held`, by whom today or later, and `given`, the roles."""
    held = Holding.objects.select_related("user").filter(not_over(clock.today(), "until"))
    return (
        Post.objects.filter(unit__in=units(actor))
        .select_related("unit")
        .prefetch_related(
            Prefetch("holdings", held.order_by("since", "pk"), to_attr="held"),
            Prefetch("grants", Grant.objects.select_related("unit").order_by("role", "pk"), to_attr="given"),
        )
    )


def post(actor: Actor, pk: int) -> Post:
    """A post of a unit that the actor administers. Raises `NotFound`."""
    found = Post.objects.select_related("unit").filter(pk=pk, unit__in=units(actor)).first()
    if found is None:
        raise NotFound(_("Không tìm thấy chức vụ này trong các đơn vị ông/bà quản trị."))
    return found


def grant(actor: Actor, pk: int) -> Grant:
    """A role granted to a post of a unit that the actor administers. Raises `NotFound`."""
    rows = Grant.objects.select_related("post__unit", "unit").filter(post__unit__in=units(actor))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không tìm thấy quyền này trong các đơn vị ông/bà quản trị."))
    return found


def holding(actor: Actor, pk: int) -> Holding:
    """A person's time in a post of a unit that the actor administers. Raises `NotFound`."""
    rows = Holding.objects.select_related("post__unit", "user").filter(post__unit__in=units(actor))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không tìm thấy người giữ chức vụ này trong các đơn vị ông/bà quản trị."))
    return found


def people(actor: Actor, q: str = "", *, closed: bool = False) -> QuerySet[User]:
    """Who holds or held a post in the actor's units; an administrator of everything sees every account."""
    rows = User.objects.filter(is_active=not closed)
    if actor.units("organisation.people") is not EVERYWHERE:
        staffed = actor.within("organisation.people", unit="post__unit_id")
        rows = rows.filter(Exists(Holding.objects.filter(staffed, user=OuterRef("pk"))))
    if q.strip():
        rows = rows.filter(search.begins(q, "folded") | Q(username__startswith=q.strip().lower()))
    return rows


def person(actor: Actor, pk: int) -> User:
    """One of these people. Raises `NotFound`."""
    found = people(actor).filter(pk=pk).first() or people(actor, closed=True).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không tìm thấy người này trong các đơn vị ông/bà quản trị."))
    return found


def with_posts(rows: Iterable[User]) -> list[User]:
    """The people with `holdings_now`: the posts that they hold today or later."""
    found = list(rows)
    held = (
        Holding.objects.select_related("post__unit")
        .filter(not_over(clock.today(), "until"), user__in=found)
        .order_by("post__rank", "pk")
    )
    by_user: dict[int, list[Holding]] = {}
    for holding in held:
        by_user.setdefault(holding.user_id, []).append(holding)
    for each in found:
        each.holdings_now = by_user.get(each.pk, [])
    return found


def colleagues(q: str, *, but: int, limit: int = 30) -> list[User]:
    """Officials whose name begins with the words, for choosing a stand-in; nobody as long as no word is typed."""
    found = officials(q, but=but).order_by("sort_key", "pk")
    return with_posts(found[:limit]) if q.strip() else []


def officials(q: str, *, but: int) -> QuerySet[User]:
    """Who holds a post today, by words of the name: names and posts of officials are no secret within the
    administration.
    """
    rows = User.objects.filter(search.begins(q, "folded"), is_active=True).exclude(pk=but)
    return rows.filter(Exists(Holding.objects.filter(held_on(clock.today()), user=OuterRef("pk"))))


def delegations(user_id: int) -> tuple[list[Delegation], list[Delegation]]:
    """A person's delegations, newest first: those given and those received."""
    rows = Delegation.objects.select_related("giver", "receiver").order_by("-since", "-pk")
    return list(rows.filter(giver_id=user_id)[:50]), list(rows.filter(receiver_id=user_id)[:50])


def delegation(actor: Actor, pk: int) -> Delegation:
    """A delegation that the actor gave, or a person whom the actor administers. Raises `NotFound`."""
    found = Delegation.objects.select_related("giver", "receiver").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không tìm thấy ủy quyền này."))
    if found.giver_id != actor.user_id:
        person(actor, found.giver_id)
    return found


def token(actor: Actor, pk: int) -> ApiToken:
    """A token of a person whom the actor administers. Raises `NotFound`."""
    found = ApiToken.objects.select_related("user").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không tìm thấy mã truy cập này."))
    person(actor, found.user_id)
    return found


def tokens(user: User, limit: int = 50) -> list[ApiToken]:
    """A person's tokens, newest first, as `with_units` gives them, with who made each."""
    return with_units(user.tokens.select_related("made_by").order_by("-created_at", "-pk")[:limit])


def with_units(rows: Iterable[ApiToken]) -> list[ApiToken]:
    """The tokens with `limited_units`: the units that each is limited to, by code."""
    found = list(rows)
    units = Unit.objects.in_bulk({pk for token in found for pk in token.units})
    for token in found:
        token.limited_units = sorted((units[pk] for pk in token.units), key=lambda unit: unit.code)
    return found
