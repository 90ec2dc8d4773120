"""What a person may do today, where: from the posts they hold and the delegations they were given."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock, prepared
from vamco.core.actions import EVERYWHERE, SYSTEM, Actor, Scope
from vamco.core.errors import NotAllowed
from vamco.web import messages

from .roles import ROLES

if TYPE_CHECKING:
    from .models import ApiToken, Unit, User

View = Callable[..., HttpResponse]
NOBODY = Actor(user_id=None, label=gettext_noop("không đăng nhập"))

# The posts a person holds today and those of whom they stand in for, with the units below where granted so.
_GRANTS = """
WITH people AS (
    SELECT %(user)s::bigint AS id
    UNION SELECT d.giver_id FROM organisation_delegation d JOIN organisation_user g ON g.id = d.giver_id
    WHERE d.receiver_id = %(user)s AND d.revoked_at IS NULL AND %(day)s BETWEEN d.since AND d.until AND g.is_active
)
SELECT DISTINCT p.id, g.role, u.id, u.level = 'province' AND g.below
FROM people p
JOIN organisation_holding h ON h.user_id = p.id AND h.since <= %(day)s AND (h.until IS NULL OR h.until >= %(day)s)
JOIN organisation_grant g ON g.post_id = h.post_id
JOIN organisation_unit u ON u.id = g.unit_id OR (g.below AND u.path @> ARRAY[g.unit_id])
"""


def granted_at(units: Iterable["Unit"], at: str = "") -> Q:
    """Grants that reach one of the units: given for it, or for one above with all below; `at` is the way to them."""
    given = list(units)
    above = {unit_id for unit in given for unit_id in unit.path}
    return Q((f"{at}unit_id__in", [unit.pk for unit in given])) | Q(
        (f"{at}below", True), (f"{at}unit_id__in", list(above))
    )


def actor_for(user: "User", *, via: str = "page", request_key: str | None = None) -> Actor:
    """The actor that a signed-in person is today. An inactive account may do nothing."""
    if not user.is_active:
        return Actor(user_id=user.pk, label=user.full_name, via=via)
    units: dict[str, set[int]] = defaultdict(set)
    everywhere: set[str] = set()
    givers: set[int] = set()
    with prepared.cursor() as cursor:
        cursor.execute(_GRANTS, {"user": user.pk, "day": clock.today()})
        for person_id, role, unit_id, whole_province in cursor.fetchall():
            givers.add(person_id)
            for permission in ROLES[role].permissions:
                units[permission].add(unit_id)
                if whole_province:
                    everywhere.add(permission)
    scope: dict[str, Scope] = {key: frozenset(ids) for key, ids in units.items()}
    if user.is_superuser:
        everywhere |= ROLES["admin"].permissions | ROLES["auditor"].permissions
    scope.update(dict.fromkeys(everywhere, EVERYWHERE))
    return Actor(
        user_id=user.pk,
        label=user.full_name,
        scope=scope,
        via=via,
        request_key=request_key,
        stands_in_for=tuple(sorted(givers - {user.pk})),
    )


def limited_to(token: "ApiToken", actor: Actor) -> Actor:
    """What a program with this token may do of what its holder may."""
    scope: dict[str, Scope] = {}
    for permission, units in actor.scope.items():
        if token.permissions and permission not in token.permissions:
            continue
        if token.units:
            units = frozenset(one for one in token.units if one in units)
        if units:
            scope[permission] = units
    return replace(actor, scope=scope, signs=token.signs)


def oneself(user: "User") -> Actor:
    """The person at the pages where they change their own account, whatever posts they hold."""
    return replace(SYSTEM, user_id=user.pk, label=user.full_name, via="page")


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a page's request: the signed-in person with the form's one-time key, or nobody."""
    if not hasattr(request, "_actor"):
        key = request.POST.get("request_key") if request.method == "POST" else None
        user = request.user
        request._actor = (  # type: ignore[attr-defined]
            actor_for(user, request_key=key or None) if user.is_authenticated else NOBODY  # type: ignore[arg-type]
        )
    return request._actor  # type: ignore[attr-defined, no-any-return]


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
    sent = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return bool(sent) and not request.session.exists(sent)


def _page_before(request: HttpRequest) -> str:
    """The page on this site that sent the form, or the list of work."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return settings.LOGIN_REDIRECT_URL  # type: ignore[no-any-return]
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def staff(permission: str = "") -> Callable[[View], View]:
    """A page for people who are signed in and hold the permission in some unit; sets `request.actor`."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            request.actor = actor_of(request)  # type: ignore[attr-defined]
            if permission and not request.actor.may(permission):  # type: ignore[attr-defined]
                raise NotAllowed(_("Trang này không thuộc quyền của ông/bà. Hãy quay lại danh sách việc."))
            return view(request, *args, **kwargs)

        return page

    return wrap
