"""Handlers for real SMTP server programs (`python -m aiosmtpd -c tests.notify.servers.NAME`)."""

from aiosmtpd.handlers import Mailbox


class Unknown(Mailbox):
    """Knows no such mailbox."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        return "550 5.1.1 no such mailbox"


class Busy(Mailbox):
    """Takes nothing now."""

    async def handle_DATA(self, server, session, envelope):
        return "451 4.3.0 try again later, dear user:pass-word"
