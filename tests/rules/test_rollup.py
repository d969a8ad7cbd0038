"""Slots answer as the readings do, whatever arrives when; the job can be cut short, and done twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.influx import admin
from adapters.influx.resolution import ALL, RAW, ROLLUPS
from adapters.influx.target import Target, read
from park.reading import Reading
from park.telemetry import Aggregate, Slot
from rules.rollup import LATENESS, Rollup
from tests.adapters.influx.conftest import real, site
from tests.adapters.influx.site import LENGTHS, NOW, Site, assert_same, opened_site
from tests.contracts.telemetry import DAY, START, after, reading
from tests.influxd import Influxd

__all__ = ["real", "site"]


def month(meter: str = "m1", days: int = 9) -> list[Reading]:
    return [reading(float(minute % 97), after(minute), meter=meter) for minute in range(0, days * 1_440, 7)]


def slots(real: Target, influxd: Influxd) -> list[str]:
    """Give all slots there are."""
    return [influxd.ask("SELECT * FROM electricity", real.bucket(each)) for each in ROLLUPS]


def test_slots_answer_as_the_readings_do(site: Site) -> None:
    site.store.write([*month(), *month("m2")])
    done = site.rollup.run(NOW)
    assert done.points > 2 * 9 * 96
    assert site.notes.until() == NOW - LATENESS
    assert site.notes.due(10) == []
    for start, end in [(START, NOW), (after(11), NOW - timedelta(minutes=11)), (START - DAY, NOW + DAY)]:
        assert_same(site, start, end)


def test_slots_are_read_where_they_are_right(site: Site, session_influxd: Influxd, real: Target) -> None:
    site.store.write(month())
    site.rollup.run(NOW)
    session_influxd.ask("DELETE FROM electricity", real.bucket(RAW))
    found = site.store.aggregate(["m1"], "p", START, NOW, every=DAY, how=Aggregate.COUNT)["m1"]
    assert [slot.start for slot in found] == [START + day * DAY for day in range(9)]
    assert sum(slot.value for slot in found) == len(month())


def test_a_late_reading_is_answered_at_once_and_rolled_up_by_the_next_run(site: Site) -> None:
    site.store.write(month())
    site.rollup.run(NOW)
    late = [reading(1_000.0, after(3_003)), reading(-1_000.0, after(7))]
    site.store.write(late)
    assert {(mark.meter, mark.day) for mark in site.notes.due(10)} == {("m1", START), ("m1", START + 2 * DAY)}
    assert_same(site, START, NOW)
    assert site.rollup.run(NOW).late == 2
    assert site.notes.due(10) == []
    assert_same(site, START, NOW)


def test_running_twice_changes_nothing(site: Site, session_influxd: Influxd, real: Target) -> None:
    site.store.write(month(days=3))
    site.rollup.run(NOW)
    before = slots(real, session_influxd)
    site.store.write(month(days=3))
    site.rollup.run(NOW)
    assert slots(real, session_influxd) == before


def test_what_comes_between_two_runs_is_in_the_second(site: Site) -> None:
    site.rollup.run(NOW)
    for minutes in range(0, 240, 20):
        site.now = NOW + timedelta(minutes=minutes)
        recent = site.now - timedelta(minutes=minutes % 29)
        site.store.write([reading(float(minutes), recent), reading(2.0, site.now + timedelta(minutes=4), meter="m2")])
        site.rollup.run(site.now)
        assert_same(site, NOW - DAY, site.now + DAY, hows=[Aggregate.COUNT, Aggregate.LAST])
    assert site.notes.due(10) == [], "none of it was late"


def test_a_run_that_is_cut_short_goes_on_from_there(site: Site) -> None:
    site.store.write(month())
    stop = Event()
    stop.set()
    seen = []
    for _ in range(40):
        site.rollup.run(NOW, stop)
        seen.append(site.notes.until() or START)
        assert_same(site, START, NOW, ["m1"], lengths=[timedelta(hours=1), DAY], hows=[Aggregate.COUNT])
        if not site.notes.due(1):
            break
    assert seen == sorted(seen), "it never goes back"
    assert seen[-1] == NOW - LATENESS


def test_a_day_whose_readings_expire_keeps_its_slots(site: Site, session_influxd: Influxd, real: Target) -> None:
    site.store.write(month(days=1))
    site.rollup.run(NOW)
    before = slots(real, session_influxd)
    session_influxd.ask("DELETE FROM electricity", real.bucket(RAW))
    site.store.write([reading(5.0, after(1))])
    keeping = Rollup(slots=site.store.roller, notes=site.notes, first=lambda: None, keeping=timedelta(days=12))
    assert keeping.run(NOW).late == 1
    assert slots(real, session_influxd) == before


@pytest.fixture(scope="module")
def law(session_influxd: Influxd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A park for many examples, each with a meter of its own."""
    target = read(session_influxd.url("law"))
    list(admin.init(target, dict.fromkeys(ALL), session_influxd.folder))
    with opened_site(target, tmp_path_factory.mktemp("law")) as site:
        yield site


steps = st.dictionaries(st.integers(-2 * 1_440, 9 * 1_440), st.floats(-1e6, 1e6, width=32), max_size=20)


@given(
    first=steps,
    second=steps,
    cut=st.tuples(st.integers(-3_000, 14_000), st.integers(-3_000, 14_000)),
    asked=st.tuples(st.sampled_from(LENGTHS), st.sampled_from(Aggregate)),
)
def test_whatever_arrives_before_and_after_the_roll_up_the_answer_is_that_of_the_readings(
    law: Site,
    first: dict[int, float],
    second: dict[int, float],
    cut: tuple[int, int],
    asked: tuple[timedelta, Aggregate],
) -> None:
    number, (every, how) = next(law.unused), asked
    for steps_of, run in ((first, True), (second, False)):
        law.store.write([reading(value, after(minute), meter=number) for minute, value in steps_of.items()])
        if run:
            law.rollup.run(NOW)
        assert_same(law, after(min(cut)), after(max(cut)), [number], lengths=[every], hows=[how])
    law.rollup.run(NOW)
    assert law.notes.due(1) == []
    assert_same(law, after(min(cut)), after(max(cut)), [number], lengths=[every], hows=[how])


def test_where_clocks_are_moved_slots_answer_as_the_readings_do(real: Target, tmp_path: Path) -> None:
    march = datetime.fromisoformat("2026-03-27T00:00:00+01:00").astimezone(START.tzinfo)
    with opened_site(real, tmp_path, ZoneInfo("Europe/Berlin")) as site:
        site.store.write([reading(float(n % 31), march + timedelta(minutes=11 * n)) for n in range(700)])
        site.rollup.run(NOW)
        assert_same(site, march, march + 5 * DAY, ["m1"])
        days = site.store.aggregate(["m1"], "p", march, march + 5 * DAY, every=DAY, how=Aggregate.COUNT)["m1"]
        assert days[1] == Slot(march + DAY, 131.0)
