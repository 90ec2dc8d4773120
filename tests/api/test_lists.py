"""Every list is asked for alike: in pages, by words with or without accents, by its fields."""

from datetime import date

import pytest
from django.db import connection, transaction

from tests import province as p
from vamco.core import openapi
from vamco.core.actors import SYSTEM
from vamco.core.listing import Asked
from vamco.dossiers import actions
from vamco.dossiers.models import RegisterBook
from vamco.dossiers.papers import drafting
from vamco.notify import bell
from vamco.notify import queries as messages
from vamco.organisation.access import actor_for
from vamco.organisation.models import Delegation
from vamco.parties import actions as parties
from vamco.payments.models import Receipt
from vamco.results.lists import RESULTS
from vamco.timing import actions as timing

from .conftest import copies, fields

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

WORDS = {
    "/attachments": "bien ban",
    "/calendar_days": "quoc khanh",
    "/charges": "le phi",
    "/colleagues": "thi",
    "/consultations": "xac minh",
    "/delegations": "nghi phep",
    "/dossiers": "phuoc",
    "/dossiers/{code}/notes": "goi dien",
    "/dossiers/{code}/slips": "161205",
    "/filters": "cua toi",
    "/history": "goi dien",
    "/ledger": "tiep nhan ho so",
    "/messages": "my hanh",
    "/notices": "ghi chu",
    "/office_hours": "phuong",
    "/parties": "my hanh",
    "/parties/{party_id}/look_ups": "tiep nhan",
    "/people": "thi",
    "/posts": "mot cua",
    "/procedure_versions": "hon nhan",
    "/procedures": "hon nhan",
    "/receipt_books": "bl",
    "/receipts": "my hanh",
    "/regimes": "nghi dinh",
    "/register_books": "chung thuc",
    "/register_books/{book_id}/entries": "tot nghiep",
    "/result_templates": "hon nhan",
    "/results": "my hanh",
    "/roles": "tiep nhan",
    "/sectors": "ho tich",
    "/settings": "quyen bien lai",
    "/units": "thanh duc",
    "/units/{code}/dues": "phuoc",
}
"""Each list, with words that find something in it."""


@pytest.fixture
def lists(things, everything, call):
    """Something in every list: what stands in each address, and what has to be asked for beside."""
    one = actions.note(p.actor("tu_phap"), p.receive(), text="Đã gọi điện cho người nộp.")
    call("mot_cua").post(f"/units/{p.COMMUNE}/actions/at_once", copies(expected=10_000))
    actor = actor_for(everything.user, via="api")
    actions.save_filter(actor, None, name="Của tôi", query="tab=mine")
    Delegation.objects.create(
        giver=everything.user,
        receiver=p.person("van_phong"),
        since=date(2016, 12, 5),
        until=date(2016, 12, 9),
        reason="Nghỉ phép",
    )
    with transaction.atomic():
        for text in ("Lê Văn A nhắc ông/bà trong ghi chú.", "Đã bổ sung."):
            bell.ring(everything.user, text, url="/viec/", kind="mention")
    timing.set_hours(SYSTEM, p.unit(), weekday=5, morning=None, afternoon=None)
    parties.look_up(p.actor("mot_cua"), None, number="080161000412", purpose="tiếp nhận")
    paid = Receipt.objects.order_by("pk").first().lines.first().subject
    places = {
        "party_id": one.applicant_id,
        "book_id": RegisterBook.objects.latest("pk").pk,
        "code": one.code,
    }
    receipt = {"kind": "payments.receipt", "id": things["receipts"]}
    needed = {
        "/attachments": receipt,
        "/history": receipt,
        "/charges": {"dossier": paid},
        "/consultations": {"dossier": things["dossiers"]},
        "/receipts": {"unit": p.COMMUNE},
        "/receipt_books": {"unit": p.COMMUNE},
    }

    def ask(path, **query):
        address = path.format(**places | ({"code": p.COMMUNE} if path.startswith("/units/") else {}))
        answer = everything.get(address, {**needed.get(path, {}), **query})
        assert answer.status_code == 200, (path, answer.content)
        return answer.json()

    return ask


def test_this_table_knows_every_list(everything):
    described = everything.get("/openapi.json").json()
    found = {
        path.removeprefix("/api/v1")
        for path, method, one in openapi.operations(described)
        for content in [one["responses"].get("200", {}).get("content", {}).get("application/json", {})]
        if method == "get" and "items" in (content.get("example") or {})
    }
    assert found == WORDS.keys()


