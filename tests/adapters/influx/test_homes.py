"""Meters that move, are corrected or leave: no reading is counted twice, none is lost from sight."""

from datetime import timedelta

from adapters.influx.resolution import RAW
from adapters.influx.target import Target
from park.metric import Medium
from park.registry import Registry
from park.telemetry import Aggregate
from tests.adapters.influx.site import NOW, Site
from tests.contracts.influx import meter
from tests.contracts.telemetry import DAY, EVER, after, reading, series
from tests.influxd import Influxd


def move(site: Site, enterprise: str = "e02", medium: Medium = Medium.ELECTRICITY) -> None:
    site.registry = Registry(meters=(meter("m1", medium, enterprise), meter("m2")))


def test_a_meter_that_moved_is_one_series_to_its_reader_and_its_past_stays_where_it_was(
    site: Site, session_influxd: Influxd, real: Target
) -> None:
    site.store.write([reading(1.0, NOW - timedelta(hours=2))])
    move(site)
    site.store.write([reading(2.0, NOW + timedelta(minutes=1))])
    late = [reading(1.5, NOW - timedelta(hours=1)), reading(1.0, NOW - timedelta(hours=2))]
    site.store.write(late)
    other = site.open()
    other.write(late)
    assert [one.value for one in series(site.store)] == [1.0, 1.5, 2.0]
    counted = site.store.aggregate(["m1"], "p", *EVER, every=DAY, how=Aggregate.COUNT)["m1"]
    assert sum(slot.value for slot in counted) == 3, "written again after the move, nothing is counted twice"
    of_each = session_influxd.ask("SELECT count(p) FROM electricity GROUP BY enterprise", real.bucket(RAW))
    assert '"enterprise":"e01"},"columns":["time","count"],"values":[[0,2]]' in of_each
    assert '"enterprise":"e02"},"columns":["time","count"],"values":[[0,1]]' in of_each
    assert [one.value for one in other.latest(["m1"])] == [2.0]
    other.close()


def test_a_corrected_medium_leaves_what_was_measured_readable(site: Site) -> None:
    site.store.write([reading(1.0, metric="pressure", meter="w1")])
    site.registry = Registry(meters=(meter("w1", Medium.GAS),))
    site.store.write([reading(2.0, NOW + timedelta(minutes=1), metric="pressure", meter="w1")])
    assert [one.value for one in series(site.store, "w1", "pressure")] == [1.0, 2.0]
    found = site.store.aggregate(["w1"], "pressure", *EVER, every=400 * DAY, how=Aggregate.MEAN)["w1"]
    assert [slot.value for slot in found] == [1.5]
    assert [one.value for one in site.store.latest(["w1"])] == [2.0]


def test_a_meter_that_left_the_registry_can_still_be_written_late_and_read(site: Site) -> None:
    site.store.write([reading(1.0)])
    site.registry = Registry()
    site.store.write([reading(2.0, after(1))])
    assert [one.value for one in series(site.store)] == [1.0, 2.0]
    assert [one.value for one in site.store.latest(["m1"])] == [2.0]
