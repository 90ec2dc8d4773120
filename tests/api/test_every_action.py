"""Everything a page does, the API does: each registered action is done once through the API."""

import pytest

from vamco.core.actions import ACTIONS
from vamco.core.models import LedgerEntry
from vamco.core.rooms import rooms

from . import reach_catalogue, reach_dossiers, reach_rest

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

rooms()  # brings every action

CASES = reach_dossiers.CASES
assert reach_catalogue, reach_rest

NOT_BY_API = {
    "dossiers.warn": "by the clock; no role may do it",
    "dossiers.back_to_pool": "when somebody goes; no role may do it",
    "dossiers.prepare_apology": "by the clock",
    "dossiers.remind_supplement": "by the clock",
    "dossiers.prepare_closing": "by the clock",
    "organisation.own_password": "a stolen token must not change the password it does not know",
    "organisation.own_second_step": "recorded by the sign-in pages",
    "organisation.own_token": "a stolen token must not make another one that lives longer",
    "organisation.revoke_own_token": "nor end those of its owner",
    "organisation.create_administrator": "from the command line of the machine only",
}


def test_every_action_is_in_the_table():
    assert CASES.keys() | NOT_BY_API.keys() == ACTIONS.keys()


@pytest.mark.parametrize("action", sorted(CASES))
def test_the_api_does_it(action, call):
    answer = CASES[action](call)
    assert answer.status_code in (200, 201), answer.content.decode()
    assert LedgerEntry.objects.filter(action=action, via="api").exists()
