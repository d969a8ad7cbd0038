"""Work goes round by itself, through trouble and to its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError

from adapters import clock
from park.telemetry import StoreHeld, StoreUnavailable
from rules import rounds
from rules.rounds import Rounds

PATIENCE = 20.0
SOON = timedelta(milliseconds=1)


@contextmanager
def going(work: "Work") -> Iterator[Rounds]:
    each = Rounds("test", work, every=SOON, clock=clock.now)
    each.start()
    try:
        yield each
    finally:
        each.stop()


class Work:
    """Raises what it is given, then goes through."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.times = 0
        self.failed = Event()
        self.through = Event()

    def __call__(self, _now: datetime, _stop: Event) -> None:
        self.times += 1
        if self.errors:
            self.failed.set()
            raise self.errors.pop(0)
        self.through.set()


def test_it_goes_round_until_it_is_stopped() -> None:
    work = Work()
    with going(work) as each:
        assert work.through.wait(PATIENCE)
        assert each.alive
    assert not each.alive
    assert each.trouble is None
    assert each.finished is not None


def test_once_it_is_done_here_and_says_itself_what_is_wrong() -> None:
    work = Work(StoreUnavailable("away"))
    each = Rounds("test", work, every=SOON, clock=clock.now)
    with pytest.raises(StoreUnavailable):
        each.once()
    assert each.finished is None
    each.once()
    assert each.finished is not None
    assert work.times == 2
    assert not each.alive
    each.stop()


def test_trouble_is_said_and_passes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(StoreUnavailable("away"), StoreHeld("mend me", retry_after=SOON))
    monkeypatch.setattr(rounds, "RETRY", SOON)
    with going(work) as each:
        assert work.failed.wait(PATIENCE)
        assert work.through.wait(PATIENCE)
    assert each.trouble is None


def test_a_database_that_is_away_is_trouble_like_any_and_passes_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    work = Work(OperationalError("select", {}, OSError("nobody there")))
    monkeypatch.setattr(rounds, "RETRY", SOON)
    with going(work) as each:
        assert work.through.wait(PATIENCE)
        assert each.alive
    assert each.trouble is None


def test_a_stop_does_not_wait_for_the_next_round() -> None:
    work = Work(StoreUnavailable("away", retry_after=timedelta(hours=1)))
    with going(work) as each:
        assert work.failed.wait(PATIENCE)
    assert each.trouble == "away"


def test_what_was_never_started_can_be_stopped() -> None:
    Rounds("test", Work(), every=SOON, clock=clock.now).stop()


def test_a_change_wakes_it_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "LOOK", timedelta(milliseconds=10))
    work, version = Work(), [1]
    each = Rounds("test", work, every=timedelta(hours=1), clock=clock.now, changed=lambda: version[0])
    each.start()
    try:
        assert work.through.wait(PATIENCE)
        work.through.clear()
        version[0] = 2
        assert work.through.wait(PATIENCE)
    finally:
        each.stop()
    assert work.times == 2


def test_what_cannot_be_asked_for_a_change_is_trouble_like_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "RETRY", SOON)
    asked = Event()

    def away() -> object:
        asked.set()
        raise StoreUnavailable("away")

    work = Work()
    each = Rounds("test", work, every=SOON, clock=clock.now, changed=away)
    each.start()
    try:
        assert asked.wait(PATIENCE)
        while each.trouble is None:
            assert each.alive
            asked.wait(0.01)
        assert each.trouble == "away"
    finally:
        each.stop()
    assert work.times == 0
