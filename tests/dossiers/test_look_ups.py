"""Whoever types an identity number leaves a look-up on record, by whichever door, also when it is refused."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from tests import province as p
from tests.api.conftest import Caller, application
from tests.pages import one_line
from vamco.core.actions import ACTIONS
from vamco.core.errors import Invalid, Refused
from vamco.core.exporting import exports
from vamco.core.listing import Asked
from vamco.core.models import LedgerContent, LedgerEntry
from vamco.core.models.exports import Format
from vamco.core.transactions import atomic
from vamco.dossiers import actions
from vamco.dossiers.importing.sheet import take_over
from vamco.dossiers.inbox.listing import DOSSIERS
from vamco.dossiers.models import Dossier
from vamco.dossiers.rules.application import Application, PaperInput, PartyInput
from vamco.parties import actions as parties
from vamco.parties import on_record
from vamco.parties.models import LookUp, Party

from .counter_form import NUMBER, press, text_of
from .test_import import GOOD, book

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
FREE = "080180005678"
OTHER = PartyInput(name="Trần Thị Bưởi", id_number=NUMBER)


@pytest.fixture
def stranger() -> Party:
    """Somebody known at another commune only; nobody has looked them up."""
    party = p.receive(p.OTHER_COMMUNE).applicant
    LookUp.objects.all().delete()
    return party


def seen() -> list[tuple[str | None, str, str]]:
    """What is on record: whom it concerned, who asked, why."""
    rows = LookUp.objects.select_related("party", "by").order_by("pk")
    return [(one.party and one.party.name, one.by.username if one.by else "", one.purpose) for one in rows]


def by(post: str = "mot_cua") -> str:
    return p.person(post).username


def look_up(code: str = p.COMMUNE) -> None:
    parties.look_up(p.actor("mot_cua", code), None, number=NUMBER)


HANH = "Nguyễn Thị Mỹ Hạnh"


# Refused, and yet on record -----------------------------------------------------------------------------------


def receive(party: PartyInput) -> Any:
    return p.receive(parties=(party,))


def at_once(party: PartyInput) -> Any:
    papers = (PaperInput("ban_chinh", 1), PaperInput("ban_sao", 0, 2))
    answers = {"loai_giay_to": "Bằng tốt nghiệp", "so_trang": 3, "so_ban": 2}
    asked = Application(procedure="2.000815", parties=(party,), answers=answers, papers=papers)
    return actions.at_once(p.actor("mot_cua"), p.unit(), application=asked)


def refuse(party: PartyInput) -> Any:
    return actions.refuse_intake(
        p.actor("mot_cua"),
        p.unit(),
        application=p.application(parties=(party,)),
        reason="Không thuộc thẩm quyền.",
        directions="Ủy ban nhân dân huyện Bến Lức.",
    )


def own() -> Dossier:
    """A dossier of somebody else at the commune's counter."""
    dossier = p.receive(parties=(PartyInput(name="Lê Văn Phước"),))
    LookUp.objects.all().delete()
    return dossier


def correct(party: PartyInput) -> Any:
    asked = p.application(parties=(party,))
    return actions.correct(p.actor("mot_cua"), own(), application=asked, reason="Ghi nhầm người nộp.")


def correct_applicant(party: PartyInput) -> Any:
    return actions.correct_applicant(
        p.actor("chu_tich"), own(), name=party.name, id_number=party.id_number, reason="Ghi nhầm người nộp."
    )


def correct_party(party: PartyInput) -> Any:
    other = own().applicant
    return parties.correct(p.actor("mot_cua"), other, id_number=party.id_number, reason="Ghi nhầm số.")


def load(party: PartyInput) -> Any:
    row = {**GOOD, "người nộp": party.name, "số định danh": party.id_number}
    return take_over(p.actor("chu_tich"), p.unit(), book(row))


DOORS: dict[Callable[[PartyInput], Any], tuple[str, str]] = {
    receive: ("mot_cua", "tiếp nhận hồ sơ"),
    at_once: ("mot_cua", "tiếp nhận hồ sơ"),
    refuse: ("mot_cua", "từ chối tiếp nhận hồ sơ"),
    correct: ("mot_cua", "sửa hồ sơ"),
    correct_applicant: ("chu_tich", "sửa hồ sơ"),
    correct_party: ("mot_cua", "sửa thông tin người, tổ chức"),
    load: ("chu_tich", "nhập hồ sơ từ bảng tính"),
}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_number_of_somebody_else_is_refused_on_record(stranger, door):
    post, purpose = DOORS[door]
    with pytest.raises(Refused):
        door(OTHER)
    assert seen() == [(HANH, by(post), purpose)]


