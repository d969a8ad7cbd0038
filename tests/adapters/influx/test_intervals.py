"""Consumption in InfluxDB: whose it was, what is written again, and what panels see."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.influx import interval_points, interval_writer, put
from adapters.influx.admin import init
from adapters.influx.homes import Home
from adapters.influx.query import Queries
from adapters.influx.resolution import ALL, DAY, HOUR, QUARTER, Resolution
from adapters.influx.server import Server
from adapters.influx.store import InfluxStore
from adapters.influx.target import Target, read
from adapters.relational.homes import RelationalHomes
from park.figure_point import FigurePoint
from park.interval import SLOT
from park.metric import Medium
from park.registry import Registry
from park.telemetry import StoreHeld, StoreUnavailable
from park.term import Span
from tests.adapters.influx.fake import STORED, Asked, FakeInflux, Said, refusing
from tests.adapters.influx.site import NOW, Site
from tests.adapters.influx.test_writing import REGISTRY
from tests.contracts.consumption import WHOLE, Slot, batch, every_slot, plain
from tests.contracts.influx import meter
from tests.contracts.telemetry import EVER, START, reading
from tests.influxd import Influxd

NEXT = START + timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
EVERYTHING = 'SELECT * FROM "interval" WHERE measured > 0 OR estimated > 0 GROUP BY carrier, enterprise, meter, park'


class Points:
    """What a panel sees in the buckets of a real server."""

    def __init__(self, target: Target) -> None:
        self._queries = Queries(Server(target))

    def __call__(self, resolution: Resolution) -> dict[str, list[list[Any]]]:
        """Give the time and amount of all points that are known, by enterprise and meter."""
        return {
            f"{found.series.tags['enterprise']} {found.series.tags['meter']}": [row[:2] for row in found.series.values]
            for found in self._queries.ask([EVERYTHING], resolution)
        }

    def count(self, resolution: Resolution) -> int:
        """Count all points, also those taken back."""
        found = self._queries.ask(['SELECT count(amount) FROM "interval"'], resolution)
        return int(found[0].series.values[0][1]) if found else 0


@pytest.fixture
def points(real: Target) -> Points:
    """The server's points, past everything of ours."""
    return Points(real)


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1_000)


# --- whose it was -----------------------------------------------------------------------------------------------------


def test_slots_hours_and_days_are_beside_each_other_with_the_meter_s_tags(site: Site, points: Points) -> None:
    site.store.write_intervals([batch(every_slot(START, START + 5 * SLOT), START, NEXT)])
    slots = [[ms(START + number * SLOT), 1.0] for number in range(5)]
    assert points(QUARTER) == {"e01 m1": slots}
    assert points(HOUR) == {"e01 m1": [[ms(START), 4.0], [ms(START + ONE_HOUR), 1.0]]}
    assert points(DAY) == {"e01 m1": [[ms(START), 5.0]]}


def test_what_a_meter_used_before_it_moved_stays_with_whoever_used_it(site: Site, points: Points) -> None:
    moved = START + 10 * SLOT
    homes = RelationalHomes(site.notes._engine)
    homes.add({"m1": Home(START - timedelta(days=9), Medium.ELECTRICITY, "park", "e01")})
    homes.add({"m1": Home(moved, Medium.ELECTRICITY, "park", "e02")})
    site.registry = Registry(meters=(meter("m1", enterprise="e02"),))
    for _ in range(2):
        site.store.write_intervals([batch(every_slot(START, NEXT), START, NEXT)])
        assert {owner: len(rows) for owner, rows in points(QUARTER).items()} == {"e01 m1": 10, "e02 m1": 86}
        assert points(DAY) == {"e01 m1": [[ms(START), 10.0]], "e02 m1": [[ms(START), 86.0]]}
        shared_hour = points(HOUR)["e01 m1"][-1]
        assert shared_hour == [ms(START + 2 * ONE_HOUR), 2.0]
        for every in (SLOT, ONE_HOUR, timedelta(days=1), Span.MONTH):
            assert sum(one.amount for one in site.store.interval_sums(START, NEXT, every=every)) == 96.0
        [day] = site.store.interval_sums(START, NEXT, every=timedelta(days=1))
        assert day.coverage.complete
        assert len(site.store.intervals(["m1"], "electricity", *EVER)["m1"].start_ms) == 96


def test_a_meter_that_never_wrote_a_reading_has_the_registry_s_home(site: Site, points: Points) -> None:
    site.store.write_intervals([batch({START: WHOLE}, START, NEXT, meter="m2")])
    assert points(QUARTER) == {"e01 m2": [[ms(START), 1.0]]}


