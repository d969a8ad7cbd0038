"""Alerts in InfluxDB: changes as points for those who draw them."""

from adapters.influx.query import Queries
from adapters.influx.resolution import DAY
from adapters.influx.server import Server
from adapters.influx.store import InfluxStore
from adapters.influx.target import Target, read
from park.alert_point import AlertPoint
from park.instant import to_ms as ms
from tests.adapters.influx.fake import FakeInflux
from tests.adapters.influx.site import NOW, Site
from tests.adapters.influx.test_writing import REGISTRY
from tests.contracts.telemetry import START

ALERT = AlertPoint("gas", "m1", "e01", "park", "major", START, "raised", burning=True, value=30.0, drill=False)


def test_alerts_are_points_of_the_bucket_that_keeps_longest(site: Site, real: Target) -> None:
    site.store.write_alerts([ALERT._replace(value=9.0), ALERT, ALERT._replace(meter="m2", value=None, burning=False)])
    site.store.write_alerts([])
    found = Queries(Server(real)).ask(["SELECT burning, kind, value FROM alert GROUP BY meter, severity"], DAY)
    assert {(each.series.tags["meter"], each.series.tags["severity"]): each.series.values for each in found} == {
        ("m1", "major"): [[ms(START), 1, "raised", 30.0]],
        ("m2", "major"): [[ms(START), 0, "raised", None]],
    }


def test_a_drill_is_marked_in_the_series(fake: FakeInflux) -> None:
    store = InfluxStore(read(fake.url(), token="t"), registry=lambda: REGISTRY, clock=lambda: NOW)
    store.write_alerts([ALERT._replace(drill=True, enterprise="", park="", value=None)])
    [line] = fake.stored
    assert line == f'alert,drill=true,meter=m1,rule=gas,severity=major burning=1i,kind="raised" {ms(START)}'
    store.close()
