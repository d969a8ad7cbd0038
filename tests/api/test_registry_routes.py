"""Parks, enterprises and meters over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.relational import audit, registry_store
from tests.api.conftest import METERS, NOW, AsRole, House
from tests.api.web import Web

METER: dict[str, Any] = {
    "enterprise": "e01",
    "medium": "electricity",
    "role": "sub",
    "name": "冷库分表",
    "period": "1m",
    "metrics": ["p", "ep_imp"],
    "multiplier": [{"from": "2024-01-01", "value": 40}],
    "register": {"width": 1_000_000, "rated": "200 kW"},
}


def test_a_meter_is_registered_changed_and_taken_out_and_each_is_in_the_audit(house: House, admin: Web) -> None:
    made = admin.put("/api/v1/meters/e01-cold", json=METER)
    assert made.status_code == 201, made.text
    assert made.json()["multiplier"] == [{"from": "2024-01-01", "value": 40.0}]
    assert (made.json()["park"], made.json()["now"]) == ("hk", {"online": None, "heard_at": None})
    changed = admin.put("/api/v1/meters/e01-cold", json=METER | {"period": "15s"})
    assert (changed.status_code, changed.json()["period"]) == (200, "15s")
    assert admin.get("/api/v1/meters/e01-cold").json() == changed.json()
    assert admin.delete("/api/v1/meters/e01-cold").status_code == 204
    assert admin.get("/api/v1/meters/e01-cold").status_code == 404
    assert admin.delete("/api/v1/meters/e01-cold").status_code == 404
    entries, _ = audit.entries(house.engine, 3)
    assert [(entry.who, entry.action, entry.subject) for entry in entries] == [
        ("key:admin", "meter.delete", "e01-cold"),
        ("key:admin", "meter.change", "e01-cold"),
        ("key:admin", "meter.create", "e01-cold"),
    ]
    told = admin.get("/api/v1/audit", params={"limit": 2}).json()
    assert told["items"][1]["before"]["period"] == "1m"
    assert told["items"][1]["after"]["period"] == "15s"
    assert told["items"][0]["at"] == "2026-11-23T08:00:00+08:00"
    following = admin.get("/api/v1/audit", params={"cursor": told["next"]}).json()
    assert following["items"][0]["action"] == "meter.create"


@pytest.mark.parametrize(
    "path", ["/api/v1/parks/hk", "/api/v1/enterprises/e02", *(f"/api/v1/meters/{m.id}" for m in METERS)]
)
def test_what_get_gives_put_takes_and_nothing_changes(house: House, admin: Web, path: str) -> None:
    before = registry_store.load(house.engine)
    answer = admin.put(path, json=admin.get(path).json())
    assert answer.status_code == 200, answer.text
    assert registry_store.load(house.engine) == before


def test_a_bad_meter_names_every_mistake_with_its_place_in_the_language_asked_for(admin: Web) -> None:
    bad = METER | {"enterprise": "e1", "medium": "electric", "metrics": ["p", "ep"], "period": "15", "colour": "red"}
    del bad["name"]
    for accept, word in (("zh", "缺少"), ("en", "missing")):
        answer = admin.put("/api/v1/meters/e01-cold", json=bad, headers={"Accept-Language": accept})
        assert answer.status_code == 422
        told = {mistake["path"]: mistake["sentence"] for mistake in answer.json()["mistakes"]}
        assert set(told) == {
            "body.enterprise", "body.medium", "body.metrics[1]", "body.period", "body.colour", "body.name",
        }  # fmt: skip
        assert word in told["body.name"]
    assert admin.get("/api/v1/meters/e01-cold").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/api/v1/meters/e01-cold", METER | {"id": "other"}, "body.id"),
        ("/api/v1/meters/E01 Cold", METER, "E01 Cold"),
        ("/api/v1/meters/e01-cold", [], "body"),
        ("/api/v1/meters/e01-cold", "text", "body"),
        ("/api/v1/enterprises/e03", {"name": ""}, "name"),
        ("/api/v1/enterprises/e03", {"name": "企业", "park": "nowhere"}, "nowhere"),
        ("/api/v1/enterprises/e03", {"name": "企业", "area_mu": -1}, "area_mu"),
        ("/api/v1/parks/hk", {}, "body.name"),
        ("/api/v1/parks/H K", {"name": "x"}, "H K"),
    ],
)
def test_what_cannot_be_registered_is_refused_with_its_place(admin: Web, path: str, body: object, says: str) -> None:
    answer = admin.put(path, json=body)
    assert answer.status_code == 422
    assert says in answer.text


def test_a_body_that_is_no_json_is_said_to_be_none(admin: Web) -> None:
    answer = admin.put("/api/v1/meters/e01-cold", content=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:smartpark:problem:mistakes")
    assert "JSON" in answer.json()["mistakes"][0]["sentence"]


def test_enterprises_and_parks_are_kept_too_and_go_only_when_nothing_hangs_on_them(admin: Web) -> None:
    assert admin.put("/api/v1/parks/yb", json={"name": "月河"}).status_code == 201
    assert admin.put("/api/v1/enterprises/e03", json={"name": "新企业", "park": "yb"}).status_code == 201
    refused = admin.delete("/api/v1/parks/yb")
    assert (refused.status_code, "e03" in refused.json()["detail"]) == (409, True)
    assert admin.delete("/api/v1/enterprises/e01").status_code == 409
    assert admin.delete("/api/v1/enterprises/e03").status_code == 204
    assert admin.delete("/api/v1/parks/yb").status_code == 204
    assert [park["id"] for park in admin.get("/api/v1/parks").json()["items"]] == ["hk"]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["e01-main", "e01-water", "e02-main"]),
        ("?enterprise=e01", ["e01-main", "e01-water"]),
        ("?medium=water", ["e01-water"]),
        ("?role=boundary&medium=electricity", ["e01-main", "e02-main"]),
        ("?role=sub", []),
        ("?q=WATER", ["e01-water"]),
        ("?online=true", ["e01-main"]),
        ("?online=false", ["e01-water", "e02-main"]),
    ],
)
def test_meters_can_be_narrowed(house: House, admin: Web, query: str, ids: list[str]) -> None:
    house.services.live.hear(METERS[0], [], NOW)
    told = admin.get(f"/api/v1/meters{query}").json()
    assert [item["id"] for item in told["items"]] == ids


def test_a_meter_tells_when_it_was_heard(house: House, admin: Web) -> None:
    house.services.live.hear(METERS[0], [], NOW - timedelta(minutes=5))
    told = admin.get("/api/v1/meters/e01-main").json()["now"]
    assert told == {"online": False, "heard_at": "2026-11-23T07:55:00+08:00"}


def test_lists_are_paged_by_id(admin: Web) -> None:
    first = admin.get("/api/v1/meters", params={"limit": 2}).json()
    second = admin.get("/api/v1/meters", params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ["e01-main", "e01-water", "e02-main"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "ids"), [("", ["e01", "e02"]), ("?industry=13", ["e01"]), ("?q=plush", ["e02"]), ("?park=x", [])]
)
def test_enterprises_can_be_narrowed(admin: Web, query: str, ids: list[str]) -> None:
    assert [item["id"] for item in admin.get(f"/api/v1/enterprises{query}").json()["items"]] == ids


def test_an_enterprise_user_sees_its_own_enterprise_and_the_park_it_is_in(as_role: AsRole) -> None:
    web = as_role("enterprise")
    assert [item["id"] for item in web.get("/api/v1/enterprises").json()["items"]] == ["e01"]
    assert [(item["id"], item["enterprises"]) for item in web.get("/api/v1/parks").json()["items"]] == [("hk", 1)]
