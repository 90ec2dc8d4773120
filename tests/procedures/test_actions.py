"""Who may change the catalogue, and how: drafts are edited, published versions stay."""

from datetime import date

import pytest

from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.organisation.models import Unit
from vamco.procedures import actions, compiled, load, reading
from vamco.procedures.definition import definition, definition_at
from vamco.procedures.models import ProcedureVersion

pytestmark = pytest.mark.django_db
GOOD = reading.plain(next(one for one in load.shipped() if one.code == "1.004873"))


def data(**changes):
    return {**GOOD, **changes}


@pytest.fixture
def published():
    return actions.publish(SYSTEM, actions.import_definition(SYSTEM, None, data=GOOD))


@pytest.fixture
def draft(published):
    return actions.new_draft(SYSTEM, published)


def unit(code, level, parent=None):
    return Unit.objects.create(
        code=code,
        agency_code=code,
        name=code,
        level=level,
        parent=parent,
        valid_from=date(2010, 1, 1),
        folded=code,
    )


def test_importing_the_same_again_changes_nothing():
    first = actions.import_definition(SYSTEM, None, data=GOOD)
    assert actions.import_definition(SYSTEM, None, data=GOOD) == first
    assert ProcedureVersion.objects.count() == 1


def test_importing_something_else_replaces_the_draft():
    first = actions.import_definition(SYSTEM, None, data=GOOD)
    again = actions.import_definition(SYSTEM, None, data=data(name="Tên mới"))
    assert again == first
    assert compiled.compile_version(again).name == "Tên mới"


def test_importing_beside_a_published_version_makes_the_next_one(published):
    made = actions.import_definition(SYSTEM, None, data=data(name="Tên mới"))
    assert (made.number, made.state) == (2, "draft")
    assert actions.import_definition(SYSTEM, None, data=data(name="Tên mới")) == made


def test_what_cannot_be_read_is_refused_with_its_places():
    with pytest.raises(Invalid) as refused:
        actions.import_definition(SYSTEM, None, data=data(level="x", colour="red"))
    assert {"level", "colour"} <= set(refused.value.fields)
    assert ProcedureVersion.objects.count() == 0


def test_publishing_names_every_problem_at_once():
    changed = reading.plain(reading.read(GOOD))
    changed["cases"][0]["papers"][0]["when"] = {"field": "nothing", "op": "filled"}
    changed["cases"][0]["papers"][0]["required"] = "when"
    changed["cases"][0]["process"]["steps"][2]["hours"] = 100
    made = actions.import_definition(SYSTEM, None, data=changed)
    with pytest.raises(Invalid) as refused:
        actions.publish(SYSTEM, made)
    assert {"cases.thuong.papers.to_khai", "cases.thuong.limit"} <= set(refused.value.fields)
    made.refresh_from_db()
    assert made.state == "draft"


def test_a_published_version_says_what_was_imported(published):
    said = definition(published.pk)
    assert reading.digest(said) == published.digest
    assert said.case("xac_minh").limit.amount == 23
    with pytest.raises(KeyError):
        said.case("nothing")


def test_the_next_version_ends_the_one_before(published, draft):
    actions.publish(SYSTEM, draft, valid_from=date(2017, 1, 1))
    published.refresh_from_db()
    assert published.valid_to == date(2016, 12, 31)
    assert definition_at(published.procedure_id, date(2016, 12, 31)).version_id == published.pk
    assert definition_at(published.procedure_id, date(2017, 1, 1)).version_id == draft.pk
    assert definition_at(published.procedure_id, date(2016, 12, 31)).valid_to == date(2016, 12, 31)
    with pytest.raises(NotFound):
        definition_at(published.procedure_id, date(2015, 12, 31))


def test_a_version_from_the_same_day_is_refused(published, draft):
    with pytest.raises(Invalid) as refused:
        actions.publish(SYSTEM, draft)
    assert set(refused.value.fields) == {"valid_from"}


def test_what_is_published_is_not_edited(published):
    with pytest.raises(Refused):
        actions.edit_texts(SYSTEM, published, name="Khác")
    with pytest.raises(Refused):
        actions.publish(SYSTEM, published)


def test_one_draft_at_a_time(published, draft):
    with pytest.raises(Refused):
        actions.new_draft(SYSTEM, published)


