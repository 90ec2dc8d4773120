"""Opinions of other units, and notes: what is said of a dossier without moving it."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input, Words
from vamco.core.text import line
from vamco.organisation import mentions
from vamco.organisation.models import Unit
from vamco.organisation.validity import open_on

from ... import queries
from ...models import Consultation, Dossier, Note
from ...rules import choices, deadlines, handed_in, inputs, moves, when
from ...telling import notices
from .steps import begin


def _no_opinions(dossier: Dossier) -> Words:
    if why := when.in_no_step(dossier):
        return why
    return "" if moves.step_of(dossier).may_consult else _("Bước này không lấy ý kiến đơn vị khác.")


@action(
    "dossiers.consult",
    label=_("Xin ý kiến đơn vị khác"),
    at=lambda dossier: [dossier.holder_unit_id],
    when=_no_opinions,
    check=when.not_ones_step,
)
def consult(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    unit: Annotated[
        str,
        Input(_("Đơn vị được hỏi"), most=40, names="unit", suggested=choices.units, example="803-tu_phap"),
    ],
    question: Annotated[
        str,
        Input(
            _("Nội dung xin ý kiến"),
            most=2000,
            long=True,
            missing=inputs.MISSING,
            example="Đề nghị xác minh nơi cư trú cũ.",
        ),
    ],
    days: Annotated[int, inputs.working_days(_("Trả lời trong (ngày làm việc)"), 60, example=3)] = 3,
    version: inputs.Version = None,
) -> Dossier:
    """Ask another unit for its opinion within some working days (lấy ý kiến). The dossier's clock goes on."""
    begin(actor, dossier)
    asked = Unit.objects.filter(open_on(clock.today()), code=unit).first()
    if asked is None or asked.pk == dossier.holder_unit_id:
        raise Invalid(_("Hãy chọn một đơn vị khác để lấy ý kiến."), field="unit")
    question = line(question)
    at = clock.now()
    due = deadlines.after_days(at, days, asked, dossier.regime)
    Consultation.objects.create(
        dossier=dossier, unit=asked, question=question, asked_at=at, asked_by_id=actor.user_id, due_at=due
    )
    moves.involve(dossier, asked.pk, "consulted", at)
    moves.tell(dossier, actor, "consulted", at=at, unit=asked.agency, question=question, due=due.isoformat())
    moves.touch(dossier, at)
    return dossier


Answer = Annotated[
    str,
    Input(
        _("Ý kiến"),
        most=2000,
        long=True,
        missing=_("Hãy ghi ý kiến."),
        example="Đã cư trú tại ấp 3 từ năm 2001 đến năm 2010.",
    ),
]


def _answered(consultation: Consultation) -> Words:
    if consultation.answered_at is None:
        return ""
    at = clock.local(consultation.answered_at)
    return _("Ý kiến này đã được trả lời lúc %(at)s.") % {"at": f"{at:%H:%M %d/%m/%Y}"}


@action("dossiers.answer", label=_("Trả lời ý kiến"), when=_answered)
def answer(
    actor: Actor, consultation: Consultation, /, *, text: Answer, file: inputs.Attached = None
) -> Consultation:
    """Give the opinion that was asked for (trả lời ý kiến)."""
    consultation.answer = line(text)
    consultation.answered_at, consultation.answered_by_id = clock.now(), actor.user_id
    consultation.file = handed_in.own_file(actor, file.pk if file else None)
    consultation.save()
    dossier = Dossier.objects.select_for_update().get(pk=consultation.dossier_id)
    moves.tell(
        dossier,
        actor,
        "consultation_answered",
        unit_id=consultation.unit_id,
        unit=consultation.unit.agency,
        answer=consultation.answer,
    )
    moves.touch(dossier)
    return consultation


# Notes -----------------------------------------------------------------------------------------------------


@action(
    "dossiers.note",
    label=_("Ghi chú nội bộ"),
    at=lambda dossier: set(dossier.units.values_list("unit_id", flat=True)),
)
def note(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    text: Annotated[
        str,
        Input(
            _("Nội dung, @tên để báo đồng nghiệp"),
            most=4000,
            long=True,
            missing=inputs.MISSING,
            example="Đã gọi điện cho người nộp.",
        ),
    ],
) -> Dossier:
    """Write an internal note; «@username» or «@Full Name» tells that person (ghi chú nội bộ). Raises `Invalid` for a name
    that nobody has who may see the dossier: the note would reach them by mail."""
    mentioned = mentions.mentioned(text, lambda reader: _may_see(reader, dossier))
    written = Note.objects.create(dossier=dossier, author_id=actor.user_id, at=clock.now(), text=text)
    written.mentions.set(mentioned)
    for person in mentioned:
        notices.mentioned(dossier, person, actor)
    moves.tell(dossier, actor, "note", text=text)
    moves.touch(dossier)
    return dossier


def _may_see(reader: Actor, dossier: Dossier) -> bool:
    return queries.visible(reader).filter(pk=dossier.pk).exists()
