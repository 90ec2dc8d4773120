"""The rows of a new dossier: the dossier under its code, its parties, papers and units, and what is owed for it.

Plain functions, called inside actions only.
"""

import json
import secrets as random
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock, numbering
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.core.rows import insert, insert_all, insert_unless_taken
from vamco.organisation.models import Unit
from vamco.parties import actions as parties
from vamco.parties.actions import PartyData
from vamco.parties.models import Party
from vamco.payments import actions as cash
from vamco.payments import charges
from vamco.payments.models import Charge, ChargeState
from vamco.timing import queries as timing

from ...models import Dossier, DossierParty, DossierUnit, Visit, codes
from ...rules import deadlines, moves
from ...rules.application import Application, PartyInput
from ...rules.checking import Content
from ...rules.people import party_data

MOST_TAKEN = 1000
"""How many serials that are taken are passed over for one dossier; the next one that is received goes on from there."""
_SECRET_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # noqa: S105


def register_party(
    actor: Actor,
    unit: Unit,
    party: PartyInput,
    prefix: str,
    purpose: str = gettext_noop("tiếp nhận hồ sơ"),
    *,
    data: PartyData | None = None,
) -> Party:
    """The party's record. A fault in it names the input as the caller calls it; `purpose` goes on record.

    `data` is what a check has found in order already.
    """
    return parties.record_of(
        actor,
        data or party_data(party, prefix),
        unit_id=unit.pk,
        same_person=party.same_person,
        known_id=party.party,
        prefix=prefix,
        purpose=purpose,
    )


def new_dossier(
    unit: Unit,
    application: Application,
    content: Content,
    people: list[tuple[PartyInput, Party]],
    at: datetime,
    visit: Visit | None,
    code: str = "",
) -> Dossier:
    """A dossier as it will be stored; nothing is written yet. Without a code it gets one when it is."""
    applicant = next(party for stated, party in people if stated.role == "applicant")
    regime = timing.regime_at(at)
    amount, limit_unit = content.limit
    due = deadlines.first_due(at, amount, limit_unit, office=unit, regime=regime)
    dossier = Dossier(
        code=code,
        unit=unit,
        procedure_id=content.definition.procedure_id,
        procedure_version_id=content.definition.version_id,
        case_key=content.case.key,
        channel=application.channel,
        visit=visit,
        sensitive=content.definition.sensitive,
        holder_unit=unit,
        applicant=applicant,
        applicant_name=applicant.name,
        summary=" ".join(application.summary.split()),
        answers=content.answers,
        secret_answers=json.dumps(content.secret_answers) if content.secret_answers else "",
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


def party_row(dossier: Dossier, stated: PartyInput, party: Party) -> DossierParty:
    """The party's line on the dossier, as it is written on the day."""
    return DossierParty(
        dossier=dossier,
        party=party,
        role=stated.role,
        name=party.name,
        phone=party.phone,
        email=party.email,
        address=party.address,
    )


def lines_of(content: Content) -> list[charges.Line]:
    """What the application owes, as the cash room takes it."""
    return [
        charges.Line(fee.key, fee.name, fee.kind, fee.quantity, fee.amount, fee.waived)
        for fee in content.fees
    ]


def store(dossier: Dossier, content: Content, people: list[tuple[PartyInput, Party]], at: datetime) -> None:
    """Write a new dossier with its parties, papers and units."""
    insert_dossier(dossier)
    insert_parts(dossier, content, people, at)


def insert_dossier(dossier: Dossier) -> None:
    """Write the dossier itself, under its code or under the next one of the day of receipt.

    Codes that were imported may be ahead of the serials: those that are taken are passed over.
    """
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


def insert_parts(
    dossier: Dossier, content: Content, people: list[tuple[PartyInput, Party]], at: datetime
) -> None:
    parties = [party_row(dossier, stated, party) for stated, party in people]
    for paper in content.papers:
        paper.dossier = dossier
    insert_all(parties)
    insert_all(content.papers)
    insert_all(
        [
            DossierUnit(dossier=dossier, unit_id=dossier.unit_id, part="received", since=at),
            DossierUnit(dossier=dossier, unit_id=dossier.holder_unit_id, part="handled", since=at),
        ]
    )
    moves.remember(dossier, "parties", parties)
    moves.remember(dossier, "papers", content.papers)


def charge(dossier: Dossier, content: Content, application: Application) -> list[Charge]:
    """Put down what the application owes."""
    if not content.fees:
        return []
    return charges.raise_charges(
        subject=dossier.code,
        unit=dossier.unit,
        payer=dossier.applicant,
        payer_name=dossier.applicant_name,
        lines=lines_of(content),
        due="now" if application.pay == "now" else "on_return",
    )


def collect(actor: Actor, unit: Unit, owed: Sequence[Charge], expected: int | None, payer_name: str) -> None:
    """Collect what is due of these charges on one receipt. Raises `Invalid` for another sum than the applicant was told."""
    due = [line for line in owed if line.state == ChargeState.DUE]
    total = sum(line.amount for line in due)
    if expected is not None and expected != total:
        raise Invalid(
            _("Số tiền phải thu là %(total)s đ, khác số đã báo. Hãy xem lại số trang, số bản.")
            % {"total": f"{total:,}".replace(",", ".")},
            field="expected",
        )
    if due:
        cash.collect(
            actor.once(None), unit, charges=tuple(line.pk for line in due), total=total, payer_name=payer_name
        )
    for line in due:
        line.state = ChargeState.PAID


def new_code(unit: Unit, at: datetime) -> str:
    """A code with the next serial of the day of receipt."""
    day = clock.local(at).date()
    return codes.made(unit.agency_code, day, numbering.serial(f"dossier:{unit.pk}:{day:%y%m%d}"))
