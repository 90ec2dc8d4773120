"""Looking an application through before anything is stored: every fault at once, each under the name of its input."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound
from vamco.forms.fields import clean, id_keys
from vamco.organisation.models import Level, Unit
from vamco.procedures import queries as procedures
from vamco.procedures.definition import Case, Definition
from vamco.procedures.fees import FeeDue, fee_lines

from ..models import Dossier, DossierPaper
from . import handed_in, moves
from .application import Application, PaperInput, PartyInput

TIERS = {
    Level.CENTRE: "province",
    Level.DEPARTMENT: "province",
    Level.PROVINCE: "province",
    Level.DISTRICT: "district",
    Level.COMMUNE: "commune",
}


@dataclass(frozen=True)
class Checked:
    """An application that was found in order, ready to be stored."""

    definition: Definition
    case: Case
    answers: dict[str, Any]
    secret_answers: dict[str, Any]
    papers: list[DossierPaper]
    fees: tuple[FeeDue, ...]
    limit: tuple[int, str]


def check(
    actor: Actor,
    unit: Unit,
    application: Application,
    at: datetime,
    *,
    strict: bool = False,
    dossier: Dossier | None = None,
) -> Checked:
    """Look an application through as a whole. Raises `Invalid` that names every field at fault, all at once.

    `dossier` is the one that the application corrects: it keeps its version, and what was attached stays attached.
    """
    if dossier is None:
        must_be_open(unit)
    wrong: dict[str, str] = {}
    definition, case = procedure_for(unit, application, at, dossier)
    if application.channel not in ("counter", "post", "online"):
        wrong["channel"] = _("Hãy chọn nơi nộp: tại quầy, qua bưu điện hoặc qua mạng.")
    _check_parties(case, application.parties, wrong)
    fields = case.intake_fields()
    cleaned = clean(fields, application.answers, today=clock.local(at).date(), strict=strict)
    wrong.update({f"fields.{key}": text for key, text in cleaned.errors.items()})
    hidden = id_keys(fields)
    answers = {key: value for key, value in cleaned.values.items() if key not in hidden}
    papers = _papers(case, cleaned.values, application.papers, at, wrong)
    _check_files(actor, application.papers, dossier, wrong)
    if len(application.summary) > 1000:
        wrong["summary"] = _("Nội dung đề nghị dài quá 1.000 ký tự. Hãy rút gọn.")
    if wrong:
        raise Invalid(_("Hồ sơ chưa tiếp nhận được; xem từng mục bên dưới."), fields=wrong)
    groups = next((one.groups for one in application.parties if one.role == "applicant"), ())
    fees = fee_lines(case, cleaned.values, groups, clock.local(at).date(), application.channel)
    return Checked(
        definition,
        case,
        answers,
        {key: cleaned.values[key] for key in hidden if key in cleaned.values},
        papers,
        fees,
        case.limit.given(application.channel, cleaned.values),
    )


def must_be_open(unit: Unit) -> None:
    """Raise `Invalid` unless the unit exists today: before its first day and after its last it receives nothing."""
    today = clock.today()
    if today < unit.valid_from:
        raise Invalid(
            _("%(unit)s tiếp nhận hồ sơ từ ngày %(day)s.")
            % {"unit": unit.agency, "day": f"{unit.valid_from:%d/%m/%Y}"},
            field="unit",
        )
    if unit.valid_to is not None and today > unit.valid_to:
        raise Invalid(
            _("%(unit)s đã ngừng tiếp nhận hồ sơ sau ngày %(day)s.")
            % {"unit": unit.agency, "day": f"{unit.valid_to:%d/%m/%Y}"},
            field="unit",
        )


def tier_of(unit: Unit) -> str:
    """The tier at whose counter the unit's one-stop shop receives: province, district, commune, or "" for none."""
    return TIERS.get(Level(unit.level), "")


def receives(unit: Unit, tiers: Collection[str]) -> bool:
    """Whether the unit is of a tier that receives a procedure of these."""
    return tier_of(unit) in tiers


def definition_on(code: str, day: date) -> Definition:
    """The version under which something received on a day is handled: that day's, or today's where the catalogue knows
    none of that day (papers older than the catalogue). Raises `NotFound`."""
    if day != clock.today():
        with suppress(NotFound):
            return procedures.guide(code, day)
    return procedures.guide(code, clock.today())


