"""The log of messages, as far as the reader may see it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from vamco.core import search
from vamco.core.actions import EVERYWHERE, Actor
from vamco.core.errors import Invalid, NotFound
from vamco.organisation.models import Unit

from .models import SEARCHED, Message, State


def log(
    actor: Actor, *, state: str = "", dossier: str = "", unit: Unit | None = None, q: str = ""
) -> "QuerySet[Message]":
    """The messages of the units in which the actor may look at the log, newest first; texts are left out.

    `q`: words of the receiver's name and address and the dossier's code, with or without accents.
    """
    rows = Message.objects.select_related("unit", "user").defer("body").order_by("-pk")
    units = actor.units("notify.view")
    if units is not EVERYWHERE:
        rows = rows.filter(unit_id__in=units)
    if state:
        if state not in State.values:
            raise Invalid(_("Không có trạng thái này. Hãy chọn trong danh sách."), field="state")
        rows = rows.filter(state=state)
    if dossier.strip():
        rows = rows.filter(dossier=dossier.strip())
    if unit is not None:
        rows = rows.filter(unit=unit)
    return search.found_by_index(rows, q, *SEARCHED)


def one(actor: Actor, pk: int) -> Message:
    """One message with its text. Raises `NotFound` when there is none that the actor may see."""
    found = log(actor).defer(None).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không có tin này trong phần ông/bà được xem. Hãy quay lại danh sách tin gửi."))
    return found


def of_dossier(code: str) -> "QuerySet[Message]":
    """The messages about a dossier, oldest first: for the page of that dossier, which decides who may see
    it.
    """
    return Message.objects.filter(dossier=code).order_by("pk")
