"""Reading the ledger: for people who may inspect the whole province."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _

from vamco.core import clock, files, ledger, names, search, text, visibility
from vamco.core.actors import Actor
from vamco.core.entries import door, who
from vamco.core.errors import Invalid, NotAllowed, NotFound
from vamco.core.inputs import YEARS, named_by
from vamco.core.models import LedgerContent, LedgerEntry, LedgerErasure
from vamco.web.changes import Change, every_change

from .models import LedgerExport, User
from .where import province_units

MAX_ROWS = 100_000
"""Entries that an export may hold."""

DAYS = 7
"""Days that are listed when nothing else narrows the list."""


def may_read(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may read the ledger of the whole province: an entry has no unit."""
    if not actor.may_at("audit.read", province_units()):
        raise NotAllowed(
            _("Nhật ký ghi việc của cả tỉnh: chỉ người được giao kiểm tra toàn tỉnh mới xem được.")
        )


@dataclass(frozen=True)
class EntryFilter:
    """What part of the ledger is asked for; each value as the page's address has it."""

    person: str = ""
    action: str = ""
    thing: str = ""
    since: str = ""
    until: str = ""
    sensitive: bool = False

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "EntryFilter":
        """From what a page or form sent."""
        values = {name: str(sent.get(key, ""))[:80].replace("\0", "").strip() for name, key in _KEYS.items()}
        return cls(**values, sensitive=sent.get("nhay_cam") == "1")

    def query(self) -> str:
        """The address's query that asks for the same."""
        pairs = {key: getattr(self, name) for name, key in _KEYS.items() if getattr(self, name)}
        return urlencode({**pairs, **({"nhay_cam": "1"} if self.sensitive else {})})

    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day. Without any choice: the last `DAYS` days, since a list has to end."""
        since, until = _day(self.since, "tu"), _day(self.until, "den")
        if since is None and until is None and not (self.person or self.thing):
            since = clock.today() - timedelta(days=DAYS - 1)
        return since, until


_KEYS = {"person": "nguoi", "action": "viec", "thing": "doi_tuong", "since": "tu", "until": "den"}


def _day(value: str, field: str) -> date | None:
    try:
        found = date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Invalid(_("Ngày không đúng. Hãy chọn lại ngày."), field=field) from error
    if found and found.year not in YEARS:
        raise Invalid(_("Ngày không đúng. Hãy chọn lại ngày."), field=field)
    return found


def entries(actor: Actor, filters: EntryFilter) -> QuerySet[LedgerEntry]:
    """The entries asked for, newest first. What was done with a dossier that the actor may not see is among them, without
    what would tell which (`lines`, `detail`); the code of such a dossier finds nothing."""
    rows = LedgerEntry.objects.order_by("-pk")
    since, until = filters.days()
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    if until:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
    if filters.sensitive:
        rows = rows.filter(action__in=names.watched())
    if filters.action:
        rows = rows.filter(action=filters.action)
    if filters.person:
        rows = rows.filter(_by(filters.person))
    if filters.thing:
        rows = rows.filter(_about(actor, filters.thing))
    return rows


def found(actor: Actor, rows: QuerySet[LedgerEntry], q: str) -> QuerySet[LedgerEntry]:
    """Of these the entries whose doer, action in words or thing by its code is meant."""
    if not q.strip():
        return rows
    named = [key for key, name in names.entries().items() if search.has_words(q, key, str(name))]
    by = _by(q) if text.words(q) else Q(pk__in=[])
    return rows.filter(by | _about(actor, q.strip()) | Q(action__in=named))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.HERE)


def _by(words: str) -> Q:
    found = User.objects.filter(username=words.lower())
    if not found:
        found = User.objects.all()
        for word in text.fold(words).split():
            found = found.filter(Q(folded__startswith=word) | Q(folded__contains=f" {word}"))
    return Q(actor_id__in=list(found.values_list("pk", flat=True)[:200]))


def _about(actor: Actor, words: str) -> Q:
    """Things with this code; or `kind:number`, as the page of an entry links to."""
    kind, _colon, number = words.partition(":")
    if number and kind.replace(".", "").replace("_", "").isalnum():
        return Q(object_type=kind, object_id=number)
    condition = Q(pk__in=[])
    for model in names.named_models():
        rows = model._default_manager.filter(**{named_by(model): words}).values_list("pk", flat=True)
        kind, ids = model._meta.label_lower, {str(pk) for pk in rows[:20]}
        condition |= Q(object_type=kind, object_id__in=ids - visibility.hidden(actor, kind, ids))
    return condition


@dataclass
class Line:
    """An entry as people read it; `hidden`: about a dossier that they may not see."""

    entry: LedgerEntry
    who: str
    what: str
    kind: str
    thing: str
    hidden: bool

    @property
    def door(self) -> str:
        """By which door it was done."""
        return door(self.entry)

    @property
    def about(self) -> str:
        """The thing with its kind; what is hidden is called a dossier already."""
        if not self.hidden:
            return f"{self.kind} {self.thing}"
        return self.thing if visibility.is_dossier(self.entry.object_type) else f"{self.kind}, {self.thing}"


def lines(actor: Actor, rows: Iterable[LedgerEntry]) -> list[Line]:
    """The entries with the names of what they are about; a few queries for each kind of thing."""
    found = list(rows)
    called = _names(found)
    shut = _hidden(actor, found)
    return [
        Line(
            entry,
            who(entry),
            names.action_name(entry.action),
            names.thing_name(entry.object_type),
            str(visibility.HIDDEN)
            if entry.pk in shut
            else called.get((entry.object_type, entry.object_id), entry.object_id),
            entry.pk in shut,
        )
        for entry in found
    ]


def _hidden(actor: Actor, rows: list[LedgerEntry]) -> set[int]:
    """The entries about something that hangs on a dossier which the actor may not see."""
    things = {
        (kind, thing)
        for kind in {entry.object_type for entry in rows}
        for thing in visibility.hidden(
            actor, kind, {entry.object_id for entry in rows if entry.object_type == kind}
        )
    }
    return {entry.pk for entry in rows if (entry.object_type, entry.object_id) in things}


def _names(rows: list[LedgerEntry]) -> dict[tuple[str, str], str]:
    named: dict[tuple[str, str], str] = {}
    for kind in {entry.object_type for entry in rows}:
        found = names.names(kind, {entry.object_id for entry in rows if entry.object_type == kind})
        named |= {(kind, pk): name for pk, name in found.items()}
    return named


@dataclass
class EntryDetail:
    """One entry with its content, and what protects it."""

    line: Line
    content: Mapping[str, Any]
    changes: list[Change]
    erased: LedgerErasure | None
    seal: int | None

    @property
    def digests(self) -> list[Change]:
        """What the ledger holds the digest of alone."""
        return [change for change in self.changes if change.digest]


def detail(actor: Actor, pk: int) -> EntryDetail:
    """One entry with all that the actor may know of it: of one about a dossier that they may not see nothing of its
    content, since the names of the columns alone tell what happened. Raises `NotFound`."""
    entry = LedgerEntry.objects.filter(pk=pk).first()
    if entry is None:
        raise NotFound(_("Nhật ký không có mục này."))
    content = LedgerContent.objects.filter(pk=pk).values_list("content", flat=True).first()
    seal = ledger.seal_of(pk, entry.at)
    (line,) = lines(actor, [entry])
    content = {} if line.hidden else content or {}
    changes = every_change(actor, entry, content)
    erased = LedgerErasure.objects.filter(pk=pk).first()
    return EntryDetail(line, content, changes, erased, seal and seal.number)


def proof(actor: Actor, pk: int) -> dict[str, Any]:
    """What is needed to check an entry without the database; the content is left out where `detail` hides it, which the
    check does not need. Raises `NotFound`."""
    try:
        made = ledger.prove(pk)
    except LookupError as error:
        raise NotFound(_("Mục này không có hoặc chưa được niêm phong. Hãy thử lại sau vài giây.")) from error
    hidden = visibility.hidden(actor, made["entry"]["object_type"], {made["entry"]["object_id"]})
    return {**made, "content": None} if hidden else made


def exported(actor: Actor, filters: EntryFilter, made: LedgerExport) -> FileResponse:
    """The entries of an export that is on record, as a CSV file. It is written out before it is sent, so that a slow reader
    holds neither a thread nor a connection to the database."""
    rows = entries(actor, filters).filter(pk__lte=made.last)[: made.rows]
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    for line in as_csv(rows.iterator(2000)):
        file.write(line.encode())
    file.seek(0)
    answer = FileResponse(file, content_type="text/csv; charset=utf-8")
    name = f"nhat-ky-{clock.local(made.at):%Y%m%d-%H%M}.csv"
    answer["Content-Disposition"] = files.disposition(name, attachment=True)
    answer["Cache-Control"] = "private, no-store"
    return answer


def as_csv(rows: Iterable[LedgerEntry]) -> Iterator[str]:
    """Entries as lines of a CSV file (UTF-8, for spreadsheets), without their contents."""
    head = (_("Mục"), _("Lúc"), _("Người"), _("Qua"), _("Thao tác"), _("Mã thao tác"), _("Loại"), _("Số"))
    yield "\ufeff" + _csv_line(head)
    for entry in rows:
        at = clock.local(entry.at).isoformat(timespec="seconds")
        kind = names.thing_name(entry.object_type)
        yield _csv_line(
            (
                entry.pk,
                at,
                who(entry),
                entry.via,
                names.action_name(entry.action),
                entry.action,
                kind,
                entry.object_id,
            )
        )


def _csv_line(values: tuple[object, ...]) -> str:
    """One line; what a spreadsheet would take for a formula is kept from being one."""
    out = io.StringIO()
    texts = [str(value) for value in values]
    csv.writer(out).writerow([f"'{text}" if text[:1] in tuple("=+-@\t\r") else text for text in texts])
    return out.getvalue()
