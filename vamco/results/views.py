"""Pages of results: the public check, the register, a result with its history, the templates."""

import base64
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from vamco.core import clock, files, inputs
from vamco.core.actions import Action, not_allowed
from vamco.core.errors import Invalid, Refused, TooMany
from vamco.core.printing import answer
from vamco.organisation.where import first_post
from vamco.web import messages
from vamco.web.access import Request, staff
from vamco.web.action_forms import InputForm, ask_for
from vamco.web.asking import ask
from vamco.web.lists import Button, list_page

from . import actions, limits, lists, paper, places, queries, text, writing
from .forms import CheckForm, CorrectForm
from .models import Result, Template

ACTS: Final[dict[str, Action[Any, Any, Any]]] = {
    "sign": actions.sign_correction,
    "issue": actions.issue_correction,
    "drop": actions.drop_correction,
    "correct": actions.correct,
    "withdraw": actions.withdraw,
}
"""What is done to a result, by the last part of its address."""


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: Request, number: str = "") -> HttpResponse:
    """The public check: the QR code holds the number; the check code is typed from the paper and sent by POST only."""
    if request.method != "POST":
        return render(request, "results/check.html", {"form": CheckForm(initial={"number": number[:80]})})
    form = CheckForm(request.POST)
    found, asked = None, False
    if form.is_valid():
        try:
            limits.count_try(request)
            found, asked = queries.check(form.cleaned_data["number"], form.cleaned_data["secret"]), True
        except TooMany as error:
            form.add_error(None, error.message)
            return render(request, "results/check.html", {"form": form}, status=error.status)
    context = {"form": form, "found": found, "asked": asked}
    return render(request, "results/check.html", context, status=200 if form.is_valid() else 422)


# The register ----------------------------------------------------------------------------------------------


@staff("dossiers.view")
def results(request: Request) -> HttpResponse:
    """The register of results."""
    return list_page(request, lists.NEWEST_FIRST, export=lists.export_results)


@require_GET
@staff("dossiers.view")
def result(request: Request, pk: int) -> HttpResponse:
    """A result: its content, state and history, and what may be done with it."""
    found = queries.one(request.actor, pk)
    context = {
        "result": found,
        "events": found.events.select_related("by"),
        "after": getattr(found, "replaced_by", None),
        "offers": [
            {
                "label": action.label,
                "asks": bool(action.inputs),
                "url": reverse("result_act", args=[pk, verb]),
            }
            for verb, action in ACTS.items()
            if action.offered(request.actor, found)
        ],
    }
    return render(request, "results/result.html", context)


@require_GET
@staff("dossiers.view")
def result_file(request: Request, pk: int) -> HttpResponseBase:
    """The issued paper; of a draft, how it would look."""
    found = queries.one(request.actor, pk)
    if found.file is not None:
        return files.response(found.file, as_attachment="tai" in request.GET)
    return answer(request, paper.draft(found, at=clock.now()))


@staff("dossiers.view")
def act(request: Request, pk: int, verb: str) -> HttpResponse:
    """Sign, number, drop, correct or withdraw; then the result that it is about from now on."""
    found = queries.one(request.actor, pk)
    up = (reverse("result", args=[pk]), str(found))
    if verb == "correct":
        return _correct(request, found, up)
    after = found.replaces_id if verb == "drop" else pk
    return ask_for(
        request,
        ACTS[verb],
        found,
        up=up,
        to=reverse("result", args=[after or pk]),
        initial={"title": _own_title(request, found)} if verb == "sign" else None,
    )


def _correct(request: Request, old: Result, up: tuple[str, str]) -> HttpResponse:
    """The form has a field for each text of the paper, which the action's signature does not declare."""
    if not actions.correct.allowed(request.actor, old):
        raise not_allowed()
    form = CorrectForm(request, old)
    return ask(
        request,
        form,
        lambda _cleaned: actions.correct(request.actor, old, **form.given, values=form.changes()),
        title=_("Đính chính: cấp bản thay thế"),
        up=up,
        button=_("Lập dự thảo thay thế"),
        says=actions.correct.says,
        to=lambda new: reverse("result", args=[new.pk]),
    )


def _own_title(request: Request, result: Result) -> str:
    post = first_post(request.actor.known_id)
    return writing.signing_title(result.unit, post.title) if post else ""


# Templates -------------------------------------------------------------------------------------------------


@staff("results.edit_templates")
def template_list(request: Request) -> HttpResponse:
    """All templates."""
    new = Button(_("Mẫu mới"), reverse("result_template_new"), key="n", main=True)
    return list_page(request, lists.TEMPLATES, export=lists.export_templates, buttons=(new,))


@require_http_methods(["GET", "POST"])
@staff("results.edit_templates")
def template_new(request: Request) -> HttpResponse:
    """The first version of a template."""
    return _editor(request, None, {"text": _EMPTY})


@require_http_methods(["GET", "POST"])
@staff("results.edit_templates")
def template_edit(request: Request, key: str) -> HttpResponse:
    """The editor of a template, with what it may fill and how it looks."""
    current = queries.template(key)
    return _editor(request, current, {"name": current.name, "text": current.text})


def _editor(request: Request, current: Template | None, initial: dict[str, str]) -> HttpResponse:
    fixed = {"key": current.key} if current else {}
    opened = _opened(request, current) if current else None
    form = InputForm(
        actions.save_template,
        request.actor,
        opened,
        request=request,
        without=tuple(fixed),
        initial=initial,
    )
    preview, problems, status = "preview" in request.POST, list[str](), form.status
    if form.is_valid() and not preview:
        try:
            saved = actions.save_template(request.actor, opened, **fixed, **form.given)
        except Refused as refused:
            problems, status = refused.fields.get("text", "").splitlines(), refused.status
            form.refuse(Invalid(refused.message) if problems else refused)
        else:
            messages.done(request, actions.save_template.says(saved))
            return redirect("result_template", key=saved.key)
    given = {**initial, **fixed, **form.given}
    key, known = given.get("key", ""), places.places_of(given.get("key", ""))
    if preview and not form.errors:
        problems = text.problems(given["text"], always=known.always, sometimes=known.sometimes)
    context = {
        "form": form,
        "current": current,
        "opened": request.POST.get("version", current.version if current else 0),
        "places": known,
        "pages": _pages(key, given["text"], known) if (preview or current) and not form.errors else [],
        "problems": problems,
        "used_by": sorted({case.name for case in places.cases_using(key)})[:20] if key else [],
    }
    return render(request, "results/template_edit.html", context, status=status)


def _opened(request: Request, current: Template) -> Template | None:
    """The version that the form was opened with: of a newer one the editor has not seen the text."""
    if request.method != "POST":
        return current
    try:
        version = inputs.read(int, request.POST.get("version", ""))
    except Invalid:
        return None
    return Template.objects.filter(key=current.key, version=version).first()


def _pages(key: str, text: str, known: places.Places) -> list[str]:
    """The first pages as data addresses, each place filled with what it is for."""
    sample = paper.sample(text, key, known)
    if sample is None:
        return []
    pictures = paper.draft(sample, at=clock.now(), across="BẢN XEM THỬ").pictures(ppi=80)
    return [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pictures[:5]]


_EMPTY = "@đầu\n@tên {{ten_giay_hoa}}\n\n\n@nơi nhận\n- Người được cấp\n- Lưu: VT\n\n@ký\n{{chuc_vu}}\n{{nguoi_ky}}\n"
