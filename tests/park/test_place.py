"""Places: ids, and the multiplier in force at an instant."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.place import IDENTIFIER, Multiplier, Role
from tests.park.examples import meter, registry

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
SECOND = datetime(2025, 7, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
CHANGED = (Multiplier(FIRST, 8_000.0), Multiplier(SECOND, 12_000.0))


@pytest.mark.parametrize(
    ("sentence", "at", "expected"),
    [
        ("before the first there is none",           FIRST - TICK,                None),
        ("the first is in force from its instant",   FIRST,                       8_000.0),
        ("and until just before the next",           SECOND - TICK,               8_000.0),
        ("the next is in force from its instant",    SECOND,                      12_000.0),
        ("and for ever after",                       datetime(9000, 1, 1, tzinfo=UTC), 12_000.0),
        ("the same instant in Beijing time",         SECOND.astimezone(timezone(timedelta(hours=8))), 12_000.0),
    ],
)  # fmt: skip
def test_the_multiplier_in_force(sentence: str, at: datetime, expected: float | None) -> None:
    assert meter(multipliers=CHANGED).multiplier(at) == expected, sentence


def test_a_meter_without_multipliers_counts_as_it_reads() -> None:
    assert meter().multiplier(datetime(1970, 1, 1, tzinfo=UTC)) == 1.0


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=8, unique=True).map(sorted), st.integers(-1, 10_001))
def test_the_multiplier_is_the_last_one_begun(hours: list[int], hour: int) -> None:
    multipliers = tuple(Multiplier(FIRST + timedelta(hours=since), float(since + 1)) for since in hours)
    begun = [float(since + 1) for since in hours if since <= hour]
    asked = meter(multipliers=multipliers).multiplier(FIRST + timedelta(hours=hour))
    assert asked == (begun[-1] if begun else None)


@pytest.mark.parametrize("good", ["e01", "e01-main", "a", "0", "_", "-", "m" * 64])
def test_an_id_is_small_letters_digits_and_dashes(good: str) -> None:
    assert IDENTIFIER.fullmatch(good)


@pytest.mark.parametrize("bad", ["", "E01", "e 1", "e/1", "e.1", "e+", "#", "é", "企业", "e1\n", "m" * 65, "²"])
def test_an_id_is_nothing_else(bad: str) -> None:
    assert not IDENTIFIER.fullmatch(bad)


def test_the_registry_finds_by_id_and_tells_meters_by_enterprise_and_role() -> None:
    one, other = meter("m1"), meter("m2")
    known = registry(one, other)
    assert known.by_meter == {"m1": one, "m2": other}
    assert list(known.by_enterprise) == ["e01"]
    assert list(known.meters_of("e01")) == list(known.meters_of()) == [one, other]
    assert list(known.meters_of("e02")) == []
    assert list(known.meters_of("e01", role=Role.SUB)) == []
    assert list(known.meters_of(role=Role.BOUNDARY)) == [one, other]
