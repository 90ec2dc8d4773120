"""The days of a year from the announcement's table (thông báo nghỉ lễ, tết và hoán đổi ngày làm việc)."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vamco.core.actors import Actor
from vamco.core.importing import SheetImport
from vamco.organisation.models import Unit

from .actions import set_day
from .models import CalendarDay


def days(actor: Actor, unit: Unit | None) -> QuerySet[CalendarDay]:
    """The days of the unit itself, or of the whole province."""
    return CalendarDay.objects.filter(unit=unit, removed=False)


CALENDAR = SheetImport(
    set_day,
    title=_("Nhập ngày từ bảng tính"),
    aliases={
        "day": ("ngày tháng", "ngày nghỉ", "ngày tháng năm"),
        "kind": ("loại ngày", "hình thức", "nghỉ hay làm việc"),
        "name": ("tên ngày", "dịp", "dịp lễ", "dịp nghỉ", "nội dung"),
        "source": ("nguồn", "văn bản", "số văn bản", "theo văn bản"),
        "verified": ("đã đối chiếu", "kiểm chứng"),
        "replaces": ("thay cho ngày", "làm bù cho ngày", "ngày được thay"),
    },
    key="day",
    rows=days,
    stored={"day": "date"},
)
