"""Plain forms of administrators: one page asks, one action does, one sentence says that it is done."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.core.inputs import read_day
from vamco.web import messages


class ActionForm(forms.Form):
    """A form whose action may still refuse; its messages come back to their fields."""

    use_required_attribute = False

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside its fields, or on top."""
        for name, message in refused.fields.items():
            self.add_error(name if name in self.fields else None, message)
        if not refused.fields:
            self.add_error(None, refused.message)

    def offer(self, name: str, choices: Any) -> None:
        """Say what may be chosen in a field, where it is known only when the page is asked for."""
        cast(forms.ChoiceField, self.fields[name]).choices = choices


class Day(forms.DateField):
    """A day, chosen in the browser's own calendar; read as every page reads days."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day, or nothing."""
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            return read_day(str(value).strip())
        except Invalid as fault:
            raise forms.ValidationError(fault.message) from None


def new_key() -> str:
    """A fresh one-time key for a form."""
    return secrets.token_urlsafe(16)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when that is nothing; None while the form is only looked at."""
    return request.POST if request.method == "POST" else None


def ask(
    request: HttpRequest,
    form: ActionForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    up: tuple[str, str],
    button: str,
    text: str = "",
    says: str | Callable[[Any], str] = "",
    to: str | Callable[[Any], str] = "",
    template: str = "vamco/ask.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; on POST do `act(cleaned_data)`, say so on the next page and go there.

    `up` is (address, words) of the page above, where one also goes afterwards unless `to` names another. A
    refusal comes back beside its field, with status 422; what is not there or not allowed stays a 404 or 403.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            given = says(result) if callable(says) else says
            if given:
                messages.done(request, str(given))
            return redirect((to(result) if callable(to) else to) or up[0])
    page = {
        "form": form,
        "title": title,
        "up": {"url": up[0], "label": up[1]},
        "button": button,
        "text": text,
        "request_key": request.POST.get("request_key") or new_key(),
        **context,
    }
    return render(request, template, page, status=422 if form.is_bound and form.errors else 200)
