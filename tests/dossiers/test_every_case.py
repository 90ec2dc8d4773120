"""Every case of every shipped procedure goes from the counter to the applicant's hands, by the demo's staff."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import province as p
from vamco.core.actors import Actor
from vamco.core.errors import Refused
from vamco.demo.applicants import Maker
from vamco.demo.people import staff
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, Stage
from vamco.dossiers.papers import drafting
from vamco.dossiers.rules import moves
from vamco.organisation.access import actor_for
from vamco.organisation.models import Unit, User
from vamco.payments import actions as cash
from vamco.payments.queries import charges_for
from vamco.procedures import queries as procedures
from vamco.procedures.load import shipped
from vamco.results import paper
from vamco.results.models import State
from vamco.results.writing import GENERIC

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
RECEIVES = {"commune": p.COMMUNE, "district": p.DISTRICT, "province": p.CENTRE}
ALL = [(said.code, case.key, tier) for said in shipped() for case in said.cases for tier in said.tiers]
REFUSING = {case.process.key: said.code for said in shipped() for case in said.cases[:1]}
YESTERDAY = p.MONDAY.date() - timedelta(days=1)
STEP = shipped()[0].cases[0].process.steps[0]


def somebody(role: str, unit: Unit) -> Actor:
    """Who of the demo's staff has the role at the unit, whose posts are filled when they are needed."""
    if not unit.posts.exists():
        staff(unit)
    people = User.objects.filter(holdings__post__unit=unit, holdings__post__grants__role=role)
    assert people, f"nobody at {unit.code} is {role}"
    return actor_for(people.order_by("pk")[0])


def receive(code: str, key: str, tier: str, maker: Maker) -> Dossier:
    """A dossier of the case, received at a unit of the tier with answers and papers that the definition asks for."""
    unit = p.unit(RECEIVES[tier])
    said = procedures.guide(code, p.MONDAY.date())
    application = maker.application(said, said.case(key))
    return actions.receive(somebody("intake", unit), unit, application=application)


def work_off(dossier: Dossier, maker: Maker, *, refuse: bool = False) -> Dossier:
    """Lead the dossier to the counter: by the first way out of each step, or by the first refusal on the way."""
    case = moves.case_of(dossier)
    for _step in case.process.steps:
        step = moves.step_of(dossier)
        no = next((way for way in step.outcomes if way.does == "refuse"), None) if refuse else None
        dossier = actions.advance(
            somebody(step.role, dossier.holder_unit),
            dossier,
            outcome=(no or step.outcomes[0]).key,
            answers=maker.answers(case.step_fields(step.key), dossier.answers),
            reason="Không khớp với sổ lưu." if no else "",
            reasons=tuple(reason.key for reason in case.refusal_reasons) if no else (),
        )
        if dossier.stage != Stage.PROCESSING:
            break
    return dossier


def units(dossier: Dossier) -> list[str]:
    """Where its steps were done, in their order."""
    return list(dossier.runs.order_by("pk").values_list("unit__code", flat=True))


def pay(dossier: Dossier) -> None:
    """Pay what is due, on a receipt of the receiving unit's book."""
    due = [charge for charge in charges_for([dossier.code])[dossier.code] if charge.state == "due"]
    if due:
        cashier = somebody("cashier", dossier.unit)
        cash.open_book(somebody("supervisor", dossier.unit), dossier.unit, symbol="BL-16T", first=1, last=9)
        cash.collect(
            cashier, dossier.unit, charges=[one.pk for one in due], total=sum(one.amount for one in due)
        )


@pytest.mark.parametrize(("code", "key", "tier"), ALL, ids=["-".join(one[:2]) for one in ALL])
def test_from_receipt_to_the_applicants_hands(code: str, key: str, tier: str):
    maker = Maker(random.Random(f"{code}-{key}"))
    dossier = work_off(receive(code, key, tier, maker), maker)
    assert dossier.stage == Stage.READY
    case, result = moves.case_of(dossier), drafting.current(dossier)
    if case.result is None:
        assert result is None
        assert dossier.entry.number == 1
    else:
        assert (result.state, bool(result.file_id)) == (State.VALID, True)
        assert result.template.key == (case.result.template or GENERIC)
        assert result.number.startswith("01/")
        assert not any(mark in paper.letter_text(result) for mark in ("{{", paper.UNSIGNED, "None"))
    pay(dossier)
    dossier = actions.hand_over(somebody("intake", dossier.unit), dossier)
    assert (dossier.stage, dossier.status) == (Stage.RETURNED, 10)


