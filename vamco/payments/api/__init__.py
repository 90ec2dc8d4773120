"""The API's view of money: what is owed, receipts, books, the closing of a day."""

from .money import router

__all__ = ["router"]
