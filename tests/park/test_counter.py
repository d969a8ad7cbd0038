"""The counter ledger: what must hold for every register, then the awkward ones by name."""

import pytest

from park.counter import Rule, balance
from park.steps import Cause
from tests.park.registers import KNOWN, UNKNOWN, read, used

AWKWARD = [
    ("replaced by a new meter",  [50_000.0, 3.0, 5.0],       5.0, Cause.RESET),
    ("replaced by a used meter", [10.0, 70_000.0, 70_001.0], 1.0, Cause.REPLACEMENT),
    ("rolls over",               [99_998.0, 1.0],            3.0, Cause.ROLLOVER),
    ("one bad low sample",       [50_000.5, 24.0, 50_001.0], 0.5, Cause.METERED),
    ("one bad high sample",      [10.0, 99_999.0, 11.0],     1.0, Cause.METERED),
    ("a small dip",              [5_000.5, 4_900.0, 5_001.], 0.5, Cause.METERED),
]  # fmt: skip


@pytest.mark.parametrize(("name", "totals", "truth", "cause"), AWKWARD)
def test_awkward_meters(name: str, totals: list[float], truth: float, cause: Cause) -> None:
    made = read(totals, rule=KNOWN)
    assert used(made) == pytest.approx(truth), name
    assert cause.value in made.steps.causes(), name
    assert balance(made) == pytest.approx(0.0, abs=1e-9), name


@pytest.mark.parametrize("rule", [KNOWN, UNKNOWN])
def test_one_bad_sample_neither_makes_nor_eats_energy_even_where_nobody_said_what_is_plausible(rule: Rule) -> None:
    good = [1_000.0 + number for number in range(40)]
    for bad in (0.0, 24.0, 990.0, 1_500.0, 99_999.0):
        made = read([*good[:20], bad, *good[21:]], rule=rule)
        assert used(made) == pytest.approx(39.0)
        assert len(made.distrusted) == 1
        assert made.suspicions == ()
