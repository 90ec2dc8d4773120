"""The inbox (danh sách việc) and the search over it."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET, require_POST

from vamco.core import clock
from vamco.core.actors import Actor
from vamco.core.api import attachment
from vamco.core.errors import NotFound, Refused
from vamco.core.listing import Asked
from vamco.core.models.exports import Format
from vamco.organisation.models import User
from vamco.parties import identity
from vamco.parties import queries as parties
from vamco.parties.models import Party
from vamco.web import messages, words
from vamco.web.access import Request, staff

from .. import queries
from ..models import Dossier, SavedFilter, codes
from ..rules import deadlines, moves
from ..work import offers
from ..work.actions.steps import assign, take
from . import actions, inbox
from . import sent as lists
from .listing import DOSSIERS, DOSSIERS_EXPORT

Done = Callable[[Actor, Dossier], Dossier]
Outcome = tuple[str, str]
"""A dossier's code with "" or the reason why nothing was done."""


@require_GET
@staff("dossiers.view")
def show(request: Request) -> HttpResponse:
    """One tab of the inbox, or what was searched for."""
    actor: Actor = request.actor
    if request.GET.get("tab") == "y-kien":
        return _consultations(request, actor)
    listing = lists.read(request.GET.dict())
    counts = queries.tab_counts(actor)
    if not listing.wanted.tab and not listing.narrowed:
        tab = next((name for name in ("mine", "pool", "unassigned", "ready", "unit") if counts[name]), "mine")
        listing = lists.read({**request.GET.dict(), "tab": tab})
    found = inbox.page(actor, listing.wanted, cursor=listing.cursor)
    saved = list(SavedFilter.objects.filter(user_id=actor.known_id))
    context = {
        **_tabs(actor, counts, listing.wanted.tab),
        "listing": listing,
        "groups": inbox.groups(found, first_page=not listing.cursor),
        "found": found,
        "start": request.GET.get("o", ""),
        "choices": inbox.choices(actor, listing.wanted.tab) if listing.wanted.tab else None,
        "filters_open": "loc" in request.GET,
        "saved": saved,
        "is_saved": any(kept.query == listing.kept for kept in saved),
        "people": inbox.colleagues(actor, found.rows) if actor.may_anywhere("dossiers.assign") else [],
        "who": listing.wanted.tab not in ("mine", "pool", "unassigned"),
        "party": _party(actor, listing),
        "may_take": actor.may_anywhere("dossiers.work"),
        "may_export": actor.may_anywhere("dossiers.export"),
        "may_import": actor.may_anywhere("dossiers.import"),
        "request_key": uuid4().hex,
    }
    return render(request, "dossiers/inbox.html", context)


def _tabs(actor: Actor, counts: dict[str, int], current: str) -> dict[str, Any]:
    """The tabs with their counts; those for apologies and opinions are there when one waits."""
    waiting = queries.consultations(actor) if actor.may_anywhere("dossiers.answer") else []
    names = lists.tab_words()
    conditional = {
        "unassigned": actor.may_anywhere("dossiers.assign"),
        "apologies": counts["apologies"] > 0 or current == "apologies",
    }
    tabs = [
        {"key": key, "label": names[key], "count": counts[key], "current": key == current}
        for key in names
        if conditional.get(key, True)
    ]
    if waiting or current == "y-kien":
        tabs.append(
            {"key": "y-kien", "label": _("Cho ý kiến"), "count": len(waiting), "current": current == "y-kien"}
        )
    return {"tabs": tabs, "waiting": waiting, "title": names.get(current, _("Cho ý kiến"))}


def _party(actor: Actor, listing: lists.Listing) -> str:
    """The name of the person whose dossiers are listed, when the actor may see one of them."""
    if listing.wanted.party is None:
        return ""
    readable = queries.search(actor, queries.Filter(party=listing.wanted.party)).exists()
    return Party.objects.values_list("name", flat=True).get(pk=listing.wanted.party) if readable else ""


def _consultations(request: Request, actor: Actor) -> HttpResponse:
    context = _tabs(actor, queries.tab_counts(actor), "y-kien")
    now = clock.now()
    context["asked"] = [
        (question, left, queries.state_of(left, late=now > question.due_at))
        for question in context["waiting"]
        for left in [deadlines.minutes_left(now, question.due_at, question.unit)]
    ]
    return render(request, "dossiers/consultations.html", context)


