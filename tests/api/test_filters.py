"""Saved filters: the page and the API keep the same ones."""

import pytest

from tests import province as p
from vamco.dossiers.inbox import sent as lists
from vamco.dossiers.models import SavedFilter

from .conftest import fields

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]
VIEW = {"tab": "mine", "procedure": p.MARRIAGE, "step": "tham_tra", "channel": "post"}


def test_what_was_saved_by_the_api_is_a_filter_of_the_page(call):
    answer = call("tu_phap").post("/filters", {"name": "Hôn nhân", **VIEW})
    assert answer.status_code == 201
    saved = SavedFilter.objects.get(user=p.person("tu_phap"))
    assert answer.json() == {"id": saved.pk, "name": "Hôn nhân", **VIEW, "q": "", "party": None}
    assert lists.parse(saved.query).wanted.procedure == p.MARRIAGE


def test_own_ones_are_listed_and_found_by_word(call):
    for name in ("Hôn nhân", "Chứng thực"):
        call("tu_phap").post("/filters", {"name": name, **VIEW})
    call("mot_cua").post("/filters", {"name": "Của người khác", **VIEW})
    listed = call("tu_phap").get("/filters").json()["items"]
    assert [one["name"] for one in listed] == ["Hôn nhân", "Chứng thực"]
    found = call("tu_phap").get("/filters", {"q": "chung"}).json()["items"]
    assert [one["name"] for one in found] == ["Chứng thực"]
    page = call("tu_phap").get("/filters", {"limit": 1}).json()
    rest = call("tu_phap").get("/filters", {"limit": 1, "cursor": page["next"]}).json()
    assert [one["name"] for one in page["items"] + rest["items"]] == ["Hôn nhân", "Chứng thực"]


def test_it_is_thrown_away_by_its_owner_alone(call):
    pk = call("tu_phap").post("/filters", {"name": "Hôn nhân", **VIEW}).json()["id"]
    assert call("mot_cua").post(f"/filters/{pk}/actions/delete").status_code == 404
    assert call("tu_phap").post(f"/filters/{pk}/actions/delete").json()["name"] == "Hôn nhân"
    assert not SavedFilter.objects.exists()


def test_nothing_to_keep_and_identity_numbers_are_refused(call):
    assert fields(call("tu_phap").post("/filters", {"name": "Trống"})) == ["query"]
    assert fields(call("tu_phap").post("/filters", {"name": "Số", "q": "080161000412"})) == ["q"]
    assert not SavedFilter.objects.exists()
