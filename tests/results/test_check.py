"""The public check: number and code together, nothing without both, and not too often."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import province as p
from vamco.core import clock
from vamco.results import actions, limits, queries, secret
from vamco.results.models import Result, Template

from .conftest import actor_at, issue, make_unit

PAGE = "/kiem-tra/"


def ask(client: Client, number: str, code: str) -> str:
    return client.post(PAGE, {"number": number, "secret": code}).content.decode()


def test_number_and_code_say_that_it_is_valid(client, unit, leader):
    result = issue(unit, leader, at=clock.now())
    for typed in (result.secret, secret.grouped(result.secret), f" {result.secret.lower()} "):
        said = ask(client, result.number, typed)
        assert "Còn hiệu lực" in said
        assert "Nguyễn Thị Ẩn" in said


def test_replaced_withdrawn_and_lapsed_are_told(client, unit, leader):
    may = actor_at(unit, "results.draft", "step.leader", "step.registrar", "results.withdraw", user=leader)
    old = issue(unit, leader, at=clock.now())
    new = actions.correct(may, old, reason="x", values={})
    new = actions.issue_correction(may, actions.sign_correction(may, new, title="CHỦ TỊCH"))
    assert f"Bản thay thế có số {new.number}" in ask(client, old.number, old.secret)
    actions.withdraw(may, new, reason="x")
    assert "Đã thu hồi" in ask(client, new.number, new.secret)
    lapsed = issue(unit, leader)
    assert "Đã hết hạn" in ask(client, lapsed.number, lapsed.secret)


def test_wrong_code_and_unknown_number_get_the_same_answer(client, unit, leader, django_assert_num_queries):
    result = issue(unit, leader)
    wrong, unknown = queries.check(result.number, "AAAAAAAA"), queries.check("99/2016/XNTTHN", result.secret)
    assert wrong is unknown is None
    for number, code in (
        (result.number, "AAAAAAAA"),
        ("99/2016/X", result.secret),
        (result.number, result.secret),
    ):
        with django_assert_num_queries(1):
            queries.check(number, code)
    said = ask(client, result.number, "AAAAAAAA")
    assert "Không tìm thấy" in said
    assert "Nguyễn Thị Ẩn" not in said


def test_a_draft_is_not_there(client, unit):
    from .conftest import draft

    draft(unit)
    assert queries.check("", "") is None
    assert "Không tìm thấy" not in client.post(PAGE, {"number": "", "secret": ""}).content.decode()


def test_sensitive_result_names_nobody(client, unit, leader):
    result = issue(unit, leader, sensitive=True)
    assert "Nguyễn Thị Ẩn" not in ask(client, result.number, result.secret)


def test_equal_numbers_of_two_units_are_told_apart_by_the_code(client, unit, leader):
    here, there = (
        issue(unit, leader),
        issue(make_unit("80124", "Xã Lương Hòa"), leader, holder_name="Trần Văn Bé"),
    )
    assert here.number == there.number
    assert "Trần Văn Bé" in ask(client, there.number, there.secret)


def test_qr_brings_the_number_and_never_the_code(client, unit, leader):
    from vamco.results import paper

    result = issue(unit, leader)
    url = paper.check_url(result.number)
    assert result.secret not in url
    page = client.get(url.split("8000", 1)[-1].replace("http://127.0.0.1", ""))
    assert f'value="{result.number}"' in page.content.decode()
    assert "Nguyễn Thị Ẩn" not in page.content.decode()


def test_too_many_tries_of_one_address_are_refused_and_others_go_on(client, unit, leader):
    result = issue(unit, leader, at=clock.now())
    for _ in range(limits.MOST):
        ask(client, result.number, "AAAAAAAA")
    answer = client.post(PAGE, {"number": result.number, "secret": result.secret})
    assert answer.status_code == 429
    assert "thử lại sau" in answer.content.decode()
    assert "Còn hiệu lực" not in answer.content.decode()
    cache.clear()  # anybody can make so many entries that all others are dropped
    assert client.post(PAGE, {"number": result.number, "secret": result.secret}).status_code == 429
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert "Còn hiệu lực" in ask(other, result.number, result.secret)


@pytest.mark.parametrize(
    "number", ["' OR 1=1 --", "<script>", "x" * 5000, "\x00", "../../etc/passwd", "１２/2016"]
)
def test_hostile_numbers_are_only_numbers_that_do_not_exist(client, unit, number):
    answer = client.post(PAGE, {"number": number, "secret": "AAAAAAAA"})
    assert answer.status_code in (200, 422)
    assert "<script>" not in answer.content.decode().split("<main")[1]


# The API ---------------------------------------------------------------------------------------------------


def api(number: str) -> str:
    return f"/api/v1/results/{number}"


def token(user) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": f"Bearer {p.token(user)}"}


def post(user, unit, *roles: str):
    from vamco.organisation.models import Grant, Holding, Post

    made = Post.objects.create(unit=unit, key=f"p{user.pk}", title="Chuyên viên")
    Holding.objects.create(user=user, post=made, since="2016-01-01")
    for role in roles:
        Grant.objects.create(post=made, role=role, unit=unit)


def test_api_tells_the_state_for_the_code_and_nothing_else(client, unit, leader):
    result = issue(unit, leader, at=clock.now())
    answer = client.get(api(result.number), HTTP_X_RESULT_SECRET=result.secret)
    assert answer.json() == {"number": result.number, "state": "valid", "replaced_by": None}
    assert client.get(api(result.number), HTTP_X_RESULT_SECRET="AAAAAAAA").status_code == 404
    assert client.get(api("1/2/3"), HTTP_X_RESULT_SECRET=result.secret).status_code == 404
    assert client.get(api(result.number)).status_code == 401


def test_api_shows_the_whole_to_those_who_may(client, unit, leader):
    result = issue(unit, leader)
    post(leader, unit, "leader")
    answer = client.get(api(result.number), **token(leader)).json()
    assert (answer["holder_name"], answer["state"], len(answer["history"])) == ("Nguyễn Thị Ẩn", "lapsed", 3)
    listed = client.get("/api/v1/results?state=lapsed", **token(leader)).json()
    assert [one["id"] for one in listed["items"]] == [result.pk]
    assert client.get("/api/v1/results?state=valid", **token(leader)).json()["items"] == []


def test_api_hides_other_units_results_everywhere(client, unit, leader):
    result = issue(unit, leader)
    from vamco.organisation.models import User

    stranger = User.objects.create_user("la", full_name="Người Lạ")
    post(stranger, make_unit("80124", "Xã Lương Hòa"), "specialist", "supervisor")
    headers = token(stranger)
    assert client.get(api(result.number), **headers).status_code == 404
    assert client.get("/api/v1/results?dossier=" + result.subject, **headers).json()["items"] == []
    url = f"/api/v1/results/{result.pk}/actions/withdraw"
    assert client.post(url, {"reason": "x"}, content_type="application/json", **headers).status_code == 404
    assert Result.objects.get().state == "valid"


def test_api_withdraws(client, unit, leader):
    result = issue(unit, leader)
    post(leader, unit, "supervisor")
    url = f"/api/v1/results/{result.pk}/actions/withdraw"
    empty = client.post(url, {}, content_type="application/json", **token(leader))
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "reason")
    answer = client.post(url, {"reason": "Cấp sai"}, content_type="application/json", **token(leader)).json()
    assert answer["state"] == "withdrawn"
    unknown = client.post(
        f"/api/v1/results/{result.pk}/actions/x", {}, content_type="application/json", **token(leader)
    )
    assert unknown.status_code == 405


# Pages of staff --------------------------------------------------------------------------------------------


def test_result_page_offers_what_may_be_done(client, unit, leader):
    prints_it = Template.objects.get(key="ket_qua").text + "\n{{?muc_dich}}Mục đích :: {{muc_dich}}\n"
    Template.objects.filter(key="ket_qua").update(text=prints_it)
    result = issue(unit, leader, at=clock.now())
    post(leader, unit, "specialist", "supervisor", "leader", "registrar")
    client.force_login(leader)
    page = client.get(reverse("result", args=[result.pk])).content.decode()
    assert "Thu hồi kết quả" in page
    assert "Soạn bản thay thế" in page
    asked = client.get(reverse("result_act", args=[result.pk, "correct"])).content.decode()
    assert "Lập dự thảo thay thế" in asked
    assert 'value="Nguyễn Thị Ẩn"' in asked
    answer = client.get(reverse("result_file", args=[result.pk]))
    assert answer["Content-Type"] == "application/pdf"
    sent = {"reason": "Sai tên", "holder_name": "Nguyễn Thị Ân", "value_muc_dich": "Vay vốn"}
    client.post(reverse("result_act", args=[result.pk, "correct"]), sent)
    new = Result.objects.get(replaces=result)
    assert (new.holder_name, new.values["muc_dich"]) == ("Nguyễn Thị Ân", "Vay vốn")
    assert client.get(reverse("result_file", args=[new.pk])).content.startswith(b"%PDF")
    client.post(reverse("result_act", args=[new.pk, "sign"]), {"title": "CHỦ TỊCH"})
    client.post(reverse("result_act", args=[new.pk, "issue"]))
    result.refresh_from_db()
    assert result.state == "replaced"
    client.post(reverse("result_act", args=[new.pk, "withdraw"]), {"reason": "x"})
    new.refresh_from_db()
    assert new.state == "withdrawn"


def test_template_editor_previews_refuses_and_saves(client, unit, leader):
    from vamco.organisation.models import Unit

    province = Unit.objects.create(
        code="80", name="Long An", level="province", agency_code="H", valid_from="2016-01-01"
    )
    Unit.objects.filter(pk=province.pk).update(path=[province.pk])
    post(leader, province, "admin")
    client.force_login(leader)
    assert "ket_qua" in client.get(reverse("result_templates")).content.decode()
    url = reverse("result_template", args=["ket_qua"])
    current = Template.objects.get(key="ket_qua", valid=True)
    assert "data:image/png" in client.get(url).content.decode()
    sent = {"name": "Mẫu chung", "text": current.text + "\n{{la}}", "version": current.version}
    preview = client.post(url, {**sent, "preview": "1"}).content.decode()
    assert "data:image/png" in preview
    assert "Không có trường nào tên là: la" in preview
    assert client.post(url, sent).status_code == 422
    assert client.post(url, {**sent, "text": current.text}).status_code == 302
    assert client.post(url, {**sent, "text": current.text}).status_code == 409
    assert Template.objects.get(key="ket_qua", valid=True).version == current.version + 1
    new = {"key": "giay_moi", "name": "Giấy mời", "text": current.text, "version": 0}
    assert client.post(reverse("result_template_new"), new).status_code == 302


def test_pages_are_closed_to_those_who_may_not(client, unit, leader):
    result = issue(unit, leader)
    for name, args in (("result", [result.pk]), ("result_file", [result.pk]), ("result_templates", [])):
        assert client.get(reverse(name, args=args)).status_code == 302
    post(leader, make_unit("80124", "Xã Lương Hòa"), "specialist")
    client.force_login(leader)
    assert client.get(reverse("result", args=[result.pk])).status_code == 404
    assert client.get(reverse("result_file", args=[result.pk])).status_code == 404
    assert client.get(reverse("result_templates")).status_code == 403
