"""What an officer states of a person or business: the inputs, declared once, and their judgement by `identity`.

Texts are declared `raw`: `identity` brings them into their one form, and no message of it repeats an identity number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypedDict

from django.utils.translation import gettext_lazy as _

from vamco.core import clock
from vamco.core.errors import Invalid
from vamco.core.inputs import Input

from . import identity
from .models import Gender, Group, Kind, NumberKind, Party

MOST_NUMBER = 40
"""Characters of a number as people type it, with its spaces and dots."""


def _of(attribute: str) -> Callable[[Party], Any]:
    return lambda party: getattr(party, attribute)


Name = Annotated[
    str,
    Input(
        _("Họ và tên, hoặc tên tổ chức"),
        most=identity.NAME_LENGTH,
        raw=True,
        start=_of("name"),
        example="Nguyễn Văn Á",
    ),
]
PartyKind = Annotated[Kind, Input(_("Là"), start=_of("kind"), example="person")]
NUMBER = Input(_("Số giấy tờ"), most=MOST_NUMBER, raw=True, example="080080001234")
Number = Annotated[str, NUMBER]
OwnNumber = Annotated[str | None, NUMBER]
OfNumber = Annotated[NumberKind | None, Input(_("Loại giấy tờ"), help=_("để trống thì đoán theo số"))]
Country = Annotated[
    str, Input(_("Quốc tịch"), help=_("mã hai chữ cái, như VN"), most=2, raw=True, example="VN")
]
BirthDate = Annotated[date | None, Input(_("Ngày sinh"), start=_of("birth_date"), example="1980-02-28")]
StatedGender = Annotated[Gender | None, Input(_("Giới tính"), start=_of("gender"))]
Groups = Annotated[tuple[Group, ...] | None, Input(_("Đối tượng ưu tiên"), most=20, start=_of("groups"))]
Phone = Annotated[
    str | None, Input(_("Điện thoại"), most=40, raw=True, start=_of("phone"), example="0912345678")
]
Email = Annotated[str | None, Input(_("Thư điện tử"), most=300, raw=True, start=_of("email"))]
Address = Annotated[
    str | None, Input(_("Địa chỉ"), most=identity.ADDRESS_LENGTH, raw=True, start=_of("address"))
]
Reason = Annotated[str, Input(_("Lý do sửa"), least=5, most=1000, example="Sai ngày sinh so với căn cước")]
Purpose = Annotated[str, Input(_("Mục đích tra cứu"), most=200, example="Tiếp nhận hồ sơ")]


class Contact(TypedDict, total=False):
    """How the party is reached; what is left out stays as it is."""

    phone: Phone
    email: Email
    address: Address


class Stated(Contact, total=False):
    """Whatever may be wrong on a record; what is left out stays as it is."""

    name: Name
    kind: PartyKind
    id_number: OwnNumber
    number_kind: OfNumber
    nationality: Country
    birth_date: BirthDate
    gender: StatedGender
    groups: Groups


class News(Contact, total=False):
    """Newer contact data, and what an application states that the record did not have."""

    birth_date: date
    gender: str
    groups: list[str]


def without_none(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes as arguments of `checked`, where what is emptied is an empty text or an empty list."""
    empty = {"birth_date": None, "groups": ()}
    return {name: empty.get(name, "") if value is None else value for name, value in changes.items()}


CONTACT: dict[str, Callable[[str], str]] = {
    "phone": identity.phone,
    "email": identity.email,
    "address": identity.address,
}
"""Contact data, and what brings each into its one form."""


@dataclass(frozen=True)
class PartyData:
    """What is known of a party, judged and in its one form: see `checked`."""

    kind: str
    name: str
    number_kind: str
    number: str
    nationality: str
    birth_date: date | None
    gender: str
    phone: str
    email: str
    address: str
    groups: tuple[str, ...] | None

    def __repr__(self) -> str:
        return f"PartyData({self.kind})"


class Judge:
    """Judges values one by one and collects every fault, each under a prefix and its name."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix, self.faults = prefix, dict[str, str]()

    def take(self, field: str, judge: Callable[..., Any], *values: Any, **more: Any) -> Any:
        """The value in its one form; an empty text where it is wrong."""
        try:
            return judge(*values, **more)
        except identity.Wrong as wrong:
            self.faults[self.prefix + field] = str(wrong)
            return ""

    def finish(self) -> None:
        """Raise `Invalid` with all faults, if there are any."""
        if self.faults:
            raise Invalid(_("Thông tin về người, tổ chức chưa đúng; xem từng mục."), fields=self.faults)


def checked(
    *,
    name: str,
    kind: str = Kind.PERSON,
    id_number: str = "",
    number_kind: str = "",
    nationality: str = "VN",
    birth_date: date | None = None,
    gender: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    groups: Iterable[str] | None = None,
    prefix: str = "",
) -> PartyData:
    """What was typed, in its one form; the kind of number is guessed when none is named.

    Raises `Invalid` with every fault at once, each under `prefix` and its name (such as "parties.0.id_number").
    """
    judge, today = Judge(prefix), clock.today()
    take = judge.take
    kind = take("kind", _one_of, Kind, kind) or Kind.PERSON
    number_kind = number_kind or identity.guess_kind(id_number, kind)
    born = take("birth_date", identity.birth_date, birth_date, today=today) or None
    country = take("nationality", identity.nationality, nationality) or "VN"
    gender = take("gender", _one_of, Gender, gender)
    given = {"today": today, "birth_date": born, "gender": gender, "nationality": country}
    data = PartyData(
        kind=kind,
        name=take("name", identity.name, name),
        number_kind=number_kind,
        number=take("id_number", identity.number, id_number, number_kind, **given),
        nationality=country,
        birth_date=born,
        gender=gender,
        phone=take("phone", identity.phone, phone),
        email=take("email", identity.email, email),
        address=take("address", identity.address, address),
        groups=None if groups is None else take("groups", _groups, groups),
    )
    judge.finish()
    return data


def _one_of(choices: Any, value: str) -> str:
    if value not in choices.values:
        raise identity.Wrong(_("Giá trị này không có trong danh mục. Hãy chọn lại."))
    return value


def _groups(groups: Iterable[str]) -> tuple[str, ...]:
    found = tuple(sorted(set(groups)))
    if any(group not in Group.values for group in found):
        raise identity.Wrong(_("Có đối tượng ưu tiên không có trong danh mục. Hãy chọn lại."))
    return found
