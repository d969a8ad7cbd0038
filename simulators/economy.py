"""What the invented enterprises report: statements and entered activities of each month, from the tables beside this.

Output is per 亩 and year by sector, and each enterprise has a size and a margin of its own.  The month before the
present one is a flash estimate, and one enterprise has not reported it yet: so it is in every park.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

import numpy as np

from park.activity import Activity
from park.amount import Status
from park.instant import to_ms
from park.statement import Statement
from park.term import MONTHS, Span, Term, month_of
from simulators.days import presence, split
from simulators.noise import stream, uniform
from simulators.profile import table

PAST_MONTHS: Final = 25
"""Two years, so that a year can be compared with the one before."""
LAGGARD: Final = "e19"
"""The one that reports late."""
BASE_YEAR: Final = 2026
IDLE: Final = 0.2
"""The share of output that goes on without anybody."""
CENT: Final = Decimal("0.01")
DEMO_SOURCE: Final = "演示数据 / demonstration"


DEMO_POLICY: Final[dict[str, object]] = {
    "losses": {"electricity": [0, 0.12], "water": [0, 0.10]},
    "reason": "演示园区: 照明等负荷未装分表 / demonstration: lighting has no sub-meters",
}


def demo_factors(park: str) -> list[dict[str, object]]:
    """Give the factors of its own that the park has to enter: what its boiler house delivers, what one kiln burns."""
    steam = {"pressure": 0.8, "unit": "MPa", "reference": "gauge", "dryness": 1}
    coal = {"ncv": 23.204, "unit": "MJ/kg"}
    return [
        {
            "park": park,
            "key": "steam",
            "purpose": "heat_content",
            "unit": "GJ/t",
            "source": DEMO_SOURCE,
            "steam": steam,
        },
        {
            "enterprise": "e18",
            "key": "bituminous_coal",
            "purpose": "energy_calorific",
            "unit": "kgce/kg",
            "source": DEMO_SOURCE,
            "measured": coal,
        },
    ]


def demo_statements(seed: int, now: datetime) -> list[Statement]:
    """Give the statements of every whole month before `now`, the oldest first."""
    sectors = {row["sector"]: row for row in table("economy")}
    seasons = {row["id"]: [float(one) for one in row["months"].split()] for row in table("sectors")}
    present = month_of(now)
    found: list[Statement] = []
    for month in _months(present):
        newest = month.last == present.last - 1
        for row in table("enterprises"):
            if newest and row["id"] == LAGGARD:
                continue
            sector = sectors[row["sector"]]
            season = seasons[row["sector"]][month.last % MONTHS]
            found.append(
                Statement(
                    row["id"],
                    month,
                    Status.FLASH if newest else Status.VERIFIED,
                    _values(seed, row, sector, season, month),
                )
            )
    return found


def demo_activities(seed: int, now: datetime) -> list[Activity]:
    """Give what is entered rather than metered, of the same months."""
    seasons = {row["id"]: [float(one) for one in row["months"].split()] for row in table("sectors")}
    return [
        Activity(
            row["enterprise"],
            month,
            row["item"],
            _rounded(
                float(row["amount"])
                * seasons[row["season"]][month.last % MONTHS]
                * _draw(seed, row["enterprise"], row["item"], month.last, between=(0.92, 1.08))
            ),
            row["unit"],
            evidence=DEMO_SOURCE,
        )
        for month in _months(month_of(now))
        for row in table("activities")
    ]


def _months(present: Term) -> list[Term]:
    return [Term(Span.MONTH, present.last - back) for back in range(PAST_MONTHS, 0, -1)]


def _values(
    seed: int, enterprise: dict[str, str], sector: dict[str, str], season: float, month: Term
) -> dict[str, Decimal | None]:
    name, area_mu = enterprise["id"], float(enterprise["area_mu"])
    years = (month.last - BASE_YEAR * MONTHS) / MONTHS
    growth = float(sector["growth"]) * _draw(seed, name, "growth", 0, between=(0.2, 1.8))
    size = _draw(seed, name, "size", 0, between=(0.62, 1.45))
    margin = _draw(seed, name, "margin", 0, between=(0.82, 1.18))
    there = IDLE + (1 - IDLE) * _presence(month)
    monthly = area_mu * float(sector["output"]) / MONTHS * size * season * there * (1 + growth) ** years
    output = monthly * _draw(seed, name, "output", month.last, between=(0.96, 1.04))
    revenue = output * _draw(seed, name, "revenue", month.last, between=(0.94, 1.01))
    employees = area_mu * float(sector["employees"]) * size * (1 + growth / 3) ** years
    return {
        "value_added": _rounded(output * float(sector["value_added"]) * margin),
        "output": _rounded(output),
        "revenue": _rounded(revenue),
        "tax": _rounded(
            revenue * float(sector["tax"]) * margin * _draw(seed, name, "tax", month.last, between=(0.85, 1.15))
        ),
        "rd": _rounded(revenue * float(sector["rd"]) * _draw(seed, name, "rd", month.last, between=(0.7, 1.3))),
        "employees": Decimal(round(employees)),
        "value_added_growth": _rounded(100 * growth * _draw(seed, name, "real", month.last, between=(0.8, 1.1))),
    }


def _presence(month: Term) -> float:
    """Give the share of people that the month's holidays leave at work."""
    start, end = (int(split(np.array([to_ms(at)]))[0][0]) for at in (month.start(), month.end()))
    return float(presence(np.arange(start, end, dtype=np.int64)).mean())


def _draw(seed: int, name: str, what: str, place: int, *, between: tuple[float, float]) -> float:
    """Give a number of an enterprise's own, somewhere between two."""
    drawn = uniform(stream(seed, name, "economy", what), np.array([place], dtype=np.int64))
    low, high = between
    return low + (high - low) * float(drawn[0])


def _rounded(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(CENT)
