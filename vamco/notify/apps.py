from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Messages (tin gửi): an outbox in the same transaction, e-mail by SMTP, a log with resend."""

    name = "vamco.notify"
    label = "notify"
