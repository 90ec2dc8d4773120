"""Somebody who may do everything somewhere, so that only the moment refuses."""

from tests.province import MONDAY, unit
from vamco.core.actors import SYSTEM, Actor
from vamco.organisation import actions as organisation
from vamco.organisation.access import actor_for
from vamco.organisation.roles import roles


def of_every_role(*codes: str) -> Actor:
    """A new person with every role in these units, in a post of the first."""
    where = unit(codes[0])
    user = organisation.create_person(SYSTEM, where, username="moi.viec", full_name="Lê Thị Đủ Việc")
    post = organisation.create_post(SYSTEM, where, key="moi_viec", title="Mọi vai trò")
    for role in roles():
        for code in codes:
            organisation.grant(SYSTEM, post, role=role, unit=unit(code))
    organisation.appoint(SYSTEM, post, user=user, since=MONDAY.date())
    return actor_for(user)
