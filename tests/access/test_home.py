"""Whoever signs in comes to a page that they may open: the first of their day."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import province as p

PASSWORD = "mot-cau-dai-de-nho"


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("post", "unit", "page"),
    [
        ("mot_cua", p.COMMUNE, "inbox"),
        ("chu_tich", p.COMMUNE, "inbox"),
        ("giam_sat", p.PROVINCE, "inbox"),
        ("thanh_tra", p.PROVINCE, "inbox"),
        ("quan_tri", p.PROVINCE, "cash_books"),
    ],
)
def test_the_first_page_after_signing_in_opens(client: Client, post: str, unit: str, page: str) -> None:
    person = p.person(post, unit)
    person.set_password(PASSWORD)
    person.save()
    answer = client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert answer["Location"] == reverse(page)
    opened = client.get(answer["Location"])
    assert opened.status_code == 200
    assert opened.context["staff_home"] == reverse(page)
