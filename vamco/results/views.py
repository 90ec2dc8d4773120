"""Pages of results: the public check, a result with its history, the templates."""

import base64
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vamco.core import clock, files
from vamco.core.errors import Refused, TooMany
from vamco.core.printing import answer
from vamco.organisation.where import first_post
from vamco.web.access import Request, staff
from vamco.web.messages import done, refused

from . import actions, limits, paper, places, queries, text, writing
from .forms import CheckForm, CorrectForm, NewTemplateForm, SignForm, TemplateForm, WithdrawForm
from .models import Result, State, Template


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: Request, number: str = "") -> HttpResponse:
    """The public check: the QR brings the number, the code is typed from the paper and comes by POST only."""
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


@require_GET
@staff("dossiers.view")
def result(request: Request, pk: int) -> HttpResponse:
    """A result: what it says, its state and history, and what may be done with it."""
    return _result_page(request, queries.one(request.actor, pk))


def _result_page(request: Request, one: Result, status: int = 200, **forms: object) -> HttpResponse:
    actor, unit = request.actor, one.permission_units()
    valid, correction = one.state == State.VALID, one.state == State.DRAFT and one.replaces_id is not None
    context = {
        "result": one,
        "events": one.events.select_related("by"),
        "after": getattr(one, "replaced_by", None),
        "may_correct": valid and actor.may_at("results.draft", unit) and not hasattr(one, "replaced_by"),
        "may_withdraw": valid and actor.may_at("results.withdraw", unit),
        "may_sign": correction and not one.approved_at and actor.may_at("step.leader", unit),
        "may_issue": correction and bool(one.approved_at) and actor.may_at("step.registrar", unit),
        "may_drop": correction and actor.may_at("results.draft", unit),
        "withdraw_form": forms.get("withdraw") or WithdrawForm(),
        "correct_form": forms.get("correct") or CorrectForm(one, _labels(one)),
        "sign_form": forms.get("sign") or SignForm(initial={"title": _own_title(request, one)}),
    }
    return render(request, "results/result.html", context, status=status)


def _labels(one: Result) -> dict[str, str]:
    known = places.places_of(one.template.key)
    return {**known.sometimes, **known.always}


def _own_title(request: Request, one: Result) -> str:
    post = first_post(request.actor.known_id)
    return writing.signing_title(one.unit, post.title) if post else ""


@require_GET
@staff("dossiers.view")
def result_file(request: Request, pk: int) -> HttpResponseBase:
    """The issued paper; of a draft, how it would look."""
    one = queries.one(request.actor, pk)
    if one.file is not None:
        return files.response(one.file, as_attachment="tai" in request.GET)
    return answer(request, paper.draft(one, at=clock.now()))


@require_POST
@staff("dossiers.view")
def act(request: Request, pk: int, verb: str) -> HttpResponse:
    """Withdraw, correct, sign, number or drop: then back to the result."""
    one = queries.one(request.actor, pk)
    form = _FORMS[verb](one, request.POST) if verb in _FORMS else None
    if form is not None and not form.is_valid():
        return _result_page(request, one, status=422, **{verb: form})
    try:
        after, said = _DO[verb](request, one, form)
    except Refused as error:
        if form is None:
            refused(request, error.message)
            return redirect("result", pk=pk)
        form.add_error(None, error.message)
        return _result_page(request, one, status=error.status, **{verb: form})
    done(request, said)
    return redirect("result", pk=after.pk)


_FORMS: dict[str, Callable[[Result, QueryDict], forms.Form]] = {
    "withdraw": lambda one, data: WithdrawForm(data),
    "correct": lambda one, data: CorrectForm(one, _labels(one), data),
    "sign": lambda one, data: SignForm(data),
}


def _withdraw(request: Request, one: Result, form: WithdrawForm) -> tuple[Result, str]:
    return actions.withdraw(request.actor, one, reason=form.cleaned_data["reason"]), _("Đã thu hồi kết quả.")


def _correct(request: Request, one: Result, form: CorrectForm) -> tuple[Result, str]:
    said = form.cleaned_data
    new = actions.correct(
        request.actor, one, reason=said["reason"], values=form.changes(), holder_name=said["holder_name"]
    )
    return new, _("Đã lập dự thảo thay thế. Kết quả cũ còn hiệu lực đến khi bản mới được cấp số.")


