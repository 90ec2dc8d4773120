"""Only a token that its holder made signs: with one that somebody else made nobody signs in another's name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import province as p
from tests.access.signing import SIGNS
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.core.errors import NotAllowed
from vamco.dossiers import actions, jobs
from vamco.dossiers.models import Dossier
from vamco.dossiers.papers import slips
from vamco.organisation import actions as organisation
from vamco.organisation.models import ApiToken, Delegation, User
from vamco.results.models import Result

from . import reach_catalogue, reach_dossiers, reach_rest
from .conftest import Caller

assert reach_catalogue, reach_rest

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


class Foreign(Caller):
    """Somebody whose token another person made."""

    def token_of(self, user: User) -> str:
        return organisation.issue_token(SYSTEM, user, name="test")[1]


@pytest.fixture
def foreign() -> Callable[..., Foreign]:
    return lambda post, code=p.COMMUNE: Foreign(p.person(post, code))


def refused(answer: Any) -> bool:
    return answer.status_code == 403 and "Mã truy cập của tôi" in answer.json()["title"]


def ways(caller: Caller, dossier: Dossier) -> set[str]:
    """The actions that the API offers: `advance` by its way out."""
    offered = caller.get(f"/dossiers/{dossier.code}").json()["actions"]
    return {one["outcome"] or one["action"] for one in offered}


def advance(caller: Caller, dossier: Dossier, outcome: str) -> Any:
    dossier.refresh_from_db()
    body = {"version": dossier.version, "outcome": outcome}
    return caller.post(f"/dossiers/{dossier.code}/actions/advance", body)


@pytest.mark.parametrize("action", sorted(SIGNS))
def test_what_signs_refuses_a_token_that_another_made(action: str, foreign: Callable[..., Foreign]) -> None:
    assert refused(reach_dossiers.CASES[action](foreign))


@pytest.mark.parametrize(
    ("step", "post", "outcome"), [("ky_duyet", "chu_tich", "ky"), ("vao_so", "van_phong", "vao_so")]
)
def test_a_step_that_signs_or_numbers_is_neither_offered_nor_done(
    step: str, post: str, outcome: str, foreign: Callable[..., Foreign], call: Callable[..., Caller]
) -> None:
    dossier = p.decide(p.receive(), upto=step)
    theirs, own = foreign(post), call(post)
    assert outcome not in ways(theirs, dossier)
    assert "note" in ways(theirs, dossier)
    assert refused(advance(theirs, dossier, outcome))
    many = {"codes": [dossier.code], "outcome": outcome}
    answer = theirs.post("/dossiers/actions/advance", many).json()
    assert "Mã truy cập của tôi" in str(answer)
    dossier.refresh_from_db()
    assert dossier.step == step
    assert outcome in ways(own, dossier)
    assert advance(own, dossier, outcome).status_code == 200


def test_an_apology_waits_for_those_who_may_sign_it(
    foreign: Callable[..., Foreign], call: Callable[..., Caller]
) -> None:
    dossier = actions.draft_new_date(p.actor("tu_phap"), p.receive(), days=3)
    theirs, own = foreign("chu_tich"), call("chu_tich")
    assert "sign_new_date" not in ways(theirs, dossier)
    assert "sign_new_date" in ways(own, dossier)
    listed = {
        who: one.get("/dossiers", {"tab": "apologies"}).json()["items"]
        for who, one in {"a": theirs, "b": own}.items()
    }
    assert (len(listed["a"]), len(listed["b"])) == (0, 1)


def test_an_administrator_does_not_sign_by_a_token_for_somebody_who_may(call: Callable[..., Caller]) -> None:
    """The way in that this closes: issue a token for the leader, sign with it."""
    leader = p.person("chu_tich")
    made = call("quan_tri", p.PROVINCE).post(f"/people/{leader.pk}/actions/issue_token", {"name": "của tôi"})
    as_leader = Foreign(None)
    as_leader.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {made.json()['token']}"
    dossier = p.decide(p.receive(), upto="ky_duyet")
    assert refused(advance(as_leader, dossier, "ky"))
    assert Result.objects.get(subject=dossier.code).signed_by is None
    assert as_leader.get("/me").json()["token"]["signs"] is False
    assert made.json()["made_by"] == p.person("quan_tri", p.PROVINCE).pk


def test_a_token_of_before_makers_were_kept_does_not_sign(
    foreign: Callable[..., Foreign], call: Callable[..., Caller]
) -> None:
    caller = call("chu_tich")
    ApiToken.objects.update(made_by=None)
    dossier = p.decide(p.receive(), upto="ky_duyet")
    assert refused(advance(caller, dossier, "ky"))


SIGNED_SLIPS = {
    "request_supplement": (
        "tu_phap",
        {"items": reach_dossiers.ITEMS, "reason": "Không đọc được.", "days": 5},
    ),
    "withdraw": ("mot_cua", {"reason": "Không còn nhu cầu."}),
    "stop": ("chu_tich", {"reason": "Theo quyết định của tòa án."}),
}


@pytest.mark.parametrize("action", SIGNED_SLIPS)
def test_a_slip_that_names_who_signs_it_is_neither_offered_nor_made(
    action: str, foreign: Callable[..., Foreign], call: Callable[..., Caller]
) -> None:
    post, inputs = SIGNED_SLIPS[action]
    dossier = p.receive()
    actions.take(p.actor("tu_phap"), dossier)
    theirs, own = foreign(post), call(post)
    made = dossier.slips.count()
    assert action not in ways(theirs, dossier)
    dossier.refresh_from_db()
    body = {"version": dossier.version, **inputs}
    assert refused(theirs.post(f"/dossiers/{dossier.code}/actions/{action}", body))
    assert dossier.slips.count() == made
    assert action in ways(own, dossier)
    assert own.post(f"/dossiers/{dossier.code}/actions/{action}", body).status_code == 200


def test_a_drafted_closing_is_looked_at_but_not_confirmed(
    foreign: Callable[..., Foreign], call: Callable[..., Caller]
) -> None:
    dossier = actions.request_supplement(
        p.actor("tu_phap"), p.receive(), items=[("Giấy tờ cư trú", "mờ")], reason="Không đọc được.", days=5
    )
    with clock.told(p.MONDAY + timedelta(days=8)):
        jobs.watch_dossiers()
        theirs, own = foreign("mot_cua"), call("mot_cua")
        assert "close_unanswered" not in ways(theirs, dossier)
        assert "resume" in ways(theirs, dossier)
        assert theirs.get(f"/dossiers/{dossier.code}/closing_slip").content.startswith(b"%PDF")
        assert refused(theirs.post(f"/dossiers/{dossier.code}/actions/close_unanswered", {}))
        assert "close_unanswered" in ways(own, dossier)


def test_a_slip_that_is_forgotten_in_the_list_is_still_not_signed() -> None:
    with pytest.raises(NotAllowed):
        slips.signer(replace(p.actor("tu_phap"), signs=False))


def test_nobody_makes_themselves_a_stand_in_by_a_token_for_a_leader(
    foreign: Callable[..., Foreign], call: Callable[..., Caller]
) -> None:
    """The way in that this closes: issue a token for the leader, delegate their work to oneself, sign as stand-in."""
    mine = p.person("tu_phap")
    body = {"receiver": mine.pk, "since": "2016-12-05", "until": "2016-12-09", "reason": "Nghỉ phép"}
    assert refused(foreign("chu_tich").post("/delegations", body))
    assert refused(
        foreign("quan_tri", p.PROVINCE).post("/delegations", {**body, "giver": p.person("chu_tich").pk})
    )
    assert not Delegation.objects.exists()
    assert call("chu_tich").post("/delegations", body).status_code == 201
    made = Delegation.objects.get()
    assert foreign("chu_tich").post(f"/delegations/{made.pk}/actions/revoke").status_code == 200


def test_what_signs_nothing_goes_on_with_any_token(foreign: Callable[..., Foreign]) -> None:
    dossier = p.receive()
    answer = foreign("tu_phap").post(
        f"/dossiers/{dossier.code}/actions/advance", {"version": 1, "outcome": "trinh_ky", "answers": p.FOUND}
    )
    assert answer.status_code == 200
    assert "tra_lai" in ways(foreign("chu_tich"), dossier) or "send_back" in ways(
        foreign("chu_tich"), dossier
    )
