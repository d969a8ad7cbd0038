"""The row of figures at the head of the overview and of an enterprise's page."""

from collections.abc import Mapping

from api import overview
from api.console.board import Pulse
from api.console.parts import Tile
from api.console.tongue import Tongue, percent
from api.overview import Day, Total
from park.metric import Medium
from park.registry import Registry

COMPARABLE = 0.9
"""Both days must be measured at least this far before they are compared."""
ALWAYS = (Medium.ELECTRICITY, Medium.WATER, Medium.GAS)
"""Media that have a tile in the park's overview even where no meter of theirs is registered."""


class Tiles:
    """Power now, each medium today, meters online."""

    def __init__(
        self, t: Tongue, registry: Registry, *, always: tuple[Medium, ...] = ALWAYS, rate: bool = True
    ) -> None:
        self._t = t
        self._meters = registry.meters
        self._scope = registry
        self._rate = rate
        self.power = Tile(t("power_now"), "electricity")
        media = [m for m, r in overview.REGISTERS.items() if m in always or overview.boundary(registry, m, r)]
        self._totals: Mapping[Medium, Tile] = {m: Tile(t(f"{m}_today"), m) for m in media}
        self._online = Tile(t("meters_online"), "online")

    def tell(self, pulse: Pulse, day: Day | None) -> None:
        """Fill in what is known now; `day` is None until the store has answered."""
        t = self._t
        power = pulse.flow(self._scope, Medium.ELECTRICITY)
        self.power.figure(power, t, t("as_of", time=t.moment(power.as_of, pulse.now)))
        up = sum(pulse.up(meter) for meter in self._meters)
        share = percent(up / len(self._meters)) if self._meters else "—"
        never = sum(pulse.online.get(meter.id) is None for meter in self._meters)
        self._online.show(
            f"{up:,}",
            f"/ {len(self._meters):,}",
            " · ".join([share, *([t("never_heard_n", n=never)] if never else [])]),
            t("messages_a_second", n=f"{pulse.rate:,.1f}") if self._rate else "",
        )
        if day is None:
            return
        for medium, tile in self._totals.items():
            total = day.totals[medium]
            tile.figure(total.today, t, t("as_of", time=t.time(day.now)), against(total, t))


def against(total: Total, t: Tongue) -> str:
    """Compare today with yesterday until the same time, where both were measured well enough to be compared."""
    today, before = total.today, total.before
    if today.value is None or not before.value or min(today.coverage.share, before.coverage.share) < COMPARABLE:
        return ""
    change = (today.value / before.value - 1) * 100
    return t("against_yesterday", change=f"{change:+.1f} %".replace("-", "−"))
