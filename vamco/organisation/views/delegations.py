"""Everybody's own delegations (ủy quyền)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.web import messages
from vamco.web.access import Request, staff
from vamco.web.action_forms import ask_for
from vamco.web.asking import new_key

from .. import actions, forms, queries
from ..access import person_of
from ..models import User
from .shared import confirmed_to_send


@staff()
@confirmed_to_send
def index(request: Request) -> HttpResponse:
    """Who stands in for me and for whom I stand in; choosing a stand-in: first the name, then the days.

    A stand-in may sign, so the password is asked for again when one is chosen; looking at the page needs none.
    """
    actor = request.actor
    me = person_of(request)
    q = (request.POST if request.method == "POST" else request.GET).get("q", "")[:100].replace("\0", "")
    form = forms.Delegate(request, me)
    if form.is_valid() and (made := form.do(receiver=form.cleaned_data["receiver"])) is not None:
        messages.done(request, actions.delegate.says(made))
        return redirect("delegations")
    given, received = queries.delegations(me.pk)
    page: dict[str, Any] = {
        "form": form,
        "q": q,
        "found": queries.colleagues(q, but=me.pk),
        "chosen": _chosen(request, form),
        "given": given,
        "received": received,
        "today": clock.today(),
        "may": actor.may_anywhere("organisation.delegate"),
        "request_key": new_key(),
    }
    return render(request, "organisation/delegations.html", page, status=form.status)


def _chosen(request: Request, form: forms.Delegate) -> User | None:
    pk = request.POST.get("receiver") or request.GET.get("nguoi", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    found = User.objects.filter(pk=int(pk), is_active=True).exclude(pk=person_of(request).pk).first()
    return queries.with_posts([found])[0] if found else None


@staff()
def revoke(request: Request, pk: int) -> HttpResponse:
    """End a delegation early: one's own, or as an administrator that of a person one manages."""
    actor = request.actor
    found = queries.delegation(actor, pk)
    own = found.giver_id == actor.user_id
    if not own:
        actions.must_rank_over(actor, found.giver)
    up = (
        (reverse("delegations"), _("Việc ủy quyền"))
        if own
        else (reverse("organisation_person", args=[found.giver_id]), found.giver.full_name)
    )
    return ask_for(
        request,
        actions.revoke_delegation,
        found,
        title=_("Chấm dứt ủy quyền cho %(name)s") % {"name": found.receiver.full_name},
        text=_("Người này không làm thay được nữa, ngay sau khi chấm dứt."),
        up=up,
    )
