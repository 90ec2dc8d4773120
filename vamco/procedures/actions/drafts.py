"""How a draft is changed: its plain data is edited, and its rows are written from the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from vamco.core import text
from vamco.core.errors import Invalid, NotFound, Refused

from .. import compiled, reading
from ..check import KEY, Problem
from ..definition import ENDS, Definition
from ..models import Procedure, ProcedureVersion, State

Rows = list[dict[str, Any]]

#: What a copy or a blank thing says about where its values come from.
UNKNOWN = {"text": "", "verified": False}


def edit(
    draft: ProcedureVersion, change: Callable[[dict[str, Any]], None], said: dict[str, Any]
) -> ProcedureVersion:
    """Change a draft's plain data and write its rows from the result; `said` goes on record."""
    if draft.state != State.DRAFT:
        raise Refused(_("Phiên bản đã công bố thì không sửa được. Hãy tạo bản nháp mới từ phiên bản này."))
    data = reading.plain(compiled.compile_version(draft))
    change(data)
    draft.audit_extra = {"edit": reading.plain(said)}
    return save(draft, read(data))


def read(data: Mapping[str, Any]) -> Definition:
    """The definition that plain data describes. Raises `Invalid` with every place that cannot be read."""
    try:
        return reading.read(data)
    except reading.Unreadable as unreadable:
        refuse(unreadable.problems, _("Dữ liệu thủ tục chưa đọc được; xem từng chỗ."))
        raise


def save(draft: ProcedureVersion, said: Definition) -> ProcedureVersion:
    """Store a definition as the draft. Raises `Invalid` where the database does not accept it."""
    try:
        with transaction.atomic():
            compiled.head(draft, said)
            draft.save()
            compiled.store(draft, said)
    except IntegrityError as error:
        raise Invalid(_against(str(error))) from error
    return draft


def _against(error: str) -> str:
    """The message for the constraint that an error names."""
    rules = {
        "case_limit": _(
            "Giải quyết ngay thì thời hạn là 0 và làm xong tại quầy; còn lại thời hạn từ 1 trở lên."
        ),
        "override_limit": _("Giải quyết ngay thì thời hạn là 0; còn lại thời hạn từ 1 trở lên."),
        "outcome_back": _("“Trả lại” phải trả về một bước, không kết thúc hồ sơ."),
        "paper_required": _("Giấy tờ “khi” phải có điều kiện; giấy tờ khác thì không có."),
        "fee_validity": _("Ngày hết hiệu lực không được trước ngày có hiệu lực."),
        "tier_once": _("Mỗi bậc giá chỉ ghi một lần."),
        "law_once": _("Mỗi văn bản chỉ ghi một lần trong căn cứ pháp lý."),
        "_once": _("Khóa này đã có. Hãy chọn khóa khác."),
    }
    found = (message for name, message in rules.items() if name in error)
    return next(found, _("Có giá trị ngoài khoảng cho phép. Hãy xem lại các ô."))


def refuse(problems: list[Problem], message: str) -> None:
    """Raise `Invalid` with each problem under its place, if there is one."""
    if problems:
        by_place: dict[str, str] = {}
        for one in problems:
            by_place[one.where] = " ".join(filter(None, (by_place.get(one.where), one.message)))
        raise Invalid(message, fields=by_place)


def next_draft(procedure: Procedure) -> ProcedureVersion:
    """The procedure's next version, not saved."""
    Procedure.objects.select_for_update().get(pk=procedure.pk)
    last = procedure.versions.aggregate(last=Max("number"))["last"] or 0
    return ProcedureVersion(procedure=procedure, number=last + 1)


def only(values: Mapping[str, Any], known: Collection[str]) -> None:
    """Raise `Invalid` for values that are not among the known ones."""
    unknown = {key: _("Không sửa được mục này.") for key in values if key not in known}
    if unknown:
        raise Invalid(_("Có mục không sửa được; hãy bỏ đi rồi làm lại."), fields=unknown)


def one(rows: Rows, name: str, key: str, where: str) -> dict[str, Any]:
    """The row of that key. Raises `NotFound`."""
    for row in rows:
        if row[name] == key:
            return row
    raise NotFound(
        _("Không tìm thấy “%(key)s” trong %(where)s.") % {"key": key[:60], "where": where}, field=where
    )


def case_of(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The case of that key. Raises `NotFound`."""
    return one(data["cases"], "key", key, "cases")


def fresh_key(key: str, name: str, taken: Iterable[str]) -> str:
    """A free key: the requested one, or one made from the name. Raises `Invalid`."""
    known = {*taken, *ENDS}
    if not key:
        return _made_key(name, known)
    if not KEY.fullmatch(key):
        raise Invalid(_("Khóa gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ."), field="key")
    if key in known:
        raise Invalid(_("Khóa này đã có. Hãy chọn khóa khác."), field="key")
    return key


def _made_key(name: str, known: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "_", text.fold(name)).strip("_0123456789")[:36].rstrip("_") or "muc"
    keys = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(known) + 2))
    return next(key for key in keys if key not in known)


def unverified(data: Any) -> Any:
    """The same data with nothing marked as checked: the original was checked for something else."""
    if isinstance(data, Mapping):
        made = {key: unverified(inner) for key, inner in data.items()}
        return {**made, "verified": False} if set(made) == {"text", "verified"} else made
    return [unverified(inner) for inner in data] if isinstance(data, list) else data


def blank_case(key: str, name: str, name_en: str, kinds: list[str]) -> dict[str, Any]:
    """An empty case without steps; it cannot be published before its limit has a source."""
    applicant = {"role": "applicant", "kinds": kinds, "label": "Người yêu cầu", "label_en": "Applicant"}
    return {
        "key": key,
        "name": name,
        "name_en": name_en,
        "papers": [],
        "parties": [applicant],
        "limit": {"amount": 1, "unit": "working_day", "source": UNKNOWN},
        "process": {"key": key, "first": "", "steps": [], "source": UNKNOWN},
    }
