"""Everything that changes money: books, receipts, the closing of a day."""

from .books import close_book, open_book
from .day import close_day
from .receipts import cancel, collect, replace

__all__ = ["cancel", "close_book", "close_day", "collect", "open_book", "replace"]
