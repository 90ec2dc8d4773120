"""What is wrong with a definition: everything at once, before it is published. Pure.

Each problem says where and what, in words for the person who edits the procedure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vamco.forms.conditions import fields_of
from vamco.forms.conditions import problems as condition_problems
from vamco.forms.field import FIELD_TYPES, Condition, Field
from vamco.organisation.offices import DEPARTMENTS, ROOMS

from . import paths
from .parts import (
    CHANNELS,
    DOES,
    ENDS,
    NATIONAL_STATUSES,
    NEEDS,
    PARTY_GROUPS,
    PARTY_KINDS,
    PARTY_ROLES,
    STEP_ROLES,
    TIERS,
    UNIT_RULES,
    Case,
    Definition,
    FeeLine,
    Process,
    Step,
)

HOURS_PER_DAY = 8
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{1,39}")
WHO = re.compile(r"pool|last_handler|lead|same|post:[a-z0-9_\-]{1,40}")
MOST_STEPS = 40


@dataclass(frozen=True)
class Problem:
    """`where`: a path of keys ("cases.thuong.process.ky_duyet"); `message`: what is wrong, what to do."""

    where: str
    message: str


def check(definition: Definition) -> list[Problem]:
    """Every reason not to publish the definition; an empty list when there is none."""
    found = list(_head(definition))
    found += _twice("cases", (case.key for case in definition.cases))
    if not definition.cases:
        found.append(Problem("cases", _("Thủ tục phải có ít nhất một trường hợp.")))
    for case in definition.cases:
        found += check_case(case)
    return list(dict.fromkeys(found))


def check_case(case: Case) -> list[Problem]:
    """Every problem of one case with its process."""
    where = f"cases.{case.key}"
    fields = {field.key: field for field in case.fields}
    found = list(_names(where, case.key, case.name, case.name_en))
    found += _fields(where, case)
    found += _papers(where, case, fields)
    found += _parties(where, case)
    found += _fees(where, case, fields)
    found += _limit(where, case, fields)
    found += _reasons(where, case)
    structure = list(_process(f"{where}.process", case.process))
    found += structure
    found += _result(where, case)
    if not structure:
        found += _time(where, case)
    return found


# --- the head ----------------------------------------------------------------------------------------------


def _head(definition: Definition) -> Iterator[Problem]:
    if not CODE.fullmatch(definition.code):
        yield Problem("code", _("Mã thủ tục gồm chữ, số, dấu chấm và gạch nối, ví dụ 1.004873."))
    yield from _texts("", name=definition.name, name_en=definition.name_en, decider=definition.decider)
    if definition.level not in (1, 2, 3, 4):
        yield Problem("level", _("Mức độ dịch vụ công trực tuyến là 1, 2, 3 hoặc 4."))
    yield from _known("tiers", definition.tiers, TIERS, at_least_one=True)
    yield from _known("subject_kinds", definition.subject_kinds, PARTY_KINDS, at_least_one=True)
    if not definition.legal_basis:
        yield Problem("legal_basis", _("Phải có ít nhất một căn cứ pháp lý."))
    for law in definition.legal_basis:
        yield from _texts("legal_basis", ref=law.ref, title=law.title)
    if definition.valid_to is not None and definition.valid_to < definition.valid_from:
        yield Problem("valid_to", _("Ngày hết hiệu lực không được trước ngày có hiệu lực."))


# --- what the applicant brings -----------------------------------------------------------------------------


def _fields(where: str, case: Case) -> Iterator[Problem]:
    where = f"{where}.fields"
    yield from _twice(where, (field.key for field in case.fields))
    steps = {step.key for step in case.process.steps}
    before: dict[str, Field] = {}
    for field in case.fields:
        here = f"{where}.{field.key}"
        yield from _names(here, field.key, field.label, field.label_en)
        if field.type not in FIELD_TYPES:
            yield Problem(here, _("Không có kiểu trường “%(what)s”.") % {"what": field.type})
        values = [option.value for option in field.options]
        if (field.type == "choice") != bool(values) or len(set(values)) != len(values) or "" in values:
            yield Problem(here, _("Trường chọn phải có các lựa chọn khác nhau; trường khác thì không."))
        if field.min is not None and field.max is not None and field.min > field.max:
            yield Problem(here, _("Giá trị nhỏ nhất lớn hơn giá trị lớn nhất."))
        if field.step is not None and field.step not in steps:
            yield Problem(here, _("Không có bước “%(what)s” để điền trường này.") % {"what": field.step})
        if field.pattern and not _compiles(field.pattern):
            yield Problem(here, _("Mẫu kiểm tra không đọc được."))
        # Only earlier fields, so that one pass from top to bottom decides what is shown.
        yield from _condition(here, field.when, before, officers=field.step is not None)
        before[field.key] = field


def _papers(where: str, case: Case, fields: dict[str, Field]) -> Iterator[Problem]:
    where = f"{where}.papers"
    yield from _twice(where, (paper.code for paper in case.papers))
    for paper in case.papers:
        here = f"{where}.{paper.code}"
        yield from _names(here, paper.code, paper.name, paper.name_en)
        yield from _known(here, [paper.kind], ("original", "certified", "copy", "any"))
        yield from _known(here, [paper.required], ("always", "when", "optional"))
        if paper.count < 1:
            yield Problem(here, _("Số lượng giấy tờ phải từ 1 trở lên."))
        if (paper.required == "when") != (paper.when is not None):
            yield Problem(here, _("Giấy tờ “khi” phải có điều kiện; giấy tờ khác thì không có."))
        yield from _condition(here, paper.when, fields)


def _parties(where: str, case: Case) -> Iterator[Problem]:
    where = f"{where}.parties"
    yield from _twice(where, (party.role for party in case.parties))
    if not any(party.role == "applicant" and party.required for party in case.parties):
        yield Problem(where, _("Phải có người nộp (applicant) là bên bắt buộc."))
    for party in case.parties:
        yield from _known(where, [party.role], PARTY_ROLES)
        yield from _known(where, party.kinds, PARTY_KINDS, at_least_one=True)


def _fees(where: str, case: Case, fields: dict[str, Field]) -> Iterator[Problem]:
    yield from _twice(f"{where}.fees", (line.key for line in case.fees))
    for key in case.quantity:
        if not _counts(fields.get(key)):
            yield Problem(
                f"{where}.quantity", _("“%(what)s” phải là trường số bắt buộc, từ 1 trở lên.") % {"what": key}
            )
    for line in case.fees:
        here = f"{where}.fees.{line.key}"
        yield from _names(here, line.key, line.name, line.name_en)
        yield from _known(here, [line.kind], ("fee", "charge"))
        yield from _known(here, (*line.exempt, *line.only), tuple(PARTY_GROUPS))
        yield from _known(here, line.channels, CHANNELS)
        yield from _condition(here, line.when, fields)
        yield from _tiers(here, line)
        for key in filter(None, (line.quantity_field, line.times_field)):
            if key not in case.quantity:
                yield Problem(here, _("Số lượng “%(what)s” chưa khai trong trường hợp này.") % {"what": key})


def _tiers(here: str, line: FeeLine) -> Iterator[Problem]:
    bounds = [tier.up_to for tier in line.tiers]
    inner = [bound for bound in bounds[:-1] if bound is not None]
    if not bounds or bounds[-1] is not None or len(inner) != len(bounds) - 1:
        yield Problem(here, _("Các bậc giá phải kết thúc bằng một bậc không giới hạn."))
    elif inner != sorted(set(inner)) or (inner and inner[0] < 1):
        yield Problem(here, _("Các bậc giá phải tăng dần."))
    if any(tier.price < 0 for tier in line.tiers) or (line.max_per is not None and line.max_per < 0):
        yield Problem(here, _("Mức phí không được âm."))
    if line.valid_from and line.valid_to and line.valid_to < line.valid_from:
        yield Problem(here, _("Ngày hết hiệu lực không được trước ngày có hiệu lực."))


def _limit(where: str, case: Case, fields: dict[str, Field]) -> Iterator[Problem]:
    where = f"{where}.limit"
    if not case.limit.source.text.strip():
        yield Problem(where, _("Thời hạn chưa ghi căn cứ."))
    limits = [(case.limit.amount, case.limit.unit)] + [(o.amount, o.unit) for o in case.limit.overrides]
    for amount, unit in limits:
        yield from _known(where, [unit], ("at_once", "working_day", "working_hour"))
        if (amount == 0) != (unit == "at_once") or amount < 0:
            yield Problem(where, _("Thời hạn phải từ 1 trở lên; giải quyết ngay thì là 0."))
    if case.at_once != (case.limit.unit == "at_once"):
        yield Problem(where, _("Trường hợp giải quyết ngay phải có thời hạn “ngay”, và ngược lại."))
    if case.at_once and not any(
        outcome.to == "ready"
        for step in case.process.steps
        if step.key == case.process.first
        for outcome in step.outcomes
    ):
        yield Problem(where, _("Giải quyết ngay thì bước đầu tiên phải kết thúc được bằng “có kết quả”."))
    for other in case.limit.overrides:
        yield from _known(where, [other.channel], ("", *CHANNELS))
        yield from _condition(where, other.when, fields)


def _reasons(where: str, case: Case) -> Iterator[Problem]:
    yield from _twice(f"{where}.refusal_reasons", (reason.key for reason in case.refusal_reasons))
    for reason in case.refusal_reasons:
        yield from _names(f"{where}.refusal_reasons.{reason.key}", reason.key, reason.text, reason.text_en)
    refuses = any(out.does == "refuse" for step in case.process.steps for out in step.outcomes)
    if refuses and not case.refusal_reasons:
        yield Problem(f"{where}.refusal_reasons", _("Quy trình có từ chối nên phải có lý do từ chối."))


# --- the process -------------------------------------------------------------------------------------------


def _process(where: str, process: Process) -> Iterator[Problem]:
    """Whether every step can be reached and left, and every outcome leads somewhere."""
    if not process.steps:
        yield Problem(where, _("Quy trình chưa có bước nào. Hãy thêm bước đầu tiên."))
        return
    if not process.source.text.strip():
        yield Problem(where, _("Quy trình chưa ghi lấy từ đâu."))
    yield from _twice(where, (step.key for step in process.steps))
    steps = {step.key for step in process.steps}
    if process.first not in steps:
        yield Problem(where, _("Không có bước đầu tiên “%(what)s”.") % {"what": process.first})
        return
    if len(steps) > MOST_STEPS:
        yield Problem(where, _("Quy trình có quá nhiều bước (tối đa %(most)d).") % {"most": MOST_STEPS})
        return
    for step in process.steps:
        yield from _step(f"{where}.{step.key}", step, steps)
    graph = graph_of(process)
    seen = paths.reached(graph, [process.first])
    closing = paths.leading_to(graph, ENDS)
    for step in process.steps:
        if step.key not in seen:
            yield Problem(f"{where}.{step.key}", _("Không có nhánh nào dẫn đến bước này."))
        elif step.key not in closing:
            yield Problem(f"{where}.{step.key}", _("Từ bước này không có cách nào kết thúc hồ sơ."))
    if "ready" not in seen:
        yield Problem(where, _("Không có nhánh nào dẫn đến “có kết quả”."))


def _step(here: str, step: Step, steps: set[str]) -> Iterator[Problem]:
    yield from _names(here, step.key, step.name, step.name_en)
    yield from _texts(here, public_words=step.public_words, public_words_en=step.public_words_en)
    yield from _known(here, [step.role], STEP_ROLES)
    if not _unit_rule(step.unit_rule):
        yield Problem(here, _("Không có quy tắc đơn vị “%(what)s”.") % {"what": step.unit_rule})
    if step.hours < 0:
        yield Problem(here, _("Số giờ của bước không được âm."))
    if step.status not in NATIONAL_STATUSES:
        yield Problem(here, _("Trạng thái quốc gia là số từ 1 đến 10."))
    yield from _twice(here, (outcome.key for outcome in step.outcomes))
    for outcome in step.outcomes:
        there = f"{here}.{outcome.key}"
        yield from _names(there, outcome.key, outcome.name, outcome.name_en)
        if outcome.to not in steps and outcome.to not in ENDS:
            yield Problem(there, _("Không có bước “%(what)s” để chuyển tới.") % {"what": outcome.to})
        yield from _known(there, sorted(outcome.needs), tuple(sorted(NEEDS)))
        yield from _known(there, [outcome.does], DOES)
        if not WHO.fullmatch(outcome.who):
            yield Problem(there, _("Không có quy tắc người nhận “%(what)s”.") % {"what": outcome.who})
        if outcome.back and outcome.to in ENDS:
            yield Problem(there, _("“Trả lại” phải trả về một bước, không kết thúc hồ sơ."))
        if outcome.does == "refuse" and "reason" not in outcome.needs:
            yield Problem(there, _("Từ chối phải nêu lý do."))
        if (outcome.does == "approve") != ("signature" in outcome.needs):
            yield Problem(there, _("Cần “chữ ký” khi và chỉ khi cách xử lý là “ký duyệt”."))


def graph_of(process: Process) -> dict[str, list[str]]:
    """Where each step's outcomes lead: steps and ends."""
    return {step.key: [outcome.to for outcome in step.outcomes] for step in process.steps}


