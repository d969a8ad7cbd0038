"""A year of a real steel plant's electricity: standard coal by both bases, CO2 by three grids and three years.

The file is the UCI data set 851 (Steel Industry Energy Consumption, CC BY 4.0); every expected figure below is written
out by hand from its sum.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from park import term
from park.coverage import WHOLE, Coverage
from park.factor import Basis
from park.factor_book import FactorBook
from park.footprint import carbon, energy
from park.policy import Policy
from tests.simulators.data import shared

BOOK = FactorBook()
POLICY = Policy("hengkou")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
YEAR_KWH = Decimal("959636.71")
MONTHS_KWH = {
    1: Decimal("126238.29"),
    2: Decimal("91497.34"),
    3: Decimal("80230.41"),
    4: Decimal("78769.80"),
    5: Decimal("79059.28"),
    6: Decimal("65404.64"),
    7: Decimal("81674.41"),
    8: Decimal("68559.43"),
    9: Decimal("57883.07"),
    10: Decimal("84665.65"),
    11: Decimal("86217.61"),
    12: Decimal("59436.78"),
}


@dataclass(frozen=True)
class Power:
    amount: float
    enterprise: str = "e01"
    carrier: str = "electricity"
    unit: str = "kWh"
    coverage: Coverage = WHOLE


def months() -> dict[int, Decimal]:
    """Add up the file by local month; the slot that ends at midnight carries the date of the day it ends."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    with shared("steel-industry-2018.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        sums[int(row["date"][3:5])] += Decimal(row["Usage_kWh"])
    return dict(sums)


def test_the_year_is_the_sum_of_its_months() -> None:
    found = months()
    assert found == MONTHS_KWH
    assert sum(found.values()) == YEAR_KWH
    assert round(YEAR_KWH) == 959_637


@pytest.mark.parametrize(
    ("name", "text", "basis", "by_hand"),
    [
        ("calorific, whatever the year: 959636.71 × 0.1229 / 1000", "2018", Basis.CALORIFIC, "117.939351659"),
        ("equivalent by the 2020 value: 959636.71 × 0.3055 / 1000", "2023", Basis.EQUIVALENT, "293.169014905"),
        ("equivalent by the 2024 value: 959636.71 × 0.3024 / 1000", "2024", Basis.EQUIVALENT, "290.194141104"),
    ],
)
def test_its_standard_coal(name: str, text: str, basis: Basis, by_hand: str) -> None:
    power = Power(float(sum(months().values())))
    found = energy([power], book=BOOK, policy=POLICY, term=term.read(text), as_of=NOW, basis=basis)
    assert found.total == pytest.approx(float(by_hand), rel=1e-12), name


@pytest.mark.parametrize(
    ("text", "region", "by_hand"),
    [
        ("2021", "national",  "534.325720128"),  # 959636.71 × 0.5568 / 1000
        ("2021", "northwest", "571.079806121"),  # 959636.71 × 0.5951 / 1000
        ("2021", "shaanxi",   "608.025819456"),  # 959636.71 × 0.6336 / 1000
        ("2022", "national",  "514.941058586"),  # 959636.71 × 0.5366 / 1000
        ("2022", "northwest", "562.059221047"),  # 959636.71 × 0.5857 / 1000
        ("2022", "shaanxi",   "629.329754418"),  # 959636.71 × 0.6558 / 1000
        ("2023", "national",  "509.183238326"),  # 959636.71 × 0.5306 / 1000
        ("2023", "northwest", "531.926628353"),  # 959636.71 × 0.5543 / 1000
        ("2023", "shaanxi",   "607.929855785"),  # 959636.71 × 0.6335 / 1000
    ],
)  # fmt: skip
def test_its_co2_by_grid_and_data_year(text: str, region: str, by_hand: str) -> None:
    power = Power(float(sum(months().values())))
    policy = replace(POLICY, region=region)
    found = carbon([power], book=BOOK, policy=policy, term=term.read(text), as_of=NOW)
    assert found.total == pytest.approx(float(by_hand), rel=1e-12)
    assert found.electricity.lines[0].factors[0].region == region


def test_its_co2_of_2018_is_not_guessed_from_a_later_year() -> None:
    found = carbon([Power(959_636.71)], book=BOOK, policy=POLICY, term=term.read("2018"), as_of=NOW)
    assert found.total is None
    assert "最早为 2021 年" in found.all.gaps[0].zh


def test_the_months_standard_coal_adds_up_to_the_years() -> None:
    by_month = [
        energy(
            [Power(float(amount))],
            book=BOOK,
            policy=POLICY,
            term=term.read(f"2024-{month:02}"),
            as_of=NOW,
            basis=Basis.EQUIVALENT,
        ).total
        for month, amount in months().items()
    ]
    assert by_month[0] == pytest.approx(126238.29 * 0.3024 / 1000)
    assert sum(filter(None, by_month)) == pytest.approx(290.194141104)
