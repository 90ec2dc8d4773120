"""Pages that make procedures, sectors, cases and steps, take cases and steps out, and order the parts of a draft."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vamco.core.errors import NotFound
from vamco.organisation.forms import Nothing
from vamco.web.access import Request, staff
from vamco.web.asking import ask, posted

from .. import actions, reading
from ..definition import Case, LimitOverride
from ..models import CaseRow, ProcedureVersion
from . import shape_forms as forms
from .drafts import case_of, draft_of, must, page_of, step_of

# The catalogue -------------------------------------------------------------------------------------------------


@staff("procedures.edit")
def new_procedure(request: Request) -> HttpResponse:
    """Add a procedure as a draft: a copy of another one, or blank."""
    actor = request.actor
    must(actor, "procedures.edit")
    return ask(
        request,
        forms.NewProcedureForm(posted(request)),
        lambda wanted: actions.new_procedure(actor, None, **wanted),
        title=_("Thêm thủ tục"),
        text=_("Thủ tục mới là bản nháp; người dân chưa thấy cho đến khi công bố."),
        up=_catalogue(),
        button=_("Tạo bản nháp"),
        says=_("Đã tạo bản nháp. Hãy sửa từng mục rồi công bố."),
        to=page_of,
    )


@staff("procedures.edit")
def new_sector(request: Request) -> HttpResponse:
    """Add a field of administration."""
    actor = request.actor
    must(actor, "procedures.edit")
    return ask(
        request,
        forms.SectorForm(posted(request)),
        lambda wanted: actions.add_sector(actor, None, **wanted),
        title=_("Thêm lĩnh vực"),
        text=_("Lĩnh vực có thủ tục đang dùng thì người dân mới thấy trong danh mục."),
        up=_catalogue(),
        button=_("Thêm lĩnh vực"),
        says=lambda made: _("Đã thêm lĩnh vực %(name)s.") % {"name": made.name},
    )


def _catalogue() -> tuple[str, str]:
    return reverse("procedures_admin"), _("Thủ tục")


# Cases ---------------------------------------------------------------------------------------------------------


@staff("procedures.edit")
def new_case(request: Request, pk: int) -> HttpResponse:
    """Add a case to a draft: a copy of another one, or blank."""
    actor, draft, said = draft_of(request, pk)
    wished = request.GET.get("truong_hop", "")[:60]
    start = wished if wished in {one.key for one in said.cases} else ""
    return ask(
        request,
        forms.NewCaseForm(posted(request), cases=said.cases, initial={"like": start or _first(said.cases)}),
        lambda wanted: actions.add_case(actor, draft, **wanted),
        title=_("Thêm trường hợp"),
        up=(page_of(draft, start), draft.name),
        button=_("Thêm vào bản nháp"),
        says=_("Đã thêm trường hợp. Hãy xem lại thời hạn và từng mục."),
        to=lambda made: page_of(made, _newest_case(made)),
    )


def _first(cases: tuple[Case, ...]) -> str:
    return cases[0].key if cases else ""


def _newest_case(draft: ProcedureVersion) -> str:
    return CaseRow.objects.filter(version=draft).order_by("-order").values_list("key", flat=True)[0]


@staff("procedures.edit")
def case_out(request: Request, pk: int, case: str) -> HttpResponse:
    """Remove a case from a draft."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    return ask(
        request,
        Nothing(posted(request)),
        lambda wanted: actions.take_out_case(actor, draft, case=found.key),
        title=_("Bỏ trường hợp «%(case)s»") % {"case": found.name},
        text=_("Giấy tờ, ô khai, khoản thu và quy trình của trường hợp này ra khỏi bản nháp."),
        up=(page_of(draft, found.key), draft.name),
        button=_("Bỏ khỏi bản nháp"),
        says=_("Đã bỏ trường hợp «%(case)s».") % {"case": found.name},
        to=page_of(draft),
    )


