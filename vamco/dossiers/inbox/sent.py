"""A list as its address says it, so that a dossier's page knows where it was opened from and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core.actors import Actor
from vamco.parties import identity

from ..models import codes
from ..queries import Filter
from . import inbox

PARAMETERS = {
    "tab": "tab",
    "procedure": "thu_tuc",
    "step": "buoc",
    "channel": "kenh",
    "q": "q",
    "party": "nguoi",
}
"""The filters that the page has, by the names of `queries.Filter`: what its address and a saved filter call them."""
CURSOR = "trang"
LONGEST = 600


def tab_words() -> dict[str, str]:
    """Each tab of the inbox in words, in their order."""
    return {
        "mine": _("Của tôi"),
        "pool": _("Chờ nhận"),
        "unassigned": _("Chưa giao"),
        "unit": _("Đơn vị"),
        "waiting": _("Chờ bổ sung"),
        "ready": _("Chờ trả"),
        "apologies": _("Chờ ký xin lỗi"),
        "late": _("Quá hạn"),
    }


@dataclass(frozen=True)
class Listing:
    """A list: its filter, the page in it, and the address that asks for it again."""

    wanted: Filter
    cursor: str
    query: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"{reverse('inbox')}?{self.query}" if self.query else reverse("inbox")

    @property
    def kept(self) -> str:
        """The list without its page: what a saved filter keeps."""
        return urlencode([(key, value) for key, value in parse_qsl(self.query) if key != CURSOR])

    @property
    def tab_url(self) -> str:
        """The address of its tab, narrowed by nothing."""
        return f"{reverse('inbox')}?{urlencode({'tab': self.wanted.tab or 'mine'})}"

    @property
    def narrowed(self) -> bool:
        """Whether it is less than a tab."""
        return any(getattr(self.wanted, name) for name in PARAMETERS if name != "tab")

    def at(self, code: str) -> str:
        """The address of the list with the row of this dossier to start from."""
        return f"{self.url}{'&' if self.query else '?'}{urlencode({'o': code})}" if code else self.url

    def around(self, actor: Actor, code: str) -> tuple[str, str]:
        """The dossiers before and after one in the list; "" where there is none."""
        listed = inbox.codes(actor, self.wanted, cursor=self.cursor)
        if code not in listed:
            return "", listed[0] if listed else ""
        i = listed.index(code)
        return listed[i - 1] if i else "", listed[i + 1] if i + 1 < len(listed) else ""


def read(params: Mapping[str, str]) -> Listing:
    """The list that these parameters ask for; what is unknown in them is left out."""
    names = (*PARAMETERS.values(), CURSOR)
    given = {name: params.get(name, "")[:200] for name in names if params.get(name)}
    if identity.looks_like_number(given.get("q", "")) and not codes.reads_as_ours(codes.tidy(given["q"])):
        given.pop("q")  # an identity number is looked up by POST, on record; it stands in no address
    if given.get("tab") not in tab_words():
        given.pop("tab", None)
    party = given.get(PARAMETERS["party"], "")
    if not (party.isascii() and party.isdigit() and len(party) <= 18):
        given.pop(PARAMETERS["party"], None)
    values: dict[str, Any] = {name: given[theirs] for name, theirs in PARAMETERS.items() if theirs in given}
    if "party" in values:
        values["party"] = int(values["party"])
    return Listing(Filter(**values), given.get(CURSOR, ""), urlencode(given))


def parse(query: str) -> Listing | None:
    """The list from which a page was opened, as the page's parameter `ds` keeps it."""
    return read(QueryDict(query[:LONGEST]).dict()) if query else None
