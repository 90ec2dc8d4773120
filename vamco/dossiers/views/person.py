"""(being written)"""

from django.http import HttpRequest, HttpResponse

from vamco.organisation.access import staff


@staff("dossiers.view")
def show(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Being written."""
    return HttpResponse("")


correct = book = book_pdf = close = register_pdf = show
