"""Secrets that a page shows once: one-time passwords and new tokens."""

import base64
import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest

from vamco.core import secrets
from vamco.web.asking import new_key

from ..models import User

_SHOWN = "organisation.shown_once"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read wrongly from a slip of paper


def one_time_password(request: HttpRequest) -> str:
    """A password for this form: the same when the form is sent twice, so that the second press does no harm."""
    key = request.POST.get("request_key") or new_key()
    seed = f"one-time password {settings.SECRET_KEY}".encode()
    digest = hmac.new(seed, f"{request.user.pk}:{request.path}:{key}".encode(), hashlib.sha256).digest()
    number, letters = int.from_bytes(digest), ""
    for _turn in range(12):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return "-".join(letters[i : i + 4] for i in (0, 4, 8))


def keep_secret(request: HttpRequest, user: User, kind: str, secret: str) -> None:
    """Keep a secret of an account, encrypted, until the page that follows has shown it."""
    kept = base64.b64encode(secrets.encrypt(secret)).decode()
    request.session[_SHOWN] = {"user": user.pk, "kind": kind, "secret": kept}


def take_secret(request: HttpRequest, user: User) -> dict[str, str] | None:
    """The secret kept for this account's page, {"kind", "text"}; it is deleted here."""
    kept = request.session.get(_SHOWN)
    if not kept or kept["user"] != user.pk:
        return None
    del request.session[_SHOWN]
    return {"kind": kept["kind"], "text": secrets.decrypt(base64.b64decode(kept["secret"]))}
