"""People for the demo: a name for every post, the same ones each time."""

import random
from dataclasses import dataclass
from datetime import date

from vamco.core import text
from vamco.core.actors import SYSTEM
from vamco.organisation import actions
from vamco.organisation.models import Level, Post, Unit, User

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Phan",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Trương",
    "Đinh",
    "Mai",
    "Cao",
    "Lâm",
    "Châu",
]
MIDDLE = {
    "m": ["Văn", "Minh", "Quốc", "Hữu", "Đức", "Thành", "Hoàng", "Công", "Thanh", "Trung"],
    "f": ["Thị", "Thị", "Ngọc", "Thị", "Mỹ", "Thị", "Kim", "Thị", "Thu", "Thị", "Bích", "Thị", "Hồng"],
}
GIVEN = {
    "m": [
        "An",
        "Bảo",
        "Cường",
        "Dũng",
        "Đạt",
        "Hải",
        "Hùng",
        "Khoa",
        "Lâm",
        "Long",
        "Minh",
        "Nam",
        "Phong",
        "Phước",
        "Quân",
        "Sơn",
        "Tài",
        "Thắng",
        "Trí",
        "Tuấn",
        "Việt",
        "Vinh",
    ],
    "f": [
        "Anh",
        "Diễm",
        "Dung",
        "Giang",
        "Hà",
        "Hạnh",
        "Hiền",
        "Hoa",
        "Hương",
        "Lan",
        "Liên",
        "Loan",
        "Mai",
        "Nga",
        "Oanh",
        "Phượng",
        "Quyên",
        "Thảo",
        "Trang",
        "Tuyết",
        "Vân",
        "Yến",
    ],
}
SINCE = date(2016, 1, 1)


@dataclass(frozen=True)
class PostPlan:
    """A post as units of a level have it: key, title, English title, rank, roles, how many people."""

    key: str
    title: str
    title_en: str
    rank: int
    roles: tuple[str, ...]
    count: int = 1


PLANS: dict[str, tuple[PostPlan, ...]] = {
    Level.COMMUNE: (
        PostPlan("chu_tich", "Chủ tịch", "Chair", 1, ("leader", "supervisor")),
        PostPlan("pho_chu_tich", "Phó Chủ tịch", "Vice chair", 2, ("leader",)),
        PostPlan(
            "mot_cua", "Công chức tiếp nhận và trả kết quả", "Counter officer", 10, ("intake", "cashier")
        ),
        PostPlan("tu_phap", "Công chức Tư pháp - Hộ tịch", "Justice officer", 11, ("specialist",)),
        PostPlan(
            "van_phong", "Công chức Văn phòng - Thống kê", "Office and statistics officer", 12, ("registrar",)
        ),
    ),
    Level.DISTRICT: (
        PostPlan("chu_tich", "Chủ tịch", "Chair", 1, ("leader",)),
        PostPlan("pho_chu_tich", "Phó Chủ tịch", "Vice chair", 2, ("leader",)),
        PostPlan("chanh_van_phong", "Chánh Văn phòng", "Chief of office", 3, ("supervisor", "admin")),
        PostPlan(
            "mot_cua", "Chuyên viên tiếp nhận và trả kết quả", "Counter officer", 10, ("intake", "cashier"), 2
        ),
        PostPlan("van_thu", "Văn thư", "Clerk", 12, ("registrar",)),
    ),
    Level.ROOM: (
        PostPlan("truong_phong", "Trưởng phòng", "Head of division", 1, ("head",)),
        PostPlan("chuyen_vien", "Chuyên viên", "Specialist", 10, ("specialist",), 2),
        PostPlan("van_thu", "Văn thư", "Clerk", 12, ("registrar",)),
    ),
    Level.DEPARTMENT: (
        PostPlan("giam_doc", "Giám đốc", "Director", 1, ("leader", "head")),
        PostPlan("pho_giam_doc", "Phó Giám đốc", "Deputy director", 2, ("leader",)),
        PostPlan("chuyen_vien", "Chuyên viên", "Specialist", 10, ("specialist",), 2),
        PostPlan("van_thu", "Văn thư", "Clerk", 12, ("registrar",)),
    ),
    Level.CENTRE: (
        PostPlan("giam_doc", "Giám đốc Trung tâm", "Director of the centre", 1, ("supervisor",)),
        PostPlan(
            "mot_cua", "Chuyên viên tiếp nhận và trả kết quả", "Counter officer", 10, ("intake", "cashier"), 3
        ),
    ),
    Level.PROVINCE: (
        PostPlan("chu_tich", "Chủ tịch", "Chair", 1, ("leader",)),
        PostPlan("quan_tri", "Quản trị hệ thống", "Administrator", 20, ("admin",)),
        PostPlan("thanh_tra", "Thanh tra viên", "Auditor", 21, ("auditor",)),
        PostPlan(
            "giam_sat",
            "Giám sát một cửa toàn tỉnh",
            "One-stop supervisor of the province",
            19,
            ("supervisor",),
        ),
    ),
}


def staff(unit: Unit, password: str | None = None) -> list[User]:
    """Fill the unit's posts; the province's hold for all units below."""
    made = []
    for plan in PLANS.get(unit.level, ()):
        post = actions.create_post(
            SYSTEM, unit, key=plan.key, title=plan.title, title_en=plan.title_en, rank=plan.rank
        )
        for role in plan.roles:
            actions.grant(
                SYSTEM,
                post,
                role=role,
                unit=unit,
                below=unit.level in (Level.PROVINCE, Level.DISTRICT)
                and role in ("admin", "auditor", "supervisor"),
            )
        for i in range(plan.count):
            made.append(_person(unit, post, plan, i, password))
    return made


def _person(unit: Unit, post: Post, plan: PostPlan, i: int, password: str | None) -> User:
    rng = random.Random(f"{unit.code}:{plan.key}:{i}")  # noqa: S311 (names, not secrets)
    sex = rng.choice("mf")
    name = " ".join((rng.choice(FAMILY), rng.choice(MIDDLE[sex]), rng.choice(GIVEN[sex])))
    username = f"{text.fold(name.split()[-1])}.{plan.key}{i + 1 if plan.count > 1 else ''}.{unit.code.lower()}".replace(
        "_", ""
    )
    user = actions.create_person(
        SYSTEM, unit, username=username, full_name=name, password=None, email=f"{username}@longan.example"
    )
    if password:
        user.password = password
        user.save(update_fields=["password"])
    actions.appoint(SYSTEM, post, user=user, since=SINCE)
    return user
