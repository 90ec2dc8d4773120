from django.apps import AppConfig


class TimingConfig(AppConfig):
    """Days off, office hours and legal regimes (lịch làm việc, chế độ pháp lý)."""

    name = "vamco.timing"
    label = "timing"
