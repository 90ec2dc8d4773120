"""The catalogue's administrators: a draft is edited in plain forms, checked, published; others look."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.pages import as_, press, text_of
from tests.province import DISTRICT, MARRIAGE, PROVINCE
from vamco.procedures import compiled, reading
from vamco.procedures.models import Procedure, ProcedureVersion, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province", "monday")]


@pytest.fixture
def admin() -> Client:
    return as_("quan_tri", PROVINCE)


@pytest.fixture
def published() -> ProcedureVersion:
    return Procedure.objects.get(code=MARRIAGE).versions.get()


@pytest.fixture
def draft(admin: Client, published: ProcedureVersion) -> ProcedureVersion:
    admin.post(reverse("procedures_admin_draft", args=[published.pk]))
    return published.procedure.versions.get(state=State.DRAFT)


def case_of(version: ProcedureVersion):
    return compiled.compile_version(version).case()


def at(name: str, draft: ProcedureVersion, *more: str) -> str:
    return reverse(f"procedures_admin_{name}", args=[draft.pk, *more])


def test_the_list_shows_what_is_in_force_and_what_is_being_written(
    admin: Client, draft: ProcedureVersion
) -> None:
    shown = text_of(admin.get(reverse("procedures_admin")))
    for one in Procedure.objects.all():
        assert one.code in shown
    assert "nháp 2" in shown
    assert MARRIAGE in text_of(admin.get(reverse("procedures_admin"), {"q": MARRIAGE}))
    found = text_of(admin.get(reverse("procedures_admin"), {"q": "tinh trang hon nhan"}))
    assert MARRIAGE in found
    assert "Không có thủ tục nào" in text_of(admin.get(reverse("procedures_admin"), {"q": "<b>zzz"}))


def test_every_shipped_version_has_a_page(admin: Client) -> None:
    for version in ProcedureVersion.objects.all():
        assert admin.get(reverse("procedures_admin_version", args=[version.pk])).status_code == 200


@pytest.mark.slow
def test_a_draft_saved_form_by_form_without_a_change_says_what_it_said(
    admin: Client, draft: ProcedureVersion, published: ProcedureVersion
) -> None:
    """Nothing is lost on the way through a form: every form of the draft is opened and sent as it stands."""
    assert save_everything(admin, draft) > 20
    draft.refresh_from_db()
    before, after = compiled.compile_version(published), compiled.compile_version(draft)
    assert reading.plain(after) | _identity(before) == reading.plain(before)


def _identity(said) -> dict:
    return {"version_id": said.version_id, "procedure_id": said.procedure_id}


PARTS = {"papers": "code", "fields": "key", "fees": "key", "refusal_reasons": "key"}


def forms_of(draft: ProcedureVersion) -> Iterator[tuple[str, str, Any]]:
    """Each form of a draft: what it is about, its address, and what stands in it."""
    said = reading.plain(compiled.compile_version(draft))
    cases = said.pop("cases")
    yield "texts", at("texts", draft), said
    for case in cases:
        for step in case["process"].pop("steps"):
            yield "step", at("step", draft, case["key"], step["key"]), step
        for part, name in PARTS.items():
            for one in case.pop(part):
                yield part, at("part", draft, case["key"], part, one[name]), one
        yield "case", at("case", draft, case["key"]), case


def save_everything(admin: Client, draft: ProcedureVersion) -> int:
    return save(admin, [url for _about, url, _value in forms_of(draft)])


def save(admin: Client, urls: list[str]) -> int:
    for url in urls:
        answer = press(admin, url)
        assert answer.status_code == 302, (url, text_of(answer))
    return len(urls)


def kinds_of(value: Any, where: str = "") -> set[str]:
    """Which attributes are filled, and how: true, one, several."""
    if isinstance(value, dict):
        return {one for key, inner in value.items() for one in kinds_of(inner, f"{where}.{key}")}
    if isinstance(value, list | tuple):
        several = {f"{where}: several"} if len(value) > 1 else set()
        return several | {one for inner in value for one in kinds_of(inner, where)}
    return {f"{where}: {value}" if isinstance(value, bool) else where} if value else set()


def draft_of(admin: Client, version: ProcedureVersion) -> ProcedureVersion:
    admin.post(reverse("procedures_admin_draft", args=[version.pk]))
    return version.procedure.versions.get(state=State.DRAFT)


def check_nothing_lost(version: ProcedureVersion, draft: ProcedureVersion) -> None:
    draft.refresh_from_db()
    before, after = compiled.compile_version(version), compiled.compile_version(draft)
    assert reading.plain(after) | _identity(before) == reading.plain(before)


def test_the_same_for_every_kind_of_value_that_is_shipped(admin: Client) -> None:
    """Quantities, tiers, conditions, several cases: of the whole catalogue each form that holds a kind of value which no
    form before it held."""
    seen: set[str] = set()
    saved = 0
    for version in ProcedureVersion.objects.filter(state=State.PUBLISHED).order_by("pk"):
        urls = []
        for about, url, value in forms_of(version):
            kinds = kinds_of(value, about)
            if kinds - seen:
                urls.append(url)
                seen |= kinds
        if urls:
            draft = draft_of(admin, version)
            saved += save(admin, [url.replace(f"/{version.pk}/", f"/{draft.pk}/", 1) for url in urls])
            check_nothing_lost(version, draft)
    assert len(seen) > 100
    assert saved > 30


@pytest.mark.slow
def test_the_same_for_every_form_of_every_procedure(admin: Client) -> None:
    for version in ProcedureVersion.objects.filter(state=State.PUBLISHED).order_by("pk"):
        draft = draft_of(admin, version)
        save_everything(admin, draft)
        check_nothing_lost(version, draft)


def test_texts_are_changed(admin: Client, draft: ProcedureVersion) -> None:
    press(
        admin,
        at("texts", draft),
        name="Xác nhận tình trạng hôn nhân",
        keywords="giấy độc thân\nxác nhận độc thân",
        legal_basis="60/2014/QH13 | Luật Hộ tịch\n1/2016 | Quyết định | Decision",
    )
    said = compiled.compile_version(ProcedureVersion.objects.get(pk=draft.pk))
    assert said.name == "Xác nhận tình trạng hôn nhân"
    assert said.keywords == ("giấy độc thân", "xác nhận độc thân")
    assert [law.ref for law in said.legal_basis] == ["60/2014/QH13", "1/2016"]


def test_papers_are_added_changed_and_taken_out(admin: Client, draft: ProcedureVersion) -> None:
    url = at("part_new", draft, "thuong", "papers")
    typed = {"code": "anh", "name": "Ảnh 3x4", "name_en": "Photo", "kind": "original", "count": 2}
    answer = press(
        admin,
        url,
        **typed,
        required="when",
        when_field="da_cap",
        when_op="eq",
        when_value="đúng",
        source_text="Thông tư 1",
    )
    assert answer.status_code == 302, text_of(answer)
    paper = case_of(draft).paper("anh")
    assert (paper.count, paper.when) == (2, {"field": "da_cap", "op": "eq", "value": True})
    twice = press(admin, url, **typed, required="always", source_text="x")
    assert "Khóa này đã có" in text_of(twice)
    press(admin, at("part", draft, "thuong", "papers", "anh"), count=4)
    assert case_of(draft).paper("anh").count == 4
    assert case_of(draft).paper("anh").when == paper.when
    press(admin, at("take_out", draft, "thuong", "papers", "anh"))
    assert "anh" not in {one.code for one in case_of(draft).papers}
    assert admin.get(at("part", draft, "thuong", "papers", "anh")).status_code == 404


def test_a_condition_without_a_field_is_asked_for(admin: Client, draft: ProcedureVersion) -> None:
    answer = press(
        admin, at("part_new", draft, "thuong", "papers"),
        code="anh", name="Ảnh", name_en="Photo", kind="copy", count=1, required="when", source_text="x",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Hãy chọn ô khai của điều kiện" in text_of(answer)


def test_fees_with_tiers_are_read_from_lines(admin: Client, draft: ProcedureVersion) -> None:
    press(admin, at("part", draft, "thuong", "fees", "le_phi"), tiers="8.000", exempt=["poor"])
    fee = case_of(draft).fees[0]
    assert [(one.up_to, one.price) for one in fee.tiers] == [(None, 8000)]
    assert fee.exempt == ("poor",)
    answer = press(admin, at("part", draft, "thuong", "fees", "le_phi"), tiers="tám nghìn")
    assert "bằng chữ số" in text_of(answer)
    answer = press(admin, at("part", draft, "thuong", "fees", "le_phi"), tiers="1 | 2 | 3")
    assert "Dòng 1" in text_of(answer)


def test_what_is_wrong_is_listed_with_its_place_and_refuses_to_publish(
    admin: Client, draft: ProcedureVersion
) -> None:
    step = case_of(draft).process.steps[0]
    press(admin, at("step", draft, "thuong", step.key), hours=400)
    shown = admin.get(reverse("procedures_admin_version", args=[draft.pk]))
    assert "Cần sửa" in text_of(shown)
    assert at("case", draft, "thuong") in shown.content.decode()
    answer = press(admin, at("publish", draft), valid_from="2017-01-01")
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_step_gets_another_way_out_and_loses_one(admin: Client, draft: ProcedureVersion) -> None:
    step = case_of(draft).process.steps[0]
    free = len(step.outcomes)
    typed = {f"o{free}-{name}": value for name, value in {
        "key": "tra_ve", "name": "Trả về", "name_en": "Back", "to": case_of(draft).process.steps[1].key, "who": "pool",
    }.items()}  # fmt: skip
    answer = press(admin, at("step", draft, "thuong", step.key), **typed)
    assert answer.status_code == 302, text_of(answer)
    assert [one.key for one in case_of(draft).process.steps[0].outcomes][-1] == "tra_ve"
    press(admin, at("step", draft, "thuong", step.key), **{f"o{free}-key": ""})
    assert len(case_of(draft).process.steps[0].outcomes) == free
    answer = press(admin, at("step", draft, "thuong", step.key), **{f"o{free}-key": "x"})
    assert answer.status_code == 422


def test_a_draft_is_published_and_the_version_before_ends(
    admin: Client, draft: ProcedureVersion, published: ProcedureVersion
) -> None:
    press(admin, at("publish", draft), valid_from="2017-01-01")
    published.refresh_from_db()
    draft.refresh_from_db()
    assert (draft.state, draft.valid_from) == (State.PUBLISHED, date(2017, 1, 1))
    assert published.valid_to == date(2016, 12, 31)
    for name in ("texts", "discard", "publish"):
        assert admin.get(at(name, draft)).status_code == 409
    press(admin, at("retire", draft), last_day="2017-12-31")
    draft.refresh_from_db()
    assert draft.valid_to == date(2017, 12, 31)


def test_a_draft_is_thrown_away(admin: Client, draft: ProcedureVersion, published: ProcedureVersion) -> None:
    answer = admin.post(reverse("procedures_admin_draft", args=[published.pk]))
    assert "đang có một bản nháp" in text_of(answer)
    press(admin, at("discard", draft))
    assert admin.get(reverse("procedures_admin_version", args=[draft.pk])).status_code == 404


def test_an_administrator_of_a_district_looks_and_changes_nothing(draft: ProcedureVersion) -> None:
    lower = as_("chanh_van_phong", DISTRICT)
    assert "người quản trị của tỉnh sửa" in text_of(
        lower.get(reverse("procedures_admin_version", args=[draft.pk]))
    )
    for url in (at("texts", draft), at("case", draft, "thuong"), at("publish", draft), at("discard", draft)):
        assert lower.get(url).status_code == 403
        assert lower.post(url, {"valid_from": "2017-01-01"}).status_code == 403
    assert as_("mot_cua", DISTRICT).get(reverse("procedures_admin")).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "x/truong-hop/thuong/papers/khong_co/",
        "x/truong-hop/khong_co/",
        "x/truong-hop/thuong/khong_co/",
        "x/truong-hop/thuong/buoc/khong_co/",
    ],
)
def test_what_is_not_in_the_draft_is_not_found(admin: Client, draft: ProcedureVersion, path: str) -> None:
    assert admin.get(f"/thu-tuc/quan-tri/{path.replace('x', str(draft.pk), 1)}").status_code == 404
