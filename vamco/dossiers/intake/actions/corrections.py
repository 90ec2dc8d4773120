"""Putting right: by the intake officer until work starts, later by a supervisor. Always with a reason, on record."""

import json
from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.inputs import Input, Words
from vamco.core.text import line
from vamco.organisation.models import User
from vamco.parties import actions as parties
from vamco.parties.models import Party
from vamco.payments import charges, queries
from vamco.payments.models import ChargeState
from vamco.procedures.definition import Case
from vamco.results import writing
from vamco.results.models import State

from ...models import OPEN, Dossier, DossierPaper, DossierParty
from ...papers import drafting, slips
from ...rules import changes, choices, handed_in, inputs, moves, when
from ...rules.application import Application, PartyInput
from ...rules.checking import Checked, check
from ...telling import messages, notices
from .recount import count_again, step_after
from .storing import lines_of, party_row, register_party

_PURPOSE = gettext_noop("sửa hồ sơ")
"""Why a number that is put right is compared with the register."""


def work_started(dossier: Dossier) -> bool:
    """Whether an officer has opened the dossier in its first step, or it has left it."""
    first = dossier.runs.first()
    return first is None or first.opened_at is not None or dossier.runs.count() > 1


RightApplication = Annotated[
    Application,
    Input(
        _("Hồ sơ đúng"),
        names="application",
        example={"procedure": "1.004873", "parties": [{"name": "Nguyễn Thị Mỹ Hạnh"}]},
    ),
]
RightName = Annotated[
    str,
    Input(
        _("Họ và tên đúng"),
        most=250,
        missing=_("Hãy ghi họ và tên đúng của người nộp."),
        example="Nguyễn Thị Mỹ Hạnh",
    ),
]


def _begun(dossier: Dossier) -> Words:
    if dossier.stage in OPEN and not work_started(dossier):
        return ""
    return _(
        "Hồ sơ đã bắt đầu được xử lý nên không sửa tại quầy được. Hãy đề nghị người giám sát một cửa đính chính."
    )


@action("dossiers.correct", label=_("Sửa hồ sơ"), at=lambda dossier: [dossier.unit_id], when=_begun)
def correct(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    application: RightApplication,
    reason: Annotated[str, inputs.reason(_("Lý do sửa"), "Sai mục đích")],
    version: inputs.Version = None,
) -> Dossier:
    """Correct anything on the dossier until work starts (sửa hồ sơ đã tiếp nhận): papers, fee and due time are
    computed again, and the slip is printed again as one that replaces the first."""
    reason = line(reason)
    checked = check(actor, dossier.unit, application, dossier.received_at, dossier=dossier)
    content = checked.content
    _check_case(dossier, content.case)
    at = clock.now()
    before, promised = changes.picture(dossier), dossier.due_at
    _rewrite(actor, dossier, checked, at)
    after = changes.picture(dossier)
    moves.record(
        dossier,
        answers=moves.digest(dossier.answers),
        secret_answers=moves.digest(content.secret_answers),
        papers=handed_in.digest_of(content.papers),
        parties=moves.digest({key: value for key, (value, _kept) in after.items() if "parties." in key}),
    )
    moves.tell(
        dossier,
        actor,
        "corrected",
        at=at,
        reason=reason,
        **changes.between(before, after),
    )
    moves.touch(dossier, at)
    slips.receipt_again(actor, dossier)
    if dossier.due_at and promised and clock.local(dossier.due_at).date() != clock.local(promised).date():
        messages.received(dossier)
    return dossier


