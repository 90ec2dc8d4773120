"""Notes on things: who writes them, whom they tell."""

import pytest
from django.db import IntegrityError, transaction

from tests.province import OTHER_COMMUNE, PROVINCE, actor, person, unit
from vamco.core.errors import Invalid, NotAllowed
from vamco.core.models import LedgerContent, LedgerEntry
from vamco.dossiers.models import Dossier
from vamco.history.actions import note
from vamco.history.models import Note
from vamco.organisation import mentions
from vamco.organisation.models import User

pytestmark = [pytest.mark.django_db(databases=["default", "serials"])]


def test_a_note_is_kept_and_its_text_is_not_in_the_ledger(receipt, told):
    made = note(actor("mot_cua"), receipt, text="Người nộp hỏi lại.\r\nĐã trả lời. \n")
    assert made.text == "Người nộp hỏi lại.\nĐã trả lời."
    assert (made.kind, made.thing, told()) == ("payments.receipt", receipt.pk, [])
    entry = LedgerEntry.objects.get(action="history.note", object_id=str(made.pk))
    assert "text" not in LedgerContent.objects.get(pk=entry.pk).content


@pytest.mark.parametrize("text", ["", " \n ", "a" * 4001])
def test_empty_and_endless_ones_are_refused(receipt, text):
    with pytest.raises(Invalid) as refused:
        note(actor("mot_cua"), receipt, text=text)
    assert refused.value.field == "text"


def test_who_may_not_add_to_the_thing_may_not_note(receipt):
    for stranger in (actor("tu_phap"), actor("mot_cua", OTHER_COMMUNE), actor("thanh_tra", PROVINCE)):
        with pytest.raises(NotAllowed):
            note(stranger, receipt, text="x")
    assert not Note.objects.exists()


def test_it_never_changes_and_never_goes(receipt):
    made = note(actor("mot_cua"), receipt, text=f"@{person('chu_tich').username}")
    for change in (
        lambda: Note.objects.filter(pk=made.pk).update(text="khác"),
        lambda: Note.objects.filter(pk=made.pk).delete(),
        lambda: made.mentions.clear(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert Note.objects.get().text == made.text


@pytest.mark.parametrize("called", ["username", "full_name"])
def test_who_is_named_is_told_where_it_stands(receipt, told, called):
    chair = person("chu_tich")
    made = note(
        actor("mot_cua"), receipt, text=f"Xin ý kiến @{getattr(chair, called)}, gấp. @{chair.username}"
    )
    assert list(made.mentions.all()) == [chair]
    ((who, text, url),) = told()
    assert (who, url) == (chair, f"/thu-tien/bien-lai/{receipt.pk}/#lich-su")
    assert str(receipt) in text
    assert "Xin ý kiến" not in text


def test_one_does_not_ring_for_oneself(receipt, told):
    note(actor("mot_cua"), receipt, text=f"@{person('mot_cua').username} nhớ gọi lại")
    assert told() == []


@pytest.mark.parametrize("text", ["@khong.co", "(@Lê Không Có)", "@"])
def test_who_is_nobody_is_not_told(receipt, told, text):
    if text == "@":
        assert list(note(actor("mot_cua"), receipt, text=text).mentions.all()) == []
        return
    with pytest.raises(Invalid) as refused:
        note(actor("mot_cua"), receipt, text=text)
    assert refused.value.field == "text"
    assert (told(), Note.objects.count()) == ([], 0)


def test_who_may_not_read_the_thing_is_not_told(receipt, told):
    stranger = person("mot_cua", OTHER_COMMUNE)
    auditor = person("thanh_tra", PROVINCE)
    note(actor("mot_cua"), receipt, text=f"@{auditor.username}")
    assert [one[0] for one in told()] == [auditor], "whoever inspects reads every receipt"
    Dossier.objects.update(sensitive=True)
    for person_ in (stranger, auditor):
        with pytest.raises(Invalid) as refused:
            note(actor("mot_cua"), receipt, text=f"@{person_.username} xem giúp")
        assert f"@{person_.username}" in refused.value.message
    assert len(told()) == 1


def test_namesakes_are_told_by_their_user_names_alone(receipt, told):
    chair = person("chu_tich")
    User.objects.create(username="trung.ten", full_name=chair.full_name)
    with pytest.raises(Invalid):
        note(actor("mot_cua"), receipt, text=f"@{chair.full_name}")
    note(actor("mot_cua"), receipt, text=f"@{chair.username}")
    assert len(told()) == 1


def test_mentions_read_names_as_people_write_them(receipt):
    chair = person("chu_tich")

    def found(text):
        return mentions.mentioned(text, lambda _reader: True)

    plain = chair.folded
    for text in (
        f"@{chair.full_name}",
        f"Nhờ (@{plain}) xem",
        f"@{chair.username}.",
        f"@{chair.full_name} ơi",
    ):
        assert found(text) == [chair], text
    with pytest.raises(Invalid):
        found(f"@{chair.username} " * (mentions.MOST + 1))
    assert found("gửi tới mot@cua.vn, không nhắc ai") == []
    User.objects.filter(pk=chair.pk).update(is_active=False)
    with pytest.raises(Invalid):
        found(f"@{chair.username}")


def test_units_take_notes_of_their_administrators(receipt, told):
    made = note(actor("quan_tri", PROVINCE), unit(), text="Đổi tên theo nghị quyết.")
    assert made.permission_units() == [unit().pk]
