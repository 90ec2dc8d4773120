"""A dossier's page, and the small forms of what may be done with it."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vamco.core import files
from vamco.core.actors import Actor
from vamco.core.errors import NotFound, Refused, Stale
from vamco.core.models import DoneRequest
from vamco.web import messages, words
from vamco.web.access import Request, staff
from vamco.web.action_forms import InputForm

from ... import queries, timeline
from ...inbox import sent as lists
from ...models import Consultation, Dossier, Stage
from ...papers import readable
from ...rules.words import phone_words, role_words
from ...work import offers
from ...work.actions import opinions
from ...work.actions.steps import opened, seen
from ...work.forms import form_of
from ...work.offers import Offer
from .. import actions, context, progress

STAYS = frozenset({"draft", "take", "take_back", "consult", "note", "draft_new_date", "sign_new_date", "add_papers",
                   "correct_applicant"})  # fmt: skip
"""What leaves the dossier before the person: afterwards the page stays on it. After all others the list comes back,
at the next row."""


@require_GET
@staff("dossiers.view")
def show(request: Request, code: str) -> HttpResponse:
    """What it is, where it is, who has it, and what may be done."""
    actor: Actor = request.actor
    dossier = queries.get(actor, code)
    opened(actor, dossier)
    return page(request, dossier, ds=request.GET.get("ds", ""))


def page(request: Request, dossier: Dossier, *, ds: str, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a dossier; `more` holds an open form, or what was refused."""
    actor: Actor = request.actor
    listing = lists.parse(ds)
    before, after = listing.around(actor, dossier.code) if listing else ("", "")
    can = offers.offers(actor, dossier)
    main = next((one for one in can if one.main), None)
    shown = {
        **context.of_page(actor, dossier, request.GET.get("xem", ""), preview=readable.can_preview(dossier)),
        "dossier": dossier,
        "listing": listing,
        "ds": ds,
        "before": before,
        "after": after,
        "main": main,
        "can": [one for one in can if one is not main],
        "request_key": uuid4().hex,
        "may_answer": actor.units("dossiers.answer"),
        "may_cash": actor.may_at("payments.collect", [dossier.unit_id]),
        "back": listing.at(dossier.code) if listing else reverse("inbox"),
        "back_label": lists.tab_words().get(listing.wanted.tab if listing else "", _("Danh sách việc")),
        **more,
    }
    revealed = more.get("revealed", {})
    shown["people"] = [
        {
            "one": one,
            "words": role_words(one.role),
            "phone": phone_words(one.phone),
            "full": revealed.get(one.pk, ""),
        }
        for one in shown["parties"]
    ]
    seen(actor, dossier)
    return render(request, "dossiers/dossier.html", shown, status=status)


# Doing something -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@staff("dossiers.view")
def act(request: Request, code: str, key: str) -> HttpResponse:
    """The form of one action, open on the dossier's page; and the press."""
    actor: Actor = request.actor
    dossier = queries.get(actor, code)
    data = request.POST if request.method == "POST" else request.GET
    ds = data.get("ds", "")[: lists.LONGEST]
    offer = _offer(offers.offers(actor, dossier), key, data.get("outcome", ""))
    if request.method == "GET":
        if offer is None:
            messages.refused(
                request, _("Việc này hiện không làm được với hồ sơ. Xem các việc làm được bên dưới.")
            )
            return redirect(_with_list(dossier, ds))
        if key == "correct":
            return redirect("correct", code=dossier.code)
        opened(actor, dossier)
        return page(request, dossier, ds=ds, form=form_of(actor, dossier, offer), doing=offer)
    return _press(request, actor, dossier, offer, key, ds)


def _offer(can: list[Offer], key: str, outcome: str) -> Offer | None:
    return next((one for one in can if one.key == key and one.outcome == outcome), None)


def _press(
    request: Request, actor: Actor, dossier: Dossier, offer: Offer | None, key: str, ds: str
) -> HttpResponse:
    listing = lists.parse(ds)
    following = listing.around(actor, dossier.code)[1] if listing else ""
    if offer is None:
        return _too_late(request, actor, dossier, key, ds)
    form = form_of(actor, dossier, offer, request)
    if not form.is_valid():
        return page(request, dossier, ds=ds, status=422, form=form, doing=offer)
    try:
        done = offer.action(actor, dossier, **offer.bound, **form.given)
    except NotFound:
        raise
    except Refused as refusal:
        return _refused(request, dossier, form, offer, refusal, ds)
    _tell(request, actor, done, offer)
    if key in STAYS or listing is None or (dossier.stage == done.stage and done.holder_id == actor.user_id):
        return redirect(
            _with_list(dossier, ds, "du-thao" if key == "draft" and readable.can_preview(done) else "")
        )
    return redirect(listing.at(following))


def _refused(
    request: Request, dossier: Dossier, form: InputForm, offer: Offer, refusal: Refused, ds: str
) -> HttpResponse:
    """The form again with everything that was typed, and why it did not go through."""
    dossier = queries.get(request.actor, dossier.code)
    if not isinstance(refusal, Stale):
        form.refuse(refusal)
        return page(request, dossier, ds=ds, status=refusal.status, form=form, doing=offer)
    behind = dossier.version - form.given["version"]
    sent = request.POST.copy()
    sent["version"] = str(dossier.version)
    form.data = sent
    return page(
        request,
        dossier,
        ds=ds,
        status=refusal.status,
        form=form,
        doing=offer,
        stale=_stale(dossier, refusal.message, behind),
    )


