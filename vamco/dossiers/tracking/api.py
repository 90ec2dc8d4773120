"""Where a dossier is, for anyone who has its code."""

from datetime import datetime
from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Header, Router, Schema

from vamco.core.api import Problem, as_it_is
from vamco.core.errors import NotFound

from .. import timeline
from ..schemas.given import DossierCode
from ..schemas.shown import TimelineOut
from . import progress
from .secret import check_secret

router = Router(tags=["tracking"])


class RouteOut(Schema):
    """One station of the dossier's way."""

    words: str = Field(examples=["Thẩm tra hồ sơ"])
    state: str = Field(description="done, current or coming", examples=["current"])


class TrackingOut(Schema):
    """What anyone may know of a dossier; with the second secret also names and papers."""

    code: str = Field(examples=["000.01.21.H39-161209-0007"])
    procedure: str = Field(examples=["Cấp Giấy xác nhận tình trạng hôn nhân"])
    status: int = Field(description="national status, 1 to 10", examples=[4])
    words: str = Field(description="where the dossier is, in public words", examples=["Đang thẩm tra hồ sơ"])
    unit: str = Field(examples=["UBND xã Thạnh Đức"])
    received_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    route: list[RouteOut]
    applicant: str = Field("", description="with the second secret")
    papers: list[str] = Field([], description="with the second secret")
    timeline: list[TimelineOut] = Field([], description="with the second secret")


@router.get(
    "/tracking/{code}",
    response={200: TrackingOut, 403: Problem, 429: Problem},
    auth=None,
    summary="Where a dossier is",
)
def tracking(
    request: HttpRequest,
    code: DossierCode,
    x_tracking_secret: Annotated[str, Header(alias="X-Tracking-Secret", max_length=100)] = "",
) -> HttpResponse:
    """Where a dossier is, for anyone who has its code. The second secret goes in the header `X-Tracking-Secret`, never in
    the address."""
    dossier = progress.track(code)
    found = progress.tracking_of(dossier)
    answer: dict[str, Any] = {
        "code": found.code,
        "procedure": found.procedure,
        "status": found.status,
        "words": found.words,
        "unit": found.unit,
        "received_at": found.received_at,
        "due_at": found.due_at,
        "ended_at": found.ended_at,
        "route": [{"words": step.words, "state": step.state} for step in found.route],
    }
    if x_tracking_secret:
        if not check_secret(dossier, x_tracking_secret, get_adapter().get_client_ip(request)):
            raise NotFound(
                _("Mã riêng không đúng. Hãy xem lại 6 ký tự in dưới mã QR của giấy tiếp nhận."),
                field="X-Tracking-Secret",
            )
        answer |= {
            "applicant": dossier.applicant_name,
            "papers": [paper.name for paper in dossier.papers.all()],
            "timeline": [vars(line) for line in timeline.lines(dossier, public=True)],
        }
    response = as_it_is(request, answer)
    if x_tracking_secret:
        response["Cache-Control"] = "no-store"
    return response
