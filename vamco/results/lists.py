"""The lists of the room: the register of results, and the templates."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from vamco.core import clock, search
from vamco.core.actors import Actor
from vamco.core.exporting import exports
from vamco.core.listing import Column, Filter, Listing
from vamco.organisation.models import Unit

from . import queries
from .models import SEARCHED, Kind, Result, Standing, State, Template


def _units(actor: Actor, known: Mapping[str, Any]) -> QuerySet[Unit]:
    """Closed units too: what they issued still stands."""
    return Unit.objects.filter(actor.within("dossiers.view", unit="pk")).order_by("code")


def _standing(rows: QuerySet[Result], standing: Standing) -> QuerySet[Result]:
    """The results that stand so today."""
    match standing:
        case Standing.LAPSED:
            return rows.filter(state=State.VALID, expires_on__lt=clock.today())
        case Standing.VALID:
            return rows.filter(
                Q(expires_on__isnull=True) | Q(expires_on__gte=clock.today()), state=State.VALID
            )
    return rows.filter(state=standing.value)


def _since(rows: QuerySet[Result], day: date) -> QuerySet[Result]:
    return rows.filter(issued_at__gte=datetime.combine(day, time(), tzinfo=clock.HERE))


def _until(rows: QuerySet[Result], day: date) -> QuerySet[Result]:
    return rows.filter(issued_at__lt=datetime.combine(day + timedelta(1), time(), tzinfo=clock.HERE))


def _state(result: Result) -> tuple[str, str] | None:
    """A result that may not be relied on is marked."""
    standing = result.standing()
    return None if standing == Standing.VALID else ("paused", str(standing.label))


def _paper_url(result: Result) -> str | None:
    return f"{settings.BASE_URL}/api/v1/results/{result.pk}/paper" if result.file_id else None


RESULTS = Listing(
    name="results",
    title=_("Kết quả"),
    model=Result,
    visible=queries.listed,
    permission="dossiers.view",
    unit="unit_id",
    record="result",
    order=("pk",),
    words=search.in_index(*SEARCHED),
    words_label=_("tên người được cấp, số kết quả, mã hồ sơ"),
    private_words=True,
    counted=False,
    empty=(_("Chưa có kết quả nào"), _("Kết quả và văn bản từ chối hiện ở đây từ khi được soạn.")),
    columns=(
        Column("number", _("Số"), code=True, help=_("để trống khi còn là dự thảo"), example="12/2016/XNTTHN"),
        Column("kind", _("Loại"), kind=Kind, page=False, example="result"),
        Column("type", _("Mã loại"), "type_key", page=False, sheet=False, example="gxn_tthn"),
        Column("type_name", _("Kết quả"), example="Giấy xác nhận tình trạng hôn nhân"),
        Column("holder_name", _("Cấp cho"), example="Nguyễn Văn Á"),
        Column("unit", _("Cơ quan cấp"), "unit.name", api_value="unit.code", phone=False, example="27694"),
        Column(
            "dossier", _("Mã hồ sơ"), "subject", code=True, phone=False, example="000.00.12.H39-161209-0007"
        ),
        Column(
            "drafted_at",
            _("Lập lúc"),
            kind=datetime,
            sort="pk",
            page=False,
            example="2016-12-09T09:00:00+07:00",
        ),
        Column("issued_at", _("Ngày cấp"), kind=datetime, optional=True, example="2016-12-09T10:42:00+07:00"),
        Column(
            "expires_on", _("Có giá trị đến hết"), kind=date, optional=True, page=False, example="2017-06-09"
        ),
        Column("signer", _("Người ký"), "signer_name", phone=False, example="Lê Văn Tám"),
        Column("state", _("Trạng thái"), Result.standing, kind=Standing, state=_state, example="valid"),
        Column("replaces", _("Thay thế"), "replaces.number", optional=True, page=False, example=None),
        Column(
            "replaced_by", _("Bản thay thế"), queries.number_after, optional=True, page=False, example=None
        ),
        Column(
            "paper_url",
            _("Bản in"),
            _paper_url,
            help=_("cùng mã truy cập"),
            optional=True,
            page=False,
            sheet=False,
            example="https://dichvucong.longan.gov.vn/api/v1/results/17/paper",
        ),
    ),
    filters=(
        Filter("unit", _("Cơ quan cấp"), Unit, choices=_units, example="27694"),
        Filter("state", _("Trạng thái"), Standing, where=_standing, example="valid"),
        Filter("kind", _("Loại"), Kind, example="result"),
        Filter("since", _("Cấp từ ngày"), date, where=_since, example="2016-12-01"),
        Filter("until", _("đến ngày"), date, where=_until, example="2016-12-31"),
        Filter("dossier", _("Mã hồ sơ"), where="subject", api_only=True),
        Filter("type", _("Mã loại"), where="type_key", api_only=True, example="gxn_tthn"),
        Filter("number", _("Số"), api_only=True, example="12/2016/XNTTHN"),
        Filter("holder", _("Người được cấp"), int, api_only=True, help=_("số của người, tổ chức")),
    ),
)
"""In the order of drafting, in which programs walk."""
NEWEST_FIRST = replace(RESULTS, order=("-pk",))
"""The page of the register: people look for what was issued lately."""
export_results = exports(RESULTS, "results.export")

TEMPLATES = Listing(
    name="result_templates",
    title=_("Mẫu kết quả"),
    model=Template,
    visible=lambda actor: queries.templates(),
    permission="results.edit_templates",
    record="result_template",
    order=("key",),
    words=search.in_columns("key", "name"),
    words_label=_("tên mẫu, khóa"),
    empty=(
        _("Chưa có mẫu nào"),
        _("Mẫu của giấy xác nhận, giấy phép, trích lục … sẽ hiện ở đây. Bấm «Mẫu mới» để soạn."),
    ),
    columns=(
        Column("name", _("Tên mẫu"), sort="name", example="Giấy xác nhận tình trạng hôn nhân"),
        Column("key", _("Khóa"), code=True, sort="key", example="gxn_tthn"),
        Column("version", _("Phiên bản"), kind=int, phone=False, example=1),
        Column("saved_by", _("Người sửa"), queries.saved_by, phone=False, api=False, example=""),
        Column("saved_at", _("Lúc"), kind=datetime, sort="saved_at", example="2016-12-09T10:42:00+07:00"),
    ),
    filters=(Filter("key", _("Khóa"), api_only=True, example="gxn_tthn"),),
)
export_templates = exports(TEMPLATES)
