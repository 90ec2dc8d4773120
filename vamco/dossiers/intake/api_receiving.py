"""The operation by which a program receives a dossier."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router

from vamco.core.api import Id, Moment, caller
from vamco.core.errors import Invalid
from vamco.organisation.api.units import UnitCode, known

from ..schemas.given import ApplicationIn, application, visit_at
from ..schemas.shown import DossierOut, received
from .actions.receiving import receive

router = Router(tags=["dossiers"])


class DossierIn(ApplicationIn, extra="forbid"):
    """An application for a procedure at a unit."""

    unit: UnitCode
    visit: Id | None = Field(None, description="the visit to the counter that it belongs to", examples=[None])
    received_at: Moment | None = Field(
        None, description="only for what came by post: when it arrived", examples=[None]
    )
    expected: int | None = Field(
        None,
        ge=0,
        lt=10**12,
        description="đồng asked for what is paid now; it is collected at once",
        examples=[None],
    )


@router.post("/dossiers", response={201: DossierOut}, summary="Receive a dossier")
def create(request: HttpRequest, body: DossierIn) -> dict[str, Any]:
    """Receive a dossier at a unit. With an `Idempotency-Key` a repeated request answers the same dossier."""
    actor = caller(request)
    unit = known(body.unit)
    if body.received_at is not None and body.channel != "post":
        raise Invalid(
            _("Chỉ hồ sơ gửi qua bưu điện mới ghi thời điểm nhận; hồ sơ khác nhận lúc tiếp nhận."),
            field="received_at",
        )
    dossier = receive(
        actor,
        unit,
        application=application(actor, body),
        visit=visit_at(actor, body.visit) if body.visit is not None else None,
        received_at=body.received_at,
        expected=body.expected,
        strict=True,
    )
    return received(dossier)
