"""Lists: pages that follow each other in any order, filters and words that are checked, counts with an end."""

import base64
import json
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.core import keyset, listing, search
from vamco.core.actors import SYSTEM, Actor
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.listing import Asked, Column, Filter, Listing
from vamco.organisation.models import Level, Unit

pytestmark = pytest.mark.django_db


def visible(actor):
    return Unit.objects.select_related("parent")


def made(**changes):
    said = {
        "name": "units",
        "title": "Đơn vị",
        "model": Unit,
        "visible": visible,
        "order": ("name", "-valid_to"),
        "words": search.in_columns("name", "code"),
        "columns": (
            Column("name", "Tên", sort="name", example="Xã Bình Hòa"),
            Column("upper", "Cấp trên", "parent.name", sort="parent__name", optional=True, example=None),
            Column("until", "Đến ngày", "valid_to", date, sort="valid_to", optional=True, example=None),
            Column("level", "Cấp", kind=Level, sort="level", example="commune"),
        ),
        "filters": (
            Filter("level", "Cấp", Level),
            Filter(
                "upper", "Cấp trên", Unit, where="parent", choices=lambda actor, known: Unit.objects.all()
            ),
            Filter("until", "Đến ngày", date, where="valid_to"),
            Filter("open", "Đang mở", bool, where="valid_to__isnull"),
        ),
    }
    return Listing(**{**said, **changes})


UNITS = made()


def unit(code, name="Xã", **more):
    values = {"level": "commune", "agency_code": f"000.00.{code}.H39", "valid_from": date(2016, 1, 1)}
    return Unit(code=code, name=name, folded=name.lower(), **{**values, **more})


def walked(asked, limit):
    """All rows, page by page."""
    found, cursor = [], ""
    while cursor is not None:
        page, cursor = UNITS.page(SYSTEM, Asked(asked.values, asked.q, asked.sort, cursor), limit)
        assert len(page) <= limit
        found += page
    return found


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "B", "đ", "Xã Á", '"', "x" * 200]),
        st.none() | st.dates(date(2016, 2, 1), date(2016, 2, 3)),
        st.booleans(),
        st.sampled_from(["commune", "district"]),
    ),
    max_size=9,
)


@settings(max_examples=40)
@given(rows=ROWS, sort=st.sampled_from(sorted(UNITS.sorts)), limit=st.integers(1, 4))
def test_every_page_follows_the_one_before_in_any_order(rows, sort, limit):
    with transaction.atomic():
        parents = Unit.objects.bulk_create([unit("p1", "Huyện"), unit("p2", "a")])
        Unit.objects.bulk_create(
            unit(str(n), name, valid_to=until, level=level, parent=parents[n % 2] if has else None)
            for n, (name, until, has, level) in enumerate(rows)
        )
        found = walked(Asked(sort=sort), limit)
        whole, _next = UNITS.page(SYSTEM, Asked(sort=sort), 50)
        transaction.set_rollback(True)
    assert [one.pk for one in found] == [one.pk for one in whole]
    assert len({one.pk for one in found}) == len(found) == len(rows) + 2
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key in ("until", "level"):
        values = [one.valid_to if key == "until" else one.level for one in found]
        there = [value for value in values if value is not None]
        assert values[: len(there)] == sorted(there, reverse=down)  # what has no value comes last


@pytest.mark.parametrize(
    "cursor",
    [
        "xyz",
        "%%%",
        "é",
        keyset.encode(["."]),
        keyset.encode(["-name", "a", 1]),
        keyset.encode([".", "a", "no day", 1]),
        keyset.encode([".", "a", 5, 1]),
        keyset.encode([".", None, None, 1]),
        keyset.encode([".", "a", None, None]),
        keyset.encode([".", "a", None, 2**70]),
        base64.urlsafe_b64encode(json.dumps([".", "\ud800", None, 1]).encode()).decode(),
        base64.urlsafe_b64encode(b"[" * 900).decode(),
        keyset.encode([".", "a\0", None, 1]),
    ],
)
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(Invalid) as refused:
        UNITS.page(SYSTEM, Asked(cursor=cursor), 5)
    assert refused.value.field == "cursor"


def test_the_cursor_of_one_order_is_not_taken_for_another():
    Unit.objects.bulk_create([unit("1"), unit("2")])
    _rows, cursor = UNITS.page(SYSTEM, Asked(sort="name"), 1)
    with pytest.raises(Invalid):
        UNITS.page(SYSTEM, Asked(sort="-name", cursor=cursor), 1)


def asked(**sent):
    return UNITS.asked(SYSTEM, sent)


def test_filters_and_words_narrow():
    upper = unit("9", "Huyện Bến Lức", level="district")
    upper.save()
    Unit.objects.bulk_create(
        [unit("1", "Xã An Thạnh", parent=upper), unit("2", "Xã Bình Đức", valid_to=date(2016, 5, 1))]
    )

    def codes(**sent):
        return [one.code for one in walked(asked(**sent), 5)]

    assert codes(level="district") == ["9"]
    assert codes(upper="9") == ["1"]
    assert codes(until="01/05/2016") == codes(until="2016-05-01") == codes(open="0") == ["2"]
    assert codes(q="binh") == ["2"]
    assert codes(q="zzqx") == []
    assert codes(sort="-name") == ["2", "1", "9"]
    assert codes(level="", upper="", q=" ") == ["9", "1", "2"]


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({"level": "village"}, Invalid),
        ({"upper": "no such"}, NotFound),
        ({"upper": "\0"}, NotFound),
        ({"until": "31/02/2016"}, Invalid),
        ({"until": "9" * 300}, Invalid),
        ({"open": "maybe"}, Invalid),
        ({"sort": "folded"}, Invalid),
        ({"q": "a\0"}, Invalid),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(sent, kind):
    with pytest.raises(kind) as refused:
        asked(**sent)
    assert list(refused.value.fields) == list(sent)


def test_every_fault_is_told_at_once():
    with pytest.raises(Refused) as refused:
        asked(level="x", until="y")
    assert set(refused.value.fields) == {"level", "until"}


def test_counting_ends(monkeypatch):
    Unit.objects.bulk_create(unit(str(n)) for n in range(5))
    assert UNITS.count(SYSTEM, Asked()) == 5
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    assert UNITS.count(SYSTEM, Asked()) == 4


def test_tabs_count_what_the_other_filters_leave():
    Unit.objects.bulk_create([unit("1"), unit("2", level="district"), unit("3", valid_to=date(2016, 5, 1))])
    listed = made(tabs="level")
    counts = listed.tab_counts(SYSTEM, listed.asked(SYSTEM, {"open": "1", "level": "commune"}))
    found = {value: count for value, _label, count in counts}
    assert (found[None], found["commune"], found["district"]) == (2, 1, 1)


def test_a_list_with_a_permission_is_closed_to_others():
    with pytest.raises(NotAllowed):
        made(permission="units.read").check(Actor(1, "ai đó"))
    made(permission="units.read").check(Actor(1, "ai đó", {"units.read": frozenset([1])}))


@pytest.mark.parametrize(
    "changes",
    [
        {"filters": (Filter("q", "Từ"),)},
        {"filters": (Filter("upper", "Cấp trên", Unit),)},
        {"filters": (Filter("level", "Cấp"),), "tabs": "level"},
        {"columns": (Column("id", "Số", example=1),)},
        {"columns": (Column("name", "Tên", example=""),) * 2},
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(changes):
    with pytest.raises(ImproperlyConfigured):
        made(**changes)
