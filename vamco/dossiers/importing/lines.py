"""What a line of the sheet of running dossiers may hold."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy

from vamco.core.inputs import Input, Parameter, parts_of
from vamco.procedures.models import FieldRow

ANSWER = "answer:"
"""Inputs whose name begins so hold the answer to the field of that key; their heading is «trường: » and the key."""
EXAMPLES = {"tinh_trang": "chua_ket_hon"}
"""Answers that the template gives, to the procedure of its example."""


@dataclass(frozen=True)
class Running:
    """What a line says of a running dossier. Everything is text, so that one wrong cell does not
    hide the faults of the cells beside it."""

    code: Annotated[str, Input(gettext_lazy("Mã hồ sơ"), example="HS-2016-001")]
    procedure: Annotated[str, Input(gettext_lazy("Mã thủ tục"), example="1.004873")]
    received_at: Annotated[
        str,
        Input(
            gettext_lazy("Nhận lúc"),
            help=gettext_lazy(
                "Ngày giờ đã ghi trên giấy tiếp nhận; hạn trả tính từ đây, theo quy định của ngày đó."
            ),
            example="05/12/2016 09:00",
        ),
    ]
    name: Annotated[str, Input(gettext_lazy("Người nộp"), example="Nguyễn Thị Mỹ Hạnh")]
    step: Annotated[str, Input(gettext_lazy("Bước"), example="tham_tra")]
    case: Annotated[str, Input(gettext_lazy("Trường hợp"), example="")] = ""
    kind: Annotated[
        str,
        Input(
            gettext_lazy("Loại"), help=gettext_lazy("cá nhân, doanh nghiệp hoặc tổ chức"), example="cá nhân"
        ),
    ] = ""
    id_number: Annotated[str, Input(gettext_lazy("Số định danh"), example="080161000412")] = ""
    phone: Annotated[str, Input(gettext_lazy("Điện thoại"), example="0913000124")] = ""
    email: Annotated[str, Input(gettext_lazy("Thư điện tử"), example="")] = ""
    address: Annotated[str, Input(gettext_lazy("Địa chỉ"), example="48/2 ấp 3")] = ""
    summary: Annotated[str, Input(gettext_lazy("Nội dung"), example="")] = ""
    holder: Annotated[
        str,
        Input(
            gettext_lazy("Người giữ"),
            help=gettext_lazy(
                "Tên đăng nhập của người đang giữ hồ sơ; để trống thì hồ sơ vào hàng chung của đơn vị."
            ),
            example="",
        ),
    ] = ""
    paid: Annotated[
        str,
        Input(
            gettext_lazy("Đã thu"),
            help=gettext_lazy(
                "«rồi» hoặc «miễn»: hồ sơ không còn phải nộp gì. «chưa» hoặc để trống: phí, lệ phí của thủ tục được ghi "
                "là phải thu khi trả kết quả."
            ),
            example="chưa",
        ),
    ] = ""


def inputs() -> list[Parameter]:
    """What a line may hold: the dossier, and the answers to the fields of all procedures; one query."""
    keys = FieldRow.objects.order_by("key").values_list("key", flat=True).distinct()
    return [*parts_of(Running), *(_answer(key) for key in keys)]


def _answer(key: str) -> Parameter:
    label = f"trường: {key}"
    return Parameter(f"{ANSWER}{key}", str, False, True, "", Input(label, example=EXAMPLES.get(key)))
