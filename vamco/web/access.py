"""Pages for people who are signed in: who asks, and whether they may."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from vamco.core import actors
from vamco.core.actors import Actor
from vamco.core.errors import NotAllowed

from . import messages

P = ParamSpec("P")


class Request(HttpRequest):
    """A request of a page for people who are signed in: what `staff` hands to its view."""

    actor: Actor
    htmx: HtmxDetails


View = Callable[Concatenate[Request, P], HttpResponseBase]
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff(permission: str = "") -> Callable[[View[P]], Page[P]]:
    """A page for people who are signed in and hold the permission in some unit; its request has an `actor`, which
    carries the form's one-time key."""

    def wrap(view: View[P]) -> Page[P]:
        @functools.wraps(view)
        def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            asked = cast(Request, request)
            asked.actor = actors.of_request(request)
            if permission and not asked.actor.may_anywhere(permission):
                raise NotAllowed(_("Trang này không thuộc quyền của ông/bà. Hãy quay lại danh sách việc."))
            return view(asked, *args, **kwargs)

        return page

    return wrap


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back; who was signed in until just now is told why."""
    if _had_session(request):
        messages.refused(
            request,
            _("Phiên làm việc đã hết. Hãy đăng nhập lại; đăng nhập xong sẽ về đúng trang đang làm."),
        )
    back = request.get_full_path()
    if request.method != "GET" or request.headers.get("HX-Request"):
        back = _page_before(request)
    answer = redirect_to_login(back)
    if request.headers.get("HX-Request"):  # a redirect would put the sign-in page into a part of this one
        return HttpResponse(status=200, headers={"HX-Redirect": answer["Location"]})
    return answer


def _had_session(request: HttpRequest) -> bool:
    """Whether the browser still sends a session that has ended."""
    sent = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return sent != "" and not request.session.exists(sent)


def _page_before(request: HttpRequest) -> str:
    """The page on this site that sent the form, or the list of work."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return str(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