def _result(where: str, case: Case) -> Iterator[Problem]:
    """A result type where the process makes, signs or numbers a result, a book where it numbers."""
    for step in case.process.steps:
        for out in step.outcomes:
            here = f"{where}.process.{step.key}.{out.key}"
            makes = out.does == "draft" or "result" in out.needs
            if makes and case.result is None:
                yield Problem(here, _("Kết luận này tạo kết quả nhưng trường hợp chưa có loại kết quả."))
            if out.does == "number" and case.result is None and not case.book:
                yield Problem(here, _("Kết luận này vào sổ nhưng trường hợp chưa có sổ hay loại kết quả."))
            if out.to == "refused_ready" and out.does not in ("refuse", "approve"):
                yield Problem(here, _("Chỉ khi lập hoặc ký văn bản từ chối mới được kết thúc bằng từ chối."))
    outcomes = [out for step in case.process.steps for out in step.outcomes]
    approves = any(out.does == "approve" and out.to != "refused_ready" for out in outcomes)
    if approves and case.result is None and not case.book:
        yield Problem(f"{where}.result", _("Quy trình ký duyệt kết quả nhưng chưa có loại kết quả."))
    if case.result is not None:
        yield from _names(f"{where}.result", case.result.key, case.result.name, case.result.name_en)
        if case.result.validity_months is not None and case.result.validity_months < 1:
            yield Problem(f"{where}.result", _("Thời hạn hiệu lực tính bằng tháng, từ 1 trở lên."))