def _rewrite(actor: Actor, dossier: Dossier, checked: Checked, at: datetime) -> None:
    """Put everything of the application on the dossier, and count its fees and due times again."""
    content, application = checked.content, checked.application
    _replace_parties(actor, dossier, checked)
    step = step_after(dossier, content.case)
    dossier.case_key, dossier.channel = content.case.key, application.channel
    dossier.answers = content.answers
    dossier.secret_answers = json.dumps(content.secret_answers) if content.secret_answers else ""
    dossier.summary = " ".join(application.summary.split())
    dossier.limit_amount, dossier.limit_unit = content.limit
    dossier.papers.all().delete()
    for paper in content.papers:
        paper.dossier = dossier
    DossierPaper.objects.bulk_create(content.papers)
    dossier.return_by = application.return_by if application.return_by in ("counter", "post") else "counter"
    count_again(actor, dossier, step, at)
    dossier.search = moves.search_value(dossier, list(dossier.units.values_list("unit_id", flat=True)))
    charges.replace_charges(
        subject=dossier.code,
        unit=dossier.unit,
        payer=dossier.applicant,
        payer_name=dossier.applicant_name,
        lines=lines_of(content),
        due="now" if application.pay == "now" else "on_return",
    )


def _check_case(dossier: Dossier, case: Case) -> None:
    """Refuse to make what was received for later into what is done while the applicant waits."""
    if case.at_once and not moves.case_of(dossier).at_once:
        raise Invalid(
            _(
                "Trường hợp «%(case)s» giải quyết ngay tại quầy. Hãy rút hồ sơ này rồi làm lại ở màn hình giải quyết ngay."
            )
            % {"case": case.name},
            field="case",
        )


def _replace_parties(actor: Actor, dossier: Dossier, checked: Checked) -> None:
    rows = []
    for i, (stated, data) in enumerate(zip(checked.application.parties, checked.people, strict=True)):
        party = register_party(actor, dossier.unit, stated, f"parties.{i}.", _PURPOSE, data=data)
        rows.append(party_row(dossier, stated, party))
        if stated.role == "applicant":
            dossier.applicant, dossier.applicant_name = party, party.name
    dossier.parties.all().delete()
    DossierParty.objects.bulk_create(rows)


@action(
    "dossiers.supervise",
    label=_("Đính chính người nộp"),
    at=lambda dossier: set(dossier.unit.path),
    when=when.decided(
        _(
            "Hồ sơ %(stage)s nên không đính chính người nộp được nữa. Tên trên kết quả thì đính chính ở kết quả."
        )
    ),
)
def correct_applicant(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    name: RightName,
    id_number: Annotated[str, Input(_("Số giấy tờ đúng, nếu hồ sơ ghi nhầm người"), most=40)] = "",
    phone: Annotated[str, Input(_("Điện thoại"), most=40)] = "",
    email: Annotated[str, Input(_("Thư điện tử"), most=300)] = "",
    address: Annotated[str, Input(_("Địa chỉ"), most=500)] = "",
    reason: inputs.Reason,
    version: inputs.Version = None,
) -> Dossier:
    """Correct the applicant of a dossier that is being worked on (đính chính người nộp): old and new stay side by side in
    the timeline.

    `id_number` is that of the right person when the wrong one was written down: the dossier goes to their record, known
    or made now; a number known under another name is refused. What is owed and a draft of the result follow.
    """
    reason = line(reason)
    row = dossier.parties.filter(role="applicant").first()
    assert row is not None
    old = _written(row)
    row.party = _right_party(actor, dossier, row, name, id_number, phone, email, address)
    row.name, row.phone, row.email, row.address = (
        name,
        phone or row.phone,
        email or row.email,
        address or row.address,
    )
    row.save()
    dossier.applicant, dossier.applicant_name = row.party, name
    _follow(actor, dossier)
    dossier.search = moves.search_value(dossier, list(dossier.units.values_list("unit_id", flat=True)))
    moves.tell(
        dossier,
        actor,
        "applicant_corrected",
        reason=reason,
        old=old,
        new=_written(row),
    )
    moves.touch(dossier)
    slips.receipt_again(actor, dossier)
    return dossier


def _written(row: DossierParty) -> dict[str, str]:
    """A party as it stands on the dossier, the number masked."""
    return {
        "name": row.name,
        "number": row.party.masked_number,
        "phone": row.phone,
        "email": row.email,
        "address": row.address,
    }


