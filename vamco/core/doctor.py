"""`vamco doctor`: is everything as it must be, and what to do about what is not."""

import json
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from vamco.core import backup, clock, grants, pdf, pgtools, postgres, rooms, rotation, secrets, serving
from vamco.core.findings import Finding

OLDEST_SERVER = 15
FREE_WRONG, FREE_WARN = 1 << 30, 5 << 30
CLOCK_APART = 2.0
"""Seconds that the clocks of this machine and of the database may differ."""
BACKUP_AGE = timedelta(days=1, hours=6)
WORKER_SILENT = 60
"""Seconds without a heartbeat after which no worker is taken to be alive."""


def examine() -> Iterator[Finding]:
    """Every finding, cheap things first, those of rooms last."""
    yield from database()
    for look in (secret_file, folders, disk, fonts, last_backup):
        yield look()
    for look in (migrations, roles, durability, clocks, worker):
        yield from _each_alone(look)
    for check in rooms.of_all("checks"):
        yield from _each_alone(check)


def _each_alone(check: Callable[[], Finding | Iterable[Finding]]) -> list[Finding]:
    """What one check finds, in a transaction of its own. A check that the database refuses is a finding too, so that the
    others still run; when there is no database at all, `database` has said so already."""
    answers = connection.connection is not None
    found: list[Finding] = []
    try:
        with transaction.atomic() if answers else nullcontext():
            seen = check()
            found.extend([seen] if isinstance(seen, Finding) else seen)
    except DatabaseError as problem:
        if answers:
            found.append(_refused(f"{check.__module__}.{check.__qualname__}", problem))
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
    return found


def _refused(check: str, problem: DatabaseError) -> Finding:
    return Finding(
        _("Kiểm tra %(check)s") % {"check": check},
        "wrong",
        _("không chạy được: %(why)s") % {"why": str(problem).strip().splitlines()[0]},
        _("Chạy vamco migrate rồi vamco doctor; nếu vẫn lỗi, xem nhật ký của PostgreSQL."),
    )


def database() -> Iterator[Finding]:
    """It answers, and is new enough."""
    name = _("Cơ sở dữ liệu")
    try:
        major = pgtools.server_major()
    except DatabaseError as problem:
        yield Finding(
            name,
            "wrong",
            _("không kết nối được: %(why)s") % {"why": str(problem).strip().splitlines()[0]},
            _("Kiểm tra máy chủ PostgreSQL và VAMCO_DATABASE_URL."),
        )
        return
    what = _("PostgreSQL %(version)s, %(kind)s") % {
        "version": major,
        "kind": _("đi kèm") if serving.embedded() else _("máy chủ riêng"),
    }
    if major < OLDEST_SERVER:
        yield Finding(name, "wrong", what, _("Cần PostgreSQL %(v)s trở lên.") % {"v": OLDEST_SERVER})
    else:
        yield Finding(name, "ok", what)


def migrations() -> Finding:
    """The tables are those of this version."""
    missing = serving.missing_migrations()
    name = _("Cấu trúc bảng")
    if missing:
        return Finding(name, "wrong", missing, "vamco migrate")
    return Finding(name, "ok", _("đúng với phiên bản này"))


def roles() -> Finding:
    """The serving role may not change the ledger, and the account that serves cannot become the role that may."""
    name = _("Vai trò phục vụ")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT serving.rolname, owner.rolname,"
            " serving.rolsuper OR pg_has_role(serving.rolname, owner.rolname, 'USAGE')"
            " FROM pg_roles serving, pg_roles owner"
            " WHERE serving.rolname = coalesce(nullif(%s, ''), current_user) AND owner.oid ="
            " (SELECT relowner FROM pg_class WHERE oid = to_regclass('django_migrations'))",
            [settings.SERVING_ROLE],
        )
        role, owner, is_owner = cursor.fetchone() or ("", "", False)
        present = set(connection.introspection.table_names(cursor))
        loose = []
        for table in grants.APPEND_ONLY:
            if table in present:
                cursor.execute(
                    "SELECT has_table_privilege(%s, %s, 'UPDATE') OR has_table_privilege(%s, %s, 'DELETE')"
                    " OR has_table_privilege(%s, %s, 'TRUNCATE')",
                    [role, table] * 3,
                )
                if (cursor.fetchone() or (True,))[0]:
                    loose.append(table)
    if not loose:
        says = _("%(role)s chỉ ghi thêm được vào nhật ký") % {"role": role}
        if not _lets_in(owner):
            return Finding(name, "ok", says)
        return Finding(
            name,
            "warn",
            _(
                "%(says)s; nhưng ai chiếm được tài khoản hệ thống chạy dịch vụ thì vào được bằng quyền %(owner)s"
            )
            % {"says": says, "owner": owner},
            _(
                "Dùng máy chủ PostgreSQL riêng và đặt VAMCO_DATABASE_OWNER_URL ngoài môi trường của dịch vụ; "
                "chưa làm được thì mỗi ngày ghi niêm phong cuối ra nơi khác: vamco audit verify"
            ),
        )
    says = _("%(role)s sửa hoặc xóa được nhật ký") % {"role": role}
    if is_owner:
        do = _(
            "Tạo một vai trò không sở hữu bảng nào cho VAMCO_DATABASE_URL, "
            "đặt chủ sở hữu vào VAMCO_DATABASE_OWNER_URL, rồi chạy: vamco migrate"
        )
        return Finding(name, "warn", says, do)
    return Finding(name, "wrong", says, "vamco migrate")


