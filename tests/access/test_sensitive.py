"""Not visible means that nothing about it is visible, by any door.

A sensitive dossier goes through its whole life in this commune. Who may not see it (an auditor, an administrator, a
cashier who handles no dossiers) then opens every page and asks every operation of the API, by every filter and by the
number of everything that hangs on the dossier: neither its code nor its people nor its result are in any answer.
"""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import province
from tests.province import COMMUNE, PROVINCE, actor, person, unit
from vamco.core import clock, ledger, visibility
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid
from vamco.core.models import LedgerEntry
from vamco.dossiers import actions, jobs, queries
from vamco.dossiers.models import Dossier, DossierPaper, DossierParty, RegisterBook, Slip
from vamco.notify import actions as notify
from vamco.notify.models import Message, State
from vamco.organisation import actions as organisation
from vamco.organisation.access import actor_for
from vamco.organisation.models import User
from vamco.parties import actions as parties
from vamco.payments import actions as payments
from vamco.payments.models import Charge, DayClose, Receipt
from vamco.results.models import Result

from .test_api_urls import api_filters
from .test_urls import (
    HIDDEN,
    MARKS,
    PUBLIC,
    World,
    address,
    api_address,
    call,
    closed,
    operations,
    pages,
    parts,
    public,
    shown,
    token_of,
)

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

QUESTION, REMARK = "Đề nghị xác minh chỗ ở cũ.", "Người nộp xin giữ kín."


@pytest.fixture
def world() -> World:
    """A sensitive dossier that was received, paid, asked about, decided, and spoken of in the ledger."""
    before = LedgerEntry.objects.order_by("pk").last()
    made = World()
    made.before = before.pk if before else 0
    Dossier.objects.update(sensitive=True)
    one = made.dossier
    one.refresh_from_db()
    file = made.things.of("File")
    DossierPaper.objects.filter(dossier=one).update(file=file, remark=REMARK)
    actions.reveal_number(actor("mot_cua"), one, party=one.parties.get().pk)
    queries.get(actor("tu_phap"), one.code)
    asked = actions.consult(actor("tu_phap"), one, unit=province.DISTRICT + "-tu_phap", question=QUESTION)
    made.things.made["Consultation"] = asked.consultations.get()
    parties.update(actor("mot_cua"), one.applicant, phone="0913777124")
    one.refresh_from_db()
    made.things.made["Result"] = made.things._result()
    made.things.made["Receipt"] = Receipt.objects.get()
    jobs.send_digests()
    made.things.of("DayClose")
    failed = Message.objects.filter(dossier=one.code).first()
    failed.state, failed.last_error, failed.next_at = State.FAILED, f"550 no such user {HIDDEN.email}", None
    failed.save()
    notify.resend(actor("chu_tich"), failed)
    ledger.seal(clock.now())
    return made


def person_of(role: str, code: str, *, below: bool = True) -> User:
    """Somebody with one role in one unit, for the units below it as well."""
    where, name = unit(code), f"chi.{role}"
    user = organisation.create_person(
        SYSTEM, where, username=name, full_name="Lê Văn Một Vai", email=f"{name}@example.vn"
    )
    post = organisation.create_post(SYSTEM, where, key=f"chi_{role}", title="Một vai trò")
    organisation.grant(SYSTEM, post, role=role, unit=where, below=below)
    organisation.appoint(SYSTEM, post, user=user, since=date(2016, 12, 5))
    return user


READERS = [
    ("auditor", PROVINCE),
    ("admin", PROVINCE),
    pytest.param("cashier", COMMUNE, marks=pytest.mark.slow),
    pytest.param("auditor", COMMUNE, marks=pytest.mark.slow),
]


def marks_of(world: World) -> tuple[str, ...]:
    result = world.things.of("Result")
    return (*MARKS, world.dossier.code, result.number, QUESTION, REMARK)


def told(answer: Any, marks: tuple[str, ...]) -> list[str]:
    """Which of the marks an answer holds, on paper too."""
    if answer.status_code == 500:
        return ["a fault"]
    content = b"".join(answer) if answer.streaming else answer.content
    if not content.startswith(b"%PDF") or len(content) < 100:
        return shown(answer, marks) if not answer.streaming else [m for m in marks if m.encode() in content]
    read = pypdf.PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split()) + str(read.metadata)
    return [mark for mark in marks if mark in text]


