"""What is drafted, signed and numbered on a dossier: its result, or the letter that refuses it.

Plain functions, called inside the actions of this room; the register of results itself is in `results`.
"""

import json
from typing import Any

from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import check_signs
from vamco.core.actors import Actor
from vamco.core.errors import Invalid, Refused
from vamco.organisation.models import Holding, Level, Unit, User
from vamco.organisation.validity import held_on
from vamco.organisation.where import first_post
from vamco.parties.models import Party
from vamco.procedures.definition import ENDS, Case, Outcome, Reason
from vamco.results import writing
from vamco.results.models import Kind, Result, State

from ..models import Dossier
from ..rules import moves
from . import registers


def current(dossier: Dossier) -> Result | None:
    """The newest result or refusal of the dossier, a draft included."""
    return Result.objects.filter(subject=dossier.code).select_related("unit", "file").first()


def refusal_of(dossier: Dossier) -> Result | None:
    """The dossier's refusal letter, when it was refused."""
    found = current(dossier)
    return found if found is not None and found.kind == Kind.REFUSAL else None


def issuing_unit(unit: Unit) -> Unit:
    """The agency in whose name a unit's drafts are issued: a room drafts for its People's Committee."""
    return unit.parent if unit.level in (Level.ROOM, Level.CENTRE) and unit.parent else unit


def values_of(dossier: Dossier) -> dict[str, Any]:
    """All answers, identity numbers included: for the result's text only."""
    secret = json.loads(dossier.secret_answers) if dossier.secret_answers else {}
    return {**dossier.answers, **secret}


def parties_of(dossier: Dossier) -> dict[str, Party]:
    """Who takes part, by role: marriage certificates name both."""
    return {row.role: row.party for row in dossier.parties.select_related("party")}


def draft_result(actor: Actor, dossier: Dossier) -> Result:
    """Draft the result from its template and the answers; a draft that is there is filled anew."""
    case = moves.case_of(dossier)
    if case.result is None:
        raise Refused(_("Trường hợp này không có kết quả để soạn."))
    found = current(dossier)
    if found is not None and found.state == State.DRAFT and found.kind == Kind.RESULT:
        return writing.update_draft(
            found,
            values=values_of(dossier),
            fields=case.fields,
            parties=parties_of(dossier),
            holder_name=dossier.applicant_name,
            by_id=actor.user_id,
        )
    if found is not None and found.state == State.DRAFT:
        writing.drop_draft(found)
    definition = moves.definition_of(dossier)
    return writing.draft(
        subject=dossier.code,
        unit=issuing_unit(dossier.holder_unit),
        result_type=case.result,
        holder=dossier.applicant,
        holder_name=dossier.applicant_name,
        values=values_of(dossier),
        fields=case.fields,
        parties=parties_of(dossier),
        procedure=definition.code,
        procedure_name=definition.name,
        sensitive=dossier.sensitive,
        by_id=actor.user_id,
    )


def draft_refusal(actor: Actor, dossier: Dossier, reasons: tuple[str, ...], explanation: str) -> Result:
    """Draft the letter that refuses after examination: reasons from the procedure's list, legal basis, and where,
    how and until when to complain. Raises `Invalid` without a known reason."""
    definition = moves.definition_of(dossier)
    chosen = _chosen(moves.case_of(dossier), reasons)
    laws = [reason.legal_ref for reason in chosen if reason.legal_ref] or [
        f"{law.ref} {law.title}".strip() for law in definition.legal_basis
    ]
    found = current(dossier)
    if found is not None and found.state == State.DRAFT:
        writing.drop_draft(found)
    return writing.draft_refusal(
        subject=dossier.code,
        unit=issuing_unit(dossier.holder_unit),
        holder=dossier.applicant,
        holder_name=dossier.applicant_name,
        reasons=[reason.text for reason in chosen] or [explanation],
        legal=list(dict.fromkeys(laws)),
        explanation=explanation if chosen else "",
        procedure=definition.code,
        procedure_name=definition.name,
        sensitive=dossier.sensitive,
        by_id=actor.user_id,
    )


