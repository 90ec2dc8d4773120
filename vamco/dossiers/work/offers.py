"""What an actor may do with a dossier now, and the input that each action needs: the same list for page and API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from inspect import Parameter, signature
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import Action
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound
from vamco.procedures.definition import ENDS, Outcome, Step

from .. import actions
from ..models import OPEN, TO_COLLECT, Dossier, Stage
from ..papers import drafting
from ..rules import moves
from ..rules.application import Application, PaperInput, PartyInput


@dataclass(frozen=True)
class Input:
    """One input of an action. `type`: text, longtext, integer, date-time, file, person, run, step, unit, items, papers,
    answers, reasons, application."""

    name: str
    type: str
    required: bool = False
    label: str = ""


@dataclass(frozen=True)
class Offer:
    """An action that the actor may do now. `key` is its name in the API; `outcome` the way out of the step that it is;
    `main` marks the one button that stands out; `shortcut` its key on the page."""

    key: str
    label: str
    inputs: tuple[Input, ...] = ()
    outcome: str = ""
    main: bool = False
    back: bool = False
    shortcut: str = ""
    question: str = ""


def offers(actor: Actor, dossier: Dossier) -> list[Offer]:
    """Everything that the actor may do with the dossier now, the most likely first."""
    found: list[Offer] = []
    if dossier.stage == Stage.PROCESSING:
        found += _in_step(actor, dossier)
    elif dossier.stage == Stage.SUPPLEMENT:
        found += _while_waiting(actor, dossier)
    elif dossier.stage in TO_COLLECT and actor.may_at("dossiers.hand_over", [dossier.unit_id]):
        found.append(
            Offer(
                "hand_over",
                _("Trả kết quả"),
                (
                    Input("collector", "text", label=_("Người nhận, nếu không phải người nộp")),
                    Input("collector_number", "text", label=_("Số giấy tờ tùy thân của người nhận")),
                    Input("proof", "text", label=_("Giấy tờ đã xem: giấy tờ tùy thân, giấy ủy quyền ...")),
                ),
                main=True,
                shortcut="t",
            )
        )
    found += _always(actor, dossier)
    return [one for one in found if actor.signs or not _RUN[one.key].signs]


def _in_step(actor: Actor, dossier: Dossier) -> list[Offer]:
    found: list[Offer] = []
    step = moves.step_of(dossier)
    here = [dossier.holder_unit_id]
    mine = dossier.holder_id in (None, actor.user_id, *actor.stands_in_for) or actor.everything
    may_step = actor.may_at("dossiers.work", here) and actor.may_at(f"step.{step.role}", here)
    if may_step and mine:
        found += _outcomes(actor, dossier, step)
        if dossier.holder_id is None and actor.user_id:
            found.append(Offer("take", _("Nhận việc"), shortcut="n"))
        if step.may_consult and actor.may_at("dossiers.consult", here):
            found.append(
                Offer(
                    "consult",
                    _("Xin ý kiến đơn vị khác"),
                    (
                        Input("unit", "unit", True, _("Đơn vị được hỏi")),
                        Input("question", "longtext", True, _("Nội dung xin ý kiến")),
                        Input("days", "integer", label=_("Trả lời trong (ngày làm việc)")),
                    ),
                    shortcut="y",
                )
            )
        earlier = dossier.runs.filter(left_at__isnull=False).exclude(step=dossier.step).exists()
        if earlier:
            found.append(
                Offer(
                    "send_back",
                    _("Trả về bước trước"),
                    (Input("run", "run", True, _("Về bước")), Input("reason", "longtext", True, _("Lý do"))),
                    back=True,
                    shortcut="r",
                )
            )
        if moves.case_of(dossier).step_fields(step.key):
            found.append(Offer("draft", _("Lưu dự thảo"), (Input("answers", "answers", True),), shortcut="s"))
    if _may_ask(actor, dossier, step, mine):
        found.append(
            Offer(
                "request_supplement",
                _("Yêu cầu bổ sung"),
                (
                    Input("items", "items", True, _("Cần bổ sung, mỗi dòng một giấy tờ")),
                    Input("reason", "longtext", True, _("Lý do")),
                    Input("days", "integer", label=_("Hạn bổ sung (ngày làm việc)")),
                ),
                shortcut="b",
            )
        )
    if actor.may_at("dossiers.assign", here):
        found.append(
            Offer(
                "assign",
                _("Chuyển người khác"),
                (
                    Input("person", "person", True, _("Người nhận")),
                    Input("reason", "text", label=_("Ghi chú")),
                ),
                shortcut="a",
            )
        )
    found += _dates(actor, dossier, mine)
    run = moves.open_run(dossier)
    before = moves.previous_run(dossier)
    if (
        run
        and before
        and run.opened_at is None
        and run.sent_by_id == actor.user_id
        and before.person_id in (actor.user_id, *actor.stands_in_for)
    ):
        found.append(Offer("take_back", _("Lấy lại"), shortcut="l"))
    return found


def _may_ask(actor: Actor, dossier: Dossier, step: Step, mine: bool) -> bool:
    return (
        step.may_supplement
        and mine
        and actor.may_at("dossiers.supplement", dossier.permission_units())
        and not actions.why_no_supplement(dossier, clock.now())
    )


def _outcomes(actor: Actor, dossier: Dossier, step: Step) -> Iterable[Offer]:
    english = (get_language() or "vi").startswith("en")
    fields = bool(moves.case_of(dossier).step_fields(step.key))
    for i, way in enumerate(step.outcomes):
        if not actor.signs and drafting.signs_by(dossier, way):
            continue
        inputs = []
        if fields and not way.back and way.does != "refuse":
            inputs.append(Input("answers", "answers"))
        if way.does == "refuse":
            inputs.append(Input("reasons", "reasons", True, _("Lý do từ chối")))
        if "reason" in way.needs:
            inputs.append(Input("reason", "longtext", True, _("Lý do")))
        if "file" in way.needs:
            inputs.append(Input("file", "file", True, _("Tệp đính kèm")))
        if _may_choose(dossier, way):
            inputs.append(Input("to_person", "person", label=_("Giao cho")))
        key = "t" if i == 0 else "c" if way.does == "refuse" else ""
        yield Offer(
            "advance",
            way.name_en if english and way.name_en else way.name,
            tuple(inputs),
            outcome=way.key,
            main=i == 0,
            back=way.back,
            shortcut=key,
        )


def _may_choose(dossier: Dossier, way: Outcome) -> bool:
    """Whether the sender may name who gets the dossier next: where somebody examines or decides, out of a pool."""
    if way.to in ENDS or way.who != "pool":
        return False
    return moves.case_of(dossier).process.step(way.to).role in ("specialist", "head", "leader")


def _dates(actor: Actor, dossier: Dossier, mine: bool) -> Iterable[Offer]:
    draft = dossier.new_dates.filter(signed_at__isnull=True).first()
    if draft is None and mine and actor.may_at("dossiers.new_date", [dossier.holder_unit_id]):
        yield Offer(
            "draft_new_date",
            _("Hẹn lại ngày trả"),
            (
                Input("days", "integer", True, _("Thêm bao nhiêu ngày làm việc")),
                Input("reason", "longtext", label=_("Lý do")),
            ),
            shortcut="g",
        )
    if draft is not None and actor.may_at(
        "dossiers.sign_new_date", {dossier.unit_id, dossier.holder_unit_id, *dossier.unit.path[-2:]}
    ):
        yield Offer(
            "sign_new_date",
            _("Ký phiếu xin lỗi, hẹn lại"),
            (
                Input("reason", "longtext", True, _("Lý do chậm")),
                Input("new_due_at", "date-time", label=_("Ngày hẹn mới")),
            ),
            shortcut="k",
        )


def _while_waiting(actor: Actor, dossier: Dossier) -> list[Offer]:
    found = []
    if actor.may_at("dossiers.resume", dossier.permission_units()):
        found.append(
            Offer(
                "resume",
                _("Nhận bổ sung"),
                (Input("papers", "papers"), Input("note", "text", label=_("Ghi chú"))),
                main=True,
                shortcut="t",
            )
        )
    asked = dossier.supplements.filter(answered_at__isnull=True).first()
    if asked and asked.closing_drafted_at and actor.may_at("dossiers.close", dossier.permission_units()):
        found.append(
            Offer(
                "close_unanswered",
                _("Xác nhận kết thúc vì quá hạn bổ sung"),
                (Input("reason", "longtext", label=_("Lý do")),),
            )
        )
    return found


def _always(actor: Actor, dossier: Dossier) -> list[Offer]:
    found = []
    if dossier.stage in OPEN:
        if actor.may_at("dossiers.correct", [dossier.unit_id]) and not actions.work_started(dossier):
            found.append(
                Offer(
                    "correct",
                    _("Sửa hồ sơ"),
                    (
                        Input("application", "application", True),
                        Input("reason", "longtext", True, _("Lý do sửa")),
                    ),
                )
            )
        if actor.may_at("dossiers.hand_over", [dossier.unit_id]):
            found.append(
                Offer(
                    "withdraw", _("Công dân rút hồ sơ"), (Input("reason", "longtext", True, _("Lý do rút")),)
                )
            )
        if actor.may_at("dossiers.supervise", dossier.unit.path):
            found.append(
                Offer(
                    "stop", _("Dừng giải quyết"), (Input("reason", "longtext", True, _("Lý do và căn cứ")),)
                )
            )
            found.append(
                Offer(
                    "correct_applicant",
                    _("Đính chính người nộp"),
                    (
                        Input("name", "text", True, _("Họ và tên đúng")),
                        Input("id_number", "text", label=_("Số giấy tờ đúng, nếu hồ sơ ghi nhầm người")),
                        Input("phone", "text", label=_("Điện thoại")),
                        Input("email", "text", label=_("Thư điện tử")),
                        Input("address", "text", label=_("Địa chỉ")),
                        Input("reason", "longtext", True, _("Lý do")),
                    ),
                )
            )
            if dossier.stage == Stage.PROCESSING:
                found.append(
                    Offer(
                        "move",
                        _("Điều chuyển hồ sơ bị kẹt"),
                        (
                            Input("step", "step", True, _("Đến bước")),
                            Input("person", "person", label=_("Giao cho")),
                            Input("reason", "longtext", True, _("Lý do")),
                        ),
                    )
                )
    if dossier.ended_at is None and actor.may_at("dossiers.correct", [dossier.unit_id]):
        found.append(Offer("add_papers", _("Thêm giấy tờ"), (Input("papers", "papers", True),)))
    if actor.may_at("dossiers.note", dossier.units.values_list("unit_id", flat=True)):
        found.append(
            Offer(
                "note",
                _("Ghi chú"),
                (Input("text", "longtext", True, _("Nội dung, @tên để báo đồng nghiệp")),),
                shortcut="n" if dossier.holder_id else "",
            )
        )
    return found


# Carrying out ----------------------------------------------------------------------------------------------

_RUN: dict[str, Action[Dossier, ..., Dossier]] = {
    name: getattr(actions, name)
    for name in (
        "advance",
        "take",
        "assign",
        "draft",
        "send_back",
        "take_back",
        "consult",
        "note",
        "request_supplement",
        "resume",
        "close_unanswered",
        "draft_new_date",
        "sign_new_date",
        "hand_over",
        "withdraw",
        "stop",
        "correct",
        "correct_applicant",
        "move",
        "add_papers",
    )
}


def perform(actor: Actor, dossier: Dossier, key: str, inputs: Mapping[str, Any]) -> Dossier:
    """Do the action of that key with raw inputs, as page and API hand them in.

    Raises `NotFound` for an unknown action and `Invalid`, naming the field, for an input of the wrong kind.
    """
    run = _RUN.get(key)
    if run is None:
        raise NotFound(
            _("Không có việc «%(key)s». Các việc làm được: %(known)s.")
            % {"key": key[:40], "known": ", ".join(_RUN)}
        )
    return run(actor, dossier, **_typed(key, inputs))


_TEXTS = {
    "outcome",
    "reason",
    "question",
    "text",
    "note",
    "collector",
    "collector_number",
    "proof",
    "name",
    "id_number",
    "phone",
    "email",
    "address",
    "step",
    "unit",
}
_NUMBERS = {"version", "person", "to_person", "file", "run", "days"}


def _typed(key: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    known = _parameters(key)
    typed: dict[str, Any] = {}
    for name, value in inputs.items():
        if name not in known:
            raise Invalid(_("Việc này không có mục «%(name)s».") % {"name": name[:40]}, field=name)
        if value is None and default(key, name) is not None:
            continue
        typed[name] = _value(name, value)
    missing = [name for name in required(key) if name not in typed]
    if missing:
        raise Invalid(
            _("Còn thiếu thông tin; xem từng mục."), fields={name: _("Hãy nhập mục này.") for name in missing}
        )
    return typed


@cache
def _parameters(key: str) -> Mapping[str, Parameter]:
    named = signature(_RUN[key].function).parameters
    return {name: one for name, one in named.items() if one.kind is Parameter.KEYWORD_ONLY}


def required(key: str) -> set[str]:
    """The inputs without which an action can't be called."""
    return {name for name, one in _parameters(key).items() if one.default is Parameter.empty}


