"""Delegation (ủy quyền): a stand-in does a person's work for a period."""

from datetime import date, timedelta
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import ANYWHERE, action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotAllowed
from vamco.core.inputs import Input

from ..models import Delegation, User
from .people import must_rank_over


def _own_or_managed(actor: Actor, giver: User) -> None:
    """Everyone delegates their own work; an administrator also that of the people whom they manage."""
    if actor.user_id is not None and actor.user_id == giver.pk:
        return
    if not actor.may_anywhere("organisation.people"):
        raise NotAllowed(_("Mỗi người chỉ ủy quyền việc của mình. Hãy nhờ người quản trị của đơn vị."))
    must_rank_over(actor, giver)


@action(
    "organisation.delegate",
    label=_("Ủy quyền"),
    done=_("Đã ủy quyền cho %(receiver.full_name)s."),
    at=ANYWHERE,
    locks=False,
    signs=True,
)
def delegate(
    actor: Actor,
    giver: User,
    /,
    *,
    receiver: User,
    since: Annotated[date, Input(_("Từ ngày"), start=lambda _target: clock.today())],
    until: Annotated[date, Input(_("Đến hết ngày"), start=lambda _giver: clock.today() + timedelta(days=6))],
    reason: Annotated[
        str, Input(_("Lý do"), most=300, help=_("ví dụ: đi công tác, nghỉ phép"), example="Nghỉ phép")
    ],
) -> Delegation:
    """Let a stand-in do a person's work for a period (ủy quyền).

    It signs: the stand-in may sign for the person, so whoever may not sign in their name may not delegate either.
    """
    _own_or_managed(actor, giver)
    if giver == receiver:
        raise Invalid(_("Không thể tự ủy quyền cho mình. Hãy chọn người khác."), field="receiver")
    if not receiver.is_active:
        raise Invalid(_("Tài khoản của người nhận đã ngừng. Hãy chọn người khác."), field="receiver")
    if until < since:
        raise Invalid(_("Ngày kết thúc phải từ ngày bắt đầu trở đi."), field="until")
    if until < clock.today():
        raise Invalid(_("Ngày kết thúc đã qua. Hãy chọn từ hôm nay trở đi."), field="until")
    return Delegation.objects.create(giver=giver, receiver=receiver, since=since, until=until, reason=reason)


@action(
    "organisation.delegate",
    label=_("Chấm dứt ủy quyền"),
    done=_("Đã chấm dứt ủy quyền cho %(receiver.full_name)s."),
    at=ANYWHERE,
)
def revoke_delegation(actor: Actor, delegation: Delegation, /) -> Delegation:
    """End a delegation before its last day."""
    _own_or_managed(actor, delegation.giver)
    delegation.revoked_at = delegation.revoked_at or clock.now()
    delegation.save(update_fields=["revoked_at"])
    return delegation