def procedure_for(
    unit: Unit, application: Application, at: datetime, dossier: Dossier | None = None
) -> tuple[Definition, Case]:
    """The procedure and case that are asked for, when the unit receives them, in the version of the day of receipt
    `at`; `dossier`, which the application corrects, keeps the version it was received under.

    Raises `Invalid` or `NotFound`.
    """
    if dossier is None:
        definition = definition_on(application.procedure, clock.local(at).date())
    else:
        definition = moves.definition_of(dossier)
        if application.procedure != definition.code:
            raise Invalid(
                _("Không đổi thủ tục của hồ sơ đã tiếp nhận. Hãy rút hồ sơ này và tiếp nhận hồ sơ mới."),
                field="procedure",
            )
    if not receives(unit, definition.tiers):
        raise Invalid(
            _("%(unit)s không tiếp nhận thủ tục này. Hãy hướng dẫn người dân đến: %(where)s.")
            % {"unit": unit.agency, "where": definition.decider},
            field="procedure",
        )
    try:
        return definition, definition.case(application.case)
    except KeyError:
        keys = ", ".join(case.key for case in definition.cases)
        raise Invalid(
            _("Thủ tục không có trường hợp này. Hãy chọn một trong: %(keys)s.") % {"keys": keys}, field="case"
        ) from None


def _check_parties(case: Case, given: Sequence[PartyInput], wrong: dict[str, str]) -> None:
    roles = {one.role for one in given}
    known = {one.role: one for one in case.parties}
    if "applicant" not in roles:
        wrong["parties"] = _("Hãy ghi người nộp hồ sơ.")
    for one in case.parties:
        if one.required and one.role not in roles:
            wrong[f"parties.{one.role}"] = _("Thủ tục này cần %(who)s.") % {"who": one.label or one.role}
    for i, party in enumerate(given):
        role = known.get(party.role)
        if party.role not in known and party.role not in ("applicant", "submitter", "collector"):
            wrong[f"parties.{i}.role"] = _("Thủ tục này không có vai trò «%(role)s».") % {
                "role": party.role[:40]
            }
        elif role is not None and role.kinds and party.kind not in role.kinds:
            wrong[f"parties.{i}.kind"] = _("Thủ tục này không nhận loại người nộp đã chọn.")


def _papers(
    case: Case, answers: Mapping[str, Any], given: Sequence[PaperInput], at: datetime, wrong: dict[str, str]
) -> list[DossierPaper]:
    by_code = {paper.code: paper for paper in given}
    wanted = case.papers_for(answers)
    for code in by_code.keys() - {paper.code for paper in case.papers}:
        wrong[f"papers.{code[:60]}"] = _("Thủ tục không có giấy tờ này.")
    rows = []
    for paper in wanted:
        one = by_code.get(paper.code)
        needed = paper.required != "optional"
        if one is None or one.verdict == "missing" or (not one.originals and not one.copies and not one.file):
            if needed:
                wrong[f"papers.{paper.code}"] = _("Thiếu %(name)s.") % {"name": paper.name}
            continue
        if one.verdict == "not_ok":
            wrong[f"papers.{paper.code}"] = one.remark or _("%(name)s chưa hợp lệ.") % {"name": paper.name}
        if not 0 <= one.originals <= 999 or not 0 <= one.copies <= 999:
            wrong[f"papers.{paper.code}"] = _("Số bản phải từ 0 đến 999.")
            continue
        row = DossierPaper(
            code=paper.code,
            name=paper.name[:500],
            originals=one.originals,
            copies=one.copies,
            verdict=one.verdict or "ok",
            remark=one.remark[:500],
            file_id=one.file,
            added_at=at,
        )
        rows += [row, *(_further(row, file) for file in one.more)]
    return rows


def _further(row: DossierPaper, file: int) -> DossierPaper:
    """A further sheet of a paper: the same paper once more, counted as nothing."""
    return DossierPaper(
        code=row.code, name=row.name, verdict=row.verdict, file_id=file, added_at=row.added_at
    )


def _check_files(
    actor: Actor, given: Sequence[PaperInput], dossier: Dossier | None, wrong: dict[str, str]
) -> None:
    """Only one's own uploads may be attached, and what is attached already: who attaches a file may read it."""
    named = [(paper, file) for paper in given for file in (paper.file, *paper.more) if file]
    if not named:
        return
    there = set(dossier.papers.values_list("file_id", flat=True)) if dossier else set()
    for paper, file in named:
        try:
            if file not in there:
                handed_in.own_file(actor, file)
        except Invalid as refusal:
            wrong[f"papers.{paper.code}"] = refusal.message
