"""Which places a template may fill: the standard ones, and the fields of the cases that use it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock
from vamco.procedures.definition import Case, definition
from vamco.procedures.models import ProcedureVersion
from vamco.procedures.models import State as VersionState
from vamco.procedures.wording import said

GENERIC = "ket_qua"
"""The template of a result type that names none."""
REFUSAL = "tu_choi"
"""Key, template and series of refusal letters."""

STANDARD = {
    "so": gettext_noop("số của giấy"),
    "ngay": gettext_noop("ngày cấp"),
    "nguoi": gettext_noop("tên người được cấp"),
    "don_vi": gettext_noop("cơ quan cấp"),
    "noi_cap": gettext_noop("địa danh"),
    "nguoi_ky": gettext_noop("họ tên người ký"),
    "chuc_vu": gettext_noop("chức vụ người ký"),
    "ma_ho_so": gettext_noop("mã hồ sơ"),
    "thu_tuc": gettext_noop("tên thủ tục"),
    "ten_giay": gettext_noop("tên giấy"),
    "ten_giay_hoa": gettext_noop("tên giấy, chữ in hoa"),
}
"""Places of every paper."""

OF_PARTY = {
    "ten": gettext_noop("tên"),
    "ngay_sinh": gettext_noop("ngày sinh"),
    "gioi_tinh": gettext_noop("giới tính"),
    "quoc_tich": gettext_noop("quốc tịch"),
    "loai_giay_to": gettext_noop("loại giấy tờ tùy thân"),
    "so_giay_to": gettext_noop("số giấy tờ tùy thân"),
    "dia_chi": gettext_noop("địa chỉ"),
}
"""What may be said of a party, by the end of the place: `nguoi_dia_chi`."""

ROLES = {
    "applicant": ("nguoi", gettext_noop("người được cấp")),
    "co_applicant": ("nguoi_2", gettext_noop("người cùng yêu cầu")),
    "beneficiary": ("thu_huong", gettext_noop("người được hưởng, người có việc")),
    "representative": ("dai_dien", gettext_noop("người đại diện")),
}
"""How the places of a party of this role begin, and what it is called."""

SOMETIMES = {
    "het_han": gettext_noop("ngày hết hạn"),
    "thay_the": gettext_noop("số của giấy được thay thế"),
}
"""Places that not every paper can fill: in lines that are left out when empty."""

OF_REFUSALS = (
    {"ly_do": gettext_noop("các lý do"), "khieu_nai": gettext_noop("cách khiếu nại")},
    {"can_cu": gettext_noop("căn cứ pháp lý"), "giai_thich": gettext_noop("giải thích")},
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


def _labels(table: dict[str, str]) -> dict[str, str]:
    """A table of places in the reader's language."""
    return {key: _(label) for key, label in table.items()}


def _of_parties() -> dict[str, str]:
    return {
        f"{start}_{end}": _("%(what)s của %(who)s") % {"what": _(what), "who": _(who)}
        for start, who in ROLES.values()
        for end, what in OF_PARTY.items()
    }


def places_of(key: str) -> Places:
    """What a template of this key may fill."""
    always, sometimes = _labels(STANDARD), {**_labels(SOMETIMES), **_of_parties()}
    if key == REFUSAL:
        always |= _labels(OF_REFUSALS[0])
        sometimes |= _labels(OF_REFUSALS[1])
        return Places(always, sometimes)
    cases = list(cases_using(key))
    for case in cases:
        for field in case.fields:
            sometimes.setdefault(field.key, said(field, "label"))
    if cases:
        sure = [{f.key for f in case.fields if f.required and f.when is None} for case in cases]
        for name in set.intersection(*sure):
            always[name] = sometimes.pop(name, name)
    return Places(always, sometimes)
