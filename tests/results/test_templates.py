"""Templates: versions, what may stand in them, what the product ships."""

import pytest

from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid, NotAllowed, Stale
from vamco.organisation.models import Unit
from vamco.results import actions, load, text
from vamco.results.models import Template

from .conftest import actor_at, draft

GOOD = "@đầu\n@tên GIẤY\n{{nguoi}}\n{{?het_han}}đến {{het_han}}\n\n@ký\n{{chuc_vu}}\n{{nguoi_ky}}\n"


def save(
    said: str, current: Template | None = None, key: str = "moi", actor=SYSTEM, name: str = "Mẫu mới"
) -> Template:
    return actions.save_template(actor, current, key=key, name=name, text=said)


def test_a_new_version_takes_effect_and_drafts_keep_theirs(unit):
    old = Template.objects.get(key="ket_qua", valid=True)
    result = draft(unit)
    new = save(old.text + "\nThêm", old, key="ket_qua")
    assert (new.version, new.valid) == (2, True)
    result.refresh_from_db()
    assert result.template_id == old.pk
    assert draft(unit).template_id == new.pk


def test_someone_elses_newer_version_is_not_overwritten(unit):
    first = save(GOOD)
    save(GOOD + "\nA", first)
    with pytest.raises(Stale):
        save(GOOD + "\nB", first)
    with pytest.raises(Stale):
        save(GOOD)


@pytest.mark.parametrize(
    "said",
    [
        GOOD.replace("{{nguoi}}", "{{khong_co}}"),
        GOOD.replace("{{nguoi}}", "{{nguoi"),
        GOOD.replace("{{?het_han}}", ""),
        GOOD.replace("@tên GIẤY", ""),
        GOOD.replace("@ký", ""),
        GOOD.replace("@đầu", ""),
        GOOD.replace("@đầu", "@lạ"),
        GOOD + "x" * 60_000,
    ],
    ids=[
        "unknown",
        "unclosed",
        "unsure",
        "no title",
        "no signature",
        "no head",
        "unknown command",
        "too long",
    ],
)
def test_a_text_that_would_not_print_right_is_refused(db, said):
    with pytest.raises(Invalid) as error:
        save(said)
    assert error.value.field == "text"
    assert not Template.objects.filter(key="moi").exists()


@pytest.mark.parametrize("key", ["", "Mẫu", "a b", "../x", "a" * 61, "_x", "1x"])
def test_wrong_keys_are_refused(db, key):
    with pytest.raises(Invalid) as error:
        save(GOOD, key=key)
    assert error.value.field == "key"


def test_only_who_may_edit_the_provinces_templates(unit):
    province = Unit.objects.create(
        code="80", name="Long An", level="province", agency_code="H39", valid_from="2016-01-01"
    )
    with pytest.raises(NotAllowed):
        save(GOOD, actor=actor_at(unit, "results.edit_templates"))
    with pytest.raises(NotAllowed):
        save(GOOD, actor=actor_at(province, "results.draft"))
    assert save(GOOD, actor=actor_at(province, "results.edit_templates")).saved_by


def test_loading_leaves_what_an_administrator_wrote(unit):
    Template.objects.update(shipped="0" * 64)
    edited = save(
        Template.objects.get(key="ket_qua", valid=True).text + "\nCủa tỉnh", _valid("ket_qua"), key="ket_qua"
    )
    before = _valid("tu_choi").version
    load.load_templates()
    assert _valid("ket_qua").pk == edited.pk
    assert _valid("tu_choi").version == before + 1


def _valid(key: str) -> Template:
    return Template.objects.get(key=key, valid=True)


def test_lists_print_a_line_each_and_nothing_prints_nothing():
    said = "@đầu\n@tên X\n- {{ly_do}}\n{{?can_cu}}- Căn cứ: {{can_cu}}\nNgày {{ngay}}\n{{khong}}\n@ký\n{{chuc_vu}}\n{{nguoi_ky}}"
    values = {
        "ly_do": ["một", "{{hai}}"],
        "can_cu": [],
        "ngay": "2016-12-09",
        "chuc_vu": ["A", "B"],
        "nguoi_ky": "C",
    }
    blocks = text.fill(said, values)
    assert text.plain(blocks).splitlines()[1:4] == ["- một", "- {{hai}}", ""]
    assert "Ngày 09/12/2016" in text.plain(blocks)
    assert [run[0]["text"] for run in blocks[-1]["titles"]] == ["A", "B"]
