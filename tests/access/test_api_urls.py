"""What the wrong person's token, and their filters and exports, reach: nothing of this commune."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import province
from tests.province import COMMUNE, MARRIAGE, MONDAY
from vamco.core import clock
from vamco.core.actors import SYSTEM
from vamco.organisation import actions as organisation
from vamco.organisation.models import User

from .test_urls import (
    FILES,
    MANY,
    MARKS,
    OPEN_TO_ALL_STAFF,
    SEARCHES,
    TABS,
    World,
    api_address,
    body,
    call,
    operations,
    pages,
    public,
    shown,
    token_of,
)  # fmt: skip

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]


def page_filters(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each filter of each list, with a value that fits what this commune has."""
    about = {
        "thu_tuc": MARRIAGE, "buoc": world.dossier.step, "kenh": "counter", "nguoi": world.dossier.applicant_id,
        "ds": "tab=unit", "o": world.dossier.code, "loc": "1",
    }  # fmt: skip
    for tab in (*TABS, "y-kien"):
        yield "inbox", {"tab": tab}
    for key, value in about.items():
        yield "inbox", {"tab": "unit", key: value}
    receipt = world.things.of("Receipt")
    for asked in (
        {"unit": COMMUNE}, {"unit": COMMUNE, "day": "2016-12-05"}, {"day": ""}, {"book": receipt.book_id},
        {"state": "valid"}, {"q": str(receipt.number)},
    ):  # fmt: skip
        yield "cash_receipts", asked
        yield "cash", asked
    for state in ("sent", "queued", "skipped", "failed"):
        yield "messages", {"state": state}
    yield "messages", {"code": world.dossier.code}
    yield "messages", {"kind": "received"}
    yield "organisation_people", {"ngung": "1"}
    yield "organisation_people", {"q": "tu_phap"}
    for name in ("intake", "intake_suggest", "at_once", "find", "books", "import"):
        yield name, {"unit": COMMUNE, "q": "huynh thi"}
    yield "audit", {"action": "dossiers.receive"}


def test_no_filter_of_a_list_tells_the_wrong_person(world: World, wrong_client: Client) -> None:
    told, names = [], {name for name, _route in pages()}
    for name, asked in list(page_filters(world)):
        assert name in names, name
        answer = wrong_client.get(reverse(name), asked)
        marks = MARKS if world.dossier.code in asked.values() else world.marks()
        if answer.status_code not in (200, 302, 403, 404, 405) or shown(answer, marks):
            told.append((name, asked, answer.status_code, shown(answer, marks)))
    assert told == []


def list_exports(world: World) -> list[dict[str, str]]:
    return [
        *({"tab": tab} for tab in TABS), {"q": "Ngọc Ẩn"}, {"q": world.dossier.code}, {"procedure": MARRIAGE},
        {"step": world.dossier.step}, {"channel": "counter"},
    ]  # fmt: skip


def test_no_export_of_a_page_tells_the_wrong_person(world: World, wrong_client: Client) -> None:
    for asked in list_exports(world):
        answer = wrong_client.post(reverse("export"), asked)
        assert (answer.status_code, shown(answer, world.marks())) == (200, []), asked
    answer = wrong_client.post(reverse("audit_export"), {"action": "dossiers.receive"})
    assert answer.status_code == 403
    assert not shown(answer, world.marks())


def test_the_same_export_tells_who_may_know(world: World) -> None:
    """So that the test above can fail: the names are looked for where they would stand."""
    right = Client()
    right.force_login(province.person("chu_tich"))
    found = [shown(right.post(reverse("export"), asked), world.marks()) for asked in list_exports(world)]
    assert MARKS[0] in found[TABS.index("unit")]
    assert world.dossier.code in found[-1]
    token = token_of(province.person("chu_tich"))
    assert MARKS[0] in shown(call("POST", EXPORT, token, {"tab": "unit"}), world.marks())


