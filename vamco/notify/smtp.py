"""Speaking SMTP (RFC 5321) to the server named in VAMCO_SMTP_URL.

`smtp://user:password@host:587?starttls=1`, `smtps://user:password@host`, `smtp://127.0.0.1:25`; user and
password percent-encoded. `cafile=/path` names the certificate authority of a server of one's own.
"""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from vamco.core import clock, files
from vamco.core.models import File

from .addresses import one_line
from .models import Message

TIMEOUT = 20
"""Seconds for each exchange with the server."""
WITHOUT_FILES_FROM = 4
"""The try, some twenty minutes after the first, from which on a message goes without a file that cannot be read."""


class Failed(Exception):
    """The message did not go. `final`: another try would not help. `reason` is for the log, without our secrets; `brief`
    is the same without anybody's words: the server's code, or the kind of fault."""

    def __init__(self, reason: str, *, brief: str, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = one_line(reason, 300)
        self.brief = brief
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
    """The message as it goes over the wire. Raises `ValueError` when something would break out of a header, and `Failed`
    while a file cannot be read."""
    attached, lost = _contents(message)
    made = EmailMessage(policy=SMTP)
    name, sender = parseaddr(settings.MAIL_FROM)
    made["From"] = Address(name or one_line(message.unit.agency, 120), addr_spec=sender)
    made["To"] = Address(message.to_name, addr_spec=message.to_email)
    made["Subject"] = message.subject
    made["Date"] = format_datetime(clock.local(message.created_at))
    made["Message-ID"] = message.message_id
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(_text(message, lost), charset="utf-8", cte="quoted-printable")
    made["Content-Language"] = message.language
    for file, content in attached:
        maintype, _slash, subtype = file.media_type.partition("/")
        made.add_attachment(content, maintype=maintype, subtype=subtype, filename=file.name)
    return made


def _contents(message: Message) -> tuple[list[tuple[File, bytes]], list[File]]:
    """The attached files with their content, and those whose content has gone from the disk.

    A disk may come back: the first tries fail. Then the message goes without the file and says so. Raises `Failed`.
    """
    there, lost = [], []
    for file in message.attached():
        try:
            there.append((file, files.read(file)))
        except OSError as error:
            if message.attempts < WITHOUT_FILES_FROM:
                reason = f"{type(error).__name__}: {file.name}"
                raise Failed(reason, brief=type(error).__name__) from None
            lost.append(file)
    return there, lost


def _text(message: Message, lost: Sequence[File]) -> str:
    """The body; below it the files that should have come with it."""
    if not lost:
        return message.body
    with translation.override(message.language):
        given = _(
            "Không gửi kèm được tệp sau vì tệp không còn trên máy chủ: %(names)s. Cần tệp, xin liên hệ %(unit)s."
        )
        words = {"names": "; ".join(file.name for file in lost), "unit": message.unit.agency}
        return f"{message.body}\n{given % words}\n"


def send(message: Message) -> None:
    """Hand the message to the mail server. Raises `Failed`."""
    try:
        to = server(settings.SMTP_URL)
    except ValueError as error:
        raise Failed(str(error), brief="VAMCO_SMTP_URL") from None
    try:
        made = letter(message)
    except (ValueError, IndexError) as error:
        kind = type(error).__name__
        raise Failed(f"{kind}: {error}", brief=kind, final=True) from None
    try:
        _deliver(to, made, message.to_email)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refusal(to, code, text, final=code >= 500) from None
    except smtplib.SMTPDataError as error:
        raise _refusal(to, error.smtp_code, error.smtp_error, final=error.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as error:
        # Sign-in, sender, greeting: the fault of a setting, which somebody may put right within the day.
        raise _refusal(to, error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPException, OSError) as error:
        kind = type(error).__name__
        raise Failed(_said(to, None, f"{kind}: {error}"), brief=kind) from None


def _refusal(to: Server, code: int, text: bytes | str, *, final: bool = False) -> Failed:
    return Failed(_said(to, code, text), brief=str(code), final=final)


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
    given = text.decode(errors="replace") if isinstance(text, bytes) else text
    for secret in (to.password, to.user):
        if len(secret) > 2:
            given = given.replace(secret, "…")
    return f"{code} {given}" if code is not None else given