@staff("procedures.edit")
def limit(request: Request, pk: int, case: str, number: int = 0) -> HttpResponse:
    """Another time limit of a case, for a channel or a condition: a new one, or that of the given number."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    current = _limit_of(found, number) if number else None
    form = forms.LimitForm(posted(request), case_fields=found.fields, current=current)

    def act(wanted: dict[str, Any]) -> ProcedureVersion:
        limits = reading.plain(found.limit.overrides)
        place = slice(number - 1, number) if number else slice(len(limits), None)
        limits[place] = [form.values()]
        return _set_limits(actor, draft, found, limits)

    return ask(
        request,
        form,
        act,
        title=_("Sửa thời hạn riêng") if number else _("Thêm thời hạn riêng"),
        text=_("Thời hạn riêng đầu tiên đúng với hồ sơ thì được dùng; không có thì theo thời hạn chung."),
        up=(page_of(draft, found.key), draft.name),
        button=_("Lưu vào bản nháp"),
        says=_("Đã lưu vào bản nháp."),
    )


@staff("procedures.edit")
def limit_out(request: Request, pk: int, case: str, number: int) -> HttpResponse:
    """Remove another time limit from a case."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    gone = _limit_of(found, number)
    others = [one for one in found.limit.overrides if one is not gone]
    return ask(
        request,
        Nothing(posted(request)),
        lambda wanted: _set_limits(actor, draft, found, reading.plain(others)),
        title=_("Bỏ thời hạn riêng"),
        text=_("Hồ sơ đó theo thời hạn chung của trường hợp."),
        up=(page_of(draft, found.key), draft.name),
        button=_("Bỏ khỏi bản nháp"),
        says=_("Đã bỏ thời hạn riêng."),
    )


def _limit_of(case: Case, number: int) -> LimitOverride:
    if not 1 <= number <= len(case.limit.overrides):
        raise NotFound(_("Không tìm thấy mục này trong bản nháp; có thể đã bị bỏ ra."))
    return case.limit.overrides[number - 1]


def _set_limits(actor: Any, draft: ProcedureVersion, case: Case, limits: list[Any]) -> ProcedureVersion:
    whole = {**reading.plain(case.limit), "overrides": limits}
    return actions.edit_case(actor, draft, case=case.key, limit=whole)


# The process ---------------------------------------------------------------------------------------------------


@staff("procedures.edit")
def process(request: Request, pk: int, case: str) -> HttpResponse:
    """Which step of a case's process is the first, and where the process comes from."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    form = forms.ProcessForm(posted(request), process=found.process)
    return ask(
        request,
        form,
        lambda wanted: actions.edit_process(actor, draft, case=found.key, **form.values()),
        title=_("Sửa quy trình của «%(case)s»") % {"case": found.name},
        up=(page_of(draft, found.key, "steps"), draft.name),
        button=_("Lưu vào bản nháp"),
        says=_("Đã lưu vào bản nháp."),
    )


@staff("procedures.edit")
def new_step(request: Request, pk: int, case: str) -> HttpResponse:
    """Add a step to a case's process."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    form = forms.NewStepForm(posted(request), process=found.process)
    return ask(
        request,
        form,
        lambda wanted: actions.add_step(actor, draft, case=found.key, **form.values()),
        title=_("Thêm bước"),
        text=_("Bước mới bắt đầu với một lối ra; sau khi thêm, mở bước để sửa và thêm lối ra."),
        up=(page_of(draft, found.key, "steps"), draft.name),
        button=_("Thêm vào bản nháp"),
        says=_("Đã thêm bước vào quy trình."),
    )


@staff("procedures.edit")
def step_out(request: Request, pk: int, case: str, step: str) -> HttpResponse:
    """Remove a step from a case's process, and say where the ways out that led to it lead instead."""
    actor, draft, said = draft_of(request, pk)
    found = case_of(said, case)
    gone = step_of(found, step)
    form = forms.StepOutForm(posted(request), case=found, step=gone)
    return ask(
        request,
        form,
        lambda wanted: actions.take_out_step(actor, draft, case=found.key, step=step, **form.values()),
        title=_("Bỏ bước «%(step)s»") % {"step": gone.name},
        text=_("Cho biết các lối ra đang dẫn tới bước này sẽ dẫn tới đâu.") if form.leading else "",
        up=(page_of(draft, found.key, "steps"), draft.name),
        button=_("Bỏ khỏi bản nháp"),
        says=_("Đã bỏ bước «%(step)s».") % {"step": gone.name},
    )


@staff("procedures.edit")
@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """Move a case, a step or another part one place; `what`: part, key, and up or down, with slashes between."""
    actor, draft, said = draft_of(request, pk)
    case = case_of(said, request.POST.get("case", "")[:60])
    part, key, way = [*request.POST.get("what", "")[:120].split("/"), "", "", ""][:3]
    of = "" if part == "cases" else case.key
    actions.move(actor, draft, part=part, key=key, up=way == "up", case=of)
    return redirect(page_of(draft, case.key, f"{part}-{key}"))
