"""Whether the lines of a sheet of running dossiers can be taken over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from vamco.core import clock, text
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.forms.fields import clean
from vamco.organisation.models import Unit, User
from vamco.parties import actions as parties
from vamco.parties.models import Party
from vamco.procedures.definition import ENDS, Case, Definition, Process, Step
from vamco.procedures.fees import FeeDue, fee_lines

from ..models import EARLIEST, Dossier, codes
from ..rules import moves
from ..rules.application import PartyInput
from ..rules.competence import definition_on, must_receive
from ..rules.people import check_roles
from .lines import ANSWER

PURPOSE = gettext_noop("nhập hồ sơ từ bảng tính")
"""Why the numbers of a sheet are compared with the register."""
PAID = {"": False, "chưa": False, "rồi": True, "miễn": True}
"""What may stand under «đã thu»: whether the dossier owes nothing any more."""
KINDS = {"": "person", "cá nhân": "person", "doanh nghiệp": "business", "tổ chức": "organisation"}


@dataclass
class Row:
    """One running dossier, checked."""

    number: int
    code: str
    definition: Definition
    case: Case
    received_at: datetime
    party: PartyInput
    summary: str
    step: str
    unit: Unit
    holder: User | None
    answers: dict[str, Any]
    fees: tuple[FeeDue, ...]


def checked(actor: Actor, unit: Unit, lines: Mapping[int, Mapping[str, Any]]) -> list[Row]:
    """The lines as running dossiers, without those that the unit has already. Each number in them is looked up, on record.

    Raises `Invalid` with every fault by the number of the line and the input ("7.name").
    """
    faults: dict[str, str] = {}
    desk = _Desk(actor, unit, *_owners(lines))
    rows: dict[str, Row] = {}
    for number, values in lines.items():
        cells = _Cells(number, values, faults)
        row = _row(cells, desk)
        if row is None:
            continue
        if row.code in rows:
            cells.wrong(
                "code", _("Mã hồ sơ này đã có ở dòng %(number)d.") % {"number": rows[row.code].number}
            )
        rows.setdefault(row.code, row)
    if faults:
        message = _("Bảng tính có %(count)d ô chưa đúng; chưa nhập hồ sơ nào.")
        raise Invalid(message % {"count": len(faults)}, fields=faults)
    return [row for row in rows.values() if not desk.has(row.code)]


def _owners(lines: Mapping[int, Mapping[str, Any]]) -> tuple[dict[str, int], frozenset[str]]:
    """Which unit has each code of the sheet already, and with which agencies the codes of this province begin."""
    tidy = {codes.tidy(values.get("code", "")) for values in lines.values()}
    wanted = {code for code in tidy if codes.is_code(code)}
    owners = dict(Dossier.objects.filter(code__in=wanted).values_list("code", "unit_id"))
    return owners, frozenset(map(codes.agency, Unit.objects.values_list("agency_code", flat=True)))


class _Cells:
    """The values of one line, and where its faults go."""

    def __init__(self, number: int, values: Mapping[str, Any], faults: dict[str, str]) -> None:
        self.number, self.values, self.faults = number, values, faults
        self.fine = True

    def __getitem__(self, name: str) -> str:
        return str(self.values.get(name, ""))

    @property
    def code(self) -> str:
        """The dossier's code as codes are written; it need not be one."""
        return codes.tidy(self["code"])

    def wrong(self, name: str, message: str) -> None:
        """Note a fault of an input."""
        self.fine = False
        self.faults.setdefault(f"{self.number}.{name}", message)

    def answers(self) -> Iterator[tuple[str, str]]:
        """The answers that the line gives, by the key of their field."""
        for name in self.values:
            if name.startswith(ANSWER):
                yield name.removeprefix(ANSWER), self[name]


@dataclass
class _Desk:
    """What the lines of a sheet are judged by together: who imports, the unit, which unit has the codes that exist already,
    the agencies of the province, the people of the lines before."""

    actor: Actor
    unit: Unit
    owners: dict[str, int]
    agencies: frozenset[str]
    people: dict[tuple[str, str, str], tuple[Party, int]] = field(default_factory=dict)
    places: dict[tuple[int, str, str], Unit | str] = field(default_factory=dict)

    def has(self, code: str) -> bool:
        """Whether the unit has it already: then it is passed over, whatever was put right on it since."""
        return self.owners.get(code) == self.unit.pk

    def place(self, definition: Definition, case: Case, step: str) -> Unit | str:
        """The unit in which a dossier stands at a step, or why there is none."""
        key = (definition.version_id, case.key, step)
        if key not in self.places:
            try:
                self.places[key] = _unit_at(self.unit, case.process, step)
            except Refused as refusal:
                self.places[key] = str(refusal.message)
        return self.places[key]


