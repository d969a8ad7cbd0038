"""How long to leave the store alone after it did not take readings."""

from datetime import timedelta

from park.telemetry import StoreHeld, StoreUnavailable

FIRST = timedelta(milliseconds=200)
MOST = timedelta(seconds=30)
HELD = timedelta(minutes=1)
"""A person has to mend something first: until then nothing is gained by asking often."""


def patience(error: Exception, failures: int) -> timedelta:
    """Give the time to wait after so many failures in a row, the last of which was this.

    What the store itself asks for goes before anything of ours.
    """
    if isinstance(error, StoreUnavailable) and error.retry_after is not None:
        return error.retry_after
    doubled = FIRST * 2.0 ** min(failures, 20)
    if isinstance(error, StoreHeld):
        return min(HELD, doubled * 10)
    return min(MOST, doubled)
