"""The bench of the figures measures what it says."""

from itertools import count

from smartpark.bench_figures import CARRIERS, MONTH, measure


def test_every_enterprise_comes_from_its_slots_to_its_figures() -> None:
    ticks = count()
    result = measure(enterprises=3, clock=lambda: float(next(ticks)))
    days = (MONTH.end() - MONTH.start()).days
    assert result.intervals == 3 * len(CARRIERS) * days * 96
    assert result.figures > 3 * 20, "each has some twenty, and so have its industry and the park"
    assert (result.sums_s, result.made_s, result.published_s, result.again_s) == (1.0, 1.0, 1.0, 1.0)
    assert "3 enterprises" in result.report()
