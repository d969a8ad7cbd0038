"""The description of the interface leaves no gap: this walks it and refuses what is missing."""

from collections.abc import Iterator
from typing import Any

import pytest

from api.openapi import TAGS
from tests.api.conftest import House
from tests.api.web import Web

OPEN = {"/healthz", "/readyz", "POST /api/v1/session"}
Operation = tuple[str, dict[str, Any]]


@pytest.fixture
def schema(admin: Web) -> dict[str, Any]:
    answer = admin.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    described: dict[str, Any] = answer.json()
    return described


def operations(schema: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def is_open(name: str) -> bool:
    return name in OPEN or name.split()[1] in OPEN


def resolved(schema: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    ref = content.get("schema", {}).get("$ref", "")
    found: dict[str, Any] = schema["components"]["schemas"][ref.rsplit("/", 1)[1]] if ref else {}
    return found


def has_example(schema: dict[str, Any], content: dict[str, Any]) -> bool:
    """Tell whether a body has an example: its own, its model's, or its items' models'."""
    if "example" in content or "examples" in content:
        return True
    model = resolved(schema, content)
    if "examples" in model:
        return True
    items = model.get("properties", {}).get("items", {}).get("items", {})
    return "examples" in resolved(schema, {"schema": items})


def test_each_operation_has_a_summary_a_description_a_known_tag_and_an_id_of_its_own(schema: dict[str, Any]) -> None:
    known = [tag["name"] for tag in TAGS]
    ids = []
    for name, operation in operations(schema):
        assert operation.get("summary"), name
        assert operation.get("description"), name
        assert set(operation["tags"]) <= set(known), name
        ids.append(operation["operationId"])
    assert len(ids) == len(set(ids))
    assert [tag["name"] for tag in schema["tags"]] == known
    assert {tag for _, operation in operations(schema) for tag in operation["tags"]} == set(known)


def test_each_operation_says_who_may_ask_and_how_it_refuses(schema: dict[str, Any]) -> None:
    assert set(schema["components"]["securitySchemes"]) == {"key", "bearer", "session"}
    for name, operation in operations(schema):
        if is_open(name):
            assert operation["security"] == [], name
            continue
        assert operation["security"] == [{"key": []}, {"bearer": []}, {"session": []}], name
        assert {"401", "403"} <= set(operation["responses"]), name


def test_each_answer_has_a_description_and_each_body_an_example(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        good = [status for status in operation["responses"] if status.startswith("2")]
        assert good, name
        for status, answer in operation["responses"].items():
            assert answer.get("description") not in {None, "", "Successful Response"}, f"{name} {status}"
            for media, content in answer.get("content", {}).items():
                assert has_example(schema, content), f"{name} {status} {media}"
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            assert has_example(schema, content), f"{name} body {media}"


def test_each_error_is_described_as_a_problem(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if status.startswith("4"):
                assert set(answer["content"]) == {"application/problem+json"}, f"{name} {status}"
                example = answer["content"]["application/problem+json"]["example"]
                assert example["status"] == int(status), f"{name} {status}"


def test_who_takes_parameters_or_a_body_says_how_it_refuses_wrong_ones(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        takes = [part for part in operation.get("parameters", []) if part["in"] in {"query", "path"}]
        if takes or "requestBody" in operation:
            assert "422" in operation["responses"], name
        if "requestBody" in operation:
            assert "413" in operation["responses"], name
        if any(part["in"] == "path" for part in takes) and not name.startswith("PUT"):
            assert "404" in operation["responses"], name
        for part in takes:
            if part["in"] == "query":
                assert part.get("description"), f"{name} {part['name']}"


def test_every_reference_leads_somewhere_and_nothing_of_the_frameworks_own_errors_is_left(
    house: House, schema: dict[str, Any]
) -> None:
    schemas = schema["components"]["schemas"]
    assert not {"HTTPValidationError", "ValidationError"} & set(schemas)

    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for inner in node.values():
                yield from references(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from references(inner)

    for reference in references(schema):
        assert reference.removeprefix("#/components/schemas/") in schemas
    assert schema["info"]["version"] == house.app.version
