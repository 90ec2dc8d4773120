"""A person or business: who they are, what they have here, and who looked them up."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.cache import never_cache

from vamco.core import clock, visibility
from vamco.core.actors import Actor
from vamco.core.errors import NotAllowed, NotFound, Refused
from vamco.parties import actions as parties
from vamco.parties import queries as known
from vamco.parties.models import Gender, Group, Kind, Party
from vamco.results import queries as results
from vamco.web import messages
from vamco.web.access import Request, staff
from vamco.web.asking import new_key

from ... import queries
from ...intake.counter_parts import group_name, trusted
from ...models import HELD

PAGE = 20
"""Dossiers on a page."""


@never_cache
@staff()
def show(request: Request, pk: int) -> HttpResponse:
    """The page; a POST reveals the whole number, on record."""
    actor: Actor = request.actor
    party = _party(actor, pk)
    number = ""
    if request.method == "POST":
        parties.reveal(actor, party, purpose=gettext_noop("xem số trên trang người nộp"))
        number = party.number
    waiting = list(queries.of_party(actor, party.pk).filter(stage__in=HELD).order_by("due_at")[:50])
    before = request.GET.get("cursor", "")
    ended = queries.of_party(actor, party.pk).exclude(stage__in=HELD)
    if before.isascii() and before.isdigit() and len(before) < 18:
        ended = ended.filter(pk__lt=int(before))
    shown = list(ended[: PAGE + 1])
    page: dict[str, Any] = {
        "party": party,
        "number": number,
        "open": [queries.row_of(one, clock.now(), actor) for one in waiting],
        "ended": [(one, queries.name_of(one)) for one in shown[:PAGE]],
        "next_cursor": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "back": bool(before),
        "results": list(results.visible(actor).filter(holder=party).exclude(number="").order_by("-pk")[:20]),
        "groups": [group_name(key) for key in party.groups],
        "may_receive": actor.may_anywhere("dossiers.receive"),
        "may_correct": actor.may_anywhere("parties.correct"),
        "may_reveal": actor.may_anywhere("parties.look_up") and bool(party.number),
        "look_ups": list(known.look_ups_of(actor, party)[:50]) if actor.may_anywhere("audit.read") else None,
        "request_key": new_key(),
    }
    return render(request, "dossiers/person.html", page)


def _party(actor: Actor, pk: int) -> Party:
    """The party, for who may find it, has looked it up today, or audits a unit that it had to do with and may see one of
    its dossiers."""
    found = trusted(actor, pk)
    if found is None and actor.may_anywhere("audit.read"):
        audited = actor.within("audit.read", unit="units", lookup="overlap")
        rows = Party.objects.defer("search").filter(audited, pk=pk)
        found = None if visibility.hidden(actor, "parties.party", {str(pk)}) else rows.first()
    if found is None:
        raise NotFound(
            _("Không tìm thấy người, tổ chức này trong các hồ sơ của đơn vị. Hãy tra cứu theo số giấy tờ.")
        )
    return found


class Correct(forms.Form):
    """What is put right on a party's record, with the reason."""

    use_required_attribute = False

    name = forms.CharField(label=gettext_lazy("Họ và tên, hoặc tên tổ chức"), max_length=1000)
    kind = forms.ChoiceField(label=gettext_lazy("Là"), choices=Kind.choices)
    id_number = forms.CharField(
        label=gettext_lazy("Số giấy tờ đúng"), required=False, max_length=40,
        help_text=gettext_lazy("để trống nếu số đang ghi là đúng"),
    )  # fmt: skip
    birth_date = forms.DateField(
        label=gettext_lazy("Ngày sinh"), required=False, input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d/%m/%Y"),
    )  # fmt: skip
    gender = forms.ChoiceField(label=gettext_lazy("Giới tính"), choices=Gender.choices, required=False)
    phone = forms.CharField(label=gettext_lazy("Điện thoại"), required=False, max_length=60)
    email = forms.CharField(label=gettext_lazy("Thư điện tử"), required=False, max_length=300)
    address = forms.CharField(label=gettext_lazy("Địa chỉ"), required=False, max_length=1000)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Đối tượng ưu tiên"), choices=Group.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Lý do sửa"), max_length=1000)


@never_cache
@staff("parties.correct")
def correct(request: Request, pk: int) -> HttpResponse:
    """Correct what was wrong from the beginning; old and new stay on record."""
    actor: Actor = request.actor
    party = _party(actor, pk)
    start = {
        name: getattr(party, name)
        for name in ("name", "kind", "birth_date", "gender", "phone", "email", "address", "groups")
    }
    form = Correct(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        reason = changes.pop("reason")
        if not changes["id_number"]:
            changes.pop("id_number")
        try:
            parties.correct(actor, party, reason=reason, **changes)
        except (NotAllowed, NotFound):
            raise
        except Refused as refusal:
            for name, text in refusal.fields.items():
                form.add_error(name if name in form.fields else None, text)
            if not refusal.fields:
                form.add_error(None, refusal.message)
        else:
            messages.done(request, _("Đã sửa thông tin, giữ lại bản cũ và lý do."), draft=f"person.{pk}")
            return redirect("person", pk=pk)
    page = {
        "form": form,
        "party": party,
        "request_key": request.POST.get("request_key", "")[:60] or new_key(),
    }
    return render(
        request, "dossiers/person_correct.html", page, status=422 if form.is_bound and form.errors else 200
    )
