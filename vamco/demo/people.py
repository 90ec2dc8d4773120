"""People for the demo: a name for every post, the same ones each time."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from vamco.core import text
from vamco.core.actors import SYSTEM
from vamco.organisation import actions
from vamco.organisation.models import Level, Post, Unit, User

SINCE = date(2016, 1, 1)
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class PostPlan:
    """A post as units of a level have it; `count` people hold it."""

    key: str
    title: str
    title_en: str
    rank: int
    roles: Sequence[str]
    count: int = 1


def _read(name: str) -> Any:
    return yaml.safe_load((_DATA / name).read_text(encoding="utf-8"))


_NAMES = _read("names.yaml")
FAMILY, MIDDLE, GIVEN = _NAMES["family"], _NAMES["middle"], _NAMES["given"]
PLANS: Mapping[str, Sequence[PostPlan]] = {
    level: [PostPlan(**post) for post in posts] for level, posts in _read("posts.yaml").items()
}
"""The posts by level of unit."""


def staff(unit: Unit, password: str | None = None) -> list[User]:
    """Fill the unit's posts; the province's hold for all units below."""
    made = []
    for plan in PLANS.get(unit.level, ()):
        post = actions.create_post(
            SYSTEM, unit, key=plan.key, title=plan.title, title_en=plan.title_en, rank=plan.rank
        )
        for role in plan.roles:
            actions.grant(
                SYSTEM,
                post,
                role=role,
                unit=unit,
                below=unit.level in (Level.PROVINCE, Level.DISTRICT)
                and role in ("admin", "auditor", "supervisor"),
            )
        for i in range(plan.count):
            made.append(_person(unit, post, plan, i, password))
    return made


def _person(unit: Unit, post: Post, plan: PostPlan, i: int, password: str | None) -> User:
    rng = random.Random(f"{unit.code}:{plan.key}:{i}")  # noqa: S311 (names, not secrets)
    sex = rng.choice("mf")
    name = " ".join((rng.choice(FAMILY), rng.choice(MIDDLE[sex]), rng.choice(GIVEN[sex])))
    username = f"{text.fold(name.split()[-1])}.{plan.key}{i + 1 if plan.count > 1 else ''}.{unit.code.lower()}".replace(
        "_", ""
    )
    user = actions.create_person(
        SYSTEM, unit, username=username, full_name=name, password=None, email=f"{username}@longan.example"
    )
    if password:
        user.password = password
        user.save(update_fields=["password"])
    actions.appoint(SYSTEM, post, user=user, since=SINCE)
    return user
