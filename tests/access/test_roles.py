"""The table of role and action: who may do what, as people of the administration would read it.

Every registered action has a row; an action without one fails. Each cell is tried by calling the action as a
person with that role alone, on a real thing of their unit. Refusals of other kinds (an input missing, the wrong
moment) mean that the role may: the right was not what stopped it. Then the same in a unit where they have no role.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db.models import Model

from tests import province
from tests.province import COMMUNE, MONDAY, OTHER_COMMUNE, unit
from vamco.core import clock
from vamco.core.actions import ACTIONS, Action
from vamco.core.actors import EVERYWHERE, SYSTEM, Actor
from vamco.core.errors import NotAllowed
from vamco.core.models import File
from vamco.core.rooms import rooms
from vamco.core.transactions import atomic
from vamco.organisation.models import Unit, User
from vamco.organisation.roles import roles

from .signing import SIGNS, SIGNS_BY_SOME_INPUTS, SIGNS_NOT
from .things import Things

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
WORKERS = "intake specialist head leader registrar"
READERS = f"{WORKERS} cashier supervisor auditor"
EVERYONE = f"{READERS} admin"

# Who may, by role; "" is nobody: the system's own jobs only.
TABLE = {
    "attachments.attach": "intake cashier supervisor",  # to a receipt: who may add to what, its room says
    "attachments.put_back": "intake cashier supervisor",
    "attachments.remove": "intake cashier supervisor",
    "audit.export": "auditor",
    "configuration.reset_value": "admin",
    "configuration.set_value": "admin",
    "dossiers.add_papers": "intake",
    "dossiers.advance": "specialist head",  # as with "dossiers.take"
    "dossiers.answer": "specialist head",
    "dossiers.ask_before_intake": "intake",
    "dossiers.assign": "head leader supervisor",
    "dossiers.at_once": "intake",
    "dossiers.back_to_pool": "",  # when somebody goes
    "dossiers.close_book": "supervisor",
    "dossiers.close_unanswered": "intake",
    "dossiers.close_visit": "intake",
    "dossiers.consult": "specialist head",
    "dossiers.correct": "intake",
    "dossiers.correct_applicant": "supervisor",
    "dossiers.delete_filter": READERS,
    "dossiers.draft": "specialist head",  # as with "dossiers.take"
    "dossiers.draft_new_date": "specialist head",
    "dossiers.export_list": "supervisor",
    "dossiers.forward": "intake",
    "dossiers.hand_over": "intake",
    "dossiers.import_running": "supervisor",
    "dossiers.move": "supervisor",
    "dossiers.note": "intake specialist head leader registrar cashier supervisor",
    "dossiers.open_visit": "intake",
    "dossiers.prepare_apology": "",
    "dossiers.prepare_closing": "",
    "dossiers.print_book": "intake supervisor",
    "dossiers.print_register": "intake supervisor",
    "dossiers.receive": "intake",
    "dossiers.refuse_intake": "intake",
    "dossiers.remind_supplement": "",
    "dossiers.request_supplement": "intake specialist head",
    "dossiers.resume": "intake",
    "dossiers.reveal_number": WORKERS,
    "dossiers.save_filter": READERS,
    "dossiers.send_back": "specialist head",  # as with "dossiers.take"
    "dossiers.sign_new_date": "head leader",
    "dossiers.slip_on_request": "intake",
    "dossiers.stop": "supervisor",
    "dossiers.take": "specialist head",  # the dossier of this test waits at a specialist's step
    "dossiers.take_back": WORKERS,
    "dossiers.warn": "",
    "dossiers.withdraw": "intake",
    "history.note": "intake cashier supervisor",  # on a receipt
    "notify.resend": "supervisor admin",
    "organisation.appoint": "admin",
    "organisation.change_person": "admin",
    "organisation.change_post": "admin",
    "organisation.change_unit": "admin",
    "organisation.close_unit": "admin",
    "organisation.create_administrator": "",  # from the command line
    "organisation.create_person": "admin",
    "organisation.create_post": "admin",
    "organisation.create_unit": "admin",
    "organisation.deactivate": "admin",
    "organisation.delegate": "admin",  # another's work; one's own is everybody's: tests/organisation
    "organisation.end_holding": "admin",
    "organisation.grant": "admin",
    "organisation.issue_token": "admin",
    "organisation.own_password": "",  # by the sign-in pages, in the person's own name
    "organisation.own_second_step": "",
    "organisation.own_token": "",  # on the person's own page
    "organisation.reactivate": "admin",
    "organisation.reset_password": "admin",
    "organisation.reset_second_step": "admin",
    "organisation.revoke": "admin",
    "organisation.revoke_delegation": "admin",
    "organisation.revoke_own_token": "",
    "organisation.revoke_token": "admin",
    "parties.correct": "intake supervisor",
    "parties.look_up": "intake",
    "parties.register": "intake supervisor",
    "parties.reveal": "intake",
    "parties.update": "intake supervisor",
    "payments.cancel": "cashier supervisor",
    "payments.close_book": "supervisor admin",
    "payments.close_day": "cashier",
    "payments.collect": "intake cashier",
    "payments.export_receipts": "cashier supervisor auditor",
    "payments.open_book": "supervisor admin",
    "payments.replace": "cashier supervisor",
    "procedures.add_case": "admin",
    "procedures.add_sector": "admin",
    "procedures.add_step": "admin",
    "procedures.discard": "admin",
    "procedures.edit_case": "admin",
    "procedures.edit_process": "admin",
    "procedures.edit_step": "admin",
    "procedures.edit_texts": "admin",
    "procedures.import_definition": "admin",
    "procedures.move": "admin",
    "procedures.new_draft": "admin",
    "procedures.new_procedure": "admin",
    "procedures.publish": "admin",
    "procedures.put": "admin",
    "procedures.retire": "admin",
    "procedures.take_out": "admin",
    "procedures.take_out_case": "admin",
    "procedures.take_out_step": "admin",
    "results.correct": "specialist head",
    "results.drop_correction": "specialist head",
    "results.export_result_templates": "admin",
    "results.export_results": "registrar supervisor auditor",
    "results.issue_correction": "registrar",
    "results.save_template": "admin",
    "results.sign_correction": "leader",
    "results.withdraw": "supervisor",
    "timing.export_calendar_days": "admin",
    "timing.open_regime": "admin",
    "timing.remove_day": "admin",
    "timing.set_day": "admin",
    "timing.set_hours": "admin",
    "timing.set_regime": "admin",
}

OF_THE_PROVINCE = {
    "audit.export", "procedures.add_case", "procedures.add_sector", "procedures.add_step", "procedures.discard",
    "procedures.edit_case", "procedures.edit_process", "procedures.edit_step", "procedures.edit_texts",
    "procedures.import_definition", "procedures.move", "procedures.new_draft", "procedures.new_procedure",
    "procedures.publish", "procedures.put", "procedures.retire", "procedures.take_out", "procedures.take_out_case",
    "procedures.take_out_step", "results.save_template", "timing.open_regime", "timing.set_regime",
}  # fmt: skip
"""Held for the whole province only: the role at one commune is not enough."""

OF_NO_UNIT = {
    "dossiers.delete_filter",  # one's own
    "dossiers.save_filter",  # one's own
    "dossiers.export_list",  # exports what the actor may see
    "payments.export_receipts",  # likewise; refused for receipts of other units: tests/payments
    "results.export_result_templates",  # what every administrator of templates shares
    "results.export_results",  # refused for results of other units: tests/results
    "timing.export_calendar_days",  # anyone may read the days
    "parties.look_up",  # people belong to no unit; pages and API show only those of the own units
    "parties.register",
    "parties.update",
    "parties.correct",
    "parties.reveal",
    "organisation.own_password",
    "organisation.own_second_step",
    "organisation.own_token",
    "organisation.revoke_own_token",
}  # fmt: skip
"""Not bound to a unit: who has the right anywhere may; what it shows or touches is bound elsewhere."""


def person_with(role: str, code: str, username: str = "") -> Actor:
    """Somebody with one role in one unit, as `actor_for` would make them; a user who has nothing else."""
    where = unit(code)
    ids = EVERYWHERE if code == province.PROVINCE else frozenset([where.pk])
    user, _made = User.objects.get_or_create(username=f"only.{role}", full_name=f"Chỉ {role}")
    return Actor(user.pk, user.full_name, dict.fromkeys(roles()[role].permissions, ids))


def kind_of(action: Action[Any, Any, Any]) -> str:
    """The class of an action's target, or an empty string where it has none."""
    return action.target.__name__ if action.target else ""


