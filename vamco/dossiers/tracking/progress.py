"""Where a dossier is, for anyone who has its code: no personal data."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from vamco.core import clock
from vamco.core.errors import NotFound
from vamco.core.rows import find as find_rows
from vamco.procedures import wording
from vamco.procedures.definition import definition
from vamco.web import words

from .. import queries
from ..models import Dossier, Event, Stage, StepRun, codes
from ..rules import deadlines


@dataclass(frozen=True)
class RouteStep:
    """One station of a dossier's route as the public reads it. `state`: done, current, coming."""

    words: str
    state: str
    at: datetime | None


@dataclass(frozen=True)
class Tracking:
    """What anyone may know of a dossier by its code: no personal data."""

    code: str
    procedure: str
    status: int
    words: str
    unit: str
    place: str
    received_at: datetime
    due_at: datetime | None
    state: str
    left: int | None
    ended_at: datetime | None
    route: list[RouteStep] = field(default_factory=list)


_BEEN = "ARRAY(SELECT step FROM dossiers_steprun WHERE dossier_id = dossiers_dossier.id ORDER BY id)"


def track(code: str) -> Dossier:
    """A dossier for the public page, with its units and, in `been`, the steps in which it stood, in their order. Raises
    `NotFound`."""
    typed = codes.tidy(code)
    found = codes.is_code(typed) and find_rows(
        Dossier,
        "dossiers_dossier.code = %s",
        [typed],
        without=("search", "answers", "secret_answers", "secret"),
        related=("unit", "holder_unit"),
        more=(("been", _BEEN),),
    )
    if not found:
        raise NotFound(
            _(
                "Không tìm thấy hồ sơ có mã này. Hãy xem lại mã in trên giấy tiếp nhận: gồm mã cơ quan, ngày nộp và số thứ tự."
            )
        )
    return found[0]


def tracking_of(dossier: Dossier) -> Tracking:
    """The public view of a dossier that `track` found."""
    left, state = queries.standing(dossier, clock.now())
    return Tracking(
        code=dossier.code,
        procedure=queries.name_of(dossier),
        status=dossier.status,
        words=public_words(dossier),
        unit=dossier.holder_unit.agency if dossier.is_open else dossier.unit.agency,
        place=dossier.unit.agency,
        received_at=dossier.received_at,
        due_at=dossier.due_at,
        state=state,
        left=left,
        ended_at=dossier.ended_at,
        route=_route(dossier),
    )


def public_words(dossier: Dossier) -> str:
    """Where the dossier is, in the words that the public reads."""
    if dossier.stage == Stage.PROCESSING:
        step = definition(dossier.procedure_version_id).case(dossier.case_key).process.step(dossier.step)
        return wording.said(step, "public_words")
    return _(_PUBLIC_WORDS[dossier.stage])


_PUBLIC_WORDS = {
    Stage.SUPPLEMENT.value: gettext_noop("Chờ ông/bà bổ sung hồ sơ"),
    Stage.READY.value: gettext_noop("Đã có kết quả, mời ông/bà đến nhận"),
    Stage.REFUSED_READY.value: gettext_noop("Đã có văn bản trả lời, mời ông/bà đến nhận"),
    Stage.RETURNED.value: gettext_noop("Đã trả kết quả"),
    Stage.WITHDRAWN.value: gettext_noop("Ông/bà đã rút hồ sơ"),
    Stage.STOPPED.value: gettext_noop("Đã dừng giải quyết"),
    Stage.REFUSED.value: gettext_noop("Không được tiếp nhận"),
}


def _route(dossier: Dossier) -> list[RouteStep]:
    """The stations received, each public step of the usual path once, returned. Of a dossier on which work is over only
    the stations where it was: who is refused has not been signed for, and what was withdrawn is not returned."""
    process = definition(dossier.procedure_version_id).case(dossier.case_key).process
    path = wording.usual_path(process)
    decided, ended = dossier.ready_at is not None, dossier.ended_at is not None
    if decided or ended:
        steps = {step.key: step for step in process.steps}
        path = [steps[key] for key in dict.fromkeys(dossier.been) if key in steps]
    labels = list(dict.fromkeys(wording.said(step, "public_words") for step in path))
    current = next((step for step in process.steps if step.key == dossier.step), None)
    here = wording.said(current, "public_words") if current else ""
    if here and here not in labels:
        labels.append(here)
    position = labels.index(here) if here else len(labels)
    route = [RouteStep(_("Tiếp nhận"), "done", dossier.received_at)]
    route += [
        RouteStep(label, "done" if i < position else "current" if i == position else "coming", None)
        for i, label in enumerate(labels)
    ]
    if ended and dossier.stage != Stage.RETURNED:
        return route
    state = "done" if ended else "current" if decided else "coming"
    last = pgettext("station", "Trả kết quả")
    return [*route, RouteStep(last, state, dossier.ended_at or dossier.due_at)]


