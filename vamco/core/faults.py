"""What is wrong with an input of the API, in the user's language and under the name of the field."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _


def by_field(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The errors of pydantic as {field: sentence}; a field inside another is named with dots ("parties.0.name")."""
    return {field_of(error["loc"]): sentence(str(error["type"]), error.get("ctx", {})) for error in errors}


def field_of(loc: tuple[Any, ...]) -> str:
    """A field's name from where the fault is: the first part says body, query or path, the second the argument."""
    parts = loc[2:] if len(loc) > 2 else loc[1:]
    return ".".join(str(part) for part in parts)[:200]


def sentence(kind: str, limits: Mapping[str, Any]) -> str:
    """A sentence for one kind of error of pydantic."""
    found = _sentences().get(kind)
    if found is None:
        found = next((given for start, given in _beginnings().items() if kind.startswith(start)), None)
    if found is None:
        return _("Giá trị không đúng kiểu.")
    return found % _Known(limits)


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _sentences() -> dict[str, str]:
    return {
        "missing": _("Thiếu mục này."),
        "extra_forbidden": _("Không có mục này. Hãy xem lại tên mục."),
        "string_too_long": _("Không được dài quá %(max_length)s ký tự."),
        "string_too_short": _("Ngắn hơn %(min_length)s ký tự."),
        "string_pattern_mismatch": _("Không đúng dạng."),
        "literal_error": _("Hãy chọn một trong: %(expected)s."),
        "enum": _("Hãy chọn một trong: %(expected)s."),
        "greater_than": _("Phải lớn hơn %(gt)s."),
        "greater_than_equal": _("Phải từ %(ge)s trở lên."),
        "less_than": _("Phải nhỏ hơn %(lt)s."),
        "less_than_equal": _("Không được quá %(le)s."),
        "too_long": _("Không được quá %(max_length)s mục."),
        "too_short": _("Cần ít nhất %(min_length)s mục."),
        "list_type": _("Phải là một danh sách."),
    }


def _beginnings() -> dict[str, str]:
    return {
        "string": _("Phải là một chuỗi ký tự."),
        "int": _("Phải là một số nguyên."),
        "float": _("Phải là một con số."),
        "bool": _("Phải là true hoặc false."),
        "model": _("Phải là một nhóm mục (khóa: giá trị)."),
        "dict": _("Phải là một nhóm mục (khóa: giá trị)."),
        "timezone": _("Thời điểm phải kèm múi giờ, ví dụ 2016-12-09T10:42:00+07:00."),
        "datetime": _("Thời điểm phải theo ISO 8601, có múi giờ, ví dụ 2016-12-09T10:42:00+07:00."),
        "moment": _("Thời điểm phải theo ISO 8601, có múi giờ, ví dụ 2016-12-09T10:42:00+07:00."),
        "date": _("Ngày phải theo dạng năm-tháng-ngày, ví dụ 2016-12-09."),
        "day": _("Ngày phải theo dạng năm-tháng-ngày, ví dụ 2016-12-09."),
        "time": _("Giờ phải theo dạng 07:30."),
    }
