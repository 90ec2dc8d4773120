"""What people do with messages."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input, Words

from . import outbox, queries
from .addresses import address
from .models import Message, State


def _erased(message: Message) -> Words:
    """Why a secret one cannot be sent again: its text is erased by then."""
    if not message.secret or message.state == State.QUEUED:
        return ""
    return _(
        "Nội dung tin này là mã riêng, đã xóa sau khi gửi hoặc khi thôi gửi, nên không gửi lại được. "
        "Hãy để người nhận yêu cầu mã mới ở nơi đã cấp mã."
    )


@action("notify.resend", label=_("Gửi lại tin"), when=_erased)
def resend(
    actor: Actor,
    message: Message,
    /,
    *,
    to_email: Annotated[
        str,
        Input(
            _("Địa chỉ thư điện tử"),
            most=254,
            help=_("để trống: địa chỉ của tin"),
            start=lambda message: message.to_email,
            example="nguyenvana@example.vn",
        ),
    ] = "",
) -> Message:
    """Send a message again (gửi lại): one that never went gets new tries; of one that went, a copy is sent.

    `to_email` puts the address right: then a copy goes there. Raises `Invalid` when there is no address, and for another
    address from somebody who may not read the text; `Refused` for a secret text, which is erased by then.
    """
    to = address(to_email)
    if to_email.strip() and not to:
        raise Invalid(_("Địa chỉ thư điện tử không đúng. Hãy kiểm tra lại."), field="to_email")
    _check_secret(message, to)
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
        return outbox.copy(message, to or message.to_email)
    message.state, message.attempts, message.last_error, message.next_at = State.QUEUED, 0, "", clock.now()
    if not message.secret:  # a person has decided that it is not too late
        message.expires_at = None
    message.save(update_fields=["state", "attempts", "last_error", "next_at", "expires_at"])
    outbox.enqueue(message)
    return message


def _check_secret(message: Message, to: str) -> None:
    """A secret goes to whom it was written for: else whoever may send again could have it sent to themself."""
    if message.secret and to not in ("", message.to_email):
        raise Invalid(
            _("Tin này chứa mã riêng nên chỉ gửi tới địa chỉ đã ghi. Hãy để trống địa chỉ."), field="to_email"
        )
