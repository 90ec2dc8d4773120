"""What is done to accounts from the command line and by their own holders on the sign-in pages."""

from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _

from vamco.core.actions import ANYWHERE, action
from vamco.core.actors import Actor
from vamco.core.errors import NotAllowed

from ..models import User
from .people import EMAIL, FULL_NAME, PASSWORD, USERNAME, open_account


@action(
    "organisation.administrators",
    label=_("Mở tài khoản quản trị hệ thống"),
    at=ANYWHERE,
    locks=False,
    watched=True,
)
def create_administrator(
    actor: Actor,
    nothing: None,
    /,
    *,
    username: Annotated[str, USERNAME],
    full_name: Annotated[str, FULL_NAME],
    password: Annotated[str | None, PASSWORD] = None,
    email: Annotated[str, EMAIL] = "",
) -> User:
    """Make an administrator of the installation (`vamco createsuperuser`): no role may, only who has the machine."""
    user = User(full_name=full_name, email=email, is_superuser=True)
    return open_account(user, username, password)


@action("organisation.people", label=_("Tự đổi xác thực hai bước"), at=ANYWHERE)
def own_second_step(actor: Actor, user: User, /, *, kind: str, done: Literal["on", "off", "renewed"]) -> User:
    """Write down that somebody turned their own second step on or off, or had new spare codes made (`kind` is allauth's
    name of it): allauth itself has stored it just before."""
    if actor.user_id != user.pk:
        raise NotAllowed(_("Mỗi người chỉ đổi xác thực hai bước của chính mình."))
    user.audit_extra = {"second_step": [kind, done]}
    return user
