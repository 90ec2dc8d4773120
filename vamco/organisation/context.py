"""What every page's layout needs of the person who looks at it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import Actor

from .access import actor_of
from .models import Holding
from .validity import held_on


@dataclass(frozen=True)
class NavItem:
    """One entry of the staff navigation."""

    label: str
    url: str
    current: bool


def _items() -> list[tuple[str, str, str]]:
    """Label, URL name and permission, in the order of a working day; of two with one label the first allowed is shown."""
    return [
        (_("Việc"), "inbox", "dossiers.view"),
        (_("Tiếp nhận"), "intake", "dossiers.receive"),
        (_("Làm ngay"), "at_once", "dossiers.at_once"),
        (_("Thu tiền"), "cash", "payments.collect"),
        (_("Thu tiền"), "cash_books", "payments.open_book"),
        (_("Sổ"), "books", "dossiers.close_book"),
        (_("Sổ"), "books", "dossiers.receive"),
        (_("Tin gửi"), "messages", "notify.view"),
        (_("Thủ tục"), "procedures_admin", "procedures.edit"),
        (_("Mẫu kết quả"), "result_templates", "results.edit_templates"),
        (_("Lịch"), "calendar_admin", "timing.edit"),
        (_("Tổ chức"), "organisation_admin", "organisation.edit"),
        (_("Nhật ký"), "audit", "audit.read"),
    ]


def staff(request: HttpRequest) -> dict[str, object]:
    """`staff_nav`, `staff_home` and `staff_unit` for people who are signed in; nothing for citizens."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    actor = actor_of(request)
    nav = navigation(actor, request.path)
    holding = (
        Holding.objects.filter(held_on(clock.today()), user=request.user)
        .select_related("post__unit")
        .order_by("post__rank")
        .first()
    )
    found = {"staff_nav": nav, "staff_unit": holding.post.unit if holding else None, "actor": actor}
    return found | ({"staff_home": nav[0].url} if nav else {})


def navigation(actor: Actor, path: str = "") -> list[NavItem]:
    """The pages that the actor may open, the one at `path` marked; the first is where their day begins."""
    nav: list[NavItem] = []
    for label, name, permission in _items():
        if not actor.may(permission) or any(item.label == label for item in nav):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        # A dossier's page belongs to the work list.
        current = path.startswith((url, "/ho-so/") if name == "inbox" else url)
        nav.append(NavItem(label, url, current))
    return nav
