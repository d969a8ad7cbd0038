"""The bench of panels takes each one's middle time, and says which was slowest."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

from grafana.run import Asked, Frame, Stores
from smartpark.bench_panels import Bench

END = datetime(2026, 11, 24, tzinfo=UTC)


class Slow(Stores):
    """Stores in which every question takes what its text says, by a clock of their own."""

    def __init__(self) -> None:
        """Begin at 0."""
        object.__setattr__(self, "now", 0.0)
        object.__setattr__(self, "asked", count())

    def ask(self, asked: Asked) -> list[Frame]:
        """Take its time; the very first question of all takes a second more."""
        more = 1.0 if next(self.asked) == 0 else 0.0  # type: ignore[attr-defined]  # set above
        object.__setattr__(self, "now", self.now + float(asked.query) + more)  # type: ignore[attr-defined]  # as above
        return []


def panel(title: str, *seconds: float) -> dict[str, object]:
    """Write a panel that asks some questions."""
    targets = [{"refId": "A", "query": str(one)} for one in seconds]
    return {"title": title, "datasource": {"uid": "park-1d"}, "targets": targets}


def test_a_panel_waits_for_all_its_questions_and_one_slow_time_is_no_matter() -> None:
    stores = Slow()
    board: Mapping[str, object] = {"panels": [panel("a", 0.01), panel("b", 0.02, 0.03), panel("c", 0.2)]}
    bench = Bench({"park-x": board}, stores, times=3, clock=lambda: stores.now)  # type: ignore[attr-defined]  # set above
    [day] = bench.measure(END, {"day": timedelta(days=1)}).ranges
    assert (day.panels, round(day.p50_ms), round(day.p95_ms), round(day.longest_ms)) == (3, 50, 200, 200)
    assert day.slowest == "park-x: c"
    assert "3 panels" in bench.measure(END, {"day": timedelta(days=1)}).report()
