"""Spreadsheets of dossiers: running ones read and checked cell by cell before anything is written, and lists written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from vamco.core import clock, sheets, text, workbooks
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.forms.fields import clean
from vamco.organisation.models import Unit, User
from vamco.parties import actions as parties
from vamco.parties.models import Party
from vamco.procedures.definition import ENDS, Case, Definition, Process, Step
from vamco.procedures.fees import FeeDue, fee_lines

from .. import queries
from ..models import EARLIEST, Dossier, codes
from ..rules import moves
from ..rules.application import PartyInput
from ..rules.competence import definition_on, must_receive
from ..rules.people import check_roles

MOST_ROWS = 5000
MOST_EXPORTED = 20_000
PURPOSE = gettext_noop("nhập hồ sơ từ bảng tính")
"""Why the numbers of a sheet are compared with the register."""
ANSWER = "trường: "
"""Columns whose heading begins so hold the answer to the field of that key."""

COLUMNS = {
    "mã hồ sơ": "code",
    "mã thủ tục": "procedure",
    "trường hợp": "case",
    "nhận lúc": "received_at",
    "người nộp": "name",
    "loại": "kind",
    "số định danh": "id_number",
    "điện thoại": "phone",
    "thư điện tử": "email",
    "địa chỉ": "address",
    "nội dung": "summary",
    "bước": "step",
    "người giữ": "holder",
    "đã thu": "paid",
}
PAID = {"": False, "chưa": False, "rồi": True, "miễn": True}
"""What may stand under «đã thu»: whether the dossier owes nothing any more."""
NOTES = {
    "nhận lúc": "Ngày giờ đã ghi trên giấy tiếp nhận; hạn trả tính từ đây, theo quy định của ngày đó.",
    "người giữ": "Tên đăng nhập của người đang giữ hồ sơ; để trống thì hồ sơ vào hàng chung của đơn vị.",
    "đã thu": "«rồi» hoặc «miễn»: hồ sơ không còn phải nộp gì. «chưa» hoặc để trống: phí, lệ phí của thủ tục được ghi là phải thu khi trả kết quả.",
}
"""What the headings of the template say when they are pointed at."""
KINDS = {"": "person", "cá nhân": "person", "doanh nghiệp": "business", "tổ chức": "organisation"}
Line = tuple[int, list[sheets.Value]]
"""The number of a line and its values."""


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


@dataclass
class Sheet:
    """A spreadsheet's rows, those of dossiers that the unit has already apart, and its faults by cell («C7»)."""

    rows: list[Row] = field(default_factory=list)
    known: list[Row] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


def template() -> bytes:
    """An empty spreadsheet with the headings and one example."""
    example = [
        "HS-2016-001",
        "1.004873",
        "",
        "05/12/2016 09:00",
        "Nguyễn Thị Mỹ Hạnh",
        "cá nhân",
        "080161000412",
        "0913000124",
        "",
        "48/2 ấp 3",
        "",
        "tham_tra",
        "",
        "chưa",
        "chua_ket_hon",
    ]
    notes = {list(COLUMNS).index(column): note for column, note in NOTES.items()}
    return workbooks.template("Hồ sơ đang giải quyết", [*COLUMNS, f"{ANSWER}tinh_trang"], example, notes)


