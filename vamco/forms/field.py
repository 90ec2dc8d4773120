"""A field of a form (trường dữ liệu): data with a stable key, defined once for pages, API and import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

#: A typed predicate as plain data, see ``conditions.py``: {"field", "op", "value"}, {"all": [...]}, ...
Condition = Mapping[str, Any]

#: Types a field may have. ``text`` is one line, ``longtext`` several; ``money`` is whole đồng;
#: ``id_number`` is an identity number (9 or 12 digits) or a passport number.
FIELD_TYPES = (
    "text",
    "longtext",
    "number",
    "money",
    "date",
    "choice",
    "bool",
    "person_name",
    "phone",
    "email",
    "address",
    "id_number",
)


@dataclass(frozen=True)
class Option:
    """An answer of a ``choice`` field. The value is stored, the labels are displayed."""

    value: str
    label: str
    label_en: str


@dataclass(frozen=True)
class Field:
    """A field of a procedure's form.

    ``min`` and ``max`` bound numbers and money; ``min_date`` and ``max_date`` are ISO dates or the word ``today``.
    ``max_length`` counts characters after NFC. ``pattern`` must match the full text. Without ``when`` the field is always
    displayed. Without ``step`` it is filled at intake, else by officers at the step of that key.
    """

    key: str
    type: str
    label: str
    label_en: str
    required: bool = False
    options: tuple[Option, ...] = ()
    min: Decimal | None = None
    max: Decimal | None = None
    min_date: str = ""
    max_date: str = ""
    pattern: str = ""
    max_length: int = 0
    when: Condition | None = None
    step: str | None = None
    hint: str = ""
    hint_en: str = ""
