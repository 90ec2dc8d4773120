"""Values that read as a number or a day and are none: no page answers with a fault."""

from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from tests import province as p
from vamco.core.errors import Invalid
from vamco.dossiers.importing.sheet import take_over
from vamco.dossiers.models import Dossier
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
    ],
)
def test_of_an_address(anybody: User, page: str, name: str, value: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(anybody)
    assert client.get(reverse(page), {name: value}).status_code < 500


@pytest.mark.parametrize(
    ("page", "given"),
    [("audit_export", {"den": "9999-12-31"}), ("intake", {"do": "add.applicant", "applicant-count": "²"})],
)
def test_of_a_form(anybody: User, page: str, given: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(anybody)
    assert client.post(reverse(page), given).status_code < 500


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
    return take_over(p.actor("chu_tich"), p.unit(), kept.getvalue())


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