def _lets_in(owner: str) -> bool:
    """Whether the database takes what the service signs in with for the owner too: the embedded server trusts the account
    it runs under, whichever role it names."""
    serving = postgres.django_database(postgres.database_urls(settings.HOME).serving)
    try:
        psycopg.connect(
            dbname=serving["NAME"],
            user=owner,
            password=serving["PASSWORD"],
            host=serving["HOST"],
            port=serving["PORT"],
            **{"connect_timeout": 5, **serving["OPTIONS"]},
        ).close()
    except psycopg.OperationalError:
        return False
    return True


def durability() -> Finding:
    """What was answered is on disk, also after a power cut."""
    name = _("An toàn dữ liệu khi mất điện")
    off = []
    with connection.cursor() as cursor:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute("SELECT current_setting(%s)", [setting])
            value = (cursor.fetchone() or ("",))[0]
            if value == "off":
                off.append(setting)
    if off:
        lines = "; ".join(f"ALTER SYSTEM SET {setting} = on" for setting in off)
        return Finding(
            name,
            "wrong",
            _("đang tắt: %(what)s") % {"what": ", ".join(off)},
            f"{lines}; SELECT pg_reload_conf()",
        )
    return Finding(name, "ok", "fsync, full_page_writes, synchronous_commit: on")


def clocks() -> Finding:
    """This machine and the database agree on the time; receipts and deadlines depend on it."""
    name = _("Đồng hồ")
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        there = float((cursor.fetchone() or (0,))[0])
        here = (before + time.time()) / 2
    apart = abs(here - there)
    if here < datetime(2026, 1, 1, tzinfo=UTC).timestamp() or apart > CLOCK_APART:
        return Finding(
            name,
            "wrong",
            _("máy này và cơ sở dữ liệu lệch nhau %(s).1f giây") % {"s": apart},
            _("Bật đồng bộ giờ (NTP) trên cả hai máy: timedatectl set-ntp true"),
        )
    return Finding(name, "ok", _("khớp với cơ sở dữ liệu (lệch %(s).3f giây)") % {"s": apart})


def worker() -> Finding:
    """Somebody works off the queue."""
    name = _("Việc nền")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE last_heartbeat > now() - make_interval(secs => %s)),"
            " (SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"
            "  AND coalesce(scheduled_at, now()) <= now()),"
            " (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed') FROM procrastinate_workers",
            [WORKER_SILENT],
        )
        alive, waiting, failed = cursor.fetchone() or (0, 0, 0)
    says = _("%(alive)s tiến trình đang chạy, %(waiting)s việc đang đợi, %(failed)s việc bị lỗi") % {
        "alive": alive,
        "waiting": waiting,
        "failed": failed,
    }
    if not alive:
        return Finding(name, "wrong", says, _("Chạy vamco serve, hoặc vamco worker trên một máy."))
    if failed:
        return Finding(name, "warn", says, _("Xem nhật ký của tiến trình worker."))
    return Finding(name, "ok", says)


def secret_file() -> Finding:
    """The key file is readable by its owner alone."""
    name = _("Tệp khóa")
    path = secrets.keys_path()
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return Finding(name, "wrong", _("không đọc được %(path)s") % {"path": path}, f"ls -l {path}")
    if mode & 0o077:
        return Finding(name, "wrong", f"{path}: {mode:04o}", f"chmod 600 {path}")
    try:
        wrong = rotation.wrong_keys()
    except DatabaseError:
        wrong = ""  # the database has a line of its own
    if wrong:
        return Finding(name, "wrong", str(path), wrong)
    return Finding(name, "ok", f"{path}: {mode:04o}")


def folders() -> Finding:
    """Files can be stored."""
    name = _("Thư mục tệp")
    folder = Path(settings.FILES)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".doctor-{os.getpid()}"
        probe.write_bytes(b"vamco")
        probe.unlink()
    except OSError as problem:
        return Finding(
            name,
            "wrong",
            _("không ghi được vào %(path)s: %(why)s") % {"path": folder, "why": problem.strerror},
            f"chown -R $USER {folder}",
        )
    return Finding(name, "ok", str(folder))


def disk() -> Finding:
    """There is room."""
    name = _("Dung lượng đĩa")
    free = shutil.disk_usage(settings.HOME).free
    says = _("còn %(gb).1f GB tại %(path)s") % {"gb": free / (1 << 30), "path": settings.HOME}
    do = _("Giải phóng hoặc thêm dung lượng.")
    if free < FREE_WRONG:
        return Finding(name, "wrong", says, do)
    return Finding(name, "warn", says, do) if free < FREE_WARN else Finding(name, "ok", says)


def fonts() -> Finding:
    """Papers can be printed with all Vietnamese letters."""
    name = _("Phông chữ của giấy tờ in")
    found = sorted(path.name for path in Path(pdf.FONTS).glob("*.[to]tf"))
    if not found:
        return Finding(
            name, "wrong", _("không có phông nào"), _("Cài lại gói vamco: gói cài đặt bị thiếu tệp.")
        )
    return Finding(name, "ok", _("%(count)s phông") % {"count": len(found)})


def last_backup() -> Finding:
    """There is a recent backup, and it lacks nothing."""
    name = _("Sao lưu")
    do = _("vamco backup TỆP, hằng ngày, ra một máy khác")
    try:
        about = json.loads((Path(settings.HOME) / backup.LAST).read_text())
        at = datetime.fromisoformat(about["at"])
    except (OSError, ValueError, KeyError):
        return Finding(name, "warn", _("chưa có bản sao lưu nào"), do)
    age = clock.now() - at
    says = _("bản gần nhất cách đây %(hours)d giờ: %(path)s") % {
        "hours": age.total_seconds() // 3600,
        "path": about.get("path", ""),
    }
    if about.get("missing"):
        return Finding(name, "wrong", says, _("Bản sao lưu thiếu %(n)s tệp.") % {"n": about["missing"]})
    return Finding(name, "warn", says, do) if age > BACKUP_AGE else Finding(name, "ok", says)
