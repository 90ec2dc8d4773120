"""Only a token that its holder made signs: with one that somebody else made nobody signs in another's name."""

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from tests import province as p
from vamco.api import ROOMS
from vamco.core.actions import ACTIONS, SYSTEM
from vamco.dossiers import actions
from vamco.dossiers.models import Dossier
from vamco.organisation import actions as organisation
from vamco.organisation.models import ApiToken, User
from vamco.results.models import Result

from . import reach_dossiers, reach_rest
from .conftest import Caller

assert reach_rest

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
for room in ROOMS:
    importlib.import_module(f"vamco.{room}.actions")

SIGNS = {
    "dossiers.at_once", "dossiers.sign_new_date", "results.issue_correction", "results.sign_correction",
    "results.withdraw",
}  # fmt: skip
"""What always signs, issues or withdraws a paper; `advance` does by some ways out."""


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


def test_these_are_all_that_sign() -> None:
    assert {name for name, spec in ACTIONS.items() if spec.signs} == SIGNS


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


def test_what_signs_nothing_goes_on_with_any_token(foreign: Callable[..., Foreign]) -> None:
    dossier = p.receive()
    answer = foreign("tu_phap").post(
        f"/dossiers/{dossier.code}/actions/advance", {"version": 1, "outcome": "trinh_ky", "answers": p.FOUND}
    )
    assert answer.status_code == 200
    assert "tra_lai" in ways(foreign("chu_tich"), dossier) or "send_back" in ways(
        foreign("chu_tich"), dossier
    )
