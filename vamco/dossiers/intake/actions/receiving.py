"""Intake: a dossier is received, refused, or sent home with a list of everything that is missing."""

import json
import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from vamco.core import clock, numbering
from vamco.core.actions import action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.core.papers import Person
from vamco.core.rows import insert, insert_all, insert_unless_taken, together
from vamco.core.stored import in_vietnamese
from vamco.forms.conditions import holds
from vamco.forms.fields import clean
from vamco.organisation.models import Unit
from vamco.organisation.validity import open_on
from vamco.parties import actions as parties
from vamco.parties.models import Party
from vamco.payments import actions as cash
from vamco.payments import charges
from vamco.payments import queries as payments
from vamco.payments.models import Charge, ChargeState
from vamco.procedures import queries as procedures
from vamco.procedures import wording
from vamco.procedures.definition import Case, Paper
from vamco.timing import queries as timing

from ...models import Dossier, DossierParty, DossierUnit, Slip, Stage, Visit, codes
from ...papers import slips
from ...rules import deadlines, moves
from ...rules.application import Application, PaperInput, PartyInput
from ...rules.checking import Checked, check, procedure_for
from ...telling import messages

ACCEPTED, NOT_ACCEPTED = 2, 3
"""National statuses: received and not yet taken up; not received."""
MOST_TAKEN = 1000
"""How many serials that are taken are passed over for one dossier; the next one that is received goes on from there."""
_SECRET_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # noqa: S105


@action("dossiers.receive", label=_("Tiếp nhận hồ sơ"), locks=False)
def receive(
    actor: Actor,
    unit: Unit,
    /,
    *,
    application: Application,
    visit: Visit | None = None,
    received_at: datetime | None = None,
    strict: bool = False,
    slip: bool = True,
    expected: int | None = None,
) -> Dossier:
    """Receive a dossier (tiếp nhận hồ sơ): it gets its code, its due time and its first step; the applicant a slip.

    `received_at` is for what came by post only: never in the future. The procedure's version is that of the day of
    receipt, or today's where the catalogue has none of that day.
    `expected` is the sum in đồng that was asked of the applicant for what is paid now: it is collected here, on a
    receipt of its own; without it the cashier collects. Raises `Invalid` with every fault at once, `Refused` when the
    unit does not receive this.
    """
    at = clock.now()
    when = received_at or at
    if visit is not None and visit.unit_id != unit.pk:
        raise Invalid(_("Lượt nộp này ở đơn vị khác. Hãy mở lượt nộp mới."), field="visit")
    if when > at:
        raise Invalid(_("Thời điểm tiếp nhận không thể ở tương lai."), field="received_at")
    checked = check(actor, unit, application, when, strict=strict)
    people = [
        (one, register_party(actor, unit, one, f"parties.{i}.")) for i, one in enumerate(application.parties)
    ]
    dossier = new_dossier(unit, application, checked, people, when, visit)
    first = checked.case.process.step(checked.case.process.first)
    moves.place(dossier, first, actor, when)
    dossier.status = ACCEPTED
    _store_itself(dossier)
    with together():
        _store_parts(dossier, checked, people, when)
        moves.begin_run(dossier, first, actor, when)
        moves.tell(
            dossier,
            actor,
            "received",
            public=True,
            at=when,
            unit_id=unit.pk,
            unit=unit.agency,
            note=application.note.strip()[:1000],
        )
        owed = charge(dossier, checked, application)
    if expected is not None and application.pay == "now":
        collect(actor, unit, owed, expected, dossier.applicant_name)
    if slip:
        slips.receipt(actor, dossier, owed={dossier.code: owed})
    messages.received(dossier)
    messages.reached(dossier, actor, when)
    return dossier


