"""Each action of the dossiers' room, done through the API: {action: how}."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from tests import province as p
from tests.api.conftest import application, copies, dossier
from tests.dossiers.test_import import HEADINGS
from vamco.core import clock
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier, RegisterBook
from vamco.payments import actions as cash

Call = Callable[..., Any]
CASES: dict[str, Callable[[Call], Any]] = {}


def reaches(name: str) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """The function does this action through the API and answers the response."""

    def keep(how: Callable[[Call], Any]) -> Callable[[Call], Any]:
        CASES[name] = how
        return how

    return keep


def act(caller: Any, one: Dossier, action: str, **inputs: Any) -> Any:
    return caller.post(f"/dossiers/{one.code}/actions/{action}", inputs)


@reaches("dossiers.receive")
def receive(call: Call) -> Any:
    return call("mot_cua").post("/dossiers", dossier())


@reaches("dossiers.at_once")
def at_once(call: Call) -> Any:
    cash.open_book(p.actor("chu_tich"), p.unit(), symbol="BL-16T", first=1, last=100)
    return call("mot_cua").post(f"/units/{p.COMMUNE}/actions/at_once", copies(expected=10000))


@reaches("dossiers.slip_on_request")
def slip_on_request(call: Call) -> Any:
    code = at_once(call).json()["code"]
    return call("mot_cua").post(f"/dossiers/{code}/actions/slip_on_request")


@reaches("dossiers.open_visit")
def open_visit(call: Call) -> Any:
    return call("mot_cua").post("/visits", {"unit": p.COMMUNE})


@reaches("dossiers.close_visit")
def close_visit(call: Call) -> Any:
    visit = open_visit(call).json()["id"]
    for name in ("Lê Văn Phước", "Lê Văn Phước"):
        call("mot_cua").post("/dossiers", dossier(visit=visit, parties=[{"name": name}]))
    return call("mot_cua").post(f"/visits/{visit}/actions/close")


@reaches("dossiers.refuse_intake")
def refuse_intake(call: Call) -> Any:
    body = application(reason="Không thuộc thẩm quyền", directions="UBND huyện Bến Lức")
    return call("mot_cua").post(f"/units/{p.COMMUNE}/actions/refuse_intake", body)


@reaches("dossiers.ask_before_intake")
def ask_before_intake(call: Call) -> Any:
    body = application(papers=[{"code": "to_khai", "verdict": "not_ok", "remark": "Thiếu chữ ký"}])
    return call("mot_cua").post(f"/units/{p.COMMUNE}/actions/ask_before_intake", body)


@reaches("dossiers.forward")
def forward(call: Call) -> Any:
    with clock.told(datetime(2018, 9, 3, 9, 0, tzinfo=clock.HERE)):
        return call("mot_cua", p.OTHER_COMMUNE).post(
            f"/units/{p.OTHER_COMMUNE}/actions/forward", application(to=p.COMMUNE)
        )


def sheet(**changes: Any) -> BytesIO:
    row = {
        "mã hồ sơ": "HS-1", "mã thủ tục": p.MARRIAGE, "nhận lúc": "01/12/2016 09:00", "người nộp": "Trần Văn Nam",
        "số định danh": "080080000123", "bước": "tham_tra", "trường: tinh_trang": "chua_ket_hon", **changes,
    }  # fmt: skip
    headings = list(dict.fromkeys([*HEADINGS, *row]))
    book = Workbook()
    book.active.append(headings)
    book.active.append([row.get(name) for name in headings])
    kept = BytesIO()
    book.save(kept)
    kept.seek(0)
    kept.name = "ho-so.xlsx"
    return kept


@reaches("dossiers.import_running")
def import_running(call: Call) -> Any:
    return call("chu_tich").send(f"/units/{p.COMMUNE}/actions/import_running", sheet())


@reaches("dossiers.export_list")
def export_list(call: Call) -> Any:
    p.receive()
    return call("chu_tich").post("/dossiers/actions/export", {"tab": "unit"})


@reaches("dossiers.take")
def take(call: Call) -> Any:
    return act(call("tu_phap"), p.receive(), "take")


@reaches("dossiers.draft")
def draft(call: Call) -> Any:
    return act(call("tu_phap"), p.receive(), "draft", answers={"ket_qua_doi_chieu": "Đang đối chiếu"})


@reaches("dossiers.advance")
def advance(call: Call) -> Any:
    return act(call("tu_phap"), p.receive(), "advance", version=1, outcome="trinh_ky", answers=p.FOUND)


@reaches("dossiers.take_back")
def take_back(call: Call) -> Any:
    return act(call("tu_phap"), p.decide(p.receive(), upto="ky_duyet"), "take_back")


@reaches("dossiers.send_back")
def send_back(call: Call) -> Any:
    one = p.decide(p.receive(), upto="vao_so")
    return act(call("van_phong"), one, "send_back", run=one.runs.first().pk, reason="Sai ngày sinh.")


@reaches("dossiers.assign")
def assign(call: Call) -> Any:
    return act(call("chu_tich"), p.receive(), "assign", person=p.person("tu_phap").pk)


def consulted() -> Dossier:
    return actions.consult(
        p.actor("tu_phap"), p.receive(), unit=p.OTHER_COMMUNE, question="Đề nghị xác minh nơi cư trú cũ."
    )


@reaches("dossiers.consult")
def consult(call: Call) -> Any:
    asked = {"unit": p.OTHER_COMMUNE, "question": "Đề nghị xác minh nơi cư trú cũ.", "days": 2}
    return act(call("tu_phap"), p.receive(), "consult", **asked)


@reaches("dossiers.answer")
def answer(call: Call) -> Any:
    asked = consulted().consultations.get()
    return call("tu_phap", p.OTHER_COMMUNE).post(
        f"/consultations/{asked.pk}/actions/answer", {"text": "Đã cư trú từ năm 2001."}
    )


@reaches("dossiers.note")
def note(call: Call) -> Any:
    return act(call("tu_phap"), p.receive(), "note", text="Đã gọi điện.")


ITEMS = [{"name": "Bản sao sổ hộ khẩu", "fault": "Thiếu trang 2"}]


@reaches("dossiers.request_supplement")
def request_supplement(call: Call) -> Any:
    return act(call("tu_phap"), p.receive(), "request_supplement", items=ITEMS, reason="Chưa đủ", days=10)


def waiting() -> Dossier:
    wanted = [("Bản sao sổ hộ khẩu", "Thiếu trang 2")]
    return actions.request_supplement(p.actor("tu_phap"), p.receive(), items=wanted, reason="Chưa đủ", days=5)


@reaches("dossiers.resume")
def resume(call: Call) -> Any:
    return act(call("mot_cua"), waiting(), "resume", papers=[{"code": "giay_to_cu_tru", "copies": 1}])


@reaches("dossiers.close_unanswered")
def close_unanswered(call: Call) -> Any:
    one = waiting()
    with clock.told(datetime(2017, 1, 16, 9, 0, tzinfo=clock.HERE)):
        return act(call("mot_cua"), one, "close_unanswered")


@reaches("dossiers.draft_new_date")
def draft_new_date(call: Call) -> Any:
    return act(call("tu_phap"), p.receive(), "draft_new_date", days=3, reason="Chờ xác minh")


@reaches("dossiers.sign_new_date")
def sign_new_date(call: Call) -> Any:
    one = actions.draft_new_date(p.actor("tu_phap"), p.receive(), days=3)
    return act(call("chu_tich"), one, "sign_new_date", reason="Chờ kết quả xác minh")


@reaches("dossiers.hand_over")
def hand_over(call: Call) -> Any:
    one = p.decide(p.receive())
    p.pay(one)
    return act(call("mot_cua"), one, "hand_over")


@reaches("dossiers.withdraw")
def withdraw(call: Call) -> Any:
    return act(call("mot_cua"), p.receive(), "withdraw", reason="Không còn nhu cầu.")


@reaches("dossiers.stop")
def stop(call: Call) -> Any:
    return act(call("chu_tich"), p.receive(), "stop", reason="Theo quyết định của tòa án.")


@reaches("dossiers.correct")
def correct(call: Call) -> Any:
    asked = application(summary="Xác nhận để vay vốn ngân hàng")
    return act(call("mot_cua"), p.receive(), "correct", application=asked, reason="Sai mục đích")


@reaches("dossiers.correct_applicant")
def correct_applicant(call: Call) -> Any:
    return act(
        call("chu_tich"), p.receive(), "correct_applicant", name="Nguyễn Thị Mỹ Hằng", reason="Sai tên"
    )


@reaches("dossiers.move")
def move(call: Call) -> Any:
    one = p.decide(p.receive(), upto="ky_duyet")
    return act(call("chu_tich"), one, "move", step="tham_tra", reason="Người giữ nghỉ ốm")


@reaches("dossiers.add_papers")
def add_papers(call: Call) -> Any:
    return act(call("mot_cua"), p.receive(), "add_papers", papers=[{"code": "to_khai", "originals": 1}])


@reaches("dossiers.reveal_number")
def reveal_number(call: Call) -> Any:
    one = p.receive()
    return act(call("tu_phap"), one, "reveal_number", party=one.parties.first().pk)


def book(call: Call) -> RegisterBook:
    at_once(call)
    return RegisterBook.objects.get()


@reaches("dossiers.close_book")
def close_book(call: Call) -> Any:
    found = book(call)
    with clock.told(datetime(2017, 1, 3, 9, 0, tzinfo=clock.HERE)):
        return call("chu_tich").post(f"/register_books/{found.pk}/actions/close")


@reaches("dossiers.print_book")
def print_book(call: Call) -> Any:
    return call("mot_cua").post(f"/register_books/{book(call).pk}/actions/print")


@reaches("dossiers.print_register")
def print_register(call: Call) -> Any:
    p.receive()
    days = {"first": "2016-12-01", "last": "2016-12-31"}
    return call("mot_cua").post(f"/units/{p.COMMUNE}/actions/print_register", days)


@reaches("dossiers.save_filter")
def save_filter(call: Call) -> Any:
    return call("tu_phap").post("/filters", {"name": "Hôn nhân", "tab": "mine", "procedure": p.MARRIAGE})


@reaches("dossiers.delete_filter")
def delete_filter(call: Call) -> Any:
    return call("tu_phap").post(f"/filters/{save_filter(call).json()['id']}/actions/delete")
