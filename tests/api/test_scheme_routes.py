"""Schemes over HTTP: read by all, changed by few, refused with every mistake's place."""

from typing import Any

import pytest

from park.evaluation.scheme_dump import dump
from park.evaluation.shipped import shipped
from tests.api.conftest import AsRole
from tests.api.test_evaluation_routes import RULES
from tests.api.web import Web


def test_schemes_are_read_by_all_changed_by_few_and_what_get_gives_put_takes(admin: Web, as_role: AsRole) -> None:
    listed = as_role("enterprise").get("/api/v1/schemes").json()["items"]
    assert [(one["document"]["id"], one["shipped"]) for one in listed] == [(name, True) for name in shipped()]
    copy = admin.get("/api/v1/schemes/custom").json()["document"] | {"id": "copy"}
    kept = admin.put("/api/v1/schemes/copy", json=copy)
    assert (kept.status_code, kept.json()["revision"], kept.json()["document"]) == (200, 1, copy)
    assert admin.put("/api/v1/schemes/copy", json=copy).json()["revision"] == 1
    assert as_role("viewer").put("/api/v1/schemes/copy", json=copy).status_code == 403
    assert admin.get("/api/v1/schemes/nothing").status_code == 404


@pytest.mark.parametrize(
    ("sentence", "name", "document", "path"),
    [
        ("an unknown key", "ours", RULES | {"colour": "red"}, "body.colour"),
        ("another id than the address", "other", RULES, "body.id"),
        ("a shipped one", "custom", dump(shipped()["custom"]), "body.id"),
        ("nothing", "ours", {}, "body.name"),
    ],
)
def test_a_bad_scheme_is_refused_with_the_place_of_each_mistake(
    admin: Web, sentence: str, name: str, document: dict[str, Any], path: str
) -> None:
    answer = admin.put(f"/api/v1/schemes/{name}", json=document)
    assert answer.status_code == 422, sentence
    assert path in [one["path"] for one in answer.json()["mistakes"]]


def test_a_changed_scheme_needs_a_reason(admin: Web) -> None:
    assert admin.put("/api/v1/schemes/ours", json=RULES).status_code == 200
    changed = RULES | {"digits": 1}
    assert admin.put("/api/v1/schemes/ours", json=changed).json()["mistakes"][0]["path"] == "body.reason"
    kept = admin.put("/api/v1/schemes/ours", json=changed, params={"reason": "会议纪要"})
    assert (kept.json()["revision"], kept.json()["reason"]) == (2, "会议纪要")
