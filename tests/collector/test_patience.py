from datetime import timedelta

import pytest

from adapters.spool import SpoolBroken
from collector.patience import patience
from park.telemetry import StoreHeld, StoreUnavailable

SECOND = timedelta(seconds=1)
AWAY, HELD = StoreUnavailable("away"), StoreHeld("no such token")

ROWS = [
    ("soon after the first failure", AWAY, 1, 0.4 * SECOND),
    ("twice as long after each", AWAY, 4, 3.2 * SECOND),
    ("half a minute at the most, so that nobody waits long for a store that is back", AWAY, 1_000, 30 * SECOND),
    ("what a person must mend is asked for less often", HELD, 1, 4 * SECOND),
    ("and once a minute in the end", HELD, 1_000, 60 * SECOND),
    ("the store may say how long", StoreUnavailable("busy", retry_after=7 * SECOND), 1, 7 * SECOND),
    ("also when it is longer than our most", StoreUnavailable("busy", retry_after=120 * SECOND), 1, 120 * SECOND),
    ("or not at all", StoreUnavailable("busy", retry_after=0 * SECOND), 9, 0 * SECOND),
    ("the spool is like a store that is away", SpoolBroken("disk full"), 1, 0.4 * SECOND),
]


@pytest.mark.parametrize(("error", "failures", "wait"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_how_long_the_store_is_left_alone(error: Exception, failures: int, wait: timedelta) -> None:
    assert patience(error, failures) == wait
