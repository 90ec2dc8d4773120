"""Cases and steps come and go in a draft, procedures and sectors are added, and what is left can still be edited."""

from datetime import date

import pytest

from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.models import LedgerContent
from vamco.organisation.models import Unit
from vamco.procedures import actions, compiled, load, reading
from vamco.procedures.check import check
from vamco.procedures.models import Procedure, ProcedureVersion, Sector

pytestmark = pytest.mark.django_db
MARRIAGE = "1.004873"
STEP = {
    "name": "Kiểm tra thực tế",
    "name_en": "Look at the place",
    "role": "specialist",
    "unit_rule": "receiving",
    "hours": 0,
    "public_words": "Đang kiểm tra thực tế",
    "public_words_en": "The place is being looked at",
}


@pytest.fixture
def published():
    good = next(one for one in load.shipped() if one.code == MARRIAGE)
    return actions.publish(SYSTEM, actions.import_definition(SYSTEM, None, data=reading.plain(good)))


@pytest.fixture
def draft(published):
    return actions.new_draft(SYSTEM, published)


def unit(code, level):
    values = {"agency_code": code, "name": code, "valid_from": date(2010, 1, 1), "folded": code}
    return Unit.objects.create(code=code, level=level, **values)


def said(version):
    return compiled.compile_version(ProcedureVersion.objects.get(pk=version.pk))


def process(version, case="thuong"):
    return said(version).case(case).process


def leads(version, step, outcome):
    return process(version).step(step).outcome(outcome).to


# Cases -----------------------------------------------------------------------------------------------------


def test_a_case_begins_as_a_copy_of_which_nothing_is_checked(draft):
    actions.add_case(SYSTEM, draft, name="Cấp lại", name_en="Again", like="thuong")
    old, new = said(draft).case("thuong"), said(draft).case("cap_lai")
    assert [one.code for one in new.papers] == [one.code for one in old.papers]
    assert [step.key for step in new.process.steps] == [step.key for step in old.process.steps]
    assert any(paper.verified for paper in old.papers)
    assert not any(part.verified for part in (*new.papers, *new.fees))
    assert new.papers[0].source.text == old.papers[0].source.text
    assert check(said(draft)) == []


def test_a_blank_case_is_published_only_once_it_is_filled(draft):
    actions.add_case(SYSTEM, draft, name="Cấp đổi", name_en="Exchange", key="doi")
    places = {one.where for one in check(said(draft))}
    assert {"cases.doi.process", "cases.doi.limit"} <= places
    with pytest.raises(Invalid):
        actions.publish(SYSTEM, draft, valid_from=date(2017, 1, 1))
    source = {"text": "Luật Hộ tịch", "verified": True}
    actions.edit_case(
        SYSTEM,
        draft,
        case="doi",
        limit={"amount": 2, "unit": "working_day", "source": source, "overrides": []},
    )
    actions.add_step(SYSTEM, draft, case="doi", **STEP)
    actions.edit_process(SYSTEM, draft, case="doi", source=source)
    assert check(said(draft)) == []
    made = process(draft, "doi")
    assert (made.first, made.steps[0].outcomes[0].to) == ("kiem_tra_thuc_te", "ready")


def test_keys_are_made_from_names_and_never_twice(draft):
    for _turn in range(3):
        actions.add_case(SYSTEM, draft, name="Cấp lại 2 (mất)", name_en="Again")
    keys = [case.key for case in said(draft).cases]
    assert keys[2:] == ["cap_lai_2_mat", "cap_lai_2_mat_2", "cap_lai_2_mat_3"]
    actions.add_case(SYSTEM, draft, name="…", name_en="…")
    assert said(draft).cases[-1].key == "muc"


@pytest.mark.parametrize("key", ["thuong", "Hoa", "có dấu", "1a", "ready"])
def test_a_key_that_is_taken_or_none_is_refused_at_its_field(draft, key):
    with pytest.raises(Invalid) as refused:
        actions.add_case(SYSTEM, draft, name="Cấp lại", name_en="Again", key=key)
    assert refused.value.field == "key"


def test_a_case_goes_but_not_the_last(draft):
    actions.take_out_case(SYSTEM, draft, case="thuong")
    assert [case.key for case in said(draft).cases] == ["xac_minh"]
    with pytest.raises(Refused) as refused:
        actions.take_out_case(SYSTEM, draft, case="xac_minh")
    assert "ít nhất một trường hợp" in str(refused.value.message)


