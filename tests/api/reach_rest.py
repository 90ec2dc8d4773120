"""Each action of the other rooms, done through the API: {action: how}."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import province as p
from tests.core.test_files import PDF
from vamco.core.actors import SYSTEM
from vamco.dossiers.papers import drafting
from vamco.notify.models import Message
from vamco.organisation import actions as organisation
from vamco.organisation.models import Grant, Holding, User
from vamco.payments.queries import charges_for
from vamco.results import actions as results
from vamco.results.models import Template
from vamco.timing import actions as timing
from vamco.timing.models import REGIME_VALUES, Regime
from vamco.timing.regime_inputs import Source, Sources

from .reach_dossiers import Call, reaches

ADMIN = ("quan_tri", p.PROVINCE)

# Organisation ----------------------------------------------------------------------------------------------


def post_of(key: str = "tu_phap") -> Any:
    return p.unit().posts.get(key=key)


def newcomer() -> User:
    return organisation.create_person(
        SYSTEM, p.unit(), username="moi.den", full_name="Lê Mới", password="Sen-vàng-nở-2016"
    )


@reaches("organisation.create_unit")
def create_unit(call: Call) -> Any:
    body = {
        "code": "27999", "name": "Xã Bình Hòa Mới", "level": "commune", "parent": p.DISTRICT,
        "agency_code": "000.99.21.H39", "valid_from": "2016-12-01",
    }  # fmt: skip
    return call(*ADMIN).post("/units", body)


@reaches("organisation.change_unit")
def change_unit(call: Call) -> Any:
    return call(*ADMIN).post(f"/units/{p.COMMUNE}/actions/change", {"on": "2016-12-05", "name": "Xã Mới"})


@reaches("organisation.close_unit")
def close_unit(call: Call) -> Any:
    create_unit(call)
    return call(*ADMIN).post("/units/27999/actions/close", {"last_day": "2016-12-31"})


@reaches("organisation.create_post")
def create_post(call: Call) -> Any:
    body = {"unit": p.COMMUNE, "key": "dia_chinh", "title": "Công chức Địa chính"}
    return call(*ADMIN).post("/posts", body)


@reaches("organisation.change_post")
def change_post(call: Call) -> Any:
    return call(*ADMIN).post(f"/posts/{post_of().pk}/actions/change", {"title": "Công chức Hộ tịch"})


@reaches("organisation.grant")
def grant(call: Call) -> Any:
    return call(*ADMIN).post(f"/posts/{post_of().pk}/actions/grant", {"role": "intake", "unit": p.COMMUNE})


@reaches("organisation.revoke")
def revoke(call: Call) -> Any:
    given = Grant.objects.filter(post=post_of()).first()
    return call(*ADMIN).post(f"/grants/{given.pk}/actions/revoke")


@reaches("organisation.appoint")
def appoint(call: Call) -> Any:
    body = {"person": newcomer().pk, "since": "2016-12-05"}
    return call(*ADMIN).post(f"/posts/{post_of().pk}/actions/appoint", body)


@reaches("organisation.end_holding")
def end_holding(call: Call) -> Any:
    held = Holding.objects.filter(post=post_of()).first()
    return call(*ADMIN).post(f"/holdings/{held.pk}/actions/end", {"last_day": "2016-12-31"})


@reaches("organisation.create_person")
def create_person(call: Call) -> Any:
    body = {"unit": p.COMMUNE, "username": "moi.den", "full_name": "Lê Mới"}
    return call(*ADMIN).post("/people", body)


def with_person(call: Call, action: str, user: User | None = None, **body: Any) -> Any:
    pk = (user or p.person("tu_phap")).pk
    return call(*ADMIN).post(f"/people/{pk}/actions/{action}", body)


@reaches("organisation.change_person")
def change_person(call: Call) -> Any:
    return with_person(call, "change", full_name="Nguyễn Văn Tám")


@reaches("organisation.reset_password")
def reset_password(call: Call) -> Any:
    return with_person(call, "reset_password", password="Sen-vàng-nở-2016")


@reaches("organisation.reset_second_step")
def reset_second_step(call: Call) -> Any:
    Authenticator.objects.create(user=p.person("tu_phap"), type="totp", data={})
    return with_person(call, "reset_second_step")


@reaches("organisation.deactivate")
def deactivate(call: Call) -> Any:
    return with_person(call, "deactivate")


@reaches("organisation.reactivate")
def reactivate(call: Call) -> Any:
    user = organisation.deactivate(SYSTEM, p.person("tu_phap"))
    return with_person(call, "reactivate", user)


@reaches("organisation.issue_token")
def issue_token(call: Call) -> Any:
    return with_person(call, "issue_token", name="phần mềm")


@reaches("organisation.revoke_token")
def revoke_token(call: Call) -> Any:
    pk = issue_token(call).json()["id"]
    return call(*ADMIN).post(f"/tokens/{pk}/actions/revoke")


@reaches("organisation.delegate")
def delegate(call: Call) -> Any:
    body = {
        "receiver": p.person("van_phong").pk, "since": "2016-12-05", "until": "2016-12-09", "reason": "Nghỉ phép",
    }  # fmt: skip
    return call("tu_phap").post("/delegations", body)


@reaches("organisation.revoke_delegation")
def revoke_delegation(call: Call) -> Any:
    return call("tu_phap").post(f"/delegations/{delegate(call).json()['id']}/actions/revoke")


@reaches("audit.export")
def export_ledger(call: Call) -> Any:
    return call("thanh_tra", p.PROVINCE).post("/ledger/actions/export", {"action": "dossiers.receive"})


# Calendar --------------------------------------------------------------------------------------------------


@reaches("timing.set_day")
def set_day(call: Call) -> Any:
    body = {"unit": p.COMMUNE, "day": "2016-12-06", "kind": "closed", "name": "Lũ", "source": "Công văn 12"}
    return call(*ADMIN).post("/calendar_days", body)


@reaches("timing.remove_day")
def remove_day(call: Call) -> Any:
    return call(*ADMIN).post(f"/calendar_days/{set_day(call).json()['id']}/actions/remove")


@reaches("timing.export_calendar_days")
def export_days(call: Call) -> Any:
    return call(*ADMIN).post("/calendar_days/actions/export", {"year": 2016, "format": "csv"})


@reaches("timing.set_hours")
def set_hours(call: Call) -> Any:
    body = {"unit": p.COMMUNE, "weekday": 5, "morning": {"opens": "07:00", "closes": "11:30"}}
    return call(*ADMIN).post("/office_hours", body)


REGIME = {
    "cut_off": "15:00", "supplement": "stop", "supplements_max": None, "supplement_within_days": None,
    "new_dates_max": None, "apology_days_before": 1, "wrong_authority": "refuse", "valid_from": "2150-01-01",
    "valid_to": None,
}  # fmt: skip
SOURCES = {name: {"source": "Nghị định mới"} for name in REGIME_VALUES}


@reaches("timing.open_regime")
def open_regime(call: Call) -> Any:
    last = Regime.objects.get(valid_to=None)
    timing.set_regime(SYSTEM, last, sources=Sources(valid_to=Source("x")), valid_to=date(2149, 12, 31))
    return call(*ADMIN).post(
        "/regimes", {"key": "nd_moi", "name": "Nghị định mới", "sources": SOURCES, **REGIME}
    )


@reaches("timing.set_regime")
def set_regime(call: Call) -> Any:
    body = {"cut_off": "16:00", "sources": {"cut_off": {"source": "Quyết định 1"}}}
    return call(*ADMIN).post("/regimes/qd09_2015/actions/change", body)


# Settings --------------------------------------------------------------------------------------------------


@reaches("configuration.set_value")
def set_value(call: Call) -> Any:
    return call(*ADMIN).post("/settings/payments.low_book/actions/set", {"value": 15, "unit": p.COMMUNE})


@reaches("configuration.reset_value")
def reset_value(call: Call) -> Any:
    set_value(call)
    return call(*ADMIN).post("/settings/payments.low_book/actions/reset", {"unit": p.COMMUNE})


# Parties ---------------------------------------------------------------------------------------------------


@reaches("parties.register")
def register(call: Call) -> Any:
    body = {"unit": p.COMMUNE, "name": "Nguyễn Văn Á", "id_number": "080080001234"}
    return call("mot_cua").post("/parties", body)


@reaches("parties.update")
def update(call: Call) -> Any:
    pk = register(call).json()["id"]
    return call("mot_cua").post(f"/parties/{pk}/actions/update", {"phone": "0913 000 125"})


@reaches("parties.correct")
def correct(call: Call) -> Any:
    pk = register(call).json()["id"]
    body = {"reason": "Sai tên so với căn cước", "name": "Nguyễn Văn Ánh"}
    return call("mot_cua").post(f"/parties/{pk}/actions/correct", body)


@reaches("parties.look_up")
def look_up(call: Call) -> Any:
    return call("mot_cua").post("/parties/actions/look_up", {"number": "080161000412"})


@reaches("parties.reveal")
def reveal(call: Call) -> Any:
    pk = register(call).json()["id"]
    return call("mot_cua").post(f"/parties/{pk}/actions/reveal", {"purpose": "đối chiếu"})


# Results ---------------------------------------------------------------------------------------------------


def issued() -> Any:
    return drafting.current(p.decide(p.receive()))


def with_result(caller: Any, result: Any, action: str, **body: Any) -> Any:
    return caller.post(f"/results/{result.pk}/actions/{action}", body)


@reaches("results.withdraw")
def withdraw(call: Call) -> Any:
    return with_result(call("chu_tich"), issued(), "withdraw", reason="Giấy tờ không đúng sự thật")


@reaches("results.correct")
def correct_result(call: Call) -> Any:
    return with_result(call("tu_phap"), issued(), "correct", reason="Sai tên", holder_name="Nguyễn Thị Hằng")


def correction() -> Any:
    return results.correct(
        p.actor("tu_phap"), issued(), reason="Sai tên", values={}, holder_name="Nguyễn Thị Hằng"
    )


@reaches("results.drop_correction")
def drop_correction(call: Call) -> Any:
    return with_result(call("tu_phap"), correction(), "drop_correction")


TITLE = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"


@reaches("results.sign_correction")
def sign_correction(call: Call) -> Any:
    return with_result(call("chu_tich"), correction(), "sign_correction", title=TITLE)


@reaches("results.issue_correction")
def issue_correction(call: Call) -> Any:
    signed = results.sign_correction(p.actor("chu_tich"), correction(), title=TITLE)
    return with_result(call("van_phong"), signed, "issue_correction")


@reaches("results.save_template")
def save_template(call: Call) -> Any:
    current = Template.objects.filter(valid=True).first()
    body = {"version": current.version, "name": "Tên mới", "text": current.text}
    return call(*ADMIN).post(f"/result_templates/{current.key}/actions/save", body)


@reaches("results.export_results")
def export_results(call: Call) -> Any:
    issued()
    return call("van_phong").post("/results/actions/export", {"unit": p.COMMUNE, "format": "csv"})


@reaches("results.export_result_templates")
def export_templates(call: Call) -> Any:
    return call(*ADMIN).post("/result_templates/actions/export", {"format": "csv"})


# Money -----------------------------------------------------------------------------------------------------


@reaches("payments.open_book")
def open_book(call: Call) -> Any:
    body = {"unit": p.COMMUNE, "symbol": "BL-16T", "first": 1, "last": 50}
    return call("chu_tich").post("/receipt_books", body)


@reaches("payments.close_book")
def close_book(call: Call) -> Any:
    return call("chu_tich").post(f"/receipt_books/{open_book(call).json()['id']}/actions/close")


@reaches("payments.collect")
def collect(call: Call) -> Any:
    open_book(call)
    one = p.receive()
    due = [charge for charge in charges_for([one.code])[one.code] if charge.state == "due"]
    body = {
        "unit": p.COMMUNE, "charges": [charge.pk for charge in due], "total": sum(charge.amount for charge in due),
    }  # fmt: skip
    return call("mot_cua").post("/receipts", body)


@reaches("payments.cancel")
def cancel(call: Call) -> Any:
    return call("mot_cua").post(
        f"/receipts/{collect(call).json()['id']}/actions/cancel", {"reason": "Thu nhầm"}
    )


@reaches("payments.replace")
def replace(call: Call) -> Any:
    return call("mot_cua").post(
        f"/receipts/{collect(call).json()['id']}/actions/replace", {"reason": "Sai tên"}
    )


@reaches("payments.close_day")
def close_day(call: Call) -> Any:
    total = collect(call).json()["total"]
    return call("mot_cua").post(f"/units/{p.COMMUNE}/cash/2016-12-05/actions/close", {"counted": total})


@reaches("payments.export_receipts")
def export_receipts(call: Call) -> Any:
    collect(call)
    return call("chu_tich").post("/receipts/actions/export", {"unit": p.COMMUNE, "format": "csv"})


# Messages --------------------------------------------------------------------------------------------------


@reaches("notify.resend")
def resend(call: Call) -> Any:
    p.receive()
    return call("chu_tich").post(f"/messages/{Message.objects.get().pk}/actions/resend")


# Files and notes on things -----------------------------------------------------------------------------------


def scan() -> Any:
    return SimpleUploadedFile("bien-ban.pdf", PDF)


@reaches("attachments.attach")
def attach(call: Call) -> Any:
    receipt = collect(call).json()["id"]
    return call("mot_cua").send("/attachments", scan(), kind="payments.receipt", id=receipt)


@reaches("attachments.remove")
def remove_attachment(call: Call) -> Any:
    return call("mot_cua").post(f"/attachments/{attach(call).json()['id']}/actions/remove")


@reaches("attachments.put_back")
def put_back(call: Call) -> Any:
    pk = remove_attachment(call).json()["id"]
    return call("mot_cua").post(f"/attachments/{pk}/actions/put_back")


@reaches("history.note")
def note(call: Call) -> Any:
    body = {"kind": "payments.receipt", "id": collect(call).json()["id"], "text": "Đã gọi điện."}
    return call("mot_cua").post("/notes", body)
