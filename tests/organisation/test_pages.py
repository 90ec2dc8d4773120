"""The administrator's and the auditor's pages, as people meet them."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.pages import as_, press, text_of
from tests.province import COMMUNE, DISTRICT, MONDAY, PROVINCE, actor, person, receive, unit
from vamco.core import clock, ledger, proofs
from vamco.core.actors import SYSTEM
from vamco.core.models import LedgerEntry
from vamco.organisation import actions
from vamco.organisation.models import ApiToken, Delegation, LedgerExport, Post, Unit, User

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
PASSWORD = "mot-cau-dai-de-nho"


@pytest.fixture
def admin() -> Client:
    """The province's administrator."""
    return as_("quan_tri", PROVINCE)


@pytest.fixture
def lower() -> Client:
    """The administrator of a district."""
    return as_("chanh_van_phong", DISTRICT)


@pytest.fixture
def auditor() -> Client:
    return as_("thanh_tra", PROVINCE)


# Units -----------------------------------------------------------------------------------------------------


def test_the_tree_shows_every_unit_in_a_few_queries(admin: Client) -> None:
    admin.get(reverse("organisation_admin"))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        shown = text_of(admin.get(reverse("organisation_admin")))
    for one in Unit.objects.all():
        assert one.name in shown
    assert len(queries) < 15


def test_a_lower_administrator_sees_only_what_is_below(lower: Client) -> None:
    shown = text_of(lower.get(reverse("organisation_admin")))
    assert unit(DISTRICT).name in shown
    assert unit(COMMUNE).name not in shown
    assert unit(COMMUNE).name not in text_of(
        lower.get(reverse("organisation_admin"), {"q": unit(COMMUNE).name})
    )
    assert lower.get(reverse("organisation_unit", args=[COMMUNE])).status_code == 404
    assert lower.get(reverse("organisation_unit", args=["khong-co"])).status_code == 404


def test_a_search_needs_no_accents_and_finds_codes(admin: Client) -> None:
    assert unit(COMMUNE).name in text_of(admin.get(reverse("organisation_admin"), {"q": "phuong 1"}))
    assert unit(COMMUNE).name in text_of(admin.get(reverse("organisation_admin"), {"q": COMMUNE}))
    assert "Không tìm thấy" in text_of(admin.get(reverse("organisation_admin"), {"q": "<script>%"}))


def test_a_unit_is_opened_changed_and_closed_by_forms(admin: Client) -> None:
    answer = press(
        admin,
        reverse("organisation_unit_new", args=[DISTRICT]),
        name="Phòng Mới",
        level="room",
        code="803-moi",
        agency_code="H39.803.M",
    )
    page = reverse("organisation_unit", args=["803-moi"])
    assert answer["Location"] == page
    assert "Phòng Mới" in text_of(admin.get(page))
    press(admin, reverse("organisation_unit_change", args=["803-moi"]), name="Phòng Mới hơn", parent=PROVINCE)
    shown = text_of(admin.get(page))
    assert "Phòng Mới hơn" in shown
    assert unit("803-moi").parent == unit(PROVINCE)
    press(admin, reverse("organisation_unit_close", args=["803-moi"]))
    shown = text_of(admin.get(page))
    assert "Ngày cuối cùng: 05/12/2016" in shown
    assert "Đơn vị đã đóng" not in shown
    with clock.told(MONDAY + timedelta(days=1)):
        assert "Đơn vị đã đóng" in text_of(admin.get(page))


def test_a_wrong_form_comes_back_with_what_was_typed(admin: Client) -> None:
    answer = press(
        admin,
        reverse("organisation_unit_new", args=[DISTRICT]),
        name="<b>Phòng</b>",
        level="room",
        code=COMMUNE,
        agency_code="x",
    )
    assert answer.status_code == 422
    assert "&lt;b&gt;Phòng&lt;/b&gt;" in answer.content.decode()
    assert "Mã đơn vị hoặc mã định danh đã có" in text_of(answer)


# Posts and people ------------------------------------------------------------------------------------------


def new_person(client: Client, **changes):
    typed = {
        "full_name": "Trần Thị Hạnh",
        "username": "hanh.tt",
        "post": Post.objects.get(unit__code=COMMUNE, key="mot_cua").pk,
    }
    return press(client, reverse("organisation_person_new", args=[COMMUNE]), **{**typed, **changes})


def shown_secret(answer) -> str:
    found = re.search(r'class="once__text code">([^<]+)<', answer.content.decode())
    return found.group(1) if found else ""


