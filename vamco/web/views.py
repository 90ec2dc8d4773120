"""The morning page; pages that say no: what happened, and what to do next (Django's handlers in the root URL file); what
machines ask for."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vamco.core import clock, rooms
from vamco.core.api import problem
from vamco.core.errors import Refused

from .access import Request, staff
from .sections import render_sections

log = logging.getLogger(__name__)


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    if _is_api(request):
        return _problem(request, status, context.get("message") or "")
    user = getattr(request, "user", None)
    staff = bool(user and user.is_authenticated)
    base = "vamco/base_staff.html" if staff else "vamco/base_citizen.html"
    reference = getattr(request, "request_id", "")
    context |= {"base": base, "staff": staff, "status": status, "reference": reference}
    return render(request, f"{status}.html", context, status=status)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """The same for a program: a problem document (RFC 9457)."""
    values = {
        400: ("bad-request", _("Không đọc được yêu cầu này.")),
        404: ("not-found", _("API không có địa chỉ này. Xem các địa chỉ ở /api/v1/openapi.json.")),
        500: ("fault", _("Hệ thống gặp sự cố. Việc vừa làm có thể chưa được lưu. Hãy thử lại sau ít phút.")),
    }
    code, usual = values.get(status, ("refused", _("Không làm được yêu cầu này.")))
    refusal = Refused(message or usual)
    refusal.status, refusal.code = status, code
    return problem(request, refusal)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. `exception.message`, where it is a refusal of ours, is told to the user; anything else is not."""
    return _page(request, 403, message=getattr(exception, "message", ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page or thing, or nothing that this person may know of."""
    return _page(request, 404, message=getattr(exception, "message", ""))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because the form's token is old: the page was open across a sign-in, or cookies are off."""
    text = _("Trang này đã mở từ trước lần đăng nhập gần nhất, nên chưa gửi được.")
    log.info("csrf refused: %s", reason)
    return _page(request, 403, message=text, stale=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: reads no database and no session, since either may be what has failed."""
    if _is_api(request):
        return _problem(request, 500, "")
    text = _("Hệ thống gặp sự cố. Việc vừa làm có thể chưa được lưu. Hãy thử lại sau ít phút.")
    try:
        body: str = loader.render_to_string("500.html", {"reference": getattr(request, "request_id", "")})
    except Exception:
        log.exception("the error page itself failed")
        body = f"<!doctype html><html lang=vi><meta charset=utf-8><title>500</title><p>{text}"
    return HttpResponse(body, status=500)


@require_safe
@staff("web.morning")
def morning(request: Request) -> HttpResponse:
    """What waits for a person today, told by the rooms."""
    page = {"today": clock.today(), "sections": render_sections(request, "morning")}
    return render(request, "vamco/morning.html", page)


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for the icon also where no page names it: beside a PDF, for instance."""
    return redirect(static("vamco/icon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read the home page and what the rooms name; the longest rule holds (RFC 9309, section 2.2.2)."""
    open_to_all = ["/$", "/static/", *rooms.of_all("indexed")]
    lines = ["User-agent: *", *(f"Allow: {path}" for path in open_to_all), "Disallow: /"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a hole (RFC 9116): VAMCO_SITE's `security`, an address or a mail, else the home page."""
    contact = getattr(settings, "VAMCO_SITE", {}).get("security") or settings.BASE_URL
    contact = f"mailto:{contact}" if "@" in contact and ":" not in contact else contact
    expires = (clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {contact}", f"Expires: {expires}", "Preferred-Languages: vi, en"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