def _stale(dossier: Dossier, text: str, behind: int) -> dict[str, Any]:
    """What others did since the form was opened: as many events as the version went on."""
    since = timeline.lines(dossier)[: min(max(behind, 1), 5)]
    return {
        "text": text,
        "changes": [
            {
                "label": words.hour(one.at),
                "before": "",
                "after": ": ".join(filter(None, (one.actor, one.text, one.more))),
            }
            for one in since
        ],
        "url": reverse("dossier", args=[dossier.code]),
    }


def _too_late(request: Request, actor: Actor, dossier: Dossier, key: str, ds: str) -> HttpResponse:
    """The action is not there any more. A repeat of a press that went through ends where the first one did; otherwise
    what was typed is given back to be copied."""
    inputs = {
        name: value for name, value in request.POST.items() if name not in _CARRIED and str(value).strip()
    }
    if actor.request_key and _went_through(actor, key):
        return redirect(_with_list(dossier, ds))
    stale = _stale(
        dossier, _("Việc này không còn làm được vì hồ sơ đã sang bước khác hoặc người khác đã làm."), 1
    )
    return page(request, dossier, ds=ds, status=409, stale=stale, typed=list(inputs.values()))


_CARRIED = frozenset({"csrfmiddlewaretoken", "version", "request_key", "outcome", "ds"})


def _went_through(actor: Actor, key: str) -> bool:
    return DoneRequest.objects.filter(
        actor=str(actor.user_id), key=(actor.request_key or "")[:200], action=f"dossiers.{key}"
    ).exists()


def _with_list(dossier: Dossier, ds: str, look: str = "") -> str:
    """The dossier's page, with the list that it was opened from and what is shown beside its papers."""
    given = {name: value for name, value in (("xem", look), ("ds", ds)) if value}
    url = reverse("dossier", args=[dossier.code])
    return f"{url}?{urlencode(given)}" if given else url


def _tell(request: Request, actor: Actor, dossier: Dossier, offer: Offer) -> None:
    """What was done, where the dossier is now, and how to take it back where that is still possible."""
    text = f"{words.short_code(dossier.code)}: {offer.label}."
    if offer.key not in STAYS:
        text += f" {_where(actor, dossier)}."
    undo = offer.key == "advance" and any(one.key == "take_back" for one in offers.offers(actor, dossier))
    messages.done(
        request,
        text,
        undo=reverse("dossier_act", args=[dossier.code, "take_back"]) if undo else "",
        draft=f"{dossier.code}.{offer.key}.{offer.outcome}",
    )


def _where(actor: Actor, dossier: Dossier) -> str:
    """Where a dossier is now, in a sentence."""
    if dossier.stage != Stage.PROCESSING:
        return _("Hồ sơ %(stage)s") % {"stage": dossier.get_stage_display()}
    step = queries.step_name(dossier)
    if dossier.holder is None or dossier.holder_id == actor.user_id:
        return _("Hồ sơ sang bước «%(step)s», %(unit)s") % {"step": step, "unit": dossier.holder_unit.agency}
    return _("Hồ sơ sang bước «%(step)s», %(who)s") % {"step": step, "who": dossier.holder.full_name}


# Beside the actions ----------------------------------------------------------------------------------------


@require_POST
@staff("dossiers.view")
def answer(request: Request, code: str, pk: int) -> HttpResponse:
    """Give the opinion that a unit was asked for."""
    actor: Actor = request.actor
    dossier = queries.get(actor, code)
    asked: Consultation | None = dossier.consultations.filter(pk=pk).first()
    if asked is None:
        raise NotFound(_("Hồ sơ không có câu hỏi này. Hãy tải lại trang."))
    try:
        upload = request.FILES.get("file")
        file = files.store(upload, name=upload.name or "", uploaded_by_id=actor.user_id) if upload else None
        opinions.answer(actor, asked, text=request.POST.get("text", ""), file=file)
    except Refused as refusal:
        typed = request.POST.get("text", "")
        return page(
            request,
            dossier,
            ds="",
            status=refusal.status,
            answering=pk,
            answer_error=refusal.message,
            answer_text=typed,
        )
    messages.done(request, _("Đã gửi ý kiến."), draft=f"{dossier.code}.answer.{pk}")
    return redirect(reverse("dossier", args=[dossier.code]) + f"#y-kien-{pk}")


@require_POST
@staff("dossiers.view")
def number(request: Request, code: str, pk: int) -> HttpResponse:
    """The whole identity number of a party, on record; it never stands in an address, so the page answers the POST."""
    actor: Actor = request.actor
    dossier = queries.get(actor, code)
    actions.reveal_number(actor, dossier, party=pk)
    party = context.party(dossier, pk)
    if request.headers.get("HX-Request"):
        answer_ = HttpResponse(f'<span class="code">{party.party.number}</span>')
        answer_["Cache-Control"] = "no-store"
        return answer_
    answer_ = page(request, dossier, ds=request.POST.get("ds", ""), revealed={party.pk: party.party.number})
    answer_["Cache-Control"] = "no-store"
    return answer_


@require_GET
@staff("dossiers.view")
def presence(request: Request, code: str) -> HttpResponse:
    """Who else has the dossier open, and whether it changed since this page was made (asked for every minute)."""
    actor: Actor = request.actor
    dossier = queries.get(actor, code)
    given = request.GET.get("v", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else dossier.version
    changed = version < dossier.version
    seen(actor, dossier, version)
    shown = {
        "dossier": dossier,
        "others": progress.presence(dossier, actor.known_id),
        "changed": changed,
        "last": timeline.lines(dossier)[:1] if changed else [],
    }
    return render(request, "dossiers/_presence.html", shown)
