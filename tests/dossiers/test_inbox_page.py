"""The inbox page: what it shows to whom, in which order, and what may be done from it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import province as p
from tests.pages import one_line
from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.dossiers import actions, queries
from vamco.dossiers.inbox import inbox
from vamco.dossiers.models import Dossier, SavedFilter
from vamco.dossiers.rules.application import PartyInput
from vamco.parties.models import LookUp
from vamco.web import words

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

NAMES = ("Trần Thị Kim Oanh", "Lê Văn Phước", "Huỳnh Văn Tư", "Đỗ Thị Mỹ Lệ", "Bùi Văn Lộc", "Lâm Văn Hải")


def received(n: int = 1, at=None, code: str = p.COMMUNE) -> list[Dossier]:
    """So many dossiers, each of another person."""
    made = []
    for i in range(n):
        name = NAMES[i % len(NAMES)]
        number = f"080{'1' if 'Thị' in name else '0'}{60 + i % 39}{i:06d}"
        with clock.told(at or clock.now()):
            made.append(p.receive(code, parties=(PartyInput(name=name, id_number=number, address="ấp 3"),)))
    return made


def sign_in(client, post: str, code: str = p.COMMUNE):
    client.force_login(p.person(post, code))
    return client


def body(client, query: str = "") -> str:
    answer = client.get(f"/viec/{query}")
    assert answer.status_code == 200
    return one_line(answer)


# Reading ---------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_will_appear_there(client):
    assert "sẽ hiện ở đây" in body(sign_in(client, "tu_phap"), "?tab=mine")


def test_the_first_look_shows_the_pool_when_nothing_is_mine(client):
    (dossier,) = received()
    text = body(sign_in(client, "tu_phap"))
    assert 'href="/viec/?tab=pool" aria-current="page"' in text
    assert dossier.code in text


def test_each_person_sees_what_they_can_do_and_who_assigns_sees_all(client):
    fresh, to_sign = received(2)
    p.decide(to_sign, upto="ky_duyet")
    for post, shown, hidden in (("tu_phap", fresh, to_sign), ("chu_tich", to_sign, fresh)):
        text = body(sign_in(client, post), "?tab=pool")
        assert shown.code in text
        assert hidden.code not in text
        counts = queries.tab_counts(p.actor(post))
        assert (counts["pool"], counts["unit"]) == (1, 2)
    text = body(client, "?tab=unassigned")
    assert fresh.code in text
    assert to_sign.code in text
    assert "tab=unassigned" not in body(sign_in(client, "tu_phap"))


def test_groups_follow_the_due_day_and_what_stands_still_is_apart():
    late, today, tomorrow, paused = (
        received(1, at=clock.now() - timedelta(days=days))[0] for days in (6, 5, 4, 0)
    )
    actions.request_supplement(p.actor("tu_phap"), paused, items=[("Hộ khẩu", "mờ")], reason="Không đọc được")
    found = inbox.page(p.actor("tu_phap"), queries.Filter(tab="unit"))
    shown = [(group.title, [row.dossier.code for row in group.rows]) for group in inbox.groups(found)]
    assert shown == [
        ("Quá hạn", [late.code]),
        ("Hôm nay, thứ Hai 05/12", [today.code]),
        ("Ngày mai, thứ Ba 06/12", [tomorrow.code]),
        ("Tạm dừng, chờ công dân", [paused.code]),
    ]


@pytest.mark.parametrize(
    ("day", "title"),
    [(5, "Hôm nay, thứ Hai 05/12"), (6, "Ngày mai, thứ Ba 06/12"), (8, "Thứ Năm 08/12"), (14, "Tuần tới"), (20, "Sau đó")],
)  # fmt: skip
def test_near_days_have_a_name_far_ones_a_week(day, title):
    today = clock.today()
    assert inbox.day_heading(today.replace(day=day), today, today + timedelta(days=1)) == title


def test_over_the_weekend_the_next_working_day_has_its_own_heading():
    friday = clock.today().replace(day=9)
    assert inbox.day_heading(friday.replace(day=12), friday, friday.replace(day=12)) == "Thứ Hai 12/12"


def test_pages_follow_each_other_without_gap_or_double():
    made = received(7)
    for one in made[:2]:
        actions.request_supplement(
            p.actor("tu_phap"), one, items=[("Hộ khẩu", "mờ")], reason="Không đọc được"
        )
    actor, seen, cursor = p.actor("tu_phap"), [], ""
    for _turn in range(10):
        page = inbox.page(actor, queries.Filter(tab="unit"), cursor=cursor, limit=3)
        seen += [row.dossier.code for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(seen) == sorted(one.code for one in made)
    assert seen[-2:] == [made[0].code, made[1].code]


@pytest.mark.parametrize("cursor", ["x", "9.1.1", "0.99999999999999999999999.1", "0.1", "-1.1.1"])
def test_a_cursor_that_is_not_ours_is_a_clear_message(client, cursor):
    answer = sign_in(client, "tu_phap").get("/viec/", {"tab": "unit", "trang": cursor})
    assert answer.status_code == 422


def test_another_commune_sees_nothing_of_it(client):
    (dossier,) = received()
    assert dossier.code not in body(sign_in(client, "tu_phap", p.OTHER_COMMUNE), "?tab=unit")


def test_what_changed_since_i_looked_is_marked_until_i_look_again(client):
    (dossier,) = received()
    sign_in(client, "tu_phap")
    assert "mới</span>" in body(client, "?tab=pool")
    client.get(f"/ho-so/{dossier.code}/")
    assert "mới</span>" not in body(client, "?tab=pool")
    actions.note(p.actor("chu_tich"), dossier, text="Xin xem lại")
    assert "có thay đổi</span>" in body(client, "?tab=pool")
    client.get(f"/ho-so/{dossier.code}/")
    assert "có thay đổi</span>" not in body(client, "?tab=pool")


def test_filters_narrow_the_list(client):
    first, second = received(2)
    p.decide(first, upto="ky_duyet")
    text = body(sign_in(client, "tu_phap"), "?tab=unit&buoc=ky_duyet")
    assert first.code in text
    assert second.code not in text
    assert "Không có hồ sơ nào hợp điều kiện lọc" in body(client, "?tab=unit&kenh=online")


def queries_of(client, n: int) -> int:
    """How often the page asks the tables of this room; the frame and the calendar's cache are others' matter."""
    received(n)
    body(client, "?tab=unit")
    with CaptureQueriesContext(
        connection,
    ) as counted:
        text = body(client, "?tab=unit")
    assert text.count("data-row") >= n
    return sum('"dossiers_' in (one["sql"] or "") for one in counted.captured_queries)


@pytest.mark.parametrize("post", ["tu_phap", "chu_tich"])
def test_the_number_of_queries_does_not_grow_with_the_list(client, monkeypatch, post):
    monkeypatch.setattr(inbox, "LIMIT", 200)
    sign_in(client, post)
    few = queries_of(client, 10)
    many = queries_of(client, 50)
    assert many == few <= 8, (few, many)


def test_html_in_a_name_is_text(client):
    p.receive(parties=(PartyInput(name="Lê <b>Văn</b> An", id_number="080060000001", address="x"),))
    text = body(sign_in(client, "tu_phap"), "?tab=pool")
    assert "<b>Văn</b>" not in text
    assert "&lt;b&gt;Văn" in text


# Search ----------------------------------------------------------------------------------------------------


def test_a_code_goes_to_its_dossier(client):
    (dossier,) = received()
    sign_in(client, "mot_cua")
    for typed in (
        dossier.code,
        dossier.code.partition("-")[2],
        f"http://x/tra-cuu/{dossier.code}/",
        dossier.code.lower(),
    ):
        answer = client.post("/tim/", {"q": typed})
        assert answer.headers["Location"] == f"/ho-so/{dossier.code}/"


def test_a_name_without_accents_finds_the_dossier(client):
    one, other = received(2)
    sign_in(client, "mot_cua")
    answer = client.post("/tim/", {"q": "tran kim oanh"}, follow=True)
    assert one.code in answer.content.decode()
    assert other.code not in answer.content.decode()


@pytest.mark.parametrize("typed", ["0801 6100 0412", "080161000412", "0801-6100-0412", "080.161.000.412"])
def test_an_identity_number_is_on_record_and_in_no_address(client, typed):
    dossier = p.receive()
    sign_in(client, "mot_cua")
    before = LookUp.objects.count()
    answer = client.post("/tim/", {"q": typed})
    assert "0412" not in answer.headers["Location"]
    assert LookUp.objects.count() == before + 1
    assert dossier.code in client.get(answer.headers["Location"]).content.decode()


def test_a_code_that_does_not_exist_says_so(client):
    answer = sign_in(client, "mot_cua").post("/tim/", {"q": "000.05.21.H39-161205-9999"}, follow=True)
    assert "Không thấy hồ sơ nào" in answer.content.decode()


def test_a_number_in_the_address_is_not_searched(client):
    p.receive()
    sign_in(client, "mot_cua")
    assert "Mỹ Hạnh" not in body(client, "?q=080161000412&tab=mine")
    assert not LookUp.objects.filter(kind="asked").exists()


def test_an_unknown_number_says_so_and_is_on_record_too(client):
    sign_in(client, "mot_cua")
    answer = client.post("/tim/", {"q": "080161999999"}, follow=True)
    assert "Không có hồ sơ nào" in answer.content.decode()
    assert LookUp.objects.count() == 1


def test_a_person_of_another_commune_shows_no_dossier_there(client):
    dossier = p.receive()
    text = body(sign_in(client, "mot_cua", p.OTHER_COMMUNE), f"?nguoi={dossier.applicant_id}")
    assert dossier.code not in text
    assert "Mỹ Hạnh" not in text


@pytest.mark.parametrize("q", ["' OR 1=1 --", "<script>", "x" * 10_000, "%", "-", "Ẵ\u0300", "12-"])
def test_any_text_may_be_searched(client, q):
    assert sign_in(client, "mot_cua").post("/tim/", {"q": q}, follow=True).status_code == 200


# Saved filters ---------------------------------------------------------------------------------------------


def test_a_filter_is_saved_applied_and_deleted(client):
    received()
    sign_in(client, "tu_phap")
    client.post(reverse("inbox_filter_save"), {"ds": "tab=unit&buoc=tham_tra", "name": "  Thẩm  tra "})
    saved = SavedFilter.objects.get()
    assert (saved.name, saved.query) == ("Thẩm tra", "tab=unit&buoc=tham_tra")
    assert 'href="/viec/?tab=unit&amp;buoc=tham_tra"' in body(client, "?tab=unit")
    client.post(reverse("inbox_filter_delete", args=[saved.pk]), {"ds": "tab=unit"})
    assert not SavedFilter.objects.exists()


def test_somebody_elses_filter_can_not_be_deleted(client):
    saved = SavedFilter.objects.create(user=p.person("chu_tich"), name="x", query="tab=unit")
    assert sign_in(client, "tu_phap").post(reverse("inbox_filter_delete", args=[saved.pk])).status_code == 404
    assert SavedFilter.objects.exists()


# Many at once ----------------------------------------------------------------------------------------------


def test_many_are_taken_and_each_failure_is_told(client):
    mine, theirs, decided = received(3)
    p.decide(decided)
    sign_in(client, "tu_phap")
    data = {
        "ds": "tab=unit",
        "do": "take",
        "code": [one.code for one in (mine, theirs, decided)],
        "request_key": "k",
    }
    text = client.post(reverse("inbox_many"), data, follow=True).content.decode()
    assert "Đã nhận 2 hồ sơ" in text
    assert f"Chưa làm được …{decided.code.partition('-')[2]}" in text
    assert set(Dossier.objects.filter(holder=p.person("tu_phap")).values_list("code", flat=True)) == {
        mine.code,
        theirs.code,
    }


def test_the_chair_gives_many_to_one_person(client):
    made = received(3)
    sign_in(client, "chu_tich")
    person = p.person("tu_phap")
    assert f'<option value="{person.pk}">' in body(client, "?tab=unit")
    data = {"ds": "tab=unit", "do": "assign", "person": person.pk, "code": [one.code for one in made]}
    text = client.post(reverse("inbox_many"), data, follow=True).content.decode()
    assert "3 hồ sơ" in text
    assert Dossier.objects.filter(holder=person).count() == 3


def test_to_nobody_is_a_clear_message(client):
    (dossier,) = received()
    text = sign_in(client, "chu_tich").post(
        reverse("inbox_many"), {"do": "assign", "person": "", "code": [dossier.code]}, follow=True
    ).content.decode()  # fmt: skip
    assert "Hãy chọn người nhận việc" in text


def test_the_chair_signs_many_with_one_confirmation(client):
    made = [p.decide(one, upto="ky_duyet") for one in received(2)]
    untouched = received(1)[0]
    sign_in(client, "chu_tich")
    codes = [one.code for one in (*made, untouched)]
    asked = client.post(reverse("inbox_many"), {"do": "finish", "code": codes}).content.decode()
    assert "Ký 2 hồ sơ" in asked
    assert "Phải mở từng hồ sơ" in asked
    assert all(Dossier.objects.get(pk=one.pk).step == "ky_duyet" for one in made)
    data = {"do": "finished", "code": [one.code for one in made], "request_key": "once"}
    client.post(reverse("inbox_many"), data)
    client.post(reverse("inbox_many"), data)
    assert all(Dossier.objects.get(pk=one.pk).step == "vao_so" for one in made)


def test_a_code_of_another_commune_is_not_found(client):
    (dossier,) = received()
    answer = sign_in(client, "tu_phap", p.OTHER_COMMUNE).post(
        reverse("inbox_many"), {"do": "take", "code": [dossier.code]}
    )
    assert answer.status_code == 404


# Opinions --------------------------------------------------------------------------------------------------


def test_questions_to_my_unit_have_a_tab(client):
    (dossier,) = received()
    actions.consult(p.actor("tu_phap"), dossier, unit=p.OTHER_COMMUNE, question="Có cư trú ở xã không?")
    sign_in(client, "tu_phap", p.OTHER_COMMUNE)
    assert "tab=y-kien" in body(client)
    assert "Có cư trú ở xã không?" in body(client, "?tab=y-kien")
    sign_in(client, "tu_phap")
    assert "tab=y-kien" not in body(client)


def test_who_may_read_the_whole_province_finds_it_counted():
    p.receive()
    p.receive(p.OTHER_COMMUNE)
    counts = queries.tab_counts(p.actor("giam_sat", p.PROVINCE))
    assert (counts["mine"], counts["unit"], counts["unassigned"]) == (0, 2, 2)


def test_of_many_one_that_is_not_mine_to_see_holds_up_none_of_the_others(client):
    (mine,), (other,) = received(), received(code=p.OTHER_COMMUNE)
    data = {"do": "take", "code": [mine.code, other.code, "khong-co"]}
    answer = sign_in(client, "tu_phap").post(reverse("inbox_many"), data, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    mine.refresh_from_db()
    assert mine.holder == p.person("tu_phap")
    assert "Đã nhận 1 hồ sơ" in text
    assert f"Chưa làm được {words.short_code(other.code)}, " in text
    asked = client.post(reverse("inbox_many"), {"do": "finish", "code": [mine.code, other.code]})
    assert asked.status_code == 200
    assert words.short_code(other.code) in asked.content.decode()


def test_a_sensitive_dossier_is_for_those_who_handle_it(client):
    open_one, secret = received(2)
    Dossier.objects.filter(pk=secret.pk).update(sensitive=True)
    reads = p.actor("thanh_tra", p.PROVINCE)
    here = Actor(reads.user_id, reads.label, {"dossiers.view": frozenset({open_one.unit_id})})
    for reader in (reads, here):
        assert list(queries.visible(reader)) == [open_one]
        assert queries.tab_counts(reader)["unit"] == 1
        with pytest.raises(NotFound):
            queries.get(reader, secret.code)
    for handles in (p.actor("tu_phap"), p.actor("giam_sat", p.PROVINCE)):
        assert set(queries.visible(handles)) == {open_one, secret}
    for query in ("?tab=unit", "?q=oanh", "?q=phuoc"):
        assert secret.code not in body(sign_in(client, "thanh_tra", p.PROVINCE), query)
    assert secret.code in body(sign_in(client, "tu_phap"), "?tab=unit")


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_words_find_the_same_in_the_same_order_however_many_they_find(monkeypatch, limit):
    names = ("An", "Ba", "Cư", "Danh", "Em", "Gấm", "Hai")
    made = [p.receive(parties=(PartyInput(name=f"Nguyễn Văn {name}", address="ấp 3"),)) for name in names]
    p.decide(made[0])
    actions.withdraw(p.actor("mot_cua"), made[1], reason="Không còn nhu cầu.")
    with clock.told(clock.now() + timedelta(hours=1)):
        actions.stop(p.actor("chu_tich"), made[2], reason="Theo quyết định của tòa án.")
    asked = [("Tờ khai", "thiếu chữ ký")]
    actions.request_supplement(p.actor("tu_phap"), made[3], items=asked, reason="Tờ khai chưa ký.")
    actor, wanted = p.actor("tu_phap"), queries.Filter(q="nguyen van")

    def listed():
        codes, cursor = [], ""
        while True:
            page = inbox.page(actor, wanted, cursor=cursor, limit=limit)
            codes += [(row.dossier.code, row.to_close) for row in page.rows]
            cursor = page.next_cursor
            if not cursor:
                return codes

    few = listed()
    monkeypatch.setattr(inbox, "FEW", 0)
    assert listed() == few
    assert len(few) == len(dict(few)) == 7
