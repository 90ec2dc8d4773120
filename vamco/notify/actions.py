"""What people do with messages."""

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid

from . import outbox, queries
from .addresses import address
from .models import Message, State


@action("notify.resend", label=_("Gửi lại tin"))
def resend(actor: Actor, message: Message, /, *, to_email: str = "") -> Message:
    """Send a message again (gửi lại): one that never went gets new tries; of one that went, a copy is sent.

    `to_email` puts the address right: then a copy goes there. Raises `Invalid` when there is no address, and for another
    address from somebody who may not read the text.
    """
    to = address(to_email)
    if to_email.strip() and not to:
        raise Invalid(_("Địa chỉ thư điện tử không đúng. Hãy kiểm tra lại."), field="to_email")
    if not (to or message.to_email):
        raise Invalid(_("Người nhận chưa có địa chỉ. Hãy ghi địa chỉ thư điện tử để gửi."), field="to_email")
    if to and to != message.to_email and not queries.may_read(actor, message):
        raise Invalid(
            _(
                "Tin này thuộc hồ sơ hạn chế xem: chỉ gửi lại được tới địa chỉ cũ. Hãy để trống địa chỉ, hoặc nhờ bộ phận đang giải quyết hồ sơ gửi tới địa chỉ mới."
            ),
            field="to_email",
        )
    if message.state == State.SENT or (to and to != message.to_email):
        return _copy(message, to or message.to_email)
    message.state, message.attempts, message.last_error, message.next_at = State.QUEUED, 0, "", clock.now()
    message.save(update_fields=["state", "attempts", "last_error", "next_at"])
    outbox.enqueue(message)
    return message


def _copy(message: Message, to_email: str) -> Message:
    copy = outbox.queue(
        message.kind,
        unit=message.unit,
        subject=message.subject,
        body=message.body,
        to_email=to_email,
        to_name=message.to_name,
        dossier=message.dossier,
        party_id=message.party_id,
        user=message.user,
        language=message.language,
    )
    copy.resend_of = message
    copy.save(update_fields=["resend_of"])
    return copy
