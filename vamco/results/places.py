"""Which places a template may fill: the standard ones, and the fields of the cases that use it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from vamco.core import clock
from vamco.procedures.definition import Case, definition
from vamco.procedures.models import ProcedureVersion
from vamco.procedures.models import State as VersionState

GENERIC = "ket_qua"
"""The template of a result type that names none."""
REFUSAL = "tu_choi"
"""Key, template and series of refusal letters."""

STANDARD = {
    "so": "số của giấy",
    "ngay": "ngày cấp",
    "nguoi": "tên người được cấp",
    "don_vi": "cơ quan cấp",
    "noi_cap": "địa danh",
    "nguoi_ky": "họ tên người ký",
    "chuc_vu": "chức vụ người ký",
    "ma_ho_so": "mã hồ sơ",
    "thu_tuc": "tên thủ tục",
    "ten_giay": "tên giấy",
    "ten_giay_hoa": "tên giấy, chữ in hoa",
}
"""Places of every paper."""

OF_PARTY = {
    "ten": "tên",
    "ngay_sinh": "ngày sinh",
    "gioi_tinh": "giới tính",
    "quoc_tich": "quốc tịch",
    "loai_giay_to": "loại giấy tờ tùy thân",
    "so_giay_to": "số giấy tờ tùy thân",
    "dia_chi": "địa chỉ",
}
"""What may be said of a party, by the end of the place: `nguoi_dia_chi`."""

ROLES = {
    "applicant": ("nguoi", "người được cấp"),
    "co_applicant": ("nguoi_2", "người cùng yêu cầu"),
    "beneficiary": ("thu_huong", "người được hưởng, người có việc"),
    "representative": ("dai_dien", "người đại diện"),
}
"""How the places of a party of this role begin, and what it is called."""

SOMETIMES = {
    "het_han": "ngày hết hạn",
    "thay_the": "số của giấy được thay thế",
    **{
        f"{start}_{end}": f"{said} của {who}"
        for start, who in ROLES.values()
        for end, said in OF_PARTY.items()
    },
}
"""Places that not every paper can fill: in lines that are left out when empty."""

OF_REFUSALS = (
    {"ly_do": "các lý do", "khieu_nai": "cách khiếu nại"},
    {"can_cu": "căn cứ pháp lý", "giai_thich": "giải thích"},
)


@dataclass(frozen=True)
class Places:
    """The places of one template: {key: what it is}, those that are always filled and those only sometimes."""

    always: dict[str, str]
    sometimes: dict[str, str]


def cases_using(key: str) -> Iterator[Case]:
    """The cases of procedures in force, now or later, whose result is made from this template."""
    versions = ProcedureVersion.objects.filter(state=VersionState.PUBLISHED).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today())
    )
    for version_id in versions.order_by("pk").values_list("pk", flat=True):
        for case in definition(version_id).cases:
            if case.result is not None and (case.result.template or GENERIC) == key:
                yield case


def places_of(key: str) -> Places:
    """What a template of this key may fill."""
    always, sometimes = dict(STANDARD), dict(SOMETIMES)
    if key == REFUSAL:
        always |= OF_REFUSALS[0]
        sometimes |= OF_REFUSALS[1]
        return Places(always, sometimes)
    cases = list(cases_using(key))
    for case in cases:
        for field in case.fields:
            sometimes.setdefault(field.key, field.label)
    if cases:
        sure = [{f.key for f in case.fields if f.required and f.when is None} for case in cases]
        for name in set.intersection(*sure):
            always[name] = sometimes.pop(name, name)
    return Places(always, sometimes)
