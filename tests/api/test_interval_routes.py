"""Consumption over HTTP: of a meter, and of an enterprise by its boundary meters, with what is known of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from adapters.relational import registry_store, virtual_meters
from park.instant import to_ms
from park.interval import SLOT_MS, IntervalBatch, Intervals
from park.metric import Medium
from park.place import Meter, Role
from park.virtual_meter import VirtualMeter
from park.window import DAY, SITE
from tests.api.conftest import NOW, House, a_meter
from tests.api.web import Web

AsRole = Callable[[str | None], Web]
MIDNIGHT = datetime(2026, 11, 22, tzinfo=SITE)
SUNDAY = {"start": "2026-11-22T00:00:00+08:00", "end": "2026-11-23T00:00:00+08:00", "every": "1d"}
STACK = replace(
    a_meter("e01-stack", "e01", "so2", "flue_flow", medium=Medium.EMISSION), role=Role.OUTLET
)  # fmt: skip


def counted(house: House, meter: str, carrier: str, per_day: float, share: float = 1.0) -> None:
    """Let a meter count evenly over one day."""
    ms = np.arange(to_ms(MIDNIGHT), to_ms(MIDNIGHT + DAY), SLOT_MS, dtype=np.int64)
    full = np.ones(len(ms))
    slots = Intervals(ms, full * per_day / 96, full * share, full * 0)
    house.telemetry.write_intervals([IntervalBatch(meter, carrier, MIDNIGHT, MIDNIGHT + DAY, slots)])


def registered(house: House, *meters: Meter) -> None:
    for meter in meters:
        registry_store.save_meter(house.engine, meter, now=NOW, who="test")
    house.services.registry.refresh()


def asked(client: Web, **query: str) -> dict[str, Any]:
    answer = client.get("/api/v1/intervals", params=SUNDAY | query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_what_one_meter_used_with_how_much_was_measured(house: House, admin: Web) -> None:
    counted(house, "e01-main", "electricity", 960.0, 0.75)
    found = asked(admin, meter="e01-main", every="1h")
    assert (found["meter"], found["enterprise"], found["carrier"], found["unit"]) == (
        "e01-main", "e01", "electricity", "kWh",
    )  # fmt: skip
    assert len(found["items"]) == 24
    assert found["items"][0] == {
        "start": "2026-11-22T00:00:00+08:00", "end": "2026-11-22T01:00:00+08:00", "amount": pytest.approx(40.0),
        "measured": 0.75, "estimated": 0.0, "missing": 0.25,
    }  # fmt: skip


def test_what_is_not_known_is_null_and_not_nought(admin: Web) -> None:
    [item] = asked(admin, meter="e01-main")["items"]
    assert (item["amount"], item["measured"], item["missing"]) == (None, 0.0, 1.0)


def test_an_enterprise_is_its_boundary_meters_less_what_went_out(house: House, admin: Web) -> None:
    registered(
        house,
        replace(a_meter("e01-feed2", "e01"), metrics=("ep_imp", "ep_exp")),
        replace(a_meter("e01-line", "e01"), role=Role.SUB),
    )
    for meter, carrier, amount in (
        ("e01-main", "electricity", 960.0), ("e01-feed2", "electricity", 480.0),
        ("e01-feed2", "electricity_export", 96.0), ("e01-line", "electricity", 500.0),
        ("e02-main", "electricity", 9_600.0),
    ):  # fmt: skip
        counted(house, meter, carrier, amount)
    found = asked(admin, enterprise="e01", carrier="electricity")
    assert found["meter"] is None
    assert [item["amount"] for item in found["items"]] == [pytest.approx(960 + 480 - 96)]
    out = asked(admin, enterprise="e01", carrier="electricity_export")
    assert [item["amount"] for item in out["items"]] == [pytest.approx(96)]


def test_a_silent_boundary_meter_lowers_the_coverage_by_its_weight(house: House, admin: Web) -> None:
    registered(house, a_meter("e01-feed2", "e01"))
    counted(house, "e01-main", "electricity", 960.0)
    [item] = asked(admin, enterprise="e01", carrier="electricity")["items"]
    assert (item["amount"], item["measured"], item["missing"]) == (pytest.approx(960), 0.5, 0.5)


def test_a_virtual_boundary_meter_stands_in_place_of_those_it_names(house: House, as_role: AsRole) -> None:
    one = VirtualMeter("e01-net", "e01", "electricity", Role.BOUNDARY, "扣除转供", "e01-main - 25 % * e02-main")
    virtual_meters.save(house.engine, one, who="test", now=NOW)
    counted(house, "e01-main", "electricity", 960.0)
    counted(house, "e02-main", "electricity", 480.0)
    for role in ("admin", "enterprise"):
        [item] = asked(as_role(role), enterprise="e01", carrier="electricity")["items"]
        assert item["amount"] == pytest.approx(840)


def test_an_enterprises_pollutants_are_those_of_its_outlets(house: House, admin: Web) -> None:
    registered(house, STACK)
    counted(house, "e01-stack", "so2", 24.0, 0.5)
    found = asked(admin, enterprise="e01", carrier="so2")
    assert found["unit"] == "kg"
    assert [(item["amount"], item["measured"]) for item in found["items"]] == [(pytest.approx(24), 0.5)]
    assert asked(admin, enterprise="e02", carrier="so2")["items"][0]["amount"] is None


def test_another_enterprises_consumption_does_not_exist(as_role: AsRole) -> None:
    own = as_role("enterprise")
    assert own.get("/api/v1/intervals", params=SUNDAY | {"enterprise": "e02"}).status_code == 404
    assert own.get("/api/v1/intervals", params=SUNDAY | {"meter": "e02-main"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({}, "meter_or_enterprise"),
        ({"meter": "e01-main", "enterprise": "e01"}, "meter_or_enterprise"),
        ({"meter": "e01-main", "carrier": "plutonium"}, "no_such"),
        ({"meter": "e01-main", "every": "15m", "start": "2026-01-01T00:00:00+08:00"}, "too_many_slots"),
        ({"meter": "e01-main", "start": "2006-01-01T00:00:00+08:00"}, "range_wide"),
        ({"meter": "e01-main", "end": "2026-11-22T00:00:00+08:00"}, "range_order"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_ask(admin: Web, query: dict[str, str], kind: str) -> None:
    answer = admin.get("/api/v1/intervals", params=SUNDAY | query)
    assert answer.json()["type"] == f"urn:smartpark:problem:{kind}"
