"""Rules that no shipped procedure uses yet: each is put into the certificate of marital status, and lived through."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import province as p
from vamco.core import clock, files
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid
from vamco.core.models import File
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier
from vamco.organisation import actions as organisation
from vamco.organisation.models import Post, User
from vamco.procedures import actions as catalogue
from vamco.procedures import reading
from vamco.procedures.load import shipped

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
SPECIALIST, LEADER, DEPUTY = "tu_phap", "chu_tich", "pho_chu_tich"


def publish(change: Callable[[dict[str, Any]], object]) -> None:
    """A version from today on in which the case «thuong» is changed."""
    data = reading.plain(next(one for one in shipped() if one.code == p.MARRIAGE))
    change(data["cases"][0])
    version = catalogue.import_definition(SYSTEM, None, data=data)
    catalogue.publish(SYSTEM, version, valid_from=p.MONDAY.date())


def way(case: dict[str, Any], step: str, outcome: str) -> dict[str, Any]:
    outcomes = next(one for one in case["process"]["steps"] if one["key"] == step)["outcomes"]
    return next(one for one in outcomes if one["key"] == outcome)


def submit(dossier: Dossier, who: str = SPECIALIST, **more: object) -> Dossier:
    return actions.advance(p.actor(who), dossier, outcome="trinh_ky", answers=p.FOUND, **more)


def send_back(dossier: Dossier) -> Dossier:
    return actions.advance(p.actor(LEADER), dossier, outcome="tra_lai", reason="Thiếu đối chiếu.")


def also(post: str, person: User) -> None:
    """Let the person hold this post of the commune, too."""
    found = Post.objects.get(unit=p.unit(), key=post)
    organisation.appoint(SYSTEM, found, user=person, since=date(2016, 1, 1))


# Who is next -------------------------------------------------------------------------------------------------


def test_lead_is_who_led_the_dossier_first_not_who_had_the_step_last():
    publish(lambda case: way(case, "ky_duyet", "tra_lai").update(who="lead"))
    deputy, specialist = p.person(DEPUTY), p.actor(SPECIALIST)
    also(SPECIALIST, deputy)
    dossier = send_back(submit(p.receive(), DEPUTY))
    assert (dossier.lead, dossier.holder) == (deputy, deputy)
    dossier = actions.assign(p.actor(LEADER), dossier, person=specialist.user_id)
    dossier = send_back(actions.advance(specialist, dossier, outcome="trinh_ky", answers=p.FOUND))
    assert (dossier.lead, dossier.holder) == (deputy, deputy)


def test_same_is_who_did_the_step_before():
    publish(lambda case: way(case, "tham_tra", "trinh_ky").update(who="same"))
    also(SPECIALIST, p.person(DEPUTY))
    assert submit(p.receive(), DEPUTY).holder == p.person(DEPUTY)


def test_same_without_the_next_steps_role_is_the_units_pool():
    publish(lambda case: way(case, "tham_tra", "trinh_ky").update(who="same"))
    assert submit(p.receive()).holder is None


def test_a_post_is_its_only_holder():
    publish(lambda case: way(case, "tham_tra", "trinh_ky").update(who=f"post:{DEPUTY}"))
    assert submit(p.receive()).holder == p.person(DEPUTY)


def test_a_post_with_two_holders_or_none_is_the_units_pool():
    publish(lambda case: way(case, "tham_tra", "trinh_ky").update(who=f"post:{DEPUTY}"))
    dossiers = [p.receive(), p.receive(parties=(p.PartyInput(name="Trần Văn Nam"),))]
    also(DEPUTY, p.person(SPECIALIST))
    assert submit(dossiers[0]).holder is None
    for holding in Post.objects.get(unit=p.unit(), key=DEPUTY).holdings.all():
        organisation.end_holding(SYSTEM, holding, last_day=date(2016, 12, 4))
    assert submit(dossiers[1]).holder is None


# What an outcome needs ---------------------------------------------------------------------------------------


def scan(person: User) -> File:
    file = files.store(SimpleUploadedFile("to.pdf", b"%PDF-1.4\n%%EOF\n"), name="to.pdf")
    file.uploaded_by_id = person.pk
    file.save()
    return file


def test_an_outcome_that_needs_a_file_takes_ones_own_only():
    publish(lambda case: way(case, "tham_tra", "trinh_ky").update(needs=["result", "file"]))
    dossier = p.receive()
    for file in (None, scan(p.person(LEADER))):
        with pytest.raises(Invalid) as refused:
            submit(dossier, file=file)
        assert refused.value.field == "file"
    own = scan(p.person(SPECIALIST))
    dossier = submit(dossier, file=own)
    kept = dossier.papers.get(code="step:tham_tra")
    assert (kept.file, kept.name, dossier.step) == (own, "Đủ điều kiện, trình ký", "ky_duyet")


# Limits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "copies", "days"), [("counter", 1, 3), ("post", 1, 5), ("counter", 10, 7), ("post", 10, 5)]
)
def test_the_first_limit_that_fits_channel_and_quantity_counts(channel: str, copies: int, days: int):
    def change(case: dict[str, Any]) -> None:
        field = {"key": "so_ban", "type": "number", "label": "Số bản", "label_en": "Copies"}
        case["fields"].append({**field, "required": True, "min": 1})
        case["quantity"] = ["so_ban"]
        many = {"field": "so_ban", "op": "ge", "value": 10}
        case["limit"]["overrides"] = [
            {"amount": 5, "unit": "working_day", "channel": "post", "when": None},
            {"amount": 7, "unit": "working_day", "channel": "", "when": many},
        ]

    publish(change)
    answers = {"tinh_trang": "chua_ket_hon", "muc_dich": "vay_von", "so_ban": copies}
    dossier = p.receive(channel=channel, answers=answers)
    assert (dossier.limit_amount, dossier.limit_unit) == (days, "working_day")
    due = p.MONDAY.date() + timedelta(days=days + 2 * (days >= 5))  # five working days on is the next Monday
    assert clock.local(dossier.due_at).date() == due
