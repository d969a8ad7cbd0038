"""Acceptances listen to simulated devices over a real broker: a good one fails nothing, a bad one exactly its fault."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypedDict

import pytest

from adapters import clock
from adapters.eavesdrop import Eavesdropper
from adapters.endpoint import Endpoint
from park.acceptance.examine import Acceptance, examine
from park.acceptance.item import Item
from park.acceptance.listened import filters, requests
from park.instant import to_ms
from park.place import Meter
from park.registry import Registry
from simulators import dialects
from simulators.faults.lines import ClockSkew, Dropout, Duplicate, FlappingLine, OutOfOrder, Reconnects
from simulators.faults.registers import MultiplierChange, Replacement, Reset, Rollover
from simulators.faults.said import Said
from simulators.faults.sensors import Spike, Stuck
from simulators.faults.strangers import Broken, Malformed, TwoDevices
from simulators.faults.units import UnitChange
from simulators.load.crowd import Way
from simulators.load.run import run
from tests.e2e.faulty_device import CT, LASTS, PERIOD, Faulty, Make, known, registered
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.ports import LOOPBACK

pytestmark = [pytest.mark.broker, pytest.mark.slow]
ZERO, MIDDLE, LATE = timedelta(0), timedelta(seconds=4), timedelta(seconds=6)
HEAD_START = 3_000
"""Until the first message, in ms: each listener has subscribed."""


@dataclass(frozen=True)
class Case:
    """One device, how it is spoilt, and the items for which it fails."""

    items: frozenset[Item] = frozenset()
    fault: Make | None = None
    how: tuple[tuple[str, object], ...] = ()
    plug: bool = False


def case(*items: Item, fault: Make | None = None, plug: bool = False, **how: object) -> Case:
    """Write a case."""
    return Case(frozenset(items), fault, tuple(how.items()), plug)


def without_time(said: Said) -> Said:
    """Leave out the device's own time."""
    return replace(said, at=None)


class At(TypedDict):
    """Where a fault begins, and of which meters."""

    at: timedelta
    meters: tuple[str, ...]


def at(start: timedelta, meter: str) -> At:
    """Write it."""
    return {"at": start, "meters": (meter,)}


def broken(how: Broken) -> Make:
    """Break one message in four."""
    return lambda meter: Malformed(**at(ZERO, meter), how=how, every=4)


CASES: dict[str, Case] = {
    "it is well": case(),
    "it is well, and comes back after the plug was pulled": case(plug=True),
    "it says a unit each time": case(
        fault=lambda m: UnitChange(**at(ZERO, m), metric="p", unit="W", announced=True)
    ),
    "it keeps what it could not send, and sends it as history": case(
        fault=lambda m: Dropout(**at(MIDDLE, m), until=MIDDLE + 2 * PERIOD, buffered=True, catch_up=600)
    ),
    "its clock is fast": case(Item.OFFSET, fault=lambda m: ClockSkew(**at(ZERO, m), fast=timedelta(seconds=40))),
    "its clock is slow": case(Item.OFFSET, fault=lambda m: ClockSkew(**at(ZERO, m), slow=timedelta(hours=8))),
    "its register stands still": case(Item.MULTIPLIER, fault=lambda m: Stuck(**at(ZERO, m), metric="ep_imp")),
    "its power is that of an idle moment": case(Item.MULTIPLIER, fault=lambda m: Spike(
        **at(ZERO, m), metric="p", value=1.0, samples=1_000)),
    "one power is impossible": case(Item.RANGE, fault=lambda m: Spike(**at(MIDDLE, m), metric="p", value=1e9)),
    "one register value is from nowhere": case(
        Item.MONOTONY, fault=lambda m: Spike(**at(MIDDLE, m), metric="ep_imp", value=4_000.0)
    ),
    "it says W where kW is registered, and so more than there can be": case(
        Item.RANGE, fault=lambda m: UnitChange(**at(ZERO, m), metric="p", unit="W")
    ),
    "it says Wh where kWh is registered": case(
        Item.MULTIPLIER, Item.RATING, fault=lambda m: UnitChange(**at(ZERO, m), metric="ep_imp", unit="Wh")
    ),
    "it stands behind smaller transformers than registered": case(
        Item.RATING, fault=lambda m: MultiplierChange(**at(ZERO, m), before=CT, after=CT / 8)
    ),
    "its register runs over": case(Item.MONOTONY, fault=lambda m: Rollover(**at(MIDDLE, m), width=1e4)),
    "its register is set back": case(Item.MONOTONY, fault=lambda m: Reset(**at(MIDDLE, m))),
    "a new meter takes its place": case(Item.MONOTONY, fault=lambda m: Replacement(**at(MIDDLE, m), opening=12.0)),
    "a used meter takes its place": case(Item.RATING, fault=lambda m: Replacement(**at(MIDDLE, m), opening=90_000.0)),
    "two devices share its id": case(Item.MONOTONY, fault=lambda m: TwoDevices(**at(ZERO, m), opening=700.0)),
    "each message comes again": case(Item.SEQUENCE, fault=lambda m: Duplicate(**at(ZERO, m), after=PERIOD / 2)),
    "messages overtake one another": case(Item.SEQUENCE, fault=lambda m: OutOfOrder(**at(ZERO, m), by=4 * PERIOD)),
    "it loses what it could not send": case(
        Item.SEQUENCE, fault=lambda m: Dropout(**at(MIDDLE, m), until=MIDDLE + 4 * PERIOD)
    ),
    "its line comes and goes": case(
        Item.SEQUENCE, Item.JITTER, fault=lambda m: FlappingLine(**at(ZERO, m), on=4 * PERIOD, off=2 * PERIOD)
    ),
    **{
        f"one message in four is broken: {how}": case(item, fault=broken(how))
        for how, item in (
            (Broken.CUT, Item.PAYLOAD), (Broken.TEXT, Item.PAYLOAD), (Broken.NAN, Item.PAYLOAD),
            (Broken.TIME, Item.PAYLOAD), (Broken.EMPTY, Item.PAYLOAD), (Broken.UNIT, Item.UNITS),
            (Broken.METRIC, Item.UNITS),
        )
    },
    "it publishes with QoS 0": case(Item.QOS, qos=0),
    "its values are retained": case(Item.RETAINED, retain=True),
    "it sets no last will": case(Item.LAST_WILL, will=False, plug=True),
    "it says no time": case(Item.TIME, alter=without_time),
}  # fmt: skip


