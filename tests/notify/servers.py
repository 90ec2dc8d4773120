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


class Repeats(Mailbox):
    """Refuses, and says again what it was sent."""

    async def handle_DATA(self, server, session, envelope):
        from email import message_from_bytes, policy

        subject = message_from_bytes(envelope.content, policy=policy.default)["Subject"]
        return f"554 5.7.1 refused: {subject}".encode("ascii", "replace").decode()