def _unit_at(unit: Unit, process: Process, key: str) -> Unit:
    """Where a dossier stands that has come to a step by the shortest path: a step may be done where the one before was.
    Raises `Refused` when the province has no such unit."""
    paths: dict[str, tuple[Step, ...]] = {process.first: (process.step(process.first),)}
    for at in (queue := [process.first]):
        for following in (out.to for out in process.step(at).outcomes if out.to not in ENDS):
            if following not in paths:
                paths[following] = (*paths[at], process.step(following))
                queue.append(following)
    dossier = Dossier(unit=unit, holder_unit=unit)
    for step in paths.get(key, (process.step(key),)):
        dossier.holder_unit = moves.unit_for(dossier, step)
    return dossier.holder_unit


def _row(cells: _Cells, desk: _Desk) -> Row | None:
    """A checked line; None when something in it is wrong, which then stands in the faults."""
    received_at = _moment(cells)
    definition, case = _procedure(cells, received_at)
    if not desk.has(cells.code) and (fault := _code_fault(cells.code, desk)):
        cells.wrong("code", fault)
    party = _party(cells, desk)
    answers: dict[str, Any] = {}
    unit, holder = None, _holder(cells)
    fees: tuple[FeeDue, ...] = ()
    if definition is not None and case is not None:
        if not desk.has(cells.code):
            _check_intake(cells, desk.unit, definition, case, party)
        unit = _place(cells, desk, definition, case)
        _check_holder(cells, desk, case, unit, holder)
        cleaned = clean(case.fields, dict(cells.answers()), strict=True, draft=True)
        answers = cleaned.values
        for key, message in cleaned.errors.items():
            cells.wrong(f"{ANSWER}{key}", message)
        fees = _fees(cells, case, answers, received_at)
    if definition is None or case is None or received_at is None or party is None or unit is None:
        return None
    if not cells.fine:
        return None
    return Row(
        cells.number,
        cells.code,
        definition,
        case,
        received_at,
        party,
        cells["summary"][:1000],
        cells["step"],
        unit,
        holder,
        answers,
        fees,
    )


def _check_intake(
    cells: _Cells, unit: Unit, definition: Definition, case: Case, party: PartyInput | None
) -> None:
    """What the counter checks, too: the unit receives the procedure, and from whom. A line names the applicant only."""
    try:
        must_receive(unit, definition)
    except Invalid as refusal:
        cells.wrong("procedure", refusal.message)
    wrong: dict[str, str] = {}
    check_roles(case, [party] if party else [], wrong)
    for name, message in wrong.items():
        if name.endswith(".kind"):
            cells.wrong("kind", message)
        elif party is not None:
            words = _("%(fault)s Bảng tính chỉ ghi được người nộp; hãy tiếp nhận hồ sơ này tại quầy.")
            cells.wrong("procedure", words % {"fault": message})


def _code_fault(code: str, desk: _Desk) -> str:
    """Why a code that the unit does not have yet cannot be taken over; "" if it can."""
    if code in desk.owners:
        return _("Mã hồ sơ này đang là của đơn vị khác.")
    return codes.fault_of_imported(code, codes.agency(desk.unit.agency_code), desk.agencies)


def _holder(cells: _Cells) -> User | None:
    if not cells["holder"]:
        return None
    found = User.objects.filter(username=cells["holder"].lower(), is_active=True).first()
    if found is None:
        cells.wrong("holder", _("Không có tài khoản này. Hãy ghi tên đăng nhập của người đang giữ hồ sơ."))
    return found


def _place(cells: _Cells, desk: _Desk, definition: Definition, case: Case) -> Unit | None:
    """The unit that has the dossier, by the step in which it stands."""
    if cells["step"] not in {step.key for step in case.process.steps}:
        cells.wrong(
            "step",
            _("Quy trình không có bước này. Các bước: %(steps)s.")
            % {"steps": ", ".join(step.key for step in case.process.steps)},
        )
        return None
    unit = desk.place(definition, case, cells["step"])
    if isinstance(unit, str):
        cells.wrong("step", unit)
        return None
    return unit


