"""What every slip has: the office at its head, whom it is for, who signs, and how it is kept with its dossier."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import check_signs
from vamco.core.actors import Actor
from vamco.core.papers import Office, Person, Signer, place_date, plain
from vamco.core.printing import Printed
from vamco.core.rows import insert
from vamco.core.stored import in_vietnamese
from vamco.organisation.models import Level, Unit
from vamco.organisation.where import first_post

from ...models import Dossier, DossierPaper, Slip, Visit
from ...rules import moves


class SlipPaper(Printed):
    """A slip (phiếu): a printed paper that is kept with a dossier or a visit."""

    #: the kind under which it is kept
    kind: ClassVar[str]
    #: what people call it
    label: ClassVar[Promise]

    code: str

    def keywords(self) -> list[str]:
        """The dossier's code; none before intake."""
        return [self.code] if self.code else []


def keep(
    actor: Actor,
    paper: SlipPaper,
    *,
    dossier: Dossier | None = None,
    visit: Visit | None = None,
    number: str = "",
    replaces: Slip | None = None,
) -> Slip:
    """Keep what the paper says, so that it can be printed again."""
    slip = Slip(
        dossier=dossier,
        visit=visit,
        kind=paper.kind,
        number=number,
        data=paper.kept(),
        made_at=clock.now(),
        made_by_id=actor.user_id,
        replaces=replaces,
    )
    return insert(slip)


@dataclass(frozen=True)
class Paper:
    """One line of the papers (thành phần hồ sơ): originals, certified and plain copies; a fault or remark."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    remark: str = ""

    def numbers(self) -> tuple[int, int, int]:
        """Originals, certified copies, plain copies."""
        return self.originals, self.certified, self.copies

    def listed(self) -> dict[str, object]:
        """The line with the kinds of copy that are there, and how many of each."""
        kinds = zip(("bản chính", "bản chứng thực", "bản sao"), self.numbers(), strict=True)
        there = [(kind, str(count)) for kind, count in kinds if count]
        return {
            "name": self.name,
            "kinds": [kind for kind, _count in there],
            "counts": [count for _kind, count in there],
        }

    def wanted(self) -> dict[str, object]:
        """The line with all three numbers, and what is wrong."""
        counts = [str(number) if number else "" for number in self.numbers()]
        return {"name": self.name, "remark": self.remark, "counts": counts}


def papers_given(papers: Iterable[DossierPaper]) -> list[Paper]:
    """The papers that were handed in, originals or copies."""
    return [
        Paper(name=paper.name, originals=paper.originals, copies=paper.copies)
        for paper in papers
        if paper.originals or paper.copies
    ]


def head(paper: Printed, applicant: Person, number: str) -> dict[str, object]:
    """What stands at the head of a slip."""
    return {
        "office": plain(paper.office),
        "applicant": plain(applicant),
        "number": number,
        "place_date": place_date(paper.office.place, paper.when()),
    }


@in_vietnamese
def office(unit: Unit) -> Office:
    """The one-stop unit as letters name it."""
    centre = unit.level == Level.CENTRE
    return Office(
        name=unit.name if centre else _("Bộ phận Tiếp nhận và Trả kết quả"),
        place=unit.place,
        parent="" if centre else unit.agency.upper(),
        address=unit.address,
        phone=unit.phone,
        site=settings.BASE_URL.partition("://")[2],
    )


def applicant_of(dossier: Dossier) -> Person:
    """The applicant as the slips name them."""
    party = next((party for party in dossier.parties.all() if party.role == "applicant"), None)
    if party is None:
        return Person(name=dossier.applicant_name)
    return Person(name=party.name, address=party.address, phone=party.phone, email=party.email)


def signer(actor: Actor) -> Signer:
    """The officer with the post they hold, who signs the slip. Raises `NotAllowed` for an actor that may not."""
    check_signs(actor)
    post = first_post(actor.known_id)
    return Signer(name=actor.label, title=post.title if post else "")


def content(dossier: Dossier) -> str:
    """What was applied for, in a line."""
    return dossier.summary or moves.definition_of(dossier).name