# The API ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nobody", "nonsense", "expired", "revoked", "closed"])
def test_without_a_good_token_only_what_is_public_answers(world: World, wrong: User, who: str) -> None:
    token = (
        {"nobody": "", "nonsense": "vc_nonsense"}.get(who)
        if who in ("nobody", "nonsense")
        else token_of(wrong)
    )
    if who == "revoked":
        organisation.revoke_token(SYSTEM, wrong.tokens.get())
    if who == "closed":
        organisation.deactivate(SYSTEM, wrong)
    wrong_answers = []
    asked = [(*each, api_address(world, each[1])) for each in operations()]
    with clock.told(MONDAY + timedelta(days=2 if who == "expired" else 0)):
        for method, path, operation, url in asked:
            if who != "nobody" and public(operation):
                continue
            answer = call(method, url, token or "", body(operation))
            good = answer.status_code == 401
            if public(operation):
                good = answer.status_code in (200, 404, 422) and not shown(answer, MARKS)
            if not good:
                wrong_answers.append((method, path, answer.status_code))
    assert wrong_answers == []


def test_the_wrong_token_reaches_nothing_of_this_unit(world: World, wrong: User) -> None:
    token, wrong_answers, unread = token_of(wrong), [], []
    for method, path, operation in operations():
        if public(operation) or "{" not in path or f"{method} {path}" in OPEN_TO_ALL_STAFF:
            continue
        answer = call(method, api_address(world, path), token, body(operation), file=FILES.get(path, ""))
        if answer.status_code == 422:
            unread.append((method, path, answer.content.decode()[:300]))
        if answer.status_code not in (403, 404, 422) or shown(answer, world.marks()):
            wrong_answers.append((method, path, answer.status_code, answer.content.decode()[:200]))
    assert wrong_answers == []
    assert unread == [], "the example of the description is not what the operation takes"


EXPORT = "/api/v1/dossiers/actions/export"

FOR_EVERYBODY = {
    EXPORT: "what the caller may see, which is nothing of this commune",
    "/api/v1/calendar_days/actions/export": "days off are public",
    "/api/v1/result_templates/actions/export": "templates are shared by the administrators of all units",
    "/api/v1/parties/actions/look_up": "a number that is typed; answers who that is only where they are known",
    "/api/v1/files": "a file of one's own",
    "/api/v1/notices/actions/read": "marks one's own notices as read",
    "/api/v1/filters": "a view of one's own list, under a name",
    "/api/v1/units": "a unit below one's own; that of the example is none",
}
"""What a wrong person's token may do all the same, and why that tells nothing."""


UPLOADS = ("/api/v1/files", "/api/v1/attachments", "/api/v1/calendar_days/import")
ON_THINGS = ("/api/v1/attachments", "/api/v1/notes")
"""What is put on a thing of any room."""


def test_the_wrong_token_starts_nothing_here(world: World, wrong: User) -> None:
    """Every operation that changes something and is not about one thing: also the exports."""
    token, wrong_answers = token_of(wrong), []
    for method, path, operation in operations():
        if method == "GET" or public(operation) or "{" in path:
            continue
        sent = body(operation)
        if path == "/api/v1/delegations":  # without a giver it is about the caller's own work
            sent = {**sent, "giver": province.person("tu_phap").pk}
        if path in MANY:
            answer = call(method, path, token, {**sent, "codes": [world.dossier.code]})
            assert [one["done"] for one in answer.json()["items"]] == [False], path
            continue
        if path in ON_THINGS:
            sent = {**sent, "kind": "payments.receipt", "id": world.things.of("Receipt").pk}
        answer = call(method, path, token, sent, file="to.pdf" if path in UPLOADS else "")
        allowed = (200, 201, 404, 422) if path in FOR_EVERYBODY else (403, 404)
        if answer.status_code not in allowed or shown(answer, world.marks()):
            wrong_answers.append((path, answer.status_code, answer.content.decode(errors="replace")[:200]))
    assert wrong_answers == []
    world.dossier.refresh_from_db()
    assert world.dossier.version == 1


