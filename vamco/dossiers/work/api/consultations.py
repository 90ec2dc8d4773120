"""Opinions that units are asked for."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from vamco.core import search
from vamco.core.actors import Actor
from vamco.core.api import Id, Problem, Searched, caller, page_of
from vamco.core.api_actions import add_action
from vamco.core.errors import NotFound

from ... import queries
from ...models import OPEN, Consultation
from ...opening import record_opening
from ..actions import opinions

router = Router(tags=["consultations"])


class ConsultationOut(Schema):
    """A question to a unit, and its answer."""

    id: int = Field(examples=[3])
    dossier: str = Field(examples=["000.01.21.H39-161209-0007"])
    unit: str = Field(description="code of the unit that is asked", examples=["803-tu_phap"])
    question: str = Field(examples=["Đề nghị xác minh nơi cư trú cũ."])
    asked_at: datetime
    asked_by: str = Field(examples=["Nguyễn Văn Tám"])
    due_at: datetime
    answer: str = Field(examples=[""])
    answered_at: datetime | None = Field(examples=[None])
    answered_by: str = Field(examples=[""])
    file: int | None = Field(examples=[None])


class ConsultationList(Schema):
    """A page of consultations."""

    items: list[ConsultationOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class ConsultationFilter(Searched):
    """Which consultations; `q` is looked for in question, answer, the unit's name and the dossier's code."""

    dossier: str = Field(
        "", max_length=60, description="all of this dossier; if absent those that wait for the caller's units"
    )
    unit: str = Field(
        "", max_length=40, description="code of the unit that is asked", examples=["803-tu_phap"]
    )


@router.get("/consultations", response={200: ConsultationList, 404: Problem}, summary="Opinions asked for")
def consultations(request: HttpRequest, filters: Query[ConsultationFilter]) -> dict[str, Any]:
    """Those that wait for the caller's units, the most urgent first; or all of a dossier."""
    actor = caller(request)
    if filters.dossier:
        rows = queries.get(actor, filters.dossier).consultations.all()
        return page_of(_narrowed(rows, filters), filters, render=_render)
    seen = queries.visible(actor).values("pk")
    rows = Consultation.objects.filter(answered_at__isnull=True, dossier__stage__in=OPEN, dossier__in=seen)
    rows = rows.filter(actor.within("dossiers.answer"))
    return page_of(_narrowed(rows, filters), filters, key=("due_at", "pk"), render=_render)


_WITH = ("dossier", "unit", "asked_by", "answered_by")


def _narrowed(rows: QuerySet[Consultation], asked: ConsultationFilter) -> QuerySet[Consultation]:
    rows = rows.filter(unit__code=asked.unit) if asked.unit else rows
    rows = search.matching(rows, asked.q, "question", "answer", "unit__name", "dossier__code")
    return rows.select_related(*_WITH)


def _found(actor: Actor, consultation_id: int) -> Consultation:
    seen = queries.visible(actor).values("pk")
    found = Consultation.objects.select_related(*_WITH).filter(pk=consultation_id, dossier__in=seen).first()
    if found is None:
        raise NotFound(_("Không có câu hỏi này trong phạm vi ông/bà được xem."))
    record_opening(actor, found.dossier)
    return found


def _render(one: Consultation) -> dict[str, Any]:
    names = ("question", "asked_at", "due_at", "answer", "answered_at")
    return {
        "id": one.pk,
        "dossier": one.dossier.code,
        "unit": one.unit.code,
        "asked_by": one.asked_by.full_name if one.asked_by else "",
        "answered_by": one.answered_by.full_name if one.answered_by else "",
        "file": one.file_id,
    } | {name: getattr(one, name) for name in names}


add_action(
    router,
    "/consultations/{consultation_id}/actions/answer",
    opinions.answer,
    types={"consultation_id": Id},
    find=_found,
    render=lambda _actor, consultation: _render(consultation),
    response=ConsultationOut,
)