def may(actor: Actor, name: str, target: Any) -> bool:
    """Whether the right lets this actor do this to this thing. Nothing stays done."""
    spec = ACTIONS[name]
    try:
        with atomic():
            with suppress(Exception):
                try:
                    spec(actor, target, **_inputs(name))
                except NotAllowed:
                    raise _No from None
            raise _Undo
    except _No:
        return False
    except _Undo:
        return True


class _No(BaseException):
    pass


class _Undo(Exception):
    pass


def _inputs(name: str) -> dict[str, Any]:
    """Inputs of the actions whose right is judged inside, after their inputs are there."""
    day = MONDAY.date()
    token = {"name": "x", "hash": b"x" * 32, "days": 1, "permissions": [], "units": []}
    return {
        "organisation.change_person": {"full_name": "Tên khác"},
        "organisation.reset_password": {"password": "mot-lan-thoi-nhe"},
        "organisation.own_password": {"password": "mot-lan-thoi-nhe"},
        "organisation.own_second_step": {"kind": "totp", "done": "on"},
        "organisation.issue_token": token,
        "organisation.own_token": token,
        "organisation.delegate": {"receiver": User(pk=0), "since": day, "until": day, "reason": "x"},
        "attachments.attach": {"file": File(pk=0)},
        "history.note": {"text": "x"},
        "audit.export": {"filters": _everything()},
        "configuration.reset_value": {"key": "payments.low_book"},
        "configuration.set_value": {"key": "payments.low_book", "value": "5"},
        "dossiers.print_register": {"first": day, "last": day},
        "procedures.add_sector": {"code": "x", "name": "x", "name_en": "x"},
        "procedures.import_definition": {"data": {}},
        "procedures.new_procedure": {"code": "x.1", "name": "x", "name_en": "x"},
        "timing.open_regime": {"key": "x", "name": "x"},
    }.get(name, {})


