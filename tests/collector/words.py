"""What meters say in these tests, and how to wait for what they said."""

import time
from collections.abc import Callable

import msgspec

from adapters.spool import Spool
from collector.message import Message, Refused, unpack_messages, unpack_refused
from collector.pipeline import REFUSED
from collector.receiver import RAW
from park.instant import to_ms
from tests.park.examples import NOW, meter, registry

PATIENCE = 30.0
RECEIVED = to_ms(NOW)
M1 = "park/v1/hengkou/e01/m1/data"
M2 = "park/v1/hengkou/e01/m2/data"
REGISTRY = registry(meter("m1"), meter("m2"))
WIDER = registry(meter("m1"), meter("m2"), meter("new"))


def payload(number: int = 0, **values: float) -> bytes:
    """Write one message of the native codec; the number sets its time apart from others."""
    return msgspec.json.encode({"v": 1, "ts": RECEIVED - 60_000 + number, "m": values or {"p": float(number)}})


def message(number: int = 0, *, meter: str = "m1", **values: float) -> Message:
    """Make a message as the spool keeps it."""
    return Message(f"park/v1/hengkou/e01/{meter}/data", payload(number, **values), RECEIVED)


def until(condition: Callable[[], object], why: str) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {why}"
        time.sleep(0.005)


def spooled(spool: Spool) -> list[Message]:
    """Give what waits to be stored."""
    return [message for blob in spool.peek(RAW, most=100_000) for message in unpack_messages(blob.bytes)]


def refused(spool: Spool) -> list[Refused]:
    """Give what waits to be quarantined."""
    return [one for blob in spool.peek(REFUSED, most=100_000) for one in unpack_refused(blob.bytes)]
