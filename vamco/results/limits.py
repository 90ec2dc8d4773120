"""How often one address may try the public check. The count lies in the database, shared by all web
processes.
"""

import ipaddress
import math
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vamco.core import secrets
from vamco.core.errors import TooMany

MOST = 20
"""Tries, right or wrong, of one address in a window."""
WINDOW = 600
"""Seconds."""


def count_try(request: HttpRequest) -> None:
    """Count one try of the caller's address. Raises `TooMany` that says when to come back.

    Attempts that come at once are counted one by one (an advisory lock), so that nobody outruns the limit.
    The address is kept only as a keyed hash.
    """
    key = secrets.lookup("results.check", _network(get_adapter().get_client_ip(request))).hex()[:40]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        now = time.time()
        count, until = cache.get(f"results.check:{key}") or (0, now + WINDOW)
        if until <= now:
            count, until = 0, now + WINDOW
        cache.set(f"results.check:{key}", (count + 1, until), timeout=WINDOW)
    if count >= MOST:
        raise TooMany(
            _("Ông/bà đã kiểm tra quá %(most)d lần. Hãy thử lại sau %(minutes)d phút.")
            % {"most": MOST, "minutes": max(math.ceil((until - now) / 60), 1)}
        )


def _network(address: str | None) -> str:
    """The address; of IPv6 the network of 64 bits, which one household has to itself."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network(f"{found}/64", strict=False))
    return str(found)
