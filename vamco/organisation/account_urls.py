"""Sign-in and own account: of allauth's addresses those that an office needs; the others answer 404.

The names stay, since allauth's own pages look them up. What a new version of allauth adds is closed until it is
listed here.
"""

from collections.abc import Iterable, Iterator

from allauth import urls as allauth_urls
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

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


def closed(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """There is no such page here."""
    raise Http404


def _only(entries: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield URLResolver(entry.pattern, list(_only(entry.url_patterns)))
        elif entry.name in KEEP:
            yield entry
        else:
            yield URLPattern(entry.pattern, closed, name=entry.name)


urlpatterns = list(_only(allauth_urls.urlpatterns))
