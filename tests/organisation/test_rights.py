"""Who may manage whom: nobody gains by managing an account what they may not manage themselves."""

from datetime import date, timedelta

import pytest

from tests.province import COMMUNE, DISTRICT, MONDAY, PROVINCE, actor, person, unit
from vamco.core import clock
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Invalid, NotAllowed, Refused
from vamco.organisation import actions
from vamco.organisation.access import actor_for
from vamco.organisation.models import Post, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]
PASSWORD = "mot-lan-thoi-nhe"
DAY = MONDAY.date()


def post(key: str, code: str) -> Post:
    return Post.objects.get(unit__code=code, key=key)


@pytest.fixture
def district() -> Actor:
    """The administrator of a district with all below it."""
    return actor("chanh_van_phong", DISTRICT)


@pytest.fixture
def district_commune() -> str:
    return Unit.objects.filter(parent__code=DISTRICT, level="commune").order_by("code")[0].code


@pytest.fixture
def inside(district_commune: str) -> User:
    """A counter officer of a commune in the district."""
    where = unit(district_commune)
    made = actions.create_person(SYSTEM, where, username="nguoi.trong", full_name="Lê Văn Trong")
    desk = actions.create_post(SYSTEM, where, key="mot_cua_2", title="Một cửa")
    actions.grant(SYSTEM, desk, role="intake", unit=where)
    actions.appoint(SYSTEM, desk, user=made, since=DAY)
    return made


def everything_about(person: User) -> list:
    return [
        lambda by: actions.reset_password(by, person, password=PASSWORD),
        lambda by: actions.change_person(by, person, full_name="Tên khác"),
        lambda by: actions.issue_token(by, person, name="thử"),
        lambda by: actions.deactivate(by, person),
        lambda by: actions.reactivate(by, person),
    ]


def test_people_of_the_own_units_are_managed(district: Actor, inside: User) -> None:
    for do in everything_about(inside):
        do(district)
    inside.refresh_from_db()
    assert inside.full_name == "Tên khác"
    assert inside.must_change_password


@pytest.mark.parametrize("way", ["elsewhere", "post", "grant", "later", "stand_in", "superuser"])
def test_people_with_rights_elsewhere_are_not(district: Actor, inside: User, way: str) -> None:
    if way == "elsewhere":
        inside = person("mot_cua", COMMUNE)
    elif way == "post":
        actions.appoint(SYSTEM, post("mot_cua", COMMUNE), user=inside, since=DAY)
    elif way == "later":
        actions.appoint(SYSTEM, post("mot_cua", COMMUNE), user=inside, since=DAY + timedelta(days=9))
    elif way == "grant":
        actions.grant(SYSTEM, inside.holdings.get().post, role="supervisor", unit=unit(PROVINCE), below=True)
    elif way == "stand_in":
        giver = person("chu_tich", PROVINCE)
        actions.delegate(SYSTEM, giver, receiver=inside, since=DAY, until=DAY, reason="đi công tác")
    else:
        inside.is_superuser = True
        inside.save()
    for do in everything_about(inside):
        with pytest.raises(NotAllowed):
            do(district)


def test_a_post_with_rights_elsewhere_is_given_to_nobody_by_a_lower_administrator(
    district: Actor, inside: User
) -> None:
    desk = inside.holdings.get().post
    actions.grant(SYSTEM, desk, role="supervisor", unit=unit(PROVINCE), below=True)
    another = actions.create_person(SYSTEM, desk.unit, username="nguoi.khac", full_name="Lê Văn Khác")
    with pytest.raises(NotAllowed):
        actions.appoint(district, desk, user=another, since=DAY)


def test_roles_are_granted_only_where_one_manages(district: Actor, inside: User) -> None:
    desk = inside.holdings.get().post
    for where in (COMMUNE, PROVINCE):
        with pytest.raises(Invalid, match="trong danh sách") as refused:
            actions.grant(district, desk, role="leader", unit=unit(where), below=where == PROVINCE)
        assert refused.value.field == "unit"
    assert actions.grant(district, desk, role="cashier", unit=desk.unit).role == "cashier"


