"""The cashier's pages, as signed-in people meet them."""

import html
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from vamco.organisation.models import Grant, Holding, Post, User
from vamco.payments import actions, queries
from vamco.payments.models import DayClose, Receipt, ReceiptBook

from .conftest import make_charges, make_unit


def employ(unit, role, username):
    """A person who holds a post with the role in the unit."""
    user = User.objects.create(username=username, full_name="Lê Thị Thu Cúc")
    post = Post.objects.create(unit=unit, key=username, title="Công chức")
    Grant.objects.create(post=post, role=role, unit=unit)
    Holding.objects.create(user=user, post=post, since=date(2016, 1, 1))
    return user


@pytest.fixture
def cashier(client, unit):
    client.force_login(employ(unit, "cashier", "cuc"))
    return client


def text_of(answer):
    body = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", html.unescape(body))


def hidden(answer, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', answer.content.decode())


def press(client, answer, url, **typed):
    """Send a page's form with its hidden fields."""
    names = ("request_key", "unit", "total", "s", "charge", "day", "expected")
    form = {name: hidden(answer, name) for name in names}
    form |= {name: form[name][-1:] for name in ("request_key", "unit", "day", "total", "expected")}
    return client.post(url, {**{k: v for k, v in form.items() if v}, **typed})


def test_a_dossier_is_paid_from_the_list_to_the_receipt(cashier, unit, book):
    make_charges(unit, 8000, 2000, subject="000.00.12.H39-161209-0007", name="Nguyễn Thị <b>Bé</b>")
    make_charges(unit, 5000, subject="000.00.12.H39-161209-0008")

    listed = cashier.get(reverse("cash"))
    assert "000.00.12.H39-161209-0007" in text_of(listed)
    assert "10.000\u00a0đ" in listed.content.decode()
    assert "<b>Bé" not in listed.content.decode()

    query = {"s": ["000.00.12.H39-161209-0007", "000.00.12.H39-161209-0008"]}
    asked = cashier.get(reverse("cash_collect"), query)
    assert "Đã nhận đủ 15.000 đ" in text_of(asked).replace("\u00a0", " ")
    done = press(cashier, asked, reverse("cash_collect"), payer_name="Trần Văn Sáu")

    receipt = Receipt.objects.get()
    assert done.url == reverse("cash_receipt", args=[receipt.pk])
    assert (receipt.total, receipt.payer_name, receipt.cashier_name) == (
        15_000,
        "Trần Văn Sáu",
        "Lê Thị Thu Cúc",
    )
    page = text_of(cashier.get(done.url))
    assert "Đã thu 15.000\u00a0đ, biên lai BL-16T 0000001." in page.replace("15.000 đ", "15.000\u00a0đ")
    assert "Chưa có khoản nào phải thu ngay" in text_of(cashier.get(reverse("cash")))


def test_f5_after_paying_takes_nothing_more(cashier, unit, book):
    make_charges(unit, 8000, subject="A-1")
    asked = cashier.get(reverse("cash_collect"), {"s": "A-1"})
    first = press(cashier, asked, reverse("cash_collect"))
    again = press(cashier, asked, reverse("cash_collect"))
    assert first.url == again.url
    assert Receipt.objects.count() == 1


def test_somebody_else_took_the_money_meanwhile(cashier, unit, actor, book):
    charges = make_charges(unit, 8000, subject="A-1")
    asked = cashier.get(reverse("cash_collect"), {"s": "A-1"})
    actions.collect(actor, unit, charges=[one.pk for one in charges], total=8000)

    answer = press(cashier, asked, reverse("cash_collect"))

    assert answer.status_code == 422
    assert "đã thu, biên lai BL-16T 0000001" in text_of(answer)
    assert Receipt.objects.count() == 1
    gone = cashier.get(reverse("cash_collect"), {"s": "A-1"}, follow=True)
    assert "Không còn khoản nào phải thu" in text_of(gone)


def test_a_name_is_searched_without_standing_in_the_address(cashier, unit):
    make_charges(unit, 500, subject="A-9", name="Đặng Văn Út", due="on_return")
    found = cashier.post(reverse("cash"), {"q": "dang ut", "unit": unit.pk})
    assert "A-9" in text_of(found)
    nothing = cashier.post(reverse("cash"), {"q": "\0' OR 1=1 --<script>", "unit": unit.pk})
    assert "Không có khoản nào phải thu khớp" in text_of(nothing)
    assert "<script>alert" not in nothing.content.decode()


def test_a_receipt_is_cancelled_with_a_reason(cashier, unit, actor, book):
    charges = make_charges(unit, 8000, subject="A-1")
    receipt = actions.collect(actor, unit, charges=[one.pk for one in charges], total=8000)
    url = reverse("cash_cancel", args=[receipt.pk])

    refused = press(cashier, cashier.get(url), url, reason=" ")
    assert refused.status_code == 422
    press(cashier, cashier.get(url), url, reason="Thu nhầm")  # the box is unticked: owed no more

    page = text_of(cashier.get(reverse("cash_receipt", args=[receipt.pk])))
    assert "đã hủy" in page
    assert "Thu nhầm" in page
    assert queries.balance("A-1") == 0


def test_a_receipt_with_a_wrong_name_is_replaced(cashier, unit, actor, book):
    charges = make_charges(unit, 8000, subject="A-1")
    receipt = actions.collect(actor, unit, charges=[one.pk for one in charges], total=8000)
    url = reverse("cash_replace", args=[receipt.pk])
    done = press(
        cashier, cashier.get(url), url, reason="Sai tên", payer_name="Trần Văn Sáu", payer_address=""
    )
    page = text_of(cashier.get(done.url))
    assert "BL-16T 0000002" in page
    assert "Trần Văn Sáu" in page


def test_the_day_is_closed_with_what_was_counted(cashier, unit, actor, book):
    charges = make_charges(unit, 8000)
    actions.collect(actor, unit, charges=[one.pk for one in charges], total=8000)
    url = reverse("cash_close")

    short = press(cashier, cashier.get(url), url, counted="7.500", note="")
    assert short.status_code == 422
    assert "Hãy ghi lý do chênh lệch" in text_of(short)
    wrong = press(cashier, cashier.get(url), url, counted="tám nghìn", note="")
    assert "75.000" in text_of(wrong)
    done = press(cashier, cashier.get(url), url, counted="8.000 đ", note="")

    assert DayClose.objects.get().counted == 8000
    page = cashier.get(done.url)
    assert "Đã khóa sổ thu ngày 09/12/2016." in text_of(page)
    assert not hidden(page, "expected")


def words_of(answer):
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_receipt_and_closing_are_printed(cashier, unit, actor, book):
    charges = make_charges(unit, 8000, 2000, subject="A-1", name="Nguyễn Thị Bé Tư")
    receipt = actions.collect(actor, unit, charges=[one.pk for one in charges], total=10_000)
    wrong = actions.collect(actor, unit, charges=[make_charges(unit, 7000)[0].pk], total=7000)
    actions.cancel(actor, wrong, reason="Thu nhầm hồ sơ")

    page = cashier.get(reverse("cash_receipt", args=[receipt.pk]))
    assert reverse("cash_receipt_pdf", args=[receipt.pk]) in page.content.decode()
    paper = words_of(cashier.get(reverse("cash_receipt_pdf", args=[receipt.pk])))
    for part in ("0000001", "BL-16T", "Nguyễn Thị Bé Tư", "Mười nghìn đồng", "UBND PHƯỜNG 5"):
        assert part in paper
    assert "ĐÃ HỦY" in words_of(cashier.get(reverse("cash_receipt_pdf", args=[wrong.pk])))

    closing = actions.close_day(actor, unit, day=receipt.day, counted=9000, note="Thiếu tiền lẻ")
    paper = words_of(cashier.get(reverse("cash_closing_pdf", args=[closing.pk])))
    for part in (
        "09/12/2016",
        "0000001 đến 0000002",
        "10.000",
        "thiếu 1.000 đồng",
        "Thiếu tiền lẻ",
        "Thu nhầm",
    ):
        assert part in paper


def test_the_closing_of_a_day_that_only_gave_back_is_printed(cashier, unit, actor, book, at):
    charges = make_charges(unit, 8000, subject="A-1")
    receipt = actions.collect(actor, unit, charges=[one.pk for one in charges], total=8000)
    actions.close_day(actor, unit, day=receipt.day, counted=8000)
    with at(days=3):
        actions.cancel(actor, receipt, reason="Trả lại")
        closing = actions.close_day(actor, unit, day=date(2016, 12, 12), counted=-8000)
    paper = words_of(cashier.get(reverse("cash_closing_pdf", args=[closing.pk])))
    for part in ("−8.000", "trả lại tiền biên lai ngày 09/12/2016", "Âm tám nghìn đồng", "Chênh lệch không"):
        assert part in paper


def test_a_supervisor_opens_and_closes_books(client, unit):
    client.force_login(employ(unit, "supervisor", "sep"))
    url = reverse("cash_books")
    wrong = press(client, client.get(url), url, symbol="BL-17T", first="9", last="1")
    assert "Số cuối phải từ số đầu" in text_of(wrong)
    page = client.get(press(client, client.get(url), url, symbol="BL-17T", first="1", last="50").url)
    book = ReceiptBook.objects.get()
    assert "BL-17T" in text_of(page)
    assert client.get(reverse("cash_book_close", args=[book.pk])).status_code == 405
    client.post(reverse("cash_book_close", args=[book.pk]))
    book.refresh_from_db()
    assert book.state == "closed"


PAGES = ["cash", "cash_collect", "cash_receipts", "cash_close", "cash_books"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ["specialist", "leader", "registrar"])
def test_who_has_nothing_to_do_with_money_is_refused(client, unit, name, role):
    client.force_login(employ(unit, role, "khac"))
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_goes_to_the_sign_in(client, db, name):
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))


