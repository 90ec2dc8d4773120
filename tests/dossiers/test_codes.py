"""The form of a dossier's code: at every door, in the database, and in any address."""

from datetime import timedelta
from urllib.parse import quote

import hypothesis
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import strategies as st

from tests import province as p
from tests.dossiers.test_import import GOOD, faults, load
from vamco.core.actors import SYSTEM
from vamco.dossiers import actions
from vamco.dossiers.importing.sheet import take_over
from vamco.dossiers.inbox import sent as lists
from vamco.dossiers.models import Dossier, codes
from vamco.organisation.actions import issue_token
from vamco.organisation.models import Unit
from vamco.payments.queries import charges_for

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
FRIDAY = p.MONDAY - timedelta(days=3)
BAD = (
    "HS/2016/001", ".", "..", "-", "=1+1", "+84", "@x", "HS 2016 001", "HS--1", "HS..1", ".HS", "HS-", "HS_1", "HỒ-1",
    "H" * 61, "<b>", "HS-2016-٠٠١", "HS-１/2", "HS-1\nHS-2",
)  # fmt: skip


def unit_code(end: str, unit: str = p.COMMUNE) -> str:
    return f"{p.unit(unit).agency_code}-{end}"


def by_post() -> Dossier:
    """Received today, arrived by post on Friday."""
    return actions.receive(
        p.actor("mot_cua"), p.unit(), application=p.application(channel="post"), received_at=FRIDAY
    )


# The form --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["000.00.12.H39-161209-0007", "000.00.12.H39-161209-9000001", "HS-2016-001", "1", "A" * 60]
)
def test_what_is_made_here_and_sensible_old_codes_are_in_the_form(code: str) -> None:
    dossier = p.receive()
    Dossier.objects.filter(pk=dossier.pk).update(code=code)
    assert codes.is_code(code)


@pytest.mark.parametrize("code", [one for one in BAD if len(one) <= 60] + ["hs-1", "", "HS-1\n"])
def test_the_database_refuses_any_other(code: str) -> None:
    dossier = p.receive()
    with pytest.raises(IntegrityError, match="dossier_code_form"), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(code=code)


@hypothesis.given(st.text(max_size=80))
def test_any_text_can_be_brought_into_the_form(text: str) -> None:
    for agency in (codes.forced(text), codes.agency(text)):
        assert agency == "" or codes.is_code(agency)
    assert codes.is_code(codes.made(text[:35], FRIDAY.date(), 7))


def test_a_unit_with_an_odd_identifier_receives_all_the_same() -> None:
    Unit.objects.filter(code=p.COMMUNE).update(agency_code="h39 / xã 1")
    assert p.receive().code.startswith("H39-XA-1-161205-")


# Import ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", BAD)
def test_a_code_out_of_form_is_refused_at_its_cell_with_what_is_allowed(code: str) -> None:
    found = faults({**GOOD, "mã hồ sơ": code})
    assert set(found) == {"A2"}
    assert "HS-2016-001" in found["A2"]


@pytest.mark.parametrize(
    "written",
    ["hs-2016-001", "  HS-2016-001 ", "\u00a0HS-2016-001\u00a0", "HS–2016–001", "ＨＳ-2016-001\u200b"],
)
def test_what_is_merely_written_differently_is_brought_into_the_form_and_loads_again(written: str) -> None:
    load({**GOOD, "mã hồ sơ": written})
    assert Dossier.objects.get().code == "HS-2016-001"
    assert load({**GOOD, "mã hồ sơ": "HS-2016-001"}).dossiers.count() == 0


def test_two_ways_to_write_one_code_are_the_same_code() -> None:
    assert set(faults(GOOD, {**GOOD, "mã hồ sơ": "hs-1"})) == {"A3"}


def test_a_date_where_the_code_should_stand_is_refused_at_its_cell() -> None:
    assert set(faults({**GOOD, "mã hồ sơ": p.MONDAY.replace(tzinfo=None)})) == {"A2"}


@pytest.mark.parametrize("code", ["080161000412", "0301234567", "301234567"])
def test_an_identity_number_is_no_code(code: str) -> None:
    found = faults({**GOOD, "mã hồ sơ": code})
    assert set(found) == {"A2"}
    assert code not in found["A2"]


def test_our_own_form_is_taken_of_the_unit_alone_and_of_days_that_are_over() -> None:
    load({**GOOD, "mã hồ sơ": unit_code("161202-0007")})
    assert Dossier.objects.get().code == unit_code("161202-0007")
    for end in ("161205-0007", "161206-0001", "991231-0001"):
        assert "phần mềm cấp" in faults({**GOOD, "mã hồ sơ": unit_code(end)})["A2"]
    for other in (unit_code("161202-0007", p.OTHER_COMMUNE), "000.99.99.H39-161202-0001"):
        assert "cơ quan khác" in faults({**GOOD, "mã hồ sơ": other})["A2"]
    load({**GOOD, "mã hồ sơ": "TP-161202-0007"})  # another system counted so: no agency of the province


def test_a_code_that_was_made_here_loads_again_without_harm() -> None:
    dossier = p.receive()
    assert load(GOOD, {**GOOD, "mã hồ sơ": dossier.code.lower()}).dossiers.count() == 1


