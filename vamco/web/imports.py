"""The pages of an import: send a sheet, map its columns, look at every fault by its cell, write all of it or nothing.

A room names its import once in its `urls.py`:

    urlpatterns = [*import_urls(CALENDAR, prefix="lich/nhap/", name="calendar_import", up=("calendar_admin", _("Lịch")))]
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from vamco.core import clock, sheets
from vamco.core.actors import Actor
from vamco.core.api import attachment
from vamco.core.errors import Invalid, NotFound, Refused, TooMany
from vamco.core.importing import SheetImport, columns, handed_out, runs
from vamco.core.importing.lines import MOST_LINES
from vamco.core.inputs import Words, plain_number
from vamco.core.models import ImportRun, ImportState
from vamco.core.workbooks import XLSX

from . import messages
from .access import Request, staff
from .asking import new_key
from .import_preview import TABS, preview, steps

Target = Callable[[Request], Any]


def import_urls(
    plan: SheetImport,
    *,
    prefix: str,
    name: str,
    up: tuple[str, Words],
    target: Target = lambda request: None,
    places: Callable[[Actor], QuerySet[Any]] | None = None,
    back: Callable[[Any], str] = lambda target: "",
) -> list[URLPattern]:
    """The addresses of an import below `prefix`.

    `up` is the page above: the name of its address, and its word. `target` finds what the rows are made in, and `back`
    gives the query by which the page above shows that. With `places`, units, the form asks in which of them the rows are
    made; it is sent as `unit`, the unit's code.
    """
    pages = Pages(plan, name, up, target, back, places)
    may = staff(plan.create.permission)
    return [
        path(prefix, may(pages.send), name=name),
        path(f"{prefix}mau/", may(pages.template), name=f"{name}_template"),
        path(f"{prefix}<int:pk>/", may(pages.run), name=f"{name}_run"),
        path(f"{prefix}<int:pk>/ghi-chu/", may(pages.annotated), name=f"{name}_annotated"),
        path(f"{prefix}<int:pk>/<slug:verb>/", may(pages.do), name=f"{name}_do"),
    ]


@dataclass(frozen=True)
class Pages:
    """The views of one import."""

    plan: SheetImport
    name: str
    up: tuple[str, Words]
    target: Target
    back: Callable[[Any], str]
    places: Callable[[Actor], QuerySet[Any]] | None = None

    def send(self, request: Request) -> HttpResponse:
        """Choose a file; what is wrong with the file itself is said beside it."""
        target, refusal = None if self.places else self.target(request), None
        if request.method == "POST":
            try:
                return redirect(self._sent(request, self.target(request)))
            except (Invalid, TooMany) as refused:
                refusal = refused
        context = {
            **self._frame(target),
            "refusal": refusal,
            "wrong": "" if refusal is None else "unit" if "unit" in refusal.fields else "file",
            "places": self.places(request.actor) if self.places else (),
            "place": request.POST.get("unit", ""),
            "here": request.get_full_path(),
            "template_url": reverse(f"{self.name}_template") + self.back(target),
            "columns": [(column, not column.optional) for column in self.plan.template],
            "most": MOST_LINES,
            "megabytes": sheets.MOST_BYTES // (1024 * 1024),
        }
        return render(request, "vamco/import_send.html", context, status=refusal.status if refusal else 200)

    def _sent(self, request: Request, target: Any) -> str:
        upload = request.FILES.get("file")
        if upload is None:
            raise Invalid(_("Hãy chọn tệp bảng tính .xlsx, không quá 10 MB."), field="file")
        run = runs.begin(self.plan, request.actor, target, upload, name=upload.name or "")
        self._check_if_mapped(request, run)
        return self._url(run)

    def _check_if_mapped(self, request: Request, run: ImportRun) -> None:
        if run.state == ImportState.MAPPING and columns.is_mapped(self.plan, run):
            runs.start(run, ImportState.CHECKING, request.actor)

    def template(self, request: Request) -> HttpResponse:
        """The empty sheet to fill in."""
        target = None if self.places else self.target(request)
        content = handed_out.template(self.plan, request.actor, target)
        name = slugify(str(self.plan.title or self.plan.create.label).replace("đ", "d").replace("Đ", "D"))
        return attachment(content, f"mau-{name}.xlsx", XLSX)

    def run(self, request: Request, pk: int) -> HttpResponse:
        """How far a sheet has come: its columns, its faults by cell, what it would change, how much is written."""
        run = runs.own(self.plan, request.actor, pk)
        if request.headers.get("HX-Request") and not run.running:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return self._shown(request, run)

    def annotated(self, request: Request, pk: int) -> HttpResponse:
        """The sheet with its faults as notes at the cells."""
        run = runs.own(self.plan, request.actor, pk)
        return attachment(handed_out.annotated(run), f"loi-{run.file.name}", XLSX)

    def do(self, request: Request, pk: int, verb: str) -> HttpResponseBase:
        """Map, check, write, leave faulty lines out, start again, give up, send a corrected file."""
        run = runs.own(self.plan, request.actor, pk)
        verbs = {
            "cot": self._map, "ghi": self._write, "bo": self._drop, "lai": self._again, "huy": self._cancel,
            "sua": self._corrected,
        }  # fmt: skip
        if verb not in verbs:
            raise NotFound(_("Không có trang này. Hãy quay lại trang nhập."))
        if request.method != "POST":
            return redirect(self._url(run))
        try:
            return redirect(verbs[verb](request, run) or self._url(run))
        except (Invalid, TooMany) as refusal:
            run.refresh_from_db()
            return self._shown(request, run, refusal)
        except Refused as refusal:
            messages.refused(request, refusal.message)
            return redirect(self._url(run))

    # What the buttons do -----------------------------------------------------------------------------------

    def _map(self, request: Request, run: ImportRun) -> str:
        wanted = {
            column.index: request.POST[f"m{column.index}"]
            for column in run.columns.all()
            if f"m{column.index}" in request.POST
        }
        typed = request.POST.get("row", "").strip()
        row = plain_number(typed) if len(typed) < 8 else None
        if typed and row is None:
            raise Invalid(_("Hãy ghi số của dòng tiêu đề, ví dụ 5."), field="row")
        columns.map_columns(self.plan, request.actor, run, wanted, row=row)
        self._check_if_mapped(request, run)
        return ""

    def _write(self, request: Request, run: ImportRun) -> str:
        runs.start(run, ImportState.WRITING, request.actor)
        return ""

    def _drop(self, request: Request, run: ImportRun) -> str:
        runs.drop_wrong(run)
        runs.start(run, ImportState.CHECKING, request.actor)
        return ""

    def _again(self, request: Request, run: ImportRun) -> str:
        if run.running:
            runs.again(run)
        else:
            runs.start(run, ImportState.CHECKING, request.actor)
        return ""

    def _cancel(self, request: Request, run: ImportRun) -> str:
        running = run.running
        runs.cancel(run)
        message = _("Đã dừng; sổ vẫn như trước.") if running else _("Đã hủy; chưa ghi dòng nào.")
        messages.done(request, message)
        return self._up(run.target())

    def _corrected(self, request: Request, run: ImportRun) -> str:
        url = self._sent(request, run.target())
        if run.state != ImportState.WRITTEN:
            runs.cancel(run)
        return url

    # What is shown -----------------------------------------------------------------------------------------

    def _url(self, run: ImportRun) -> str:
        return reverse(f"{self.name}_run", args=[run.pk])

    def _up(self, target: Any) -> str:
        return reverse(self.up[0]) + self.back(target)

    def _frame(self, target: Any) -> dict[str, Any]:
        return {
            "title": self.plan.title or self.plan.create.label,
            "up": {"url": self._up(target), "label": self.up[1]},
            "target": target,
            "request_key": new_key(),
        }

    def _shown(self, request: Request, run: ImportRun, refusal: Refused | None = None) -> HttpResponse:
        only = request.GET.get("tab", "") if request.GET.get("tab", "") in TABS else ""
        context = {
            **self._frame(run.target()),
            "run": run,
            "refusal": refusal,
            "url": self._url(run),
            "urls": {
                verb: reverse(f"{self.name}_do", args=[run.pk, verb])
                for verb in ("cot", "ghi", "bo", "lai", "huy", "sua")
            },
            "annotated_url": reverse(f"{self.name}_annotated", args=[run.pk]),
            "start_url": reverse(self.name) + self.back(run.target()),
            "steps": steps(run),
            "only": only,
            "stalled": run.running and run.moved_at < clock.now() - runs.STALLED,
            **self._columns(run),
            **preview(self.plan, run, only),
        }
        status = refusal.status if refusal else 200
        return render(request, "vamco/import_run.html", context, status=status)

    def _columns(self, run: ImportRun) -> dict[str, Any]:
        every = list(run.columns.all())
        return {
            "columns": every,
            "inputs": list(self.plan.columns.values()),
            "missing": columns.missing(self.plan, run),
            "doubtful": [action for action in every if action.doubtful],
            "left_out": [action.heading for action in every if not action.input and not action.doubtful],
            "remembered": columns.remembered_at(self.plan, run),
        }
