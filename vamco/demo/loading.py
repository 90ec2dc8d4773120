"""Loading the demo, and what its user is told."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.hashers import make_password

from vamco.core import clock, rooms
from vamco.core.actors import SYSTEM
from vamco.dossiers.models import Dossier, Stage
from vamco.organisation.load import load_units
from vamco.organisation.models import Level, Unit, User
from vamco.organisation.offices import DEPARTMENTS
from vamco.payments import actions as cash
from vamco.procedures.definition import definition
from vamco.procedures.load import load_shipped
from vamco.procedures.models import ProcedureVersion
from vamco.results.load import load_templates
from vamco.timing.load import load_timing

from .month import DAYS, Month
from .people import staff

PASSWORD = "vamco-2016"  # noqa: S105 (the demo prints it; a real installation has no account)
DOSSIERS = 430
DISTRICTS = ("794", "802", "803")
COMMUNES = 18


def load(progress: Callable[[str], object]) -> dict[str, int]:
    """Load Long An and a month of its work. `progress` is told what is going on; answers how many dossiers came in, how
    many events the month had and how many of them were refused."""
    progress("Đơn vị, lịch làm việc, thủ tục và mẫu kết quả của Long An")
    load_units()
    load_timing()
    load_shipped()
    load_templates()
    progress("Cán bộ của các đơn vị")
    receiving = _staff()
    with clock.told(clock.now() - timedelta(days=DAYS + 1)):
        for unit in receiving:
            cash.open_book(SYSTEM, unit, symbol="BL-DEMO", first=1, last=5000)
    progress("Một tháng hồ sơ")
    catalogue = [
        definition(pk)
        for pk in ProcedureVersion.objects.filter(state="published")
        .order_by("pk")
        .values_list("pk", flat=True)
    ]
    month = Month(receiving, catalogue, clock.now())
    month.run(DOSSIERS, progress)
    fill_rooms()
    return {"dossiers": month.received, "events": month.events, "refused": month.refused}


def fill_rooms() -> None:
    """Let each room add what it shows, after the month of dossiers that it may speak of."""
    for room in rooms.rooms().values():
        if room.demo is not None:
            room.demo()


def _staff() -> list[Unit]:
    password = make_password(PASSWORD)
    communes = Unit.objects.filter(level=Level.COMMUNE, parent__code__in=DISTRICTS).order_by(
        "parent__code", "code"
    )
    receiving = [
        *communes[::3][:COMMUNES],
        *Unit.objects.filter(code__in=DISTRICTS),
        Unit.objects.get(level=Level.CENTRE),
    ]
    others = Unit.objects.filter(level=Level.ROOM, parent__code__in=DISTRICTS) | Unit.objects.filter(
        level=Level.DEPARTMENT, key__in=DEPARTMENTS
    )
    for unit in [Unit.objects.get(level=Level.PROVINCE), *receiving, *others]:
        staff(unit, password)
    return receiving


ROLES = (
    ("Tiếp nhận và thu tiền tại xã", Level.COMMUNE, "mot_cua"),
    ("Chuyên viên xã", Level.COMMUNE, "tu_phap"),
    ("Chủ tịch xã, giám sát một cửa", Level.COMMUNE, "chu_tich"),
    ("Văn thư xã", Level.COMMUNE, "van_phong"),
    ("Tiếp nhận và thu tiền tại huyện", Level.DISTRICT, "mot_cua"),
    ("Trưởng phòng huyện", Level.ROOM, "truong_phong"),
    ("Tiếp nhận và thu tiền tại Trung tâm tỉnh", Level.CENTRE, "mot_cua"),
    ("Giám đốc sở", Level.DEPARTMENT, "giam_doc"),
    ("Giám sát toàn tỉnh", Level.PROVINCE, "giam_sat"),
    ("Quản trị hệ thống", Level.PROVINCE, "quan_tri"),
    ("Thanh tra", Level.PROVINCE, "thanh_tra"),
)


def accounts() -> list[tuple[str, str, str]]:
    """One account per role: role, user name, password. All of the communes' ones are of one commune that has work."""
    busy = (
        Dossier.objects.filter(unit__level=Level.COMMUNE, stage=Stage.PROCESSING)
        .values_list("unit_id", flat=True)
        .first()
    )
    rows = []
    for title, level, post in ROLES:
        people = User.objects.filter(holdings__post__unit__level=level, holdings__post__key=post).order_by(
            "pk"
        )
        found = (
            people.filter(holdings__post__unit_id=busy or 0).first()
            if level == Level.COMMUNE
            else people.first()
        )
        if found is not None:
            rows.append((title, found.username, PASSWORD))
    return rows


def things_to_try(url: str) -> list[str]:
    """Three things that show what it is."""
    dossier = Dossier.objects.filter(stage=Stage.PROCESSING).order_by("-pk").first()
    names = {title: name for title, name, _password in accounts()}
    return [
        f"Tiếp nhận một hồ sơ: đăng nhập {names.get('Tiếp nhận và thu tiền tại xã', '')}, mở {url}/tiep-nhan/",
        f"Xử lý hồ sơ đến khi có kết quả: đăng nhập {names.get('Chuyên viên xã', '')}, mở {url}/viec/",
        f"Tra cứu như người dân, không cần đăng nhập: {url}/tra-cuu/{dossier.code if dossier else ''}/",
    ]
