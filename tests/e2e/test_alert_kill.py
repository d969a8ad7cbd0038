"""Kill -9 of the watch at every step between reading and delivery: told at least once, nothing invented."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters import clock
from adapters.alert_store import AlertStore
from adapters.publisher import Publisher
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from tests.e2e.program import ROOT, until
from tests.mosquitto import Mosquitto
from tests.rules.alert_house import KEY, TOPIC, message, told
from tests.rules.victim import CLIENT_ID, STEPS

RAISED, CLEARED = "gas.gas0.1.raised", "gas.gas0.1.cleared"
APART = timedelta(milliseconds=5)


class Watched:
    """A watch that is killed and started again, and the detector it listens to."""

    def __init__(self, folder: Path, broker: Mosquitto, hold: float) -> None:
        self.folder = folder
        self.told = folder / "told"
        self._broker = broker
        self._hold = hold
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, step: str = "never", times: int = 0) -> None:
        """Start it, and wait until it is connected or gone."""
        before = self.log.count("watching")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.rules.victim", self.folder),
                    *(self._broker.url, step, str(times), str(self._hold)),
                ],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        until(lambda: self.log.count("watching") > before or not self.alive, "it listens", look=0.02)

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text("utf-8") if path.exists() else ""

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        if self._process is not None and self.alive:
            self._process.terminate()
            assert self._process.wait(30) == 0, self.log

    def say(self, *values: float) -> list[datetime]:
        """Have the detector say values, now, each in a message of its own."""
        times: list[datetime] = []
        with Publisher(self._broker.url, client_id="device") as publisher:
            for value in values:
                until(lambda: not times or clock.now() - times[-1] > APART, "time passes", look=0.001)
                times.append(clock.now())
                publisher.publish(TOPIC.format("gas0"), message(times[-1], value))
            assert publisher.drain(30)
        del publisher
        gc.collect()  # paho closes its pair of sockets only when it is collected, and before them only if that is soon
        return times

    def history(self) -> list[AlertChange]:
        store = AlertStore(self.folder / "alerts.sqlite")
        try:
            return [one.change for one in store.changes_after(0, 100)]
        finally:
            store.close()


@contextmanager
def watched(folder: Path, broker: Mosquitto, *, hold: float = 0) -> Iterator[Watched]:
    each = Watched(folder, broker, hold)
    try:
        yield each
    finally:
        each.kill()


@pytest.mark.parametrize("end", ["raised", "cleared"])
@pytest.mark.parametrize("step", STEPS)
def test_whatever_the_step_it_dies_at_both_are_told_and_nothing_else(
    tmp_path: Path, mosquitto: Mosquitto, step: str, end: str
) -> None:
    with watched(tmp_path, mosquitto) as each:
        each.start(step, 0 if end == "raised" else 1)
        each.say(5.0) if step not in {"taken", "acknowledged"} else None
        each.say(30.0)
        until(lambda: not each.alive or told(each.told), "it is told, or gone", look=0.02)
        each.say(5.0)
        if step == "acknowledged":  # both may have been acknowledged in one: what is said next is by itself
            until(lambda: not each.alive or not each.say(5.0), "it dies at its step", look=0.3)
        until(lambda: not each.alive, "it dies at its step", look=0.02)
        each.start()
        until(lambda: {RAISED, CLEARED} <= set(told(each.told)), "both are told")
        until(lambda: not undelivered(each), "and noted as told")
        each.end()
        lines = told(each.told)
        assert sorted(set(lines)) == [CLEARED, RAISED]
        assert lines.index(RAISED) < lines.index(CLEARED)
        assert max(lines.count(RAISED), lines.count(CLEARED)) <= 2
        assert [change.kind for change in each.history()] == [Kind.RAISED, Kind.CLEARED]


def undelivered(each: Watched) -> int:
    store = AlertStore(each.folder / "alerts.sqlite")
    try:
        return store.outstanding().notices
    finally:
        store.close()


def test_a_hold_goes_on_with_its_true_age_and_is_not_begun_again(tmp_path: Path, mosquitto: Mosquitto) -> None:
    with watched(tmp_path, mosquitto, hold=4) as each:
        each.start()
        [breach] = each.say(30.0)
        until(lambda: [change.kind for change in each.history()] == [Kind.PENDING], "it is pending", look=0.05)
        each.kill()
        each.start()
        until(lambda: told(each.told), "it is told")
        each.end()
        pending, raised = each.history()
        assert abs(pending.at - breach) < timedelta(milliseconds=2)
        assert raised.at - pending.at >= timedelta(seconds=4)
        store = AlertStore(tmp_path / "alerts.sqlite")
        assert store.alerts()[KEY].phase is Phase.FIRING
        store.close()


def test_what_came_back_while_we_were_down_raises_nothing_although_its_hold_is_over(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    with watched(tmp_path, mosquitto, hold=1) as each:
        each.start()
        each.say(30.0)
        until(lambda: [change.kind for change in each.history()] == [Kind.PENDING], "it is pending", look=0.02)
        each.kill()
        [calm] = each.say(5.0)
        until(lambda: clock.now() - calm > timedelta(seconds=1.5), "its hold would be over")
        each.start()
        until(lambda: len(each.history()) > 1, "it hears")
        each.end()
        assert [change.kind for change in each.history()] == [Kind.PENDING, Kind.CALM]
        assert told(each.told) == []


def test_a_short_alarm_while_we_were_down_is_told_with_its_end(tmp_path: Path, mosquitto: Mosquitto) -> None:
    with watched(tmp_path, mosquitto) as each:
        each.start()
        each.say(5.0)
        until(lambda: mosquitto_delivered(mosquitto, 1), "it hears")
        each.kill()
        first, last = each.say(30.0, 5.0)
        each.start()
        until(lambda: told(each.told) == [RAISED, CLEARED], "both are told")
        each.end()
        raised, cleared = each.history()
        assert (raised.at < cleared.at, raised.known_at > last) == (True, True)
        assert abs(raised.at - first) < timedelta(milliseconds=2)


def mosquitto_delivered(broker: Mosquitto, count: int) -> bool:
    return broker.log.read_text("utf-8", errors="replace").count(f"Received PUBACK from {CLIENT_ID}") >= count
