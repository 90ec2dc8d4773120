"""What every answer goes through: policy, compression, language.

The language of a page is the one that was chosen with VI | EN, whatever the browser prefers; a program that calls the
API says in Accept-Language which one its user reads."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""What a browser may do with an answer of the API that it is made to show: nothing."""

COMPRESSED = frozenset({"application/json", "application/problem+json", "image/svg+xml"})
"""What is compressed on its way out, beside all text."""

Handler = Callable[[HttpRequest], HttpResponse]


class PolicyMiddleware(CSPMiddleware):
    """The pages' Content-Security-Policy; an answer of the API has one that is the same for all."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header, unless the view has set its own."""
        if request.path.startswith("/api/"):
            response.headers.setdefault("Content-Security-Policy", API_POLICY)
            return response
        return super().process_response(request, response)


class CompressionMiddleware(GZipMiddleware):
    """Text goes out compressed, with a random length against guessing secrets by size (BREACH). Papers and pictures are
    compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a page, a list of the API or a CSV for a browser that takes it."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if not kind.startswith("text/") and kind not in COMPRESSED:
            return response
        return super().process_response(request, response)


class LanguageMiddleware:
    """Vietnamese, unless the cookie of the switch says otherwise: a phone set to English is no wish for English."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        if request.path.startswith("/api/"):
            language = translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response
