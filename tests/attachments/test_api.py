"""Attached files through the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.conftest import call, fields
from tests.core.test_files import PDF
from tests.province import OTHER_COMMUNE
from vamco.attachments.models import Attachment

assert call

pytestmark = [pytest.mark.django_db(databases=["default", "serials"])]


def scan(name="bien-ban.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_a_file_is_put_there_listed_read_and_taken_off(call, receipt):
    thing = {"kind": "payments.receipt", "id": receipt.pk}
    made = call("mot_cua").send("/attachments", scan(), **thing, note="Biên bản")
    assert made.status_code == 201, made.content
    listed = call("chu_tich").get("/attachments", thing).json()["items"]
    assert listed == [made.json()]
    read = call("chu_tich").get(f"/attachments/{made.json()['id']}/content")
    assert (b"".join(read.streaming_content), read["Cache-Control"]) == (PDF, "private, no-store")
    stranger = call("mot_cua", OTHER_COMMUNE)
    assert stranger.get("/attachments", thing).status_code == 404
    assert stranger.get(f"/attachments/{made.json()['id']}/content").status_code == 404
    assert stranger.send("/attachments", scan(), **thing).status_code == 404
    assert call("tu_phap").send("/attachments", scan(), **thing).status_code in (403, 404)
    assert call("mot_cua").post(f"/attachments/{made.json()['id']}/actions/remove").json()["removed_at"]
    assert call("mot_cua").get("/attachments", thing).json()["items"] == []


def test_the_same_key_attaches_once(call, receipt):
    thing = {"kind": "payments.receipt", "id": receipt.pk}
    once = {"Idempotency-Key": "mot-lan"}
    answers = [call("mot_cua").send("/attachments", scan(), **thing, headers=once) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Attachment.objects.count() == 1


def test_what_is_wrong_is_said_by_field(call, receipt):
    thing = {"kind": "payments.receipt", "id": receipt.pk}
    assert fields(call("mot_cua").send("/attachments", scan("anh.png"), **thing)) == ["file"]
    assert fields(call("mot_cua").send("/attachments", scan(), kind="payments.receipt")) == ["id"]
    assert fields(call("mot_cua").send("/attachments", scan(), **thing, name="a" * 201)) == ["name"]
    assert call("mot_cua").send("/attachments", scan(), kind="khong.co", id=1).status_code == 404