def _everything() -> Any:
    from vamco.organisation.audit import EntryFilter

    return EntryFilter()


@pytest.fixture
def target(name: str) -> Iterator[Any]:
    """The thing, made within this test and gone after it."""
    kind = kind_of(ACTIONS[name])
    with clock.told(MONDAY):
        yield Things().of(kind) if kind else None


def test_every_action_has_its_row_and_no_row_is_of_an_action_that_has_gone() -> None:
    real = {name for name in ACTIONS if name.split(".")[0] in (*rooms(), "audit")}
    assert sorted(real - TABLE.keys()) == [], "actions without a row"
    assert sorted(TABLE.keys() - real) == [], "rows without an action"
    for name, allowed in TABLE.items():
        assert set(allowed.split()) <= roles().keys(), name


def test_every_action_signs_or_does_not_and_is_marked_so() -> None:
    """A new action is put into one of the lists: nobody forgets to ask whether it signs."""
    lists = [*SIGNS, *SIGNS_BY_SOME_INPUTS, *SIGNS_NOT]
    assert sorted(TABLE.keys() ^ set(lists)) == []
    assert len(lists) == len(set(lists))
    assert {name for name in TABLE if ACTIONS[name].signs} == SIGNS


@pytest.mark.parametrize("name", TABLE)
def test_who_may(name: str, target: Any) -> None:
    code = province.PROVINCE if name in OF_THE_PROVINCE else COMMUNE
    allowed = {role for role in roles() if may(person_with(role, code), name, target)}
    assert allowed == set(TABLE[name].split())
    assert may(SYSTEM, name, target) or name.startswith(("organisation.own_", "organisation.revoke_own_"))
    assert not may(Actor(None, "không ai"), name, target)


@pytest.mark.parametrize("name", sorted(TABLE.keys() - OF_NO_UNIT))
def test_the_right_in_another_unit_does_not_reach_here(name: str, target: Any) -> None:
    allowed = {role for role in roles() if may(person_with(role, OTHER_COMMUNE), name, target)}
    assert allowed == set()


@pytest.mark.parametrize("name", sorted(OF_THE_PROVINCE))
def test_what_is_the_provinces_is_not_done_from_a_commune(name: str, target: Any) -> None:
    allowed = {role for role in roles() if may(person_with(role, COMMUNE), name, target)}
    assert allowed == set()


@pytest.mark.parametrize("name", TABLE)
def test_every_action_and_its_thing_have_names_for_people(name: str) -> None:
    assert str(ACTIONS[name].label)
    for model in {ACTIONS[name].target, ACTIONS[name].result} - {None, Model}:  # Model: a thing of any room
        assert model is not None
        assert "verbose_name" in model._meta.original_attrs, model


def test_every_permission_of_a_role_is_used_somewhere() -> None:
    """A permission that nothing asks for is a misspelt one."""
    from pathlib import Path

    import vamco

    asked = "".join(
        path.read_text() for path in Path(vamco.__file__).parent.rglob("*.py") if path.name != "room.py"
    )
    unused = {p for role in roles().values() for p in role.permissions if f'"{p}"' not in asked}
    assert {p for p in unused if not p.startswith("step.")} == set()


def test_a_role_in_a_unit_reaches_below_only_where_granted_so() -> None:
    from vamco.organisation.access import actor_for

    supervisor = province.person("giam_sat", province.PROVINCE)
    assert actor_for(supervisor).units("dossiers.supervise") is EVERYWHERE
    chair = actor_for(province.person("chu_tich", province.DISTRICT))
    assert chair.units("step.leader") == frozenset([unit(province.DISTRICT).pk])
    assert Unit.objects.filter(parent__code=province.DISTRICT).exists()
