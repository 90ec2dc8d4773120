"""How often one address may try the public check."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from vamco.core import limits

MOST = 20
"""Tries, right or wrong, of one address in a window."""
WINDOW = timedelta(minutes=10)


def count_try(request: HttpRequest) -> None:
    """Count one try of the caller's address. Raises `TooMany` that says when to come back."""
    address = limits.network(get_adapter().get_client_ip(request))
    limits.take(
        limits.Limit("results.check", address, MOST, WINDOW),
        says=lambda ends_at: (
            _("Ông/bà đã kiểm tra quá %(most)d lần. Hãy thử lại sau %(minutes)d phút.")
            % {"most": MOST, "minutes": limits.minutes_until(ends_at)}
        ),
    )