def default(key: str, name: str) -> Any:
    """What an action takes for an input that is not given."""
    one = _parameters(key).get(name)
    return None if one is None or one.default is Parameter.empty else one.default


def _value(name: str, value: Any) -> Any:
    try:
        if name in _TEXTS:
            if not isinstance(value, str):
                raise TypeError
            return value
        if name in _NUMBERS:
            return None if value in (None, "") else int(value)
        if name == "answers":
            return {str(k): v for k, v in value.items()}
        if name == "reasons":
            return tuple(str(one) for one in value)
        if name == "items":
            return [
                (str(one["name"]), str(one.get("fault", ""))) if isinstance(one, Mapping) else (str(one), "")
                for one in value
            ]
        if name == "papers":
            return tuple(paper_input(one) for one in value)
        if name == "application":
            return application_input(value)
        if name == "new_due_at":
            when = value if isinstance(value, datetime) else datetime.fromisoformat(value) if value else None
            if when is not None and when.tzinfo is None:
                raise ValueError
            return when
    except (TypeError, ValueError, KeyError, AttributeError):
        pass
    raise Invalid(_("Mục này không đúng kiểu dữ liệu. Hãy nhập lại."), field=name)


def paper_input(raw: Any) -> PaperInput:
    """A paper as JSON gives it."""
    if isinstance(raw, PaperInput):
        return raw
    return PaperInput(
        code=str(raw["code"]),
        originals=int(raw.get("originals") or 0),
        copies=int(raw.get("copies") or 0),
        verdict=str(raw.get("verdict") or ""),
        remark=str(raw.get("remark") or ""),
        file=int(raw["file"]) if raw.get("file") else None,
    )


def application_input(raw: Any) -> Application:
    """An application as JSON gives it; the API's own schema has checked its shape."""
    if isinstance(raw, Application):
        return raw
    parties = tuple(
        PartyInput(
            **{
                key: one[key]
                for key in (
                    "name",
                    "role",
                    "kind",
                    "id_number",
                    "phone",
                    "email",
                    "address",
                    "birth_date",
                    "gender",
                    "nationality",
                    "same_person",
                )
                if one.get(key)
            },
            groups=tuple(one.get("groups") or ()),
        )
        for one in raw["parties"]
    )
    return Application(
        procedure=str(raw["procedure"]),
        parties=parties,
        case=str(raw.get("case") or ""),
        channel=str(raw.get("channel") or "counter"),
        answers=dict(raw.get("fields") or {}),
        papers=tuple(paper_input(one) for one in raw.get("papers") or ()),
        summary=str(raw.get("summary") or ""),
        return_by=str(raw.get("return_by") or "counter"),
        pay=str(raw.get("pay") or "on_return"),
        note=str(raw.get("note") or ""),
    )