@contextmanager
def listening(broker: Mosquitto, meter: Meter) -> Iterator[Eavesdropper]:
    """Listen to a meter until the end of the block."""
    target = Endpoint(LOOPBACK, broker.port)
    ear = Eavesdropper(
        target, filters(meter), version="5", clock=clock.now, asks=requests(meter, clock.now())
    )  # fmt: skip
    stop = threading.Event()
    thread = threading.Thread(target=ear.run, args=(stop,))
    thread.start()
    try:
        yield ear
    finally:
        stop.set()
        thread.join()


def play(broker: Mosquitto, cases: dict[str, Case]) -> dict[str, Acceptance]:
    """Let all of them speak at once, and listen to each."""
    ids = {sentence: f"m{number:02d}" for number, sentence in enumerate(cases)}
    registry = known(*(registered(meter) for meter in ids.values()))
    stop = threading.Event()
    with ExitStack() as stack:
        devices: list[Faulty] = []
        ears: dict[str, Eavesdropper] = {}
        for sentence, one in cases.items():
            device = Faulty(ids[sentence], broker.port, fault=one.fault, **dict(one.how))  # type: ignore[arg-type]  # its own fields
            device.connect()
            stack.callback(device.leave)
            ears[sentence] = ear = stack.enter_context(listening(broker, registry.by_meter[device.id]))
            device.plug = ear.pull_plug if one.plug else None
            devices.append(device)
        for device in devices:
            device.start = (to_ms(clock.now()) + HEAD_START) // 1000 * 1000
        threads = [threading.Thread(target=device.talk, args=(stop,)) for device in devices]
        for thread in threads:
            thread.start()
        stack.callback(stop.set)
        for thread in threads:
            thread.join()
        time.sleep(1)  # what was said last is heard
        return {name: examine(registry.by_meter[ids[name]], registry, ear.session()) for name, ear in ears.items()}


def told(acceptance: Acceptance) -> str:
    """Give what failed, in words."""
    return "\n".join(one.en for one in acceptance.findings if one.item in acceptance.failed)


@pytest.fixture(scope="module")
def accepted(start_session_mosquitto: StartMosquitto) -> dict[str, Acceptance]:
    return play(start_session_mosquitto(), CASES)


@pytest.mark.parametrize("sentence", CASES)
def test_a_device_fails_for_exactly_its_fault(accepted: dict[str, Acceptance], sentence: str) -> None:
    found = accepted[sentence]
    assert found.messages > LASTS / PERIOD / 2, "it was heard"
    assert set(found.failed) == CASES[sentence].items, told(found)


def test_a_device_that_connects_again_and_again_is_told_by_the_brokers_own_log(start_mosquitto: StartMosquitto) -> None:
    broker = start_mosquitto("log_dest topic\nlog_dest stderr\nlog_type all\nconnection_messages true")
    found = play(
        broker,
        {
            "calm": case(),
            "storm": case(fault=lambda m: Reconnects(**at(MIDDLE, m), until=LATE, times=1)),
        },
    )
    # This broker is spoken to without TLS, and its log says so.
    assert set(found["calm"].failed) <= {Item.TLS}, told(found["calm"])
    assert set(found["storm"].failed) == {Item.TLS, Item.RECONNECT}, told(found["storm"])


def test_a_good_device_of_every_dialect_fails_nothing(mosquitto: Mosquitto) -> None:
    registry = dialects.registry(timedelta(seconds=1))
    stop = threading.Event()
    speakers = dialects.speakers(dialects.devices(5, timedelta(seconds=1)))
    target = Endpoint(LOOPBACK, mosquitto.port)
    crowd = threading.Thread(
        target=run,
        args=(speakers, Way(target=target)),
        kwargs={"lasts": None, "show": lambda _: None, "clock": clock.now, "stop": stop},
    )
    crowd.start()
    try:
        time.sleep(3)  # they have all spoken before anybody listens: a node's birth is over
        with ExitStack() as stack:
            ears = {meter.id: stack.enter_context(listening(mosquitto, meter)) for meter in registry.meters}
            time.sleep(12)
            found = {name: _examined(registry, name, ear) for name, ear in ears.items()}
    finally:
        stop.set()
        crowd.join()
    assert {name: told(one) for name, one in found.items() if not one.accepted} == {}
    assert {name for name, one in found.items() if one.readings < 9} == set()


def _examined(registry: Registry, name: str, ear: Eavesdropper) -> Acceptance:
    return examine(registry.by_meter[name], registry, ear.session())