def test_units_are_opened_and_moved_only_where_one_manages(district: Actor, district_commune: str) -> None:
    new = {"code": "x1", "name": "Phòng Mới", "level": "room", "agency_code": "H39.X1", "valid_from": DAY}
    with pytest.raises(NotAllowed):
        actions.create_unit(district, unit(PROVINCE), **new)
    with pytest.raises(NotAllowed):
        actions.create_unit(district, None, **new)
    made = actions.create_unit(district, unit(DISTRICT), **new)
    district = actor("chanh_van_phong", DISTRICT)  # the next request
    with pytest.raises(Invalid, match="cấp trên mới"):
        actions.change_unit(district, made, on=DAY, parent=PROVINCE)
    with pytest.raises(NotAllowed):
        actions.change_unit(district, made, on=DAY, parent="")
    moved = actions.change_unit(district, made, on=DAY, parent=district_commune)
    moved.refresh_from_db()
    assert moved.path == [*unit(district_commune).path, moved.pk]


def test_a_unit_never_stands_below_itself(district_commune: str) -> None:
    with pytest.raises(Invalid, match="cấp dưới của mình"):
        actions.change_unit(SYSTEM, unit(DISTRICT), on=DAY, parent=district_commune)


def test_nobody_closes_their_own_account(district: Actor) -> None:
    with pytest.raises(NotAllowed, match="của chính ông/bà"):
        actions.deactivate(district, person("chanh_van_phong", DISTRICT))


# Units over time -------------------------------------------------------------------------------------------


def test_a_renamed_unit_keeps_what_it_was(district_commune: str) -> None:
    commune = unit(district_commune)
    old = commune.name
    actions.change_unit(SYSTEM, commune, on=DAY, name="Phường Mới")
    names = list(commune.versions.order_by("valid_from").values_list("name", "valid_to"))
    assert names == [(old, DAY - timedelta(days=1)), ("Phường Mới", None)]
    actions.change_unit(SYSTEM, commune, on=DAY, name="Phường Mới hơn")
    assert commune.versions.count() == 2


def test_a_closed_unit_is_changed_no_more(district_commune: str) -> None:
    commune = unit(district_commune)
    actions.close_unit(SYSTEM, commune, last_day=DAY)
    after = DAY + timedelta(days=1)
    for do in (
        lambda: actions.change_unit(SYSTEM, commune, on=after, name="x"),
        lambda: actions.close_unit(SYSTEM, commune, last_day=after),
        lambda: actions.create_unit(
            SYSTEM,
            unit(district_commune),
            code="x",
            name="x",
            level="room",
            agency_code="x",
            valid_from=after,
        ),
    ):
        with clock.told(MONDAY + timedelta(days=1)), pytest.raises(Refused):
            do()


def test_an_announced_closing_keeps_its_day_through_a_change_and_can_be_put_off(
    district_commune: str,
) -> None:
    commune, last = unit(district_commune), DAY + timedelta(days=30)
    actions.close_unit(SYSTEM, commune, last_day=last)
    actions.change_unit(SYSTEM, commune, on=DAY, name="Phường Mới")
    assert commune.versions.latest("valid_from").valid_to == last
    actions.close_unit(SYSTEM, commune, last_day=last + timedelta(days=1))
    commune.refresh_from_db()
    assert commune.valid_to == commune.versions.latest("valid_from").valid_to == last + timedelta(days=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "a b"},
        {"code": "x" * 41},
        {"name": "  "},
        {"name": "x" * 201},
        {"level": "kingdom"},
        {"agency_code": "x" * 36},
        {"phone": "0" * 21},
        {"code": COMMUNE},
    ],
    ids=str,
)
def test_a_unit_that_its_columns_do_not_take_is_refused_by_field(wrong: dict) -> None:
    good = {"code": "x1", "name": "Phòng Mới", "level": "room", "agency_code": "H39.X1", "valid_from": DAY}
    with pytest.raises(Invalid) as refused:
        actions.create_unit(SYSTEM, unit(DISTRICT), **{**good, **wrong})
    assert refused.value.field in wrong


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "có dấu"},
        {"username": "ab"},
        {"username": "-x-y"},
        {"username": "x" * 81},
        {"full_name": " "},
        {"full_name": "x" * 121},
        {"email": "không phải thư"},
        {"phone": "0" * 21},
        {"password": "ngan"},
    ],
    ids=str,
)
def test_a_person_that_cannot_be_is_refused_by_field(wrong: dict) -> None:
    good = {"username": "hanh", "full_name": "Trần Thị Hạnh", "password": PASSWORD}
    with pytest.raises(Invalid) as refused:
        actions.create_person(SYSTEM, unit(DISTRICT), **{**good, **wrong})
    assert refused.value.field in wrong