def test_a_new_person_gets_a_password_that_shows_once_and_works_once(admin: Client) -> None:
    answer = new_person(admin)
    hanh = User.objects.get(username="hanh.tt")
    password = shown_secret(admin.get(answer["Location"]))
    assert len(password) == 14
    assert shown_secret(admin.get(answer["Location"])) == ""
    assert hanh.check_password(password)
    assert hanh.holdings.get().post.unit.code == COMMUNE
    client = Client()
    client.post(reverse("account_login"), {"login": "hanh.tt", "password": password})
    assert client.get("/viec/")["Location"] == reverse("account_change_password")


def test_a_form_sent_twice_makes_one_person_with_the_password_that_is_shown(admin: Client) -> None:
    url = reverse("organisation_person_new", args=[COMMUNE])
    key = admin.get(url).context["request_key"]
    typed = {
        "request_key": key,
        "full_name": "Trần Thị Hạnh",
        "username": "hanh.tt",
        "post": Post.objects.get(unit__code=COMMUNE, key="mot_cua").pk,
        "since": "2016-12-05",
    }
    answers = [admin.post(url, typed), admin.post(url, typed)]
    assert answers[0]["Location"] == answers[1]["Location"]
    password = shown_secret(admin.get(answers[1]["Location"]))
    assert User.objects.get(username="hanh.tt").check_password(password)


def test_a_person_that_is_refused_leaves_nothing_behind(admin: Client) -> None:
    answer = new_person(admin, username="có dấu")
    assert answer.status_code == 422
    assert not User.objects.filter(full_name="Trần Thị Hạnh").exists()


def test_the_secret_waits_encrypted_and_for_the_right_page_only(admin: Client) -> None:
    answer = new_person(admin)
    stored = json.dumps(dict(admin.session.items()))
    assert shown_secret(admin.get(reverse("organisation_person", args=[person("mot_cua").pk]))) == ""
    password = shown_secret(admin.get(answer["Location"]))
    assert password
    assert password not in stored


def test_people_are_found_without_accents_and_only_in_the_own_units(admin: Client, lower: Client) -> None:
    here, there = person("chu_tich", DISTRICT), person("chu_tich", COMMUNE)
    names = [one.username for one in lower.get(reverse("organisation_people")).context["people"]]
    assert here.username in names
    assert there.username not in names
    assert there.username in text_of(admin.get(reverse("organisation_people"), {"q": there.username}))
    assert there.username not in text_of(lower.get(reverse("organisation_people"), {"q": there.username}))
    assert lower.get(reverse("organisation_person", args=[there.pk])).status_code == 404


def test_pages_of_people_follow_each_other_without_gap_or_repeat(admin: Client) -> None:
    for number in range(70):
        User.objects.create_user(f"nguoi{number}", None, full_name=f"Lê Văn {'AĂÂBC'[number % 5]}")
    seen: list[int] = []
    url = reverse("organisation_people")
    while url:
        answer = admin.get(url)
        seen += [one.pk for one in answer.context["people"]]
        after = answer.context["next_cursor"]
        url = f"{reverse('organisation_people')}?cursor={after}" if after else ""
    assert len(seen) == len(set(seen)) == User.objects.filter(is_active=True).count()
    assert admin.get(reverse("organisation_people"), {"cursor": "rác"}).status_code == 422


def test_roles_are_granted_and_taken_by_forms(admin: Client) -> None:
    post = Post.objects.get(unit__code=COMMUNE, key="mot_cua")
    press(admin, reverse("organisation_grant", args=[post.pk]), role="registrar", unit=COMMUNE)
    given = post.grants.get(role="registrar")
    assert "Văn thư" in text_of(admin.get(reverse("organisation_post", args=[post.pk])))
    press(admin, reverse("organisation_revoke", args=[given.pk]))
    assert not post.grants.filter(role="registrar").exists()
    assert admin.get(reverse("organisation_revoke", args=[given.pk])).status_code == 404


def test_a_role_is_granted_only_in_units_of_ones_own(lower: Client) -> None:
    post = Post.objects.filter(unit__code=DISTRICT).first()
    url = reverse("organisation_grant", args=[post.pk])
    offered = {one.code for one in lower.get(url).context["form"].fields["unit"].queryset}
    assert DISTRICT in offered
    assert not {COMMUNE, PROVINCE} & offered
    answer = press(lower, url, role="registrar", unit=COMMUNE)
    assert answer.status_code == 422
    assert not post.grants.filter(role="registrar", unit__code=COMMUNE).exists()


