"""A simulated device of each dialect, over a real broker and the collector: what flowed is what is stored."""

from pathlib import Path

import numpy as np
import pytest

from park.metric import Kind, metrics
from simulators import dialects
from simulators.device import Device
from tests.e2e.program import Program, run
from tests.e2e.stored import quarantined, register, rows
from tests.e2e.test_dialects import subscribed
from tests.mosquitto import Mosquitto
from tests.ports import free_port

SEED = 11
MILLIONTH = 1e-6
"""Of a unit that was turned there and back."""


@pytest.mark.broker
def test_what_flowed_through_a_device_of_each_dialect_is_what_is_stored(mosquitto: Mosquitto, tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    data.mkdir()
    register(data, dialects.registry())
    with (
        Program(tmp_path, "collector", "--data-dir", "data", name="collector", mqtt_url=mosquitto.url) as collector,
        Program(
            tmp_path, "hj212", "--data-dir", "data", name="hj212", mqtt_url=mosquitto.url, hj212_port=str(port)
        ) as listener,
    ):
        collector.until(lambda: subscribed(mosquitto, "gw/d01/up"), "it hears the gateways")
        listener.until(lambda: listener.events("HJ 212 listener"), "it listens")
        words = ["--period", "1", "--seed", str(SEED), "--minutes", "0.1", "--hj212-tcp", f"127.0.0.1:{port}"]
        code, out, err = run(tmp_path, "simulate", "dialects", "--mqtt-url", mosquitto.url, *words, "--json")
        assert code == 0, err
        assert '"all_acknowledged": true' in out
        assert listener.end() == 0, listener.err
        assert collector.end() == 0, collector.err
    assert quarantined(data) == []
    stored: dict[tuple[str, str], dict[int, float]] = {}
    for meter, metric, ms, value, quality in rows(data):
        assert quality == 0, (meter, metric)
        stored.setdefault((meter, metric), {})[ms] = value
    cast = dialects.devices(SEED)
    assert set(stored) == {(device.meter.id, metric) for device in cast for metric in device.meter.metrics}
    for device in cast:
        _is_true(device, stored)


def _is_true(device: Device, stored: dict[tuple[str, str], dict[int, float]]) -> None:
    """Hold what is stored of a device against the closed form of what flows through it."""
    meter = device.meter
    multiplier = meter.multipliers[-1].value if meter.multipliers else 1.0
    for name in meter.metrics:
        found = stored[meter.id, name]
        assert len(found) >= 3, (meter.id, name)
        times = sorted(found)
        factor = multiplier if metrics()[name].scaled else 1.0
        shown = [dialects.shows(device, at)[name] * factor for at in times]
        assert [found[at] for at in times] == pytest.approx(shown, abs=MILLIONTH), (meter.id, name)
        if metrics()[name].kind is not Kind.REGISTER:
            continue
        assert device.flow is not None
        flowed = np.diff(device.flow.total(np.array(times, np.int64)))
        counted = np.diff([found[at] for at in times])
        digit = multiplier * 1e-4
        assert np.abs(counted - flowed).max() <= digit + MILLIONTH, (meter.id, name)
        assert flowed.sum() > 0, (meter.id, name)
