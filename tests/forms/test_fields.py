"""From what someone typed to answers: each fault has a sentence, and nothing hidden gets through."""

import unicodedata
from datetime import date
from decimal import Decimal

import jsonschema_rs
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from vamco.forms.field import Field, Option
from vamco.forms.fields import clean, id_keys
from vamco.forms.schema import json_schema

TODAY = date(2016, 12, 5)
PURPOSE = Field(
    "purpose",
    "choice",
    "Mục đích sử dụng",
    "Purpose",
    required=True,
    options=(Option("marry", "Để kết hôn", "To marry"), Option("other", "Mục đích khác", "Other")),
)
PARTNER = Field(
    "partner",
    "person_name",
    "Họ tên người dự định kết hôn",
    "Intended spouse",
    required=True,
    when={"field": "purpose", "op": "eq", "value": "marry"},
)
FORM = (PURPOSE, PARTNER)


def one(kind, raw, **rules):
    return clean((Field("x", kind, "Giá trị", "Value", **rules),), {"x": raw}, today=TODAY)


def test_good_answers_come_through():
    cleaned = clean(FORM, {"purpose": "marry", "partner": " Trần  Thị Bé "}, today=TODAY)
    assert cleaned.ok
    assert cleaned.values == {"purpose": "marry", "partner": "Trần Thị Bé"}


def test_a_hidden_field_is_absent_and_not_looked_at():
    raw = {"purpose": "other", "partner": "123456"}
    cleaned = clean(FORM, raw, today=TODAY)
    assert cleaned.ok
    assert cleaned.values == {"purpose": "other"}
    assert cleaned.shown == ("purpose",)
    assert raw["partner"] == "123456"


def test_what_hangs_on_a_wrong_answer_is_not_asked_for():
    cleaned = clean(FORM, {"purpose": "love"}, today=TODAY)
    assert set(cleaned.errors) == {"purpose"}
    assert "Để kết hôn" in cleaned.errors["purpose"]


def test_a_missing_answer_says_what_to_enter():
    assert clean(FORM, {"purpose": "marry"}).errors == {"partner": "Hãy nhập họ tên người dự định kết hôn."}
    assert clean(FORM, {"purpose": "marry"}, draft=True).ok


def test_unknown_keys_are_refused_only_when_strict():
    raw = {"purpose": "other", "admin": "1"}
    assert clean(FORM, raw).ok
    assert set(clean(FORM, raw, strict=True).errors) == {"admin"}


def test_officers_fields_read_what_was_known():
    field = Field("map", "text", "Tờ bản đồ", "Map sheet", required=True, when={"field": "a", "op": "filled"})
    assert clean((field,), {}, known={"a": 1}).errors
    assert clean((field,), {}, known={}).ok


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("number", "1.234,5", 1234.5),
        ("number", "1.500", 1500),
        ("number", 1.5, 1.5),
        ("number", "12", 12),
        ("money", "1.200.000 đ", 1200000),
        ("date", "5/12/2016", "2016-12-05"),
        ("date", "2016-12-05", "2016-12-05"),
        ("bool", "on", True),
        ("bool", None, False),
        ("phone", "+84 912 345 678", "0912345678"),
        ("id_number", "301 234 567", "301234567"),
        ("id_number", "c1234567", "C1234567"),
        ("person_name", "H'Hen Niê", "H'Hen Niê"),
        ("email", "an@longan.gov.vn", "an@longan.gov.vn"),
        ("text", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("text", "a\u0000b\u202ec\u200b", "abc"),
        ("longtext", "một\r\n\r\nhai ", "một\n\nhai"),
        ("text", "", None),
    ],
)
def test_a_value_is_read(kind, raw, value):
    cleaned = one(kind, raw)
    assert cleaned.ok, cleaned.errors
    assert cleaned.values.get("x") == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("number", "mười"),
        ("number", float("nan")),
        ("number", "1" * 30),
        ("money", "-5"),
        ("date", "30/02/2016"),
        ("date", "2016"),
        ("bool", "maybe"),
        ("phone", "12345"),
        ("id_number", "12345678"),
        ("id_number", "1234567890"),
        ("person_name", "Nguyễn 9"),
        ("person_name", "'; DROP TABLE--"),
        ("email", "an@"),
        ("text", "x" * 256),
        ("text", "x" * 1_000_000),
        ("text", ["a"]),
        ("text", {"a": 1}),
        ("text", True),
        ("person_name", "A" * 10_000),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(kind, raw):
    cleaned = one(kind, raw)
    assert "x" not in cleaned.values
    assert len(cleaned.errors["x"]) > 20
    assert len(cleaned.errors["x"]) < 400


def test_bounds_are_kept():
    assert "từ 1 trở lên" in one("number", "0", min=Decimal(1)).errors["x"]
    assert "không được quá 9" in one("number", "10", max=Decimal(9)).errors["x"]
    assert "05/12/2016" in one("date", "06/12/2016", max_date="today").errors["x"]
    assert one("date", "05/12/2016", max_date="today").ok
    assert one("text", "62C1-123", pattern=r"\d\dC\d-\d{3}").ok
    assert not one("text", "62C1-123\n4", pattern=r"\d\dC\d-\d{3}").ok


def test_precomposed_and_combining_forms_are_one():
    name = "Nguyễn Văn Á"
    forms = [unicodedata.normalize(f, name) for f in ("NFC", "NFD")]
    assert forms[0] != forms[1]
    assert {one("person_name", f).values["x"] for f in forms} == {unicodedata.normalize("NFC", name)}


def test_identity_numbers_are_named_for_encryption():
    assert id_keys((Field("a", "id_number", "Số", "No"), PURPOSE)) == {"a"}


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
kinds = st.sampled_from(
    ["text", "longtext", "number", "money", "date", "bool", "person_name", "phone", "email", "id_number"]
)


@given(kinds, anything, st.booleans())
def test_whatever_is_typed_gives_a_value_or_a_sentence_and_cleaning_again_changes_nothing(
    kind, raw, required
):
    cleaned = one(kind, raw, required=required)
    assert not (set(cleaned.values) & set(cleaned.errors))
    if "x" in cleaned.values:
        assert one(kind, cleaned.values["x"], required=required).values == cleaned.values


@given(st.sampled_from(["marry", "other", "none", ""]), st.sampled_from(["", "Lê Thị Na", "Võ An"]))
def test_what_is_cleaned_fits_the_schema(purpose, partner):
    schema = json_schema(FORM)
    cleaned = clean(FORM, {"purpose": purpose, "partner": partner}, today=TODAY)
    assert jsonschema_rs.is_valid(schema, cleaned.values) == cleaned.ok


def test_the_schema_asks_for_a_shown_field_and_refuses_others():
    schema = json_schema(FORM, english=True)
    assert not jsonschema_rs.is_valid(schema, {"purpose": "marry"})
    assert jsonschema_rs.is_valid(schema, {"purpose": "other"})
    assert not jsonschema_rs.is_valid(schema, {"purpose": "other", "admin": True})
    assert schema["properties"]["partner"]["title"] == "Intended spouse"


def test_a_fault_names_the_field_in_the_readers_language():
    with translation.override("en"):
        found = clean(FORM, {"purpose": "x", "partner": ""}, today=TODAY)
        assert "To marry; Other" in found.errors["purpose"]
        assert found.errors["purpose"].startswith("Purpose")
        assert "intended spouse" in clean(FORM, {"purpose": "marry"}, today=TODAY).errors["partner"]
    assert "họ tên người dự định" in clean(FORM, {"purpose": "marry"}, today=TODAY).errors["partner"]