def _sign(request: Request, one: Result, form: SignForm) -> tuple[Result, str]:
    return actions.sign_correction(request.actor, one, title=form.cleaned_data["title"]), _(
        "Đã ký bản thay thế."
    )


def _issue(request: Request, one: Result, form: None) -> tuple[Result, str]:
    issued = actions.issue_correction(request.actor, one)
    return issued, _("Đã cấp số %(number)s; kết quả cũ được thay thế.") % {"number": issued.number}


def _drop(request: Request, one: Result, form: None) -> tuple[Result, str]:
    old = one.replaces or one
    actions.drop_correction(request.actor, one)
    return old, _("Đã bỏ dự thảo thay thế.")


_DO: dict[str, Callable[[Request, Result, Any], tuple[Result, str]]] = {
    "withdraw": _withdraw,
    "correct": _correct,
    "sign": _sign,
    "issue": _issue,
    "drop": _drop,
}


# Templates -------------------------------------------------------------------------------------------------


@require_GET
@staff("results.edit_templates")
def template_list(request: Request) -> HttpResponse:
    """All templates."""
    return render(request, "results/template_list.html", {"templates": queries.templates()})


@require_http_methods(["GET", "POST"])
@staff("results.edit_templates")
def template_new(request: Request) -> HttpResponse:
    """The first version of a template."""
    if request.method != "POST":
        return _editor(request, NewTemplateForm(initial={"version": 0, "text": _EMPTY}), "", None)
    form = NewTemplateForm(request.POST)
    return _save(request, form, form.data.get("key", "").strip(), None)


@require_http_methods(["GET", "POST"])
@staff("results.edit_templates")
def template_edit(request: Request, key: str) -> HttpResponse:
    """The editor of a template, with what it may fill and how it looks."""
    current = queries.template(key)
    if request.method != "POST":
        start = {"name": current.name, "text": current.text, "version": current.version}
        return _editor(request, TemplateForm(initial=start), key, current)
    form = TemplateForm(request.POST)
    opened = (
        Template.objects.filter(key=key, version=form.data.get("version") or 0).first()
        if form.is_valid()
        else None
    )
    return _save(request, form, key, opened, current)


def _save(
    request: Request,
    form: TemplateForm,
    key: str,
    opened: Template | None,
    current: Template | None = None,
) -> HttpResponse:
    if not form.is_valid():
        return _editor(request, form, key, current, status=422)
    if "preview" in request.POST:
        return _editor(request, form, key, current, preview=True)
    said = form.cleaned_data
    try:
        saved = actions.save_template(request.actor, opened, key=key, name=said["name"], text=said["text"])
    except Refused as error:
        for field, message in error.fields.items() or [(None, error.message)]:
            for line in message.splitlines():
                form.add_error(field if field in form.fields else None, line)
        return _editor(request, form, key, current, status=error.status)
    done(request, _("Đã lưu mẫu, phiên bản %(version)d.") % {"version": saved.version})
    return redirect("result_template", key=saved.key)


def _editor(
    request: Request,
    form: TemplateForm,
    key: str,
    current: Template | None,
    *,
    preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    known = places.places_of(key)
    said = form.cleaned_data["text"] if preview else form.initial.get("text", "")
    pages = _pages(request, key, said, known) if preview or current else []
    problems = text.problems(said, always=known.always, sometimes=known.sometimes) if preview else []
    context = {
        "form": form,
        "key": key,
        "current": current,
        "places": known,
        "pages": pages,
        "problems": problems,
        "used_by": sorted({case.name for case in places.cases_using(key)})[:20] if key else [],
    }
    return render(request, "results/template_edit.html", context, status=status)


def _pages(request: Request, key: str, said: str, known: places.Places) -> list[str]:
    """The pages as data addresses, filled with what each place is."""
    sample = paper.sample(said, key, known)
    if sample is None:
        return []
    made = paper.draft(sample, at=clock.now(), across="BẢN XEM THỬ").pictures(ppi=80)
    return [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in made[:5]]


_EMPTY = "@đầu\n@tên {{ten_giay_hoa}}\n\n\n@nơi nhận\n- Người được cấp\n- Lưu: VT\n\n@ký\n{{chuc_vu}}\n{{nguoi_ky}}\n"
