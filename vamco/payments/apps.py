"""The app of fees, receipts and the ledger of money."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Charges, receipt books, receipts, double entries, daily closings."""

    name = "vamco.payments"
    label = "payments"
    verbose_name = "Phí, lệ phí"