def listed(dossiers: Iterable[Dossier]) -> bytes:
    """A list of dossiers as a spreadsheet. What begins like a formula is written as text (formula injection)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hồ sơ")
    sheet.append(
        [
            "mã hồ sơ",
            "thủ tục",
            "người nộp",
            "đơn vị nhận",
            "đang ở",
            "bước",
            "người giữ",
            "nhận lúc",
            "hẹn trả",
            "tình trạng",
            "xong lúc",
        ]
    )
    for one in dossiers:
        line = [
            one.code,
            queries.name_of(one),
            one.applicant_name,
            one.unit.agency,
            one.holder_unit.agency,
            queries.step_name(one),
            one.holder.full_name if one.holder else "",
            _written(one.received_at),
            _written(one.due_at),
            str(one.get_stage_display()),
            _written(one.ended_at or one.ready_at),
        ]
        cells = [WriteOnlyCell(sheet, value=value) for value in line]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _written(when: datetime | None) -> str:
    return f"{clock.local(when):%d/%m/%Y %H:%M}" if when else ""


def read(actor: Actor, content: bytes, unit: Unit) -> Sheet:
    """Read and check a whole spreadsheet (.xlsx); each number in it is looked up, on record. Raises `Invalid` when it is
    none, or has other headings."""
    grid = sheets.read(content)
    headings = _headings(grid.rows.get(1, []))
    filled = _filled(grid)
    result, seen = Sheet(), dict[str, int]()
    desk = _Desk(actor, unit, *_owners(headings, filled))
    for number, values in filled:
        cells = _Cells(number, headings, values, result.faults)
        row = _row(cells, desk)
        if row is not None:
            if row.code in seen:
                cells.wrong("code", _("Mã hồ sơ này đã có ở dòng %(number)d.") % {"number": seen[row.code]})
            seen[row.code] = number
            (result.known if row.code in desk.owners else result.rows).append(row)
    unread = sheets.unread(grid, set(headings.values()), below=1)
    result.faults |= {sheets.address(*cell): message for cell, message in unread.items()}
    if not result.rows and not result.known and not result.faults:
        raise Invalid(_("Bảng tính chưa có dòng hồ sơ nào."), field="file")
    return result


def _filled(grid: sheets.Grid) -> list[Line]:
    """The lines with something in them, by their numbers. Raises `Invalid` for too many."""
    found = [
        (number, values)
        for number, values in grid.rows.items()
        if number > 1 and any(str(value).strip() for value in values if value is not None)
    ]
    if len(found) > MOST_ROWS:
        raise Invalid(
            _("Bảng tính có quá %(most)d dòng. Hãy tách thành nhiều tệp.") % {"most": MOST_ROWS}, field="file"
        )
    return found


def _owners(headings: dict[str, int], filled: list[Line]) -> tuple[dict[str, int], frozenset[str]]:
    """Which unit has each code of the sheet already, and with which agencies the codes of this province begin."""
    wanted = {code for row in filled if codes.is_code(code := _Cells(row[0], headings, row[1], {}).code)}
    owners = dict(Dossier.objects.filter(code__in=wanted).values_list("code", "unit_id"))
    return owners, frozenset(map(codes.agency, Unit.objects.values_list("agency_code", flat=True)))


def _headings(first: list[sheets.Value]) -> dict[str, int]:
    names = [str(value or "").strip().lower() for value in first]
    found = {name.removeprefix(ANSWER): i for i, name in enumerate(names) if name.startswith(ANSWER)}
    found |= {COLUMNS[name]: i for i, name in enumerate(names) if name in COLUMNS}  # these come first
    missing = [
        name
        for name, key in COLUMNS.items()
        if key in ("code", "procedure", "received_at", "name", "step") and key not in found
    ]
    if missing:
        raise Invalid(
            _("Dòng đầu thiếu cột: %(columns)s. Hãy dùng mẫu bảng tính.") % {"columns": ", ".join(missing)},
            field="file",
        )
    return found


class _Cells:
    """One line's cells by column, and where its faults go."""

    def __init__(
        self, number: int, headings: dict[str, int], values: list[sheets.Value], faults: dict[str, str]
    ) -> None:
        self.number, self.headings, self.values, self.faults = number, headings, values, faults
        self.fine = True

    def __getitem__(self, key: str) -> Any:
        at = self.headings.get(key)
        value = self.values[at] if at is not None and at < len(self.values) else None
        return value if isinstance(value, datetime | date) else "" if value is None else str(value).strip()

    @property
    def code(self) -> str:
        """The dossier's code as codes are written; it need not be one."""
        return codes.tidy(str(self["code"]))

    def wrong(self, key: str, message: str) -> None:
        """Note a fault at the cell."""
        self.fine = False
        self.faults[sheets.address(self.headings.get(key, 0), self.number)] = message

    def answers(self) -> Iterator[tuple[str, Any]]:
        """The answers that the line gives."""
        for key in self.headings.keys() - set(COLUMNS.values()):
            if self[key] != "":
                yield key, self[key]


@dataclass
class _Desk:
    """What the lines of a sheet are judged by together: who asks, the unit, whose the codes are that there are already,
    the agencies of the province, whose numbers came before."""

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
    """Where a dossier stands that has come to a step by the shortest way: a step may be done where the one before was.
    Raises `Refused` when the province has no such unit."""
    ways: dict[str, tuple[Step, ...]] = {process.first: (process.step(process.first),)}
    for at in (queue := [process.first]):
        for following in (out.to for out in process.step(at).outcomes if out.to not in ENDS):
            if following not in ways:
                ways[following] = (*ways[at], process.step(following))
                queue.append(following)
    dossier = Dossier(unit=unit, holder_unit=unit)
    for step in ways.get(key, (process.step(key),)):
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
            cells.wrong(key, message)
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
        str(cells["summary"])[:1000],
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
    found = User.objects.filter(username=str(cells["holder"]).lower(), is_active=True).first()
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
    paid = PAID.get(str(cells["paid"]).lower())
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
        definition = definition_on(str(cells["procedure"]), day)
    except Refused as refusal:
        cells.wrong("procedure", str(refusal.message))
        return None, None
    try:
        return definition, definition.case(cells["case"])
    except KeyError:
        cells.wrong(
            "case",
            _("Thủ tục không có trường hợp này. Các trường hợp: %(keys)s.")
            % {"keys": ", ".join(one.key for one in definition.cases)},
        )
        return definition, None


def _moment(cells: _Cells) -> datetime | None:
    value = cells["received_at"]
    found: datetime | None = None
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime.combine(value, time(8))
    else:
        for form in ("%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y"):
            try:
                found = datetime.strptime(value, form)
                break
            except ValueError:
                continue
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
    kind = KINDS.get(str(cells["kind"]).lower())
    if kind is None:
        cells.wrong("kind", _("Loại là: cá nhân, doanh nghiệp hoặc tổ chức."))
        return None
    typed: dict[str, Any] = {
        key: str(cells[key]) for key in ("name", "id_number", "phone", "email", "address")
    }
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
