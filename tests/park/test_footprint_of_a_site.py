"""From registers' sums and entered fuels to tce and CO2: what one room counts, the next multiplies."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest

from park import term
from park.activity import Activity, entered, items
from park.consumption import consumption
from park.coverage import WHOLE, Coverage
from park.factor import Basis
from park.factor_book import FactorBook
from park.footprint import carbon, energy
from park.interval import IntervalSum
from park.metric import Medium
from park.policy import Policy
from park.registry import Registry
from tests.park.examples import meter, registry

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MONTH = term.read("2026-10")
WINDOW = (MONTH.start(), MONTH.end())
BOOK = FactorBook()
POLICY = Policy("hengkou")


class Reported(NamedTuple):
    """An entered amount as it is handed to the footprint."""

    enterprise: str
    item: str
    amount: Decimal | None
    unit: str


def reported(*activities: Activity) -> list[Reported]:
    found = entered(activities, MONTH)
    return [Reported("e01", name, one.value, items()[name].unit) for name, one in found.items()]


def site() -> Registry:
    return registry(
        replace(meter("e01-main"), metrics=("ep_imp", "ep_exp")),
        replace(meter("e01-water", medium=Medium.WATER), metrics=("volume",)),
    )


def used(number: str, carrier: str, amount: float, coverage: Coverage = WHOLE) -> IntervalSum:
    return IntervalSum(number, carrier, *WINDOW, amount, coverage)


def test_a_month_of_a_site_by_hand() -> None:
    sums = [
        used("e01-main", "electricity", 100_000.0, Coverage(0.9, 0.1)),
        used("e01-main", "electricity_export", 10_000.0),
        used("e01-water", "water", 2_000.0),
    ]
    totals = consumption(site(), (), sums, window=WINDOW)
    fuels = reported(
        Activity("e01", MONTH, "diesel", Decimal("2.5"), "t", "发票"),
        Activity("e01", MONTH, "limestone", Decimal("4.397"), "tCO2", "台账"),
        Activity("e01", MONTH, "green_power", Decimal(30), "MWh", "绿证"),
    )
    how = {"book": BOOK, "policy": POLICY, "term": MONTH, "as_of": NOW}
    coal = energy(totals, fuels, basis=Basis.EQUIVALENT, **how)  # type: ignore[arg-type]  # the values are of the types
    assert coal.total == pytest.approx(90_000 * 0.3024 / 1000 + 2.5 * 1.4571)
    gas = carbon(totals, fuels, **how)  # type: ignore[arg-type]  # the same
    assert gas.electricity.value == pytest.approx(90_000 * 0.6335 / 1000)
    assert gas.electricity_market.value == pytest.approx(60_000 * 0.6096 / 1000)
    assert gas.fuel.value == pytest.approx(2.5 * 43.33 * 0.0202 * 0.98 * 44 / 12)
    assert gas.process.value == pytest.approx(4.397)
    assert gas.total == pytest.approx(57.015 + 2.5 * 3.14512 + 4.397, abs=1e-3)


def test_a_silent_boundary_meter_is_a_gap_and_no_zero() -> None:
    totals = consumption(site(), (), [used("e01-water", "water", 2_000.0)], window=WINDOW)
    found = energy(totals, book=BOOK, policy=POLICY, term=MONTH, as_of=NOW, basis=Basis.CALORIFIC)
    assert found.total is None
    assert [gap.carrier for gap in found.gaps] == ["electricity"]


def test_a_fuel_that_was_reported_before_and_is_not_now_is_a_gap() -> None:
    before = Activity("e01", term.read("2026-09"), "diesel", Decimal(1), "t", "发票")
    found = energy((), reported(before), book=BOOK, policy=POLICY, term=MONTH, as_of=NOW, basis=Basis.CALORIFIC)
    assert found.total is None
    assert "未填报 2026-10 的柴油" in found.gaps[0].zh
