"""Not received: sent home with a list of everything that is missing, or refused with where to go instead."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input
from vamco.core.papers import Person
from vamco.core.stored import in_vietnamese
from vamco.forms.conditions import holds
from vamco.forms.fields import clean
from vamco.organisation.models import Unit
from vamco.procedures import queries as procedures
from vamco.procedures import wording
from vamco.procedures.definition import Case, Paper

from ...models import Slip, Stage, Visit
from ...papers import slips
from ...rules import moves
from ...rules.application import Application, PaperInput
from ...rules.checking import Content
from ...rules.competence import procedure_for
from .inputs import Reason
from .storing import new_dossier, register_party, store

NOT_ACCEPTED = 3
"""National status: not received."""


@action(
    "dossiers.receive",
    label=_("Hướng dẫn bổ sung trước khi nhận"),
    done=_("Chưa tiếp nhận. Đã lập phiếu yêu cầu bổ sung, hoàn thiện hồ sơ."),
    locks=False,
    signs=True,
)
def ask_before_intake(actor: Actor, unit: Unit, /, *, application: Application, reason: Reason = "") -> Slip:
    """The dossier is incomplete: nothing is received, the person takes a supplement slip home that lists every fault
    found in the verdicts (phiếu yêu cầu bổ sung, Decree 61/2018 article 17)."""
    definition, case = procedure_for(unit, application, clock.now())
    given = {paper.code: paper for paper in application.papers}
    answers = clean(case.intake_fields(), application.answers, today=clock.today(), draft=True).values
    faults = [
        (paper.name, fault)
        for paper in case.papers_for(answers)
        if (fault := _fault(paper, case, answers, given.get(paper.code)))
    ]
    if not faults:
        raise Invalid(
            _("Mọi giấy tờ đều đủ và hợp lệ: hãy tiếp nhận, hoặc đánh dấu giấy tờ chưa đạt."), field="papers"
        )
    visit = Visit.objects.create(unit=unit, at=clock.now(), by_id=actor.user_id)
    return slips.intake_supplement(
        actor,
        unit,
        visit,
        _applicant(application),
        definition.name,
        faults,
        reason or gettext_noop("Hồ sơ chưa đầy đủ, chưa hợp lệ."),
    )


@in_vietnamese
def _fault(paper: Paper, case: Case, answers: Mapping[str, Any], given: PaperInput | None) -> str:
    """What is wrong with a paper, "" when nothing is.

    One that depends on an answer not given yet is asked for with its condition, so that one more visit is enough.
    """
    remark = given.remark if given else ""
    if given is not None and given.verdict == "not_ok":
        return remark or str(_("chưa hợp lệ"))
    if paper.required == "optional" or (given is not None and given.verdict != "missing"):
        return ""
    if paper.required == "when" and not holds(paper.when, answers, default=False):
        return remark or str(_("cần có nếu %(when)s") % {"when": wording.condition(paper.when, case.fields)})
    return remark or str(_("còn thiếu"))


@action(
    "dossiers.receive",
    label=_("Từ chối tiếp nhận"),
    done=_("Không tiếp nhận. Đã lập phiếu từ chối, ghi rõ nơi người dân cần đến."),
    locks=False,
    signs=True,
)
def refuse_intake(
    actor: Actor,
    unit: Unit,
    /,
    *,
    application: Application,
    reason: Reason,
    directions: Annotated[
        str, Input(_("Nơi cần đến"), most=2000, example="UBND huyện Bến Lức, 213 Quốc lộ 1")
    ],
) -> Slip:
    """Refuse to receive, with the reason and where to go instead (phiếu từ chối tiếp nhận). On record as a dossier that
    was not accepted, so that it counts in the figures."""
    at = clock.now()
    definition = procedures.guide(application.procedure, clock.today())
    keys = {case.key for case in definition.cases}
    case = definition.case(application.case if application.case in keys else "")
    applicant = _applicant(application)
    stated = next(party for party in application.parties if party.role == "applicant")
    purpose = gettext_noop("từ chối tiếp nhận hồ sơ")
    people = [(stated, register_party(actor, unit, stated, "parties.0.", purpose))]
    content = Content(definition, case, {}, {}, (), (), case.limit.given(application.channel, {}))
    dossier = new_dossier(unit, application, content, people, at, None)
    moves.end(dossier, Stage.REFUSED, NOT_ACCEPTED, at)
    dossier.due_at = dossier.warn_at = None
    store(dossier, content, people, at)
    moves.tell(
        dossier,
        actor,
        "refused_intake",
        public=True,
        at=at,
        unit_id=unit.pk,
        reason=reason,
        directions=directions,
    )
    basis = [f"{law.ref} {law.title}".strip() for law in definition.legal_basis]
    return slips.intake_refusal(actor, dossier, applicant, definition.name, [reason], basis, directions)


def _applicant(application: Application) -> Person:
    applicant = next((party for party in application.parties if party.role == "applicant"), None)
    if applicant is None or not applicant.name.strip():
        raise Invalid(_("Hãy ghi người nộp hồ sơ."), field="parties")
    return Person(
        name=applicant.name.strip()[:250],
        address=applicant.address[:500],
        phone=applicant.phone[:20],
        email=applicant.email[:254],
    )
