"""Completes the published description: errors as problem documents, an example for every request and response.

Examples are put together from those of the fields, so that they cannot contradict the schema; `gaps` names the
fields that have none.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

Json = dict[str, Any]
Described = TypeVar("Described", bound=Json)

PROBLEM = "application/problem+json"
_MEANING = {
    "400": ("bad-request", "The body is no JSON."),
    "401": ("not-signed-in", "No bearer token, or one that is worth nothing any more."),
    "403": ("not-allowed", "The person may not do this."),
    "404": ("not-found", "There is no such thing, or the person may not know of it."),
    "409": ("refused", "The state of the thing does not allow it, or somebody else has changed it."),
    "413": ("too-large", "The body is larger than one is read."),
    "415": ("unsupported-media-type", "The body is said to be something else than JSON."),
    "422": ("invalid", "An input is wrong; `errors` names the fields."),
    "429": ("too-many", "Too many attempts; the title says when to try again."),
}
_BY_FORMAT: dict[str, Any] = {
    "date-time": "2016-12-09T10:42:00+07:00",
    "date": "2016-12-09",
    "time": "07:30:00",
    "binary": "",
}
KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "a repeat with the same key and the same content answers what the first one did, and does nothing",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "example": "8f14e45f-ceea-467f-9c2b-1d2a3b4c5d6e",
}


def complete(described: Described) -> Described:
    """The description with errors, examples and headers; changed in place."""
    components = described["components"]
    components["responses"] = {f"Problem{status}": _problem(status) for status in _MEANING}
    for path, method, operation in operations(described):
        _errors(path, method, operation)
        _parameters(operation)
        if method == "post" and operation.get("security"):
            operation["parameters"].append(KEY)
        for content in _contents(operation):
            if not {"example", "examples"} & content.keys():
                content["example"] = example(content["schema"], components["schemas"])
    components["schemas"].pop("Problem", None)
    components["schemas"]["Problem"] = _PROBLEM
    return described


def operations(described: Json) -> Iterator[tuple[str, str, Json]]:
    """Every operation with its path and method."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def gaps(described: Json) -> list[str]:
    """The required fields of requests and answers that have no example of their own («Schema.field»), and what else lacks one."""
    found = []
    for name, schema in described["components"]["schemas"].items():
        for field, given in schema.get("properties", {}).items():
            if field in schema.get("required", []) and not _says(given):
                found.append(f"{name}.{field}")
    for path, method, operation in operations(described):
        found += [
            f"{method} {path} {parameter['name']}"
            for parameter in operation["parameters"]
            if parameter["required"] and "example" not in parameter
        ]
        found += [f"{method} {path}"] * any(
            not {"example", "examples"} & content.keys() for content in _contents(operation)
        )
    return found


def _says(schema: Json) -> bool:
    """Whether an example can be told without guessing."""
    if {"examples", "example", "default", "const", "enum", "$ref"} & schema.keys() or "format" in schema:
        return True
    parts = schema.get("anyOf", []) + schema.get("allOf", []) + [schema.get("items", {})]
    return schema.get("type") == "boolean" or any(_says(part) for part in parts if part)


def example(schema: Json, schemas: Json, depth: int = 0) -> Any:
    """An example of a schema, from the examples of its fields."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "example" in schema:
        return schema["example"]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, depth + 1)
    for name in ("const", "default"):
        if name in schema:
            return schema[name]
    if schema.get("enum"):
        return schema["enum"][0]
    parts = [part for key in ("anyOf", "oneOf", "allOf") for part in schema.get(key, [])]
    if parts:
        return example(
            next((part for part in parts if part.get("type") != "null"), parts[0]), schemas, depth + 1
        )
    if schema.get("type") == "object" or "properties" in schema:
        return _object(schema, schemas, depth)
    if schema.get("type") == "array":
        return [] if depth > 12 else [example(schema.get("items", {}), schemas, depth + 1)]
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    return {"integer": 1, "number": 1.0, "boolean": False, "null": None}.get(schema.get("type", ""), "")


def _object(schema: Json, schemas: Json, depth: int) -> Json:
    required = set(schema.get("required", []))
    return {
        name: example(inner, schemas, depth + 1)
        for name, inner in schema.get("properties", {}).items()
        if name in required or {"examples", "example"} & inner.keys() or "$ref" in str(inner)
    }


def _errors(path: str, method: str, operation: Json) -> None:
    secured, changes = bool(operation.get("security")), method == "post"
    body = "application/json" in operation.get("requestBody", {}).get("content", {})
    wanted = {"422"}
    wanted |= {"401", "403"} if secured else set()
    wanted |= {"404"} if changes or "{" in path else set()
    wanted |= {"409"} if changes and secured else set()
    wanted |= {"400", "413", "415"} if body else set()
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    wanted |= answers.keys() & _MEANING.keys()
    operation["responses"] = {
        **{status: answer for status, answer in answers.items() if status not in _MEANING},
        **{status: {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(wanted)},
    }


def _parameters(operation: Json) -> None:
    """A parameter's examples are a map in OpenAPI; one plain example says as much."""
    for parameter in operation["parameters"]:
        several = parameter.pop("examples", None)
        if isinstance(several, list) and several:
            parameter["example"] = several[0]
        elif "example" not in parameter and parameter["schema"].get("examples"):
            parameter["example"] = parameter["schema"]["examples"][0]


def _contents(operation: Json) -> Iterator[Json]:
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for answer in operation["responses"].values():
        yield from answer.get("content", {}).values()


def _problem(status: str) -> Json:
    kind, meaning = _MEANING[status]
    values = {
        "type": f"urn:vamco:problem:{kind}",
        "title": "Dữ liệu gửi lên chưa đúng; xem từng mục." if status == "422" else meaning,
        "status": int(status),
        "errors": [{"field": "unit", "message": "Không có đơn vị mang mã này."}] if status == "422" else [],
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": meaning, "content": {PROBLEM: {"schema": schema, "example": values}}}


_PROBLEM: Json = {
    "type": "object",
    "description": "A problem document (RFC 9457); `errors` names the fields at fault.",
    "required": ["type", "title", "status", "errors"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:vamco:problem:invalid"]},
        "title": {"type": "string", "examples": ["Dữ liệu gửi lên chưa đúng; xem từng mục."]},
        "status": {"type": "integer", "examples": [422]},
        "errors": {
            "type": "array",
            "examples": [[{"field": "unit", "message": "Không có đơn vị mang mã này."}]],
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string", "examples": ["unit"]},
                    "message": {"type": "string", "examples": ["Không có đơn vị mang mã này."]},
                },
            },
        },
    },
}
