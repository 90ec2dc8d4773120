"""`vamco load_province`: what an installation of Long An starts from."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from vamco.organisation.load import load_units
from vamco.procedures.load import load_shipped
from vamco.results.load import load_templates
from vamco.timing.load import load_timing


class Command(BaseCommand):
    """Load units, calendar, legal regimes, procedures and templates; loading again changes nothing."""

    help = _("Nạp dữ liệu ban đầu của Long An: đơn vị, lịch làm việc, chế độ pháp lý, thủ tục, mẫu kết quả")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load in the order in which one stands on the other."""
        units = load_units()
        days, regimes = load_timing()
        procedures = len(load_shipped())
        templates = load_templates()
        self.stdout.write(
            _(
                "%(units)d đơn vị, %(days)d ngày nghỉ và làm bù, %(regimes)d chế độ pháp lý, %(procedures)d thủ tục, %(templates)d mẫu"
            )
            % {
                "units": units,
                "days": days,
                "regimes": regimes,
                "procedures": procedures,
                "templates": templates,
            }
        )