def test_appointing_and_ending_by_forms(admin: Client) -> None:
    post, who = Post.objects.get(unit__code=COMMUNE, key="tu_phap"), person("mot_cua")
    press(admin, reverse("organisation_appoint", args=[post.pk]), username=who.username)
    holding = post.holdings.get(user=who)
    press(admin, reverse("organisation_end_holding", args=[holding.pk]))
    holding.refresh_from_db()
    assert holding.until == MONDAY.date()
    answer = press(admin, reverse("organisation_appoint", args=[post.pk]), username="không.có")
    assert "Không có tài khoản này" in text_of(answer)


def test_helping_a_person_who_cannot_sign_in(admin: Client) -> None:
    who = person("mot_cua")
    answer = press(admin, reverse("organisation_reset_password", args=[who.pk]))
    password = shown_secret(admin.get(answer["Location"]))
    who.refresh_from_db()
    assert who.check_password(password)
    press(admin, reverse("organisation_deactivate", args=[who.pk]))
    assert "Tài khoản đã ngừng" in text_of(admin.get(reverse("organisation_person", args=[who.pk])))
    press(admin, reverse("organisation_reactivate", args=[who.pk]))
    answer = press(admin, reverse("organisation_reset_second_step", args=[who.pk]))
    assert "chưa bật xác thực hai bước" in text_of(answer)


def test_a_token_shows_once_and_signs_in_until_it_is_revoked(admin: Client) -> None:
    who = person("mot_cua")
    answer = press(admin, reverse("organisation_token_new", args=[who.pk]), name="phần mềm hộ tịch")
    token = shown_secret(admin.get(answer["Location"]))
    assert token not in json.dumps(list(ApiToken.objects.values("name")))
    headers = {"authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/dossiers", headers=headers).status_code == 200
    press(admin, reverse("organisation_token_revoke", args=[ApiToken.objects.get().pk]))
    assert Client().get("/api/v1/dossiers", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "name", ["organisation_reset_password", "organisation_deactivate", "organisation_token_new"]
)
def test_an_account_with_rights_elsewhere_is_only_looked_at(lower: Client, name: str) -> None:
    who = person("mot_cua", DISTRICT)
    actions.appoint(
        SYSTEM, Post.objects.get(unit__code=COMMUNE, key="tu_phap"), user=who, since=MONDAY.date()
    )
    assert "nên chỉ xem được" in text_of(lower.get(reverse("organisation_person", args=[who.pk])))
    for answer in (
        lower.get(reverse(name, args=[who.pk])),
        lower.post(reverse(name, args=[who.pk]), {"name": "x"}),
    ):
        assert answer.status_code == 403
    who.refresh_from_db()
    assert who.is_active
    assert not who.must_change_password


# Delegation ------------------------------------------------------------------------------------------------


def test_an_officer_delegates_and_ends_it(client: Client) -> None:
    client.force_login(person("tu_phap"))
    to = person("van_phong")
    found = client.get(reverse("delegations"), {"q": to.full_name})
    assert f"?nguoi={to.pk}" in found.content.decode()
    url = f"{reverse('delegations')}?nguoi={to.pk}"
    answer = press(client, url, receiver=to.pk, reason="nghỉ phép")
    assert answer["Location"] == reverse("delegations")
    assert "đang có hiệu lực" in text_of(client.get(reverse("delegations")))
    made = Delegation.objects.get()
    press(client, reverse("delegation_revoke", args=[made.pk]))
    made.refresh_from_db()
    assert made.revoked_at == MONDAY


def test_a_wrong_delegation_says_what_to_do(client: Client) -> None:
    client.force_login(person("tu_phap"))
    answer = client.post(
        reverse("delegations"),
        {"receiver": person("van_phong").pk, "since": "2016-12-05", "until": "2016-12-01"},
    )
    assert answer.status_code == 422
    assert "Hãy nhập lý do" in text_of(answer)
    for junk in ("", "abc", "9" * 30, str(person("tu_phap").pk)):
        assert client.post(reverse("delegations"), {"receiver": junk}).status_code == 422


def test_anothers_delegation_is_not_there(client: Client) -> None:
    giver = person("tu_phap")
    made = actions.delegate(
        actor("tu_phap"),
        giver,
        receiver=person("van_phong"),
        since=MONDAY.date(),
        until=MONDAY.date(),
        reason="x",
    )
    client.force_login(person("mot_cua"))
    assert client.get(reverse("delegation_revoke", args=[made.pk])).status_code == 404
    assert client.post(reverse("delegation_revoke", args=[made.pk])).status_code == 404


