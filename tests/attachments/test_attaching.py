"""Files on a receipt: who may put them there and read them, and which files are taken."""

import pytest
from django.db import IntegrityError, transaction

from tests.province import OTHER_COMMUNE, PROVINCE, actor, unit
from vamco.attachments import actions, queries
from vamco.attachments.models import Attachment
from vamco.core import files, visibility
from vamco.core.actors import SYSTEM
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.models import LedgerContent, LedgerEntry
from vamco.dossiers.models import Dossier, DossierPaper
from vamco.dossiers.papers import readable
from vamco.organisation.models import Unit
from vamco.timing.models import Regime

from .conftest import attached, upload

pytestmark = [pytest.mark.django_db(databases=["default", "serials"])]


def test_the_counter_attaches_and_whoever_reads_the_receipt_reads_the_file(receipt):
    made = attached(actor("mot_cua"), receipt, note="Biên bản làm việc")
    assert (made.name, made.note, made.by_id) == (
        "bien-ban.pdf",
        "Biên bản làm việc",
        actor("mot_cua").user_id,
    )
    assert list(queries.attached(actor("chu_tich"), receipt)) == [made]
    assert queries.attachment(actor("chu_tich"), made.pk) == made


def test_the_ledger_says_that_but_not_what_it_is_called(receipt):
    made = attached(actor("mot_cua"), receipt, name="Đơn của bà Hạnh", note="CMND kèm theo")
    entry = LedgerEntry.objects.get(action="attachments.attach", object_id=str(made.pk))
    content = LedgerContent.objects.get(pk=entry.pk).content
    assert content["kind"] == [None, "payments.receipt"]
    assert content["thing"] == [None, receipt.pk]
    assert content.keys().isdisjoint({"name", "note"})


@pytest.mark.parametrize("post", ["tu_phap", "van_phong"])
def test_who_may_not_add_to_the_receipt_may_not_attach(receipt, post):
    with pytest.raises(NotAllowed):
        attached(actor(post), receipt)
    assert not Attachment.objects.exists()


def test_people_of_another_unit_neither_attach_nor_read(receipt):
    made = attached(actor("mot_cua"), receipt)
    stranger = actor("mot_cua", OTHER_COMMUNE)
    with pytest.raises(NotAllowed):
        attached(stranger, receipt)
    with pytest.raises(NotAllowed):
        actions.remove(stranger, made)
    assert not queries.attached(stranger, receipt)
    assert not queries.may_read(stranger, made)
    with pytest.raises(NotFound):
        queries.attachment(stranger, made.pk)


def test_a_model_that_no_room_declares_takes_nothing(receipt):
    line = receipt.lines.get()
    line.permission_units = lambda: [receipt.unit_id]
    with pytest.raises(NotAllowed):
        attached(SYSTEM, line)


def test_units_and_regimes_take_files_of_who_edits_them(receipt):
    admin = actor("quan_tri", PROVINCE)
    for thing in (unit(), Regime.objects.first()):
        assert queries.may_read(admin, attached(admin, thing))
        assert not queries.attached(actor("mot_cua"), thing)
        with pytest.raises(NotAllowed):
            attached(actor("mot_cua"), thing)
    assert isinstance(Attachment.objects.order_by("pk")[0].row, Unit)


def test_a_file_of_somebody_else_is_not_taken(receipt):
    foreign = upload(actor("chu_tich"))
    with pytest.raises(Invalid) as refused:
        actions.attach(actor("mot_cua"), receipt, file=foreign)
    assert refused.value.field == "file"


def test_an_own_file_that_is_used_is_not_taken_again(receipt, dossier):
    """Else who may no longer read the dossier would read its paper by way of another thing."""
    mine = actor("mot_cua")
    kept = upload(mine)
    DossierPaper.objects.filter(pk=dossier.papers.first().pk).update(file=kept)
    with pytest.raises(Invalid):
        actions.attach(mine, receipt, file=kept)
    once = attached(mine, receipt)
    with pytest.raises(Invalid):
        actions.attach(mine, receipt, file=once.file)


def test_an_upload_is_its_uploaders_own_until_it_is_used(receipt):
    mine = actor("mot_cua")
    kept = upload(mine)
    assert not files.is_used(kept)
    assert readable.file(mine, kept.pk) == kept
    actions.remove(mine, actions.attach(mine, receipt, file=kept))
    assert files.is_used(kept)
    with pytest.raises(NotFound):
        readable.file(mine, kept.pk)


def test_the_same_file_sent_again_with_the_same_form_is_attached_once(receipt):
    mine = actor("mot_cua", request_key="mot-lan")
    first, again = (actions.attach(mine, receipt, file=upload(mine)) for _time in range(2))
    assert first == again
    assert Attachment.objects.count() == 1
    with pytest.raises(Invalid):
        actions.attach(mine, receipt, file=upload(mine, name="khac.pdf"))


def test_one_that_was_taken_off_stays_on_record_and_is_read_by_nobody(receipt):
    mine = actor("mot_cua")
    made = attached(mine, receipt)
    removed = actions.remove(mine, made)
    assert (removed.removed_by_id, Attachment.objects.count()) == (mine.user_id, 1)
    assert not queries.attached(mine, receipt)
    assert not queries.may_read(mine, removed)
    with pytest.raises(NotFound):
        queries.attachment(mine, made.pk)
    with pytest.raises(Refused):
        actions.remove(mine, made)


def test_it_is_put_back(receipt):
    mine = actor("mot_cua")
    made = attached(mine, receipt)
    with pytest.raises(Refused):
        actions.put_back(mine, made)
    back = actions.put_back(mine, actions.remove(mine, made))
    assert (back.removed_at, back.removed_by) == (None, None)
    assert list(queries.attached(mine, receipt)) == [made]


def test_a_thing_has_an_end_of_files(receipt, monkeypatch):
    monkeypatch.setattr(actions, "MOST", 1)
    attached(actor("mot_cua"), receipt)
    with pytest.raises(Refused):
        attached(actor("mot_cua"), receipt)


def test_of_a_closed_dossier_neither_file_nor_entry_tells_anything(receipt):
    """An auditor reads the receipt's number and amount, and nothing of what hangs on it."""
    auditor = actor("thanh_tra", PROVINCE)
    made = attached(actor("mot_cua"), receipt)
    Dossier.objects.update(sensitive=True)
    assert not queries.may_read(auditor, made)
    assert not queries.attached(auditor, receipt)
    assert queries.section(auditor, receipt) is None
    assert visibility.hidden(auditor, "attachments.attachment", {str(made.pk), "x"}) == {str(made.pk)}
    assert visibility.hidden(actor("mot_cua"), "attachments.attachment", {str(made.pk)}) == set()
    assert queries.may_read(actor("mot_cua"), made), "who wrote the receipt reads it"


def test_reading_a_file_of_a_sensitive_dossier_is_on_record(receipt):
    made = attached(actor("mot_cua"), receipt)
    Dossier.objects.update(sensitive=True)
    before = LedgerEntry.objects.filter(action="dossiers.open_sensitive").count()
    queries.attachment(actor("mot_cua"), made.pk)
    assert LedgerEntry.objects.filter(action="dossiers.open_sensitive").count() == before + 1


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "payments receipt"}, {"kind": ""}, {"thing": 0}, {"name": ""}, {"removed_by_id": "somebody"}],
)
def test_the_database_refuses_what_is_none(receipt, wrong):
    made = attached(actor("mot_cua"), receipt)
    if "removed_by_id" in wrong:
        wrong = {"removed_by_id": made.by_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=made.pk).update(**wrong)
