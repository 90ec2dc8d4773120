"""The context of a dossier's page, in a number of queries that does not grow with its lists."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.errors import NotFound
from vamco.forms.fields import id_keys
from vamco.notify import queries as notify
from vamco.parties.models import masked
from vamco.payments import queries as payments
from vamco.results import queries as results
from vamco.results.models import State
from vamco.web import words

from .. import queries, timeline
from ..models import Dossier, DossierPaper, Stage
from ..papers.slips import label_of
from ..rules import deadlines, moves
from . import progress


@dataclass(frozen=True)
class Fact:
    """One answer of the application: label and value."""

    label: str
    value: str


@dataclass(frozen=True)
class Sheet:
    """What can be looked at beside the list. `kind`: pdf, image or none."""

    key: str
    name: str
    note: str
    url: str
    kind: str
    verdict: str = ""
    remark: str = ""


def of_page(actor: Actor, dossier: Dossier, wanted: str = "", preview: bool = False) -> dict[str, Any]:
    """The context of the page's template. `wanted` is the key of what is shown beside the papers."""
    events = timeline.lines(dossier)
    found = list(results.of_subject(dossier.code))
    slips = list(dossier.slips.select_related("made_by", "replaces").order_by("-pk"))
    sheets = _papers(dossier) + _drafts(dossier, found, preview)
    asked_units = list(dossier.consultations.select_related("unit", "asked_by", "answered_by", "file"))
    beside = _beside(sheets, wanted, sign=bool(found) and found[0].state == State.DRAFT)
    before, after = _around([sheet for sheet in sheets if sheet.url], beside)
    return {
        "now": clock.now(),
        "row": queries.row_of(dossier, clock.now(), actor),
        "step_left": _step_left(dossier),
        "facts": facts(dossier),
        "parties": list(dossier.parties.select_related("party")),
        "shown": sheets,
        "beside": beside,
        "beside_before": before,
        "beside_after": after,
        "counted": (
            sum(1 for sheet in sheets if sheet.verdict == "ok"),
            sum(1 for sheet in sheets if sheet.verdict),
        ),
        "progress": progress.progress(dossier, events),
        "events": events,
        "consultations": asked_units,
        "to_answer": [
            consultation
            for consultation in asked_units
            if not consultation.answered_at and consultation.unit_id in actor.units("dossiers.answer")
        ],
        "notes": list(dossier.notes.select_related("author")),
        "charges": payments.charges_for([dossier.code])[dossier.code],
        "owed": payments.balance(dossier.code),
        "receipts": payments.receipts_of(dossier.code),
        "messages_sent": notify.of_dossier(dossier.code),
        "slips": [(slip, label_of(slip.kind)) for slip in slips],
        "results": found,
        "asked": dossier.supplements.filter(answered_at__isnull=True).prefetch_related("items").first(),
        "new_date": dossier.new_dates.filter(signed_at__isnull=True).first(),
        "others": progress.presence(dossier, actor.known_id),
        "may_close": actor.may_at("dossiers.close", dossier.permission_units()),
        "may_person": actor.may_anywhere("parties.search"),
        "may_reveal": actor.may_at("dossiers.work", dossier.units.values_list("unit_id", flat=True)),
    }


def _step_left(dossier: Dossier) -> int | None:
    if dossier.stage != Stage.PROCESSING or dossier.step_due_at is None:
        return None
    return deadlines.minutes_left(clock.now(), dossier.step_due_at, dossier.holder_unit)


def facts(dossier: Dossier) -> list[Fact]:
    """The answers in the order of the form, numbers of identity papers masked and what is empty left out."""
    english = (get_language() or "vi").startswith("en")
    case = moves.case_of(dossier)
    secret = id_keys(case.fields)
    known = {**dossier.answers}
    if secret and dossier.secret_answers:
        known |= {key: masked(str(value)) for key, value in json.loads(dossier.secret_answers).items()}
    found = []
    for field in case.fields:
        value = known.get(field.key)
        if value in (None, "", False):
            continue
        label = field.label_en if english and field.label_en else field.label
        found.append(Fact(label, _in_words(field, value, english)))
    return found


def _in_words(field: Any, value: Any, english: bool) -> str:
    if field.type == "choice":
        option = next((option for option in field.options if option.value == value), None)
        return (option.label_en if english and option.label_en else option.label) if option else str(value)
    if field.type == "bool":
        return _("có")
    if field.type == "money":
        return words.money(value)
    if field.type == "number":
        return words.number(value, 0 if isinstance(value, int) else 2)
    if field.type == "date":
        return words.day(date.fromisoformat(value))
    return str(value)


def _papers(dossier: Dossier) -> list[Sheet]:
    return [
        Sheet(
            f"giay-{paper.pk}",
            paper.name,
            _note(paper),
            reverse("dossier_paper", args=[dossier.code, paper.pk]) if paper.file else "",
            _kind(paper.file.media_type) if paper.file else "none",
            paper.verdict or "ok",
            paper.remark,
        )
        for paper in dossier.papers.select_related("file")
    ]


def _kind(media_type: str) -> str:
    return (
        "pdf" if media_type == "application/pdf" else "image" if media_type.startswith("image/") else "file"
    )


def _note(paper: DossierPaper) -> str:
    counts = [
        _("%(n)d bản chính") % {"n": paper.originals} if paper.originals else "",
        _("%(n)d bản sao") % {"n": paper.copies} if paper.copies else "",
        _("%(n)d trang quét") % {"n": paper.file.pages} if paper.file and paper.file.pages else "",
        _("chưa quét") if not paper.file else "",
    ]
    return ", ".join(filter(None, counts))


def _drafts(dossier: Dossier, found: list[Any], preview: bool) -> list[Sheet]:
    """Results and drafts, which are looked at like papers."""
    sheets = []
    if preview:
        url = reverse("dossier_draft", args=[dossier.code])
        sheets.append(Sheet("du-thao", _("Dự thảo kết quả"), _("theo nội dung đang lưu"), url, "pdf"))
    for result in found:
        if result.state == State.DRAFT and preview:
            continue
        note = _("dự thảo") if result.state == State.DRAFT else f"{result.number}, {result.standing_words}"
        url = reverse("dossier_result", args=[dossier.code, result.pk])
        sheets.append(Sheet(f"ket-qua-{result.pk}", result.type_name, note, url, "pdf"))
    return sheets


def _beside(sheets: list[Sheet], wanted: str, *, sign: bool) -> Sheet | None:
    """The sheet beside the list: the one asked for, else the draft where one waits for a signature, else the first scan."""
    chosen = next((sheet for sheet in sheets if sheet.key == wanted), None)
    if chosen:
        return chosen
    readable = [sheet for sheet in sheets if sheet.url]
    if sign:
        return next((sheet for sheet in reversed(readable) if not sheet.verdict), None)
    return readable[0] if readable else None


def _around(readable: list[Sheet], beside: Sheet | None) -> tuple[str, str]:
    """The keys of what comes before and after what is shown."""
    if beside not in readable:
        return "", ""
    i = readable.index(beside)
    return readable[i - 1].key if i else "", readable[i + 1].key if i + 1 < len(readable) else ""


def party(dossier: Dossier, pk: int) -> Any:
    """One party of the dossier."""
    found = dossier.parties.filter(pk=pk).select_related("party").first()
    if found is None:
        raise NotFound(_("Hồ sơ không có người này. Hãy tải lại trang."))
    return found