def _check_holder(cells: _Cells, desk: _Desk, case: Case, unit: Unit | None, holder: User | None) -> None:
    if unit is None or holder is None or desk.has(cells.code):
        return
    step = case.process.step(cells["step"])
    if not moves.can_hold(holder, unit, step):
        cells.wrong(
            "holder",
            _("Người này không làm bước «%(step)s» ở %(unit)s.") % {"step": step.name, "unit": unit.agency},
        )


def _fees(
    cells: _Cells, case: Case, answers: dict[str, Any], received_at: datetime | None
) -> tuple[FeeDue, ...]:
    """What is still to be paid when the result is handed over; nothing where «đã thu» says so."""
    paid = PAID.get(cells["paid"].lower())
    if paid is None:
        cells.wrong("paid", _("Hãy ghi: rồi, chưa hoặc miễn."))
    if paid is not False or received_at is None:
        return ()
    try:
        return fee_lines(case, answers, (), received_at.date(), "counter")
    except Invalid as refusal:
        for message in refusal.fields.values() or (refusal.message,):
            cells.wrong("paid", str(message))
        return ()


def _procedure(cells: _Cells, received_at: datetime | None) -> tuple[Definition | None, Case | None]:
    """The procedure in the version of the day of receipt (see `competence.definition_on`) and its case."""
    try:
        day = received_at.date() if received_at else clock.today()
        definition = definition_on(cells["procedure"], day)
    except Refused as refusal:
        cells.wrong("procedure", str(refusal.message))
        return None, None
    try:
        return definition, definition.case(cells["case"])
    except KeyError:
        cells.wrong(
            "case",
            _("Thủ tục không có trường hợp này. Các trường hợp: %(keys)s.")
            % {"keys": ", ".join(case.key for case in definition.cases)},
        )
        return definition, None


def _moment(cells: _Cells) -> datetime | None:
    """When it was received; at eight o'clock where only the day is given."""
    found: datetime | None = None
    for form in ("%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y"):
        try:
            found = datetime.strptime(cells["received_at"], form)
        except ValueError:
            continue
        if form == "%d/%m/%Y":
            found = datetime.combine(found, time(8))
        break
    if found is None:
        cells.wrong("received_at", _("Hãy ghi ngày giờ nhận như 05/12/2016 09:00."))
        return None
    if found.year < EARLIEST.year:
        cells.wrong("received_at", _("Năm nhận hồ sơ không đúng. Hãy ghi ngày giờ như 05/12/2016 09:00."))
        return None
    found = found.replace(tzinfo=clock.HERE)
    if found > clock.now():
        cells.wrong("received_at", _("Thời điểm nhận không thể ở tương lai."))
    return found


def _party(cells: _Cells, desk: _Desk) -> PartyInput | None:
    kind = KINDS.get(cells["kind"].lower())
    if kind is None:
        cells.wrong("kind", _("Loại là: cá nhân, doanh nghiệp hoặc tổ chức."))
        return None
    typed: dict[str, Any] = {key: cells[key] for key in ("name", "id_number", "phone", "email", "address")}
    try:
        data = parties.checked(kind=kind, **typed)
    except Invalid as refusal:
        for key, message in refusal.fields.items():
            cells.wrong(key, str(message))
        return None
    if data.number and not desk.has(cells.code):
        _check_person(cells, desk, data)
    return PartyInput(role="applicant", kind=kind, **typed)


def _check_person(cells: _Cells, desk: _Desk, data: parties.PartyData) -> None:
    """One number is one person: the one whom the register knows by it, and the one who had it further up."""
    party = parties.find(desk.actor, data, purpose=PURPOSE)
    for key, message in (parties.differences(party, data) if party else {}).items():
        cells.wrong(key, str(message))
    number = (data.number_kind, data.nationality, data.number)
    first = desk.people.setdefault(
        number, (Party(kind=data.kind, folded=text.fold(data.name)[:300]), cells.number)
    )
    if party is None and parties.differences(first[0], data):
        cells.wrong(
            "name", _("Số này đã ghi cho người có tên khác ở dòng %(number)d.") % {"number": first[1]}
        )
