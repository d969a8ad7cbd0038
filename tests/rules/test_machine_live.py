"""A real machine's eleven weeks over a real broker: the watch tells what a backtest says it would."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import msgspec
import pytest
from paho.mqtt.enums import MQTTErrorCode

from adapters.alert_store import AlertStore
from adapters.mqtt import LoopClient, Waker, endpoint
from adapters.publisher import Publisher
from park.alert_change import AlertChange, Kind, recorded
from park.backtest import history, play
from park.instant import from_ms
from park.rulebook import Key, bind
from park.series import Series
from park.severity import Severity
from park.topic import PREFIX, Channel, subscription
from rules.alert_ledger import AlertLedger
from rules.watch import AlertWatch
from tests.collector.conftest import place
from tests.collector.receiving import Place, every_broker
from tests.e2e.program import until
from tests.park import machine
from tests.rules.alert_house import Teller, Wants, known

__all__ = ["place"]
TOPIC = "park/v1/hk/e01/machine/data"
KEY = Key("example-machine-cold", "machine")


class Paced(LoopClient):
    """A client that hears one message at a turn, and whose clock stands where that message was said."""

    now: datetime

    def turn(self, timeout: float, *, most: int = 1, wake: Waker | None = None) -> None:
        super().turn(timeout, most=min(most, 1), wake=wake)

    def _handle_publish(self) -> MQTTErrorCode:
        code = super()._handle_publish()
        self.now = from_ms(msgspec.json.decode(self._arrived[-1].payload)["ts"])
        return code


@contextmanager
def watching(folder: Path, where: Place, start: datetime) -> Iterator[tuple[AlertWatch, AlertStore]]:
    client = Paced("watch", version=where.version)
    client.now = start
    store = AlertStore(None)
    teller = Teller(store, folder / "told")
    watch = AlertWatch(
        client=client,
        target=endpoint(where.url),
        topics=[subscription(Channel.DATA)],
        prefix=PREFIX,
        ledger=AlertLedger(store, teller),
        wanted=Wants(known(machine.shipped(), registry=machine.REGISTRY)),
        memories={},
        clock=lambda: client.now,
    )
    stop = Event()
    thread = Thread(target=watch.run, args=(stop,), name="watch")
    teller.start()
    thread.start()
    try:
        yield watch, store
    finally:
        stop.set()
        watch.waker.wake()
        thread.join()
        teller.stop()
        store.close()


def plain(changes: list[AlertChange]) -> list[tuple[Kind, int, datetime, float | None]]:
    return [(one.kind, one.episode, one.at, one.value) for one in changes]


@every_broker
@pytest.mark.parametrize(
    "days", [3, pytest.param(79, marks=pytest.mark.slow)], ids=["until the first failure is over", "all of it"]
)
def test_what_is_told_live_is_what_the_backtest_says(tmp_path: Path, place: Place, days: int) -> None:
    whole = machine.temperatures()
    first, _ = machine.extent(whole)
    begin, end = (first + timedelta(days=6), first + timedelta(days=9)) if days == 3 else machine.extent(whole)
    inside = (whole.ms >= begin.timestamp() * 1_000) & (whole.ms < end.timestamp() * 1_000)
    series = Series(whole.ms[inside], whole.values[inside], whole.quality[inside])
    book = bind([machine.shipped()], machine.REGISTRY)
    expected = [
        recorded(one, Severity.LARGER) for one in play(book, history("machine", {"temperature": series}), begin, end)
    ]
    with watching(tmp_path, place, begin) as (watch, store):
        until(lambda: watch.trouble is None, "it listens", look=0.01)
        with Publisher(place.url, client_id="machine", version=place.version) as publisher:
            for ms, value in zip(series.ms.tolist(), series.values.tolist(), strict=True):
                publisher.publish(TOPIC, msgspec.json.encode({"v": 1, "ts": ms, "m": {"temperature": value}}))
            assert publisher.drain(120)
        until(lambda: watch.tally.readings == len(series.ms), "all is heard", look=0.01)
        until(lambda: len(store.changes_after(0, 1_000)) >= len(expected), "all is written down", look=0.01)
        lived = [one.change for one in store.changes_after(0, 1_000)]
    assert plain(lived) == plain(expected)
    raised = [one.at for one in lived if one.kind is Kind.RAISED]
    hits, false = machine.found(raised)
    assert (hits, false) == (({0}, 0) if days == 3 else ({0, 1, 2, 3}, 2))
