"""The app of fees, receipts and the ledger of money."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Charges, receipt books, receipts, double entries, daily closings."""

    name = "vamco.payments"
    label = "payments"
    verbose_name = _("Phí, lệ phí")
