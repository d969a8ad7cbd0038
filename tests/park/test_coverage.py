"""Coverage: shares of time that add up, and never hide what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.coverage import NOTHING, WHOLE, Coverage, joined

SHARES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda two: Coverage(two[0], (1 - two[0]) * two[1]))


@given(st.lists(st.tuples(SHARES, st.floats(0.1, 1e6)), min_size=1, max_size=20))
def test_joining_neither_measures_nor_loses_time(parts: list[tuple[Coverage, float]]) -> None:
    whole = joined(parts)
    total = sum(weight for _, weight in parts)
    assert whole.measured * total == pytest.approx(sum(one.measured * weight for one, weight in parts))
    assert whole.missing * total == pytest.approx(sum(one.missing * weight for one, weight in parts), abs=1e-6 * total)


def test_of_nothing_nothing_is_covered() -> None:
    assert joined([]) == NOTHING
    assert joined([(WHOLE, 0.0)]) == NOTHING


@pytest.mark.parametrize(("measured", "estimated"), [(-0.1, 0.0), (0.6, 0.6), (1.1, 0.0), (float("nan"), 0.0)])
def test_what_is_no_share_is_refused(measured: float, estimated: float) -> None:
    with pytest.raises(ValueError, match="shares"):
        Coverage(measured, estimated)
