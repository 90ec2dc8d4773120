"""What goes in and comes out where money is concerned. Amounts are whole đồng."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from vamco.core.api import Page, Searched

from ..actions.day import MOST_MONEY

DossierCode = Annotated[str, Field(min_length=1, max_length=60, examples=["000.00.12.H39-161209-0007"])]
Dong = Annotated[int, Field(ge=0, le=MOST_MONEY, description="đồng", examples=[16000])]
Code = Annotated[str, Field(max_length=40, description="code of the unit", examples=["27694"])]


class ChargeOut(Schema):
    """An amount that a dossier owes or has paid."""

    id: int = Field(examples=[17])
    dossier: str = Field(examples=["000.00.12.H39-161209-0007"])
    key: str = Field(examples=["ban_sao"])
    name: str = Field(examples=["Phí chứng thực bản sao từ bản chính"])
    kind: str = Field(description="fee (phí) or charge (lệ phí)", examples=["fee"])
    quantity: int = Field(examples=[8])
    amount: int = Field(description="đồng, for the whole quantity", examples=[16000])
    exempt: str = Field(description="the group that pays nothing", examples=[""])
    due: str = Field(description="now or on_return", examples=["now"])
    state: str = Field(description="due, paid or waived", examples=["due"])
    receipt: int | None = Field(description="id of the receipt that paid it", examples=[None])


class ChargeFilter(Searched):
    """Whose charges, and which of them."""

    dossier: DossierCode
    state: Literal["", "due", "paid", "waived"] = Field("", examples=["due"])


class ChargeList(Schema):
    """What one dossier owes and has paid."""

    items: list[ChargeOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])
    balance: int = Field(description="đồng still to pay", examples=[16000])


class OwedOut(Schema):
    """A dossier with something to pay now."""

    dossier: str = Field(examples=["000.00.12.H39-161209-0007"])
    payer_name: str = Field(examples=["Nguyễn Thị Mỹ Hạnh"])
    names: list[str] = Field(examples=[["Phí chứng thực bản sao từ bản chính"]])
    total: int = Field(description="đồng", examples=[16000])
    now: bool = Field(
        description="whether some of it is paid before the result is handed over", examples=[True]
    )


class DueFilter(Page):
    """Which dossiers with something to pay."""

    q: str = Field(
        "",
        max_length=200,
        description="part of a dossier's code, or words or beginnings of words of the payer's name, with or without "
        "accents; finds also what is paid on return",
        examples=["nguyen"],
    )


class OwedList(Schema):
    """A page of what is to be paid."""

    items: list[OwedOut]
    next: str | None = Field(description="`cursor` of the next page; null on the last one", examples=[None])


class ReceiptLineOut(Schema):
    """A line of a receipt."""

    dossier: str = Field(examples=["000.00.12.H39-161209-0007"])
    name: str = Field(examples=["Phí chứng thực bản sao từ bản chính"])
    kind: str = Field(examples=["fee"])
    quantity: int = Field(examples=[8])
    amount: int = Field(examples=[16000])


class ReceiptOut(Schema):
    """A receipt. It may lose its force, it never goes away."""

    id: int = Field(examples=[5])
    unit: str = Field(examples=["27694"])
    book: str = Field(description="symbol and series", examples=["BL-16T"])
    number: int = Field(examples=[12])
    payer_name: str = Field(examples=["Nguyễn Thị Mỹ Hạnh"])
    payer_address: str = Field(examples=[""])
    total: int = Field(description="đồng", examples=[16000])
    method: str = Field(examples=["cash"])
    day: date = Field(examples=["2016-12-09"])
    at: datetime = Field(examples=["2016-12-09T10:42:00+07:00"])
    cashier: str = Field(examples=["Lê Thị Thu Cúc"])
    state: str = Field(description="valid, cancelled, replaced or reversed", examples=["valid"])
    reason: str = Field(description="why it lost its force", examples=[""])
    ended_at: datetime | None = Field(examples=[None])
    replaced_by: int | None = Field(examples=[None])


class ReceiptDetail(ReceiptOut):
    """A receipt with its lines."""

    lines: list[ReceiptLineOut]


class ReceiptBookOut(Schema):
    """A receipt book."""

    id: int = Field(examples=[1])
    unit: str = Field(examples=["27694"])
    symbol: str = Field(examples=["BL-16T"])
    series: str = Field(examples=["02"])
    first: int = Field(examples=[1])
    last: int = Field(examples=[50])
    next: int = Field(description="number of the next receipt", examples=[12])
    state: str = Field(description="open, full or closed", examples=["open"])


class BookUseOut(Schema):
    """The numbers of a book used on a day."""

    book: str = Field(examples=["BL-16T"])
    first: int = Field(examples=[1])
    last: int = Field(examples=[12])
    count: int = Field(examples=[12])


class CashClosingOut(Schema):
    """The closing of a day."""

    at: datetime
    cashier: str = Field(examples=["Lê Thị Thu Cúc"])
    expected: int = Field(examples=[92000])
    counted: int = Field(examples=[92000])
    difference: int = Field(examples=[0])
    note: str = Field(examples=[""])


class CashDayOut(Schema):
    """A unit's till on a day: `taken` less `given_back` is `expected`."""

    unit: str = Field(examples=["27694"])
    day: date = Field(examples=["2016-12-09"])
    count: int = Field(description="receipts that were not cancelled or replaced on the day", examples=[11])
    taken: int = Field(examples=[92000])
    fees: int = Field(examples=[60000])
    charges: int = Field(examples=[32000])
    given_back: int = Field(examples=[0])
    expected: int = Field(examples=[92000])
    used: list[BookUseOut]
    ended: list[int] = Field(description="receipts cancelled or replaced on the day", examples=[[3]])
    earlier_open: date | None = Field(description="an earlier day to close first", examples=[None])
    closed: CashClosingOut | None
