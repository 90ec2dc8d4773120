"""Refusals become pages that say what to do next; unexpected faults stay faults."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .errors import Refused, unstorable

Handler = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Shows a `Refused` that no view handled, with its own status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal, or nothing for other exceptions."""
        if isinstance(exception, DataError) or (
            isinstance(exception, ValueError) and "NUL" in str(exception)
        ):
            exception = unstorable()
        if not isinstance(exception, Refused):
            return None
        return render(request, "vamco/refused.html", {"refusal": exception}, status=exception.status)
