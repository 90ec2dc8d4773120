"""Where a step is done, in words: a unit rule (`Step.unit_rule`) as an administrator chooses it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

RULES = {
    "receiving": _("nơi nhận hồ sơ"),
    "same": _("đơn vị của bước trước"),
    "parent": _("đơn vị cấp trên của bước trước"),
    "deciding": _("cơ quan quyết định"),
}
ROOMS = {
    "van_phong": _("Văn phòng HĐND và UBND huyện"),
    "noi_vu": _("Phòng Nội vụ"),
    "tu_phap": _("Phòng Tư pháp"),
    "tai_chinh": _("Phòng Tài chính - Kế hoạch"),
    "tai_nguyen": _("Phòng Tài nguyên và Môi trường"),
    "lao_dong": _("Phòng Lao động - Thương binh và Xã hội"),
    "van_hoa": _("Phòng Văn hóa và Thông tin"),
    "giao_duc": _("Phòng Giáo dục và Đào tạo"),
    "y_te": _("Phòng Y tế"),
    "thanh_tra": _("Thanh tra huyện"),
    "kinh_te": _("Phòng Kinh tế, Phòng Nông nghiệp và Phát triển nông thôn"),
    "ha_tang": _("Phòng Kinh tế và Hạ tầng, Phòng Quản lý đô thị"),
}
DEPARTMENTS = {
    "so_tu_phap": _("Sở Tư pháp"),
    "so_khdt": _("Sở Kế hoạch và Đầu tư"),
    "so_gtvt": _("Sở Giao thông vận tải"),
    "so_y_te": _("Sở Y tế"),
    "so_xay_dung": _("Sở Xây dựng"),
    "so_tnmt": _("Sở Tài nguyên và Môi trường"),
    "so_cong_thuong": _("Sở Công Thương"),
    "so_ldtbxh": _("Sở Lao động - Thương binh và Xã hội"),
    "so_vhttdl": _("Sở Văn hóa, Thể thao và Du lịch"),
    "so_nn": _("Sở Nông nghiệp và Phát triển nông thôn"),
    "so_gddt": _("Sở Giáo dục và Đào tạo"),
    "so_khcn": _("Sở Khoa học và Công nghệ"),
    "so_tttt": _("Sở Thông tin và Truyền thông"),
    "so_noi_vu": _("Sở Nội vụ"),
    "so_tai_chinh": _("Sở Tài chính"),
}
PLACES: dict[str, Any] = {
    **RULES,
    **{f"room:{key}": name for key, name in ROOMS.items()},
    **{f"dept:{key}": name for key, name in DEPARTMENTS.items()},
}
"""Every unit rule with its words."""


def place(rule: str) -> str:
    """A unit rule in words; an unknown one as it is."""
    return str(PLACES.get(rule, rule))


def places(present: str = "") -> list[tuple[str, Any]]:
    """The rules to choose from, with the step's present one even if it is unknown."""
    there = [] if not present or present in PLACES else [(present, present)]
    return [*PLACES.items(), *there]