def test_the_cashier_of_another_unit_finds_nothing(client, unit, actor, book):
    charges = make_charges(unit, 8000, subject="A-1")
    receipt = actions.collect(actor, unit, charges=[one.pk for one in charges], total=8000)
    other = make_unit("80124", "Phường 6")
    client.force_login(employ(other, "cashier", "xa"))

    closing = actions.close_day(actor, unit, day=receipt.day, counted=8000)
    assert client.get(reverse("cash_closing_pdf", args=[closing.pk])).status_code == 404
    for name in ("cash_receipt", "cash_receipt_pdf", "cash_cancel", "cash_replace"):
        assert client.get(reverse(name, args=[receipt.pk])).status_code == 404
    for name in PAGES:
        assert client.get(reverse(name), {"unit": unit.pk}).status_code == 404
    sent = {"reason": "x", "payer_name": "x"}
    assert client.post(reverse("cash_cancel", args=[receipt.pk]), sent).status_code == 404
    found = client.post(reverse("cash"), {"q": "A-1"})
    assert "Nguyễn Thị Bé Tư" not in text_of(found)


def test_an_auditor_reads_and_changes_nothing(client, unit, actor, book):
    charges = make_charges(unit, 8000)
    receipt = actions.collect(actor, unit, charges=[one.pk for one in charges], total=8000)
    client.force_login(employ(unit, "auditor", "tra"))
    assert "BL-16T 0000001" in text_of(client.get(reverse("cash_receipts")))
    page = client.get(reverse("cash_receipt", args=[receipt.pk]))
    assert "Hủy, trả lại tiền" not in text_of(page)
    assert client.post(reverse("cash_cancel", args=[receipt.pk]), {"reason": "x"}).status_code == 403
    assert client.post(reverse("cash_close"), {"counted": "8000", "expected": "8000"}).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        {"unit": "abc"},
        {"day": "09/13/2016"},
        {"day": "31/02/2016"},
        {"state": "' OR 1=1"},
        {"book": "1; DROP TABLE"},
        {"cursor": "xyz"},
        {"book": "9" * 40},
    ],
)
def test_hostile_addresses_of_the_receipt_list_are_refused(cashier, query):
    assert cashier.get(reverse("cash_receipts"), query).status_code in (404, 422)


