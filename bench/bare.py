"""The bare Django application that measurements compare with: no middleware, no ORM, one view a question.

Served like the application itself: granian, as many processes and threads, the same database settings with a pool.

    python -m bench.bare        (VAMCO_HOME, VAMCO_PORT; BENCH_INSERTS names the file that `bench.submit` recorded)
"""

import json
import os
import secrets

from django.conf import settings

if not settings.configured:
    from vamco.settings import DATABASES

    settings.configure(
        DATABASES=DATABASES,
        ROOT_URLCONF="bench.bare",
        SECRET_KEY="bare",
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=[],
        USE_TZ=True,
    )
    import django

    django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import connection, connections, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path


def answer(data: dict[str, object], status: int = 200) -> JsonResponse:
    """JSON with its length, as clients that keep their connection want it."""
    made = JsonResponse(data, status=status)
    made["Content-Length"] = str(len(made.content))
    return made


def track(request: HttpRequest, code: str) -> JsonResponse:
    """One row by its key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, status, stage, received_at, due_at FROM dossiers_dossier WHERE code = %s", [code]
        )
        row = cursor.fetchone()
    return answer(dict(zip(("code", "status", "stage", "received_at", "due_at"), row, strict=True)))


def receive(request: HttpRequest) -> JsonResponse:
    """The inserts of `POST /api/v1/dossiers` as raw SQL: the serial by itself, the others in one transaction."""
    given = json.loads(request.body)
    values = {"unit": given["unit"], "unique": secrets.token_hex(16).upper()}
    with connections["serials"].cursor() as cursor:
        cursor.execute(_INSERTS["serial"] % values)
        values["serial"] = cursor.fetchone()[0]
    with transaction.atomic(), connection.cursor() as cursor:
        for name, sql in _INSERTS["statements"]:
            cursor.execute(sql % values)
            if name:
                values[name] = cursor.fetchone()[0]
    return answer({"code": values["serial"]}, status=201)


urlpatterns = [path("track/<code>", track), path("dossiers", receive)]
_INSERTS = json.load(open(os.environ["BENCH_INSERTS"])) if "BENCH_INSERTS" in os.environ else {}  # noqa: SIM115
application = get_wsgi_application()


def main() -> None:
    """Serve as `vamco web` does."""
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "bench.bare:application",
        address="127.0.0.1",
        port=int(os.environ["VAMCO_PORT"]),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("VAMCO_WEB_WORKERS") or 2),
        blocking_threads=int(os.environ.get("VAMCO_WEB_THREADS") or 8),
    ).serve()


if __name__ == "__main__":
    main()
