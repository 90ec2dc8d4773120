"""What is owed, what was paid, and where the money stands. All amounts are whole đồng.

Rules that the database itself holds (triggers in migration 0002): a receipt is never deleted and its number,
day and amount never change; numbers follow each other in a book without a gap; the lines of a receipt and the
cash booked for it are its total; the postings of a transfer add up to zero; a closed day takes no booking.
"""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vamco.core import text
from vamco.organisation.models import Unit


class FeeKind(models.TextChoices):
    """Law on Fees and Charges 97/2015/QH13, article 3."""

    FEE = "fee", _("phí")
    CHARGE = "charge", _("lệ phí")


class Due(models.TextChoices):
    """When the applicant pays."""

    NOW = "now", _("khi nộp hồ sơ")
    ON_RETURN = "on_return", _("khi nhận kết quả")


class ChargeState(models.TextChoices):
    """Where a charge stands."""

    DUE = "due", _("chưa nộp")
    PAID = "paid", _("đã nộp")
    WAIVED = "waived", _("được miễn")
    CANCELLED = "cancelled", _("đã bỏ")


class BookState(models.TextChoices):
    """Whether a receipt book gives numbers."""

    OPEN = "open", _("đang dùng")
    FULL = "full", _("đã hết")
    CLOSED = "closed", _("đã khóa")


class ReceiptState(models.TextChoices):
    """Whether a receipt stands.

    Cancelled and replaced ones lost their force on the day they were written, before its closing. One whose
    day has passed stays in that day's list; the money went back by a reversing entry (reversed).
    """

    VALID = "valid", _("có hiệu lực")
    CANCELLED = "cancelled", _("đã hủy")
    REPLACED = "replaced", _("đã thay")
    REVERSED = "reversed", _("đã hoàn tiền")


class AccountKind(models.TextChoices):
    """What an account holds. Cash grows with positive postings (debit), income with negative ones."""

    CASH = "cash", _("tiền mặt")
    FEE_INCOME = "fee_income", _("thu phí")
    CHARGE_INCOME = "charge_income", _("thu lệ phí")
    DEPOSIT = "deposit", _("tạm ứng, ký quỹ")


class OfUnit(models.Model):
    """Something that belongs to a unit: whoever may act there may touch it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def permission_units(self) -> Collection[int]:
        """The unit whose cashiers may touch it."""
        return [self.unit_id]


class ReceiptBook(OfUnit):
    """A unit's receipt book (quyển biên lai): a range of numbers under a symbol, used one after another."""

    symbol = models.CharField(max_length=20, help_text="ký hiệu, such as BL-16T")
    series = models.CharField(max_length=20, blank=True, help_text="số quyển")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    next = models.PositiveIntegerField(help_text="the number of the next receipt; last + 1 when none is left")
    state = models.CharField(max_length=8, choices=BookState, default=BookState.OPEN)
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("quyển biên lai")
        ordering = ["unit", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__gte=1)
                & Q(last__gte=F("first"))
                & Q(next__gte=F("first"))
                & Q(next__lte=F("last") + 1),
                name="book_range",
            ),
            models.CheckConstraint(condition=Q(state__in=BookState.values), name="book_state"),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(next__lte=F("last")), name="book_full_when_used_up"
            ),
            models.UniqueConstraint(fields=["unit", "symbol", "series", "first"], name="book_once"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.symbol, self.series)))

    @property
    def left(self) -> int:
        """How many receipts the book still has."""
        return self.last + 1 - self.next