@require_POST
@staff("dossiers.export")
def export(request: Request) -> HttpResponse:
    """The list that is looked at, as a file; on record."""
    actor = request.actor.once(None)
    values = DOSSIERS.asked(actor, {name: request.POST.get(name) for name in lists.PARAMETERS}).values
    taken = DOSSIERS_EXPORT.take(actor, Asked(values, request.POST.get("q", "")), Format.XLSX)
    return attachment(taken.content, taken.name, taken.media_type)


# Search ----------------------------------------------------------------------------------------------------


@require_POST
@staff("dossiers.view")
def find(request: Request) -> HttpResponse:
    """A code goes to its dossier, an identity number to the person's dossiers (on record), words to a list."""
    actor: Actor = request.actor
    q = " ".join(request.POST.get("q", "").split())[:200]
    code = re.search(r"/tra-cuu/([\w.-]+)", q)
    q = code[1] if code else q
    if not q:
        return redirect("inbox")
    typed = codes.tidy(q)
    ours = codes.reads_as_ours(typed)
    if codes.is_code(typed):
        wanted = Q(code__endswith=typed) if ours else Q(code=typed)
        found = list(queries.visible(actor).filter(wanted).values_list("code", flat=True)[:2])
        if len(found) == 1:
            return redirect("dossier", found[0])
    if identity.looks_like_number(q) and not ours:
        return _find_person(request, actor, q)
    listing = lists.read({"q": q})
    return redirect(listing.url)


def _find_person(request: Request, actor: Actor, number: str) -> HttpResponse:
    """The dossiers of the person with this number; the number itself never stands in an address."""
    try:
        party = parties.find_by_number(actor, number, purpose=gettext_noop("tìm hồ sơ"))
    except Refused as refusal:
        messages.refused(request, refusal.message)
        return redirect("inbox")
    if party is None or not queries.of_party(actor, party.pk).exists():
        text = _(
            "Không có hồ sơ nào của số %(number)s trong phạm vi ông/bà được xem. Lần tra cứu này đã ghi sổ."
        )
        messages.refused(request, text % {"number": words.masked(number)})
        return redirect("inbox")
    return redirect(lists.read({"nguoi": str(party.pk)}).url)


# Saved filters ---------------------------------------------------------------------------------------------


@require_POST
@staff("dossiers.view")
def save_filter(request: Request) -> HttpResponse:
    """Keep the list as it is under a name."""
    listing = lists.parse(request.POST.get("ds", "")) or lists.read({})
    try:
        actions.save_filter(request.actor, None, name=request.POST.get("name", ""), query=listing.kept)
        messages.done(request, _("Đã lưu bộ lọc."))
    except Refused as refusal:
        messages.refused(request, refusal.message)
    return redirect(listing.url)


@require_POST
@staff("dossiers.view")
def delete_filter(request: Request, pk: int) -> HttpResponse:
    """Throw a saved filter away."""
    actor: Actor = request.actor
    actions.delete_filter(actor, get_object_or_404(SavedFilter, pk=pk, user_id=actor.user_id))
    messages.done(request, _("Đã xóa bộ lọc."))
    listing = lists.parse(request.POST.get("ds", ""))
    return redirect(listing.url if listing else reverse("inbox"))


# Many at once ----------------------------------------------------------------------------------------------


@require_POST
@staff("dossiers.view")
def many(request: Request) -> HttpResponse:
    """Take, give or finish several dossiers; each success and each failure is reported."""
    actor: Actor = request.actor
    listing = lists.parse(request.POST.get("ds", "")) or lists.read({})
    wanted = list(dict.fromkeys(request.POST.getlist("code")))[: inbox.LIMIT]
    do = request.POST.get("do", "")
    if not wanted:
        messages.refused(request, _("Hãy chọn ít nhất một hồ sơ rồi bấm lại."))
        return redirect(listing.url)
    chosen, gone = _chosen(actor, wanted)
    if do == "finish":
        _report(request, gone, "")
        return _ask(request, actor, listing, chosen)
    act, text = _what(request, do)
    if act is None:
        messages.refused(request, text)
        return redirect(listing.url)
    _report(request, _each(actor, chosen, act, request.POST.get("request_key", "")) + gone, text)
    return redirect(listing.url)


