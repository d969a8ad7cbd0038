"""Virtual meters and balances over HTTP: who may, what is refused and where, and what the stores' slots come to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import numpy as np
import pytest

from adapters.relational import audit, policies, registry_store
from park.instant import to_ms
from park.interval import SLOT_MS, IntervalBatch, Intervals
from park.place import Role
from park.stretch import midnights
from park.window import DAY, SITE
from tests.api.conftest import NOW, House, a_meter
from tests.api.web import Web

AsRole = Callable[[str | None], Web]
EN = {"Accept-Language": "en"}
NET: dict[str, Any] = {
    "id": "e01-net",
    "enterprise": "e01",
    "carrier": "electricity",
    "role": "boundary",
    "name": "扣除转供",
    "formula": "e01-main - 25 % * e02-main",
}
MIDNIGHT = datetime(2026, 11, 23, tzinfo=SITE)


def counted(house: House, meter: str, per_day: float, *, days: int = 22, share: float = 1.0, out: bool = False) -> None:
    """Let a meter count the same in each slot of the days before today, measured for a share of the time."""
    start = MIDNIGHT - days * DAY
    ms = np.arange(to_ms(start), to_ms(MIDNIGHT), SLOT_MS, dtype=np.int64)
    full = np.ones(len(ms))
    slots = Intervals(ms, full * per_day / 96, full * share, np.zeros(len(ms)))
    carrier = "electricity_export" if out else "electricity"
    house.telemetry.write_intervals([IntervalBatch(meter, carrier, start, MIDNIGHT, slots)])


@pytest.fixture
def metered(house: House) -> House:
    """Sub-meters beside the boundary meters, and three weeks of November."""
    for name in ("e01-line1", "e01-line2"):
        made = replace(a_meter(name, "e01"), role=Role.SUB)
        registry_store.save_meter(house.engine, made, now=NOW, who="test")
    house.services.registry.refresh()
    for meter, per_day in (("e01-main", 1000.0), ("e01-line1", 600.0), ("e01-line2", 370.0), ("e02-main", 400.0)):
        counted(house, meter, per_day)
    return house


def balance(client: Web, **asked: str) -> dict[str, Any]:
    answer = client.get("/api/v1/balance", params={"enterprise": "e01", "carrier": "electricity"} | asked)
    assert answer.status_code == 200, answer.text
    [item] = answer.json()["items"]
    found: dict[str, Any] = item
    return found


NOVEMBER = {"start": "2026-11-01T00:00:00+08:00", "end": "2026-11-23T00:00:00+08:00"}


@pytest.mark.usefixtures("metered")
def test_a_balance_says_what_is_lost_and_that_it_is_as_it_should_be(admin: Web) -> None:
    found = balance(admin, **NOVEMBER)
    assert found["supplied"] == pytest.approx(22_000)
    assert found["distributed"] == pytest.approx(22 * 970)
    assert found["rate"] == pytest.approx(0.03)
    assert (found["verdict"], found["low"], found["high"], found["unit"]) == ("ok", 0.0, 0.05, "kWh")
    assert [entry["meter"] for entry in found["subs"]] == ["e01-line1", "e01-line2"]
    assert found["why"] == "损耗率 3 % 在 0 % 至 5 % 之内。"
    assert balance(admin, **NOVEMBER) == found


def test_the_parks_own_bounds_judge(metered: House, admin: Web) -> None:
    document = {"losses": {"electricity": [0, 0.02]}, "reason": "收紧"}
    policies.save(metered.engine, "hk", document, who="test", now=NOW)
    found = balance(admin, **NOVEMBER)
    assert (found["verdict"], found["reason"], found["high"]) == ("excess", "above", 0.02)


@pytest.mark.usefixtures("metered")
def test_a_running_month_is_cut_at_the_last_settled_slot(admin: Web) -> None:
    """It is eight in the morning; nothing is known of today yet."""
    found = balance(admin)
    assert (found["start"], found["end"]) == ("2026-11-01T00:00:00+08:00", "2026-11-23T07:45:00+08:00")
    assert found["measured"] == pytest.approx(22 / (22 + 7.75 / 24))


@pytest.mark.usefixtures("metered")
def test_a_window_a_day_is_a_balance_a_day(admin: Web) -> None:
    asked = {"enterprise": "e01", "carrier": "electricity", "every": "1d", **NOVEMBER}
    items = admin.get("/api/v1/balance", params=asked).json()["items"]
    assert len(items) == 22
    assert {item["verdict"] for item in items} == {"ok"}
    cuts = midnights(MIDNIGHT - 22 * DAY, MIDNIGHT)
    assert [datetime.fromisoformat(item["start"]).timestamp() * 1000 for item in items] == cuts[:-1].tolist()


def test_what_cannot_be_compared_says_why(metered: House, admin: Web) -> None:
    items = admin.get("/api/v1/balance", params=NOVEMBER | {"verdict": "not_comparable"}, headers=EN).json()["items"]
    assert {(item["enterprise"], item["carrier"]): item["reason"] for item in items} == {
        ("e01", "water"): "no_subs",
        ("e02", "electricity"): "no_subs",
    }
    assert all("register" in item["why"] for item in items)
    counted(metered, "e01-line2", 370.0, share=0.5)
    found = balance(admin, **NOVEMBER)
    assert (found["verdict"], found["reason"]) == ("not_comparable", "low_coverage")
    assert "e01-line2" in found["why"]


@pytest.mark.usefixtures("metered")
def test_pages_join_without_gap_or_repeat(admin: Web) -> None:
    asked = NOVEMBER | {"every": "1d", "limit": "7"}
    whole = admin.get("/api/v1/balance", params=asked | {"limit": "1000"}).json()["items"]
    paged, cursor = [], ""
    while cursor is not None:
        page = admin.get("/api/v1/balance", params=asked | ({"cursor": cursor} if cursor else {})).json()
        paged += page["items"]
        cursor = page["next"]
    assert paged == whole
    assert len(whole) == 22 * 3


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"enterprise": "e99"}, 404),
        ({"carrier": "plutonium"}, 404),
        ({"start": "2026-11-23T00:00:00+08:00", "end": "2026-11-22T00:00:00+08:00"}, 422),
        ({"start": "2026-01-01T00:00:00+08:00", "every": "1d"}, 422),
        ({"start": "2006-01-01T00:00:00+08:00"}, 422),
        ({"every": "1h"}, 422),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(admin: Web, asked: dict[str, str], status: int) -> None:
    assert admin.get("/api/v1/balance", params=asked).status_code == status


@pytest.mark.usefixtures("metered")
def test_an_enterprise_sees_its_own_balances_and_virtual_meters_only(as_role: AsRole) -> None:
    admin, own = as_role("admin"), as_role("enterprise")
    assert admin.post("/api/v1/virtual-meters", json=NET | {"id": "e02-net", "enterprise": "e02"}).status_code == 201
    assert {item["enterprise"] for item in own.get("/api/v1/balance").json()["items"]} == {"e01"}
    assert own.get("/api/v1/balance", params={"enterprise": "e02"}).status_code == 404
    assert own.get("/api/v1/virtual-meters").json()["items"] == []
    assert own.get("/api/v1/virtual-meters/e02-net").status_code == 404
    assert own.get("/api/v1/virtual-meters/e02-net/revisions").status_code == 404


@pytest.mark.usefixtures("metered")
def test_a_virtual_boundary_needs_anothers_meter_and_an_enterprise_still_sees_its_balance(as_role: AsRole) -> None:
    assert as_role("admin").post("/api/v1/virtual-meters", json=NET).status_code == 201
    found = balance(as_role("enterprise"), **NOVEMBER)
    assert [(entry["meter"], entry["virtual"]) for entry in found["boundary"]] == [("e01-net", True)]
    assert found["supplied"] == pytest.approx(22 * 900)
    assert found["verdict"] == "negative"


def test_a_virtual_meter_is_made_changed_and_taken_back_and_all_of_it_stays_readable(house: House, admin: Web) -> None:
    made = admin.post("/api/v1/virtual-meters", json=NET)
    assert made.status_code == 201, made.text
    assert made.json()["terms"] == {"e01-main": 1.0, "e02-main": -0.25}
    house.clock.forward(timedelta(hours=1))
    changed = admin.put("/api/v1/virtual-meters/e01-net", json=NET | {"formula": "e01-main", "reason": "转供停止"})
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert admin.get("/api/v1/virtual-meters/e01-net").json()["formula"] == "e01-main"
    assert admin.delete("/api/v1/virtual-meters/e01-net", params={"reason": "不再使用"}).status_code == 204
    assert admin.get("/api/v1/virtual-meters/e01-net").status_code == 404
    assert admin.delete("/api/v1/virtual-meters/e01-net", params={"reason": "不再使用"}).status_code == 404
    revisions = admin.get("/api/v1/virtual-meters/e01-net/revisions").json()["items"]
    assert [(one["revision"], one["withdrawn"], one["formula"], one["reason"], one["terms"]) for one in revisions] == [
        (3, True, "e01-main", "不再使用", {}),
        (2, False, "e01-main", "转供停止", {"e01-main": 1.0}),
        (1, False, NET["formula"], "", {"e01-main": 1.0, "e02-main": -0.25}),
    ]
    told = [entry.action for entry in audit.entries(house.engine, 3)[0]]
    assert told == ["virtual_meter.delete", "virtual_meter.change", "virtual_meter.create"]


def test_one_is_not_made_twice_and_not_changed_before_it_is_made(admin: Web) -> None:
    assert admin.put("/api/v1/virtual-meters/e01-net", json=NET).status_code == 404
    assert admin.post("/api/v1/virtual-meters", json=NET).status_code == 201
    again = admin.post("/api/v1/virtual-meters", json=NET)
    assert (again.status_code, again.json()["type"]) == (409, "urn:smartpark:problem:exists")


def test_a_change_without_a_reason_and_one_that_others_stand_upon_are_refused(admin: Web) -> None:
    admin.post("/api/v1/virtual-meters", json=NET)
    admin.post("/api/v1/virtual-meters", json=NET | {"id": "upon", "formula": "e01-net / 2", "role": "sub"})
    bare = admin.put("/api/v1/virtual-meters/e01-net", json=NET | {"formula": "e01-main"})
    assert [one["path"] for one in bare.json()["mistakes"]] == ["reason"]
    held = admin.delete("/api/v1/virtual-meters/e01-net", params={"reason": "不再使用"}, headers=EN)
    assert held.status_code == 422
    assert "upon" in held.json()["detail"]


def test_every_mistake_of_a_document_is_named_with_its_place(admin: Web) -> None:
    bad = {"id": "E 1", "enterprise": "e99", "carrier": "coal", "role": "outlet", "formula": "e01-main e01-water",
           "since": "2026-Q3", "until": 7, "colour": "red"}  # fmt: skip
    for answer in (
        admin.post("/api/v1/virtual-meters", json=bad, headers=EN),
        admin.post("/api/v1/virtual-meters/check", json=bad, headers=EN),
    ):
        assert answer.status_code == 422
        assert [one["path"] for one in answer.json()["mistakes"]] == [
            "body.colour", "body.name", "body.role", "body.since", "body.until", "body.id", "body.enterprise",
            "body.carrier", "body.formula:10",
        ]  # fmt: skip
        assert all(one["sentence"].isascii() for one in answer.json()["mistakes"])


@pytest.mark.usefixtures("metered")
def test_a_formula_is_tried_without_keeping_it(admin: Web) -> None:
    tried = admin.post("/api/v1/virtual-meters/check", json=NET).json()
    assert tried["amount"] == pytest.approx(900)
    assert (tried["unit"], tried["measured"], tried["terms"]) == ("kWh", 1.0, {"e01-main": 1.0, "e02-main": -0.25})
    assert (tried["start"], tried["end"]) == ("2026-11-22T00:00:00+08:00", "2026-11-23T00:00:00+08:00")
    assert admin.get("/api/v1/virtual-meters").json()["items"] == []


def test_nothing_is_known_of_a_formula_over_a_silent_meter(admin: Web) -> None:
    tried = admin.post("/api/v1/virtual-meters/check", json=NET).json()
    assert (tried["amount"], tried["measured"], tried["missing"]) == (None, 0.0, 1.0)


WRITES: list[Callable[[Web], httpx.Response]] = [
    lambda client: client.post("/api/v1/virtual-meters", json=NET),
    lambda client: client.post("/api/v1/virtual-meters/check", json=NET),
    lambda client: client.put("/api/v1/virtual-meters/e01-net", json=NET),
    lambda client: client.delete("/api/v1/virtual-meters/e01-net", params={"reason": "x"}),
]


@pytest.mark.parametrize("role", ["viewer", "safety", "enterprise"])
@pytest.mark.parametrize("write", WRITES)
def test_only_those_who_keep_the_accounts_write(
    as_role: AsRole, role: str, write: Callable[[Web], httpx.Response]
) -> None:
    assert write(as_role(role)).status_code == 403
