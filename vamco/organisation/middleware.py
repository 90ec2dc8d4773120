"""Whoever signs in with a one-time password changes it before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.web import messages

Handler = Callable[[HttpRequest], HttpResponse]
NOT_FOR_PEOPLE = ("/static/", "/api/", "/healthz", "/readyz", "/metrics")
"""Nobody is signed in there by a session, so none is read."""


class OneTimePasswordMiddleware:
    """Leads a person with a one-time password to the page that changes it; signing out stays possible."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(NOT_FOR_PEOPLE):
            return self.get_response(request)
        user = request.user
        if user.is_authenticated and user.must_change_password and not _open(request.path):
            messages.refused(
                request, _("Ông/bà đang dùng mật khẩu một lần. Hãy đặt mật khẩu của mình trước khi làm việc.")
            )
            return HttpResponseRedirect(reverse("account_change_password"))
        return self.get_response(request)


def _open(path: str) -> bool:
    pages = ("account_change_password", "account_logout", "set_language", "account_reauthenticate")
    return path in map(reverse, pages)
