"""Whether the rules service is well, and what it counts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from types import SimpleNamespace
from typing import cast

from prometheus_client import CollectorRegistry, generate_latest

from park.telemetry import StoreHeld
from rules.bootstrap import Rules
from rules.instruments import RulesInstruments, health
from rules.rounds import Rounds

NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Work:
    """A piece of work that fails while it is told to."""

    def __init__(self) -> None:
        self.wrong = ""
        self.turns = Event()

    def __call__(self, _now: datetime, _stop: Event) -> None:
        self.turns.set()
        if self.wrong:
            raise StoreHeld(self.wrong)


def rules(work: Work) -> Rules:
    """Give as much of the service as is looked at."""
    rounds = Rounds("rollup", work, every=timedelta(milliseconds=10), clock=lambda: NOW)
    return cast("Rules", SimpleNamespace(rounds=[rounds]))


def text(service: Rules) -> str:
    registry = CollectorRegistry()
    registry.register(RulesInstruments(service))
    return generate_latest(registry).decode()


@contextmanager
def running(service: Rules) -> Iterator[Rounds]:
    """Let its work go round, whatever becomes of the test."""
    [rounds] = service.rounds
    rounds.start()
    try:
        yield rounds
    finally:
        rounds.stop()


def test_work_that_goes_round_is_well_and_says_when_it_last_did() -> None:
    work = Work()
    service = rules(work)
    with running(service):
        assert work.turns.wait(30)
        work.turns.clear()
        assert work.turns.wait(30)  # the first round is over
        assert health(service) == {}
        assert 'smartpark_rules_trouble{work="rollup"} 0.0' in text(service)
        told = re.search(r'finished_timestamp_seconds\{work="rollup"\} (\S+)', text(service))
    assert told is not None
    assert float(told[1]) == NOW.timestamp()


def test_work_that_cannot_be_done_says_why_and_has_no_time_to_tell() -> None:
    work = Work()
    work.wrong = "401: no such token"
    service = rules(work)
    with running(service) as rounds:
        while rounds.trouble is None:
            assert rounds.alive
            work.turns.wait(0.01)
        assert health(service) == {"rollup": "401: no such token"}
        assert 'smartpark_rules_trouble{work="rollup"} 1.0' in text(service)
        assert "finished_timestamp_seconds{" not in text(service)


def test_a_thread_that_has_ended_is_no_good_news() -> None:
    service = rules(Work())
    assert health(service).keys() == {"rollup"}
    assert 'smartpark_rules_trouble{work="rollup"} 1.0' in text(service)
