"""Answers and parties as a paper prints them."""

from collections.abc import Mapping, Sequence
from typing import Any

from vamco.core.words import dong
from vamco.forms.field import Field
from vamco.parties.models import Gender, NumberKind, Party

from .places import ROLES

_GENDERS: dict[str, str] = {Gender.MALE: "Nam", Gender.FEMALE: "Nữ"}
_PAPER_KINDS: dict[str, str] = {
    NumberKind.CITIZEN_ID: "Thẻ căn cước công dân",
    NumberKind.OLD_ID: "Giấy chứng minh nhân dân",
    NumberKind.PASSPORT: "Hộ chiếu",
    NumberKind.TAX_CODE: "Mã số thuế",
    NumberKind.BIRTH_CERT: "Giấy khai sinh",
}


def answers(values: Mapping[str, Any], fields: Sequence[Field] = ()) -> dict[str, Any]:
    """Answers as text: a choice by its label, money in đồng. Dates stay ISO until they are printed (`text.written`)."""
    by_key = {field.key: field for field in fields}
    return {key: _answer(value, by_key.get(key)) for key, value in values.items()}


def _answer(value: Any, field: Field | None) -> Any:
    if field is None or value is None:
        return value
    if field.type == "choice":
        return next((option.label for option in field.options if option.value == value), value)
    if field.type == "money" and isinstance(value, int):
        return dong(value)
    return value


def of_parties(holder: Party | None, parties: Mapping[str, Party]) -> dict[str, Any]:
    """What a paper may print of its holder and the other parties, as they are now: {place: text}."""
    by_role = {**parties, **({"applicant": holder} if holder else {})}
    return {
        f"{ROLES[role][0]}_{end}": value
        for role, party in by_role.items()
        if role in ROLES
        for end, value in _of_party(party).items()
    }


def _of_party(party: Party) -> dict[str, str]:
    """The values of `places.OF_PARTY`."""
    return {
        "ten": party.name,
        "ngay_sinh": party.birth_date.isoformat() if party.birth_date else "",
        "gioi_tinh": _GENDERS.get(party.gender, ""),
        "quoc_tich": "Việt Nam" if party.nationality == "VN" else party.nationality,
        "loai_giay_to": _PAPER_KINDS.get(party.number_kind, ""),
        "so_giay_to": party.number,
        "dia_chi": party.address,
    }
