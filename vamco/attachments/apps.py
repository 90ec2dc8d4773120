"""The app of attachments."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Files on things of any room (tệp đính kèm)."""

    name = "vamco.attachments"