@dataclass(frozen=True)
class Happening:
    """One line of what happened, as anyone may read it."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Stop:
    """A station of the route with its time. `state`: done, now or "" (still to come); `at`: when it was done or should be.
    The last one is the return of the result, on the promised day."""

    label: str
    state: str
    at: datetime | None
    last: bool = False


def events(dossier: Dossier) -> list[Event]:
    """The public events, the oldest first: one query."""
    return list(dossier.events.filter(public=True).select_related("unit").order_by("at", "pk"))


def happenings(dossier: Dossier, public: list[Event]) -> list[Happening]:
    """What happened, the newest first, without a name, a paper or a reason."""
    lines = [Happening(event.at, text) for event in public if (text := _public_words(event))]
    if dossier.ready_at and not any(event.kind == "decided_at_once" for event in public):
        lines.append(Happening(dossier.ready_at, _ready_words(dossier)))
    return sorted(lines, key=lambda line: line.at)[::-1]


def runs(dossier: Dossier) -> list[StepRun]:
    """Its stays in steps, the oldest first: one query."""
    return list(dossier.runs.only("dossier", "step", "entered_at", "left_at").order_by("pk"))


def supplement_deadline(public: list[Event]) -> datetime | None:
    """Until when what was asked for last must be there."""
    request = next((event for event in reversed(public) if event.kind == "supplement_asked"), None)
    return datetime.fromisoformat(str(request.data["deadline"])) if request else None


def _ready_words(dossier: Dossier) -> str:
    refused = dossier.stage == Stage.REFUSED_READY
    return _("Đã có văn bản trả lời") if refused else _("Đã có kết quả")


def _public_words(event: Event) -> str:
    """A sentence that says nothing personal; kinds of events that are not listed here are left out."""
    data = event.data
    text = {
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
    return text % {
        "place": event.unit.agency if event.unit else "",
        "source": data.get("source", ""),
        "to": data.get("to", ""),
        "step": english or data.get("public_words", ""),
        **{key: _moment(data.get(key)) for key in ("deadline", "due", "new")},
    }


def _moment(value: object) -> str:
    try:
        return words.due(datetime.fromisoformat(str(value)))
    except ValueError:
        return ""


def promised(dossier: Dossier, public: list[Event]) -> datetime | None:
    """The new date of an apology that was signed too late to count: told to the applicant, yet late stays late."""
    for event in reversed(public):
        if event.kind == "new_date_signed" and not event.data.get("in_time", True):
            new = datetime.fromisoformat(str(event.data["new"]))
            return new if dossier.due_at and new > dossier.due_at else None
    return None


def route(dossier: Dossier, tracking: Tracking, stays: list[StepRun]) -> list[Stop]:
    """The stations of the route with when each was done, or should be done while the dossier is in time."""
    states = {"done": "done", "current": "now", "coming": ""}
    process = definition(dossier.procedure_version_id).case(dossier.case_key).process
    labels = {step.key: wording.station(wording.said(step, "public_words")) for step in process.steps}
    done = {labels[stay.step]: stay.left_at for stay in stays if stay.left_at and stay.step in labels}
    expected = _expected(dossier)
    stops = []
    for step in tracking.route:
        label = wording.station(step.words)
        at = step.at
        if at is None:
            at = done.get(label) if step.state == "done" else expected.get(label)
        stops.append(Stop(label, states[step.state], at, last=step is tracking.route[-1]))
    return stops


def _expected(dossier: Dossier) -> dict[str, datetime]:
    """When each station that is still to come should be done, by the hours of its steps; never after the due time."""
    if dossier.stage != Stage.PROCESSING or not dossier.due_at or dossier.due_at < clock.now():
        return {}
    process = definition(dossier.procedure_version_id).case(dossier.case_key).process
    path = wording.usual_path(process)
    at = dossier.step_due_at
    if at is None or not any(step.key == dossier.step for step in path):
        return {}
    ends: dict[str, datetime] = {}
    here = next(i for i, step in enumerate(path) if step.key == dossier.step)
    for i, step in enumerate(path[here:]):
        at = deadlines.after_hours(at, step.hours, dossier.unit) if i else at
        ends[wording.station(wording.said(step, "public_words"))] = min(at, dossier.due_at)
    return ends
