"""Lives of registers for properties: what one showed, minute by minute, and what was really used."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

WIDTH = 100_000.0
CALM = 3
"""So many good readings stand between two troubles."""


@dataclass
class Life:
    """A register's life so far."""

    total: float
    totals: list[float] = field(default_factory=list)
    used: float = 0.0
    bad: int = 0
    events: list[str] = field(default_factory=list)

    def count(self, gains: list[float]) -> None:
        """Count on, one reading a gain."""
        for gain in gains:
            self.total += gain
            self.used += gain if self.totals else 0.0
            self.totals.append(self.total)

    def trouble(self, name: str, size: float) -> None:
        """Live through an awkward event; the register has counted before."""
        if name == "rollover" and max(self.totals) >= WIDTH / 2:
            name = "used meter"
        self.events.append(name)
        if name == "new meter":
            self.total = size % 10
            self.used += self.total
            self.totals.append(self.total)
        elif name == "used meter":
            # Never back to what an earlier one showed: the samples between would look like bad ones, and rightly.
            self.total = max(self.totals) + 20_000 + size
            self.totals.append(self.total)
        elif name == "rollover":
            # It is first replaced by one about to roll over, which is seen counting for a while.
            self.total = WIDTH - CALM - size % 1 - 1
            self.totals.append(self.total)
            self.count([1.0] * CALM)
            self.used += 2.0
            self.total += 2.0 - WIDTH
            self.totals.append(self.total)
        else:
            self.bad += 1
            low, high, dip = self.total - 300 - size % 1_000, self.total + 20_000 + size, self.total * 0.95
            self.totals.append({"low": max(low, 0.0), "high": high, "dip": dip}[name])


NAMES = ("new meter", "used meter", "rollover", "low", "high", "dip")
BAD = {"low", "high", "dip"}
ZERO = {"new meter", "rollover"}


def few(names: list[str]) -> bool:
    """Tell whether the bad samples are fewer than what another device under the same id would send."""
    return sum(name in BAD for name in names) <= 3


@st.composite
def lives(draw: st.DrawFn, names: tuple[str, ...] = NAMES) -> Life:
    """A life with up to five awkward events, each with a few good readings before and after."""
    life = Life(draw(st.integers(2_000, 20_000)) * 1.0)
    gains = st.lists(st.integers(0, 9).map(float), min_size=CALM, max_size=40)
    life.count(draw(gains))
    for name in draw(st.lists(st.sampled_from(names or NAMES), max_size=5 if names else 0).filter(few)):
        # A second register that begins at 0 could go on just where the first one stopped: nobody could tell them apart.
        again = name in ZERO and bool(ZERO.intersection(life.events))
        life.trouble("used meter" if again else name, draw(st.floats(0, 30_000)))
        life.count(draw(gains))
    return life