def test_words_find_what_has_them_and_nothing_else(lists):
    wrong = {}
    for path, words in WORDS.items():
        found = [len(lists(path, q=q, limit=200)["items"]) for q in (words, words.upper(), "zzqx", "%_")]
        whole = len(lists(path, limit=200)["items"])
        if not (0 < found[0] == found[1] <= max(whole, 1) and found[2:] == [0, 0]):
            wrong[path] = (whole, found)
    assert not wrong


def test_pages_follow_each_other_without_gap_or_repeat(lists):
    for path in WORDS:
        whole = lists(path, limit=200)["items"]
        walked, cursor = [], ""
        while cursor is not None and len(walked) < 4:
            page = lists(path, limit=1, cursor=cursor)
            walked += page["items"]
            cursor = page["next"]
        assert walked == whole[: len(walked)], path
        assert len(walked) == min(len(whole), 4), path


def test_a_foreign_cursor_is_refused_by_short_lists_too(call):
    admin = call("quan_tri", p.PROVINCE)
    assert fields(admin.get("/regimes", {"cursor": "WyJraG9uZyJd"})) == ["cursor"]
    assert fields(admin.get("/roles", {"cursor": "%%%"})) == ["cursor"]


def test_results_by_number_type_holder_and_kind(lists):
    one = drafting.current(p.decide(p.receive(parties=(p.PartyInput(name="Đỗ Minh Á"),))))
    for asked in ({"number": one.number}, {"holder": one.holder_id}, {"q": "a minh"}, {"q": one.number}):
        assert [row["id"] for row in lists("/results", **asked)["items"]] == [one.pk], asked
    assert len(lists("/results", type=one.type_key, kind="result")["items"]) > 1
    assert lists("/results", kind="refusal")["items"] == []


def test_receipts_by_number_and_dossier(lists):
    one = Receipt.objects.order_by("pk").last()
    subject = one.lines.first().subject
    for asked in ({"number": one.number}, {"q": one.number}, {"dossier": subject}, {"q": subject.lower()}):
        assert [row["id"] for row in lists("/receipts", **asked)["items"]] == [one.pk], asked
    assert lists("/receipts", dossier="khong-co")["items"] == []


def test_consultations_by_unit(lists, call):
    assert len(lists("/consultations", unit=p.OTHER_COMMUNE)["items"]) == 1
    assert lists("/consultations", unit=p.COMMUNE)["items"] == []
    asked = call("tu_phap", p.OTHER_COMMUNE)
    assert len(asked.get("/consultations", {"q": "xac minh"}).json()["items"]) == 1
    assert asked.get("/consultations", {"q": "zzqx"}).json()["items"] == []


def test_fields_narrow_the_other_lists(lists):
    for path, some, none in (
        ("/calendar_days", {"kind": "holiday"}, {"kind": "closed"}),
        ("/charges", {"state": "paid"}, {"state": "due"}),
        ("/delegations", {"on": "2016-12-09"}, {"on": "2016-12-10"}),
        ("/dossiers/{code}/notes", {"author": p.person("tu_phap").pk}, {"author": p.person("mot_cua").pk}),
        ("/dossiers/{code}/slips", {"kind": "receipt"}, {"kind": "apology"}),
        ("/ledger", {"via": "api"}, {"via": "cli"}),
        ("/messages", {"kind": "received", "unit": p.COMMUNE}, {"unit": p.OTHER_COMMUNE}),
        ("/office_hours", {"weekday": 5}, {"weekday": 6, "unit": p.COMMUNE}),
        ("/posts", {"key": "mot_cua"}, {"key": "khong_co"}),
        ("/receipt_books", {"state": "open"}, {"state": "closed"}),
        ("/regimes", {"on": "2016-12-05"}, {"on": "2016-12-05", "q": "118"}),
        ("/register_books", {"closed": "false"}, {"closed": "true"}),
        ("/register_books/{book_id}/entries", {"number": 1}, {"number": 99}),
        ("/result_templates", {"key": "giay_phep"}, {"key": "khong_co"}),
        ("/sectors", {"code": "ho_tich"}, {"code": "khong_co"}),
        ("/roles", {"permission": "dossiers.receive"}, {"permission": "khong.co"}),
    ):
        assert lists(path, **some)["items"], path
        assert lists(path, **none)["items"] == [], path


@pytest.mark.parametrize(
    ("index", "found"),
    [
        ("result_words", lambda actor: RESULTS.rows(actor, Asked(q="my hanh"))),
        ("message_words", lambda actor: messages.with_words(messages.log(actor), "my hanh")),
    ],
)
def test_big_tables_answer_words_from_an_index(index, found):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert index in found(SYSTEM).order_by().explain()