@pytest.mark.parametrize("code", REFUSING.values(), ids=REFUSING.keys())
def test_each_process_refuses_with_a_signed_letter(code: str):
    maker = Maker(random.Random(code))
    said = next(one for one in shipped() if one.code == code)
    dossier = work_off(receive(code, "", said.tiers[0], maker), maker, refuse=True)
    assert dossier.stage == Stage.REFUSED_READY
    letter = drafting.refusal_of(dossier)
    assert (letter.state, bool(letter.number), bool(letter.signer_name)) == (State.VALID, True, True)
    pay(dossier)
    assert actions.hand_over(somebody("intake", dossier.unit), dossier).status == 10


@pytest.mark.parametrize(
    ("code", "tier", "where"),
    [
        ("1.004873", "commune", [p.COMMUNE] * 3),
        ("1.009994", "district", ["803-ha_tang", "803-ha_tang", "803", "803-van_phong"]),
        ("1.001612", "district", ["803-tai_chinh"] * 3),
        ("2.000889", "district", ["803-tai_nguyen"] * 4),
        ("2.000488", "province", ["80-so_tu_phap"] * 4),
        ("1.001776", "commune", [p.COMMUNE, p.COMMUNE, "794-lao_dong", "794", "794-van_phong"]),
    ],
)
def test_each_step_is_done_where_its_rule_says(code: str, tier: str, where: list[str]):
    maker = Maker(random.Random(code))
    dossier = work_off(receive(code, "", tier, maker), maker)
    assert units(dossier) == where
    assert {one.unit.code for one in dossier.units.filter(part="handled")} == set(where)
    assert dossier.holder_unit == dossier.unit == p.unit(RECEIVES[tier])


@pytest.mark.parametrize(
    ("rule", "unit", "holder", "expected"),
    [
        ("receiving", p.CENTRE, "80-so_tu_phap", p.CENTRE),
        ("same", p.CENTRE, "80-so_tu_phap", "80-so_tu_phap"),
        ("parent", p.COMMUNE, "794-lao_dong", "794"),
        ("parent", p.COMMUNE, p.PROVINCE, p.PROVINCE),
        ("deciding", p.DISTRICT, "803-ha_tang", p.DISTRICT),
        ("deciding", p.COMMUNE, p.COMMUNE, p.COMMUNE),
        ("deciding", p.CENTRE, "80-so_tu_phap", p.PROVINCE),
        ("room:lao_dong", p.COMMUNE, p.COMMUNE, "794-lao_dong"),
        ("room:lao_dong", p.DISTRICT, p.DISTRICT, "803-lao_dong"),
        ("dept:so_gtvt", p.COMMUNE, p.COMMUNE, "80-so_gtvt"),
    ],
)
def test_a_rule_names_the_unit(rule: str, unit: str, holder: str, expected: str):
    dossier = Dossier(unit=p.unit(unit), holder_unit=p.unit(holder))
    assert moves.unit_for(dossier, replace(STEP, unit_rule=rule)).code == expected


@pytest.mark.parametrize("rule", ["room:tu_phap", "dept:so_gtvt"])
def test_a_unit_that_is_gone_is_refused_with_its_rule(rule: str):
    Unit.objects.filter(key=rule.partition(":")[2]).update(valid_to=YESTERDAY)
    dossier = Dossier(unit=p.unit(), holder_unit=p.unit())
    with pytest.raises(Refused, match=rf"{STEP.name}.*{rule}"):
        moves.unit_for(dossier, replace(STEP, unit_rule=rule))


def test_a_missing_room_leaves_nothing_half_done():
    maker = Maker(random.Random(1))
    dossier = receive("1.009994", "", "district", maker)
    office = Unit.objects.filter(parent=p.unit(p.DISTRICT), key="van_phong")
    office.update(valid_to=YESTERDAY)
    with pytest.raises(Refused, match="room:van_phong"):
        work_off(dossier, maker)
    dossier.refresh_from_db()
    assert (dossier.step, drafting.current(dossier).approved_at) == ("ky_duyet", None)
    office.update(valid_to=None)
    assert work_off(dossier, maker).stage == Stage.READY


def test_without_the_first_steps_room_nothing_is_received():
    Unit.objects.filter(code="803-ha_tang").update(valid_to=YESTERDAY)
    with pytest.raises(Refused, match="room:ha_tang"):
        receive("1.009994", "", "district", Maker(random.Random(1)))
    assert not Dossier.objects.exists()