# Delegation ------------------------------------------------------------------------------------------------


@pytest.fixture
def giver() -> User:
    return person("tu_phap", COMMUNE)


@pytest.fixture
def receiver() -> User:
    return person("van_phong", COMMUNE)


def delegate(by: Actor, giver: User, receiver: User, **changes):
    inputs = {"since": DAY, "until": DAY + timedelta(days=4), "reason": "nghỉ phép"}
    return actions.delegate(by, giver, receiver=receiver, **{**inputs, **changes})


def test_anyone_delegates_their_own_work_and_the_stand_in_can_act(giver: User, receiver: User) -> None:
    assert not actor_for(receiver).may_at("step.specialist", [unit().pk])
    delegate(actor_for(giver), giver, receiver)
    assert actor_for(receiver).may_at("step.specialist", [unit().pk])
    assert actor_for(receiver).stands_in_for == (giver.pk,)


def test_only_in_its_days_and_not_after_its_end(giver: User, receiver: User) -> None:
    made = delegate(actor_for(giver), giver, receiver, since=DAY + timedelta(days=1))
    assert not actor_for(receiver).may_anywhere("step.specialist")
    with clock.told(MONDAY + timedelta(days=1)):
        assert actor_for(receiver).may_anywhere("step.specialist")
        actions.revoke_delegation(actor_for(giver), made)
        assert not actor_for(receiver).may_anywhere("step.specialist")
    with clock.told(MONDAY + timedelta(days=5)):
        assert not actor_for(receiver).may_anywhere("step.specialist")


def test_it_is_not_passed_on(giver: User, receiver: User) -> None:
    third = person("mot_cua", COMMUNE)
    delegate(actor_for(giver), giver, receiver)
    delegate(actor_for(receiver), receiver, third)
    assert not actor_for(third).may_anywhere("step.specialist")
    assert actor_for(third).may_anywhere("step.registrar")


def test_nobody_delegates_anothers_work(giver: User, receiver: User) -> None:
    with pytest.raises(NotAllowed):
        delegate(actor_for(receiver), giver, receiver)
    made = delegate(actor_for(giver), giver, receiver)
    with pytest.raises(NotAllowed):
        actions.revoke_delegation(actor("mot_cua", COMMUNE), made)


def test_an_administrator_delegates_for_people_they_manage_only(
    district: Actor, inside: User, giver: User
) -> None:
    assert delegate(district, inside, person("van_thu", DISTRICT)).giver == inside
    with pytest.raises(NotAllowed):
        delegate(district, giver, inside)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"until": DAY - timedelta(days=1)}, "until"),
        ({"since": DAY - timedelta(days=9), "until": DAY - timedelta(days=1)}, "until"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_a_delegation_that_cannot_be_is_refused_by_field(giver: User, receiver: User, wrong, field) -> None:
    with pytest.raises(Invalid) as refused:
        delegate(actor_for(giver), giver, receiver, **wrong)
    assert refused.value.field == field


def test_not_to_oneself_and_not_to_a_closed_account(giver: User, receiver: User) -> None:
    with pytest.raises(Invalid):
        delegate(actor_for(giver), giver, giver)
    actions.deactivate(SYSTEM, receiver)
    receiver.refresh_from_db()
    with pytest.raises(Invalid):
        delegate(actor_for(giver), giver, receiver)


def test_an_appointment_ends_after_its_last_day(giver: User) -> None:
    holding = giver.holdings.get()
    actions.end_holding(SYSTEM, holding, last_day=DAY)
    assert actor_for(giver).may_anywhere("step.specialist")
    with clock.told(MONDAY + timedelta(days=1)):
        assert not actor_for(giver).may_anywhere("step.specialist")
    with pytest.raises(Invalid):
        actions.end_holding(SYSTEM, holding, last_day=date(2015, 1, 1))
