"""Rows to definitions and back. A definition is read in a fixed number of queries, whatever its size."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vamco.core import text
from vamco.core.errors import NotFound
from vamco.forms.field import Field, Option

from . import models as m
from . import parts as d
from . import reading

#: Definitions of published versions, by version id. Only what is committed gets in.
_kept: dict[int, d.Definition] = {}
MOST_KEPT = 5000


def definition(version_id: int) -> d.Definition:
    """The definition of a version. Raises `NotFound`.

    Published ones are kept by the process and cost no query after the first; the last day of one that was replaced later
    may be out of date.
    """
    kept = _kept.get(version_id)
    if kept is not None:
        return kept
    version = m.ProcedureVersion.objects.select_related("procedure", "sector").filter(pk=version_id).first()
    if version is None:
        raise NotFound(_("Không tìm thấy phiên bản thủ tục này. Hãy mở lại từ danh mục thủ tục."))
    made = compile_version(version)
    if version.state == m.State.PUBLISHED:
        # Inside a transaction that may yet be rolled back nothing is kept.
        transaction.on_commit(lambda: _keep(made))
    return made


def definition_at(procedure_id: int, on: date) -> d.Definition:
    """The definition in force on a date, by one query beside the definition's own. Raises `NotFound` when there is none."""
    found = in_force(on).filter(procedure_id=procedure_id).values_list("pk", "valid_to").first()
    if found is None:
        day = on.strftime("%d/%m/%Y")
        raise NotFound(_("Thủ tục này không có hiệu lực vào ngày %(day)s.") % {"day": day})
    return dataclasses.replace(definition(found[0]), valid_to=found[1])


def in_force(on: date) -> models.QuerySet[m.ProcedureVersion]:
    """The published versions that hold on a day: at most one for each procedure."""
    return m.ProcedureVersion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), state=m.State.PUBLISHED, valid_from__lte=on
    )


def forget() -> None:
    """Forget all definitions (tests, and set-ups that empty the database)."""
    _kept.clear()


def _keep(made: d.Definition) -> None:
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[made.version_id] = made


# --- rows to data ------------------------------------------------------------------------------------------


def compile_version(version: m.ProcedureVersion) -> d.Definition:
    """The definition that a version's rows describe."""
    rows = {model: list(model._default_manager.filter(version=version)) for model in m.PARTS}
    processes = _processes(rows)
    cases = _cases(rows, processes)
    return d.Definition(
        version_id=version.pk,
        procedure_id=version.procedure_id,
        code=version.procedure.code,
        name=version.name,
        name_en=version.name_en,
        field=version.sector.name,
        field_en=version.sector.name_en,
        field_code=version.sector.code,
        level=version.level,
        tiers=tuple(version.tiers),
        decider=version.decider,
        legal_basis=tuple(_same(d.Law, row) for row in rows[m.LegalBasis]),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        subject_kinds=tuple(version.subject_kinds),
        sensitive=version.sensitive,
        source=d.Source(version.source_text, version.source_verified),
        cases=cases,
        keywords=tuple(version.keywords),
    )


def _same(cls: Any, row: Any, **given: Any) -> Any:
    """A dataclass from the columns of the same names; `given` are its other values."""
    values: dict[str, Any] = {}
    for described in dataclasses.fields(cls):
        if described.name in given:
            values[described.name] = given[described.name]
        elif described.name == "source":
            values["source"] = d.Source(row.source_text, row.source_verified)
        else:
            value = getattr(row, described.name)
            values[described.name] = tuple(value) if isinstance(value, list) else value
    return cls(**values)