def _time(where: str, case: Case) -> Iterator[Problem]:
    """The longest course compared with every limit of the case (office hours)."""
    if case.at_once:
        return
    process = case.process
    try:
        hours, way = paths.longest(graph_of(process), {s.key: s.hours for s in process.steps}, process.first)
    except paths.TooTangled:
        yield Problem(
            f"{where}.process", _("Quy trình quá phức tạp nên không tính được thời gian. Hãy bớt nhánh.")
        )
        return
    limits = [(case.limit.amount, case.limit.unit)] + [(o.amount, o.unit) for o in case.limit.overrides]
    for amount, unit in limits:
        allowed = amount * (HOURS_PER_DAY if unit == "working_day" else 1)
        if unit != "at_once" and hours > allowed:
            yield Problem(
                f"{where}.limit",
                _("Đường đi dài nhất (%(way)s) mất %(hours)d giờ, quá thời hạn %(allowed)d giờ.")
                % {"way": " → ".join(way), "hours": hours, "allowed": allowed},
            )


# --- small words -------------------------------------------------------------------------------------------


def _names(where: str, key: str, name: str, name_en: str) -> Iterator[Problem]:
    if not KEY.fullmatch(key):
        yield Problem(where, _("Khóa gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ."))
    yield from _texts(where, name=name, name_en=name_en)


