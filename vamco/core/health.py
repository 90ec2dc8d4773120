"""Whether the process lives and whether it can serve, and its figures."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django_prometheus.exports import ExportToDjangoView

from .errors import NotAllowed


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers as well: traffic may be sent here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures of all processes of this `vamco web` for Prometheus, to programs on this machine only: whoever comes
    through a proxy is a stranger."""
    if request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1") or "HTTP_X_FORWARDED_FOR" in request.META:
        raise NotAllowed(_("Số liệu vận hành chỉ đọc được từ chính máy chủ."))
    answer: HttpResponse = ExportToDjangoView(request)
    return answer
