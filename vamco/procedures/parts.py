"""A procedure's version as frozen data: what every room above reads, never the rows.

A published version never changes, so its definition may be shared by every request of a process. The rows
are in ``models.py``; ``compiled.py`` reads them; ``reading.py`` makes the same data from a shipped file.
Amounts of money are whole đồng; times are office hours (8 to a working day) unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vamco.forms.field import Condition, Field

#: Administrative tiers that receive a procedure.
TIERS = ("province", "district", "commune")
#: Ways a dossier comes in.
CHANNELS = ("counter", "post", "online")
#: Kinds of party.
PARTY_KINDS = ("person", "business", "organisation")
#: Roles a party may have in a dossier.
PARTY_ROLES = ("applicant", "co_applicant", "representative", "beneficiary", "submitter", "collector")
#: Permission roles that may hold a step.
STEP_ROLES = ("intake", "specialist", "head", "leader", "registrar")
#: Unit rules without an argument; beside them ``room:<key>`` and ``dept:<key>``.
UNIT_RULES = ("receiving", "same", "parent", "deciding")
#: Where a dossier's way through the process ends: the result, or the refusal letter, lies at the one-stop
#: unit.
ENDS = ("ready", "refused_ready")
#: What an outcome may ask of the officer.
NEEDS = frozenset({"reason", "file", "signature", "result"})
#: What an outcome does beside moving the dossier, see ``Outcome``.
DOES = ("", "draft", "approve", "number", "refuse")

#: Groups of people whom a fee may spare: key -> (Vietnamese, English).
PARTY_GROUPS: Mapping[str, tuple[str, str]] = {
    "merit": (
        "Người có công với cách mạng và thân nhân",
        "People of merit to the revolution and their families",
    ),
    "poor": ("Người thuộc hộ nghèo", "People of poor households"),
    "near_poor": ("Người thuộc hộ cận nghèo", "People of near-poor households"),
    "disabled": ("Người khuyết tật", "People with disabilities"),
    "elderly": ("Người cao tuổi", "Elderly people"),
    "child": ("Trẻ em", "Children"),
    "student": ("Học sinh, sinh viên", "Pupils and students"),
    "ethnic": (
        "Đồng bào dân tộc thiểu số ở xã đặc biệt khó khăn",
        "Ethnic minorities in the poorest communes",
    ),
}

#: National statuses of a dossier: number -> (Vietnamese, English). From memory of the national portal's list.
NATIONAL_STATUSES: Mapping[int, tuple[str, str]] = {
    1: ("Mới đăng ký", "Newly filed"),
    2: ("Được tiếp nhận", "Accepted"),
    3: ("Không được tiếp nhận", "Not accepted"),
    4: ("Đang xử lý", "In progress"),
    5: ("Yêu cầu bổ sung giấy tờ", "Papers to be supplemented"),
    6: ("Yêu cầu thực hiện nghĩa vụ tài chính", "Financial obligation to be met"),
    7: ("Công dân yêu cầu rút hồ sơ", "Withdrawn by the applicant"),
    8: ("Dừng xử lý", "Stopped"),
    9: ("Đã xử lý xong", "Decided"),
    10: ("Đã trả kết quả", "Result returned"),
}


@dataclass(frozen=True)
class Source:
    """Where a value comes from. Not ``verified`` is displayed as «chưa kiểm chứng» beside the value."""

    text: str
    verified: bool = False


@dataclass(frozen=True)
class Law:
    """One legal basis (căn cứ pháp lý): its number and its title."""

    ref: str
    title: str
    title_en: str = ""


@dataclass(frozen=True)
class Paper:
    """A paper of the dossier (thành phần hồ sơ).

    ``kind``: original | certified | copy | any. ``count``: sheets of that kind asked for, at least 1.
    ``required``: always | when (the condition ``when`` holds) | optional.
    """

    code: str
    name: str
    name_en: str
    kind: str
    count: int
    required: str
    when: Condition | None
    note: str
    source: Source

    @property
    def verified(self) -> bool:
        """Whether the paper was checked against its source."""
        return self.source.verified


@dataclass(frozen=True)
class PartyRole:
    """A party that the case needs (người yêu cầu, người đại diện...).

    ``label`` is what the form says for it.
    """

    role: str
    required: bool
    kinds: tuple[str, ...]
    label: str = ""
    label_en: str = ""


@dataclass(frozen=True)
class Tier:
    """A price for units up to and including number ``up_to`` (None: every further one)."""

    up_to: int | None
    price: int


@dataclass(frozen=True)
class FeeLine:
    """A fee or charge. ``kind``: fee (phí) | charge (lệ phí).

    The amount is the sum over the units of ``quantity_field`` (no field: one unit) of their tier's price,
    at most ``max_per`` (None: no ceiling), times the number in ``times_field`` (no field: once). So a
    certified copy counts its pages in the first and its copies in the second. ``exempt``: groups who pay
    nothing; ``only``: groups for whom alone the line is (empty: everyone); ``channels`` empty: any.
    """

    key: str
    name: str
    name_en: str
    kind: str
    tiers: tuple[Tier, ...]
    max_per: int | None
    quantity_field: str
    times_field: str
    exempt: tuple[str, ...]
    only: tuple[str, ...]
    channels: tuple[str, ...]
    when: Condition | None
    valid_from: date | None
    valid_to: date | None
    legal_ref: str
    source: Source

    @property
    def verified(self) -> bool:
        """Whether the price was checked against its source."""
        return self.source.verified


@dataclass(frozen=True)
class LimitOverride:
    """Another time limit for a channel ("" any) or a condition on the answers; the first that fits counts."""

    amount: int
    unit: str
    channel: str = ""
    when: Condition | None = None


@dataclass(frozen=True)
class Limit:
    """The time limit (thời hạn giải quyết).

    ``unit``: at_once | working_day | working_hour; at_once has amount 0.
    """

    amount: int
    unit: str
    source: Source
    overrides: tuple[LimitOverride, ...] = ()

    def given(self, channel: str, answers: Mapping[str, Any]) -> tuple[int, str]:
        """Amount and unit for a channel and answers. A condition that cannot be evaluated does not shorten or
        lengthen anything: the general limit counts."""
        from vamco.forms.conditions import holds

        for other in self.overrides:
            if other.channel in ("", channel) and holds(other.when, answers, default=False):
                return other.amount, other.unit
        return self.amount, self.unit


@dataclass(frozen=True)
class Outcome:
    """A way out of a step: what the officer presses.

    ``to``: a step's key, or ``ready`` | ``refused_ready``. ``needs``: any of reason, file, signature (there
    where it does approve, and only there), result.
    ``who`` gets it next: pool (anyone with the role in the unit) | last_handler (who had that step before,
    or the stand-in) | lead (who leads the dossier) | same (who did this step) | post:<key> (its only holder);
    where that person may not do the step, the pool. ``back``: sent back for rework, not
    forward. ``does``: draft (makes the result from its template) | refuse (makes the refusal letter from
    the procedure's reasons) | approve (signs what was drafted: the result, or the letter) | number (enters
    it in its book).
    """

    key: str
    name: str
    name_en: str
    to: str
    needs: frozenset[str] = frozenset()
    who: str = "pool"
    back: bool = False
    does: str = ""


@dataclass(frozen=True)
class Step:
    """A step of the process (bước xử lý).

    ``role``: who by permission; ``unit_rule``: where: receiving (the unit that received) | room:<key> (room
    of the receiving district) | dept:<key> (department of the province) | same (unit of the step before) |
    parent | deciding (the people's committee of the procedure's tier). ``hours``: office hours allowed.
    ``status``: the national status while here. ``public_words``: what the applicant reads.
    ``may_supplement``/``may_consult``: whether papers may be asked for, or another unit's opinion.
    """

    key: str
    name: str
    name_en: str
    role: str
    unit_rule: str
    hours: int
    instruction: str
    status: int
    public_words: str
    public_words_en: str
    tell_applicant: bool
    outcomes: tuple[Outcome, ...]
    may_supplement: bool = False
    may_consult: bool = False

    def outcome(self, key: str) -> Outcome:
        """The outcome of that key; KeyError if there is none."""
        for one in self.outcomes:
            if one.key == key:
                return one
        raise KeyError(key)


@dataclass(frozen=True)
class Process:
    """The inner process (quy trình nội bộ). ``first``: key of the step after intake."""

    key: str
    steps: tuple[Step, ...]
    first: str
    source: Source

    def step(self, key: str) -> Step:
        """The step of that key; KeyError if there is none."""
        for one in self.steps:
            if one.key == key:
                return one
        raise KeyError(key)


@dataclass(frozen=True)
class ResultType:
    """What the applicant gets (kết quả). ``template``: key of the text; ``series``: key of its numbering."""

    key: str
    name: str
    name_en: str
    template: str
    series: str
    validity_months: int | None = None


@dataclass(frozen=True)
class Reason:
    """A reason for refusal after examination (lý do từ chối), with its legal reference."""

    key: str
    text: str
    text_en: str
    legal_ref: str = ""


@dataclass(frozen=True)
class Case:
    """A case of the procedure (trường hợp): first issue, re-issue, with verification...

    ``quantity``: keys of the number fields that count copies or pages. ``book``: key of the register book
    in which the decision is entered ("" none). ``at_once``: done while the applicant waits.
    """

    key: str
    name: str
    name_en: str
    papers: tuple[Paper, ...]
    fields: tuple[Field, ...]
    parties: tuple[PartyRole, ...]
    fees: tuple[FeeLine, ...]
    limit: Limit
    process: Process
    result: ResultType | None
    refusal_reasons: tuple[Reason, ...]
    at_once: bool
    book: str
    quantity: tuple[str, ...]

    def paper(self, code: str) -> Paper:
        """The paper of that code; KeyError if there is none."""
        for one in self.papers:
            if one.code == code:
                return one
        raise KeyError(code)

    def papers_for(self, answers: Mapping[str, Any]) -> tuple[Paper, ...]:
        """The papers that these answers call for, optional ones too; a condition that cannot be evaluated
        asks for the paper."""
        from vamco.forms.conditions import holds

        return tuple(p for p in self.papers if p.required != "when" or holds(p.when, answers, default=True))

    def intake_fields(self) -> tuple[Field, ...]:
        """Fields that the applicant or the counter fills."""
        return tuple(f for f in self.fields if f.step is None)

    def step_fields(self, step: str) -> tuple[Field, ...]:
        """Fields that officers fill at a step."""
        return tuple(f for f in self.fields if f.step == step)


@dataclass(frozen=True)
class Definition:
    """A version of a procedure (thủ tục hành chính) with everything that a dossier received under it needs.

    ``field``: the sector's name (lĩnh vực), ``field_code`` its stable code. ``level``: online service level
    1-4 (Decree 43/2011). ``tiers``: who receives it. ``sensitive``: only those who handle it may open it.
    ``keywords``: what people call it («sổ đỏ»).
    """

    version_id: int
    procedure_id: int
    code: str
    name: str
    name_en: str
    field: str
    field_en: str
    field_code: str
    level: int
    tiers: tuple[str, ...]
    decider: str
    legal_basis: tuple[Law, ...]
    valid_from: date
    valid_to: date | None
    subject_kinds: tuple[str, ...]
    sensitive: bool
    source: Source
    cases: tuple[Case, ...]
    keywords: tuple[str, ...] = ()

    def case(self, key: str = "") -> Case:
        """The case of that key ("" the first one, which is the usual one); KeyError if there is none."""
        if not key:
            return self.cases[0]
        for one in self.cases:
            if one.key == key:
                return one
        raise KeyError(key)

    def sources(self) -> Iterator[Source]:
        """Where each of its values comes from."""
        yield self.source
        for case in self.cases:
            yield case.limit.source
            yield case.process.source
            yield from (paper.source for paper in case.papers)
            yield from (fee.source for fee in case.fees)
