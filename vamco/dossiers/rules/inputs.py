"""Inputs that several actions of a dossier ask for."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from vamco.core.inputs import Input, Words
from vamco.core.models import File

from . import choices, moves
from .application import PaperInput

MISSING = _("Hãy ghi mục này để người nhận hiểu vì sao.")
MOST_ROWS = 100
"""Rows of a list of papers."""


class Item(NamedTuple):
    """Something that must be brought or put right: what, and what is wrong with it."""

    name: str
    fault: str = ""


Version = Annotated[
    int | None,
    Input(
        _("Phiên bản đã xem"),
        least=0,
        most=2**31,
        hidden=True,
        start=lambda dossier: dossier.version,
        guard=moves.check_version,
        example=3,
    ),
]
"""The version that the person has seen: a form that was opened before somebody else changed the dossier is refused."""


def reason(label: Words, example: str, **words: Any) -> Input:
    """Why something is done, so that others understand it."""
    return Input(label, most=2000, long=True, missing=MISSING, example=example, **words)


Reason = Annotated[str, reason(_("Lý do"), "Giấy tờ chưa đủ")]
_ANSWERS = Input(
    _("Nội dung của bước"),
    names="answers",
    suggested=choices.step_fields,
    example={"ket_qua_doi_chieu": "Chưa đăng ký kết hôn với ai."},
)
Answers = Annotated[Mapping[str, Any], _ANSWERS]
MaybeAnswers = Annotated[Mapping[str, Any] | None, _ANSWERS]
Reasons = Annotated[
    tuple[str, ...],
    Input(
        _("Lý do từ chối"),
        most=50,
        names="reasons",
        suggested=choices.refusal_reasons,
        missing=_("Hãy chọn ít nhất một lý do của thủ tục này."),
    ),
]
Attached = Annotated[
    File | None, Input(_("Tệp đính kèm"), missing=_("Hãy đính kèm tệp theo yêu cầu của bước này."))
]
Receiver = Annotated[
    int | None,
    Input(_("Giao cho"), names="person", suggested=choices.anyone, empty=_("theo quy trình"), example=None),
]
Items = Annotated[
    Sequence[Item],
    Input(
        _("Cần bổ sung, mỗi dòng một giấy tờ"),
        most=MOST_ROWS,
        names="items",
        missing=_("Hãy nêu ít nhất một giấy tờ hoặc nội dung cần bổ sung."),
        example=[{"name": "Bản sao sổ hộ khẩu", "fault": "Thiếu trang 2"}],
    ),
]
Papers = Annotated[
    Sequence[PaperInput],
    Input(
        _("Giấy tờ"),
        most=MOST_ROWS,
        names="papers",
        missing=_("Hãy thêm ít nhất một giấy tờ."),
        example=[{"code": "to_khai", "originals": 1}],
    ),
]


def working_days(label: Words, most: int, **words: Any) -> Input:
    """A number of working days."""
    return Input(label, least=1, most=most, **words)