def things(world: World) -> Iterator[tuple[str, str, list[int]]]:
    """Everything that hangs on the dossier or speaks of it: its page, its operation, the numbers."""
    code = world.dossier.code
    yield "message", "/api/v1/messages/{}", [one.pk for one in Message.objects.all()]
    entries = [one.pk for one in LedgerEntry.objects.filter(pk__gt=world.before)]
    yield "audit_entry", "/api/v1/ledger/{}", entries
    yield "audit_proof", "/api/v1/ledger/{}/proof", entries
    yield "cash_receipt", "/api/v1/receipts/{}", [one.pk for one in Receipt.objects.all()]
    yield "cash_receipt_pdf", "/api/v1/receipts/{}/paper", [one.pk for one in Receipt.objects.all()]
    yield "cash_cancel", "", [one.pk for one in Receipt.objects.all()]
    yield "cash_replace", "", [one.pk for one in Receipt.objects.all()]
    yield "cash_closing_pdf", "", [one.pk for one in DayClose.objects.all()]
    yield "result", "/api/v1/results/{}/paper", [one.pk for one in Result.objects.filter(subject=code)]
    yield "slip", "/api/v1/slips/{}/paper", [one.pk for one in Slip.objects.all()]
    yield "person", "/api/v1/parties/{}/look_ups", [world.dossier.applicant_id]
    yield "book", "/api/v1/register_books/{}/entries", [world.things.of("RegisterBook").pk]
    yield "", "/api/v1/files/{}", [world.things.of("File").pk, world.things.of("Result").file_id]


ELSEWHERE = ("thu-tuc/", "to-chuc/", "lich/", "ket-qua/mau/", "tai-khoan/", "uy-quyen/")
"""Pages of rooms that have nothing of any dossier: procedures, people, calendar, templates, one's own account."""


def answers(world: World, user: User) -> Iterator[tuple[str, Any, Any]]:
    """What the person is told by every page, operation and filter."""
    client, token = Client(raise_request_exception=False), token_of(user)
    client.force_login(user)
    code, name = world.dossier.code, "ngoc an"
    for page, route in pages():
        if closed(page, route) or page in PUBLIC or route.startswith(ELSEWHERE):
            continue
        url = address(world, page, route)
        yield url, {}, client.get(url)
        if not parts(route):
            for asked in (
                {"q": name},
                {"q": name, "unit": unit().pk, "tab": "unit"},
                {"viec": "dossiers.receive"},
            ):
                yield url, asked, client.get(url, asked)
    for page, path, keys in things(world):
        for key in keys:
            if page:
                yield page, key, client.get(reverse(page, args=[key]))
            if path:
                yield path, key, call("GET", path.format(key), token)
    asked_by = {**api_filters(world), "q": (name, code, HIDDEN.email), "unit": (COMMUNE,)}
    for method, path, operation in operations():
        if method != "GET" or public(operation):
            continue
        url = api_address(world, path)
        yield url, {}, call("GET", url, token)
        for one in operation.get("parameters", []) if "{" not in path else ():
            for value in asked_by[one["name"]]:
                asked = {one["name"]: str(value)}
                needs = (
                    {"unit": COMMUNE} if "receipt" in path else {"dossier": code} if "charges" in path else {}
                )
                yield path, asked, call("GET", path, token, **{**needs, **asked})
    for asked in ({}, {"q": name}):
        yield "export", asked, client.post(reverse("export"), asked)
        yield "audit_export", asked, client.post(reverse("audit_export"), asked)
        yield "ledger export", asked, call("POST", "/api/v1/ledger/actions/export", token, {})
    yield "cash", name, client.post(reverse("cash"), {"q": name, "unit": unit().pk})


@pytest.mark.parametrize(("role", "code"), READERS)
def test_nothing_of_it_reaches_who_may_not_see_it(world: World, role: str, code: str) -> None:
    user, marks = person_of(role, code), marks_of(world)
    assert not queries.visible(actor_for(user)).exists()
    leaks = []
    for where, asked, answer in answers(world, user):
        # A page repeats what was asked of it, a refusal its own address.
        own = f"{where} {asked}"
        found = [mark for mark in told(answer, marks) if mark not in own]
        if found:
            leaks.append((where, asked, answer.status_code, found))
    assert leaks == []


