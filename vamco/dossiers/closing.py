"""What the one-stop shop asks before a unit is closed: that no dossier is left behind."""

from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from vamco.core import clock
from vamco.core.errors import Refused
from vamco.organisation.models import Unit

from .models import HELD, Dossier


def nothing_left(unit: Unit, last_day: date) -> None:
    """Raise `Refused` while dossiers that the unit received or has wait for somebody, unless its last day lies ahead:
    until then they are finished or moved. What is left even so stays with those who hold posts in the unit."""
    if last_day > clock.today():
        return
    left = Dossier.objects.filter(Q(unit=unit) | Q(holder_unit=unit), stage__in=HELD).count()
    if left:
        raise Refused(
            ngettext(
                "Đơn vị còn %(count)d hồ sơ chưa xong. Hãy giải quyết hoặc điều chuyển hồ sơ đó trước, hoặc chọn ngày cuối sau hôm nay để còn thời gian làm.",
                "Đơn vị còn %(count)d hồ sơ chưa xong. Hãy giải quyết hoặc điều chuyển các hồ sơ đó trước, hoặc chọn ngày cuối sau hôm nay để còn thời gian làm.",
                left,
            )
            % {"count": left}
        )
