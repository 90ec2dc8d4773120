"""The history of a thing: what was done with it, in words, with notes and files in their place."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from tests import province
from tests.attachments.conftest import attached
from tests.province import OTHER_COMMUNE, PROVINCE, actor, person, unit
from vamco.attachments import actions as attachments
from vamco.core import visibility
from vamco.core.actors import SYSTEM
from vamco.dossiers.models import Dossier
from vamco.history import queries, views
from vamco.history.actions import note
from vamco.organisation import actions as organisation
from vamco.payments import actions as payments
from vamco.payments.models import Receipt
from vamco.timing.models import Regime

pytestmark = [pytest.mark.django_db(databases=["default", "serials"])]


def lines(who, row):
    return queries.lines(who, row, queries.entries(who, row).order_by("pk"))


def changed(line):
    return [(one.label, one.before, one.after) for one in line.changes]


def test_actions_notes_and_files_stand_in_the_order_in_which_they_came(receipt):
    mine = actor("mot_cua")
    made = attached(mine, receipt)
    note(mine, receipt, text="Người nộp hỏi lại.")
    attachments.remove(mine, made)
    payments.cancel(mine, receipt, reason="Thu nhầm", still_due=False)
    found = lines(mine, receipt)
    assert [one.entry.action for one in found] == [
        "payments.collect", "attachments.attach", "history.note", "attachments.remove", "payments.cancel",
    ]  # fmt: skip
    assert [one.text for one in found] == ["", "", "Người nộp hỏi lại.", "", ""], (
        "what was taken off is not named"
    )
    assert [one.what for one in found][2:] == ["Ghi chú", "Gỡ tệp đính kèm", str(payments.cancel.label)]
    assert {one.who for one in found} == {person("mot_cua").full_name}
    assert changed(found[0]) == []
    assert changed(found[-1]) == [("tình trạng", "có hiệu lực", "đã hủy"), ("lý do", "", "Thu nhầm")]


def test_a_file_that_is_there_is_named(receipt):
    attached(actor("mot_cua"), receipt, name="Biên bản")
    assert lines(actor("chu_tich"), receipt)[-1].text == "Biên bản"


def test_what_a_receipt_was_replaced_by_is_called_by_its_number(receipt):
    old = payments.replace(actor("mot_cua"), receipt, reason="Sai tên", payer_name="Nguyễn Thị Hằng")
    told = {label: after for label, _before, after in changed(lines(actor("mot_cua"), old)[-1])}
    assert told["thay bằng"] == str(old.replaced_by)
    assert "Hằng" not in str(told)


def test_old_and_new_values_of_a_unit_have_names(receipt):
    admin = actor("quan_tri", PROVINCE)
    name = unit().name
    organisation.change_unit(admin, unit(), on=province.MONDAY.date(), name="Xã Mới", level="district")
    told = changed(lines(admin, unit())[-1])
    assert ("cấp", "xã", "huyện") in told
    assert ("tên", name, "Xã Mới") in told


def test_other_things_are_not_in_it(receipt):
    other = province.receive()
    province.pay(other)
    second = Receipt.objects.latest("pk")
    assert second != receipt
    note(actor("mot_cua"), second, text="của biên lai kia")
    assert all(one.text != "của biên lai kia" for one in lines(actor("mot_cua"), receipt))


def test_who_may_not_read_the_thing_reads_no_history(receipt):
    note(actor("mot_cua"), receipt, text="x")
    stranger, auditor = actor("mot_cua", OTHER_COMMUNE), actor("thanh_tra", PROVINCE)
    assert not queries.entries(stranger, receipt)
    assert queries.section(stranger, receipt) is None
    assert queries.section(auditor, receipt) is not None
    assert queries.section(auditor, receipt)["form"] is None
    Dossier.objects.update(sensitive=True)
    assert not queries.entries(auditor, receipt)
    assert queries.section(auditor, receipt) is None
    ids = {str(one.pk) for one in queries.things.on(queries.Note, receipt)}
    assert visibility.hidden(auditor, "history.note", ids) == ids


def test_a_regime_has_a_history_for_who_edits_it(receipt):
    regime = Regime.objects.first()
    note(actor("quan_tri", PROVINCE), regime, text="Chờ thông tư.")
    assert lines(actor("quan_tri", PROVINCE), regime)[-1].text == "Chờ thông tư."
    assert queries.section(actor("mot_cua"), regime) is None


def test_it_is_read_from_the_index_of_things(receipt):
    note(actor("mot_cua"), receipt, text="x")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = queries.entries(SYSTEM, receipt).order_by("-pk")[:50].explain()
    assert "ledger_object" in plan


# Pages -----------------------------------------------------------------------------------------------------


def test_the_receipts_page_shows_the_newest_and_a_note_is_written_there(client, receipt):
    client.force_login(person("mot_cua"))
    url = reverse("history_note", args=["payments.receipt", receipt.pk])
    answer = client.post(url, {"text": "Gọi <lại> ngày mai", "request_key": "k"})
    assert answer["Location"].endswith("#lich-su")
    page = client.get(reverse("cash_receipt", args=[receipt.pk])).content.decode()
    assert "Gọi &lt;lại&gt; ngày mai" in page
    assert "Xem toàn bộ lịch sử" not in page


def test_a_name_that_cannot_be_told_is_said_beside_the_text_which_is_not_lost(client, receipt):
    client.force_login(person("mot_cua"))
    answer = client.post(
        reverse("history_note", args=["payments.receipt", receipt.pk]), {"text": "@khong.co xem giúp nhé"}
    )
    assert answer.status_code == 422
    assert "@khong.co xem giúp nhé</textarea>" in answer.content.decode()


def test_a_long_history_has_a_page_of_its_own_that_is_walked(client, receipt, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 5)
    for number in range(12):
        note(actor("mot_cua"), receipt, text=f"ghi chú số {number}.")
    client.force_login(person("mot_cua"))
    assert "Xem toàn bộ lịch sử" in client.get(reverse("cash_receipt", args=[receipt.pk])).content.decode()
    url, seen = reverse("history", args=["payments.receipt", receipt.pk]), []
    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r"ghi chú số (\d+)\.", page)
        following = re.search(r'rel="next" href="(\?cursor=\d+)"', page)
        url = following and reverse("history", args=["payments.receipt", receipt.pk]) + following[1]
    assert seen == [str(number) for number in range(11, -1, -1)]


def test_the_units_page_shows_it_to_its_administrator(client, receipt):
    note(actor("quan_tri", PROVINCE), unit(), text="Đổi tên theo nghị quyết.")
    client.force_login(person("quan_tri", PROVINCE))
    page = client.get(reverse("organisation_unit", args=[unit().code])).content.decode()
    assert "Đổi tên theo nghị quyết." in page
    regime = Regime.objects.first()
    note(actor("quan_tri", PROVINCE), regime, text="Chờ thông tư.")
    assert "Chờ thông tư." in client.get(reverse("calendar_regime", args=[regime.key])).content.decode()
