"""The API of importing: running dossiers of a spreadsheet are taken over."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, File, Router, Schema, UploadedFile

from vamco.core import sheets
from vamco.core.api import attachment, binary, caller
from vamco.core.errors import NotAllowed
from vamco.core.workbooks import XLSX
from vamco.organisation.api.units import UnitCode

from ..schemas.given import unit_at
from . import actions, spreadsheet

router = Router(tags=["counter"])


class ImportOut(Schema):
    """What was taken over; codes that were there already are not in it."""

    visit: int = Field(examples=[6])
    codes: list[str] = Field(examples=[["HS-2016-001"]])


@router.post(
    "/units/{code}/actions/import_running",
    response=ImportOut,
    summary="Take over running dossiers from a spreadsheet",
)
def import_running(request: HttpRequest, code: UnitCode, file: File[UploadedFile]) -> dict[str, Any]:
    """An .xlsx (multipart, field `file`), all or nothing; every fault is named by its cell. Again without harm."""
    actor, unit = caller(request), unit_at(code)
    if not actor.may_at("dossiers.import", [unit.pk]):
        raise NotAllowed(_("Ông/bà không có quyền nhập hồ sơ vào đơn vị này."))
    content = file.read(sheets.MOST_BYTES + 1)  # what is larger is refused where it is read
    visit = actions.import_running(actor, unit, content=content)
    return {"visit": visit.pk, "codes": list(visit.dossiers.order_by("pk").values_list("code", flat=True))}


@router.get(
    "/import_template", summary="The empty spreadsheet for running dossiers", openapi_extra=binary(XLSX)
)
def import_template(request: HttpRequest) -> HttpResponse:
    """With its headings and one example."""
    if not caller(request).may_anywhere("dossiers.import"):
        raise NotAllowed(_("Ông/bà không có quyền nhập hồ sơ vào đơn vị này."))
    return attachment(spreadsheet.template(), "mau-nhap-ho-so.xlsx", XLSX)
