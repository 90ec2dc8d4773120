"""Pages of the catalogue's administrators: versions, one version with what is wrong with it, forms of a draft."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock, text
from vamco.core.errors import Invalid, NotFound
from vamco.organisation.forms import Nothing
from vamco.web.access import Request, staff
from vamco.web.asking import ask, new_key, posted

from .. import actions, compiled, wording
from ..check import Problem, check
from ..definition import Case, Definition
from ..models import Procedure, ProcedureVersion, State
from . import forms
from .drafts import (
    PARTS,
    case_of,
    draft_of,
    may,
    must,
    page_of,
    part_words,
    step_name,
    step_of,
    version_of,
)
from .places import place
from .shape_forms import PARTY_NAMES

# Reading ---------------------------------------------------------------------------------------------------


@staff("procedures.edit")
def index(request: Request) -> HttpResponse:
    """Every procedure with the version in force and its draft."""
    q = request.GET.get("q", "")[:100].replace("\0", "")
    rows = ProcedureVersion.objects.select_related("procedure", "sector")
    named = Q()
    for word in text.fold(q).split():
        named &= Q(search__contains=f" {word}")
    if q.strip():
        rows = rows.filter(named | Q(procedure__code__startswith=q.strip()))
    grouped: dict[str, dict[str, Any]] = {}
    today = clock.today()
    for one in rows.order_by("sector__name", "sort_name", "procedure_id", "number"):
        row = grouped.setdefault(one.procedure.code, {"now": None, "draft": None, "last": one})
        row["last"] = one
        if one.state == State.DRAFT:
            row["draft"] = one
        elif one.valid_from <= today and (one.valid_to is None or one.valid_to >= today):
            row["now"] = one
        elif one.valid_from > today:
            row["next"] = one
    page = {"q": q, "rows": list(grouped.values()), "may": may(request.actor, "procedures.edit")}
    return render(request, "procedures/admin/index.html", page)


@staff("procedures.edit")
def version(request: Request, pk: int) -> HttpResponse:
    """One version, case by case; of a draft also what prevents publishing it."""
    actor = request.actor
    found = version_of(pk)
    said = compiled.compile_version(found)
    case = case_of(said, request.GET.get("truong_hop", "")[:60]) if said.cases else None
    draft = found.state == State.DRAFT
    editor = may(actor, "procedures.edit")
    page = {
        "version": found,
        "said": said,
        "case": case,
        "draft": draft,
        "editable": draft and editor,
        "may": editor,
        "may_publish": may(actor, "procedures.publish"),
        "problems": [_shown(found, said, one) for one in check(said)] if draft else [],
        "versions": list(found.procedure.versions.order_by("-number")),
        "open_draft": found.procedure.versions.filter(state=State.DRAFT).first(),
        "today": clock.today(),
        "request_key": new_key(),
        **(_parts(case) if case else {}),
    }
    return render(request, "procedures/admin/version.html", page)


def _parts(case: Case) -> dict[str, Any]:
    return {
        "limit": wording.limit(case.limit.amount, case.limit.unit),
        "other_limits": wording.other_limits(case),
        # In the order of the draft, which the buttons change.
        "papers": sorted(wording.papers(case), key=lambda one: case.papers.index(one.paper)),
        "parties": [
            {
                "party": one,
                "name": one.label or wording.upper(str(PARTY_NAMES.get(one.role, one.role))),
                "role": PARTY_NAMES.get(one.role, one.role),
                "kinds": ", ".join(str(forms.KIND_NAMES.get(kind, kind)) for kind in one.kinds),
            }
            for one in case.parties
        ],
        "fees": [(line, wording.amount(line, case.fields)) for line in case.fees],
        "steps": [
            {
                "step": one,
                "role": forms.ROLE_NAMES.get(one.role, one.role),
                "place": place(one.unit_rule),
                "outs": _outs(case, one),
            }
            for one in case.process.steps
        ],
        "fields": [
            {
                "field": one,
                "type": forms.TYPE_NAMES.get(one.type, one.type),
                "step": step_name(case, one.step),
            }
            for one in case.fields
        ],
    }


def _outs(case: Case, step: Any) -> list[dict[str, Any]]:
    names = {one.key: one.name for one in case.process.steps} | dict(forms.END_NAMES)
    return [{"out": out, "to": names.get(out.to, out.to)} for out in step.outcomes]


def _shown(version: ProcedureVersion, said: Definition, problem: Problem) -> dict[str, str]:
    """A problem with its place in words and the form where it is corrected."""
    parts = problem.where.split(".")
    if parts[0] != "cases" or len(parts) < 2 or parts[1] not in {case.key for case in said.cases}:
        return {
            "text": problem.message,
            "place": problem.where,
            "url": reverse("procedures_admin_texts", args=[version.pk]),
        }
    case = said.case(parts[1])
    where, url = _("trường hợp «%(case)s»") % {"case": case.name}, page_of(version, case.key)
    if len(parts) > 3 and parts[2] in PARTS:
        url = reverse("procedures_admin_part", args=[version.pk, case.key, parts[2], parts[3]])
        where += f", {part_words()[parts[2]][0]} {parts[3]}"
    elif len(parts) > 3 and parts[2] == "process":
        url = reverse("procedures_admin_step", args=[version.pk, case.key, parts[3]])
        where += ", " + _("bước «%(step)s»") % {"step": step_name(case, parts[3])}
    elif parts[2:] == ["process"]:
        url = page_of(version, case.key, "steps")
    elif parts[2:] == ["parties"]:
        url = page_of(version, case.key, "parties")
    elif len(parts) > 2 and parts[2] in ("limit", "result", "book", "quantity"):
        url = reverse("procedures_admin_case", args=[version.pk, case.key])
    return {"text": problem.message, "place": where, "url": url}


# A draft's forms -------------------------------------------------------------------------------------------


@staff("procedures.edit")
def texts(request: Request, pk: int) -> HttpResponse:
    """The head of a draft."""
    actor, draft, said = draft_of(request, pk)
    form = forms.TextsForm(posted(request), initial=forms.TextsForm.start(said))
    return ask(
        request,
        form,
        lambda wanted: actions.edit_texts(actor, draft, **form.values()),
        title=_("Sửa thông tin chung"),
        up=(page_of(draft), draft.name),
        button=_("Lưu vào bản nháp"),
        says=_("Đã lưu vào bản nháp."),
    )


@staff("procedures.edit")
def case(request: Request, pk: int, case: str) -> HttpResponse:
    """A case's names, time limit, book and result."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    form = forms.CaseForm(posted(request), case=found)
    return ask(
        request,
        form,
        lambda wanted: actions.edit_case(actor, draft, case=found.key, **form.values(found)),
        title=_("Sửa trường hợp «%(case)s»") % {"case": found.name},
        up=(page_of(draft, found.key), draft.name),
        button=_("Lưu vào bản nháp"),
        says=_("Đã lưu vào bản nháp."),
    )


