"""What a page or a caller hands in for a dossier, before anything is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from vamco.core.models import File


@dataclass(frozen=True)
class PartyInput:
    """A party as it was typed; `role` is one of `definition.PARTY_ROLES`.

    `same_person`: the officer has looked the number up today and confirms that it is this person's, although the
    register has another name. `nationality` (ISO 3166-1) tells passports of two countries apart. `party` is the record
    of somebody without a number, such as a child on a second dossier.
    """

    name: str
    role: str = "applicant"
    kind: str = "person"
    id_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    birth_date: date | None = None
    gender: str = ""
    groups: tuple[str, ...] = ()
    same_person: bool = False
    nationality: str = "VN"
    party: int | None = None


OTHER = "khac"
"""Code of a paper that the procedure does not know; its remark is its name."""


@dataclass(frozen=True)
class PaperInput:
    """A paper as it was handed in.

    `verdict`: ok, not_ok, missing, or empty when nobody has looked yet. `file` is the id of an uploaded file, `more` the
    ids of its further sheets.
    """

    code: str
    originals: int = 0
    copies: int = 0
    verdict: str = ""
    remark: str = ""
    file: int | None = None
    more: tuple[int, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What tells that the same paper was sent once more, with scans that were uploaded anew."""
        return _fingerprints([self])


@dataclass(frozen=True)
class Application:
    """One procedure asked for: everything that intake needs beside the unit and the clock."""

    procedure: str
    parties: tuple[PartyInput, ...]
    case: str = ""
    channel: str = "counter"
    answers: Mapping[str, Any] = field(default_factory=dict)
    papers: tuple[PaperInput, ...] = ()
    summary: str = ""
    return_by: str = "counter"
    pay: str = "on_return"
    note: str = ""

    @property
    def fingerprint(self) -> str:
        """What tells that the same application was sent once more: scans that are uploaded anew are other rows."""
        return f"{replace(self, papers=())!r} {_fingerprints(self.papers)}"


def _fingerprints(papers: Sequence[PaperInput]) -> str:
    ids = {file for paper in papers for file in (paper.file, *paper.more) if file}
    files = File.objects.in_bulk(ids) if ids else {}
    scans = [
        [files[file].fingerprint if file in files else file for file in (paper.file, *paper.more)]
        for paper in papers
    ]
    return f"{[replace(paper, file=None, more=()) for paper in papers]!r} {scans!r}"
