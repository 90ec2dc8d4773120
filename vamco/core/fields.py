"""Model fields of the core: encrypted text, the keyed hash it is found by, and the words of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet, FieldError
from django.db import models

from . import secrets

if TYPE_CHECKING:
    # Generic for the type checker only.
    TextBase = models.Field[str, str]
    BytesBase = models.BinaryField[bytes | None, bytes | None]
    LookupBase = models.Lookup[Any]
else:
    TextBase = models.Field
    BytesBase = models.BinaryField
    LookupBase = models.Lookup


class EncryptedTextField(TextBase):
    """A str in Python, encrypted bytes in the database (bytea). "" is stored as nothing at all (zero bytes).

    Cannot be searched, ordered or compared in SQL: a `LookupField` beside it finds equal values. Name both
    in the model's `audit_exclude`.
    """

    empty_strings_allowed = True

    def db_type(self, connection: Any) -> str:
        return "bytea"

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        return secrets.encrypt(str(value)) if value != "" else b""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        return secrets.decrypt(bytes(value)) if len(value) else ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(
            f"{self.name} is encrypted and cannot be compared in SQL: filter by its lookup field"
        )


class LookupField(BytesBase):
    """The keyed hash (32 bytes) of another field's value, kept right on every save; NULL when that value is
    empty.

    `of` names the field with the value and `kind` the one whose value separates kinds of numbers, so that
    equal digits of different kinds do not meet.
    """

    def __init__(self, *args: Any, of: str, kind: str, **kwargs: Any) -> None:
        self.of, self.kind = of, kind
        kwargs.update(max_length=32, null=True, editable=False, blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "editable", "blank"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "of": self.of, "kind": self.kind}

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        hashed = self.hash_of(model_instance)
        setattr(model_instance, self.attname, hashed)
        return hashed

    def hash_of(self, instance: models.Model) -> bytes | None:
        """The hash that belongs to the instance's present value."""
        value = getattr(instance, self.of)
        return secrets.lookup(str(getattr(instance, self.kind)), value) if value else None


class WordsField(TextBase):
    """A tsvector column whose value is what `core.text.vector` answers; give it a GIN index.

    `filter(search__words=text.query(q, "u12"))` finds the rows; an empty query finds none. The value is for
    writing and searching only: leave the column out of what is read (`defer`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        return "tsvector"


@WordsField.register_lookup
class Words(LookupBase):
    """`column @@ 'query'::tsquery`, with a query from `core.text`."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", (*parameters, self.rhs)
