"""GET /api/v1/openapi.json: complete, and true."""

import importlib
import inspect
import pkgutil

import pytest
from django.test import Client
from jsonschema_rs import Draft202012Validator
from ninja import Schema

from vamco.core import openapi
from vamco.core.rooms import rooms

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def described():
    return Client().get("/api/v1/openapi.json").json()


@pytest.fixture(scope="module")
def operations(described):
    return list(openapi.operations(described))


def test_every_operation_says_what_it_is_for(operations):
    assert len(operations) > 100
    assert not [
        path for path, _method, one in operations if not one.get("summary") or not one.get("description")
    ]


def test_every_operation_has_an_example_of_each_field(described):
    assert openapi.gaps(described) == []


def test_every_example_fits_its_schema(described, operations):
    wrong = []
    for path, method, one in operations:
        contents = list(one.get("requestBody", {}).get("content", {}).items())
        contents += [
            pair for answer in one["responses"].values() for pair in answer.get("content", {}).items()
        ]
        for kind, content in contents:
            if not kind.endswith("json"):
                continue
            whole = {**content["schema"], "components": described["components"]}
            validator = Draft202012Validator(whole, validate_formats=True)
            named = [each["value"] for each in content.get("examples", {}).values()]
            for example in named or [content["example"]]:
                wrong += [f"{method} {path}: {fault.message}" for fault in validator.iter_errors(example)]
    assert not wrong


def test_errors_are_problem_documents(described, operations):
    for path, _method, one in operations:
        for status, answer in one["responses"].items():
            if not status.startswith("2"):
                assert answer == {"$ref": f"#/components/responses/Problem{status}"}, path
    for answer in described["components"]["responses"].values():
        assert list(answer["content"]) == ["application/problem+json"]


def test_who_needs_a_token_says_so(described, operations):
    public = {path for path, _method, one in operations if "security" not in one}
    assert public == {
        f"/api/v1{path}"
        for path in (
            "/units", "/units/{code}", "/worktime/due", "/worktime/elapsed", "/calendar_days", "/office_hours",
            "/regimes", "/procedures", "/procedures/{code}", "/sectors", "/tracking/{code}",
        )
    }  # fmt: skip
    assert described["components"]["securitySchemes"]["BearerToken"]["scheme"] == "bearer"
    for path, method, one in operations:
        if "security" in one:
            assert "401" in one["responses"], path
        assert (method == "get") or "/actions/" in path or "{" not in path.rsplit("/", 1)[-1], path


def test_every_list_has_a_limit_a_cursor_and_words(operations):
    for path, method, one in operations:
        answer = one["responses"].get("200", {}).get("content", {}).get("application/json", {})
        if method == "get" and "items" in (answer.get("example") or {}):
            assert {"limit", "cursor", "q"} <= {given["name"] for given in one["parameters"]}, path
            assert "next" in answer["example"], path


def test_no_two_schemas_share_a_name():
    seen = {}
    for room in (name for name, one in rooms().items() if one.api):
        package = importlib.import_module(f"vamco.{room}.api")
        names = [package.__name__]
        names += [
            f"{package.__name__}.{part.name}"
            for part in pkgutil.iter_modules(getattr(package, "__path__", []))
        ]
        for name in names:
            for kind in vars(importlib.import_module(name)).values():
                if inspect.isclass(kind) and issubclass(kind, Schema) and kind is not Schema:
                    assert seen.setdefault(kind.__name__, kind) is kind, kind.__name__


def test_the_limits_of_an_action_are_those_of_its_inputs(described):
    fields = described["components"]["schemas"]["PaymentsOpenBookIn"]["properties"]
    assert (fields["symbol"]["minLength"], fields["symbol"]["maxLength"]) == (1, 20)
    assert "minLength" not in fields["series"]  # may be left empty
    regime = described["components"]["schemas"]["TimingOpenRegimeIn"]["properties"]
    assert regime["key"]["pattern"] == "^(?:[a-z0-9_]{1,40})$"
