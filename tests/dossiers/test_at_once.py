"""Same-day procedures: one action from the counter to the paper in hand."""

from datetime import datetime

import pytest

from tests import province as p
from vamco.core import clock
from vamco.core.errors import Invalid, Refused
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, RegisterBook, Stage
from vamco.dossiers.papers import books
from vamco.dossiers.rules.application import Application, PaperInput, PartyInput
from vamco.payments import actions as cash
from vamco.payments.models import Receipt

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def copies(pages: int = 3, count: int = 2) -> Application:
    return Application(
        procedure="2.000815",
        parties=(PartyInput(name="Lê Văn Phước"),),
        answers={"loai_giay_to": "Bằng tốt nghiệp", "so_trang": pages, "so_ban": count},
        papers=(PaperInput("ban_chinh", 1), PaperInput("ban_sao", 0, count)),
    )


@pytest.fixture
def book():
    return cash.open_book(p.actor("chu_tich"), p.unit(), symbol="BL-16T", first=1, last=100)


def test_received_paid_numbered_and_handed_over_in_one_action(book):
    dossier = actions.at_once(p.actor("mot_cua"), p.unit(), application=copies(), expected=10000)
    assert (dossier.stage, dossier.status) == (Stage.RETURNED, 10)
    assert (dossier.entry.number, dossier.entry.copies, dossier.entry.pages, dossier.entry.fee) == (
        1,
        2,
        3,
        10000,
    )
    assert dossier.entry.signer == p.person("chu_tich").full_name
    assert Receipt.objects.get().total == 10000
    assert not dossier.slips.exists()


def test_numbers_of_a_book_have_no_gap_when_one_is_refused(book):
    actions.at_once(p.actor("mot_cua"), p.unit(), application=copies())
    with pytest.raises(Invalid):
        actions.at_once(p.actor("mot_cua"), p.unit(), application=copies(), expected=1)
    second = actions.at_once(p.actor("mot_cua"), p.unit(), application=copies())
    assert second.entry.number == 2
    assert Dossier.objects.count() == 2


def test_without_a_receipt_book_nothing_is_done():
    with pytest.raises(Refused):
        actions.at_once(p.actor("mot_cua"), p.unit(), application=copies())
    assert not Dossier.objects.exists()


def test_a_case_with_days_is_not_done_at_once(book):
    with pytest.raises(Invalid) as refusal:
        actions.at_once(p.actor("mot_cua"), p.unit(), application=p.application())
    assert refusal.value.field == "case"


def test_a_book_prints_and_closes_after_its_year(book):
    actions.at_once(p.actor("mot_cua"), p.unit(), application=copies())
    register = RegisterBook.objects.get()
    assert books.book_of(register, "Người giữ sổ").pdf().startswith(b"%PDF")
    with pytest.raises(Refused):
        actions.close_book(p.actor("chu_tich"), register)
    with clock.told(datetime(2017, 1, 3, 9, 0, tzinfo=clock.HERE)):
        register = actions.close_book(p.actor("chu_tich"), register)
        assert register.closed_at
    with pytest.raises(Refused):
        actions.at_once(p.actor("mot_cua"), p.unit(), application=copies())