# The auditor -----------------------------------------------------------------------------------------------


def listed(client: Client, **asked) -> list[str]:
    return [line.entry.action for line in client.get(reverse("audit"), asked).context["lines"]]


def test_the_ledger_is_read_by_person_action_thing_and_day(auditor: Client) -> None:
    dossier = receive()
    who = person("mot_cua")
    assert "dossiers.receive" in listed(auditor)
    assert set(listed(auditor, viec="dossiers.receive")) == {"dossiers.receive"}
    assert listed(auditor, doi_tuong=dossier.code) == ["dossiers.receive"]
    assert "dossiers.receive" in listed(auditor, nguoi=who.username)
    assert "dossiers.receive" not in listed(auditor, nguoi=person("chu_tich").username)
    assert "dossiers.receive" in listed(auditor, tu="2016-12-05", den="2016-12-05")
    assert listed(auditor, tu="2016-12-06", den="2016-12-07") == []
    assert "Tiếp nhận hồ sơ" in text_of(auditor.get(reverse("audit"), {"doi_tuong": dossier.code}))


def test_sensitive_readings_are_a_list_of_their_own(auditor: Client) -> None:
    from vamco.parties.actions import look_up

    look_up(actor("mot_cua"), unit(), number="080161000412", purpose="tiếp nhận")
    assert listed(auditor, nhay_cam="1") == ["parties.look_up"]
    assert "080161000412" not in auditor.get(reverse("audit"), {"nhay_cam": "1"}).content.decode()


def test_no_word_stands_twice_and_no_two_actions_have_one_name(auditor: Client) -> None:
    from vamco.parties.actions import look_up

    made = look_up(actor("mot_cua"), unit(), number="080161000412", purpose="")
    shown = auditor.get(reverse("audit"))
    assert f"tra cứu {made.pk}" in text_of(shown)
    assert "tra cứu tra cứu" not in text_of(shown)
    names = [name for _key, name in shown.context["choices"]]
    assert len(names) == len(set(names))


def test_a_wrong_day_is_told(auditor: Client) -> None:
    answer = auditor.get(reverse("audit"), {"tu": "hôm qua"})
    assert answer.status_code == 422
    assert "Ngày không đúng" in text_of(answer)


def test_pages_of_the_ledger_follow_each_other(auditor: Client) -> None:
    for number in range(120):
        ledger.append(
            at=MONDAY, actor_id=None, actor_label="máy", via="job", action="a.b", object_type="x.y",
            object_id=str(number), content={},
        )  # fmt: skip
    seen, cursor = [], ""
    while cursor is not None:
        answer = auditor.get(reverse("audit"), {"viec": "a.b", "cursor": cursor})
        seen += [line.entry.object_id for line in answer.context["lines"]]
        cursor = answer.context["next_cursor"]
    assert seen == [str(number) for number in range(119, -1, -1)]


def test_an_entry_says_in_words_what_was_changed(auditor: Client) -> None:
    before, after = unit().parent, unit(DISTRICT)
    actions.change_unit(SYSTEM, unit(), on=MONDAY.date(), level="district", parent=DISTRICT)
    entry = LedgerEntry.objects.filter(action="organisation.change_unit").latest("pk")
    shown = text_of(auditor.get(reverse("audit_entry", args=[entry.pk])))
    assert "cấp xã huyện" in shown
    assert f"nơi trực thuộc {before} ({before.code}) {after} ({DISTRICT})" in shown
    assert "tên hiện nay" in shown
    actions.end_holding(SYSTEM, person("mot_cua").holdings.get(), last_day=MONDAY.date())
    entry = LedgerEntry.objects.filter(action="organisation.end_holding").latest("pk")
    assert "05/12/2016" in text_of(auditor.get(reverse("audit_entry", args=[entry.pk])))


def test_an_entry_shows_before_and_after_and_its_proof_holds(auditor: Client) -> None:
    actions.change_unit(actor("quan_tri", PROVINCE), unit(), on=MONDAY.date(), phone="0272 3 826 123")
    entry = LedgerEntry.objects.filter(action="organisation.change_unit").latest("pk")
    page, proof = reverse("audit_entry", args=[entry.pk]), reverse("audit_proof", args=[entry.pk])
    assert "0272 3 826 123" in text_of(auditor.get(page))
    assert auditor.get(proof).status_code == 404
    ledger.seal(MONDAY)
    assert proofs.check_proof(json.loads(auditor.get(proof).content)) == []
    assert "số " in text_of(auditor.get(page))
    assert auditor.get(reverse("audit_entry", args=[10**17])).status_code == 404