# Steps -----------------------------------------------------------------------------------------------------


def test_a_step_stands_between_a_way_out_and_where_that_led(draft):
    actions.add_step(SYSTEM, draft, case="thuong", after="tham_tra", outcome="trinh_ky", **STEP)
    assert [step.key for step in process(draft).steps][:3] == ["tham_tra", "kiem_tra_thuc_te", "ky_duyet"]
    assert leads(draft, "tham_tra", "trinh_ky") == "kiem_tra_thuc_te"
    assert leads(draft, "kiem_tra_thuc_te", "chuyen_tiep") == "ky_duyet"
    assert check(said(draft)) == []


def test_without_a_way_out_the_first_one_forward_is_meant(draft):
    actions.add_step(SYSTEM, draft, case="thuong", after="vao_so", **STEP)
    assert process(draft).steps[-1].key != "vao_so"
    assert leads(draft, "kiem_tra_thuc_te", "chuyen_tiep") == "ready"


def test_the_one_who_gets_it_next_goes_with_where_it_led(draft):
    outs = reading.plain(process(draft).step("tham_tra").outcomes)
    actions.edit_step(
        SYSTEM,
        draft,
        case="thuong",
        step="tham_tra",
        outcomes=[{**outs[0], "who": "post:chu_tich"}, *outs[1:]],
    )
    actions.add_step(SYSTEM, draft, case="thuong", after="tham_tra", key="xem", **STEP)
    assert process(draft).step("tham_tra").outcomes[0].who == "pool"
    assert process(draft).step("xem").outcomes[0].who == "post:chu_tich"


def test_a_step_becomes_the_first(draft):
    actions.add_step(SYSTEM, draft, case="thuong", key="xem", **STEP)
    assert (process(draft).first, leads(draft, "xem", "chuyen_tiep")) == ("xem", "tham_tra")
    assert check(said(draft)) == []


def test_a_step_apart_is_led_to_by_nothing_and_named_as_that(draft):
    actions.add_step(SYSTEM, draft, case="thuong", after="tham_tra", joined=False, key="xem", **STEP)
    assert leads(draft, "tham_tra", "trinh_ky") == "ky_duyet"
    assert [one.where for one in check(said(draft))] == ["cases.thuong.process.xem"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"after": "nothing"},
        {"after": "tham_tra", "outcome": "nothing"},
        {"after": "ky_duyet", "outcome": "tra_lai"},
        {"key": "tham_tra"},
        {"key": "ready"},
        {"case": "nothing"},
        {"outcomes": []},
        {"hours": "many"},
    ],
)
def test_a_wrong_step_is_refused_and_changes_nothing(draft, wrong):
    before = said(draft)
    with pytest.raises(Refused):
        actions.add_step(SYSTEM, draft, **{"case": "thuong", **STEP, **wrong})
    assert said(draft) == before


def test_a_step_that_is_led_to_goes_only_when_it_is_said_where_to_instead(draft):
    with pytest.raises(Refused) as refused:
        actions.take_out_step(SYSTEM, draft, case="thuong", step="ky_duyet")
    assert "«Thẩm tra hồ sơ: Đủ điều kiện, trình ký»" in str(refused.value.message)
    actions.take_out_step(
        SYSTEM, draft, case="thuong", step="ky_duyet", instead={"tham_tra.trinh_ky": "vao_so"}
    )
    assert "ky_duyet" not in {step.key for step in process(draft).steps}
    assert leads(draft, "tham_tra", "trinh_ky") == "vao_so"
    assert check(said(draft)) == []


