"""The outbox: written with its cause, once, to an address that can be written to."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from vamco.core import clock, rooms
from vamco.notify import outbox
from vamco.notify.digest import Row, digest_due
from vamco.notify.models import Message, State

from .conftest import write


def test_message_and_job_are_written_together(unit):
    message = write(unit)
    job = ProcrastinateJob.objects.get(task_name="notify.send")
    assert message.state == State.QUEUED
    assert job.args == {"message_id": message.pk}


@pytest.mark.django_db(transaction=True)
def test_message_goes_with_a_cause_that_is_rolled_back(unit):
    def receive() -> None:
        with transaction.atomic():
            outbox.queue("received", unit=unit, subject="x", body="y", to_email="a@example.vn")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        receive()
    assert not Message.objects.exists()
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_message_without_a_transaction(unit):
    with pytest.raises(RuntimeError):
        outbox.queue("received", unit=unit, subject="x", body="y", to_email="a@example.vn")


@pytest.mark.parametrize(
    "address",
    ["", "   ", "an", "an@", "a@b@c", "an@example.vn\r\nBcc: b@example.vn", "a@example.vn,b@example.vn", "<a@example.vn>",
     "ẩn@example.vn", "a@" + "x" * 300 + ".vn"],
)  # fmt: skip
def test_without_a_usable_address_the_log_says_so_and_nothing_is_sent(unit, address):
    message = write(unit, to_email=address)
    assert (message.state, message.to_email) == (State.SKIPPED, "")
    assert message.last_error
    assert not ProcrastinateJob.objects.exists()


def test_a_vietnamese_domain_is_written_in_its_ascii_form(unit):
    assert write(unit, to_email="an@bưuđiện.vn").to_email.startswith("an@xn--")


def test_what_may_be_told_once_is_told_once(unit):
    first = write(unit, once="closing:1")
    assert write(unit, once="closing:1").pk == first.pk
    assert Message.objects.count() == 1


def test_tell_writes_both_languages_with_the_reason_in_it(unit):
    words = {"items": ["Bản vẽ thiếu mặt cắt", "Đơn chưa ký"], "deadline": clock.today(), "place": "quầy 6"}
    texts = {}
    for language in ("vi", "en"):
        with transaction.atomic():
            texts[language] = outbox.tell(
                "supplement",
                unit=unit,
                words=words,
                to_email="a@example.vn",
                to_name="Ẩn",
                dossier="1-2",
                language=language,
            )
    assert "cần bổ sung" in texts["vi"].subject
    assert "missing" in texts["en"].subject
    for message in texts.values():
        assert "2. Đơn chưa ký" in message.body
        assert "quầy 6" in message.body


@pytest.mark.parametrize("kind", rooms.message_kinds())
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_has_a_text_that_shows_markup_as_it_is(unit, kind, language):
    words = {"text": "<b>&", "procedure": "<b>&", "who": "<b>&", "count": 1, "day": clock.today()}
    with transaction.atomic():
        message = outbox.tell(
            kind, unit=unit, words=words, to_email="a@b.vn", dossier="1-2", language=language
        )
    assert message.subject
    assert "&amp;" not in message.subject + message.body
    assert "{" not in message.subject + message.body
    assert "\n\n\n" not in message.body


def test_digest_is_one_a_day_with_the_late_on_top(unit, officer):
    late = Row("1-1", "Khai sinh", clock.now(), "trễ 3 giờ", late=True)
    soon = Row("1-2", "Kết hôn", clock.now(), "còn 2 giờ")
    message = digest_due(officer, [soon, late], unit=unit, url="https://x.example/viec/")
    assert message.to_email == officer.email
    assert message.body.index("1-1") < message.body.index("1-2")
    assert digest_due(officer, [soon], unit=unit).pk == message.pk
    assert digest_due(officer, [], unit=unit) is None


def test_closing_tells_what_will_happen_and_what_has_happened(unit):
    subjects = []
    for words in ({"deadline": clock.today()}, {"reason": "quá hạn bổ sung"}):
        with transaction.atomic():
            subjects.append(
                outbox.tell("closing", unit=unit, words=words, to_email="a@b.vn", dossier="1-2").subject
            )
    assert subjects == ["Hồ sơ 1-2 sắp hết hạn bổ sung", "Hồ sơ 1-2 đã được đóng"]
