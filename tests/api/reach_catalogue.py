"""Each action of the catalogue, done through the API."""

from typing import Any

from tests import province as p
from vamco.core.actors import SYSTEM
from vamco.procedures import actions as catalogue
from vamco.procedures.models import ProcedureVersion

from .reach_dossiers import Call, reaches
from .reach_rest import ADMIN


def version(code: str = p.MARRIAGE) -> ProcedureVersion:
    return ProcedureVersion.objects.filter(procedure__code=code).order_by("number").first()


def draft() -> ProcedureVersion:
    return catalogue.new_draft(SYSTEM, version())


def edit(call: Call, pk: int, action: str, **body: Any) -> Any:
    return call(*ADMIN).post(f"/procedure_versions/{pk}/actions/{action}", body)


@reaches("procedures.import_definition")
def import_definition(call: Call) -> Any:
    said = call(*ADMIN).get(f"/procedure_versions/{version().pk}").json()["definition"]
    return call(*ADMIN).post("/procedure_versions", {"definition": {**said, "name": "Tên mới"}})


@reaches("procedures.new_draft")
def new_draft(call: Call) -> Any:
    return edit(call, version().pk, "new_draft")


@reaches("procedures.discard")
def discard(call: Call) -> Any:
    draft()
    return call(*ADMIN).post(f"/procedures/{p.MARRIAGE}/actions/discard")


@reaches("procedures.edit_texts")
def edit_texts(call: Call) -> Any:
    return edit(call, draft().pk, "edit_texts", texts={"name": "Tên mới"})


@reaches("procedures.edit_case")
def edit_case(call: Call) -> Any:
    return edit(call, draft().pk, "edit_case", case="thuong", values={"name": "Cấp lần đầu"})


@reaches("procedures.put")
def put(call: Call) -> Any:
    said = {"key": "khac", "text": "Lý do khác", "text_en": "Another reason"}
    return edit(call, draft().pk, "put", case="thuong", part="refusal_reasons", values=said)


@reaches("procedures.take_out")
def take_out(call: Call) -> Any:
    return edit(call, draft().pk, "take_out", case="thuong", part="papers", key="to_khai")


@reaches("procedures.edit_step")
def edit_step(call: Call) -> Any:
    return edit(call, draft().pk, "edit_step", case="thuong", step="tham_tra", values={"hours": 6})


@reaches("procedures.new_procedure")
def new_procedure(call: Call) -> Any:
    body = {"code": "1.009999", "name": "Thủ tục mới", "name_en": "New", "like": p.MARRIAGE}
    return call(*ADMIN).post("/procedures", body)


@reaches("procedures.add_sector")
def add_sector(call: Call) -> Any:
    body = {"code": "thu_y", "name": "Thú y", "name_en": "Veterinary matters"}
    return call(*ADMIN).post("/sectors", body)


@reaches("procedures.add_case")
def add_case(call: Call) -> Any:
    return edit(call, draft().pk, "add_case", name="Cấp lại", name_en="Again", like="thuong")


@reaches("procedures.take_out_case")
def take_out_case(call: Call) -> Any:
    return edit(call, draft().pk, "take_out_case", case="xac_minh")


@reaches("procedures.edit_process")
def edit_process(call: Call) -> Any:
    return edit(call, draft().pk, "edit_process", case="thuong", values={"first": "ky_duyet"})


@reaches("procedures.add_step")
def add_step(call: Call) -> Any:
    said = {
        "name": "Kiểm tra thực tế", "name_en": "Look at the place", "role": "specialist", "unit_rule": "receiving",
        "hours": 4, "public_words": "Đang kiểm tra", "public_words_en": "Being looked at",
    }  # fmt: skip
    return edit(call, draft().pk, "add_step", case="thuong", after="tham_tra", values=said)


@reaches("procedures.take_out_step")
def take_out_step(call: Call) -> Any:
    body = {"case": "thuong", "step": "ky_duyet", "instead": {"tham_tra.trinh_ky": "vao_so"}}
    return edit(call, draft().pk, "take_out_step", **body)


@reaches("procedures.move")
def move(call: Call) -> Any:
    return edit(call, draft().pk, "move", part="papers", key="to_khai", up=False, case="thuong")


@reaches("procedures.publish")
def publish(call: Call) -> Any:
    return edit(call, draft().pk, "publish", valid_from="2017-01-01")


@reaches("procedures.retire")
def retire(call: Call) -> Any:
    return edit(call, version().pk, "retire", last_day="2016-12-31")
