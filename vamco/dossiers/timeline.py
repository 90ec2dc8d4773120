"""The timeline in words: each kind of event is one sentence for officers and, where public, one for the applicant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.procedures.wording import said
from vamco.web import words as written

from .models import Dossier, Event
from .rules import moves
from .rules.changes import Change, told


@dataclass(frozen=True)
class Line:
    """One line: when, what happened, who did it, in which unit, a second line where there is more to say, and what was
    put right, old beside new."""

    at: datetime
    kind: str
    text: str
    detail: str
    actor: str
    unit: str
    changes: tuple[Change, ...] = ()

    @property
    def more(self) -> str:
        """The second line with what was put right, as running text."""
        put_right = "; ".join(
            f"{change.label}: {change.old or '–'} → {change.new or '–'}" for change in self.changes
        )
        return f"{self.detail} ({put_right})" if put_right else self.detail


def lines(dossier: Dossier, *, public: bool = False) -> list[Line]:
    """The dossier's timeline, the newest first."""
    events = dossier.events.select_related("actor", "unit")
    if public:
        events = events.filter(public=True)
    names = _names(dossier)
    return [_line(dossier, event, public, names) for event in events.order_by("-at", "-pk")]


def _english() -> bool:
    return (get_language() or "vi").startswith("en")


def _names(dossier: Dossier) -> dict[str, str]:
    """English for the names of steps and of the ways out of them, which events keep in Vietnamese."""
    if not _english():
        return {}
    steps = moves.case_of(dossier).process.steps
    named: list[Any] = [thing for step in steps for thing in (step, *step.outcomes)]
    return {thing.name: said(thing) for thing in named}


def _line(dossier: Dossier, event: Event, public: bool, names: dict[str, str]) -> Line:
    text, detail = _words(event, public, names)
    return Line(
        event.at,
        event.kind,
        text,
        detail,
        "" if public else _who(event),
        event.unit.agency if event.unit else "",
        () if public else told(dossier, event.data),
    )


def _who(event: Event) -> str:
    """Who did it; a stand-in with the person for whom it was done."""
    if event.actor is None:
        return ""
    name, giver = event.actor.full_name, event.data.get("on_behalf_of")
    return _("%(who)s, theo ủy quyền của %(giver)s") % {"who": name, "giver": giver} if giver else name


def _moment(value: str) -> str:
    return written.due(clock.local(datetime.fromisoformat(value))) if value else ""


def _words(event: Event, public: bool, names: dict[str, str]) -> tuple[str, str]:
    data: dict[str, Any] = {"step": "", "outcome": "", "person": "", "reason": "", "unit": "", **event.data}
    data |= {key: names.get(data[key], data[key]) for key in ("step", "outcome")}
    if event.kind == "step_done":
        return f"{data['step']}: {data['outcome']}", data["reason"]
    if event.kind == "step_reached" and public:
        words = data.get("public_words_en") if _english() else data.get("public_words")
        return str(words or data["step"]), ""
    sentence, detail = _sentences(data, public).get(event.kind, (event.kind, data["reason"]))
    when = data.get("due") or data.get("new") if isinstance(data.get("due") or data.get("new"), str) else ""
    values = {
        **{key: ", ".join(value) if isinstance(value, list) else value for key, value in data.items()},
        "when": _moment(when or ""),
    }
    return sentence % _Blank(values), detail


def _sentences(data: dict[str, Any], public: bool) -> dict[str, tuple[str, str]]:
    """Each kind of event: its sentence, and what more there is to say."""
    return {
        "received": (_("Tiếp nhận hồ sơ tại %(unit)s"), data.get("note", "")),
        "refused_intake": (_("Không tiếp nhận"), f"{data['reason']} {data.get('directions', '')}".strip()),
        "forwarded": (_("%(source)s nhận hộ và chuyển đến %(to)s"), data.get("note", "")),
        "taken": (_("%(person)s nhận việc"), ""),
        "back_to_pool": (_("%(person)s không còn xử lý, hồ sơ về hàng chung của đơn vị"), ""),
        "assigned": (_("Giao cho %(person)s"), data["reason"]),
        "step_reached": (_("Đến bước %(step)s, báo người nộp"), ""),
        "sent_back": (_("Trả lại từ bước %(step)s"), data["reason"]),
        "taken_back": (_("Người gửi lấy lại, về bước %(step)s"), ""),
        "consulted": (_("Xin ý kiến %(unit)s, trả lời trước %(when)s"), data.get("question", "")),
        "consultation_answered": (_("%(unit)s đã cho ý kiến"), data.get("answer", "")),
        "note": (_("Ghi chú"), data.get("text", "")),
        "supplement_asked": (
            _("Yêu cầu bổ sung: %(items)s"),
            _("Hạn bổ sung: %(when)s") % {"when": _moment(data.get("deadline", ""))} + f". {data['reason']}",
        ),
        "supplement_reminded": (_("Nhắc bổ sung hồ sơ"), ""),
        "closing_drafted": (_("Quá hạn bổ sung, đã soạn thông báo kết thúc chờ xác nhận"), ""),
        "resumed": (_("Nhận đủ bổ sung, hẹn trả %(when)s"), data.get("note", "")),
        "closed_unanswered": (_("Kết thúc vì quá hạn bổ sung"), data["reason"]),
        "new_date_drafted": (_("Dự thảo phiếu xin lỗi và hẹn lại"), data["reason"]),
        "new_date_signed": (_("Xin lỗi và hẹn lại: %(when)s"), data["reason"]),
        "handed_over": (_("Trả kết quả"), "") if public else _handed_over(data),
        "withdrawn": (_("Công dân rút hồ sơ"), data["reason"]),
        "stopped": (_("Dừng giải quyết"), data["reason"]),
        "corrected": (_("Sửa hồ sơ"), data["reason"]),
        "applicant_corrected": (_("Đính chính người nộp"), data["reason"]),
        "moved": (_("Giám sát điều chuyển hồ sơ"), data["reason"]),
        "papers_added": (_("Thêm %(count)s giấy tờ"), ""),
        "imported": (_("Nhập từ bảng tính"), data.get("note", "")),
        "code_changed": (_("Mã hồ sơ ghi lại theo dạng chung: %(old)s thành %(code)s"), ""),
        "warned": (_("Nhắc sắp đến hạn"), ""),
        "decided_at_once": (_("Giải quyết ngay tại quầy, số %(number)s"), ""),
    }


def _handed_over(data: dict[str, Any]) -> tuple[str, str]:
    """Who collected the result, and on what proof."""
    proof, number = data.get("proof", ""), data.get("number", "")
    if data.get("instead"):
        with_number = _("Trả kết quả: %(collector)s nhận thay, giấy tờ số %(number)s")
        return with_number if number else _("Trả kết quả: %(collector)s nhận thay"), proof
    seen = ", ".join(filter(None, (proof, _("số %(number)s") % {"number": number} if number else "")))
    return _("Trả kết quả cho %(collector)s"), _("Giấy tờ đã xem: %(seen)s") % {"seen": seen} if seen else ""


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""
