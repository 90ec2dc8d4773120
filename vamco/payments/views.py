"""The cashier's pages: what is to be paid, receipts, the closing of the day, receipt books."""

import secrets
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vamco.core import clock, inputs
from vamco.core.errors import Invalid, NotFound
from vamco.core.printing import answer
from vamco.organisation.models import Unit
from vamco.organisation.where import chosen_unit
from vamco.web import messages
from vamco.web.access import Request, staff
from vamco.web.action_forms import InputForm, ask_for
from vamco.web.lists import list_page
from vamco.web.sections import render_sections
from vamco.web.tabs import Tab
from vamco.web.words import money

from . import actions, lists, papers, queries
from .models import Receipt, ReceiptBook

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
    sent = request.POST if request.method == "POST" else request.GET
    subjects = list(dict.fromkeys(subject[:60].replace("\0", "") for subject in sent.getlist("s")))[:100]
    form = InputForm(
        actions.collect, request.actor, unit, request=request, without=("charges", "total", "book")
    )
    if request.method == "POST":
        owed = {"charges": _numbers(sent.getlist("charge")), "total": _numbers([sent.get("total", "")])[0]}
        made = form.do(**owed)
        if made:
            messages.done(request, actions.collect.says(made))
            return redirect("cash_receipt", pk=made.pk)
    lines = queries.due_lines(request.actor, unit, subjects)
    if not lines and not form.errors:
        messages.refused(request, _("Không còn khoản nào phải thu ở các hồ sơ đã chọn."))
        return redirect(f"{reverse('cash')}?unit={unit.pk}")
    page |= {"form": form, "lines": lines, "subjects": subjects, "total": sum(line.amount for line in lines)}
    page |= {
        "payer": lines[0].payer_name if lines else "",
        "payers": len({line.payer_name for line in lines}),
    }
    return render(request, "payments/collect.html", page, status=form.status)


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
    page = _about(request, found) | {"sections": render_sections(request, "record", found)}
    return render(request, "payments/receipt.html", page)


@staff()
def receipt_pdf(request: Request, pk: int) -> HttpResponse:
    """The receipt as it is printed."""
    return answer(request, papers.receipt(queries.receipt(request.actor, pk)))


@staff("payments.cancel")
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel a receipt and give the money back."""
    found = queries.receipt(request.actor, pk)
    text = _("Trả lại %(amount)s cho %(payer)s và thu lại tờ biên lai. Số biên lai này không dùng lại.") % {
        "amount": money(found.total),
        "payer": _("người nộp") if found.closed else found.payer_name,
    }
    if found.day != clock.today():
        text += " " + _("Biên lai của ngày đã qua: tiền trả lại ghi vào sổ hôm nay.")
    return ask_for(
        request,
        actions.cancel,
        found,
        title=_("Hủy biên lai %(number)s") % {"number": found},
        text=text,
        up=(reverse("cash_receipt", args=[pk]), str(found)),
    )


@staff("payments.cancel")
def replace(request: Request, pk: int) -> HttpResponse:
    """Write a receipt anew under the next number."""
    found = queries.receipt(request.actor, pk)
    return ask_for(
        request,
        actions.replace,
        found,
        title=_("Thay biên lai %(number)s") % {"number": found},
        text=_("Biên lai mới lấy số tiếp theo của quyển, cùng các khoản và số tiền. Hãy thu lại tờ cũ."),
        button=_("Lập biên lai thay thế"),
        up=(reverse("cash_receipt", args=[pk]), str(found)),
        to=lambda old: reverse("cash_receipt", args=[old.replaced_by_id]),
    )


def _about(request: Request, found: Receipt) -> dict[str, Any]:
    return {
        "receipt": found,
        "lines": queries.lines_of(found),
        "replaces": getattr(found, "replaces", None),
        "may_cancel": actions.cancel.offered(request.actor, found),
        "may_replace": actions.replace.offered(request.actor, found),
        "request_key": secrets.token_urlsafe(16),
        "tabs": _tabs(request, "cash_receipts", found.unit),
    }


# The day ---------------------------------------------------------------------------------------------------


@staff()
def close_day(request: Request) -> HttpResponse:
    """A day's till: what was taken, the numbers used, what ended; and its closing."""
    unit, page = _page(request, "cash_close", queries.VIEW)
    actor, day = request.actor, _day(request)
    form = InputForm(actions.close_day, actor, unit, request=request, without=("day", "expected"))
    if request.method == "POST":
        closing = form.do(day=day, expected=_numbers([request.POST.get("expected", "")])[0])
        if closing:
            messages.done(request, actions.close_day.says(closing))
            return redirect(f"{reverse('cash_close')}?unit={unit.pk}&day={day:%Y-%m-%d}")
    summary = queries.day_summary(actor, unit, day)
    page |= {"summary": summary, "day": day, "form": form}
    page |= {"may_close": not summary.closed and actor.may_at("payments.close_day", [unit.pk])}
    return render(request, "payments/close_day.html", page, status=form.status)


