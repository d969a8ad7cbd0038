"""Epochs and the review queue over HTTP: who may, what is refused and why, and what stays readable."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from adapters.relational import audit, registry_store, suspicions
from park.epoch import Kind
from park.suspicion import Suspicion
from tests.api.conftest import NOW, House
from tests.api.web import Web

AT = NOW - timedelta(days=2)
SWAP = {"kind": "replacement", "at": AT.isoformat(), "closing": 5021.5, "opening": 0.1, "note": "到期轮换"}
FOUND = Suspicion(
    "e01-main", "ep_imp", AT, Kind.RESET, (AT - timedelta(seconds=15), 50_000.0), (AT, 3.0), 3.0, {"drop": 49_997.0}
)
AsRole = Callable[[str | None], Web]


@pytest.fixture
def queue(house: House) -> dict[str, int]:
    """Two suspicions, of two enterprises, by their meters."""
    for meter in ("e01-main", "e02-main"):
        found = [replace(FOUND, meter=meter)]
        suspicions.settle(house.engine, (meter, "ep_imp"), found, AT, NOW, now=NOW)
    return {each.suspicion.meter: each.id for each in suspicions.queue(house.engine)[0]}


def post(client: Web, body: dict[str, Any], meter: str = "e01-main") -> httpx.Response:
    return client.post(f"/api/v1/meters/{meter}/epochs", json=body)


def test_a_declared_swap_is_written_down_with_who_said_so_and_stays_when_revised(house: House, admin: Web) -> None:
    first = post(admin, SWAP)
    assert first.status_code == 201, first.text
    assert first.json()["in_force"]
    house.clock.forward(timedelta(hours=1))
    assert post(admin, SWAP | {"closing": 5022.5}).status_code == 201
    items = admin.get("/api/v1/meters/e01-main/epochs").json()["items"]
    assert [(item["closing"], item["in_force"], item["who"]) for item in items] == [
        (5022.5, True, "key:admin"),
        (5021.5, False, "key:admin"),
    ]
    assert items[0]["at"] == "2026-11-21T08:00:00+08:00"
    assert [entry.action for entry in audit.entries(house.engine, 2)[0]] == ["epoch.declared", "epoch.declared"]


def test_a_declared_multiplier_is_in_the_registry_at_once(house: House, admin: Web) -> None:
    body = {"kind": "multiplier", "at": AT.isoformat(), "multiplier": 200, "note": "更换互感器"}
    assert post(admin, body).status_code == 201
    meter = admin.get("/api/v1/meters/e01-main").json()
    assert [step["value"] for step in meter["multiplier"]] == [1, 200]
    assert registry_store.load(house.engine).by_meter["e01-main"].multiplier(NOW) == 200


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, {"body.kind", "body.at", "body.note"}),
        (SWAP | {"opening": None}, {"body.opening"}),
        (SWAP | {"closing": -1}, {"body.closing"}),
        (SWAP | {"at": "yesterday", "kind": "stolen"}, {"body.at", "body.kind"}),
        (SWAP | {"at": (NOW + timedelta(days=1)).isoformat(), "metric": "p"}, {"body.at", "body.metric"}),
        (SWAP | {"note": ""}, {"body.note"}),
        (SWAP | {"reading": 3}, {"body.reading"}),
        (SWAP | {"kind": "multiplier", "multiplier": 0}, {"body.multiplier"}),
    ],
)
def test_what_is_wrong_is_refused_whole_and_every_mistake_is_named(
    admin: Web, body: dict[str, Any], paths: set[str]
) -> None:
    answer = post(admin, body)
    assert answer.status_code == 422
    assert {mistake["path"] for mistake in answer.json()["mistakes"]} == paths
    assert admin.get("/api/v1/meters/e01-main/epochs").json()["items"] == []


def test_mistakes_are_told_in_the_readers_language(admin: Web) -> None:
    answer = admin.post(
        "/api/v1/meters/e01-main/epochs", json=SWAP | {"metric": "p"}, headers={"Accept-Language": "en"}
    )
    assert "no register of meter e01-main" in answer.json()["mistakes"][0]["sentence"]


def test_the_queue_shows_what_is_booked_meanwhile_and_what_was_seen(queue: dict[str, int], admin: Web) -> None:
    items = admin.get("/api/v1/epochs").json()["items"]
    assert {item["meter"]: item["id"] for item in items} == queue
    assert items[0]["before"]["total"] == 50_000.0
    assert (items[0]["booked"], items[0]["unit"], items[0]["evidence"]) == (3.0, "kWh", {"drop": 49_997.0})
    assert [item["meter"] for item in admin.get("/api/v1/epochs?enterprise=e02").json()["items"]] == ["e02-main"]
    assert admin.get("/api/v1/epochs?state=decided").json()["items"] == []


@pytest.mark.parametrize(
    ("verb", "body", "standing"),
    [
        ("confirm", {"note": "停电"}, "confirmed"),
        ("reject", {"note": "通讯误码"}, "rejected"),
        ("correct", {"note": "换表", "closing": 50_003.2, "opening": 0}, "corrected"),
    ],
)
def test_a_decision_takes_it_out_of_the_queue_and_is_kept(
    queue: dict[str, int], admin: Web, verb: str, body: dict[str, Any], standing: str
) -> None:
    answer = admin.post(f"/api/v1/epochs/{queue['e01-main']}/{verb}", json=body)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["standing"], answer.json()["kind"]) == (standing, "reset")
    assert [item["meter"] for item in admin.get("/api/v1/epochs").json()["items"]] == ["e02-main"]
    assert [item["meter"] for item in admin.get("/api/v1/epochs?state=decided").json()["items"]] == ["e01-main"]
    assert admin.get("/api/v1/meters/e01-main/epochs").json()["items"][0]["note"] == body["note"]


def test_somebody_may_think_again(queue: dict[str, int], admin: Web) -> None:
    for verb in ("confirm", "reject"):
        assert admin.post(f"/api/v1/epochs/{queue['e01-main']}/{verb}", json={"note": "."}).status_code == 201
    items = admin.get("/api/v1/meters/e01-main/epochs").json()["items"]
    assert [(item["standing"], item["in_force"]) for item in items] == [("rejected", True), ("confirmed", False)]


def test_what_explained_itself_is_not_decided_any_more(house: House, queue: dict[str, int], admin: Web) -> None:
    suspicions.settle(house.engine, ("e01-main", "ep_imp"), [], AT, NOW, now=NOW)
    answer = admin.post(f"/api/v1/epochs/{queue['e01-main']}/confirm", json={"note": "停电"})
    assert answer.status_code == 409
    assert "无需再作决定" in answer.json()["detail"]


def test_a_correction_that_corrects_nothing_is_refused(queue: dict[str, int], admin: Web) -> None:
    answer = admin.post(f"/api/v1/epochs/{queue['e01-main']}/correct", json={"note": "?"})
    assert answer.status_code == 422
    assert [mistake["path"] for mistake in answer.json()["mistakes"]] == ["body"]


@pytest.mark.parametrize("number", ["0", "-1", "999", "99999999999999999999"])
def test_there_is_nothing_to_decide_where_nothing_was_found(admin: Web, number: str) -> None:
    answer = admin.post(f"/api/v1/epochs/{number}/confirm", json={"note": "."})
    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["viewer", "safety", "enterprise"])
def test_who_does_not_keep_accounts_neither_declares_nor_decides(
    queue: dict[str, int], as_role: AsRole, role: str
) -> None:
    client = as_role(role)
    assert post(client, SWAP).status_code == 403
    for verb in ("confirm", "reject", "correct"):
        answer = client.post(f"/api/v1/epochs/{queue['e01-main']}/{verb}", json={"note": "."})
        assert answer.status_code == 403


def test_an_enterprise_sees_its_own_epochs_and_suspicions_and_no_others(
    queue: dict[str, int], admin: Web, as_role: AsRole
) -> None:
    post(admin, SWAP, "e02-main")
    own = as_role("enterprise")
    assert [item["id"] for item in own.get("/api/v1/epochs").json()["items"]] == [queue["e01-main"]]
    assert own.get("/api/v1/epochs?enterprise=e02").status_code == 404
    assert own.get("/api/v1/meters/e02-main/epochs").status_code == 404
    assert own.get("/api/v1/meters/e01-main/epochs").status_code == 200
