"""The app of history."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """What was done with a thing of any room, and what colleagues noted on it (lịch sử, ghi chú)."""

    name = "vamco.history"