def _texts(where: str, **texts: str) -> Iterator[Problem]:
    for name, text in texts.items():
        if not text.strip():
            yield Problem(".".join(filter(None, (where, name))), _("Không được để trống."))


def _twice(where: str, keys: Iterable[str]) -> Iterator[Problem]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Problem(where, _("Khóa “%(key)s” bị trùng.") % {"key": key})


def _known(
    where: str, values: Iterable[str], known: tuple[str, ...], *, at_least_one: bool = False
) -> Iterator[Problem]:
    values = list(values)
    if at_least_one and not values:
        yield Problem(where, _("Phải chọn ít nhất một: %(known)s.") % {"known": ", ".join(known)})
    for value in values:
        if value not in known:
            yield Problem(
                where,
                _("Không có “%(what)s”; chỉ có: %(known)s.") % {"what": value, "known": ", ".join(known)},
            )


def _condition(
    where: str, condition: Condition | None, fields: dict[str, Field], *, officers: bool = False
) -> Iterator[Problem]:
    """What is wrong with a condition; `officers`: it may read what officers fill at their steps."""
    found = condition_problems(condition, fields)
    for message in found:
        yield Problem(where, message)
    if not found:
        for key in sorted(fields_of(condition)):
            if fields[key].step is not None and not officers:
                yield Problem(
                    where,
                    _("Trường “%(key)s” do cán bộ điền sau, không làm điều kiện ở đây được.") % {"key": key},
                )


def _counts(field: Field | None) -> bool:
    return (
        field is not None
        and field.type == "number"
        and field.required
        and field.when is None
        and field.step is None
        and field.min is not None
        and field.min >= 1
    )


def _unit_rule(rule: str) -> bool:
    kind, _colon, key = rule.partition(":")
    return rule in UNIT_RULES or (kind == "room" and key in ROOMS) or (kind == "dept" and key in DEPARTMENTS)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return len(pattern) <= 200
