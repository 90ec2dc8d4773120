"""Tracking by code, for anyone: what was typed, what is wrong with it, and what may be read.

By the code alone a reader learns where a dossier is. Names, papers and reasons come with the second secret.
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from vamco.core import clock, limits
from vamco.core.limits import Limit
from vamco.organisation.models import Unit
from vamco.procedures import wording
from vamco.procedures.definition import definition
from vamco.web import words as said

from .. import queries
from ..models import Dossier, Event, Stage, StepRun, codes
from ..rules import deadlines

# The code as it was typed --------------------------------------------------------------------------------

_ADDRESS = re.compile(r"/TRA-CUU/([^/?#]+)")
_WHOLE = re.compile(rf"({codes.FORM})-([0-9OIL]+)-([0-9OIL]+)")
_END = re.compile(r"([0-9OIL]{6})-([0-9OIL]{1,6})")
_JOINED = re.compile(rf"({codes.AGENCY})([0-9]{{6}})([0-9]{{4,6}})")
_DIGITS = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Typed:
    """A code as somebody typed it, read kindly. Parts are "" where they could not be told; `written` is the whole as it
    was typed, for codes that another system made."""

    text: str
    agency: str = ""
    day: str = ""
    serial: str = ""
    written: str = ""

    @property
    def code(self) -> str:
        """The whole code as it would be stored, or ""."""
        return f"{self.agency}-{self.end}" if self.agency else ""

    @property
    def end(self) -> str:
        """Day and serial, or ""."""
        return f"{self.day}-{self.serial}" if self.serial else ""

    @property
    def date(self) -> date | None:
        """The day in the code; None when there is no such day."""
        try:
            return date(2000 + int(self.day[:2]), int(self.day[2:4]), int(self.day[4:]))
        except ValueError:
            return None


def read(text: str) -> Typed:
    """Read a code: capitals or not, with spaces, other dashes, or gaps instead of them, as an address, or only its
    end. Letters that look like digits are digits where only digits stand (Circular 01/2018/TT-VPCP, article 19:
    agency, day as yymmdd, serial of four digits)."""
    kept = codes.tidy(text[:400].replace("\0", ""))
    found = _ADDRESS.search(kept)
    cleaned = (found[1] if found else kept).replace("_", "-").lstrip(".… ")
    if "-" not in cleaned:
        cleaned = "-".join(cleaned.split())
    cleaned = "".join(cleaned.split())
    shown = " ".join(text.replace("\0", "").split())[:60]
    written = cleaned if codes.is_code(cleaned) else ""
    if whole := _WHOLE.fullmatch(cleaned):
        return _typed(shown, written, *whole.groups())
    if end := _END.fullmatch(cleaned):
        return _typed(shown, written, "", *end.groups())
    if joined := _JOINED.fullmatch(cleaned):
        return _typed(shown, written, *joined.groups())
    return Typed(shown, written=written)


def _typed(shown: str, written: str, agency: str, day: str, serial: str) -> Typed:
    serial = serial.translate(_DIGITS)[:12]
    return Typed(shown, agency[:35], day.translate(_DIGITS)[:12], serial.lstrip("0").rjust(4, "0"), written)


def code_of(typed: Typed) -> str:
    """The code to look for: as it was typed where a dossier has it, otherwise as it was read kindly; "" for none. Asks
    the database only for what no code made here looks like."""
    if typed.written not in ("", typed.code) and Dossier.objects.filter(code=typed.written).exists():
        return typed.written
    return typed.code


def by_end(typed: Typed) -> list[Dossier]:
    """The dossiers whose code ends so, at any agency, in the order of agencies. Two queries, both by index."""
    if not typed.end or typed.date is None or len(typed.day) != 6:
        return []
    agencies = Unit.objects.values_list("agency_code", flat=True)
    wanted = [f"{codes.agency(agency)}-{typed.end}" for agency in agencies]
    return list(
        Dossier.objects.filter(code__in=wanted)
        .only("code", "unit__name", "unit__level", "unit__code")
        .select_related("unit")
        .order_by("unit__code")
    )


def fault(typed: Typed) -> str:
    """Which part of a code that was not found is wrong, and where to look."""
    if not typed.text:
        return _("Hãy nhập mã hồ sơ.")
    if not typed.serial:
        return _(
            "Mã gồm ba phần nối bằng dấu gạch: mã cơ quan, 6 chữ số ngày nộp, 4 chữ số thứ tự. "
            "Nội dung vừa nhập không có đủ ba phần."
        )
    # An identifier need not be in the form of codes: it is brought into it, as in each code that is made.
    units = Unit.objects.order_by("pk") if typed.agency else ()
    unit = next((one for one in units if codes.agency(one.agency_code) == typed.agency), None)
    if typed.agency and unit is None:
        return _(
            "Không có cơ quan nào của tỉnh mang mã %(agency)s. Xem lại phần đứng trước dấu gạch đầu."
        ) % {"agency": typed.agency}
    return _wrong_day(typed) or _wrong_serial(typed, unit)


def _wrong_day(typed: Typed) -> str:
    if len(typed.day) != 6:
        return _(
            "Phần ngày có %(n)d chữ số, phải có 6 chữ số: năm, tháng, ngày. Xem lại phần giữa hai dấu gạch."
        ) % {"n": len(typed.day)}
    if typed.date is None:
        return _(
            "Ngày trong mã là %(day)s, không có ngày này. Xem lại 6 chữ số giữa hai dấu gạch: năm, tháng, ngày."
        ) % {"day": f"{typed.day[4:]}/{typed.day[2:4]}/20{typed.day[:2]}"}
    if typed.date > clock.today():
        return _("Ngày trong mã là %(day)s, chưa tới ngày này. Xem lại 6 chữ số giữa hai dấu gạch.") % {
            "day": f"{typed.date:%d/%m/%Y}"
        }
    return ""


def _wrong_serial(typed: Typed, unit: Unit | None) -> str:
    assert typed.date is not None
    values = {"serial": typed.serial, "day": f"{typed.date:%d/%m/%Y}", "unit": unit.agency if unit else ""}
    if unit is None:
        return (
            _("Không có hồ sơ nào nhận ngày %(day)s mang số thứ tự %(serial)s. Xem lại các chữ số của mã.")
            % values
        )
    return (
        _(
            "%(unit)s không có hồ sơ số thứ tự %(serial)s nhận ngày %(day)s. Xem lại các chữ số sau dấu gạch cuối."
        )
        % values
    )


# What anyone may read --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Happened:
    """One line of what happened, as anyone may read it."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Stop:
    """A station of the dossier's way. `state`: done, now or "" (still to come); `at`: when it was done or should be.
    The last one is the return of the result, on the promised day."""

    label: str
    state: str
    at: datetime | None
    last: bool = False