def test_digests_of_an_entry_are_behind_a_fold(auditor: Client) -> None:
    digest = "0123456789abcdef" * 4
    ledger.append(
        at=MONDAY, actor_id=None, actor_label="x", via="job", action="dossiers.note",
        object_type="dossiers.dossier", object_id="0", content={"text": [None, digest], "days": [1, 2]},
    )  # fmt: skip
    page = auditor.get(reverse("audit_entry", args=[LedgerEntry.objects.latest("pk").pk])).content.decode()
    open_part, _summary, fold = page.partition("Nội dung chỉ giữ mã băm")
    assert digest in fold
    assert digest not in open_part
    assert "days" in open_part


def test_an_export_holds_what_was_asked_and_is_itself_on_record(auditor: Client) -> None:
    receive()
    actions.change_person(actor("quan_tri", PROVINCE), person("chu_tich"), full_name="=HYPERLINK(1)")
    entries = LedgerEntry.objects.filter(action="dossiers.receive").count()
    answer = auditor.post(reverse("audit_export"), {"viec": "dossiers.receive"})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == 1 + entries
    assert rows[1][5] == "dossiers.receive"
    made = LedgerExport.objects.get()
    assert (made.rows, made.chosen) == (entries, "viec=dossiers.receive")
    last = LedgerEntry.objects.latest("pk")
    assert (last.action, last.actor_id) == ("audit.export", person("thanh_tra", PROVINCE).pk)
    assert "audit.export" in listed(auditor, nhay_cam="1")
    assert auditor.get(reverse("audit_export")).status_code == 405


def test_a_name_that_a_spreadsheet_would_run_is_kept_from_it(auditor: Client) -> None:
    ledger.append(
        at=MONDAY, actor_id=None, actor_label='=CMD("x")', via="job", action="a.b", object_type="x.y",
        object_id="1", content={},
    )  # fmt: skip
    answer = auditor.post(reverse("audit_export"), {"viec": "a.b"})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert rows[1][2] == '\'=CMD("x")'


@pytest.mark.parametrize("name", ["audit", "audit_entry", "audit_proof", "audit_export"])
def test_the_ledger_is_for_those_who_inspect_the_whole_province(name: str) -> None:
    post = Post.objects.get(unit__code=COMMUNE, key="van_phong")
    actions.grant(SYSTEM, post, role="auditor", unit=unit())
    entry = LedgerEntry.objects.latest("pk").pk
    url = reverse(name, args=[entry] if name in ("audit_entry", "audit_proof") else [])
    for client in (as_("van_phong", COMMUNE), as_("quan_tri", PROVINCE)):
        answer = client.post(url) if name == "audit_export" else client.get(url)
        assert answer.status_code == 403
    assert not LedgerExport.objects.exists()


# The token command -----------------------------------------------------------------------------------------


def test_the_token_command_prints_a_token_that_signs_in() -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("token", person("mot_cua").username, "--days", "2", stdout=out, stderr=err)
    token = out.getvalue().strip()
    assert re.fullmatch(r"vc_[\w-]{43}", token)
    assert "07/12/2016" in err.getvalue()
    headers = {"authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/dossiers", headers=headers).status_code == 200
    actions.deactivate(SYSTEM, person("mot_cua"))
    assert Client().get("/api/v1/dossiers", headers=headers).status_code == 401


@pytest.mark.parametrize("arguments", [["khong.co"], ["{name}", "--days", "0"], ["{name}", "--name", " "]])
def test_the_token_command_refuses_with_a_reason(arguments: list[str]) -> None:
    arguments = [argument.format(name=person("mot_cua").username) for argument in arguments]
    with pytest.raises(CommandError):
        call_command("token", *arguments)
    assert not ApiToken.objects.exists()


def test_an_announced_last_day_in_a_post_can_be_put_off_until_it_is_over(admin: Client) -> None:
    user = person("tu_phap")
    holding = user.holdings.get()
    actions.end_holding(SYSTEM, holding, last_day=MONDAY.date() + timedelta(days=7))
    pages = (
        reverse("organisation_person", args=[user.pk]),
        reverse("organisation_post", args=[holding.post_id]),
    )
    link = reverse("organisation_end_holding", args=[holding.pk])
    for page in pages:
        assert link in admin.get(page).content.decode()
        with clock.told(MONDAY + timedelta(days=8)):
            assert link not in admin.get(page).content.decode()
