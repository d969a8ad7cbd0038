"""Activities over the API."""

from typing import Any

import pytest

from tests.api.conftest import AsRole
from tests.api.web import Web

DIESEL = {"enterprise": "e01", "term": "2026-10", "item": "diesel", "amount": 1200.5, "unit": "kg", "evidence": "发票"}


@pytest.fixture
def operator(as_role: AsRole) -> Web:
    return as_role("operator")


def post(web: Web, *items: dict[str, Any], reason: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = web.post("/api/v1/activities", json={"items": items, "reason": reason}).json()
    return answer


def test_an_activity_is_kept_revised_and_withdrawn(operator: Web) -> None:
    assert post(operator, DIESEL)["added"] == 1
    assert post(operator, DIESEL)["unchanged"] == 1
    assert post(operator, DIESEL | {"amount": "1,300"}, reason="磅单更正")["changed"] == 1
    assert post(operator, DIESEL | {"amount": None}, reason="误填")["changed"] == 1
    told = operator.get("/api/v1/activities/e01/2026-10/diesel/revisions").json()["items"]
    assert [(one["revision"], one["amount"]) for one in told] == [(1, 1200.5), (2, 1300), (3, None)]


def test_every_mistake_is_named_and_nothing_is_kept(operator: Web) -> None:
    wrong = [
        DIESEL,
        DIESEL | {"item": "electricity", "unit": "kWh"},
        DIESEL | {"unit": "kWh", "term": "2026-09"},
        DIESEL | {"item": "dolomite", "unit": "tCO2", "evidence": ""},
    ]
    assert [one["path"] for one in post(operator, *wrong)["mistakes"]] == [
        "body.items[1].item",
        "body.items[2].unit",
        "body.items[3].evidence",
    ]
    assert operator.get("/api/v1/activities").json()["items"] == []


def test_a_word_for_an_amount_is_refused_at_its_place(operator: Web) -> None:
    told = post(operator, DIESEL | {"amount": "约一吨", "term": "x"})["mistakes"]
    assert [one["path"] for one in told] == ["body.items[0].term", "body.items[0].amount"]


def test_the_list_is_of_what_is_asked_for(operator: Web) -> None:
    post(operator, DIESEL, DIESEL | {"item": "raw_coal"}, DIESEL | {"enterprise": "e02", "term": "2026-09"})

    def found(query: str) -> list[tuple[str, str]]:
        items = operator.get(f"/api/v1/activities?{query}").json()["items"]
        return [(one["enterprise"], one["item"]) for one in items]

    assert found("") == [("e01", "diesel"), ("e01", "raw_coal"), ("e02", "diesel")]
    assert found("item=raw_coal") == [("e01", "raw_coal")]
    assert found("first=2026-10") == [("e01", "diesel"), ("e01", "raw_coal")]
    assert found("enterprise=e02") == [("e02", "diesel")]


def test_what_can_be_entered_is_told_with_its_unit(operator: Web) -> None:
    items = {one["name"]: one for one in operator.get("/api/v1/activities/items").json()["items"]}
    assert items["diesel"] == {"name": "diesel", "sort": "fuel", "unit": "t", "zh": "柴油", "en": "Diesel"}
    assert items["green_power"]["unit"] == "MWh"


def test_an_enterprise_sees_its_own_and_keeps_none(as_role: AsRole, operator: Web) -> None:
    post(operator, DIESEL, DIESEL | {"enterprise": "e02"})
    own = as_role("enterprise")
    assert [one["enterprise"] for one in own.get("/api/v1/activities").json()["items"]] == ["e01"]
    assert own.get("/api/v1/activities?enterprise=e02").status_code == 404
    assert own.get("/api/v1/activities/e02/2026-10/diesel/revisions").status_code == 404
    assert own.post("/api/v1/activities", json={"items": [DIESEL]}).status_code == 403