def test_who_handles_it_finds_it_by_the_same_doors(world: World) -> None:
    """So that the test above can fail."""
    found = {}
    for where, _asked, answer in answers(world, person("mot_cua")):
        found.setdefault(where, set()).update(told(answer, marks_of(world)))
    code, result = world.dossier.code, world.things.of("Result").number
    assert {code, HIDDEN.name} <= found["cash_receipt"] & found["/api/v1/receipts/{}/paper"]
    assert {code, result, HIDDEN.name} <= found[f"/api/v1/dossiers/{code}"]
    assert {result, HIDDEN.name} <= found["result"] & found["/api/v1/results"]
    assert HIDDEN.name in found["person"] & found["slip"] & found["/api/v1/parties"]


# What stays to be done with it -----------------------------------------------------------------------------


def lines(dossier: Dossier) -> list[Charge]:
    return list(Charge.objects.filter(subject=dossier.code, state="due"))


def secret(**changes: Any) -> Dossier:
    dossier = province.receive(parties=(HIDDEN,), **changes)
    Dossier.objects.filter(pk=dossier.pk).update(sensitive=True)
    dossier.refresh_from_db()
    return dossier


def test_a_cashier_takes_the_money_of_a_dossier_that_only_others_may_open() -> None:
    dossier, cashier = secret(), person_of("cashier", COMMUNE)
    payments.open_book(actor("chu_tich"), dossier.unit, symbol="BL-16T", first=1, last=9)
    token, client = token_of(cashier), Client()
    client.force_login(cashier)
    assert (
        HIDDEN.name
        in client.post(reverse("cash"), {"q": dossier.code, "unit": dossier.unit_id}).content.decode()
    )
    due = call("GET", "/api/v1/charges", token, dossier=dossier.code).json()["items"]
    total = sum(one["amount"] for one in due)
    sent = {"unit": COMMUNE, "charges": [one["id"] for one in due], "total": total}
    made = call("POST", "/api/v1/receipts", token, sent).json()
    assert (made["payer_name"], made["lines"][0]["dossier"]) == (HIDDEN.name, dossier.code)
    assert call("GET", "/api/v1/charges", token, dossier=dossier.code).json()["items"] == []
    # Another cashier sees that the number was used, and cannot find out for whom by asking for the money once more.
    other = token_of(person_of_two("cashier"))
    seen = call("GET", f"/api/v1/receipts/{made['id']}", other).json()
    assert (seen["number"], seen["total"], seen["state"]) == (1, total, "valid")
    assert (seen["payer_name"], seen["lines"][0]["name"]) == (str(visibility.HIDDEN),) * 2
    again = call("POST", "/api/v1/receipts", other, sent)
    assert again.status_code == 409
    assert not shown(again, (*MARKS, dossier.code, due[0]["name"]))
    replaced = call(
        "POST", f"/api/v1/receipts/{made['id']}/actions/replace", other, {"reason": "Hỏng tờ"}
    ).json()
    assert Receipt.objects.get(pk=replaced["id"]).payer_name == HIDDEN.name


def person_of_two(role: str) -> User:
    user = User.objects.get(username=f"chi.{role}")
    second = organisation.create_person(SYSTEM, unit(), username="nguoi.thu.hai", full_name="Lê Văn Thứ Hai")
    organisation.appoint(SYSTEM, user.holdings.get().post, user=second, since=date(2016, 12, 5))
    return second


def test_a_person_is_hidden_while_none_of_theirs_may_be_seen_and_one_statement_tells(
    django_assert_num_queries: Any,
) -> None:
    auditor = actor_for(person_of("auditor", PROVINCE))
    one, other = secret(), province.receive(parties=(province.PartyInput(name="Lê Văn Tám"),))
    assert one.applicant_id != other.applicant_id
    asked = {str(one.applicant_id), str(other.applicant_id), "999999999", "x"}
    with django_assert_num_queries(1):
        assert visibility.hidden(auditor, "parties.party", asked) == {str(one.applicant_id)}
    DossierParty.objects.create(dossier=other, party=one.applicant, role="witness", name="x")
    assert visibility.hidden(auditor, "parties.party", asked) == set()


def test_books_count_what_may_be_seen_in_where_and_not_for_each_entry() -> None:
    book = RegisterBook.objects.create(unit=unit(), key="chung_thuc", year=2016)
    for number, dossier in enumerate((secret(), province.receive()), 1):
        book.entries.create(number=number, dossier=dossier, at=clock.now(), name="x", what="x", signer="x")
    for user, count in ((person("mot_cua"), 2), (person_of("auditor", COMMUNE), 1)):
        client = Client()
        client.force_login(user)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("books"), {"unit": unit().pk})
        assert page.status_code == 200
        assert [(one.count, one.last) for one in page.context["books"]] == [(count, 2)]
        assert not any("FILTER (WHERE" in one["sql"] for one in asked)


