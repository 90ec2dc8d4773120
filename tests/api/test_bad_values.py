"""Values that read as a number, a day or a text and are none: each parameter of an operation refuses them in words."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from vamco.core import openapi

pytestmark = [
    pytest.mark.django_db(databases=["default", "serials"]),
    pytest.mark.usefixtures("province", "monday"),
]

ROOMS = ("results", "result_templates", "parties")
"""First parts of the addresses whose operations are tried."""
WRITTEN = ("²", "9" * 5000, "-1", "0001-01-01", "9999-12-31", "\0")
"""Values of an address."""
SENT = (*WRITTEN, None, 10**30, ["²"], {"²": "\0"}, "\ud800")
"""Values of a body."""


def operations(everything: Any, room: str) -> Iterator[tuple[str, str, dict[str, Any], Any]]:
    """Path, method, description and example of the body of each operation of a room."""
    described = everything.get("/openapi.json").json()
    for path, method, one in openapi.operations(described):
        path = path.removeprefix("/api/v1")
        if path.split("/")[1] == room:
            content = one.get("requestBody", {}).get("content", {}).get("application/json", {})
            schema = content.get("schema", {})
            name = schema.get("$ref", "").rpartition("/")[2]
            fields = described["components"]["schemas"].get(name, schema).get("properties", {})
            body = {**dict.fromkeys(fields), **(content.get("example") or {})} if fields else None
            yield path, method, one, body


def asked(everything: Any, things: dict[str, Any], room: str) -> Iterator[tuple[str, str, str, Any, Any]]:
    """Each parameter of each operation with each value: method, path, parameter, value and answer."""
    for path, method, one, body in operations(everything, room):
        there = path
        for part in ("{result_id}", "{party_id}", "{key}", "{number}"):
            there = there.replace(part, str(things[room]))
        for parameter in one["parameters"]:
            name, place = parameter["name"], parameter["in"]
            for value in WRITTEN if place in ("path", "query") else ():
                address = (
                    there if place == "query" else path.replace(f"{{{name}}}", value.replace("\0", "%00"))
                )
                query = {name: value} if place == "query" else {}
                send = everything.get if method == "get" else everything.post
                yield method, path, name, value, send(address, query)
        for name in body or {}:
            for value in SENT:
                sent = {key: each for key, each in copy.deepcopy(body).items() if each is not None}
                yield method, path, name, value, everything.post(there, {**sent, name: value})


@pytest.mark.parametrize("room", ROOMS)
def test_no_parameter_of_an_operation_makes_a_fault(
    everything: Any, things: dict[str, Any], room: str
) -> None:
    everything.client.raise_request_exception = False
    wrong, count = [], 0
    for method, path, name, value, answer in asked(everything, things, room):
        count += 1
        if answer.status_code >= 500:
            wrong.append((method, path, name, str(value)[:20], answer.status_code))
        elif answer.status_code >= 400:
            assert answer.json()["title"], (path, name)
    assert wrong == []
    assert count > 100