@pytest.mark.parametrize("door", [one for one in DOORS if one is not at_once], ids=lambda door: door.__name__)
def test_a_number_that_nobody_has_is_asked_for_on_record(door):
    post, purpose = DOORS[door]
    door(PartyInput(name="Trần Thị Bưởi", id_number=FREE))
    assert seen() == [(None, by(post), purpose)]


def test_a_number_that_is_accepted_is_on_record_once(stranger):
    p.receive()
    assert seen() == [(HANH, by(), "tiếp nhận hồ sơ")]


def test_a_refusal_for_another_reason_leaves_what_was_asked_and_nothing_of_what_was_made():
    """The sum is refused after the party was made: the record stays, without the party."""
    new = [PartyInput(name="Trần Thị Bưởi", role=role, id_number=FREE) for role in ("applicant", "submitter")]
    asked = p.application(parties=tuple(new), pay="now")
    with pytest.raises(Invalid, match="Số tiền"):
        actions.receive(p.actor("mot_cua"), p.unit(), application=asked, expected=1)
    assert not Party.objects.filter(name="Trần Thị Bưởi").exists()
    assert {one[:2] for one in seen()} == {(None, by())}


def test_what_was_refused_is_in_the_ledger_without_the_number(stranger):
    with pytest.raises(Invalid):
        receive(OTHER)
    entry = LedgerEntry.objects.latest("pk")
    assert (entry.action, entry.actor_id, entry.object_id) == (
        "parties.look_up",
        p.person("mot_cua").pk,
        str(LookUp.objects.get().pk),
    )
    content = LedgerContent.objects.get(pk=entry.pk).content
    assert (content["count"], content["found"]) == ([None, 1], [None, 1])
    assert NUMBER not in str(content)


def test_a_sheet_that_is_refused_leaves_every_number_in_few_statements(
    stranger, django_assert_max_num_queries
):
    rows = [
        {**GOOD, "mã hồ sơ": f"HS-{i}", "số định danh": f"0800800{i:05}", "người nộp": "Trần Văn Nam"}
        for i in range(20)
    ]
    content = book(*rows, {**GOOD, "mã hồ sơ": "HS-X", "số định danh": NUMBER})
    with pytest.raises(Invalid), django_assert_max_num_queries(60):
        take_over(p.actor("chu_tich"), p.unit(), content)
    assert len(seen()) == 21
    assert [name for name, _by, _why in seen() if name] == [HANH]
    assert LedgerEntry.objects.filter(action="parties.look_up").count() == 1


def test_a_list_that_is_not_given_out_leaves_the_number_that_was_searched_for(stranger):
    p.receive()
    LookUp.objects.all().delete()
    few = exports(replace(DOSSIERS, name="few", most_exported=0), "dossiers.export")
    exporter = p.actor("chu_tich")
    exporter = type(exporter)(**{**vars(exporter), "everything": True})
    try:
        with pytest.raises(Refused, match="lọc bớt"):
            few.take(exporter, Asked({}, NUMBER), Format.XLSX)
    finally:
        del ACTIONS["dossiers.export_few"]
    assert seen() == [(HANH, by("chu_tich"), "tìm hồ sơ")]


# Pages and API ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("do", ["receive", "next", "more", "refuse_print"])
def test_every_press_on_the_counters_page_that_is_refused_leaves_its_record(officer, stranger, do):
    """«more» opens a visit around the dossier, and both are undone together."""
    typed = {"applicant__name": "Trần Thị Bưởi", "reason": "Không đủ giấy tờ.", "directions": "Ở huyện."}
    answer = press(officer, do, **typed)
    assert answer.status_code == 422
    assert "tên khác" in text_of(answer)
    assert [one[:2] for one in seen()] == [(HANH, by())]


def test_the_number_of_a_known_person_is_not_guessed_on_the_page(officer):
    """A whole number is compared with a record that is known only when it was asked for today."""
    party = p.receive().applicant
    LookUp.objects.all().delete()
    answer = press(officer, "update", applicant__known=str(party.pk))
    assert f'name="applicant-known" value="{party.pk}"' not in one_line(answer)
    look_up()
    answer = press(officer, "update", applicant__known=str(party.pk))
    assert f'name="applicant-known" value="{party.pk}"' in one_line(answer)


def test_a_refused_comparison_opens_no_page_of_the_person(officer, stranger):
    press(officer, applicant__name="Trần Thị Bưởi")
    assert LookUp.objects.count() == 1
    assert officer.get(f"/nguoi/{stranger.pk}/").status_code == 404
    look_up()
    assert HANH in text_of(officer.get(f"/nguoi/{stranger.pk}/"))


@pytest.fixture
def counter() -> Caller:
    return Caller(p.person("mot_cua"))