def test_the_cell_of_another_units_code_is_named_wherever_its_column_stands() -> None:
    load(GOOD)
    row = {"mã thủ tục": p.MARRIAGE, **GOOD}
    from tests.dossiers import test_import as at

    moved = {name: row[name] for name in sorted(row)}
    made = at.Workbook()
    made.active.append(list(moved))
    made.active.append(list(moved.values()))
    kept = at.BytesIO()
    made.save(kept)
    with pytest.raises(at.Invalid) as refusal:
        take_over(p.actor("chu_tich", p.OTHER_COMMUNE), p.unit(p.OTHER_COMMUNE), kept.getvalue())
    column = chr(ord("A") + list(moved).index("mã hồ sơ"))
    assert set(refusal.value.fields) == {f"{column}2"}


def test_a_long_code_stands_on_every_slip() -> None:
    load({**GOOD, "mã hồ sơ": "A" * 60})
    slip = actions.slip_on_request(p.actor("mot_cua"), Dossier.objects.get())
    assert slip.number == "A" * 60


# The next free serial --------------------------------------------------------------------------------------


def test_intake_passes_over_the_serials_that_an_import_took() -> None:
    first = by_post()
    head, _dash, serial = first.code.rpartition("-")
    taken = [f"{head}-{int(serial) + i:04d}" for i in (1, 2, 3)]
    load(*({**GOOD, "mã hồ sơ": code, "số định danh": None} for code in taken))
    following = by_post()
    assert following.code == f"{head}-{int(serial) + 4:04d}"
    assert [one.subject for one in charges_for([following.code])[following.code]] == [following.code]


def test_that_costs_no_statement_where_nothing_is_taken() -> None:
    p.receive()
    with CaptureQueriesContext(connection) as asked:
        p.receive()
    of_dossiers = [one["sql"] for one in asked if '"dossiers_dossier"' in one["sql"]]
    assert [sql.partition(" ")[0] for sql in of_dossiers] == ["INSERT"]


# Addresses and lists ---------------------------------------------------------------------------------------

ODD = (
    "/", "..", ".", "%2F", "=1+1", "٠٠١-٠٠١", "HS-１", "A" * 61, "-".join("A" * 2500), "\0", "HS-1\0", "HS-1\n",
    "' OR 1=1 --", "Ẵ", "a b", "%",
)  # fmt: skip


@pytest.fixture
def signed_in() -> Client:
    one = Client(raise_request_exception=False)
    one.force_login(p.person("chu_tich"))
    return one


@pytest.mark.parametrize("code", ODD, ids=range(len(ODD)))
def test_no_address_with_an_odd_code_is_a_fault(signed_in: Client, code: str) -> None:
    load(GOOD)
    written = quote(code, safe="")
    pages = ("", "sua/", "du-thao/", "giay/1/", "note/")
    asked = [f"/ho-so/{written}/{page}" for page in pages]
    asked += [
        f"/tra-cuu/{written}/",
        f"/tra-cuu/?code={written}",
        f"/viec/?q={written}",
        f"/viec/?ds={written}",
    ]
    asked += [f"/tiep-nhan/?theo={written}", f"/ho-so/HS-1/?ds=q%3D{written}"]
    found = {one: signed_in.get(one).status_code for one in asked}
    found["find"] = signed_in.post("/tim/", {"q": code}).status_code
    found["many"] = signed_in.post("/viec/hang-loat/", {"code": ["HS-1", code], "do": "take"}).status_code
    assert {one: status for one, status in found.items() if status >= 500} == {}
    assert {found[f"/ho-so/{written}/{page}"] for page in pages} <= {404, 405}


@pytest.mark.parametrize("code", ODD, ids=range(len(ODD)))
def test_no_call_with_an_odd_code_is_a_fault(code: str) -> None:
    _issued, token = issue_token(SYSTEM, p.person("chu_tich"), name="mã lạ")
    client = Client(raise_request_exception=False, headers={"authorization": f"Bearer {token}"})
    written = quote(code, safe="")
    things = ("dossiers", "receipts", "results", "messages", "charges", "ledger")
    asked = [f"/api/v1/{thing}?{field}={written}" for thing in things for field in ("q", "dossier")]
    asked += [
        f"/api/v1/dossiers/{written}{end}" for end in ("", "/notes", "/slips", "/draft", "/control_slip")
    ]
    asked.append(f"/api/v1/tracking/{written}")
    found = {one: client.get(one).status_code for one in asked}
    for end in ("note", "take"):
        answer = client.post(
            f"/api/v1/dossiers/{written}/actions/{end}", {"text": "x"}, content_type="application/json"
        )
        found[end] = answer.status_code
    assert {one: status for one, status in found.items() if status >= 500} == {}


def test_a_code_of_another_system_is_found_by_everybody_as_it_is_written(signed_in: Client) -> None:
    load({**GOOD, "mã hồ sơ": "HS-2016-00123"}, {**GOOD, "mã hồ sơ": "HS-160512-1", "số định danh": None})
    for code in ("HS-2016-00123", "HS-160512-1"):
        for typed in (code, code.lower(), code.replace("-", " – ")):
            answer = Client().get("/tra-cuu/", {"code": typed})
            assert answer.headers.get("Location") == f"/tra-cuu/{code}/", typed
        assert Client().get(f"/tra-cuu/{code}/").status_code == 200
        assert Client().get(f"/api/v1/tracking/{code}").json()["code"] == code
        assert signed_in.post("/tim/", {"q": code.lower()}).headers["Location"] == f"/ho-so/{code}/"
        assert signed_in.get(f"/ho-so/{code}/").status_code == 200


def test_a_number_in_two_halves_still_stands_in_no_address(signed_in: Client) -> None:
    answer = signed_in.post("/tim/", {"q": "080161-000412"})
    assert "080161" not in answer.headers["Location"]
    assert lists.read({"q": "080161-000412"}).wanted.q == ""
    assert lists.read({"q": "161205-0007"}).wanted.q == "161205-0007"
