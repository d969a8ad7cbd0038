"""Every unit that a board may say is one that pint knows, and every unit of our tables can be said."""

import pytest

from grafana.units import OURS, PLAIN, WRITTEN, meant, shown
from park.carrier import carriers
from park.indicator import indicators
from park.metric import metrics
from park.units import parse

TABLES = {
    *(metric.unit for metric in metrics().values()),
    *(carrier.unit for carrier in carriers().values()),
    *(indicator.unit for indicator in indicators().values()),
}


@pytest.mark.parametrize("unit", sorted(TABLES))
def test_every_unit_of_metrics_carriers_and_indicators_can_be_shown(unit: str) -> None:
    assert meant(shown(unit)) == unit


@pytest.mark.parametrize("unit", sorted({*OURS, *WRITTEN}))
def test_every_unit_that_is_shown_is_one_that_pint_knows(unit: str) -> None:
    assert parse(unit) is not None


def test_no_two_of_ours_are_one_of_grafanas() -> None:
    said = [*OURS.values(), *PLAIN.values(), *(f"suffix:{unit}" for unit in WRITTEN)]
    assert len(said) == len(set(said))
    assert not {*OURS} & {*PLAIN} | {*OURS} & {*WRITTEN} | {*PLAIN} & {*WRITTEN}


@pytest.mark.parametrize("unknown", ["kwattt", "suffix:bananas", "", "currencyUSD"])
def test_a_unit_of_grafanas_that_stands_in_no_table_means_nothing(unknown: str) -> None:
    assert meant(unknown) is None


def test_a_unit_of_nobodys_cannot_be_shown() -> None:
    with pytest.raises(KeyError):
        shown("bananas")