def queries_of(client, url):
    """The page, and how many queries it took beside those of sessions and sign-in."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(url)
    return answer, sum("session" not in one["sql"].lower() for one in seen.captured_queries)


def test_the_lists_cost_the_same_for_one_row_and_for_fifty(cashier, unit, actor, book):
    def fill(codes):
        for n in codes:
            charges = make_charges(unit, 100, 200, subject=f"B-{n:02}")
            actions.collect(actor, unit, charges=[one.pk for one in charges], total=300)
            make_charges(unit, 100, 200, subject=f"A-{n:02}")

    fill(range(1))
    cashier.get(reverse("cash"))
    few = [queries_of(cashier, reverse(name))[1] for name in ("cash", "cash_receipts")]
    fill(range(1, 60))
    listed, of_list = queries_of(cashier, reverse("cash"))
    receipts, of_receipts = queries_of(cashier, reverse("cash_receipts"))

    assert [of_list, of_receipts] == few
    assert max(few) <= 11
    assert listed.content.decode().count("data-row") == receipts.content.decode().count("data-row") == 50
    (following,) = re.findall(r'rel="next" href="([^"]+)"', receipts.content.decode())
    rest = cashier.get(reverse("cash_receipts") + html.unescape(following))
    assert rest.content.decode().count("data-row") == 10


def test_nobody_of_two_units_sees_the_other_units_money_in_the_first(client, unit):
    other = make_unit("80124", "Phường 6")
    user = employ(unit, "cashier", "hai")
    post = Post.objects.create(unit=other, key="hai", title="Công chức")
    Grant.objects.create(post=post, role="cashier", unit=other)
    Holding.objects.create(user=user, post=post, since=date(2016, 1, 1))
    make_charges(unit, 100, subject="A-1")
    make_charges(other, 100, subject="B-1")
    client.force_login(user)
    page = text_of(client.get(reverse("cash"), {"unit": other.pk}))
    assert "B-1" in page
    assert "A-1" not in page


def test_cancelling_as_the_page_stands_leaves_the_money_due(cashier, unit, actor, book):
    charges = make_charges(unit, 8000, subject="A-1")
    receipt = actions.collect(actor, unit, charges=tuple(one.pk for one in charges), total=8000)
    url = reverse("cash_cancel", args=[receipt.pk])
    shown = cashier.get(url)
    box = re.search(r'<input[^>]*name="still_due"[^>]*>', shown.content.decode())
    assert box
    assert "checked" in box[0]
    press(cashier, shown, url, reason="Sai tên", still_due="on")
    assert queries.balance("A-1") == 8000
