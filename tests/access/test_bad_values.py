"""Values that read as a number or a day and are none: no page answers with a fault."""

from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from tests import province as p
from vamco.core.errors import Invalid
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier
from vamco.dossiers.papers import drafting
from vamco.organisation.models import User

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


@pytest.mark.parametrize(
    ("page", "name", "value"),
    [
        ("intake", "nguoi", "²"),
        ("intake", "nguoi", "9" * 5000),
        ("audit", "den", "9999-12-31"),
        ("audit", "tu", "0001-01-01"),
        ("organisation_people", "cursor", "x" * 500),
        *(
            ("results", name, value)
            for name in ("unit", "state", "kind", "since", "until", "cursor", "sort")
            for value in ("²", "9" * 5000, "0001-01-01", "9999-12-31", "\0")
        ),
        ("result_templates", "sort", "²"),
        ("result_templates", "cursor", "9" * 5000),
    ],
)
def test_of_an_address(anybody: User, page: str, name: str, value: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(anybody)
    assert client.get(reverse(page), {name: value}).status_code < 500


@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("audit_export", {"den": "9999-12-31"}),
        ("intake", {"do": "add.applicant", "applicant-count": "²"}),
        ("results", {"q": "²\0"}),
        ("results", {"export": "csv", "since": "9999-12-31"}),
        ("result_check", {"number": "²" * 5000, "secret": "9" * 5000}),
        ("result_check", {"number": "\0", "secret": "\0"}),
        ("result_template_new", {"key": "²", "name": "\0", "text": "9" * 60_000, "version": "²"}),
    ],
)
def test_of_a_form(anybody: User, page: str, given: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(anybody)
    assert client.post(reverse(page), given).status_code < 500


@pytest.mark.parametrize("value", ["²", "9" * 5000, "0001-01-01", "\0", "-1"])
def test_of_the_forms_of_a_result_and_a_template(anybody: User, value: str) -> None:
    result = drafting.current(p.decide(p.receive()))
    client = Client(raise_request_exception=False)
    client.force_login(anybody)
    for verb in ("withdraw", "correct", "sign", "issue", "drop"):
        sent = dict.fromkeys(("reason", "holder_name", "title", "value_muc_dich"), value)
        assert client.post(reverse("result_act", args=[result.pk, verb]), sent).status_code < 500
    sent = dict.fromkeys(("name", "text", "version"), value)
    assert client.post(reverse("result_template", args=["ket_qua"]), sent).status_code < 500


def loaded(**row: str) -> object:
    """Import one running dossier whose cells are as given."""
    usual = {
        "mã hồ sơ": "HS-2016-009",
        "mã thủ tục": p.MARRIAGE,
        "nhận lúc": "02/12/2016 09:00",
        "người nộp": "Nguyễn Văn Cũ",
        "bước": "tham_tra",
        "trường: tinh_trang": "chua_ket_hon",
        "trường: muc_dich": "vay_von",
    }
    made, cells = Workbook(), usual | row
    made.active.append(list(cells))
    made.active.append(list(cells.values()))
    kept = BytesIO()
    made.save(kept)
    return actions.import_running(p.actor("chu_tich"), p.unit(), content=kept.getvalue())


@pytest.mark.parametrize("year", ["0001", "0216", "1899"])
def test_a_dossier_of_another_age_is_not_imported(year: str) -> None:
    with pytest.raises(Invalid) as refused:
        loaded(**{"nhận lúc": f"02/12/{year} 09:00"})
    assert "Năm nhận" in refused.value.fields["C2"]


def test_the_database_takes_none_either() -> None:
    dossier = p.receive()
    with pytest.raises(IntegrityError, match="dossier_received_at"), transaction.atomic():
        connection.cursor().execute(
            "UPDATE dossiers_dossier SET received_at = '0001-12-31 16:53:30+00 BC' WHERE id = %s",
            [dossier.pk],
        )


def test_an_answer_takes_no_column_away() -> None:
    loaded(**{"trường: code": "Z", "trường: name": "Người khác"})
    assert Dossier.objects.get().code == "HS-2016-009"
