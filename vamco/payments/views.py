"""The cashier's pages: what is to be paid, receipts, the closing of the day, receipt books."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vamco.core import clock
from vamco.core.errors import Invalid, NotAllowed, NotFound, Refused
from vamco.organisation.models import Holding, Unit
from vamco.organisation.validity import held_on
from vamco.web import messages
from vamco.web.access import Request, staff
from vamco.web.lists import list_page
from vamco.web.words import day as day_words
from vamco.web.words import money

from . import actions, forms, lists, papers, queries
from .models import Receipt, ReceiptBook, ReceiptState


@dataclass(frozen=True)
class Tab:
    """One of the room's pages."""

    name: str
    label: str
    url: str
    current: bool


# Taking money ----------------------------------------------------------------------------------------------


@staff("payments.collect")
def cash(request: Request) -> HttpResponse:
    """What is to be paid at the unit. The search comes by POST: a name never stands in an address."""
    unit, page = _page(request, "cash", ("payments.collect",))
    q = request.POST.get("q", "")[:200]
    owed, after = queries.due(request.actor, unit, q=q, after="" if q else request.GET.get("cursor", "")[:60])
    page |= {"owed": owed, "q": q, "next_cursor": "" if q else after, "more": bool(q and after)}
    page |= {"back": bool(request.GET.get("cursor")) and not q}
    return render(request, "payments/cash.html", page)


@staff("payments.collect")
def collect(request: Request) -> HttpResponse:
    """Ask for the money of one or several dossiers, and write the receipt when it is there."""
    unit, page = _page(request, "cash", ("payments.collect",))
    actor = request.actor
    sent = request.POST if request.method == "POST" else request.GET
    subjects = list(dict.fromkeys(subject[:60].replace("\0", "") for subject in sent.getlist("s")))[:100]
    if request.method == "POST":
        form = forms.Collect(request.POST)
        made = _do(form, lambda wanted: _collect(request, unit, wanted))
        if made:
            messages.done(
                request,
                _("Đã thu %(amount)s, biên lai %(receipt)s.")
                % {"amount": money(made.total), "receipt": made},
            )
            return redirect("cash_receipt", pk=made.pk)
    else:
        form = forms.Collect()
    lines = queries.due_lines(actor, unit, subjects)
    if not lines and not form.errors:
        messages.refused(request, _("Không còn khoản nào phải thu ở các hồ sơ đã chọn."))
        return redirect(f"{reverse('cash')}?unit={unit.pk}")
    page |= {"form": form, "lines": lines, "subjects": subjects, "total": sum(line.amount for line in lines)}
    page |= {
        "payer": lines[0].payer_name if lines else "",
        "payers": len({line.payer_name for line in lines}),
    }
    return render(request, "payments/collect.html", page, status=_status(form))


def _collect(request: Request, unit: Unit, wanted: dict[str, Any]) -> Receipt:
    return actions.collect(
        request.actor,
        unit,
        charges=_numbers(request.POST.getlist("charge")),
        total=wanted["total"],
        payer_name=wanted["payer_name"],
        payer_address=wanted["payer_address"],
    )


# Receipts --------------------------------------------------------------------------------------------------


@staff()
def receipts(request: Request) -> HttpResponse:
    """The unit's receipts: of a day, of a book, by state or by words."""
    unit, page = _page(request, "cash_receipts", queries.VIEW)
    return list_page(
        request,
        lists.RECEIPTS,
        export=lists.export_receipts,
        known={"unit": unit},
        keep=("unit",),
        context=page,
        template="payments/receipts.html",
    )


@staff()
def receipt(request: Request, pk: int) -> HttpResponse:
    """One receipt: what it is for, whether it stands, what may be done with it."""
    found = queries.receipt(request.actor, pk)
    return render(request, "payments/receipt.html", _about(request, found))


@staff()
def receipt_pdf(request: Request, pk: int) -> HttpResponse:
    """The receipt as it is printed."""
    return _pdf(papers.receipt_pdf(queries.receipt(request.actor, pk)), f"bien-lai-{pk}.pdf")


@staff("payments.cancel")
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel a receipt and give the money back."""
    found = queries.receipt(request.actor, pk)
    form = forms.Cancel(request.POST or None)
    if request.method == "POST":
        ended = _do(
            form,
            lambda wanted: actions.cancel(
                request.actor, found, reason=wanted["reason"], still_due=not wanted["gone"]
            ),
        )
        if ended:
            said = {"receipt": ended, "amount": money(ended.total)}
            messages.done(
                request, _("Đã hủy biên lai %(receipt)s. Hãy trả lại %(amount)s cho người nộp.") % said
            )
            return redirect("cash_receipt", pk=pk)
    return render(
        request, "payments/cancel.html", _about(request, found) | {"form": form}, status=_status(form)
    )


@staff("payments.cancel")
def replace(request: Request, pk: int) -> HttpResponse:
    """Write a receipt anew under the next number."""
    found = queries.receipt(request.actor, pk)
    start = {"payer_name": found.payer_name, "payer_address": found.payer_address}
    form = forms.Replace(request.POST or None, initial={} if found.closed else start)
    if request.method == "POST":
        old = _do(form, lambda wanted: actions.replace(request.actor, found, **wanted))
        if old:
            said = {"old": old, "new": old.replaced_by}
            messages.done(request, _("Biên lai %(new)s thay cho %(old)s. Hãy thu lại tờ cũ.") % said)
            return redirect("cash_receipt", pk=old.replaced_by_id)
    return render(
        request, "payments/replace.html", _about(request, found) | {"form": form}, status=_status(form)
    )


def _about(request: Request, found: Receipt) -> dict[str, Any]:
    actor, standing = request.actor, found.state == ReceiptState.VALID
    may = standing and actor.may_at("payments.cancel", [found.unit_id])
    return {
        "receipt": found,
        "lines": queries.lines_of(found),
        "replaces": getattr(found, "replaces", None),
        "may_cancel": may,
        "may_replace": may and found.day == clock.today(),
        "request_key": secrets.token_urlsafe(16),
        "tabs": _tabs(request, "cash_receipts", found.unit),
    }


# The day ---------------------------------------------------------------------------------------------------


@staff()
def close_day(request: Request) -> HttpResponse:
    """A day's till: what was taken, the numbers used, what ended; and its closing."""
    unit, page = _page(request, "cash_close", queries.VIEW)
    actor, day = request.actor, _day(request)
    form = forms.CloseDay(request.POST or None)
    if request.method == "POST":
        closing = _do(form, lambda wanted: actions.close_day(actor, unit, day=day, **wanted))
        if closing:
            messages.done(request, _("Đã khóa sổ thu ngày %(day)s.") % {"day": day_words(day)})
            return redirect(f"{reverse('cash_close')}?unit={unit.pk}&day={day:%Y-%m-%d}")
    summary = queries.day_summary(actor, unit, day)
    page |= {"summary": summary, "day": day, "form": form}
    page |= {"may_close": not summary.closed and actor.may_at("payments.close_day", [unit.pk])}
    return render(request, "payments/close_day.html", page, status=_status(form))