@staff("procedures.edit")
def part(request: Request, pk: int, case: str, part: str, key: str = "") -> HttpResponse:
    """A paper, field, fee or reason of a case: a new one, or the one of that key."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    if part not in PARTS:
        raise NotFound(_("Không có phần này trong thủ tục."))
    kind, name = PARTS[part]
    current = next((one for one in getattr(found, part) if getattr(one, name) == key), None)
    if key and current is None:
        raise NotFound(_("Không tìm thấy mục này trong bản nháp; có thể đã bị bỏ ra."))
    more = {"case": found} if kind is forms.FieldForm else {}
    form = kind(posted(request), case_fields=found.fields, current=current, **more)
    if current is not None:
        form.fields[name].disabled = True
    words, add = part_words()[part]

    def act(wanted: dict[str, Any]) -> ProcedureVersion:
        values = form.values()
        taken = {getattr(one, name) for one in getattr(found, part)}
        if current is None and values[name] in taken:
            raise Invalid(_("Khóa này đã có trong trường hợp. Hãy chọn khóa khác."), field=name)
        return actions.put(actor, draft, case=found.key, part=part, **values)

    return ask(
        request,
        form,
        act,
        title=_("Sửa %(what)s %(key)s") % {"what": words, "key": key} if key else add,
        up=(page_of(draft, found.key, part), draft.name),
        button=_("Lưu vào bản nháp"),
        says=_("Đã lưu vào bản nháp."),
    )


@staff("procedures.edit")
def take_out(request: Request, pk: int, case: str, part: str, key: str) -> HttpResponse:
    """Remove a paper, field, fee or reason from a case."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    if part not in PARTS or key not in {getattr(one, PARTS[part][1]) for one in getattr(found, part)}:
        raise NotFound(_("Không tìm thấy mục này trong bản nháp; có thể đã bị bỏ ra."))
    words = part_words()[part][0]
    return ask(
        request,
        Nothing(posted(request)),
        lambda wanted: actions.take_out(actor, draft, case=found.key, part=part, key=key),
        title=_("Bỏ %(what)s %(key)s") % {"what": words, "key": key},
        text=_(
            "Chỉ bỏ khỏi bản nháp này. Điều kiện hay mức thu dùng tới mục này sẽ được báo trước khi công bố."
        ),
        up=(page_of(draft, found.key, part), draft.name),
        button=_("Bỏ khỏi bản nháp"),
        says=_("Đã bỏ %(what)s.") % {"what": words},
    )


