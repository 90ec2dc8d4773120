"""Notices about a note."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext as _

from vamco.core import things
from vamco.core.actors import Actor
from vamco.core.stored import in_vietnamese
from vamco.notify import bell
from vamco.organisation.models import User

from .models import Note


@in_vietnamese
def mentioned(actor: Actor, thing: models.Model, note: Note, people: Iterable[User]) -> None:
    """Notify the people whom the note names. The notice leaves the note's text out: it is read at the thing, with permission."""
    text = _("%(who)s nhắc đến ông/bà trong ghi chú ở %(kind)s %(thing)s.")
    words = {"who": actor.label, "kind": thing._meta.verbose_name, "thing": thing}
    for person in people:
        if person.pk != actor.user_id:
            bell.ring(
                person,
                text % words,
                url=f"{things.url_of(thing)}#lich-su",
                kind="mention",
                once=f"note {note.pk}",
            )
