"""The app of the shelf."""

from django.apps import AppConfig


class ShelfConfig(AppConfig):
    """Papers on a shelf."""

    name = "vamco.shelf"
