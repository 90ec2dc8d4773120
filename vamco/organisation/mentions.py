"""Colleagues whom a text names: «@tên.đăng.nhập» or «@Họ Tên»."""

from collections.abc import Callable, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from vamco.core import text
from vamco.core.actors import Actor
from vamco.core.errors import Invalid

from .access import actor_for
from .models import User

LONGEST = 6
"""Words of the longest name."""
MOST = 20
"""People who may be named in one text: each of them gets a notice."""
MARKS = ".,;:!?)”»\"'"


def mentioned(written: str, may_read: Callable[[Actor], bool], *, field: str = "text") -> list[User]:
    """The people whom a text names, each once. Raises `Invalid` with every name that cannot be notified: nobody
    has it, or several do, or who has it may not read what the text is about."""
    called = list(_called(written))
    if len(called) > MOST:
        raise Invalid(_("Mỗi lần chỉ nhắc được %(most)s người. Hãy bớt dấu @.") % {"most": MOST}, field=field)
    names = {name for choices in called for name in choices}
    rows = User.objects.filter(Q(username__in=names) | Q(folded__in=map(text.fold, names)), is_active=True)
    people = list(rows) if names else []
    found, wrong = list[User](), list[str]()
    for choices in called:
        person = _who(choices, people)
        if person is None or not may_read(actor_for(person)):
            wrong.append(f"@{choices[0]}")
        elif person not in found:
            found.append(person)
    if wrong:
        raise Invalid(
            _(
                "Không báo được cho %(names)s: không có người này, có nhiều người trùng tên, hoặc người đó không được "
                "xem mục này. Hãy ghi @ liền với tên đăng nhập, hoặc bỏ dấu @."
            )
            % {"names": ", ".join(dict.fromkeys(wrong))},
            field=field,
        )
    return found


def _called(written: str) -> Iterator[list[str]]:
    """For each «@» what may be meant: its word, which may be a user name, then names of two words and more."""
    words = written.split()
    for at, word in enumerate(words):
        if not word.lstrip("(“«").startswith("@"):
            continue
        first = word.lstrip("(“«")[1:]
        given = [first.rstrip(MARKS).lower()]
        so_far = first
        for following in words[at + 1 : at + LONGEST]:
            if so_far.rstrip(MARKS) != so_far or following.startswith("@"):
                break
            so_far = f"{so_far} {following}"
            given.append(so_far.rstrip(MARKS))
        if given[0]:
            yield given


def _who(given: list[str], people: list[User]) -> User | None:
    """The one who has the user name, or else the longest of the names; None where nobody or several have it."""
    for person in people:
        if person.username == given[0]:
            return person
    for name in reversed(given[1:]):
        named = [person for person in people if person.folded == text.fold(name)]
        if named:
            return named[0] if len(named) == 1 else None
    return None
