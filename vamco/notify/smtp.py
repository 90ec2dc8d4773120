"""Speaking SMTP (RFC 5321) to the server named in VAMCO_SMTP_URL.

`smtp://user:password@host:587?starttls=1`, `smtps://user:password@host`, `smtp://127.0.0.1:25`; user and
password percent-encoded. `cafile=/path` names the certificate authority of a server of one's own.
"""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from vamco.core import clock

from .addresses import one_line
from .models import Message

TIMEOUT = 20
"""Seconds for each exchange with the server."""


class Failed(Exception):
    """The message did not go. `final`: another try would not help. `reason` is for the log, without secrets."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = one_line(reason, 300)
        self.final = final


@dataclass(frozen=True)
class Server:
    """A mail server as its URL names it."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: bool = False
    cafile: str = ""


def server(url: str) -> Server:
    """The server that a URL names. Raises `ValueError` that says what is wrong, without the URL's secrets."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError("VAMCO_SMTP_URL must begin with smtp:// or smtps://")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("the port in VAMCO_SMTP_URL is not a number") from None
    if not parts.hostname:
        raise ValueError("VAMCO_SMTP_URL names no host")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    tls, starttls = parts.scheme == "smtps", options.get("starttls", "0") in ("1", "true", "yes")
    return Server(
        host=parts.hostname,
        port=port or (465 if tls else 587 if starttls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=starttls,
        cafile=options.get("cafile", ""),
    )


def letter(message: Message) -> EmailMessage:
    """The message as it goes over the wire. Raises `ValueError` when something would break out of a header."""
    made = EmailMessage(policy=SMTP)
    name, sender = parseaddr(settings.MAIL_FROM)
    made["From"] = Address(name or one_line(message.unit.agency, 120), addr_spec=sender)
    made["To"] = Address(message.to_name, addr_spec=message.to_email)
    made["Subject"] = message.subject
    made["Date"] = format_datetime(clock.local(message.created_at))
    made["Message-ID"] = message.message_id
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(message.body, charset="utf-8", cte="quoted-printable")
    made["Content-Language"] = message.language
    return made


def send(message: Message) -> None:
    """Hand the message to the mail server. Raises `Failed`."""
    try:
        to = server(settings.SMTP_URL)
    except ValueError as error:
        raise Failed(str(error)) from None
    try:
        made = letter(message)
    except (ValueError, IndexError) as error:
        raise Failed(f"{type(error).__name__}: {error}", final=True) from None
    try:
        _deliver(to, made, message.to_email)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise Failed(_said(to, code, text), final=code >= 500) from None
    except smtplib.SMTPDataError as error:
        raise Failed(_said(to, error.smtp_code, error.smtp_error), final=error.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as error:
        # Sign-in, sender, greeting: the fault of a setting, which somebody may put right within the day.
        raise Failed(_said(to, error.smtp_code, error.smtp_error)) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Failed(_said(to, None, f"{type(error).__name__}: {error}")) from None


def _deliver(to: Server, made: EmailMessage, recipient: str) -> None:
    context = ssl.create_default_context(cafile=to.cafile or None) if to.tls or to.starttls else None
    if to.tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(to.host, to.port, timeout=TIMEOUT)
    try:
        if to.starttls:
            connection.starttls(context=context)
        if to.user:
            connection.login(to.user, to.password)
        connection.send_message(made, from_addr=parseaddr(settings.MAIL_FROM)[1], to_addrs=[recipient])
    finally:
        # Whatever happens after the server's yes must not become a second copy.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def _said(to: Server, code: int | None, text: bytes | str) -> str:
    """What the server said, with the sign-in blotted out in case it quotes it."""
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    for secret in (to.password, to.user):
        if len(secret) > 2:
            said = said.replace(secret, "…")
    return f"{code} {said}" if code is not None else said
