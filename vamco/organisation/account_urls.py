"""Sign-in and own account: of allauth's addresses those that an office needs; the others answer 404.

The names stay, since allauth's own pages look them up. What a new version of allauth adds is closed until it is
listed here.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from allauth import urls as allauth_urls
from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _

from vamco.core import limits

KEEP = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "usersessions_list",
}
"""Not kept: registration, everything that goes by e-mail, passwords by link, signing in through others."""

MINUTE = timedelta(minutes=1)
SIGN_INS = 300
"""Sign-ins a minute from one address: a whole office may share one, and all come at 7:00."""
LIMITED = {
    "account_reauthenticate": ("account.reauthenticate", 10),
    "mfa_reauthenticate": ("account.reauthenticate", 10),
    "account_change_password": ("account.change-password", 5),
}
"""Forms that ask for what a thief of the session does not know: what is limited, and how often a minute one person may
send it."""


def closed(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """There is no such page here."""
    raise Http404


def _limit(name: str, request: HttpRequest) -> limits.Limit | None:
    if name == "account_login":
        address = limits.network(get_adapter().get_client_ip(request))
        return limits.Limit("account.sign-in", address, SIGN_INS, MINUTE)
    if name in LIMITED and request.user.is_authenticated:
        what, most = LIMITED[name]
        return limits.Limit(what, str(request.user.pk), most, MINUTE)
    return None


def _limited(name: str, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, which what is sent to reaches within the limit only. Raises `TooMany`."""

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and (limit := _limit(name, request)):
            limits.take(limit, says=_too_often)
        return view(request, *args, **kwargs)

    return within


def _too_often(ends_at: datetime) -> str:
    return _("Đã gửi quá nhiều lần trong một phút. Hãy chờ %(minutes)d phút rồi thử lại.") % {
        "minutes": limits.minutes_until(ends_at)
    }


def _only(entries: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield URLResolver(entry.pattern, list(_only(entry.url_patterns)))
        elif entry.name in KEEP:
            yield URLPattern(
                entry.pattern, _limited(entry.name, entry.callback), entry.default_args, entry.name
            )
        else:
            yield URLPattern(entry.pattern, closed, name=entry.name)


urlpatterns = list(_only(allauth_urls.urlpatterns))