def _by(rows: Iterable[Any], owner: str) -> dict[int, list[Any]]:
    """Rows by the id of what they belong to, in their order."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, f"{owner}_id")].append(row)
    return groups


def _processes(rows: dict[Any, list[Any]]) -> dict[int, d.Process]:
    outcomes, steps = _by(rows[m.OutcomeRow], "step"), _by(rows[m.StepRow], "process")
    made = {}
    for row in rows[m.ProcessRow]:
        own = tuple(
            _same(
                d.Step,
                step,
                outcomes=tuple(
                    _same(d.Outcome, out, needs=frozenset(out.needs)) for out in outcomes[step.pk]
                ),
            )
            for step in steps[row.pk]
        )
        made[row.pk] = _same(d.Process, row, steps=own)
    return made


def _cases(rows: dict[Any, list[Any]], processes: dict[int, d.Process]) -> tuple[d.Case, ...]:
    papers, fields, parties = (_by(rows[model], "case") for model in (m.PaperRow, m.FieldRow, m.PartyRow))
    fees, reasons = _by(rows[m.FeeRow], "case"), _by(rows[m.ReasonRow], "case")
    others = _by(rows[m.LimitOverrideRow], "case")
    tiers = _by(rows[m.FeeTierRow], "fee")
    results = {row.pk: _same(d.ResultType, row) for row in rows[m.ResultRow]}
    cases = []
    for row in rows[m.CaseRow]:
        limit = d.Limit(
            row.limit_amount,
            row.limit_unit,
            d.Source(row.limit_source_text, row.limit_source_verified),
            tuple(_same(d.LimitOverride, one) for one in others[row.pk]),
        )
        cases.append(
            _same(
                d.Case,
                row,
                papers=tuple(_same(d.Paper, one) for one in papers[row.pk]),
                fields=tuple(_field(one) for one in fields[row.pk]),
                parties=tuple(_same(d.PartyRole, one) for one in parties[row.pk]),
                fees=tuple(
                    _same(d.FeeLine, one, tiers=tuple(_same(d.Tier, tier) for tier in tiers[one.pk]))
                    for one in fees[row.pk]
                ),
                limit=limit,
                process=processes[row.process_id],
                result=results.get(row.result_id),
                refusal_reasons=tuple(_same(d.Reason, one) for one in reasons[row.pk]),
            )
        )
    return tuple(cases)


def _field(row: m.FieldRow) -> Field:
    made: Field = _same(Field, row, options=tuple(Option(**one) for one in row.options))
    return made


# --- data to rows ------------------------------------------------------------------------------------------


def store(version: m.ProcedureVersion, said: d.Definition) -> None:
    """Make the rows of a draft say this, whatever they said before: one insertion a table.

    The caller saves the version's own row.
    """
    for model in (m.CaseRow, m.ProcessRow, m.ResultRow, m.LegalBasis):
        model.objects.filter(version=version).delete()
    m.LegalBasis.objects.bulk_create(_rows(m.LegalBasis, version, said.legal_basis))
    processes = m.ProcessRow.objects.bulk_create(
        _rows(m.ProcessRow, version, [case.process for case in said.cases])
    )
    steps = _children(m.StepRow, version, "process", processes, [case.process.steps for case in said.cases])
    outcomes = [step.outcomes for case in said.cases for step in case.process.steps]
    _children(m.OutcomeRow, version, "step", steps, outcomes)
    cases = _store_cases(version, said.cases, processes)
    of_cases: Sequence[tuple[type[models.Model], list[Any]]] = (
        (m.LimitOverrideRow, [case.limit.overrides for case in said.cases]),
        (m.PaperRow, [case.papers for case in said.cases]),
        (m.FieldRow, [case.fields for case in said.cases]),
        (m.PartyRow, [case.parties for case in said.cases]),
        (m.ReasonRow, [case.refusal_reasons for case in said.cases]),
    )
    for part, given in of_cases:
        _children(part, version, "case", cases, given)
    fees = _children(m.FeeRow, version, "case", cases, [case.fees for case in said.cases])
    _children(m.FeeTierRow, version, "fee", fees, [line.tiers for case in said.cases for line in case.fees])


def head(version: m.ProcedureVersion, said: d.Definition) -> None:
    """Put the definition's own values on the version's row (not saved)."""
    for name in ("name", "name_en", "level", "decider", "sensitive", "valid_from", "valid_to"):
        setattr(version, name, getattr(said, name))
    version.tiers, version.subject_kinds = list(said.tiers), list(said.subject_kinds)
    version.keywords = list(said.keywords)
    version.source_text, version.source_verified = said.source.text, said.source.verified
    version.sector = m.Sector.objects.get_or_create(
        code=said.field_code, defaults={"name": said.field, "name_en": said.field_en}
    )[0]
    version.digest = reading.digest(said)
    version.search, version.initials = search_text(said), initials(said.name)
    version.sort_name = text.sort_key(said.name, person=False)[:700]


def search_text(said: d.Definition) -> str:
    """Folded words for the search, each after a space."""
    words = [said.name, *said.keywords, said.code, said.name_en, said.field]
    words += [case.name for case in said.cases] + [case.result.name for case in said.cases if case.result]
    return f" {text.fold(' '.join(words))} "


def initials(name: str) -> str:
    """First letters of the words: "Cấp giấy phép xây dựng" is found by "gpxd" as "cgpxd"."""
    return "".join(word[0] for word in text.words(name))[:200]


def _rows(model: Any, version: m.ProcedureVersion, parts: Iterable[Any], **owner: Any) -> list[Any]:
    """Unsaved rows of dataclasses, columns by the same names."""
    columns = {column.name for column in model._meta.concrete_fields}
    made = []
    for order, part in enumerate(parts):
        values = {
            described.name: getattr(part, described.name)
            for described in dataclasses.fields(part)
            if described.name in columns and described.name not in ("tiers", "outcomes")
        }
        values = {k: list(v) if isinstance(v, tuple | frozenset) else v for k, v in values.items()}
        if hasattr(part, "source"):
            values |= {"source_text": part.source.text, "source_verified": part.source.verified}
        if isinstance(part, Field):
            values["options"] = [dataclasses.asdict(option) for option in part.options]
        if isinstance(part, d.Outcome):
            values["needs"] = sorted(part.needs)
        made.append(model(version=version, order=order, **owner, **values))
    return made


def _children(
    model: Any, version: m.ProcedureVersion, owner: str, owners: list[Any], parts: list[Any]
) -> list[Any]:
    """Store the parts of each owner, in order."""
    rows = [
        row
        for one, own in zip(owners, parts, strict=True)
        for row in _rows(model, version, own, **{owner: one})
    ]
    return list(model.objects.bulk_create(rows))


def _store_cases(
    version: m.ProcedureVersion, cases: tuple[d.Case, ...], processes: list[Any]
) -> list[m.CaseRow]:
    made = [case.result for case in cases if case.result is not None]
    results = iter(m.ResultRow.objects.bulk_create(_rows(m.ResultRow, version, made)))
    rows = []
    for order, (case, process) in enumerate(zip(cases, processes, strict=True)):
        limit = case.limit
        rows.append(
            m.CaseRow(
                version=version,
                order=order,
                key=case.key,
                name=case.name,
                name_en=case.name_en,
                at_once=case.at_once,
                book=case.book,
                quantity=list(case.quantity),
                limit_amount=limit.amount,
                limit_unit=limit.unit,
                limit_source_text=limit.source.text,
                limit_source_verified=limit.source.verified,
                process=process,
                result=next(results) if case.result is not None else None,
            )
        )
    return m.CaseRow.objects.bulk_create(rows)