def test_one_that_nobody_knows_has_its_name_and_when_it_is_known_nothing_is_counted_twice(
    site: Site, points: Points
) -> None:
    written = [batch({START: WHOLE}, START, NEXT, meter="new")]
    site.store.write_intervals(written)
    assert points(QUARTER) == {" new": [[ms(START), 1.0]]}
    site.registry = Registry(meters=(meter("new"),))
    site.store.write_intervals(written)
    for resolution in (QUARTER, HOUR, DAY):
        assert points(resolution) == {"e01 new": [[ms(START), 1.0]]}
    assert [one.amount for one in site.store.interval_sums(START, NEXT, every=Span.MONTH)] == [1.0]


# --- what is written --------------------------------------------------------------------------------------------------


def test_a_second_run_writes_nothing_and_a_change_only_what_it_touches(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def counted(server: Server, resolution: Resolution, lines: list[str]) -> int:
        sent.append(len(lines))
        return put.put(server, resolution, lines)

    monkeypatch.setattr(interval_writer, "put", counted)
    found = every_slot(START, NEXT, (0.1, 1 / 3, 2 / 3))
    for slots, lines in [
        (found, [96, 24, 1]),
        (found, [0, 0, 0]),
        (found | {START: (0.2, 1 / 3, 2 / 3)}, [1, 1, 1]),
        ({START: (0.2, 1 / 3, 2 / 3)}, [95, 24, 1]),
        ({START: (0.2, 1 / 3, 2 / 3)}, [0, 0, 0]),
    ]:
        sent.clear()
        site.store.write_intervals([batch(slots, START, NEXT)])
        assert sent == lines


def test_what_is_compared_and_read_in_slices_is_the_same(
    site: Site, points: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interval_points, "ROWS", 7)
    monkeypatch.setattr(interval_points, "NAMED", 1)
    monkeypatch.setattr(interval_writer, "NAMED", 1)
    monkeypatch.setattr(put, "LINES", 10)
    both = [batch(every_slot(START, NEXT), START, NEXT, meter=number) for number in ("m1", "m2")]
    for _ in range(2):
        site.store.write_intervals(both)
        assert [points.count(each) for each in (QUARTER, HOUR, DAY)] == [192, 48, 2]
    found = site.store.intervals(["m1", "m2"], "electricity", *(START, NEXT))
    assert {number: plain(each) for number, each in found.items()} == dict.fromkeys(
        ("m1", "m2"), every_slot(START, NEXT)
    )
    assert [one.amount for one in site.store.interval_sums(START, NEXT, every=ONE_HOUR, meters=["m2"])] == [4.0] * 24


def test_points_older_than_a_bucket_keeps_are_let_go_and_the_days_stay(session_influxd: Influxd) -> None:
    target = read(session_influxd.url("short"))
    list(init(target, dict.fromkeys(ALL) | {QUARTER: timedelta(days=2)}, session_influxd.folder))
    store = InfluxStore(target, registry=lambda: REGISTRY, clock=lambda: NOW)
    old = START - timedelta(days=9_000)
    store.write_intervals([batch(every_slot(old, old + timedelta(days=1)), old, old + timedelta(days=1))])
    assert store.intervals(["m1"], "electricity", *EVER) == {}
    assert [one.amount for one in store.interval_sums(old, old + timedelta(days=1), every=Span.MONTH)] == [96.0]
    store.close()


def test_readings_stay_what_they_were(site: Site) -> None:
    site.store.write([reading(1.0)])
    site.store.write_intervals([batch({START: WHOLE}, START, NEXT)])
    site.rollup.run(NOW)
    assert [one.value for one in site.store.readings("m1", "p", *EVER)] == [1.0]
    assert site.store.extent().first == START


# --- a 2.x and a 3 ----------------------------------------------------------------------------------------------------


class Holding:
    """A server's rule that holds the slots it was sent, and shows them to whoever asks."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], Slot] = {}

    def __call__(self, asked: Asked) -> Said:
        """Answer one request."""
        if asked.path.endswith("/write"):
            bucket = asked.query["bucket"]
            for line in asked.lines:
                head, fields, time = line.rsplit(" ", 2)
                amount, measured, estimated = (float(field.partition("=")[2]) for field in fields.split(","))
                self.held[bucket, f"{head} {time}"] = amount, measured, estimated
            return STORED
        series = [
            {
                "name": "interval",
                "tags": {"enterprise": ""} | dict(tag.split("=") for tag in key.split(" ")[0].split(",")[1:]),
                "columns": ["time", "amount", "measured", "estimated"],
                "values": [[int(key.split(" ")[1]), *slot]],
            }
            for (bucket, key), slot in self.held.items()
            if asked.body.endswith(f"&db={bucket}")
        ]
        return Said(200, json.dumps({"results": [{"statement_id": 0, "series": series}]}))


@pytest.mark.parametrize("version", ["v2.7.12", "3.1.0"])
def test_without_deleting_anything_a_2_x_or_3_holds_what_came_last(fake: FakeInflux, version: str) -> None:
    fake.version = version
    rule = Holding()
    fake.rule = rule
    store = InfluxStore(read(fake.url(), token="t"), registry=lambda: REGISTRY, clock=lambda: NOW)
    store.write_intervals([batch({START: WHOLE, START + SLOT: WHOLE}, START, NEXT)])
    writes = len(fake.writes)
    store.write_intervals([batch({START + SLOT: WHOLE}, START, NEXT)])
    head = "interval,carrier=electricity,enterprise=e01,meter=m1,park=park"
    gone = f"{head} amount=0.0,measured=0.0,estimated=0.0 {ms(START)}"
    assert [asked.lines for asked in fake.writes[writes:]] == [
        [gone],
        [f"{head} amount=1.0,measured=0.25,estimated=0.0 {ms(START)}"],
        [f"{head} amount=1.0,measured={1 / 96!r},estimated=0.0 {ms(START)}"],
    ]
    assert plain(store.intervals(["m1"], "electricity", START, NEXT)["m1"]) == {START + SLOT: WHOLE}
    store.close()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Said(503, headers={"Retry-After": "7"}), StoreUnavailable),
        (Said(401), StoreHeld),
        (Said(400, '{"error": "field type conflict"}'), StoreHeld),
    ],
)
def test_a_server_that_does_not_take_them_says_so_in_the_port_s_own_terms(
    fake: FakeInflux, said: Said, error: type[StoreUnavailable]
) -> None:
    fake.rule = lambda asked: said if asked.lines else Said(200, '{"results": []}')
    store = InfluxStore(read(fake.url(), token="t"), registry=lambda: REGISTRY, clock=lambda: NOW)
    writes: list[Callable[[], None]] = [
        lambda: store.write_intervals([batch({START: WHOLE}, START, NEXT)]),
        lambda: store.write_figures([FIGURE]),
    ]
    for write in writes:
        with pytest.raises(error) as raised:
            write()
        assert type(raised.value) is error
    store.close()


# --- figures ----------------------------------------------------------------------------------------------------------

FIGURE = FigurePoint("enterprise", "e01", "park", "energy_intensity", "equivalent", Span.MONTH, START, 0.25, 0.9)
PANEL = 'SELECT value, coverage FROM intensity WHERE coverage > 0 GROUP BY "id", indicator, span'


def test_figures_are_points_of_the_bucket_that_keeps_longest(site: Site, real: Target) -> None:
    queries = Queries(Server(real))
    other = FIGURE._replace(id="e02", value=7.0)
    site.store.write_figures([FIGURE._replace(value=9.0), FIGURE, other, FIGURE._replace(span=Span.YEAR, value=3.0)])
    site.store.write_figures([])

    def shown() -> dict[tuple[str, str], list[list[float]]]:
        found = queries.ask([PANEL], DAY)
        return {(each.series.tags["id"], each.series.tags["span"]): each.series.values for each in found}

    at = ms(START)
    whole = {("e01", "month"): [[at, 0.25, 0.9]], ("e02", "month"): [[at, 7.0, 0.9]], ("e01", "year"): [[at, 3.0, 0.9]]}
    assert shown() == whole
    site.store.write_figures([FIGURE._replace(value=None), other._replace(value=8.0, coverage=1.0)])
    del whole["e01", "month"]
    assert shown() == whole | {("e02", "month"): [[at, 8.0, 1.0]]}


def test_a_name_cannot_break_out_of_its_line(fake: FakeInflux) -> None:
    store = InfluxStore(read(fake.url(), token="t"), registry=lambda: REGISTRY, clock=lambda: NOW)
    store.write_figures([FIGURE._replace(id="a b,c=d", park="")])
    [line] = fake.stored
    assert line.startswith(r"intensity,basis=equivalent,id=a\ b\,c\=d,indicator=energy_intensity,scope=enterprise,")
    store.close()


def test_refusing_is_told_apart_from_being_too_old(fake: FakeInflux) -> None:
    fake.rule = refusing("intensity", message="partial write: points beyond retention policy dropped=1")
    store = InfluxStore(read(fake.url(), token="t"), registry=lambda: REGISTRY, clock=lambda: NOW)
    store.write_figures([FIGURE])
    fake.rule = refusing("intensity", message="partial write: field type conflict")
    with pytest.raises(StoreHeld, match="field type conflict"):
        store.write_figures([FIGURE])
    store.close()
