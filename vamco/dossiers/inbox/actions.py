"""Saved filters of the inbox (bộ lọc đã lưu): each person keeps their own."""

from django.utils.translation import gettext_lazy as _

from vamco.core.actions import ANYWHERE, action, lock
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, NotFound, Refused
from vamco.organisation.models import User

from ..models import SavedFilter

MOST = 20
"""Filters that one person may keep: a list that is read, not searched."""


@action("dossiers.view", label=_("Lưu bộ lọc"), at=ANYWHERE, locks=False)
def save_filter(actor: Actor, parent: None, /, *, name: str, query: str) -> SavedFilter:
    """Keep a view of the inbox under a name; the same name keeps the newer one (lưu bộ lọc)."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise Invalid(_("Hãy đặt tên bộ lọc, dài không quá 80 ký tự."), field="name")
    if not query or len(query) > 1000:
        raise Invalid(_("Hãy chọn ít nhất một điều kiện lọc rồi lưu."), field="query")
    lock(User(pk=actor.known_id))  # so that two savers are counted one after the other
    mine = SavedFilter.objects.filter(user_id=actor.known_id)
    if mine.exclude(name=name).count() >= MOST:
        raise Refused(_("Đã lưu %(most)d bộ lọc. Hãy xóa bớt rồi lưu.") % {"most": MOST})
    saved, _made = SavedFilter.objects.update_or_create(
        user_id=actor.known_id, name=name, defaults={"query": query}
    )
    return saved


@action("dossiers.view", label=_("Xóa bộ lọc"), at=ANYWHERE)
def delete_filter(actor: Actor, saved: SavedFilter, /) -> SavedFilter:
    """Throw away one of the actor's own filters (xóa bộ lọc)."""
    if saved.user_id != actor.user_id:
        raise NotFound(_("Không có bộ lọc này trong các bộ lọc của ông/bà."))
    pk = saved.pk
    saved.delete()
    saved.pk = pk
    return saved