def _chosen(case: Case, keys: tuple[str, ...]) -> list[Reason]:
    """The reasons by their keys. Raises `Invalid` for an unknown one, or for none where the case has a list."""
    offered = {reason.key: reason for reason in case.refusal_reasons}
    if not offered.keys() >= set(keys) or (offered and not keys):
        choices = "; ".join(f"{reason.key} ({reason.text})" for reason in case.refusal_reasons)
        raise Invalid(
            _("Hãy chọn lý do trong danh mục của thủ tục: %(choices)s.") % {"choices": choices},
            field="reasons",
        )
    return [offered[key] for key in keys]


def approve(actor: Actor, dossier: Dossier) -> Result:
    """The leader signs what was drafted. Raises `Refused` when nothing was."""
    check_signs(actor)
    found = current(dossier)
    if found is None or found.state != State.DRAFT:
        raise Refused(_("Chưa có dự thảo để ký. Hãy trả hồ sơ về bước thẩm định để soạn dự thảo."))
    user = User.objects.filter(pk=actor.known_id).first()
    if user is None:
        raise Refused(_("Chỉ người có tên trong danh sách cán bộ mới ký được."))
    return writing.approve(
        found, user, writing.signing_title(found.unit, post_title(user, dossier.holder_unit))
    )


def post_title(user: User, unit: Unit) -> str:
    """The person's post at the unit or above it, for the lines over the name."""
    post = first_post(user.pk, unit.path)
    return post.title if post else ""


def number(actor: Actor, dossier: Dossier, signer: User | None = None) -> Result | None:
    """Give what was signed its number and enter the decision in its book. What is issued already keeps its number.

    In a case that is done at once the paper is signed by hand in the same room: `signer` names who signed (the
    agency's first leader if nobody is named). Answers nothing where the case issues no paper of its own.
    """
    check_signs(actor)
    case = moves.case_of(dossier)
    found = current(dossier)
    if found is None and case.result is not None:
        if not case.at_once:
            raise Refused(_("Chưa có kết quả để vào sổ. Hãy trả hồ sơ về bước thẩm định để soạn dự thảo."))
        found = draft_result(actor, dossier)
    if found is not None and found.state == State.DRAFT:
        if found.approved_at is None and (case.at_once or case.limit.unit == "at_once"):
            signer = signer or first_leader(found.unit)
            writing.approve(found, signer, writing.signing_title(found.unit, post_title(signer, found.unit)))
        writing.number_and_issue(found, clock.now(), by_id=actor.user_id)
    if case.book and (found is None or found.kind == Kind.RESULT):
        registers.enter(
            actor, dossier, case, found, signer or first_leader(issuing_unit(dossier.holder_unit))
        )
    return found


def signs_by(dossier: Dossier, way: Outcome) -> bool:
    """Whether leaving the step by this way signs or issues a paper: `approve` or `number` would be called."""
    if way.does in ("approve", "number"):
        return True
    if way.to not in ENDS:
        return False
    found = current(dossier)
    return way.does in ("draft", "refuse") or (found is not None and found.state == State.DRAFT)


def first_leader(unit: Unit) -> User:
    """The agency's first leader. Raises `Refused` when no post of a leader is filled."""
    holding = (
        Holding.objects.filter(
            held_on(clock.today()), post__unit=unit, post__grants__role="leader", user__is_active=True
        )
        .select_related("user")
        .order_by("post__rank", "pk")
        .first()
    )
    if holding is None:
        raise Refused(
            _("Đơn vị chưa có người giữ chức vụ lãnh đạo để ký. Hãy đề nghị người quản trị bổ sung.")
        )
    return holding.user


def on_arrival(actor: Actor, dossier: Dossier) -> None:
    """A paper goes to the counter signed and numbered, or not at all."""
    found = current(dossier)
    if found is not None and found.state == State.DRAFT:
        number(actor, dossier)


def reopen(actor: Actor, dossier: Dossier) -> None:
    """What was taken back is open to change again: a signature on the draft no longer counts."""
    found = current(dossier)
    if found is not None and found.state == State.DRAFT and found.approved_at is not None:
        writing.update_draft(found, values={}, by_id=actor.user_id)
