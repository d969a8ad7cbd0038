"""Readings over HTTP: ranges, pages, windows, the newest, and every way to ask wrongly."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from api.times import read_every, read_instant, write_every
from park.quality import Quality
from park.reading import Reading
from tests.api.conftest import METERS, NOW, AsRole, House
from tests.api.web import Web

MAIN, WATER, OTHER = METERS
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hour(house: House) -> House:
    """The last hour of one meter, a reading a minute."""
    house.telemetry.write([Reading(MAIN.id, "p", float(n), NOW - (60 - n) * MINUTE) for n in range(60)])
    return house


def ask(web: Web, **query: object) -> dict[str, object]:
    answer = web.get("/api/v1/readings", params={"meter": MAIN.id, "metric": "p"} | query)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.usefixtures("hour")
def test_by_default_the_last_day_comes_in_order_of_time_and_local(admin: Web) -> None:
    told = ask(admin)
    items = told["items"]
    assert isinstance(items, list)
    assert (told["meter"], told["metric"], told["unit"], told["next"]) == (MAIN.id, "p", "kW", None)
    assert [item["value"] for item in items] == list(range(60))
    assert items[0] == {"at": "2026-11-23T07:00:00+08:00", "value": 0.0, "quality": ["good"]}


@pytest.mark.usefixtures("hour")
def test_a_range_holds_its_start_and_not_its_end(admin: Web) -> None:
    told = ask(admin, start="2026-11-23T07:10:00+08:00", end="2026-11-22T23:12:00Z")
    assert [item["value"] for item in told["items"]] == [10, 11]  # type: ignore[attr-defined]  # of our own JSON


@pytest.mark.parametrize(
    "start",
    ["2026-11-23T07:50:00+08:00", "2026-11-23T07:50:00 08:00", "2026-11-22T23:50:00Z", "1795391400000"],
)
@pytest.mark.usefixtures("hour")
def test_a_time_is_understood_in_each_form_of_the_contract(admin: Web, start: str) -> None:
    answer = admin.get(f"/api/v1/readings?meter=e01-main&metric=p&start={start.replace('+', '%2B')}")
    assert len(answer.json()["items"]) == 10
    lost = admin.get(f"/api/v1/readings?meter=e01-main&metric=p&start={start}")  # an unescaped + is a blank
    assert len(lost.json()["items"]) == 10


@pytest.mark.parametrize("limit", [1, 7, 59, 60, 61])
@pytest.mark.usefixtures("hour")
def test_the_pages_together_are_the_whole_each_reading_once(admin: Web, limit: int) -> None:
    values: list[float] = []
    cursor: object = None
    while True:
        told = ask(admin, limit=limit, **({"cursor": cursor} if cursor else {}))
        items = told["items"]
        assert isinstance(items, list)
        assert len(items) <= limit
        values += [item["value"] for item in items]
        cursor = told["next"]
        if cursor is None:
            break
    assert values == list(range(60))


@pytest.mark.parametrize(
    ("how", "values"),
    [
        ("mean", [7.0, 22.0, 37.0, 52.0]),
        ("min", [0, 15, 30, 45]),
        ("max", [14, 29, 44, 59]),
        ("first", [0, 15, 30, 45]),
        ("last", [14, 29, 44, 59]),
        ("count", [15, 15, 15, 15]),
    ],
)
@pytest.mark.usefixtures("hour")
def test_a_window_becomes_one_value(admin: Web, how: str, values: list[float]) -> None:
    told = ask(admin, every="15m", aggregate=how)
    items = told["items"]
    assert isinstance(items, list)
    assert [item["value"] for item in items] == values
    assert items[0]["start"] == "2026-11-23T07:00:00+08:00"


@pytest.mark.usefixtures("hour")
def test_a_window_without_readings_is_left_out_and_never_0(admin: Web) -> None:
    assert len(ask(admin, every="1h")["items"]) == 1  # type: ignore[arg-type]  # of our own JSON


def test_quality_is_told_by_name(house: House, admin: Web) -> None:
    house.telemetry.write([Reading(MAIN.id, "p", 1.0, NOW - MINUTE, Quality.UNCERTAIN | Quality.IMPLAUSIBLE)])
    assert ask(admin)["items"][0]["quality"] == ["uncertain", "implausible"]  # type: ignore[index]  # of our own JSON


@pytest.mark.parametrize(
    ("query", "status", "kind", "says"),
    [
        ({}, 422, "mistakes", "query.meter"),
        ({"meter": "nobody", "metric": "p"}, 404, "no_such", "nobody"),
        ({"meter": "e01-main", "metric": "xyz"}, 404, "no_such", "xyz"),
        ({"meter": "e01-main", "metric": "p", "start": "yesterday"}, 422, "mistakes", "yesterday"),
        ({"meter": "e01-main", "metric": "p", "start": "2026-11-23T08:00:00"}, 422, "mistakes", "RFC 3339"),
        ({"meter": "e01-main", "metric": "p", "start": "2026-11-23"}, 422, "mistakes", "%2B"),
        ({"meter": "e01-main", "metric": "p", "start": "999999999999999"}, 422, "mistakes", "query.start"),
        ({"meter": "e01-main", "metric": "p", "start": "2027-01-01T00:00:00Z"}, 422, "range_order", "2027-01-01T08:00"),
        ({"meter": "e01-main", "metric": "p", "start": "2020-01-01T00:00:00Z"}, 422, "range_wide", "366 d"),
        (
            {"meter": "e01-main", "metric": "p", "every": "1h", "start": "2010-01-01T00:00:00Z"},
            422,
            "range_wide",
            "3660",
        ),
        ({"meter": "e01-main", "metric": "p", "every": "1s"}, 422, "too_many_slots", "86400"),
        ({"meter": "e01-main", "metric": "p", "every": "0s"}, 422, "mistakes", "0s"),
        ({"meter": "e01-main", "metric": "p", "every": "1 fortnight"}, 422, "mistakes", "fortnight"),
        ({"meter": "e01-main", "metric": "p", "every": "1h", "aggregate": "median"}, 422, "mistakes", "mean"),
        ({"meter": "e01-main", "metric": "p", "aggregate": "mean"}, 422, "aggregate_alone", "every"),
        ({"meter": "e01-main", "metric": "p", "limit": 0}, 422, "mistakes", "1"),
        ({"meter": "e01-main", "metric": "p", "limit": 10_001}, 422, "mistakes", "10000"),
        ({"meter": "e01-main", "metric": "p", "cursor": "!!"}, 422, "bad_cursor", "next"),
        ({"meter": "e01-main", "metric": "p", "cursor": "MTphYmM"}, 422, "bad_cursor", "next"),
        ({"meter": "e01-main", "metric": "p", "cursor": "MTo5OTk5OTk5OTk5OTk5OTk5OTk"}, 422, "bad_cursor", "next"),
    ],
)
def test_each_wrong_question_is_answered_with_a_sentence(
    admin: Web, query: dict[str, object], status: int, kind: str, says: str
) -> None:
    answer = admin.get("/api/v1/readings", params=query)
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:smartpark:problem:{kind}"
    assert says in answer.text


def test_all_mistakes_of_a_question_are_told_at_once(admin: Web) -> None:
    told = admin.get("/api/v1/readings", params={"start": "x", "every": "y", "limit": "z"}).json()
    paths = [mistake["path"] for mistake in told["mistakes"]]
    assert sorted(paths) == ["query.every", "query.limit", "query.meter", "query.metric", "query.start"]
    assert "5" in told["detail"]


def test_the_newest_come_from_the_store_while_the_broker_is_away_and_from_memory_where_that_is_newer(
    house: House, admin: Web
) -> None:
    house.telemetry.write([Reading(MAIN.id, "p", 1.0, NOW - MINUTE), Reading(OTHER.id, "p", 2.0, NOW - MINUTE)])
    house.services.live.hear(MAIN, [Reading(MAIN.id, "p", 9.0, NOW)], NOW)
    told = admin.get("/api/v1/readings/latest").json()
    assert [(item["meter"], item["value"]) for item in told["items"]] == [("e01-main", 9.0), ("e02-main", 2.0)]


def test_the_newest_can_be_narrowed_and_paged(house: House, admin: Web) -> None:
    house.services.live.seed([Reading(meter.id, metric, 1.0, NOW) for meter in METERS for metric in meter.metrics])

    def series(**query: object) -> list[str]:
        told = admin.get("/api/v1/readings/latest", params=query).json()
        return [f"{item['meter']} {item['metric']}" for item in told["items"]]

    assert series(enterprise="e02") == ["e02-main ep_imp", "e02-main p"]
    assert series(meter="e01-water") == ["e01-water flow", "e01-water volume"]
    assert series(metric="p") == ["e01-main p", "e02-main p"]
    first = admin.get("/api/v1/readings/latest", params={"limit": 4}).json()
    second = admin.get("/api/v1/readings/latest", params={"limit": 4, "cursor": first["next"]}).json()
    assert (len(first["items"]), len(second["items"]), second["next"]) == (4, 2, None)


def test_an_enterprise_user_gets_its_own_newest_only(house: House, as_role: AsRole) -> None:
    house.services.live.seed([Reading(meter.id, meter.metrics[0], 1.0, NOW) for meter in METERS])
    told = as_role("enterprise").get("/api/v1/readings/latest").json()
    assert {item["enterprise"] for item in told["items"]} == {"e01"}


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()))  # noqa: DTZ001  # zones are drawn
def test_what_is_written_as_rfc_3339_is_read_as_the_same_millisecond(at: datetime) -> None:
    try:
        read = read_instant(at.isoformat())
    except PydanticCustomError:
        assert at.utcoffset() % MINUTE  # type: ignore[operator]  # offsets with seconds, which RFC 3339 has not
    else:
        assert timedelta(0) <= at - read < timedelta(milliseconds=1)


@given(st.integers(1, 99_999), st.sampled_from("smhd"))
def test_a_length_of_time_is_written_as_it_is_read(count: int, unit: str) -> None:
    every = read_every(f"{count}{unit}")
    assert read_every(write_every(every)) == every if len(write_every(every)) <= 6 else True
