"""The forms in which procedures, cases and steps come and go."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.province import DISTRICT, MARRIAGE
from vamco.core.models import LedgerEntry
from vamco.procedures import compiled
from vamco.procedures.models import Procedure, ProcedureVersion, Sector, State

from .test_admin import admin, as_, at, draft, press, published, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]
__all__ = ["admin", "draft", "published"]  # fixtures

STEP = {
    "name": "Kiểm tra thực tế",
    "name_en": "Look at the place",
    "hours": 0,
    "public_words": "Đang kiểm tra thực tế",
    "public_words_en": "The place is being looked at",
}


def said(version: ProcedureVersion):
    return compiled.compile_version(ProcedureVersion.objects.get(pk=version.pk))


def steps(version: ProcedureVersion, case: str = "thuong") -> list[str]:
    return [one.key for one in said(version).case(case).process.steps]


def shown(client: Client, version: ProcedureVersion, case: str = "") -> str:
    answer = client.get(at("version", version), {"truong_hop": case} if case else {})
    assert answer.status_code == 200
    return text_of(answer)


def test_a_case_is_added_as_a_copy_shown_and_taken_out(admin: Client, draft: ProcedureVersion) -> None:
    assert "Thêm trường hợp" in shown(admin, draft)
    answer = press(admin, at("case_new", draft), name="Cấp lại", name_en="Again", like="xac_minh")
    assert answer.headers["Location"] == f"{at('version', draft)}?truong_hop=cap_lai"
    assert said(draft).case("cap_lai").limit.amount == 23
    assert "Cấp lại" in shown(admin, draft, "cap_lai")
    press(admin, at("case_out", draft, "cap_lai"))
    press(admin, at("case_out", draft, "xac_minh"))
    answer = press(admin, at("case_out", draft, "thuong"))
    assert answer.status_code == 422
    assert "ít nhất một trường hợp" in text_of(answer)


def test_a_blank_case_is_filled_form_by_form(admin: Client, draft: ProcedureVersion) -> None:
    press(admin, at("case_new", draft), name="Cấp đổi", name_en="Exchange", like="", key="doi")
    assert "Chưa có bước nào" in shown(admin, draft, "doi")
    assert "Quy trình chưa có bước nào" in shown(admin, draft, "doi")
    press(admin, at("case", draft, "doi"), amount=2, limit_source="Luật Hộ tịch")
    press(admin, at("step_new", draft, "doi"), after="", **STEP)
    press(admin, at("process", draft, "doi"), source_text="Quyết định 12/QĐ-UBND")
    assert "Cần sửa" not in shown(admin, draft, "doi")
    press(admin, at("publish", draft), valid_from="2017-01-01")
    draft.refresh_from_db()
    assert draft.state == State.PUBLISHED


def test_a_key_that_is_taken_is_said_at_its_field(admin: Client, draft: ProcedureVersion) -> None:
    answer = press(admin, at("case_new", draft), name="x", name_en="x", key="thuong")
    assert answer.status_code == 422
    assert "Khóa này đã có" in text_of(answer)
    answer = press(admin, at("step_new", draft, "thuong"), **STEP, key="ready")
    assert "Khóa này đã có" in text_of(answer)


def test_a_step_is_put_into_the_way_and_taken_out_again(admin: Client, draft: ProcedureVersion) -> None:
    before = said(draft).case("thuong").process
    answer = press(admin, at("step_new", draft, "thuong"), **STEP, after="tham_tra.trinh_ky")
    assert answer.status_code == 302, text_of(answer)
    assert steps(draft)[:3] == ["tham_tra", "kiem_tra_thuc_te", "ky_duyet"]
    assert "Cần sửa" not in shown(admin, draft)
    out = at("step_out", draft, "thuong", "kiem_tra_thuc_te")
    assert "Thẩm tra hồ sơ: «Đủ điều kiện, trình ký» thì dẫn tới" in text_of(admin.get(out))
    press(admin, out)
    assert said(draft).case("thuong").process == before


def test_the_first_step_goes_and_the_form_asks_for_all_that_refers_to_it(
    admin: Client, draft: ProcedureVersion
) -> None:
    out = at("step_out", draft, "thuong", "tham_tra")
    asked = text_of(admin.get(out))
    for words in ("Bước đầu tiên", "Ký duyệt: «Trả lại» thì dẫn tới", "Kết quả đối chiếu sổ hộ tịch"):
        assert words in asked
    answer = press(admin, out, to_0="ready")
    assert answer.status_code == 422  # sending back cannot end a dossier
    assert press(admin, out).status_code == 302
    assert said(draft).case("thuong").process.first == "ky_duyet"


def test_a_step_that_is_apart_is_listed_as_reached_by_nothing(admin: Client, draft: ProcedureVersion) -> None:
    press(admin, at("step_new", draft, "thuong"), **STEP, after="tham_tra.trinh_ky", apart="on")
    assert "Không có nhánh nào dẫn đến bước này" in shown(admin, draft)


def test_buttons_move_a_thing_and_a_repeat_moves_it_once(admin: Client, draft: ProcedureVersion) -> None:
    page = admin.get(at("version", draft))
    sent = {"request_key": page.context["request_key"], "case": "thuong", "what": "steps/ky_duyet/up"}
    for _press in range(2):
        answer = admin.post(at("move", draft), sent)
        assert answer.headers["Location"].endswith("?truong_hop=thuong#steps-ky_duyet")
    assert steps(draft)[:2] == ["ky_duyet", "tham_tra"]
    again = admin.post(at("move", draft), {**sent, "request_key": "other"})
    assert again.status_code == 409
    assert "đầu danh sách" in text_of(again)
    admin.post(at("move", draft), {"case": "thuong", "what": "cases/xac_minh/up"})
    assert said(draft).case().key == "xac_minh"
    for what in ("", "x", "steps/nothing/up", "colours/x/up", "steps//", "a/b/c/d"):
        assert admin.post(at("move", draft), {"what": what}).status_code in (404, 409, 422), what
    assert admin.get(at("move", draft)).status_code == 405


def test_other_limits_come_and_go(admin: Client, draft: ProcedureVersion) -> None:
    url = at("limit_new", draft, "thuong")
    answer = press(admin, url, amount=2, unit="working_day")
    assert "Hãy chọn cách nộp" in text_of(answer)
    press(admin, url, amount=2, unit="working_day", channel="online")
    press(admin, url, amount=9, unit="working_hour", when_field="da_cap", when_op="eq", when_value="đúng")
    limits = said(draft).case("thuong").limit
    assert [(one.amount, one.channel, one.when) for one in limits.overrides] == [
        (2, "online", None),
        (9, "", {"field": "da_cap", "op": "eq", "value": True}),
    ]
    assert limits.amount == 3
    assert "2 ngày làm việc khi nộp qua mạng" in shown(admin, draft)
    press(admin, at("limit", draft, "thuong", "2"), amount=10)
    press(admin, at("limit_out", draft, "thuong", "1"))
    assert [one.amount for one in said(draft).case("thuong").limit.overrides] == [10]
    assert admin.get(at("limit", draft, "thuong", "2")).status_code == 404


def test_parties_are_added_changed_and_taken_out(admin: Client, draft: ProcedureVersion) -> None:
    url = at("part_new", draft, "thuong", "parties")
    press(admin, url, role="co_applicant", kinds=["person"], label="Người cùng khai")
    press(admin, at("part", draft, "thuong", "parties", "co_applicant"), kinds=["person", "business"])
    party = said(draft).case("thuong").parties[-1]
    assert (party.role, party.kinds, party.required) == ("co_applicant", ("person", "business"), False)
    assert "Người cùng khai" in shown(admin, draft)
    press(admin, at("take_out", draft, "thuong", "parties", "co_applicant"))
    press(admin, at("take_out", draft, "thuong", "parties", "applicant"))
    assert "Phải có người nộp" in shown(admin, draft)


def test_a_case_counts_by_its_number_fields(admin: Client, draft: ProcedureVersion) -> None:
    field = {
        "key": "so_ban",
        "type": "number",
        "label": "Số bản",
        "label_en": "Copies",
        "required": "on",
        "min": 1,
    }
    press(admin, at("part_new", draft, "thuong", "fields"), **field)
    press(admin, at("case", draft, "thuong"), quantity=["so_ban"])
    assert said(draft).case("thuong").quantity == ("so_ban",)
    press(admin, at("part", draft, "thuong", "fees", "le_phi"), quantity_field="so_ban")
    assert "Cần sửa" not in shown(admin, draft)


def test_the_sector_is_chosen(admin: Client, draft: ProcedureVersion) -> None:
    press(admin, reverse("procedures_admin_sector"), code="thu_y", name="Thú y", name_en="Veterinary matters")
    press(admin, at("texts", draft), field_code="thu_y")
    assert said(draft).field == "Thú y"
    twice = press(admin, reverse("procedures_admin_sector"), code="thu_y", name="Thú y", name_en="x")
    assert "Khóa này đã có" in text_of(twice)


@pytest.mark.parametrize("like", [MARRIAGE, ""])
def test_a_procedure_is_added_and_can_be_edited(admin: Client, like: str) -> None:
    new = {"code": "1.009999", "name": "Cấp lại Giấy xác nhận", "name_en": "Again", "like": like}
    answer = press(admin, reverse("procedures_admin_new"), **new, field_code="" if like else "ho_tich")
    assert answer.status_code == 302, text_of(answer)
    made = Procedure.objects.get(code="1.009999").versions.get()
    assert answer.headers["Location"] == at("version", made)
    assert "Cấp lại Giấy xác nhận" in shown(admin, made)
    assert "1.009999" in text_of(admin.get(reverse("procedures_admin")))
    assert Client().get(reverse("procedure", args=["1.009999"])).status_code == 404  # not before it holds
    assert LedgerEntry.objects.latest("pk").action == "procedures.new_procedure"
    for url in (at("texts", made), at("case", made, "thuong"), at("process", made, "thuong")):
        assert admin.get(url).status_code == 200
    twice = press(admin, reverse("procedures_admin_new"), **new, field_code="ho_tich")
    assert "Mã này đã có" in text_of(twice)


def test_a_blank_procedure_wants_a_sector(admin: Client) -> None:
    answer = press(admin, reverse("procedures_admin_new"), code="LA-1", name="x", name_en="x")
    assert answer.status_code == 422
    assert "Không có lĩnh vực này" in text_of(answer)
    assert not Procedure.objects.filter(code="LA-1").exists()


def test_who_may_not_and_what_is_published(
    admin: Client, draft: ProcedureVersion, published: ProcedureVersion
) -> None:
    def urls(version: ProcedureVersion) -> list[str]:
        case = [at(name, version, "thuong") for name in ("case_out", "limit_new", "process", "step_new")]
        return [
            at("case_new", version),
            at("move", version),
            at("step_out", version, "thuong", "ky_duyet"),
            *case,
        ]

    lower = as_("chanh_van_phong", DISTRICT)
    for url in (*urls(draft), reverse("procedures_admin_new"), reverse("procedures_admin_sector")):
        assert lower.get(url).status_code in (403, 405), url
        assert lower.post(url, {"name": "x", "what": "cases/thuong/down"}).status_code == 403, url
    for url in urls(published):
        assert admin.post(url, {"name": "x", "what": "cases/thuong/down"}).status_code == 409, url
    assert "Thêm thủ tục" not in text_of(lower.get(reverse("procedures_admin")))
    assert "Xuống" not in shown(lower, draft)
    assert Sector.objects.filter(code="thu_y").count() == 0
