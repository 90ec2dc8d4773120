"""Inputs that several actions of the counter ask for."""

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from vamco.core.inputs import Input

from ...models import Visit

Expected = Annotated[
    int | None,
    Input(_("Số tiền đã báo"), least=0, most=10**12 - 1, help=_("đồng; thu ngay nếu đúng"), example=2000),
]
"""The sum that was asked of the applicant; with it what is due now is collected."""
OfVisit = Annotated[Visit | None, Input(_("Lượt nộp"))]
ReceivedAt = Annotated[datetime | None, Input(_("Nhận lúc"), help=_("chỉ hồ sơ gửi qua bưu điện"))]
Reason = Annotated[
    str,
    Input(_("Lý do"), most=2000, missing=_("Hãy ghi lý do."), example="Không thuộc thẩm quyền của xã"),
]
