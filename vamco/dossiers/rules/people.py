"""The parties of an application: who must be there, who may be, and that each is somebody else."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from vamco.core import text
from vamco.core.errors import Invalid
from vamco.parties import actions as parties
from vamco.parties.actions import PartyData
from vamco.parties.models import NumberKind, number_space
from vamco.procedures.definition import Case

from .application import PartyInput
from .words import role_words

ANY_CASE = ("applicant", "submitter", "collector")
"""Roles that every procedure has."""
SINGLE = ("applicant", "submitter", "collector", "representative")
"""Roles that one party has at most."""
STANDING = ("applicant", "co_applicant")
"""Roles of those in whose name the result is made out: nobody marries themselves, or sells to themselves."""


def party_data(party: PartyInput, prefix: str = "") -> PartyData:
    """What was typed of a party, checked and in its one form. Raises `Invalid` with each fault under `prefix`."""
    return parties.checked(
        prefix=prefix,
        name=party.name,
        kind=party.kind,
        id_number=party.id_number,
        birth_date=party.birth_date,
        gender=party.gender,
        phone=party.phone,
        email=party.email,
        address=party.address,
        groups=party.groups or None,
        nationality=party.nationality,
    )


def check_parties(case: Case, given: Sequence[PartyInput], wrong: dict[str, str]) -> tuple[PartyData, ...]:
    """The checked data of the parties, in their order. Faults go into `wrong`; with one the data is incomplete."""
    check_roles(case, given, wrong)
    found = check_data(given, wrong)
    seen = set()
    for i, data in found.items():
        key = _identity(given[i], data)
        if given[i].role not in STANDING or key is None:
            continue
        if key in seen:
            wrong[f"parties.{i}.id_number"] = _(
                "Số giấy tờ này đã ghi cho một bên khác của hồ sơ. Hãy kiểm tra lại số của từng bên."
            )
        seen.add(key)
    return tuple(found.values())


def check_data(given: Sequence[PartyInput], wrong: dict[str, str]) -> dict[int, PartyData]:
    """The data of each party in which nothing is wrong, by its place. Faults go into `wrong`."""
    found = {}
    for i, party in enumerate(given):
        try:
            found[i] = party_data(party, f"parties.{i}.")
        except Invalid as fault:
            wrong.update(fault.fields)
    return found


def check_roles(case: Case, given: Sequence[PartyInput], wrong: dict[str, str]) -> None:
    """Who is missing, and who cannot be a party of this case."""
    roles = [party.role for party in given]
    declared = {role.role: role for role in case.parties}
    if "applicant" not in roles:
        wrong["parties"] = _("Hãy ghi người nộp hồ sơ.")
    for role in case.parties:
        if role.required and role.role not in roles:
            wrong[f"parties.{role.role}"] = _("Thủ tục này cần %(who)s.") % {"who": role.label or role.role}
    for i, party in enumerate(given):
        kinds = declared[party.role].kinds if party.role in declared else ()
        if party.role not in declared and party.role not in ANY_CASE:
            wrong[f"parties.{i}.role"] = _("Thủ tục này không có vai trò «%(role)s».") % {
                "role": party.role[:40]
            }
        elif party.role in SINGLE and party.role in roles[:i]:
            wrong[f"parties.{i}.role"] = _("Hồ sơ chỉ có một %(who)s. Hãy bỏ bớt.") % {
                "who": role_words(party.role).lower()
            }
        elif kinds and party.kind not in kinds:
            wrong[f"parties.{i}.kind"] = _("Thủ tục này không nhận loại người nộp đã chọn.")


def _identity(party: PartyInput, data: PartyData) -> tuple[str, ...] | None:
    """By what two parties are the same: number, or record; birth certificates share numbers, so their name counts, too."""
    if data.number:
        name = text.fold(data.name) if data.number_kind == NumberKind.BIRTH_CERT else ""
        return number_space(data.number_kind, data.nationality), data.number, name
    return ("record", str(party.party)) if party.party else None
