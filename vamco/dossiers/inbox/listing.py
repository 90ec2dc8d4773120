"""The list of dossiers as it is taken away. Its pages are the inbox, which is made by hand."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vamco.core.exporting import exports
from vamco.core.listing import Asked, Column, Filter, Listing

from .. import queries
from ..models import Dossier


class DossierListing(Listing):
    """Narrowed by the search of the inbox, which needs to know the actor: tabs and words differ between readers."""

    def rows(self, actor: Any, asked: Asked, *, without: str = "") -> QuerySet[Dossier]:
        """The dossiers of the units in which the actor may export."""
        found = queries.search(actor, queries.Filter(**asked.values, q=asked.q))
        found = found.filter(actor.within("dossiers.export"))
        return found.select_related("unit", "holder", "holder_unit", "procedure")


DOSSIERS = DossierListing(
    "list",
    _("Hồ sơ"),
    Dossier,
    visible=queries.visible,
    columns=(
        Column("code", _("mã hồ sơ"), example="000.01.21.H39-161209-0007"),
        Column("procedure", _("thủ tục"), queries.name_of, example="Cấp Giấy xác nhận tình trạng hôn nhân"),
        Column("applicant", _("người nộp"), "applicant_name", example="Nguyễn Thị Mỹ Hạnh"),
        Column("unit", _("đơn vị nhận"), "unit.agency", example="UBND xã Thạnh Đức"),
        Column("holder_unit", _("đang ở"), "holder_unit.agency", example="UBND xã Thạnh Đức"),
        Column("step", _("bước"), queries.step_name, example="Thẩm tra"),
        Column("holder", _("người giữ"), "holder.full_name", optional=True, example="Trần Văn Tám"),
        Column("received_at", _("nhận lúc"), kind=datetime, example="2016-12-09T09:00:00+07:00"),
        Column("due_at", _("hẹn trả"), kind=datetime, optional=True, example="2016-12-14T17:00:00+07:00"),
        Column("stage", _("tình trạng"), Dossier.get_stage_display, example="Đang giải quyết"),
        Column(
            "ended_at",
            _("xong lúc"),
            lambda dossier: dossier.ended_at or dossier.ready_at,
            kind=datetime,
            optional=True,
            example="2016-12-13T10:00:00+07:00",
        ),
    ),
    order=("received_at",),
    filters=(
        Filter("tab", _("Danh sách")),
        Filter("unit", _("Đơn vị")),
        Filter("step", _("Bước")),
        Filter("status", _("Trạng thái"), int),
        Filter("stage", _("Tình trạng")),
        Filter("procedure", _("Thủ tục")),
        Filter("channel", _("Nộp qua")),
        Filter("party", _("Người"), int),
        Filter("due_before", _("Hẹn trả trước"), datetime),
        Filter("changed_since", _("Thay đổi từ"), datetime),
    ),
    private_words=True,
)
DOSSIERS_EXPORT = exports(DOSSIERS, "dossiers.export")
export_list = DOSSIERS_EXPORT.action