class Receipt(OfUnit):
    """A receipt for money taken (biên lai thu phí, lệ phí). It may lose its force, it never goes away."""

    book = models.ForeignKey(ReceiptBook, on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField()
    payer_name = models.CharField(max_length=250)
    payer_address = models.CharField(max_length=500, blank=True)
    payer_folded = models.CharField(max_length=260)
    party = models.ForeignKey(
        "parties.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    total = models.BigIntegerField(help_text="đồng")
    method = models.CharField(max_length=8, choices=[("cash", _("tiền mặt"))], default="cash")
    day = models.DateField(help_text="in Viet Nam; its closing is what fixes the receipt")
    at = models.DateTimeField()
    cashier = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="empty: the system",
    )
    cashier_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=ReceiptState, default=ReceiptState.VALID)
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when it lost its force")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True, help_text="why it lost its force")

    closed: bool = False
    """Whether it stands for a dossier that its reader may not see; `queries` says so."""

    audit_exclude = {"payer_folded", "payer_name", "payer_address"}

    class Meta:
        verbose_name = _("biên lai")
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="receipt_number_once"),
            models.CheckConstraint(condition=Q(total__gt=0), name="receipt_total_positive"),
            models.CheckConstraint(condition=Q(state__in=ReceiptState.values), name="receipt_state"),
            models.CheckConstraint(
                condition=Q(state="valid", ended_at__isnull=True, replaced_by__isnull=True)
                | Q(~Q(state="valid"), ended_at__isnull=False),
                name="receipt_end",
            ),
            models.CheckConstraint(
                condition=Q(state="replaced", replaced_by__isnull=False)
                | Q(~Q(state="replaced"), replaced_by__isnull=True),
                name="receipt_replaced_by",
            ),
            models.CheckConstraint(condition=Q(state="valid") | ~Q(reason=""), name="receipt_end_reason"),
        ]
        indexes = [
            models.Index(fields=["unit", "day", "id"], name="receipt_unit_day"),
            models.Index(fields=["unit", "state", "id"], name="receipt_unit_state"),
            models.Index(fields=["unit", "ended_at"], condition=~Q(state="valid"), name="receipt_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.number_text}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.payer_folded = text.fold(self.payer_name)[:260]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def number_text(self) -> str:
        """The number as printed: seven digits."""
        return f"{self.number:07}"


class Charge(OfUnit):
    """One amount that a dossier owes (khoản phải nộp). `subject` is the dossier's code."""

    subject = models.CharField(max_length=60, db_index=True)
    payer_name = models.CharField(max_length=250)
    payer_folded = models.CharField(max_length=260)
    party = models.ForeignKey(
        "parties.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField(max_length=60, help_text="key of the fee line in the procedure's version")
    name = models.CharField(max_length=500)
    kind = models.CharField(max_length=8, choices=FeeKind)
    quantity = models.PositiveBigIntegerField()
    amount = models.BigIntegerField(help_text="đồng, for the whole quantity")
    exempt = models.CharField(max_length=40, blank=True, help_text="key of the group that pays nothing")
    due = models.CharField(max_length=10, choices=Due)
    state = models.CharField(max_length=10, choices=ChargeState, default=ChargeState.DUE)
    receipt = models.ForeignKey(
        Receipt, null=True, blank=True, on_delete=models.PROTECT, related_name="charges"
    )
    raised_at = models.DateTimeField()

    audit_exclude = {"payer_folded", "payer_name"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "key"], condition=~Q(state="cancelled"), name="charge_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="charge_amount"),
            models.CheckConstraint(condition=Q(kind__in=FeeKind.values), name="charge_kind"),
            models.CheckConstraint(condition=Q(due__in=Due.values), name="charge_due"),
            models.CheckConstraint(condition=Q(state__in=ChargeState.values), name="charge_state"),
            models.CheckConstraint(
                condition=Q(state="paid", receipt__isnull=False) | Q(~Q(state="paid"), receipt__isnull=True),
                name="charge_paid_by_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("due", "paid")) | Q(amount__gt=0), name="charge_due_amount"
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "subject", "id"], condition=Q(state="due"), name="charge_due_at_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.key}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.payer_folded = text.fold(self.payer_name)[:260]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class ReceiptLine(models.Model):
    """A line of a receipt, as it was printed."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60)
    name = models.CharField(max_length=500)
    kind = models.CharField(max_length=8, choices=FeeKind)
    quantity = models.PositiveBigIntegerField()
    amount = models.BigIntegerField(help_text="đồng, for the whole quantity")

    class Meta:
        ordering = ["receipt", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "charge"], name="receipt_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_line_amount"),
        ]
        indexes = [models.Index(fields=["subject"], name="receipt_line_subject")]


class Account(OfUnit):
    """An account of a unit (tài khoản). The row of a unit's cash account is the lock of its till."""

    kind = models.CharField(max_length=16, choices=AccountKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind"], name="account_once"),
            models.CheckConstraint(condition=Q(kind__in=AccountKind.values), name="account_kind"),
        ]


class Transfer(OfUnit):
    """A booking (bút toán): money taken for a receipt, or its reversal. Never changed, never deleted."""

    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="transfers")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    day = models.DateField()
    at = models.DateTimeField()
    memo = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "day"], name="transfer_unit_day")]


class Posting(models.Model):
    """One side of a booking (định khoản): positive is debit, negative is credit."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    amount = models.BigIntegerField(help_text="đồng")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="posting_not_nothing")]


class DayClose(OfUnit):
    """The closing of a unit's till for a day (khóa sổ thu cuối ngày)."""

    day = models.DateField()
    cashier = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    cashier_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    expected = models.BigIntegerField(help_text="đồng: taken less given back on that day")
    counted = models.BigIntegerField(help_text="đồng in the till")
    difference = models.BigIntegerField(help_text="counted less expected")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("lần khóa sổ thu")
        constraints = [
            models.UniqueConstraint(fields=["unit", "day"], name="day_closed_once"),
            models.CheckConstraint(
                condition=Q(difference=F("counted") - F("expected")), name="day_close_difference"
            ),
            models.CheckConstraint(condition=Q(difference=0) | ~Q(note=""), name="day_close_explained"),
        ]