def events(dossier: Dossier) -> list[Event]:
    """The public events, the oldest first: one query."""
    return list(dossier.events.filter(public=True).select_related("unit").order_by("at", "pk"))


def happened(dossier: Dossier, public: list[Event]) -> list[Happened]:
    """What happened, the newest first, without a name, a paper or a reason."""
    lines = [Happened(one.at, words) for one in public if (words := _public_words(one))]
    if dossier.ready_at and not any(one.kind == "decided_at_once" for one in public):
        lines.append(Happened(dossier.ready_at, _ready_words(dossier)))
    return sorted(lines, key=lambda line: line.at)[::-1]


def runs(dossier: Dossier) -> list[StepRun]:
    """Its stays in steps, the oldest first: one query."""
    return list(dossier.runs.only("dossier", "step", "entered_at", "left_at").order_by("pk"))


def supplement_deadline(public: list[Event]) -> datetime | None:
    """Until when what was asked for last must be there."""
    asked = next((one for one in reversed(public) if one.kind == "supplement_asked"), None)
    return datetime.fromisoformat(str(asked.data["deadline"])) if asked else None


def _ready_words(dossier: Dossier) -> str:
    refused = dossier.stage == Stage.REFUSED_READY
    return _("Đã có văn bản trả lời") if refused else _("Đã có kết quả")


def _public_words(event: Event) -> str:
    """A sentence that says nothing personal; an event of a kind that is not listed here is not told."""
    data = event.data
    words = {
        "received": _("%(place)s nhận hồ sơ, phát giấy hẹn"),
        "imported": _("%(place)s nhận hồ sơ"),
        "forwarded": _("%(source)s nhận hộ và chuyển đến %(to)s"),
        "step_reached": "%(step)s",
        "supplement_asked": _("Yêu cầu bổ sung hồ sơ, hạn %(deadline)s"),
        "supplement_reminded": _("Nhắc bổ sung hồ sơ"),
        "resumed": _("Nhận đủ phần bổ sung, hẹn trả %(due)s"),
        "closed_unanswered": _("Kết thúc vì quá hạn bổ sung"),
        "new_date_signed": _("Xin lỗi và hẹn lại: %(new)s"),
        "handed_over": _("Đã trả kết quả"),
        "decided_at_once": _("Giải quyết và trả kết quả ngay tại quầy"),
        "withdrawn": _("Người nộp rút hồ sơ"),
        "stopped": _("Dừng giải quyết hồ sơ"),
    }.get(event.kind, "")
    english = wording.english() and data.get("public_words_en")
    return words % {
        "place": event.unit.agency if event.unit else "",
        "source": data.get("source", ""),
        "to": data.get("to", ""),
        "step": english or data.get("public_words", ""),
        **{key: _moment(data.get(key)) for key in ("deadline", "due", "new")},
    }


