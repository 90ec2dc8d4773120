"""What may be read of results, by whom."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import clock, result_text, visibility
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound
from vamco.organisation.models import Unit

from . import secret
from .models import Result, Standing, State, Template

_WITH = ("unit", "holder", "signed_by", "file", "template", "replaces", "replaced_by")
_LISTED = ("unit", "replaces", "replaced_by")
_ENCRYPTED = [
    f"{result}{name}"
    for result in ("", "replaces__", "replaced_by__")
    for name in ("sealed_values", "secret")
]


def visible(actor: Actor) -> "QuerySet[Result]":
    """The results that the actor may see: of their units, and of no dossier that they may not see."""
    rows = Result.objects.select_related(*_WITH)
    return rows.filter(actor.within("dossiers.view"), ~visibility.closed(actor, "subject"))


def listed(actor: Actor) -> "QuerySet[Result]":
    """The same for lists, which read nothing that is encrypted."""
    return visible(actor).select_related(None).select_related(*_LISTED).defer(*_ENCRYPTED)


def one(actor: Actor, pk: int) -> Result:
    """A result by its key, to be read. Raises `NotFound` when there is none that the actor may see."""
    found = visible(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_missing())
    return _read(actor, found)


def by_number(actor: Actor, number: str, unit_code: str = "") -> Result:
    """A result by its number. Raises `Invalid` when several units have one of this number, `NotFound` for none."""
    rows = visible(actor).exclude(number="").filter(number=number.strip())
    if unit_code:
        rows = rows.filter(unit__code=unit_code)
    found = list(rows.order_by("-pk")[:2])
    if not found:
        raise NotFound(_missing())
    if len(found) > 1:
        raise Invalid(_("Nhiều đơn vị có kết quả cùng số này. Hãy ghi thêm mã đơn vị (unit)."), field="unit")
    return _read(actor, found[0])


def _read(actor: Actor, found: Result) -> Result:
    """The result. Reading one of a sensitive dossier counts as opening the dossier."""
    if found.sensitive:
        visibility.record_opening(actor, found.subject)
    return found


def printed(result: Result) -> dict[str, Any]:
    """The values that are printed on the paper: those that a correction may change."""
    keys = result_text.keys(result.template.text)
    return {key: value for key, value in result.values.items() if key in keys}


def number_after(result: Result) -> str | None:
    """The number of what replaces a result; None while that has none."""
    after = getattr(result, "replaced_by", None)
    return after.number or None if after else None


def of_subject(code: str) -> "QuerySet[Result]":
    """All results of a dossier, newest first: for its page, which decides who may see it."""
    return Result.objects.filter(subject=code).select_related(*_WITH).order_by("-pk")


@dataclass(frozen=True)
class Checked:
    """What the public check says of a result."""

    number: str
    state: Standing
    type_name: str
    unit: Unit
    holder_name: str
    issued_on: date
    expires_on: date | None
    replaced_by: str

    @property
    def words(self) -> str:
        """The state in the reader's language."""
        return str(self.state.label)


def check(number: str, code: str) -> Checked | None:
    """What the public may learn with number and check code: nothing when they do not belong together.

    One query whatever the answer is, so that the response time does not distinguish a wrong code from a number that does
    not exist. The holder of a sensitive result is not named.
    """
    found = (
        Result.objects.select_related("unit", "replaced_by")
        .filter(number=number.strip()[:80], secret_hash__in=secret.hashes(code))
        .exclude(number="")
        .first()
    )
    if found is None or found.issued_at is None:
        return None
    return Checked(
        number=found.number,
        state=found.standing(),
        type_name=found.type_name,
        unit=found.unit,
        holder_name="" if found.sensitive else found.holder_name,
        issued_on=clock.local(found.issued_at).date(),
        expires_on=found.expires_on,
        replaced_by=(number_after(found) or "") if found.state == State.REPLACED else "",
    )


def templates() -> "QuerySet[Template]":
    """The valid version of every template."""
    return Template.objects.filter(valid=True).select_related("saved_by")


def saved_by(template: Template) -> str:
    """Who wrote a template."""
    return str(template.saved_by) if template.saved_by else _("đi kèm sản phẩm")


def template(key: str) -> Template:
    """The valid version of one. Raises `NotFound`."""
    found = templates().filter(key=key).first()
    if found is None:
        raise NotFound(_("Không có mẫu này. Hãy quay lại danh sách mẫu."))
    return found


def _missing() -> str:
    return _("Không tìm thấy kết quả này trong phần ông/bà được xem. Hãy kiểm tra lại số.")