def test_no_export_of_the_api_tells_the_wrong_token(world: World, wrong: User) -> None:
    token = token_of(wrong)
    narrowed = [*list_exports(world), {}, {"unit": COMMUNE}, {"party": world.dossier.applicant_id}]
    for asked in narrowed:
        answer = call("POST", EXPORT, token, asked)
        assert not shown(answer, world.marks()), asked
        assert answer.status_code in (200, 403, 422), answer.content
    for asked in ({}, {"action": "dossiers.receive"}, {"thing": world.dossier.code}):
        answer = call("POST", "/api/v1/ledger/actions/export", token, asked)
        assert answer.status_code == 403, asked
        assert not shown(answer, MARKS)


def api_filters(world: World) -> dict[str, tuple[Any, ...]]:
    """Values for each filter that a list of the API has; a new filter must be named here."""
    person = province.person("tu_phap").pk
    return {
        "tab": TABS, "unit": (COMMUNE,), "step": (world.dossier.step,), "status": (world.dossier.status,),
        "stage": (world.dossier.stage,), "procedure": (MARRIAGE,), "channel": ("counter",),
        "party": (world.dossier.applicant_id,), "due_before": ("2020-01-01T00:00:00+07:00",),
        "changed_since": ("2016-01-01T00:00:00+07:00",), "assignee": (person, "me"), "dossier": (world.dossier.code,),
        "year": (2016,), "level": ("commune", 3), "parent": (province.DISTRICT,), "on": ("2016-12-05",),
        "closed": ("true",), "unread": ("true",), "person": (person,), "action": ("dossiers.receive",), "thing": (world.dossier.code,),
        "since": ("2016-12-05",), "until": ("2016-12-05",), "sensitive": ("true",), "day": ("2016-12-05",),
        "book": (1,), "id": (world.things.of("Receipt").pk,), "state": ("sent", "valid", "queued"), "code": (MARRIAGE,), "field": ("Hộ tịch",),
        "tier": ("commune",), "q": SEARCHES, "sort": ("left", "-at"), "count": ("true",), "kind": ("received", "result", "dossiers.dossier"),
        "type": ("giay_xac_nhan",), "number": (1,), "holder": (world.dossier.applicant_id,), "via": ("api", "page"),
        "giver": (person,), "receiver": (person,), "key": ("mot_cua",), "permission": ("dossiers.receive",),
        "start": (), "end": (), "days": (), "hours": (), "regime": (), "limit": (), "cursor": (),
    }  # fmt: skip


def test_no_filter_of_the_api_tells_the_wrong_token(world: World, wrong: User) -> None:
    token, told, values = token_of(wrong), [], api_filters(world)
    for method, path, operation in operations():
        if method != "GET" or "{" in path or public(operation):
            continue
        for one in operation.get("parameters", []):
            for value in values[one["name"]]:
                answer = call("GET", path, token, **{one["name"]: str(value)})
                marks = MARKS if value == world.dossier.code else world.marks()
                if answer.status_code >= 500 or shown(answer, marks):
                    told.append((path, one["name"], value, answer.status_code, shown(answer, marks)))
    assert told == []


@pytest.mark.parametrize("q", SEARCHES)
def test_no_list_of_the_api_tells_the_wrong_token(world: World, wrong: User, q: str) -> None:
    token, told = token_of(wrong), []
    for method, path, _operation in operations():
        if method != "GET" or "{" in path:
            continue
        for asked in ({"q": q}, {"q": q, "unit": COMMUNE}, {"dossier": world.dossier.code}):
            answer = call("GET", path, token, **{key: value for key, value in asked.items() if value})
            if answer.status_code == 500 or shown(answer, MARKS):
                told.append((path, asked, answer.status_code))
            if answer.status_code == 200 and "dossier" in asked and _items(answer):
                told.append((path, asked, "items"))
    assert told == []


def _items(answer: Any) -> list[Any]:
    """The items of a list that are about the dossier asked for."""
    if "json" not in answer.headers.get("Content-Type", ""):
        return []
    found = answer.json()
    items = found.get("items", []) if isinstance(found, dict) else found
    return [one for one in items if isinstance(one, dict) and "dossier" in one]
