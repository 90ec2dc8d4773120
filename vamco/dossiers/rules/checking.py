"""The check of an application before anything is stored: every fault at once, each under the name of its input.

`receive` takes what was checked, so that the counter, which checks before it shows the form, checks once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import Invalid
from vamco.core.transactions import atomic
from vamco.forms.fields import clean, id_keys
from vamco.organisation.models import Unit
from vamco.parties.actions import PartyData
from vamco.procedures.definition import Case, Definition
from vamco.procedures.fees import FeeDue, fee_lines

from ..models import Dossier, DossierPaper
from . import handed_in
from .application import Application, PaperInput
from .competence import must_be_open, procedure_for
from .people import check_parties

LASTS = timedelta(minutes=1)
"""How long a check holds: within the request in which it was made."""
_SEAL: Final = object()
"""Known to `check` alone."""


@dataclass(frozen=True)
class Content:
    """What a dossier is stored with, beside its parties."""

    definition: Definition
    case: Case
    answers: Mapping[str, Any]
    secret_answers: Mapping[str, Any]
    papers: Sequence[DossierPaper]
    fees: Sequence[FeeDue]
    limit: tuple[int, str]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """An application that was found in order for one actor at one unit. Only `check` makes it."""

    actor: Actor
    unit: Unit
    application: Application
    content: Content
    people: tuple[PartyData, ...]
    received_at: datetime
    checked_at: datetime
    corrects: Dossier | None
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("an application is checked by `check` only")

    def permits(self, actor: Actor, unit: Unit) -> bool:
        """Whether this actor may now receive it at this unit: it was checked for them, for a new dossier, just before."""
        return (
            self.actor == actor.once(None)
            and self.unit.pk == unit.pk
            and self.corrects is None
            and clock.now() - self.checked_at <= LASTS
        )

    @property
    def fingerprint(self) -> str:
        """The same as of the application: a repeated request is checked anew, and is the same request."""
        return self.application.fingerprint


def check(
    actor: Actor,
    unit: Unit,
    application: Application,
    at: datetime,
    *,
    strict: bool = False,
    dossier: Dossier | None = None,
) -> Checked:
    """Check a whole application. Raises `Invalid` that names every field at fault, all at once.

    `at` is the moment of receipt. `strict` takes answers only in their own type, as programs send them. `dossier` is the
    one that the application corrects: it keeps its version and its files.
    """
    if dossier is None:
        must_be_open(unit)
    wrong: dict[str, str] = {}
    definition, case = procedure_for(unit, application, at, dossier)
    if application.channel not in ("counter", "post", "online"):
        wrong["channel"] = _("Hãy chọn nơi nộp: tại quầy, qua bưu điện hoặc qua mạng.")
    people = check_parties(case, application.parties, wrong)
    fields = case.intake_fields()
    cleaned = clean(fields, application.answers, today=clock.local(at).date(), strict=strict)
    wrong.update({f"fields.{key}": text for key, text in cleaned.errors.items()})
    papers = _papers(case, cleaned.values, application.papers, at, wrong)
    _check_files(actor, application.papers, dossier, wrong)
    if len(application.summary) > 1000:
        wrong["summary"] = _("Nội dung đề nghị dài quá 1.000 ký tự. Hãy rút gọn.")
    if wrong:
        raise Invalid(_("Hồ sơ chưa tiếp nhận được; xem từng mục bên dưới."), fields=wrong)
    return Checked(
        actor=actor.once(None),
        unit=unit,
        application=application,
        content=_content(definition, case, application, cleaned.values, papers, at),
        people=people,
        received_at=at,
        checked_at=clock.now(),
        corrects=dossier,
        seal=_SEAL,
    )


def _content(
    definition: Definition,
    case: Case,
    application: Application,
    values: Mapping[str, Any],
    papers: Sequence[DossierPaper],
    at: datetime,
) -> Content:
    hidden = id_keys(case.intake_fields())
    groups = next((party.groups for party in application.parties if party.role == "applicant"), ())
    return Content(
        definition=definition,
        case=case,
        answers={key: value for key, value in values.items() if key not in hidden},
        secret_answers={key: values[key] for key in hidden if key in values},
        papers=papers,
        fees=fee_lines(case, values, groups, clock.local(at).date(), application.channel),
        limit=case.limit.given(application.channel, values),
    )


def _papers(
    case: Case, answers: Mapping[str, Any], given: Sequence[PaperInput], at: datetime, wrong: dict[str, str]
) -> list[DossierPaper]:
    by_code = {paper.code: paper for paper in given}
    for code in by_code.keys() - {paper.code for paper in case.papers}:
        wrong[f"papers.{code[:60]}"] = _("Thủ tục không có giấy tờ này.")
    rows = []
    for paper in case.papers_for(answers):
        handed = by_code.get(paper.code)
        if (
            handed is None
            or handed.verdict == "missing"
            or not (handed.originals or handed.copies or handed.file)
        ):
            if paper.required != "optional":
                wrong[f"papers.{paper.code}"] = _("Thiếu %(name)s.") % {"name": paper.name}
            continue
        if handed.verdict == "not_ok":
            wrong[f"papers.{paper.code}"] = handed.remark or _("%(name)s chưa hợp lệ.") % {"name": paper.name}
        if not 0 <= handed.originals <= 999 or not 0 <= handed.copies <= 999:
            wrong[f"papers.{paper.code}"] = _("Số bản phải từ 0 đến 999.")
            continue
        row = DossierPaper(
            code=paper.code,
            name=paper.name[:500],
            originals=handed.originals,
            copies=handed.copies,
            verdict=handed.verdict or "ok",
            remark=handed.remark[:500],
            file_id=handed.file,
            added_at=at,
        )
        rows += [row, *(_further_sheet(row, file) for file in handed.more)]
    return rows


def _further_sheet(row: DossierPaper, file: int) -> DossierPaper:
    """A further sheet of a paper: the same paper once more, with no copies of its own."""
    return DossierPaper(
        code=row.code, name=row.name, verdict=row.verdict, file_id=file, added_at=row.added_at
    )


def _check_files(
    actor: Actor, given: Sequence[PaperInput], dossier: Dossier | None, wrong: dict[str, str]
) -> None:
    """Only one's own unused uploads may be attached, and what is attached already: who attaches a file may read it."""
    named = [(paper, file) for paper in given for file in (paper.file, *paper.more) if file]
    if not named:
        return
    attached = set(dossier.papers.values_list("file_id", flat=True)) if dossier else set()
    for paper, file in named:
        try:
            if file not in attached:
                with atomic():
                    handed_in.own_file(actor, file)
        except Invalid as refusal:
            wrong[f"papers.{paper.code}"] = refusal.message