def register_party(
    actor: Actor,
    unit: Unit,
    one: PartyInput,
    prefix: str,
    purpose: str = gettext_noop("tiếp nhận hồ sơ"),
) -> Party:
    """The party's record. A fault in it names the input as the caller knows it; `purpose` goes on record."""
    return parties.get_or_register(
        actor,
        unit_id=unit.pk,
        prefix=prefix,
        purpose=purpose,
        same_person=one.same_person,
        name=one.name,
        kind=one.kind,
        id_number=one.id_number,
        birth_date=one.birth_date,
        gender=one.gender,
        phone=one.phone,
        email=one.email,
        address=one.address,
        groups=one.groups or None,
        nationality=one.nationality,
        known_id=one.party,
    )


def collect(actor: Actor, unit: Unit, owed: Sequence[Charge], expected: int | None, payer_name: str) -> None:
    """Take the money that is due of these charges on one receipt. Raises `Invalid` when the sum is not the one that was
    asked of the applicant."""
    due = [one for one in owed if one.state == ChargeState.DUE]
    total = sum(one.amount for one in due)
    if expected is not None and expected != total:
        raise Invalid(
            _("Số tiền phải thu là %(total)s đ, khác số đã báo. Hãy xem lại số trang, số bản.")
            % {"total": f"{total:,}".replace(",", ".")},
            field="expected",
        )
    if due:
        cash.collect(
            actor.once(None), unit, charges=tuple(one.pk for one in due), total=total, payer_name=payer_name
        )
    for one in due:
        one.state = ChargeState.PAID


def new_dossier(
    unit: Unit,
    application: Application,
    checked: Checked,
    people: list[tuple[PartyInput, Party]],
    at: datetime,
    visit: Visit | None,
    code: str = "",
) -> Dossier:
    """A dossier as it will be stored; nothing is written yet. Without a code it gets one when it is."""
    applicant = next(party for one, party in people if one.role == "applicant")
    regime = timing.regime_at(at)
    amount, limit_unit = checked.limit
    due = deadlines.first_due(at, amount, limit_unit, office=unit, regime=regime)
    dossier = Dossier(
        code=code,
        unit=unit,
        procedure_id=checked.definition.procedure_id,
        procedure_version_id=checked.definition.version_id,
        case_key=checked.case.key,
        channel=application.channel,
        visit=visit,
        sensitive=checked.definition.sensitive,
        holder_unit=unit,
        applicant=applicant,
        applicant_name=applicant.name,
        summary=" ".join(application.summary.split()),
        answers=checked.answers,
        secret_answers=json.dumps(checked.secret_answers) if checked.secret_answers else "",
        regime=regime.key,
        received_at=at,
        limit_amount=amount,
        limit_unit=limit_unit,
        due_at=due,
        first_due_at=due,
        changed_at=at,
        secret="".join(random.choice(_SECRET_LETTERS) for _i in range(6)),
        return_by=application.return_by if application.return_by in ("counter", "post") else "counter",
    )
    deadlines.plan_warning(dossier, at)
    return dossier


def party_row(dossier: Dossier, one: PartyInput, party: Party) -> DossierParty:
    """The party's line on the dossier, as it is written on the day."""
    return DossierParty(
        dossier=dossier,
        party=party,
        role=one.role,
        name=party.name,
        phone=party.phone,
        email=party.email,
        address=party.address,
    )


def lines_of(checked: Checked) -> list[charges.Line]:
    """What the application owes, as the cash room takes it."""
    return [
        charges.Line(one.key, one.name, one.kind, one.quantity, one.amount, one.waived)
        for one in checked.fees
    ]


def store(dossier: Dossier, checked: Checked, people: list[tuple[PartyInput, Party]], at: datetime) -> None:
    """Write a new dossier with its parties, papers and units."""
    _store_itself(dossier)
    _store_parts(dossier, checked, people, at)


def _store_itself(dossier: Dossier) -> None:
    """Write the dossier itself, under its code or under the next one of the day of receipt. A code that was imported
    before may stand where the serials come to only later: it is passed over."""
    if dossier.code:
        dossier.search = _search(dossier)
        insert(dossier)
        return
    for _serial in range(MOST_TAKEN):
        dossier.code = new_code(dossier.unit, dossier.received_at)
        dossier.search = _search(dossier)
        if insert_unless_taken(dossier, "code"):
            return
    raise Refused(
        _(
            "Các số thứ tự kế tiếp của ngày nhận này đã có trong hồ sơ nhập từ bảng tính. Hãy tiếp nhận lại để lấy số tiếp theo."
        )
    )