def asked(**party: Any) -> dict[str, Any]:
    return application(parties=[{"role": "applicant", "kind": "person", "id_number": NUMBER, **party}])


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/dossiers", {"unit": p.COMMUNE}),
        (f"/units/{p.COMMUNE}/actions/refuse_intake", {"reason": "Không đúng nơi.", "directions": "Huyện."}),
    ],
)
def test_the_api_refuses_on_record_and_again_with_the_same_key(counter, stranger, path, more):
    for _i in range(2):
        answer = counter.post(path, asked(name="Trần Thị Bưởi") | more, **{"Idempotency-Key": "k"})
        assert answer.status_code == 422, answer.content.decode()
    assert [one[:2] for one in seen()] == [(HANH, by())] * 2


# The same person ----------------------------------------------------------------------------------------------


def test_the_same_person_is_confirmed_only_by_who_looked_the_number_up_today(counter, stranger):
    body = {"unit": p.COMMUNE, "name": "Trần Thị Bưởi", "id_number": NUMBER, "same_person": True}
    refused = counter.post("/parties", body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "same_person"
    assert "Hạnh" not in refused.content.decode()
    assert stranger.phone not in refused.content.decode()
    look_up(p.OTHER_COMMUNE)  # a colleague's does not count
    assert counter.post("/parties", body).status_code == 422
    shown = counter.post("/parties/actions/look_up", {"number": NUMBER}).json()["party"]
    taken = counter.post("/parties", body)
    assert taken.status_code == 201
    assert taken.json() == shown


def test_a_look_up_of_yesterday_confirms_nothing(stranger):
    look_up()
    LookUp.objects.update(at=p.MONDAY.replace(day=4, hour=23))
    with pytest.raises(Invalid) as refusal:
        receive(PartyInput(name="Trần Thị Bưởi", id_number=NUMBER, same_person=True))
    assert set(refusal.value.fields) == {"parties.0.same_person"}
    LookUp.objects.update(at=p.MONDAY.replace(hour=0))
    LookUp.objects.exclude(purpose="").delete()
    assert receive(PartyInput(name="Trần Thị Bưởi", id_number=NUMBER, same_person=True)).applicant == stranger


def test_the_page_says_where_to_confirm_when_nothing_was_looked_up(officer, stranger):
    answer = press(officer, applicant__name="Trần Thị Bưởi", applicant__same="on")
    assert answer.status_code == 422
    assert "Hãy tra cứu số" in text_of(answer)
    assert HANH not in text_of(answer)


# Refused inside of what goes on ------------------------------------------------------------------------------


def test_a_look_up_in_a_block_that_was_undone_is_on_record_when_the_whole_goes_on(stranger):
    """The party that was made in the block has gone with it."""
    asker, new = p.actor("mot_cua"), PartyInput(name="Lê Văn Phước", id_number=FREE)
    with atomic():
        with suppress(Refused), atomic():
            look_up()
            made = receive(new).applicant
            on_record.comparison(asker, "x", made, "so")
            raise Refused("x")
        look_up()
    assert not Party.objects.filter(pk=made.pk).exists()
    assert sorted(seen(), key=str) == sorted(
        [(HANH, by(), ""), (HANH, by(), ""), (None, by(), "so"), (None, by(), "tiếp nhận hồ sơ")], key=str
    )
    (refused,) = LedgerEntry.objects.filter(action="parties.look_up", content__content__refused__1=True)
    assert LedgerContent.objects.get(pk=refused.pk).content["count"] == [None, 3]


# A reading is never done once ---------------------------------------------------------------------------------


def test_readings_with_one_key_are_each_on_record(counter, stranger):
    key = {"Idempotency-Key": "one"}
    own_party = p.receive().applicant
    dossier = p.receive(parties=(PartyInput(name="Lê Văn Phước", id_number=FREE),))
    worker = Caller(p.person("tu_phap"))
    one = dossier.parties.get().pk
    LookUp.objects.all().delete()
    for _i in range(2):
        found = counter.post("/parties/actions/look_up", {"number": NUMBER}, **key)
        assert found.json()["party"]["id"] == own_party.pk
        shown = counter.post(f"/parties/{own_party.pk}/actions/reveal", {}, **key)
        assert shown.json() == {"number": NUMBER}
        path = f"/dossiers/{dossier.code}/actions/reveal_number"
        assert worker.post(path, {"party": one}, **key).status_code == 200
    assert LookUp.objects.count() == 6
    actions_done = LedgerEntry.objects.order_by("-pk").values_list("action", flat=True)[:6]
    assert sorted(actions_done) == [
        "dossiers.reveal_number", "dossiers.reveal_number", "parties.look_up", "parties.look_up",
        "parties.reveal", "parties.reveal",
    ]  # fmt: skip
