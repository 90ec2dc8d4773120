"""A commune, its people, and the shipped general templates."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from vamco.core.actors import SYSTEM, Actor
from vamco.organisation.models import Unit, User
from vamco.procedures.definition import ResultType
from vamco.results import actions, load, writing
from vamco.results.models import Result, Template

NOW = datetime(2016, 12, 9, 3, 42, tzinfo=UTC)
"""Friday 09/12/2016, 10:42 in Viet Nam."""
TYPE = ResultType("gxn_tthn", "Giấy xác nhận tình trạng hôn nhân", "Certificate", "ket_qua", "gxn_tthn", 6)
CODE = "000.00.12.H39-161209-0007"


def make_unit(code: str = "80123", name: str = "Xã Thạnh Đức") -> Unit:
    unit = Unit.objects.create(
        code=code, name=name, level="commune", agency_code=f"000.00.{code}.H39", valid_from=date(2016, 1, 1)
    )
    unit.path = [unit.pk]
    unit.save()
    return unit


def actor_at(unit: Unit, *permissions: str, user: User | None = None, key: str | None = None) -> Actor:
    user = user or User.objects.get_or_create(username="can.bo", full_name="Phan Thị Ngọc Diễm")[0]
    return Actor(user.pk, user.full_name, {one: frozenset([unit.pk]) for one in permissions}, request_key=key)


def load_general() -> None:
    """The templates that need no procedure."""
    for key, name, text in load.shipped():
        if key in ("ket_qua", "tu_choi"):
            actions.save_template(
                SYSTEM, Template.objects.filter(key=key, valid=True).first(), key=key, name=name, text=text
            )


@pytest.fixture
def unit(db) -> Unit:
    load_general()
    return make_unit()


@pytest.fixture
def leader(db) -> User:
    return User.objects.create_user("chu.tich", full_name="Lê Văn Ẵm")


def draft(unit: Unit, **changes) -> Result:
    said = {
        "subject": CODE,
        "unit": unit,
        "result_type": TYPE,
        "holder_name": "Nguyễn Thị Ẩn",
        "values": {"muc_dich": "ket_hon", "ngay": "2016-12-01"},
        **changes,
    }
    with transaction.atomic():
        return writing.draft(**said)


def issue(unit: Unit, leader: User, at: datetime = NOW, **changes) -> Result:
    result = draft(unit, **changes)
    with transaction.atomic():
        writing.approve(result, leader, "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH")
        return writing.number_and_issue(result, at)