def _search(dossier: Dossier) -> str:
    return moves.search_value(dossier, [dossier.unit_id, dossier.holder_unit_id])


def _store_parts(
    dossier: Dossier, checked: Checked, people: list[tuple[PartyInput, Party]], at: datetime
) -> None:
    parties = [party_row(dossier, one, party) for one, party in people]
    for paper in checked.papers:
        paper.dossier = dossier
    insert_all(parties)
    insert_all(checked.papers)
    insert_all(
        [
            DossierUnit(dossier=dossier, unit_id=dossier.unit_id, part="received", since=at),
            DossierUnit(dossier=dossier, unit_id=dossier.holder_unit_id, part="handled", since=at),
        ]
    )
    moves.remember(dossier, "parties", parties)
    moves.remember(dossier, "papers", checked.papers)


def charge(dossier: Dossier, checked: Checked, application: Application) -> list[Charge]:
    """Put down what the application owes."""
    if not checked.fees:
        return []
    return charges.raise_charges(
        subject=dossier.code,
        unit=dossier.unit,
        payer=dossier.applicant,
        payer_name=dossier.applicant_name,
        lines=lines_of(checked),
        due="now" if application.pay == "now" else "on_return",
    )


def new_code(unit: Unit, at: datetime) -> str:
    """A code with the next serial of the day of receipt."""
    day = clock.local(at).date()
    return codes.made(unit.agency_code, day, numbering.serial(f"dossier:{unit.pk}:{day:%y%m%d}"))


# Not received ----------------------------------------------------------------------------------------------


@action("dossiers.receive", label=_("Bắt đầu lượt tiếp công dân"), locks=False)
def open_visit(actor: Actor, unit: Unit, /) -> Visit:
    """Somebody came to the counter: several dossiers will share one payment and one slip."""
    return Visit.objects.create(unit=unit, at=clock.now(), by_id=actor.user_id)


@action("dossiers.receive", label=_("Xong lượt tiếp công dân"))
def close_visit(actor: Actor, visit: Visit, /, *, expected: int | None = None) -> Slip:
    """The slip over all dossiers of a visit. With `expected`, the sum in đồng that was asked, everything that is due now
    is collected on one receipt first."""
    dossiers = list(
        visit.dossiers.select_related("unit").prefetch_related("parties", "papers").order_by("pk")
    )
    if not dossiers:
        raise Refused(_("Lượt nộp này chưa có hồ sơ nào."))
    if visit.slips.filter(kind="receipt").exists():
        raise Refused(_("Lượt nộp này đã in giấy tiếp nhận. Hãy in lại ở trang hồ sơ, hoặc mở lượt nộp mới."))
    if expected is not None:
        owed = [
            one
            for lines in payments.charges_for([d.code for d in dossiers]).values()
            for one in lines
            if one.due == "now"
        ]
        collect(actor, visit.unit, owed, expected, dossiers[0].applicant_name)
    return slips.receipt(actor, *dossiers, visit=visit)


@action("dossiers.receive", label=_("In phiếu theo yêu cầu"))
def slip_on_request(actor: Actor, dossier: Dossier, /) -> Slip:
    """The receipt slip of a dossier that got none, because the applicant waited for the result."""
    if dossier.slips.filter(kind="receipt").exists():
        raise Refused(_("Hồ sơ đã có giấy tiếp nhận. Hãy in lại ở trang hồ sơ."))
    return slips.receipt(actor, dossier)