@staff()
def closing_pdf(request: Request, pk: int) -> HttpResponse:
    """The closing of a day as it is printed."""
    return answer(request, papers.closing(request.actor, queries.closing(request.actor, pk)))


# Books -----------------------------------------------------------------------------------------------------


@staff()
def books(request: Request) -> HttpResponse:
    """The unit's receipt books; a new one is put into use here."""
    unit, page = _page(request, "cash_books", queries.VIEW)
    actor = request.actor
    form = InputForm(actions.open_book, actor, unit, request=request)
    if request.method == "POST" and (book := form.do()):
        messages.done(request, actions.open_book.says(book))
        return redirect(f"{reverse('cash_books')}?unit={unit.pk}")
    page |= {"form": form, "may_open": actor.may_at("payments.open_book", [unit.pk])}
    answer = list_page(
        request,
        lists.BOOKS,
        known={"unit": unit},
        keep=("unit",),
        context=page,
        template="payments/books.html",
    )
    answer.status_code = max(answer.status_code, form.status)
    return answer


@require_POST
@staff("payments.open_book")
def close_book(request: Request, pk: int) -> HttpResponse:
    """Take a book out of use."""
    actor = request.actor
    book = ReceiptBook.objects.select_related("unit").filter(pk=pk).first()
    if book is None or not queries.may_see(actor, book.unit):
        raise NotFound(_("Không tìm thấy quyển biên lai này. Hãy quay lại danh sách quyển."))
    actions.close_book(actor, book)
    messages.done(request, actions.close_book.says(book))
    return redirect(f"{reverse('cash_books')}?unit={book.unit_id}")


# What the pages share --------------------------------------------------------------------------------------


def _page(request: Request, name: str, permissions: tuple[str, ...]) -> tuple[Unit, dict[str, Any]]:
    """The unit that the page is about, and what every page of the room shows."""
    units = list(queries.units(request.actor, permissions)[:300])
    asked = request.POST.get("unit") or request.GET.get("unit") or ""
    unit = chosen_unit(request.actor, units, asked)
    return unit, {
        "unit": unit,
        "units": units,
        "tabs": _tabs(request, name, unit),
        "request_key": secrets.token_urlsafe(16),
    }


def _tabs(request: Request, current: str, unit: Unit) -> list[Tab]:
    pages = [
        ("cash", _("Cần thu"), ("payments.collect",)),
        ("cash_receipts", _("Biên lai"), queries.VIEW),
        ("cash_close", _("Khóa sổ ngày"), queries.VIEW),
        ("cash_books", _("Quyển biên lai"), queries.VIEW),
    ]
    actor = request.actor
    return [
        Tab(label, f"{reverse(name)}?unit={unit.pk}", name == current)
        for name, label, permissions in pages
        if any(actor.may_at(permission, [unit.pk]) for permission in permissions)
    ]


def _day(request: Request) -> date:
    written = request.POST.get("day") or request.GET.get("day")
    try:
        return inputs.read_day(written) if written else clock.today()
    except Invalid as error:
        raise Invalid(error.message, field="day") from error


def _numbers(texts: list[str]) -> tuple[int, ...]:
    """Whole numbers that the page itself put into the form."""
    try:
        return tuple(inputs.read(int, text) for text in texts)
    except Invalid as error:
        raise Invalid(_("Dữ liệu gửi lên chưa đúng. Hãy tải lại trang rồi làm lại.")) from error
