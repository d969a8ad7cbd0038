"""What panels ask of the telemetry store: out of the tables, and right about days."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana import influxql
from grafana.sources import READINGS
from park.metric import metrics
from tests.influxd import Influxd

SLOTS = "2026-11-20T16:00:00Z", "2026-11-21T16:00:00Z", "2026-11-22T16:00:00Z"
"""Midnights of the park."""
METERS = (("a", 10), ("b", 20), ("sub", 7))


@pytest.mark.parametrize("metric", sorted(metrics()))
def test_every_metric_is_asked_where_it_is_stored(metric: str) -> None:
    asked = influxql.readings(metric, by=["meter"])
    assert f'mean("{metric}")' in asked.text
    assert all(f'"{medium}"' in asked.text for medium in metrics()[metric].media)
    assert asked.text.endswith("GROUP BY time($step), \"meter\" fill(null) tz('Asia/Shanghai')")


def test_what_is_no_metric_cannot_be_asked() -> None:
    with pytest.raises(KeyError):
        influxql.readings("pp")


def test_a_gap_in_readings_is_one_and_a_slot_that_is_missing_is_no_bar() -> None:
    assert "fill(null)" in influxql.readings("p").text
    assert "fill(none)" in influxql.used().text
    assert "fill" not in influxql.readings("p", every=None).text


def test_consumption_that_was_taken_back_is_never_asked() -> None:
    assert influxql.KNOWN in influxql.used(influxql.carrier("water")).text


def test_a_question_is_written_as_its_plugin_reads_it() -> None:
    target = influxql.readings("p", source=READINGS, alias="$tag_meter").lettered("B")
    assert json.loads(json.dumps(target, cls=JSONEncoder)) == {
        "refId": "B",
        "datasource": {"type": "influxdb", "uid": "park-raw"},
        "rawQuery": True,
        "query": influxql.readings("p").text,
        "resultFormat": "time_series",
        "alias": "$tag_meter",
    }


@pytest.mark.influx
def test_days_of_all_meters_together_are_the_parks_own(session_influxd: Influxd) -> None:
    """A question within another would cut its days at UTC, and each would be shown as the one before."""
    session_influxd.ask("CREATE DATABASE days_of_boards")
    at = [int(datetime.fromisoformat(slot).timestamp() * 1_000) for slot in SLOTS]
    lines = [f"electricity,meter={meter} p={power + day} {ms}" for day, ms in enumerate(at) for meter, power in METERS]
    session_influxd.write("days_of_boards", *lines)
    start = datetime(2026, 11, 20, 15, tzinfo=UTC)
    end = start + timedelta(days=3)
    text = influxql.boundary_load().text.replace("$step", "1d").replace("$boundary", "(a|b)")
    when = f"time >= {int(start.timestamp()) * 1_000}ms and time <= {int(end.timestamp()) * 1_000}ms"
    answer = session_influxd.ask(text.replace("$timeFilter", when), "days_of_boards")
    assert [f"[{ms},{30 + 2 * day}]" in answer for day, ms in enumerate(at)] == [True, True, True]
