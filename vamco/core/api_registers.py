"""The API's operations of a register (`core.registers`)."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router

from .actors import Actor
from .api import Code, Id, caller
from .api_actions import add_action, body_of
from .api_imports import add_import
from .api_lists import add_list, item_of, shown_as
from .errors import Invalid, NotFound
from .inputs import named_by
from .registers import Register


def router_of(register: Register) -> Router:
    """All its operations: the list, read row, what makes read, what is done with read, sheet and file."""
    listing, router, path = register.listing, Router(tags=[register.name]), f"/{register.name}"
    summary = f"The register {register.name}"
    add_list(router, path, listing, tags=[register.name], summary=summary, export=register.export)
    _add_row(router, path, register)
    if register.create is not None:
        add_action(
            router,
            path,
            register.create,
            find=lambda actor, unit=None: place_of(register, actor, unit),
            body=body_of(register.create, **({"unit": _PLACE} if register.places else {})),
            render=lambda actor, row: _rendered(register, actor, row),
            response=item_of(listing),
            status=201,
        )
    for action in register.actions:
        add_action(
            router,
            f"{path}/{{{_part(register)}}}/actions/{action.key}",
            action,
            find=lambda actor, **parts: row_of(register, actor, parts[_part(register)]),
            render=lambda actor, row: _rendered(register, actor, row),
            response=item_of(listing),
        )
    if register.sheet is not None:
        add_import(
            router,
            f"{path}/actions/import",
            register.sheet,
            target=lambda actor, code: place_of(register, actor, code or None),
        )
    return router


def _add_row(router: Router, path: str, register: Register) -> None:
    def read(request: HttpRequest, key: Any) -> dict[str, Any]:
        """One row of the register."""
        return shown_as(register.listing, row_of(register, caller(request), key))

    read.__annotations__["key"] = Id if _part(register) == "row_id" else Code
    read.__name__ = f"{register.name}_row"
    summary = f"One row of the register {register.name}"
    router.get(f"{path}/{{key}}", response=item_of(register.listing), summary=summary)(read)


def _part(register: Register) -> str:
    """The part of a path that names a row."""
    return "row_id" if named_by(register.listing.model) == "pk" else "code"


def _rendered(register: Register, actor: Actor, row: Any) -> dict[str, Any]:
    """The row as it stands after an action; also when the action took it out of the actor's sight."""
    stands = register.listing.readable(actor).filter(pk=row.pk).first()
    return shown_as(register.listing, stands or row)


_PLACE: Any = (str, Field(max_length=60, description="code of the unit", examples=["27694"]))


def row_of(register: Register, actor: Actor, key: Any, *, field: str = "") -> Any:
    """A row that the actor may know of, by what it is called by or by another field. Raises `NotFound`."""
    field = field or named_by(register.listing.model)
    rows = register.listing.readable(actor)
    row = None if "\0" in str(key) else rows.filter(**{field: key}).first()
    if row is None:
        raise NotFound(_("Không tìm thấy dòng này trong sổ ông/bà được xem. Hãy quay lại danh sách."))
    return row


def place_of(register: Register, actor: Actor, code: Any) -> Any:
    """Where a row is made: the place of that code, or the only read. Raises `Invalid` for read that may not be chosen."""
    if register.places is None:
        return None
    places: models.QuerySet[Any] = register.places(actor)
    name = named_by(places.model)
    found = places.filter(**{name: str(code).replace("\0", "")}).first() if code else None
    if found is None:
        raise Invalid(_("Không có đơn vị này trong các đơn vị ông/bà được ghi. Hãy chọn lại."), field="unit")
    return found