@staff()
def closing_pdf(request: Request, pk: int) -> HttpResponse:
    """The closing of a day as it is printed."""
    return _pdf(papers.closing_pdf(request.actor, queries.closing(request.actor, pk)), f"bang-ke-{pk}.pdf")


# Books -----------------------------------------------------------------------------------------------------


@staff()
def books(request: Request) -> HttpResponse:
    """The unit's receipt books; a new one is put into use here."""
    unit, page = _page(request, "cash_books", queries.VIEW)
    actor = request.actor
    form = forms.OpenBook(request.POST or None)
    if request.method == "POST":
        book = _do(form, lambda wanted: actions.open_book(actor, unit, **wanted))
        if book:
            messages.done(request, _("Đã đưa quyển biên lai %(book)s vào sử dụng.") % {"book": book})
            return redirect(f"{reverse('cash_books')}?unit={unit.pk}")
    page |= {"books": list(queries.books(actor, unit)), "form": form}
    page |= {"may_open": actor.may_at("payments.open_book", [unit.pk])}
    return render(request, "payments/books.html", page, status=_status(form))


@require_POST
@staff("payments.open_book")
def close_book(request: Request, pk: int) -> HttpResponse:
    """Take a book out of use."""
    actor = request.actor
    book = ReceiptBook.objects.select_related("unit").filter(pk=pk).first()
    if book is None or not queries.may_see(actor, book.unit):
        raise NotFound(_("Không tìm thấy quyển biên lai này. Hãy quay lại danh sách quyển."))
    actions.close_book(actor, book)
    messages.done(request, _("Đã khóa quyển biên lai %(book)s.") % {"book": book})
    return redirect(f"{reverse('cash_books')}?unit={book.unit_id}")


# What the pages share --------------------------------------------------------------------------------------


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _page(request: Request, name: str, permissions: tuple[str, ...]) -> tuple[Unit, dict[str, Any]]:
    """The unit that the page is about, and what every page of the room shows."""
    units = list(queries.units(request.actor, permissions)[:300])
    if not units:
        raise NotAllowed(_("Trang này không thuộc quyền của ông/bà. Hãy quay lại danh sách việc."))
    unit = _chosen(request, units)
    return unit, {
        "unit": unit,
        "units": units,
        "tabs": _tabs(request, name, unit),
        "request_key": secrets.token_urlsafe(16),
    }


def _chosen(request: Request, units: list[Unit]) -> Unit:
    asked = request.POST.get("unit") or request.GET.get("unit")
    if asked:
        for unit in units:
            if str(unit.pk) == asked:
                return unit
        raise NotFound(_("Không tìm thấy sổ thu của đơn vị này. Hãy chọn đơn vị của ông/bà."))
    if len(units) == 1:
        return units[0]
    held = Holding.objects.filter(held_on(clock.today()), user_id=request.actor.user_id)
    own = set(held.values_list("post__unit_id", flat=True))
    return next((unit for unit in units if unit.pk in own), units[0])


def _tabs(request: Request, current: str, unit: Unit) -> list[Tab]:
    shown = [
        ("cash", _("Cần thu"), ("payments.collect",)),
        ("cash_receipts", _("Biên lai"), queries.VIEW),
        ("cash_close", _("Khóa sổ ngày"), queries.VIEW),
        ("cash_books", _("Quyển biên lai"), queries.VIEW),
    ]
    actor = request.actor
    return [
        Tab(name, label, f"{reverse(name)}?unit={unit.pk}", name == current)
        for name, label, permissions in shown
        if any(actor.may_at(permission, [unit.pk]) for permission in permissions)
    ]


def _day(request: Request) -> date:
    text = request.POST.get("day") or request.GET.get("day")
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError as error:
        raise Invalid(_("Ngày không đúng. Hãy chọn lại ngày."), field="day") from error


def _numbers(texts: list[str]) -> list[int]:
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise Invalid(_("Dữ liệu gửi lên chưa đúng. Hãy tải lại trang rồi làm lại."))
    return [int(text) for text in texts]


def _do(form: forms.ActionForm, act: Callable[[dict[str, Any]], Any]) -> Any:
    """What the action answers; None when the form or the action refuses, the form then says why."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        form.refuse(refused)
        return None


def _status(form: forms.ActionForm) -> int:
    return 422 if form.is_bound and form.errors else 200
