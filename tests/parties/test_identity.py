"""Numbers, telephones, addresses and names: what is right, and what is told to whom typed it wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.parties import identity
from vamco.parties.identity import Wrong
from vamco.parties.models import NumberKind

TODAY = date(2016, 11, 21)


@pytest.mark.parametrize(
    "typed", ["080080001234", " 080 080 001 234 ", "080.080.001.234", "０８００８０００１２３４"]
)
def test_a_personal_number_in_any_writing(typed: str) -> None:
    assert (
        identity.citizen_id(typed, today=TODAY, birth_date=date(1980, 1, 2), gender="male") == "080080001234"
    )


@pytest.mark.parametrize(
    ("number", "birth", "gender"),
    [
        ("080180001234", date(1980, 5, 1), "female"),
        ("080201001234", date(2001, 5, 1), "male"),
        ("072316001234", date(2016, 5, 1), "female"),
        ("205080001234", date(1980, 5, 1), "male"),
    ],
)
def test_century_and_sex_are_read_from_the_number(number: str, birth: date, gender: str) -> None:
    assert identity.citizen_id(number, today=TODAY, birth_date=birth, gender=gender) == number


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("08008000123", "12 chữ số"),
        ("08008000123a", "12 chữ số"),
        ("", "12 chữ số"),
        ("٠٨٠٠٨٠٠٠١٢٣٤", "12 chữ số"),
        ("003080001234", "mã tỉnh"),
        ("000000000000", "mã tỉnh"),
        ("999999999999", "mã tỉnh"),
        ("080217001234", "tương lai"),
        ("080480001234", "tương lai"),
    ],
)
def test_a_wrong_personal_number_says_why(number: str, message: str) -> None:
    with pytest.raises(Wrong, match=message):
        identity.citizen_id(number, today=TODAY)


def test_a_personal_number_must_fit_birth_date_and_gender() -> None:
    with pytest.raises(Wrong, match="năm sinh"):
        identity.citizen_id("080080001234", today=TODAY, birth_date=date(1981, 1, 1))
    with pytest.raises(Wrong, match="giới tính"):
        identity.citizen_id("080080001234", today=TODAY, gender="female")


def test_old_identity_cards() -> None:
    assert identity.old_id("301 234 567") == "301234567"
    for wrong in ["30123456", "3012345678", "000000000", "30123456A"]:
        with pytest.raises(Wrong):
            identity.old_id(wrong)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0100233488", "0100233488"),
        ("01.00.233.488", "0100233488"),
        ("0312687878-001", "0312687878-001"),
        ("0312687878001", "0312687878-001"),
        ("080080001234", "080080001234"),
    ],
)
def test_tax_codes(typed: str, stored: str) -> None:
    assert identity.tax_code(typed, today=TODAY) == stored


@pytest.mark.parametrize("typed", ["1100101170", "0100233487", "0312687878-000", "123", "", "ABCDEFGHIJ"])
def test_wrong_tax_codes(typed: str) -> None:
    with pytest.raises(Wrong, match="Mã số thuế"):
        identity.tax_code(typed, today=TODAY)


def test_passports() -> None:
    assert identity.passport("b 1234567") == "B1234567"
    assert identity.passport("X12345", nationality="FR") == "X12345"
    for number, country in [("1234567", "VN"), ("BB123456", "VN"), ("ÂB12345", "FR"), ("ABCDEF", "FR")]:
        with pytest.raises(Wrong):
            identity.passport(number, nationality=country)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912345678", "0912345678"),
        ("0168 234 5678", "01682345678"),
        ("(072) 3.826.123", "0723826123"),
        ("+84 912 345 678", "0912345678"),
        ("+84 (0)912345678", "0912345678"),
        ("84912345678", "0912345678"),
        ("841682345678", "01682345678"),
        ("0084912345678", "0912345678"),
        ("+33 1 23 45 67 89", "+33123456789"),
        ("19001234", "19001234"),
        ("", ""),
    ],
)
def test_telephones(typed: str, stored: str) -> None:
    assert identity.phone(typed) == stored
    assert identity.phone(stored) == stored


@pytest.mark.parametrize(
    "typed", ["091234567", "091234567890", "0012345678", "912345678", "abc", "0912345678x", "+1"]
)
def test_wrong_telephones(typed: str) -> None:
    with pytest.raises(Wrong, match="điện thoại"):
        identity.phone(typed)


def test_addresses_of_e_mail() -> None:
    assert identity.email(" An@LongAn.gov.VN ") == "An@longan.gov.vn"
    assert identity.email("") == ""
    for wrong in ["an", "an@", "a b@x.vn", "an@x.vn\r\nBcc: y@z.vn", "a" * 300 + "@x.vn"]:
        with pytest.raises(Wrong):
            identity.email(wrong)


def test_names() -> None:
    assert identity.name("  Nguye\u0302\u0303n  Văn\n Á ") == "Nguyễn Văn Á"
    assert identity.name("<b>Cty 'A' & \"B\"; DROP TABLE--</b>").startswith("<b>")
    assert identity.name("An\u202e\u200b") == "An"
    for wrong in ["", "  ", "?!", "x" * 251, "a\0b", "a\x1bb"]:
        with pytest.raises(Wrong):
            identity.name(wrong)


@pytest.mark.parametrize(
    ("typed", "kind", "guess"),
    [
        ("080080001234", "person", NumberKind.CITIZEN_ID),
        ("080080001234", "business", NumberKind.TAX_CODE),
        ("301234567", "person", NumberKind.OLD_ID),
        ("0100233488", "business", NumberKind.TAX_CODE),
        ("0312687878-001", "business", NumberKind.TAX_CODE),
        ("B1234567", "person", NumberKind.PASSPORT),
        ("125/2016", "person", NumberKind.BIRTH_CERT),
        ("", "person", NumberKind.NONE),
        ("123", "person", NumberKind.NONE),
        ("x' OR 1=1", "person", NumberKind.NONE),
    ],
)
def test_the_kind_of_number_is_guessed(typed: str, kind: str, guess: NumberKind) -> None:
    assert identity.guess_kind(typed, kind) == guess


def test_a_number_that_is_none_is_not_taken_silently() -> None:
    with pytest.raises(Wrong):
        identity.number("123", NumberKind.NONE, today=TODAY)
    assert identity.number(" ", NumberKind.NONE, today=TODAY) == ""


def test_birth_dates() -> None:
    assert identity.birth_date(None, today=TODAY) is None
    assert identity.birth_date(TODAY, today=TODAY) == TODAY
    for wrong in [date(2016, 11, 22), date(1800, 1, 1), date(9999, 1, 1)]:
        with pytest.raises(Wrong):
            identity.birth_date(wrong, today=TODAY)


@given(st.text(max_size=40), st.sampled_from([*NumberKind.values, "bogus"]))
def test_any_text_is_taken_or_refused_and_no_message_repeats_it(typed: str, kind: str) -> None:
    message = stored = ""
    try:
        stored = identity.number(typed, kind, today=TODAY)
    except Wrong as wrong:
        message = str(wrong)
    assert len(typed.strip()) < 5 or typed.strip() not in message
    assert len(stored) <= 40
    assert message or identity.number(stored, kind, today=TODAY) == stored


@pytest.mark.parametrize("q", ["080080001234", "301 234 567", "tim 0100233488", "B1234567", "0312687878-001"])
def test_numbers_are_known_in_a_search(q: str) -> None:
    assert identity.looks_like_number(q)


@pytest.mark.parametrize("q", ["nguyen van a", "Công ty 2016", "", "125/2016", "Tổ 5, ấp 3"])
def test_names_are_no_numbers(q: str) -> None:
    assert not identity.looks_like_number(q)