def test_dues_are_not_told_to_who_takes_no_money_here() -> None:
    dossier = secret()
    token = token_of(person_of("auditor", PROVINCE))
    assert lines(dossier)
    assert call("GET", f"/api/v1/units/{COMMUNE}/dues", token, q=dossier.code).json() == {
        "items": [],
        "next": None,
    }
    assert call("GET", "/api/v1/charges", token, dossier=dossier.code).json()["items"] == []


def test_a_mail_that_failed_is_sent_again_by_who_may_not_read_it() -> None:
    dossier, admin = secret(), person_of("admin", PROVINCE)
    failed = Message.objects.get(dossier=dossier.code)
    Message.objects.filter(pk=failed.pk).update(
        state=State.FAILED, last_error=f"550 <{HIDDEN.email}> no mailbox", next_at=None
    )
    (row,) = call("GET", "/api/v1/messages", token_of(admin), state="failed").json()["items"]
    assert (row["id"], row["state"], row["last_error"]) == (failed.pk, "failed", "550 <…> no mailbox")
    with pytest.raises(Invalid) as refused:
        notify.resend(actor_for(admin), failed, to_email="nguoi.khac@example.vn")
    assert refused.value.field == "to_email"
    client = Client()
    client.force_login(admin)
    page = client.post(reverse("message_resend", args=[failed.pk]), follow=True)
    assert not shown(page, (*MARKS, dossier.code))
    failed.refresh_from_db()
    assert (failed.state, failed.to_email, failed.to_name) == ("queued", HIDDEN.email, HIDDEN.name)


def test_an_ordinary_dossier_that_is_not_for_the_reader_is_as_closed() -> None:
    """An administrator has no dossiers at all, and sees that mails go and money comes in."""
    dossier = province.receive(parties=(HIDDEN,))
    province.pay(dossier)
    token, marks = token_of(person_of("admin", PROVINCE)), (*MARKS, dossier.code)
    for path, asked in (("messages", {}), ("receipts", {"unit": COMMUNE})):
        answer = call("GET", f"/api/v1/{path}", token, **asked)
        assert answer.json()["items"]
        assert not shown(answer, marks)


def test_a_daily_list_of_work_tells_nobody_of_what_they_may_not_see() -> None:
    """Neither who gets it, such as a chair above who may sign the apology, nor who looks after the mails."""
    dossier, admin = secret(), person_of("admin", PROVINCE)
    chair = person_of("leader", dossier.unit.parent.code, below=False)
    dossier = actions.draft_new_date(actor("tu_phap"), dossier, days=2, reason="Chờ xác minh")
    Dossier.objects.update(due_at=clock.now() + timedelta(hours=5))
    assert not queries.visible(actor_for(chair)).exists()
    jobs.send_digests()
    mails = Message.objects.filter(kind="digest", body__contains=dossier.code)
    assert mails
    assert all(queries.visible(actor_for(mail.user)).exists() for mail in mails)
    found = call("GET", f"/api/v1/messages/{mails[0].pk}", token_of(admin))
    assert (found.json()["body"], found.json()["to_name"]) == (
        str(visibility.HIDDEN),
        mails[0].user.full_name,
    )


def test_a_receipt_in_the_ledger_can_be_proved_without_its_content(world: World) -> None:
    found = LedgerEntry.objects.get(action="dossiers.receive")
    made = call("GET", f"/api/v1/ledger/{found.pk}/proof", token_of(person_of("auditor", PROVINCE))).json()
    assert made["content"] is None
    assert ledger.check_proof(made) == []


def test_an_entry_of_it_says_in_one_sentence_that_its_content_is_not_shown(world: World) -> None:
    auditor = person_of("auditor", PROVINCE)
    client = Client()
    client.force_login(auditor)
    found = LedgerEntry.objects.get(action="dossiers.receive")
    page = client.get(reverse("audit_entry", args=[found.pk])).content.decode()
    assert "Nội dung không hiện: hồ sơ hạn chế xem." in page
    assert "applicant_id" not in page
    assert "hồ sơ hồ sơ" not in page + client.get(reverse("audit")).content.decode()
    assert call("GET", f"/api/v1/ledger/{found.pk}", token_of(auditor)).json()["changes"] == []
