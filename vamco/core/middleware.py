"""Refusals become pages that say what to do next, or problem documents; unexpected faults stay faults."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .api import wrong_method
from .errors import Refused, unstorable

Handler = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Shows a `Refused` that no view handled, with its own status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
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
        return render(request, "vamco/refused.html", {"refusal": exception}, status=exception.status)
