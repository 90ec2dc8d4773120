"""What a dossier owes: plain functions for the actions of the rooms above, which hold the permission and the
ledger entry. A dossier is named by its code."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import clock, text
from vamco.core.errors import Refused
from vamco.core.rows import insert_all
from vamco.organisation.models import Unit

from .models import Charge, ChargeState, Due, FeeKind

if TYPE_CHECKING:
    from vamco.parties.models import Party


class Line(NamedTuple):
    """One line of what is owed. `kind`: fee (phí) or charge (lệ phí).

    `amount` in đồng for the whole quantity; 0 with `exempt` naming the group that pays nothing.
    """

    key: str
    name: str
    kind: str
    quantity: int
    amount: int
    exempt: str = ""


def raise_charges(
    *,
    subject: str,
    unit: Unit,
    payer: "Party | None",
    payer_name: str,
    lines: Iterable[Line | tuple[Any, ...]],
    due: str,
) -> list[Charge]:
    """Put down what a new dossier owes. `due`: now or on_return. A line of 0 đồng is waived at once.

    Raises ValueError for lines that no fee can have, IntegrityError when a line was raised before.
    """
    _in_action()
    if due not in Due.values:
        raise ValueError(f"due is now or on_return, not {due!r}")
    now = clock.now()
    charges = [
        Charge(
            subject=subject,
            unit=unit,
            party=payer,
            payer_name=payer_name[:250],
            payer_folded=text.fold(payer_name)[:260],
            state=ChargeState.DUE if line.amount else ChargeState.WAIVED,
            due=due,
            raised_at=now,
            **line._asdict(),
        )
        for line in _checked(lines)
    ]
    insert_all(charges)
    return charges


def replace_charges(
    *,
    subject: str,
    unit: Unit,
    payer: "Party | None",
    payer_name: str,
    lines: Iterable[Line | tuple[Any, ...]],
    due: str,
) -> list[Charge]:
    """Owe other lines, after the case or a quantity was corrected; answers what the dossier owes now.

    What was paid stays as it is. Raises `Refused` when a paid line would change or go: its receipt must be
    cancelled first.
    """
    _in_action()
    wanted = {line.key: line for line in _checked(lines)}
    standing = list(_standing(subject).select_for_update(of=("self",)).select_related("receipt__book"))
    for paid in (one for one in standing if one.state == ChargeState.PAID):
        line = wanted.pop(paid.key, None)
        if line is None or (line.amount, line.quantity, line.kind) != (paid.amount, paid.quantity, paid.kind):
            raise Refused(
                _("Khoản «%(name)s» đã thu, biên lai %(receipt)s. Hãy hủy biên lai đó rồi sửa và thu lại.")
                % {"name": paid.name, "receipt": paid.receipt}
            )
    _standing(subject).exclude(state=ChargeState.PAID).update(state=ChargeState.CANCELLED)
    raise_charges(
        subject=subject, unit=unit, payer=payer, payer_name=payer_name, lines=wanted.values(), due=due
    )
    return list(_standing(subject))


def cancel_charges(subject: str) -> int:
    """The dossier was withdrawn or refused: what is not paid yet is owed no more. Answers how many lines."""
    _in_action()
    return Charge.objects.filter(subject=subject, state=ChargeState.DUE).update(state=ChargeState.CANCELLED)


def _standing(subject: str) -> QuerySet[Charge]:
    return Charge.objects.filter(subject=subject).exclude(state=ChargeState.CANCELLED).order_by("pk")


def _checked(lines: Iterable[Line | tuple[Any, ...]]) -> list[Line]:
    checked = [Line(*line) for line in lines]
    for line in checked:
        if line.kind not in FeeKind.values:
            raise ValueError(f"kind is fee or charge, not {line.kind!r}")
        for value in (line.amount, line.quantity):
            if type(value) is not int or value < 0:
                raise ValueError(f"{line.key}: quantity and amount are whole numbers from 0, not {value!r}")
    return checked


def _in_action() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("charges change within an action of the room above")
