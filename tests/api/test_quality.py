"""How well meters were heard over HTTP: who sees whose, what a month is, and what each figure is made of."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.relational import meter_account, quarantine, suspicions
from adapters.relational.interval_dues import IntervalDues
from adapters.relational.quarantine import NewHeld
from api import data_quality
from park.account import Account
from park.epoch import Kind
from park.quality import Quality
from park.reading import Reading
from park.run import Gap, Run
from park.suspicion import Suspicion
from park.window import DAY, SITE
from tests.api.conftest import NOW, AsRole, House
from tests.api.test_balance_routes import counted
from tests.api.web import Web

FIRST = datetime(2026, 11, 1, tzinfo=SITE)
MINUTE = timedelta(minutes=1)


def quality(client: Web, **asked: str) -> dict[str, Any]:
    answer = client.get("/api/v1/quality", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of(found: dict[str, Any], meter: str) -> dict[str, Any]:
    [item] = [one for one in found["items"] if one["meter"] == meter]
    assert isinstance(item, dict)
    return item


def held(meter: str | None, reason: str, at: datetime = NOW) -> NewHeld:
    return NewHeld(at, f"park/v1/hk/e01/{meter}/data", meter, reason, "", f"{meter}{at}".encode())


def test_the_running_month_ends_where_it_is_settled(admin: Web) -> None:
    found = quality(admin)
    assert (found["period"], found["start"]) == ("2026-11", "2026-11-01T00:00:00+08:00")
    assert found["end"] == "2026-11-23T07:45:00+08:00"
    assert [item["meter"] for item in found["items"]] == ["e01-main", "e01-water", "e02-main"]
    assert len(found["items"][0]["days"]) == 23
    assert quality(admin, period="2026-10")["end"] == "2026-11-01T00:00:00+08:00"
    coming = quality(admin, period="2027-01")
    assert [(one["days"], one["missing"], one["collected"]) for one in coming["items"]] == [([], None, None)] * 3


def test_shares_are_those_of_the_accounts_by_day_and_enterprise(house: House, admin: Web) -> None:
    counted(house, "e01-main", 960.0, days=22, share=0.5)
    found = quality(admin, enterprise="e01")
    main = of(found, "e01-main")
    assert [day["missing"] for day in main["days"]] == pytest.approx([0.5] * 22 + [1.0])
    hours = 22 * 24 + 7.75
    assert main["measured"] == pytest.approx(0.5 * 22 * 24 / hours)
    assert of(found, "e01-water")["missing"] == 1.0, "nothing was ever heard of it"
    [enterprise] = found["enterprises"]
    assert (enterprise["enterprise"], enterprise["meters"]) == ("e01", 2)
    assert enterprise["measured"] == pytest.approx(main["measured"] / 2)


def test_the_collection_rate_comes_from_the_readings_that_are_stored(house: House, admin: Web) -> None:
    every = timedelta(seconds=15)
    house.telemetry.write([Reading("e01-main", "p", 1.0, FIRST + n * every, 0) for n in range(2_880)])
    main = of(quality(admin, enterprise="e01"), "e01-main")
    assert (main["days"][0]["received"], main["days"][0]["expected"]) == (2_880, 5_760)
    assert main["received"] == 2_880
    assert main["collected"] == pytest.approx(2_880 / main["expected"])


def test_days_before_the_first_reading_that_is_stored_are_not_counted(house: House, admin: Web) -> None:
    assert of(quality(admin), "e01-main")["collected"] is None, "nothing was ever stored"
    every = timedelta(seconds=15)
    house.telemetry.write([Reading("e01-main", "p", 1.0, FIRST + 21 * DAY + n * every, 0) for n in range(5_760)])
    main = of(quality(admin), "e01-main")
    assert [day["received"] for day in main["days"]] == [*[None] * 21, 5_760, 0]
    assert main["collected"] == pytest.approx(24 / 31.75)
    assert of(quality(admin, period="2026-10"), "e01-main")["collected"] is None


def test_too_many_meters_are_not_counted_and_say_so(house: House, admin: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    house.telemetry.write([Reading("e01-main", "p", 1.0, FIRST, int(Quality.FAULT))])
    monkeypatch.setattr(data_quality, "MOST_COUNTED", 1)
    main = of(quality(admin), "e01-main")
    assert (main["received"], main["collected"], main["flagged"]) == (None, None, {"p": ["fault"]})
    assert quality(admin, limit="1")["items"][0]["received"] == 1


def test_what_is_lost_waits_is_held_or_flagged_is_that_of_the_month(house: House, admin: Web) -> None:
    gaps = (Gap(3, 4, FIRST + DAY, FIRST + DAY + MINUTE), Gap(9, 9, FIRST - 9 * DAY, FIRST - 8 * DAY))
    run = Run(1, 20, FIRST - 9 * DAY, FIRST + 2 * DAY, None, None, gaps)
    meter_account.save(house.engine, {"e01-main": Account(since=FIRST - 9 * DAY, heard=FIRST + 2 * DAY, runs=(run,))})
    IntervalDues(house.engine).note([("e01-main", FIRST), ("e01-main", FIRST + DAY), ("e01-main", FIRST - DAY)])
    at = FIRST + 3 * DAY
    found = Suspicion("e01-main", "ep_imp", at, Kind.RESET, (at - MINUTE, 9.0), (at, 1.0), 1.0)
    suspicions.settle(house.engine, ("e01-main", "ep_imp"), [found], FIRST, NOW, now=NOW)
    rows = [held("e01-main", "unknown_metric"), held("e01-main", "unknown_metric", FIRST - DAY)]
    quarantine.insert(house.engine, [*rows, held("e01-new", "unknown_meter"), held(None, "bad_topic")])
    house.telemetry.write([Reading("e01-main", "p", 1.0, at, int(Quality.FAULT | Quality.RECEIVE_TIME))])
    answer = quality(admin)
    main = of(answer, "e01-main")
    assert (main["lost_messages"], main["late_days"], main["open_reviews"]) == (2, 2, 1)
    assert (main["quarantined"], main["flagged"]) == ({"unknown_metric": 1}, {"p": ["fault"]})
    assert answer["unregistered"] == {"unknown_meter": 1, "bad_topic": 1}
    assert quality(admin, enterprise="e01")["unregistered"] is None


def test_an_enterprises_user_sees_its_own_meters_and_no_quarantine(house: House, as_role: AsRole) -> None:
    quarantine.insert(house.engine, [held("e01-main", "unknown_metric")])
    own = as_role("enterprise")
    found = quality(own)
    assert [item["meter"] for item in found["items"]] == ["e01-main", "e01-water"]
    assert {item["quarantined"] for item in found["items"]} == {None}
    assert found["unregistered"] is None
    assert own.get("/api/v1/quality", params={"enterprise": "e02"}).status_code == 404


@pytest.mark.parametrize("period", ["2026", "2026-13", "2026-Q1", "2026-10/ytd", "1000-01", "x"])
def test_only_a_month_is_a_period_here(admin: Web, period: str) -> None:
    answer = admin.get("/api/v1/quality", params={"period": period})
    assert (answer.status_code, answer.json()["mistakes"][0]["path"]) == (422, "query.period")


def test_pages_of_meters_follow_each_other(admin: Web) -> None:
    first = quality(admin, limit="2")
    assert [item["meter"] for item in first["items"]] == ["e01-main", "e01-water"]
    second = quality(admin, limit="2", cursor=first["next"])
    assert ([item["meter"] for item in second["items"]], second["next"]) == (["e02-main"], None)