def _right_party(
    actor: Actor,
    dossier: Dossier,
    row: DossierParty,
    name: str,
    id_number: str,
    phone: str,
    email: str,
    address: str,
) -> Party:
    """The record of the applicant: the one that the dossier has, or that of another number, as intake finds it."""
    if not id_number.strip():
        return row.party
    typed: dict[str, Any] = {
        "name": name,
        "kind": row.party.kind,
        "phone": phone,
        "email": email,
        "address": address,
    }
    found = parties.find(actor, parties.checked(id_number=id_number, **typed), purpose=_PURPOSE)
    if found is not None and found.pk == row.party_id:
        return row.party
    party = register_party(actor, dossier.unit, PartyInput(id_number=id_number, **typed), "", _PURPOSE)
    if not dossier.sensitive:
        for unit_id in dossier.units.values_list("unit_id", flat=True):
            parties.known_at(party, unit_id)
    return party


def _follow(actor: Actor, dossier: Dossier) -> None:
    """Let what is owed and what is drafted name the applicant as corrected; a draft that was signed is signed again."""
    standing = queries.charges_for([dossier.code])[dossier.code]
    if any(charge.state == ChargeState.DUE for charge in standing):
        charges.replace_charges(
            subject=dossier.code,
            unit=dossier.unit,
            payer=dossier.applicant,
            payer_name=dossier.applicant_name,
            lines=[
                charges.Line(
                    charge.key, charge.name, charge.kind, charge.quantity, charge.amount, charge.exempt
                )
                for charge in standing
            ],
            due=standing[0].due,
        )
    draft = drafting.current(dossier)
    if draft is not None and draft.state == State.DRAFT:
        writing.update_draft(
            draft,
            values={},
            parties=drafting.parties_of(dossier),
            holder=dossier.applicant,
            holder_name=dossier.applicant_name,
            by_id=actor.user_id,
        )


@action(
    "dossiers.supervise",
    label=_("Điều chuyển hồ sơ bị kẹt"),
    at=lambda dossier: set(dossier.unit.path),
    when=when.in_no_step,
)
def move(
    actor: Actor,
    dossier: Dossier,
    /,
    *,
    step: Annotated[
        str, Input(_("Đến bước"), most=60, names="step", suggested=choices.steps, example="tham_tra")
    ],
    person: inputs.Receiver = None,
    reason: inputs.Reason,
    version: inputs.Version = None,
) -> Dossier:
    """Move a stuck dossier to a step, and to a person if one is named (điều chuyển hồ sơ bị kẹt)."""
    reason = line(reason)
    try:
        target = moves.case_of(dossier).process.step(step)
    except KeyError:
        raise Invalid(_("Quy trình của hồ sơ không có bước này."), field="step") from None
    unit = moves.unit_for(dossier, target)
    receiver = User.objects.filter(pk=person, is_active=True).first() if person else None
    if person and (receiver is None or not moves.can_hold(receiver, unit, target)):
        raise Invalid(_("Người này không làm bước đó. Hãy chọn người khác."), field="person")
    at = clock.now()
    old = {
        "step": dossier.step,
        "unit": dossier.holder_unit.agency,
        "person": dossier.holder.full_name if dossier.holder else "",
    }
    moves.leave(dossier, actor, at, outcome="moved", name=gettext_noop("Giám sát điều chuyển"), reason=reason)
    moves.enter(dossier, target, actor, at, person=receiver, unit=unit, back=True)
    notices.sent(dossier, actor)
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
    messages.reached(dossier, actor, at)
    return dossier


@action("dossiers.correct", label=_("Thêm giấy tờ"), at=lambda dossier: [dossier.unit_id], when=when.ended)
def add_papers(
    actor: Actor, dossier: Dossier, /, *, papers: inputs.Papers, version: inputs.Version = None
) -> Dossier:
    """Attach scans or papers that belong to the dossier, at any time before it ends (thêm giấy tờ)."""
    handed_in.keep_papers(actor, dossier, papers, clock.now())
    moves.tell(dossier, actor, "papers_added", count=len(papers))
    moves.touch(dossier)
    return dossier
