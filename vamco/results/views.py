"""Pages of results."""

from django.http import HttpRequest, HttpResponse


def check(request: HttpRequest, number: str = "") -> HttpResponse:
    """The public check."""
    return HttpResponse(number)
