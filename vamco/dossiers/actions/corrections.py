"""Putting right: by the intake officer until work starts, later by a supervisor. Always with a reason, on record."""

import json
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import Actor, action
from vamco.core.errors import Invalid, Refused
from vamco.organisation.models import User
from vamco.payments import charges

from .. import deadlines, handed_in, moves, slips_data
from ..checking import check
from ..inputs import Application, PaperInput
from ..models import OPEN, Dossier, DossierPaper, DossierParty
from .intake import lines_of, party_row, register_party
from .work import can_hold


def work_started(dossier: Dossier) -> bool:
    """Whether an officer has opened the dossier in its first step, or it has left it."""
    first = dossier.runs.first()
    return first is None or first.opened_at is not None or dossier.runs.count() > 1


@action("dossiers.correct", at=lambda dossier: [dossier.unit_id])
def correct(
    actor: Actor, dossier: Dossier, /, *, application: Application, reason: str, version: int | None = None
) -> Dossier:
    """Correct anything on the dossier until work starts (sửa hồ sơ đã tiếp nhận): papers, fee and due time are
    computed again, and the slip is printed again as one that replaces the first."""
    moves.check_version(dossier, version)
    reason = moves.check_reason(reason)
    if dossier.stage not in OPEN or work_started(dossier):
        raise Refused(
            _(
                "Hồ sơ đã bắt đầu được xử lý nên không sửa tại quầy được. Hãy đề nghị người giám sát một cửa đính chính."
            )
        )
    checked = check(actor, dossier.unit, application, dossier.received_at, dossier=dossier)
    if checked.definition.procedure_id != dossier.procedure_id:
        raise Invalid(
            _("Không đổi thủ tục của hồ sơ đã tiếp nhận. Hãy rút hồ sơ này và tiếp nhận hồ sơ mới."),
            field="procedure",
        )
    at = clock.now()
    old = {"summary": dossier.summary, "applicant": dossier.applicant_name, "case": dossier.case_key}
    _replace_parties(actor, dossier, application)
    dossier.case_key = checked.case.key
    dossier.answers = checked.answers
    dossier.secret_answers = json.dumps(checked.secret_answers) if checked.secret_answers else ""
    dossier.summary = " ".join(application.summary.split())
    dossier.limit_amount, dossier.limit_unit = checked.limit
    dossier.papers.all().delete()
    for paper in checked.papers:
        paper.dossier = dossier
    DossierPaper.objects.bulk_create(checked.papers)
    dossier.return_by = application.return_by if application.return_by in ("counter", "post") else "counter"
    dossier.due_at = dossier.first_due_at = deadlines.due_at(dossier) or dossier.first_due_at
    deadlines.plan_warning(dossier, deadlines.counting_since(dossier))
    dossier.search = moves.search_value(dossier, list(dossier.units.values_list("unit_id", flat=True)))
    charges.replace_charges(
        subject=dossier.code,
        unit=dossier.unit,
        payer=dossier.applicant,
        payer_name=dossier.applicant_name,
        lines=lines_of(checked),
        due="now" if application.pay == "now" else "on_return",
    )
    moves.tell(
        dossier,
        actor,
        "corrected",
        at=at,
        reason=reason,
        old=old,
        new={"summary": dossier.summary, "applicant": dossier.applicant_name, "case": dossier.case_key},
    )
    moves.touch(dossier, at)
    slips_data.receipt_again(actor, dossier)
    return dossier


def _replace_parties(actor: Actor, dossier: Dossier, application: Application) -> None:
    rows = []
    for i, one in enumerate(application.parties):
        party = register_party(actor, dossier.unit, one, f"parties.{i}.")
        rows.append(party_row(dossier, one, party))
        if one.role == "applicant":
            dossier.applicant, dossier.applicant_name = party, party.name
    dossier.parties.all().delete()
    DossierParty.objects.bulk_create(rows)


@action("dossiers.supervise", at=lambda dossier: set(dossier.unit.path))
def correct_applicant(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    name: str,
    reason: str,
    phone: str = "",
    email: str = "",
    address: str = "",
    version: int | None = None,
) -> Dossier:
    """Correct how the applicant is written on a dossier that is being worked on (đính chính người nộp): old and new stay
    side by side in the timeline."""
    moves.check_version(dossier, version)
    reason = moves.check_reason(reason)
    name = " ".join(name.split())[:250]
    if not name:
        raise Invalid(_("Hãy ghi họ và tên đúng của người nộp."), field="name")
    row = dossier.parties.filter(role="applicant").first()
    assert row is not None
    old = {"name": row.name, "phone": row.phone, "email": row.email, "address": row.address}
    row.name, row.phone, row.email, row.address = (
        name,
        phone or row.phone,
        email or row.email,
        address or row.address,
    )
    row.save()
    dossier.applicant_name = name
    dossier.search = moves.search_value(dossier, list(dossier.units.values_list("unit_id", flat=True)))
    moves.tell(
        dossier,
        actor,
        "applicant_corrected",
        reason=reason,
        old=old,
        new={"name": row.name, "phone": row.phone, "email": row.email, "address": row.address},
    )
    moves.touch(dossier)
    if dossier.stage in OPEN:
        slips_data.receipt_again(actor, dossier)
    return dossier


@action("dossiers.supervise", at=lambda dossier: set(dossier.unit.path))
def move(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    step: str,
    reason: str,
    person: int | None = None,
    version: int | None = None,
) -> Dossier:
    """Move a stuck dossier to a step, and to a person if one is named (điều chuyển hồ sơ bị kẹt)."""
    moves.check_version(dossier, version)
    reason = moves.check_reason(reason)
    moves.step_of(dossier)
    try:
        target = moves.case_of(dossier).process.step(step)
    except KeyError:
        raise Invalid(_("Quy trình của hồ sơ không có bước này."), field="step") from None
    unit = moves.unit_for(dossier, target)
    receiver = User.objects.filter(pk=person, is_active=True).first() if person else None
    if person and (receiver is None or not can_hold(receiver, unit, target)):
        raise Invalid(_("Người này không làm bước đó. Hãy chọn người khác."), field="person")
    at = clock.now()
    old = {
        "step": dossier.step,
        "unit": dossier.holder_unit.agency,
        "person": dossier.holder.full_name if dossier.holder else "",
    }
    moves.leave(dossier, actor, at, outcome="moved", name=gettext_noop("Giám sát điều chuyển"), reason=reason)
    moves.enter(dossier, target, actor, at, person=receiver, unit=unit, back=True)
    moves.tell(
        dossier,
        actor,
        "moved",
        at=at,
        reason=reason,
        old=old,
        new={"step": target.key, "unit": unit.agency, "person": receiver.full_name if receiver else ""},
    )
    moves.touch(dossier, at)
    return dossier


@action("dossiers.correct", at=lambda dossier: [dossier.unit_id])
def add_papers(
    actor: Actor, dossier: Dossier, /, *, papers: Sequence[PaperInput], version: int | None = None
) -> Dossier:
    """Attach scans or papers that belong to the dossier, at any time before it ends (thêm giấy tờ)."""
    moves.check_version(dossier, version)
    if dossier.ended_at is not None:
        raise Refused(_("Hồ sơ đã kết thúc nên không thêm giấy tờ được."))
    if not papers:
        raise Invalid(_("Hãy thêm ít nhất một giấy tờ."), field="papers")
    handed_in.keep_papers(actor, dossier, papers, clock.now())
    moves.tell(dossier, actor, "papers_added", count=len(papers))
    moves.touch(dossier)
    return dossier