def _moment(value: object) -> str:
    try:
        return said.due(datetime.fromisoformat(str(value)))
    except ValueError:
        return ""


def promised(dossier: Dossier, public: list[Event]) -> datetime | None:
    """The new date of an apology that was signed too late to count: told to the applicant, yet late stays late."""
    for event in reversed(public):
        if event.kind == "new_date_signed" and not event.data.get("in_time", True):
            new = datetime.fromisoformat(str(event.data["new"]))
            return new if dossier.due_at and new > dossier.due_at else None
    return None


def route(dossier: Dossier, seen: queries.Tracking, stays: list[StepRun]) -> list[Stop]:
    """The stations of the way with when each was done, or should be done while the dossier is in time."""
    states = {"done": "done", "current": "now", "coming": ""}
    process = definition(dossier.procedure_version_id).case(dossier.case_key).process
    labels = {step.key: wording.station(wording.said(step, "public_words")) for step in process.steps}
    done = {labels[stay.step]: stay.left_at for stay in stays if stay.left_at and stay.step in labels}
    expected = _expected(dossier)
    stops = []
    for one in seen.route:
        label = wording.station(one.words)
        at = one.at
        if at is None:
            at = done.get(label) if one.state == "done" else expected.get(label)
        stops.append(Stop(label, states[one.state], at, last=one is seen.route[-1]))
    return stops


def _expected(dossier: Dossier) -> dict[str, datetime]:
    """When each station that is still to come should be done, by the hours of its steps; never after the due time."""
    if dossier.stage != Stage.PROCESSING or not dossier.due_at or dossier.due_at < clock.now():
        return {}
    process = definition(dossier.procedure_version_id).case(dossier.case_key).process
    path = queries.usual_path(process)
    at = dossier.step_due_at
    if at is None or not any(step.key == dossier.step for step in path):
        return {}
    ends: dict[str, datetime] = {}
    here = next(i for i, step in enumerate(path) if step.key == dossier.step)
    for i, step in enumerate(path[here:]):
        at = deadlines.after_hours(at, step.hours, dossier.unit) if i else at
        ends[wording.station(wording.said(step, "public_words"))] = min(at, dossier.due_at)
    return ends


# The second secret -----------------------------------------------------------------------------------------

WINDOW = timedelta(minutes=15)
"""For so long wrong secrets are remembered, from the first one."""
MOST_HERE, MOST_FROM, MOST_FOR = 5, 30, 60
"""Wrong secrets for one dossier from one address; from one address for any; for one dossier from anywhere (so many
that a stranger does not easily lock the applicant out, so few that 30^6 secrets cannot be tried)."""


def check_secret(dossier: Dossier, secret: str, address: str) -> bool:
    """Whether the second secret is right, in constant time. Raises `TooMany` after repeated wrong ones.

    Each try is counted before it is looked at, so that parallel ones cannot overtake the limit; a right one is given
    back, so that an applicant may look as often as they like.
    """
    network = limits.network(address)
    taken = limits.take(
        Limit("dossiers.secret", f"{dossier.pk} {network}", MOST_HERE, WINDOW),
        Limit("dossiers.secret from", network, MOST_FROM, WINDOW),
        Limit("dossiers.secret for", str(dossier.pk), MOST_FOR, WINDOW),
        says=lambda _ends_at: _(
            "Đã nhập sai mã riêng nhiều lần. Hãy thử lại sau 15 phút, hoặc hỏi tại nơi nộp hồ sơ."
        ),
    )
    typed = "".join(unicodedata.normalize("NFKC", secret[:40]).upper().split())
    right = hmac.compare_digest(typed.encode(), dossier.secret.encode())
    if right:
        limits.give_back(taken)
    return right