def test_a_draft_is_thrown_away_and_what_is_published_stays(published, draft):
    actions.discard(SYSTEM, published.procedure)
    assert list(ProcedureVersion.objects.all()) == [published]
    with pytest.raises(Refused):
        actions.discard(SYSTEM, published.procedure)


def test_retiring_ends_it(published):
    actions.retire(SYSTEM, published, last_day=date(2016, 12, 31))
    with pytest.raises(NotFound):
        definition_at(published.procedure_id, date(2017, 1, 1))
    with pytest.raises(Invalid):
        actions.retire(SYSTEM, published, last_day=date(2017, 12, 31))
    with pytest.raises(Invalid):
        actions.retire(SYSTEM, published, last_day=date(2015, 1, 1))


def test_texts_papers_fees_limits_and_steps_of_a_draft_are_edited(draft):
    source = {"text": "Nghị quyết mới", "verified": True}
    actions.edit_texts(SYSTEM, draft, name="Tên mới", keywords=["độc thân"])
    actions.put(SYSTEM, draft, case="thuong", part="papers", code="to_khai", count=2)
    actions.put(
        SYSTEM, draft, case="thuong", part="papers", code="anh", name="Ảnh", name_en="Photo", source=source
    )
    actions.put(
        SYSTEM, draft, case="thuong", part="fees", key="le_phi", tiers=[{"price": 8000}], source=source
    )
    actions.take_out(SYSTEM, draft, case="thuong", part="papers", key="giay_to_cu_tru")
    actions.edit_case(
        SYSTEM,
        draft,
        case="thuong",
        limit={"amount": 4, "unit": "working_day", "source": source, "overrides": []},
    )
    actions.edit_step(SYSTEM, draft, case="thuong", step="tham_tra", hours=16, public_words="Đang xem")
    said = compiled.compile_version(ProcedureVersion.objects.get(pk=draft.pk))
    case = said.case("thuong")
    assert said.name == "Tên mới"
    assert case.paper("to_khai").count == 2
    assert case.paper("anh").verified
    assert case.fees[0].tiers[0].price == 8000
    assert case.limit.amount == 4
    assert case.process.step("tham_tra").public_words == "Đang xem"
    assert "giay_to_cu_tru" not in {paper.code for paper in case.papers}
    assert said.case("xac_minh").paper("giay_to_cu_tru")


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: actions.edit_texts(SYSTEM, d, code="1.1"),
        lambda d: actions.edit_case(SYSTEM, d, case="thuong", key="x"),
        lambda d: actions.edit_case(SYSTEM, d, case="nothing", name="x"),
        lambda d: actions.put(SYSTEM, d, case="thuong", part="steps", key="x"),
        lambda d: actions.put(SYSTEM, d, case="thuong", part="papers", code="anh"),
        lambda d: actions.take_out(SYSTEM, d, case="thuong", part="fees", key="x"),
        lambda d: actions.edit_step(SYSTEM, d, case="thuong", step="x", hours=1),
        lambda d: actions.edit_step(SYSTEM, d, case="thuong", step="tham_tra", hours="many"),
    ],
)
def test_a_wrong_edit_is_refused_and_changes_nothing(draft, edit):
    before = compiled.compile_version(draft)
    with pytest.raises(Refused):
        edit(draft)
    assert compiled.compile_version(ProcedureVersion.objects.get(pk=draft.pk)) == before


def test_only_the_provinces_people_change_the_catalogue(published):
    province = unit("80", "province")
    commune = unit("27694", "commune", province)
    permissions = ("procedures.edit", "procedures.publish")
    local = Actor(1, "xã", {name: frozenset({commune.pk}) for name in permissions})
    wide = Actor(2, "tỉnh", {name: frozenset({province.pk}) for name in permissions})
    nobody = Actor(3, "ai đó", {})
    for actor in (local, nobody):
        with pytest.raises(NotAllowed):
            actions.import_definition(actor, None, data=data(name="Khác"))
        with pytest.raises(NotAllowed):
            actions.new_draft(actor, published)
        with pytest.raises(NotAllowed):
            actions.retire(actor, published, last_day=date(2016, 12, 31))
    made = actions.new_draft(wide, published)
    actions.publish(wide, made, valid_from=date(2017, 1, 1))