@action("dossiers.receive", label=_("Hướng dẫn bổ sung trước khi nhận"), locks=False, signs=True)
def ask_before_intake(actor: Actor, unit: Unit, /, *, application: Application, reason: str = "") -> Slip:
    """The dossier is incomplete: nothing is received, the person takes a supplement slip home that lists every fault
    found in the verdicts (phiếu yêu cầu bổ sung, Decree 61/2018 article 17)."""
    definition, case = procedure_for(unit, application, clock.now())
    given = {paper.code: paper for paper in application.papers}
    answers = clean(case.intake_fields(), application.answers, today=clock.today(), draft=True).values
    found = [(one.name, _fault(one, case, answers, given.get(one.code))) for one in case.papers_for(answers)]
    faults = [(name, fault) for name, fault in found if fault]
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
    """What is wrong with a paper, "" when nothing is. What only some need, and whose case the answers do not tell yet,
    is asked for with its condition: one more visit must be enough."""
    remark = given.remark if given else ""
    if given is not None and given.verdict == "not_ok":
        return remark or str(_("chưa hợp lệ"))
    if paper.required == "optional" or (given is not None and given.verdict != "missing"):
        return ""
    if paper.required == "when" and not holds(paper.when, answers, default=False):
        return remark or str(_("cần có nếu %(when)s") % {"when": wording.condition(paper.when, case.fields)})
    return remark or str(_("còn thiếu"))


@action("dossiers.receive", label=_("Từ chối tiếp nhận"), locks=False, signs=True)
def refuse_intake(
    actor: Actor, unit: Unit, /, *, application: Application, reason: str, directions: str
) -> Slip:
    """Refuse to receive, with the reason and where to go instead (phiếu từ chối tiếp nhận). On record as a dossier that
    was not accepted, so that it counts in the figures."""
    reason = moves.check_reason(reason)
    directions = moves.check_reason(directions, "directions")
    at = clock.now()
    definition = procedures.guide(application.procedure, clock.today())
    case = (
        definition.case(application.case)
        if application.case in {one.key for one in definition.cases}
        else definition.case()
    )
    applicant = _applicant(application)
    one = next(party for party in application.parties if party.role == "applicant")
    purpose = gettext_noop("từ chối tiếp nhận hồ sơ")
    people = [(one, register_party(actor, unit, one, "parties.0.", purpose))]
    checked = Checked(definition, case, {}, {}, [], (), case.limit.given(application.channel, {}))
    dossier = new_dossier(unit, application, checked, people, at, None)
    moves.end(dossier, Stage.REFUSED, NOT_ACCEPTED, at)
    dossier.due_at = dossier.warn_at = None
    store(dossier, checked, people, at)
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


@action("dossiers.receive", label=_("Chuyển nơi có thẩm quyền"), locks=False)
def forward(actor: Actor, unit: Unit, /, *, application: Application, to: str, note: str = "") -> Dossier:
    """The wrong authority: under a regime that says so, the dossier is received here for the right one-stop unit and
    sent on the same day (Decree 61/2018 article 18)."""
    if timing.regime_at(clock.now()).wrong_authority != "forward":
        raise Refused(
            _(
                "Quy định đang áp dụng không cho chuyển hồ sơ nhận sai thẩm quyền. Hãy từ chối và hướng dẫn người dân đến đúng nơi."
            )
        )
    right = Unit.objects.filter(open_on(clock.today()), code=to).first()
    if right is None or right.pk == unit.pk:
        raise Invalid(_("Hãy chọn bộ phận một cửa có thẩm quyền."), field="to")
    both = {**actor.scope, "dossiers.receive": frozenset({unit.pk, right.pk})}
    inner = replace(actor, scope=both, request_key=None)
    dossier = receive(inner, right, application=application)
    moves.involve(dossier, unit.pk, "received", clock.now())
    moves.tell(
        dossier,
        actor,
        "forwarded",
        public=True,
        unit_id=unit.pk,
        source=unit.agency,
        to=right.agency,
        note=note.strip()[:500],
    )
    moves.touch(dossier)
    return dossier


def _applicant(application: Application) -> Person:
    one = next((party for party in application.parties if party.role == "applicant"), None)
    if one is None or not one.name.strip():
        raise Invalid(_("Hãy ghi người nộp hồ sơ."), field="parties")
    return Person(
        name=one.name.strip()[:250], address=one.address[:500], phone=one.phone[:20], email=one.email[:254]
    )
