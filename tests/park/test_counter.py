"""Counters: what must hold for every meter, then the awkward cases by name."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.counter import Cause, Sample, per_slot, steps

T0 = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minute: float, total: float) -> Sample:
    return Sample(T0 + minute * MINUTE, total)


@st.composite
def meters(draw: st.DrawFn) -> list[Sample]:
    """A meter that only ever grows, sampled at irregular times."""
    gaps = draw(st.lists(st.integers(1, 3_000), min_size=1, max_size=30))
    adds = draw(st.lists(st.integers(0, 1_000), min_size=len(gaps), max_size=len(gaps)))
    samples, minute, total = [], 0, draw(st.integers(0, 10_000))
    for gap, add in zip(gaps, adds, strict=True):
        minute, total = minute + gap, total + add
        samples.append(at(minute, float(total)))
    return samples


@given(meters())
def test_consumption_is_last_minus_first(samples: list[Sample]) -> None:
    assert sum(s.amount for s in steps(samples)) == pytest.approx(samples[-1].total - samples[0].total)


@given(meters(), st.sampled_from([15, 30, 60, 1440]))
def test_slots_neither_make_nor_lose_energy(samples: list[Sample], minutes: int) -> None:
    parts = list(steps(samples))
    assert sum(per_slot(parts, minutes * MINUTE).values()) == pytest.approx(sum(p.amount for p in parts))


@given(meters(), st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(samples: list[Sample], rng: object) -> None:
    shuffled = samples + samples[: len(samples) // 2]
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(steps(shuffled)) == list(steps(samples))


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0, 1e6)), max_size=30))
def test_never_negative_whatever_the_meter_says(raw: list[tuple[int, float]]) -> None:
    assert all(s.amount >= 0 for s in steps(at(m, v) for m, v in raw))


@pytest.mark.parametrize(
    ("name", "totals", "used", "cause"),
    [
        ("meter replaced by a new one",  [50_000.0, 3.0, 5.0],       5.0, Cause.RESET),
        ("meter replaced by a used one", [10.0, 70_000.0, 70_001.0], 1.0, Cause.RESET),
        ("register rolls over",          [99_998.0, 1.0],            3.0, Cause.ROLLOVER),
        ("one bad low sample",           [50_000.5, 24.0, 50_001.0], 0.5, Cause.METERED),
        ("one bad high sample",          [10.0, 99_999.0, 11.0],     1.0, Cause.METERED),
        ("a small dip",                  [5_000.5, 4_900.0, 5_001.], 0.5, Cause.METERED),
    ],
)  # fmt: skip
def test_awkward_meters(name: str, totals: list[float], used: float, cause: Cause) -> None:
    parts = list(steps([at(i, v) for i, v in enumerate(totals)], rated=600.0, rollover_at=100_000.0))
    assert sum(p.amount for p in parts) == pytest.approx(used), name
    assert cause in {p.cause for p in parts}, name
