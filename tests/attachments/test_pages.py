"""Attached files on the receipt's page, as signed-in people meet them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.core.test_files import PDF
from tests.province import OTHER_COMMUNE, PROVINCE, actor, person
from vamco.attachments.models import Attachment
from vamco.core.models import File
from vamco.dossiers.models import Dossier

from .conftest import attached

pytestmark = [pytest.mark.django_db(databases=["default", "serials"])]


@pytest.fixture
def counter(client, receipt):
    client.force_login(person("mot_cua"))
    return client


def send(client, receipt, content=PDF, name="bien-ban.pdf", **more):
    url = reverse("attachment_new", args=["payments.receipt", receipt.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, content), "request_key": "k", **more})


def page_of(client, receipt):
    return client.get(reverse("cash_receipt", args=[receipt.pk])).content.decode()


def test_a_file_is_attached_listed_shown_and_downloaded(counter, receipt):
    assert "Tệp đính kèm" in page_of(counter, receipt)
    answer = send(counter, receipt, note="Biên bản <b>làm việc</b>")
    assert answer["Location"] == f"/thu-tien/bien-lai/{receipt.pk}/#dinh-kem"
    page = page_of(counter, receipt)
    assert "bien-ban.pdf" in page
    assert "Biên bản &lt;b&gt;làm việc" in page
    address = reverse("attachment", args=[Attachment.objects.get().pk])
    assert address in page
    shown = counter.get(address)
    assert b"".join(shown.streaming_content) == PDF
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert counter.get(f"{address}?tai")["Content-Disposition"].startswith("attachment")


def test_pressed_twice_it_is_attached_once(counter, receipt):
    assert send(counter, receipt)["Location"] == send(counter, receipt)["Location"]
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "rong.pdf"),
        (b"<script>alert(1)</script>", "trang.html"),
        (PDF, "anh.png"),
        (b"MZ" * 60, "a.pdf"),
    ],
)
def test_what_is_no_such_file_is_refused_beside_the_form(counter, receipt, content, name):
    answer = send(counter, receipt, content, name)
    assert answer.status_code == 422
    assert not Attachment.objects.exists()


def test_without_a_file_the_form_asks_for_one(counter, receipt):
    url = reverse("attachment_new", args=["payments.receipt", receipt.pk])
    assert 'enctype="multipart/form-data"' in counter.get(url).content.decode()
    answer = counter.post(url, {"note": "x"})
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()


def test_a_file_too_large_is_refused(counter, receipt, settings):
    settings.MAX_UPLOAD = 1000
    assert send(counter, receipt, PDF + b"\n" * 1000).status_code == 422


def test_taken_off_it_is_gone_and_the_message_puts_it_back(counter, receipt):
    made = attached(actor("mot_cua"), receipt)
    answer = counter.post(reverse("attachment_remove", args=[made.pk]), {"request_key": "go"}, follow=True)
    page = answer.content.decode()
    assert "bien-ban.pdf" in page, "the message names it"
    assert f'href="/tep/{made.pk}/"' not in page
    assert counter.get(reverse("attachment", args=[made.pk])).status_code == 404
    undo = reverse("attachment_put_back", args=[made.pk])
    assert re.search(rf'<form method="post" action="{undo}"', page)
    assert f'href="/tep/{made.pk}/"' in counter.post(undo, follow=True).content.decode()


def test_who_only_reads_sees_files_and_no_form(client, receipt):
    attached(actor("mot_cua"), receipt)
    client.force_login(person("thanh_tra", PROVINCE))
    Dossier.objects.update(sensitive=False)
    assert not actor("thanh_tra", PROVINCE).may_anywhere("payments.collect")
    url = reverse("attachment_new", args=["payments.receipt", receipt.pk])
    before = File.objects.count()
    assert client.post(url, {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code in (403, 404)
    assert File.objects.count() == before, "what is not allowed is not even kept"


def test_of_a_masked_receipt_nothing_is_shown(client, receipt):
    made = attached(actor("mot_cua"), receipt)
    Dossier.objects.update(sensitive=True)
    client.force_login(person("thanh_tra", PROVINCE))
    page = page_of(client, receipt)
    assert "hồ sơ hạn chế xem" in page
    assert "Tệp đính kèm" not in page
    assert "Lịch sử" not in page
    assert client.get(reverse("attachment", args=[made.pk])).status_code == 404
    assert client.get(reverse("history", args=["payments.receipt", receipt.pk])).status_code == 404


@pytest.mark.parametrize("kind", ["payments.receipt", "payments.charge", "khong.co", "x"])
def test_others_and_unknown_kinds_answer_alike(client, receipt, kind):
    client.force_login(person("mot_cua", OTHER_COMMUNE))
    assert client.get(f"/tep/them/{kind}/{receipt.pk}/").status_code == 404
    assert client.get(f"/tep/them/{kind}/{10**30}/").status_code == 404