def test_ways_out_are_dropped_the_first_step_and_its_fields_are_handed_on(draft):
    back = [
        f"{step.key}.{out.key}"
        for step in process(draft).steps
        for out in step.outcomes
        if out.to == "tham_tra"
    ]
    assert len(back) == 3
    instead = dict.fromkeys(back, "")
    with pytest.raises(Invalid) as refused:
        actions.take_out_step(SYSTEM, draft, case="thuong", step="tham_tra", instead=instead)
    assert refused.value.field == "instead.first"
    instead["first"] = "ky_duyet"
    with pytest.raises(Invalid) as refused:
        actions.take_out_step(SYSTEM, draft, case="thuong", step="tham_tra", instead=instead)
    assert refused.value.field == "fields_at"
    actions.take_out_step(
        SYSTEM, draft, case="thuong", step="tham_tra", instead=instead, fields_at="ky_duyet"
    )
    case = said(draft).case("thuong")
    assert case.process.first == "ky_duyet"
    assert [field.key for field in case.step_fields("ky_duyet")] == ["ket_qua_doi_chieu"]
    assert not any(out.to == "tham_tra" for step in case.process.steps for out in step.outcomes)
    assert {one.where for one in check(said(draft))} == {"cases.thuong.process.ky_tu_choi"}


@pytest.mark.parametrize("to", ["ky_duyet", "nothing", "tham_tra.x"])
def test_a_way_out_leads_only_to_what_is_left(draft, to):
    with pytest.raises(Invalid) as refused:
        actions.take_out_step(
            SYSTEM, draft, case="thuong", step="ky_duyet", instead={"tham_tra.trinh_ky": to}
        )
    assert refused.value.field == "instead.tham_tra.trinh_ky"


def test_sending_back_never_ends_a_dossier(draft):
    instead = {"ky_duyet.tra_lai": "ready", "first": "ky_duyet"}
    instead |= {f"{step.key}.{out.key}": instead.get(f"{step.key}.{out.key}", "")
                for step in process(draft).steps for out in step.outcomes if out.to == "tham_tra"}  # fmt: skip
    with pytest.raises(Invalid) as refused:
        actions.take_out_step(
            SYSTEM, draft, case="thuong", step="tham_tra", instead=instead, fields_at="ky_duyet"
        )
    assert refused.value.field == "instead.ky_duyet.tra_lai"


def test_what_the_database_does_not_hold_is_refused_in_words(draft):
    out = {"key": "x", "name": "x", "name_en": "x", "to": "ready", "back": True}
    with pytest.raises(Invalid) as refused:
        actions.edit_step(SYSTEM, draft, case="thuong", step="vao_so", outcomes=[out])
    assert "Trả lại" in str(refused.value.message)
    limit = {"amount": 3, "unit": "at_once", "source": {"text": "x", "verified": False}}
    with pytest.raises(Invalid) as refused:
        actions.edit_case(SYSTEM, draft, case="thuong", limit=limit)
    assert "Giải quyết ngay" in str(refused.value.message)


# Order, head, whole procedures -----------------------------------------------------------------------------


def test_things_move_one_place_and_stop_at_the_ends(draft):
    def move(part, key, up, case="thuong"):
        actions.move(SYSTEM, draft, part=part, key=key, up=up, case=case)

    move("steps", "ky_duyet", up=True)
    assert [step.key for step in process(draft).steps][:2] == ["ky_duyet", "tham_tra"]
    assert process(draft).first == "tham_tra"
    move("papers", "to_khai", up=False)
    assert [paper.code for paper in said(draft).case("thuong").papers][1] == "to_khai"
    move("cases", "xac_minh", up=True, case="")
    assert said(draft).case().key == "xac_minh"
    for key, up in (("xac_minh", True), ("thuong", False)):
        with pytest.raises(Refused):
            move("cases", key, up=up, case="")
    with pytest.raises(NotFound):
        move("papers", "nothing", up=True)
    with pytest.raises(Invalid):
        move("colours", "to_khai", up=True)


def test_parties_and_the_sector_are_edited(draft):
    actions.put(SYSTEM, draft, case="thuong", part="parties", role="beneficiary", kinds=["person"])
    actions.take_out(SYSTEM, draft, case="thuong", part="parties", key="submitter")
    assert [one.role for one in said(draft).case("thuong").parties] == ["applicant", "beneficiary"]
    Sector.objects.create(code="thu_y", name="Thú y", name_en="Veterinary matters")
    actions.edit_texts(SYSTEM, draft, field_code="thu_y")
    assert (said(draft).field_code, said(draft).field) == ("thu_y", "Thú y")
    with pytest.raises(Invalid) as refused:
        actions.edit_texts(SYSTEM, draft, field_code="nothing")
    assert refused.value.field == "field_code"


