"""The lists of this room."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from vamco.core import search
from vamco.core.listing import Column, Filter, Listing

from ..models import RegisterBook
from . import registers


def _named(books: QuerySet[Any], q: str) -> QuerySet[Any]:
    """Those of which each word begins a word of the book's name, which is no column, or of the unit's."""
    keys = books.order_by().values_list("key", flat=True).distinct()
    names = {key: registers.name_of(key) for key in keys}
    wanted = Q()
    for word in q.split()[:12]:
        named = [key for key, name in names.items() if search.has_words(word, name)]
        wanted &= Q(key__in=named) | search.begins(word, "unit__folded")
    return books.filter(wanted)


def _closed(books: QuerySet[Any], closed: bool) -> QuerySet[Any]:
    return books.filter(closed_at__isnull=not closed)


BOOKS = Listing(
    name="register_books",
    title=_("Sổ"),
    model=RegisterBook,
    visible=registers.books,
    unit="unit_id",
    order=("pk",),
    words=_named,
    columns=(
        Column("unit", _("Đơn vị"), "unit.name", api_value="unit.code", example="27694"),
        Column("key", _("Mã"), sort="key", example="so_chung_thuc_ban_sao"),
        Column(
            "name", _("Sổ đăng ký"), lambda book: registers.name_of(book.key), example="Sổ chứng thực bản sao"
        ),
        Column("year", _("Năm"), kind=int, sort="year", example=2016),
        Column("closed_at", _("Khóa sổ"), kind=datetime, optional=True, example=None),
    ),
    filters=(
        Filter("unit", _("Đơn vị"), where="unit__code", example="27694"),
        Filter("year", _("Năm"), int, example=2016),
        Filter("key", _("Mã"), example="so_chung_thuc_ban_sao"),
        Filter("closed", _("đã khóa"), bool, where=_closed, example=False),
    ),
)