@staff("procedures.edit")
def step(request: Request, pk: int, case: str, step: str) -> HttpResponse:
    """A step of a case's process with its ways out."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    one = step_of(found, step)
    form = forms.StepForm(posted(request), initial=forms.StepForm.start(one))
    steps = [each for each in found.process.steps if each.key != step]
    outs = [
        forms.OutcomeForm(posted(request), prefix=f"o{number}", initial=start, steps=steps)
        for number, start in enumerate([*map(_out_start, one.outcomes), {}, {}])
    ]
    good = [out.is_valid() for out in outs] if request.method == "POST" else [True]

    def act(wanted: dict[str, Any]) -> ProcedureVersion:
        if not all(good):
            raise Invalid(_("Có lối ra chưa đúng; xem các ô ở dưới."))
        outcomes = [values for out in outs if (values := out.values())]
        return actions.edit_step(actor, draft, case=found.key, step=step, outcomes=outcomes, **wanted)

    return ask(
        request,
        form,
        act,
        title=_("Sửa bước «%(step)s»") % {"step": one.name},
        up=(page_of(draft, found.key, "steps"), draft.name),
        button=_("Lưu vào bản nháp"),
        says=_("Đã lưu vào bản nháp."),
        template="procedures/admin/step.html",
        outs=outs,
    )


def _out_start(out: Any) -> dict[str, Any]:
    shown = {name: getattr(out, name) for name in ("key", "name", "name_en", "to", "does", "who", "back")}
    return {**shown, "needs": sorted(out.needs)}


# A version as a whole --------------------------------------------------------------------------------------


@staff("procedures.edit")
def new_draft(request: Request, pk: int) -> HttpResponse:
    """Begin a draft from a version."""
    actor, found = request.actor, version_of(pk)
    must(actor, "procedures.edit")
    return ask(
        request,
        Nothing(posted(request)),
        lambda wanted: actions.new_draft(actor, found),
        title=_("Tạo bản nháp của %(name)s") % {"name": found.name},
        text=_(
            "Bản nháp bắt đầu giống phiên bản này. Hồ sơ vẫn nhận theo phiên bản đang dùng cho đến khi công bố."
        ),
        up=(page_of(found), found.name),
        button=_("Tạo bản nháp"),
        says=_("Đã tạo bản nháp."),
        to=page_of,
    )


@staff("procedures.edit")
def discard(request: Request, pk: int) -> HttpResponse:
    """Delete a draft."""
    actor, draft, _said = draft_of(request, pk)
    procedure: Procedure = draft.procedure
    return ask(
        request,
        Nothing(posted(request)),
        lambda wanted: actions.discard(actor, procedure),
        title=_("Xóa bản nháp của %(name)s") % {"name": draft.name},
        text=_("Các sửa đổi trong bản nháp mất hẳn. Phiên bản đã công bố không thay đổi."),
        up=(page_of(draft), draft.name),
        button=_("Xóa bản nháp"),
        says=_("Đã xóa bản nháp."),
        to=lambda _done: reverse("procedures_admin"),
    )


@staff("procedures.publish")
def publish(request: Request, pk: int) -> HttpResponse:
    """Put a draft in force from a day on."""
    actor, draft, _said = draft_of(request, pk)
    form = forms.PublishForm(posted(request), initial={"valid_from": max(clock.today(), draft.valid_from)})
    return ask(
        request,
        form,
        lambda wanted: actions.publish(actor, draft, **wanted),
        title=_("Công bố %(name)s") % {"name": draft.name},
        text=_(
            "Từ ngày này hồ sơ nhận theo phiên bản mới; phiên bản trước hết dùng vào ngày liền trước. Phiên bản "
            "đã công bố không sửa được nữa."
        ),
        up=(page_of(draft), draft.name),
        button=_("Công bố"),
        says=lambda done: _("Đã công bố, có hiệu lực từ %(day)s.") % {"day": f"{done.valid_from:%d/%m/%Y}"},
    )


@staff("procedures.publish")
def retire(request: Request, pk: int) -> HttpResponse:
    """End a published version."""
    actor, found = request.actor, version_of(pk)
    must(actor, "procedures.publish")
    return ask(
        request,
        forms.RetireForm(posted(request), initial={"last_day": clock.today()}),
        lambda wanted: actions.retire(actor, found, **wanted),
        title=_("Bãi bỏ %(name)s") % {"name": found.name},
        text=_("Sau ngày này không nhận hồ sơ theo phiên bản này nữa. Hồ sơ đã nhận vẫn giải quyết tiếp."),
        up=(page_of(found), found.name),
        button=_("Bãi bỏ"),
        says=_("Đã ghi ngày hết hiệu lực."),
    )