def test_a_procedure_begins_as_a_copy_of_another(published):
    made = actions.new_procedure(
        SYSTEM, None, code="1.009999", name="Cấp lại Giấy xác nhận", name_en="Again", like=MARRIAGE
    )
    new, old = said(made), said(published)
    assert (made.number, made.state, new.code, new.name) == (1, "draft", "1.009999", "Cấp lại Giấy xác nhận")
    assert new.field_code == old.field_code
    assert [case.key for case in new.cases] == [case.key for case in old.cases]
    assert not any(source.verified for source in new.sources())
    assert any(source.verified for source in old.sources())
    assert check(new) == []
    actions.publish(SYSTEM, made)


def test_a_blank_procedure_can_be_edited_until_nothing_stands_against_it(published):
    made = actions.new_procedure(
        SYSTEM, None, code="LA-TY-01", name="Cấp sổ thú y", name_en="Pet book", field_code="ho_tich"
    )
    assert {"tiers", "legal_basis", "decider", "cases.thuong.process", "cases.thuong.limit"} <= {
        one.where for one in check(said(made))
    }
    source = {"text": "Luật Thú y", "verified": True}
    law = {"ref": "79/2015/QH13", "title": "Luật Thú y"}
    actions.edit_texts(
        SYSTEM,
        made,
        tiers=["commune"],
        subject_kinds=["person"],
        decider="UBND xã",
        legal_basis=[law],
        source=source,
    )
    actions.add_step(SYSTEM, made, case="thuong", **STEP)
    actions.edit_process(SYSTEM, made, case="thuong", source=source)
    actions.edit_case(
        SYSTEM, made, case="thuong", limit={"amount": 1, "unit": "working_day", "source": source}
    )
    assert check(said(made)) == []
    assert actions.publish(SYSTEM, made).state == "published"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"code": MARRIAGE}, "code"), ({"code": "có dấu"}, "code"), ({"field_code": "nothing"}, "field_code")],
)
def test_a_wrong_procedure_is_refused_at_its_field(published, wrong, field):
    with pytest.raises(Invalid) as refused:
        actions.new_procedure(
            SYSTEM, None, **{"code": "1.009999", "name": "x", "name_en": "x", "like": MARRIAGE, **wrong}
        )
    assert refused.value.field == field
    assert Procedure.objects.count() == 1


def test_a_code_whose_only_draft_was_thrown_away_is_free_again(published):
    new = {"code": "1.009999", "name": "x", "name_en": "x", "like": MARRIAGE}
    actions.discard(SYSTEM, actions.new_procedure(SYSTEM, None, **new).procedure)
    assert actions.new_procedure(SYSTEM, None, **new).number == 1


def test_a_sector_is_added_once(published):
    actions.add_sector(SYSTEM, None, code="thu_y", name="Thú y", name_en="Veterinary matters")
    for code in ("thu_y", "Thú y", ""):
        with pytest.raises(Invalid) as refused:
            actions.add_sector(SYSTEM, None, code=code, name="Thú y", name_en="x")
        assert refused.value.field == "code"


# Who, what stays, what is on record ------------------------------------------------------------------------

CHANGES = [
    lambda actor, one: actions.add_case(actor, one, name="x", name_en="x"),
    lambda actor, one: actions.take_out_case(actor, one, case="thuong"),
    lambda actor, one: actions.edit_process(actor, one, case="thuong", first="ky_duyet"),
    lambda actor, one: actions.add_step(actor, one, case="thuong", **STEP),
    lambda actor, one: actions.take_out_step(
        actor, one, case="thuong", step="ky_duyet", instead={"tham_tra.trinh_ky": "vao_so"}
    ),
    lambda actor, one: actions.move(actor, one, part="cases", key="thuong", up=False),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_published_stays_and_others_change_nothing(published, change):
    with pytest.raises(Refused):
        change(SYSTEM, published)
    draft = actions.new_draft(SYSTEM, published)
    before = said(draft)
    province, commune = unit("80", "province"), unit("27694", "commune")
    with pytest.raises(NotAllowed):
        change(Actor(3, "xã", {"procedures.edit": frozenset({commune.pk})}), draft)
    assert said(draft) == before
    change(Actor(4, "tỉnh", {"procedures.edit": frozenset({province.pk})}), draft)
    assert said(draft) != before
    assert said(published) == compiled.compile_version(published)
    assert "edit" in LedgerContent.objects.latest("pk").content
