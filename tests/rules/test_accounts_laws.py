"""Laws of the accounts, over stores for real: order, repetition and rounds in between change nothing in the end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.relational import ledger_days
from park.epoch import Kind
from tests.rules.books import METER, NOW, START, Books, after, opened

DAYS = 5
MINUTES = DAYS * 1_440
LENGTHS = st.sampled_from([15, 15, 15, 15, 7, 45, 46, 180, 1_500])
"""Minutes between two readings; from 46 on nothing between them is measured."""
EVENTS = st.sampled_from(["", "", "", "", "", "", "", "low", "high", "dip", "new", "used", "rollover"])


NUMBERS = count()


class Sample(NamedTuple):
    """A reading as it comes: so many minutes after the beginning."""

    at: float
    total: float


@st.composite
def registers(draw: st.DrawFn) -> list[Sample]:
    """Make a register's life: it gains, is silent, is replaced, rolls over, and hiccups."""
    at, total = float(draw(st.integers(0, 600))), float(draw(st.sampled_from([100.0, 50_000.0, 99_990.0])))
    samples: list[Sample] = []
    while at < MINUTES and len(samples) < 120:
        event = draw(EVENTS) if len(samples) % 6 == 5 else ""
        shown = {"low": 0.0, "high": 99_998.0, "dip": total * 0.97}.get(event)
        if event in {"new", "used", "rollover"}:
            total = {"new": 1.0, "used": 31_000.0, "rollover": (total + 5.0) % 100_000.0}[event]
        samples.append(Sample(at, total if shown is None else shown))
        length = draw(LENGTHS)
        at += length
        total = min(total + draw(st.integers(0, 3)) * length / 15, 99_999.0)
    return samples


class Law(NamedTuple):
    """Two parks in which every example has a meter of its own."""

    whole: Books
    parts: Books


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Law]:
    with opened(tmp_path_factory.mktemp("whole")) as whole, opened(tmp_path_factory.mktemp("parts")) as parts:
        yield Law(whole, parts)


def put(books: Books, meter: str, samples: list[Sample]) -> None:
    books.write([(sample.at, sample.total) for sample in samples], meter)


def fresh(*parks: Books) -> str:
    """Register a meter that no example had before, and no other."""
    meter = f"m{next(NUMBERS)}"
    for books in parks:
        books.register(replace(METER, id=meter))
        books.now = NOW
    return meter


def queued(books: Books, meter: str) -> set[tuple[datetime, Kind]]:
    return {(each.at, each.kind) for each in books.queue() if each.meter == meter}


ROUGH = settings(
    max_examples=max(8, settings().max_examples // 10),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@ROUGH
@given(data=st.data(), samples=registers())
def test_pieces_in_any_order_with_rounds_between_end_as_the_whole(
    law: Law, data: st.DataObject, samples: list[Sample]
) -> None:
    whole, parts = law
    meter = fresh(whole, parts)
    put(whole, meter, samples)
    whole.run()
    shuffled = data.draw(st.permutations(samples))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(samples)), max_size=4)))
    for first, last in zip([0, *cuts], [*cuts, len(samples)], strict=True):
        put(parts, meter, shuffled[first:last])
        put(parts, meter, shuffled[first:last][:3])  # some come twice
        parts.run()
    assert parts.slots(meter) == whole.slots(meter)
    assert queued(parts, meter) == queued(whole, meter)
    assert ledger_days.broken(parts.engine) == []


@ROUGH
@given(samples=registers())
def test_live_day_by_day_ends_as_all_at_once(law: Law, samples: list[Sample]) -> None:
    whole, parts = law
    meter = fresh(whole, parts)
    put(whole, meter, samples)
    whole.run()
    parts.now = START
    place = 0
    while place < len(samples):
        parts.now += timedelta(minutes=170)
        last = next((n for n in range(place, len(samples)) if after(samples[n].at) > parts.now), len(samples))
        put(parts, meter, samples[place:last])
        place = last
        parts.run()
    parts.now = NOW
    parts.run()
    assert parts.slots(meter) == whole.slots(meter)
    assert queued(parts, meter) == queued(whole, meter)
    assert ledger_days.broken(parts.engine) == []


@ROUGH
@given(samples=registers())
def test_a_second_round_changes_nothing(law: Law, samples: list[Sample]) -> None:
    books = law.whole
    meter = fresh(books)
    put(books, meter, samples)
    books.run()
    before = books.slots(meter), books.rows()
    books.run()
    put(books, meter, samples)
    books.run()
    assert (books.slots(meter), books.rows()) == before
