"""Refusals become pages that say what to do next, or problem documents; unexpected faults stay faults."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .api import problem, wrong_method
from .errors import Refused, unstorable
from .front import REFUSAL

Handler = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Shows a `Refused` that no view handled, with its own status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if refused := request.META.get(REFUSAL):
            return _unread(request, refused())
        answer = self.get_response(request)
        if answer.status_code == 405 and request.path.startswith("/api/"):
            return wrong_method(request, answer)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal, or nothing for other exceptions."""
        if isinstance(exception, DataError) or (
            isinstance(exception, ValueError) and "NUL" in str(exception)
        ):
            exception = unstorable()
        if not isinstance(exception, Refused):
            return None
        return _page(request, exception)


def _page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return render(request, "vamco/refused.html", {"refusal": refusal}, status=refusal.status)


def _unread(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The answer to a request whose body was not taken (`core/bodies.py`)."""
    answer = (problem if request.path.startswith("/api/") else _page)(request, refusal)
    if refusal.status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer
