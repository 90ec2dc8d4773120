"""Several at the same moment, with real commits: nobody gets what somebody else has, no number twice, none left out."""

import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from tests import province as p
from vamco.core import ledger_check
from vamco.core.actions import lock
from vamco.core.errors import Refused
from vamco.core.models import LedgerEntry
from vamco.dossiers import actions, queries
from vamco.dossiers.models import Dossier, RegisterEntry, Visit
from vamco.dossiers.opening import OPENED
from vamco.dossiers.rules.application import Application, PaperInput, PartyInput
from vamco.organisation.access import actor_for
from vamco.organisation.models import User
from vamco.parties.models import LookUp, Party
from vamco.payments import actions as cash
from vamco.payments.models import Receipt

from .counter_form import press

at_the_same_moment = pytest.mark.usefixtures("committed", "monday")


def together(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each deed answers, or the refusal that it met; all begin at the same moment."""
    ready = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return deed()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        begun = [pool.submit(contextvars.copy_context().run, run, deed) for deed in deeds]
        return [one.result() for one in begun]


def copies(name: str) -> Application:
    return Application(
        procedure="2.000815",
        parties=(PartyInput(name=name),),
        answers={"loai_giay_to": "Bằng tốt nghiệp", "so_trang": 3, "so_ban": 2},
        papers=(PaperInput("ban_chinh", 1), PaperInput("ban_sao", 0, 2)),
    )


def second_justice_officer() -> User:
    """A colleague in the same post."""
    from datetime import date

    from vamco.core.actors import SYSTEM
    from vamco.organisation import actions as organisation

    post = p.unit().posts.get(key="tu_phap")
    user = organisation.create_person(
        SYSTEM, p.unit(), username="hai.tuphap", full_name="Trần Thị Hai", password=None, email=""
    )
    organisation.appoint(SYSTEM, post, user=user, since=date(2016, 1, 1))
    return user


@at_the_same_moment
def test_of_two_officers_who_take_the_same_dossier_one_has_it() -> None:
    officers = [actor_for(p.person("tu_phap")), actor_for(second_justice_officer())]
    for _i in range(4):
        dossier = p.receive(parties=(PartyInput(name="Lê Văn Phước"),))
        answers = together([lambda who=who, one=dossier: actions.take(who, one) for who in officers])

        assert sorted(isinstance(one, Refused) for one in answers) == [False, True]
        winner = next(who for who, one in zip(officers, answers, strict=True) if isinstance(one, Dossier))
        dossier.refresh_from_db()
        assert dossier.holder_id == winner.user_id
        assert LedgerEntry.objects.filter(action="dossiers.take", object_id=str(dossier.pk)).count() == 1
        assert dossier.events.filter(kind="taken").count() == 1


@at_the_same_moment
def test_eight_counters_of_a_unit_give_each_dossier_its_own_code() -> None:
    counter, unit = p.actor("mot_cua"), p.unit()

    def receive(name: str) -> list[Dossier]:
        application = p.application(parties=(PartyInput(name=name),))
        return [actions.receive(counter, unit, application=application) for _i in range(3)]

    answers = together([lambda i=i: receive(f"Nguyễn Văn {'ABCDEGHI'[i]}") for i in range(8)])

    codes = [one.code for mine in answers for one in mine]
    assert len(set(codes)) == 24 == Dossier.objects.count()
    assert not list(ledger_check.verify())


@at_the_same_moment
def test_eight_counters_number_a_book_without_a_gap_also_when_some_are_refused() -> None:
    counter, unit = p.actor("mot_cua"), p.unit()
    cash.open_book(p.actor("chu_tich"), unit, symbol="BL-16T", first=1, last=100)

    def decide(i: int) -> list[Any]:
        # Every third is told a wrong sum and refused after it had its number.
        done = []
        for j in range(3):
            try:
                done.append(
                    actions.at_once(
                        counter, unit, application=copies(f"Lê Thị {i}{j}"), expected=1 if j == 1 else 10000
                    )
                )
            except Refused:
                done.append(None)
        return done

    answers = [one for mine in together([lambda i=i: decide(i) for i in range(8)]) for one in mine]

    assert answers.count(None) == 8
    assert sorted(RegisterEntry.objects.values_list("number", flat=True)) == list(range(1, 17))
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, 17))
    assert Dossier.objects.count() == 16


@at_the_same_moment
def test_one_person_at_eight_counters_stays_one_record() -> None:
    """With one number; and none of the counters is refused because of the others."""
    counter, unit = p.actor("mot_cua"), p.unit()
    answers = together(
        [lambda: actions.receive(counter, unit, application=p.application()) for _i in range(8)]
    )

    assert all(isinstance(one, Dossier) for one in answers), answers
    assert Party.objects.filter(name="Nguyễn Thị Mỹ Hạnh").count() == 1


@at_the_same_moment
def test_a_look_up_is_on_record_after_a_real_rollback() -> None:
    """«more» opens a visit around the dossier: both are undone, the record is not."""
    p.receive(p.OTHER_COMMUNE)
    LookUp.objects.all().delete()
    officer = Client()
    officer.force_login(p.person("mot_cua"))

    answer = press(officer, "more", applicant__name="Trần Thị Bưởi")

    assert answer.status_code == 422
    connections.close_all()
    assert [one.party.name for one in LookUp.objects.filter(by=p.person("mot_cua"))] == ["Nguyễn Thị Mỹ Hạnh"]
    assert (Dossier.objects.count(), Visit.objects.count()) == (1, 0)
    assert not list(ledger_check.verify())


@pytest.mark.django_db(databases=["default", "serials"])
@pytest.mark.usefixtures("province", "monday")
def test_the_next_number_follows_the_last() -> None:
    """One after the other, for comparison."""
    counter, unit = p.actor("mot_cua"), p.unit()
    cash.open_book(p.actor("chu_tich"), unit, symbol="BL-16T", first=1, last=100)
    numbers = [actions.at_once(counter, unit, application=copies("Lê A")).entry.number for _i in range(2)]
    assert numbers == [1, 2]


@at_the_same_moment
def test_reading_a_sensitive_dossier_waits_for_nobody() -> None:
    """The record is written while somebody works on the dossier, on its applicant and on the reader's account."""
    one, reader = p.receive(), p.actor("mot_cua")
    one.sensitive = True
    one.save()

    def read() -> str:
        with connections["default"].cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return queries.get(reader, one.code).code

    with transaction.atomic():
        for target in (one, one.applicant, p.person("mot_cua")):
            lock(target)
        assert together([read, read]) == [one.code, one.code]
    assert LedgerEntry.objects.filter(action=OPENED, object_id=str(one.pk)).exists()
    assert LookUp.objects.filter(kind="opened", dossier=one.code, party=one.applicant).exists()
