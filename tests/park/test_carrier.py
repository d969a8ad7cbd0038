"""Carriers: the table fits the metrics, and every metered medium has one."""

import pytest

from park.carrier import Carrier, by_medium, carriers
from park.metric import Kind, Medium, metrics
from park.units import conversion


@pytest.mark.parametrize("carrier", carriers().values(), ids=str)
def test_a_metered_carrier_is_counted_by_registers_of_its_medium_in_its_unit(carrier: Carrier) -> None:
    conversion(carrier.unit, carrier.unit)
    for name in filter(None, (carrier.register, carrier.export)):
        metric = metrics()[name]
        assert metric.kind is Kind.REGISTER
        assert carrier.medium in metric.media
        assert metric.unit == carrier.unit
    assert (carrier.medium is None) == (carrier.register is None)


def test_every_medium_with_a_register_has_a_carrier() -> None:
    counted = {medium for metric in metrics().values() if metric.kind is Kind.REGISTER for medium in metric.media}
    assert counted == by_medium().keys()
    assert Medium.SAFETY not in by_medium()
