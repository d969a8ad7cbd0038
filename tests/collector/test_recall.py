"""What a codec keeps in mind is as true as the store: kept with the batch that taught it, undone where it is not."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from adapters import clock
from adapters.duckdb_store import DuckDBStore
from adapters.spool import Spool
from collector.counts import Counts
from collector.intake import take_in
from collector.message import Message, pack, unpack_messages
from collector.pipeline import Pipeline
from collector.recall import NOTE, pages, recall
from collector.receiver import RAW
from park import decode
from park.account import Heard
from park.decode import Context, Dialect, Said
from park.decode.memory import Memory, Wish
from park.listener import Listener
from park.malformed import Malformed
from park.reading import Claim, Reading
from park.reason import Reason
from park.registry import Registry
from park.telemetry import StoreRefused, StoreUnavailable
from tests.collector.words import RECEIVED
from tests.park.examples import meter, registry

KEY = ("sum", "s1")


def running(payload: bytes, context: Context) -> Said:
    """Claim the sum of all numbers said so far, and wish for rest; `?` is of nobody."""
    if payload == b"?":
        raise Malformed(Reason.UNKNOWN_SENDER, context.topic)
    memory = context.memory
    assert memory is not None
    total = int(str(memory.get(KEY) or 0)) + int(payload)
    memory.put(KEY, total)
    memory.wish(Wish("rest", payload))
    at = context.received
    return Said([Claim(each.id, "p", float(total), at) for each in context.meters], 1, ("long",))


@pytest.fixture(autouse=True)
def dialect(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Dialect("sum", "和", "Sum", running, topics=lambda each: (str(each.options["topic"]),))
    monkeypatch.setitem(decode.DIALECTS, "sum", made)


SUMS = registry(
    *(replace(meter(name), codec="sum", options={"topic": topic}) for name, topic in (("s1", "sum/+"), ("s2", "sum/b")))
)


class Moody(DuckDBStore):
    """A store that is away for a number of writes, or refuses all of one meter."""

    away = 0
    disliked = ""

    def write(self, readings: Sequence[Reading]) -> None:
        """Write, or not."""
        if self.away:
            self.away -= 1
            raise StoreUnavailable("away")
        super().write([reading for reading in readings if reading.meter != self.disliked])
        if no := [(reading, "unlucky") for reading in readings if reading.meter == self.disliked]:
            raise StoreRefused(no)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Moody]:
    store = Moody(tmp_path / "moody.duckdb")
    yield store
    store.close()


class Bench:
    """A pipeline that can be started anew over the same spool."""

    def __init__(self, spool: Spool, store: Moody) -> None:
        self.spool, self.store, self.counts = spool, store, Counts()
        self.wishes: list[Wish] = []
        self.pipeline = self.made()

    def made(self, known: Registry = SUMS) -> Pipeline:
        """Make it anew."""
        return Pipeline(
            spool=self.spool, telemetry=self.store, registry=lambda: known, counts=self.counts, clock=clock.now,
            prefix="park/v1", ask=self.wishes.extend,
        )  # fmt: skip

    def say(self, *numbers: int, topic: str = "sum/a", counted: bool | None = None) -> None:
        """Spool messages, a millisecond apart."""
        messages = [Message(topic, str(n).encode(), RECEIVED + n, counted) for n in numbers]
        self.spool.put(RAW, *(pack([each]) for each in messages))

    def values(self, name: str = "s1") -> list[float]:
        """Give what is stored, in the order of time."""
        extent = self.store.extent()
        assert extent.first is not None
        return [each.value for each in self.store.readings(name, "p", extent.first, clock.now())]


@pytest.fixture
def bench(spool: Spool, store: Moody) -> Bench:
    return Bench(spool, store)


def test_what_one_batch_taught_the_next_knows_also_after_a_crash(bench: Bench) -> None:
    bench.say(1)
    assert bench.pipeline.step()
    bench.pipeline = bench.made()
    bench.say(2)
    assert bench.pipeline.step()
    assert bench.values() == [1, 3]
    assert recall(bench.spool.notes()).get(KEY) == 3


def test_a_batch_that_has_to_be_read_again_teaches_once(bench: Bench) -> None:
    bench.say(1, 2)
    bench.store.away = 3
    for _ in range(3):
        assert not bench.pipeline.step()
        assert bench.wishes == []
    assert bench.pipeline.step()
    assert bench.values() == [1, 3]
    assert bench.wishes == [Wish("rest", b"2")]
    assert bench.counts.remarks == {"long": 2}


def test_what_the_store_refuses_is_found_by_reading_again_from_where_the_batch_began(bench: Bench) -> None:
    bench.store.disliked = "s1"
    bench.say(1, 2)
    assert bench.pipeline.step()
    assert recall(bench.spool.notes()).get(KEY) == 3
    assert bench.counts.refused == {Reason.STORE_REFUSED: 2}


def test_what_is_replayed_does_not_change_what_is_known_now(bench: Bench) -> None:
    bench.say(10)
    bench.say(1, 2, counted=True)
    assert bench.pipeline.step()
    assert recall(bench.spool.notes()).get(KEY) == 10
    assert bench.values() == [11, 13, 10]


def test_a_message_of_several_meters_is_for_each_a_message_without_a_number() -> None:
    heard: dict[str, list[Heard]] = {}
    sent = [Message("sum/b", b"1", RECEIVED), Message("sum/a", b"1", RECEIVED)]
    take_in(sent, Listener(SUMS), memory=Memory(), heard=heard)
    assert [(each.seq, each.accepted) for each in heard["s1"]] == [(None, 1), (1, 1)]
    assert [(each.seq, each.accepted) for each in heard["s2"]] == [(None, 1)]


def test_a_message_of_nobody_stands_in_no_account() -> None:
    heard: dict[str, list[Heard]] = {}
    _, [one] = take_in([Message("sum/a", b"?", RECEIVED)], Listener(SUMS), memory=Memory(), heard=heard)
    assert (one.meter, one.reason, heard) == ("s1", Reason.UNKNOWN_SENDER, {})


def test_the_topics_of_the_registry_are_known_before_anybody_speaks(bench: Bench) -> None:
    assert bench.pipeline.foreign is None
    assert not bench.pipeline.step()
    assert bench.pipeline.foreign == ("sum/+",)


def test_what_is_noted_is_recalled_and_what_cannot_be_read_is_as_if_it_were_not_there() -> None:
    memory = Memory()
    memory.put(("a", "b/c"), {"x": [1, "y"], 7: None})
    notes = {key: note for key, note in pages(memory.changes()).items() if note is not None}
    again = recall(notes | {NOTE + "no": b"", NOTE + '["a"]': b"\xc1", "account/1": b""})
    assert again.get(("a", "b/c")) == {"x": [1, "y"], 7: None}
    assert again.changes() == {}
    memory.forget(("a", "b/c"))
    assert list(pages(memory.changes()).values()) == [None]


def test_what_an_older_version_spooled_is_still_read() -> None:
    older = msgspec.msgpack.encode([["t", b"p", 5], ["t", b"p", 5, True]])
    assert unpack_messages(older) == [Message("t", b"p", 5), Message("t", b"p", 5, counted=True)]