def _chosen(actor: Actor, codes: list[str]) -> tuple[list[Dossier], list[Outcome]]:
    """The dossiers that the actor may know of; of the others, why not. Raises `NotFound` for a single one."""
    found: list[Dossier] = []
    gone: list[Outcome] = []
    for code in codes:
        try:
            found.append(queries.find(actor, code))
        except NotFound as refusal:
            if len(codes) == 1:
                raise
            gone.append((code, refusal.message))
    return found, gone


def _what(request: Request, do: str) -> tuple[Done | None, str]:
    """What is to be done to each, and the sentence about its success."""
    if do == "take":
        return lambda actor, dossier: take(actor, dossier), _("Đã nhận")
    if do == "finished":
        return _finish, _("Đã xong bước của")
    person = request.POST.get("person", "")
    receiver = User.objects.filter(pk=int(person)).first() if person.isascii() and person.isdigit() else None
    if do != "assign" or receiver is None:
        return None, _("Hãy chọn người nhận việc rồi bấm lại.")
    return (
        lambda actor, dossier: assign(actor, dossier, person=receiver.pk),
        _("Đã giao %(who)s") % {"who": receiver.full_name},
    )


def _finish(actor: Actor, dossier: Dossier) -> Dossier:
    main = _main_offer(actor, dossier)
    if main is None:
        raise Refused(_("Bước này cần nhập thêm; hãy mở hồ sơ để làm."))
    return main.action(actor, dossier, **main.bound)


def _main_offer(actor: Actor, dossier: Dossier) -> offers.Offer | None:
    """The usual way out of the step, when it can be gone without typing anything."""
    main = next((offer for offer in offers.offers(actor, dossier) if offer.main and offer.outcome), None)
    return main if main and main.at_one_press and _filled(dossier, main) else None


def _filled(dossier: Dossier, main: offers.Offer) -> bool:
    """Whether the fields of the step that must be filled are filled already."""
    if not any(parameter.name == "answers" for parameter in main.inputs):
        return True
    return all(
        dossier.answers.get(field.key)
        for field in moves.case_of(dossier).step_fields(dossier.step)
        if field.required
    )


def _ask(request: Request, actor: Actor, listing: lists.Listing, chosen: list[Dossier]) -> HttpResponse:
    """One confirmation for many: what will be done to which dossier, and which have to be opened."""
    rows = [(queries.row_of(dossier, clock.now()), _main_offer(actor, dossier)) for dossier in chosen]
    labels = {offer.label for _row, offer in rows if offer}
    context = {
        "listing": listing,
        "label": labels.pop() if len(labels) == 1 else _("Xong bước của"),
        "ready": [(row, offer) for row, offer in rows if offer],
        "others": [row for row, offer in rows if not offer],
        "request_key": uuid4().hex,
    }
    return render(request, "dossiers/finish_many.html", context)


def _each(actor: Actor, chosen: list[Dossier], act: Done, key: str) -> list[Outcome]:
    """Do it to each in a transaction of its own; "" or why it was refused."""
    outcomes: list[Outcome] = []
    for dossier in chosen:
        try:
            act(actor.once(f"{key}:{dossier.pk}" if key else None), dossier)
            outcomes.append((dossier.code, ""))
        except Refused as refusal:
            outcomes.append((dossier.code, refusal.message))
    return outcomes


def _report(request: Request, outcomes: list[Outcome], text: str) -> None:
    done = [code for code, why in outcomes if not why]
    if done:
        count = ngettext("%(n)d hồ sơ", "%(n)d hồ sơ", len(done)) % {"n": len(done)}
        messages.done(request, f"{text} {count}.")
    reasons: dict[str, list[str]] = {}
    for code, why in outcomes:
        if why:
            reasons.setdefault(why, []).append(words.short_code(code[:60]))
    for why, failed in reasons.items():
        messages.refused(
            request, _("Chưa làm được %(codes)s: %(why)s") % {"codes": ", ".join(failed), "why": why}
        )
