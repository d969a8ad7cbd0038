"""Whatever a device measures, in whatever dialect it says it: what the platform reads is what was measured."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from adapters import registry_yaml
from park.admit import Admission
from park.decode import DIALECTS, Context, read
from park.decode.memory import Memory
from park.instant import from_ms, to_ms
from park.metric import metrics
from park.place import Meter
from park.topic import Channel
from simulators import dialects
from simulators.device import Device
from simulators.load import meters
from simulators.load.packet import Door
from simulators.load.speaker import Service
from simulators.voices import VOICES, Voice, voice
from simulators.voices.hj212 import Hj212
from simulators.voices.sparkplug import Sparkplug
from tests.shape.tree import ROOT

NOON_MS = 1_795_420_800_000
CAST = dialects.devices(7)
each = pytest.mark.parametrize("device", CAST, ids=lambda device: device.meter.id)


def heard(speaking: Voice, said: list[tuple[str, bytes]], ms: int, memory: Memory) -> dict[tuple[str, int], float]:
    """Read messages as the collector does, and give what is admitted."""
    meter = speaking.meter
    found: dict[tuple[str, int], float] = {}
    registry = dialects.registry()
    for topic, payload in said:
        own = topic.startswith("park/")
        context = Context(meter.id if own else "", from_ms(ms), meter.codec, topic, (meter,), memory)
        readings, refusals = Admission(registry).admit(read(payload, context).claims, from_ms(ms))
        assert not refusals
        found |= {(one.metric, to_ms(one.at)): one.value for one in readings}
    return found


def canonical(meter: Meter, values: Mapping[str, float]) -> dict[str, float]:
    """Give what is held to be said: behind the multiplier."""
    multiplier = meter.multipliers[-1].value if meter.multipliers else 1.0
    return {name: value * (multiplier if metrics()[name].scaled else 1.0) for name, value in values.items()}


def test_every_codec_has_a_voice_and_a_manner_of_being_registered() -> None:
    assert set(VOICES) == set(DIALECTS) == set(meters.MANNERS) == {each.codec for each in dialects.CAST}


@each
def test_what_is_read_is_what_was_measured_when_it_was_measured(device: Device) -> None:
    speaking, memory = voice(device.meter), Memory()
    values = dialects.shows(device, NOON_MS)
    assert set(values) == set(device.meter.metrics)
    hello = [one[:2] for one in speaking.hello(NOON_MS, values) if not one.topic.endswith("/state")]
    heard(speaking, hello, NOON_MS, memory)
    for ms in (NOON_MS + 10_000, NOON_MS + 20_000):
        values = dialects.shows(device, ms)
        said = [one[:2] for one in speaking.say(ms, values)]
        expected = {(name, ms): value for name, value in canonical(device.meter, values).items()}
        assert heard(speaking, said, ms, memory) == pytest.approx(expected)


@each
def test_it_speaks_where_the_registry_has_it_speak(device: Device) -> None:
    speaking = voice(device.meter)
    values = dialects.shows(device, NOON_MS)
    own = {*DIALECTS[device.meter.codec].topics(device.meter), speaking.contract(Channel.DATA)}
    assert {said.topic for said in speaking.say(NOON_MS, values)} <= own
    assert {said.topic for said in speaking.hello(NOON_MS, values)} <= own | {speaking.contract(Channel.STATE)}


def test_a_node_is_born_again_only_when_it_is_asked_and_numbers_its_messages() -> None:
    device = next(one for one in CAST if one.meter.codec == "sparkplug")
    node = Sparkplug(device.meter)
    values = dialects.shows(device, NOON_MS)
    (command,) = node.hears
    assert node.heard(command, b"\x12\x17\n\x15Node Control/Rebirth")
    assert not node.heard(command, b"Node Control/Reboot")
    assert not node.heard("spBv1.0/dialects/NCMD/another", b"Node Control/Rebirth")
    first, second = node.will(NOON_MS).payload, node.will(NOON_MS).payload
    assert first != second, "each birth has its own death"
    assert node.goodbye(NOON_MS) == [node._death()]
    births = [said.topic.split("/")[2] for said in node.hello(NOON_MS, values)]
    assert births == ["NBIRTH", "DBIRTH"]


def test_a_logger_asks_for_an_answer_on_tcp_alone() -> None:
    quiet, asking = (
        next(one for one in dialects.speakers(CAST, listener=where) if one.voice.meter.id == dialects.TCP)
        for where in (None, Service("127.0.0.1", 9212))
    )
    assert (quiet.listener, asking.listener) == (None, Service("127.0.0.1", 9212))
    frames = [one.says(NOON_MS)[0].payload for one in (quiet, asking)]
    assert [b"Flag=4;" in frames[0], b"Flag=5;" in frames[1]] == [True, True]
    assert isinstance(asking.voice, Hj212)


def test_the_example_registry_is_the_park_of_dialects() -> None:
    checked = registry_yaml.check((ROOT / "examples" / "dialects.yaml").read_text(encoding="utf-8"))
    assert checked.mistakes == []
    assert checked.registry == dialects.registry()


@pytest.mark.parametrize("codec", sorted(meters.MANNERS))
def test_the_registry_of_a_load_reads_back_and_its_devices_are_heard_by_it(codec: str) -> None:
    known = meters.registry(250, dialect=codec, period=timedelta(seconds=10))
    checked = registry_yaml.check(registry_yaml.write(known))
    assert checked.mistakes == []
    assert checked.registry == known
    assert [len(known.enterprises), len({one.enterprise for one in known.meters})] == [3, 3]
    speaker = meters.speakers(known, {"load-00002": Door("load-00002", "u", "p")})[1]
    assert speaker.door == Door("load-00002", "u", "p")
    memory = Memory()
    context = Context("", from_ms(NOON_MS), codec, "", (speaker.voice.meter,), memory)
    for said in (*speaker.hello(NOON_MS - 10_000), *speaker.says(NOON_MS)):
        if said.topic.endswith("/state"):
            continue
        meter = speaker.voice.meter.id if said.topic.startswith("park/") else ""
        claims = read(said.payload, Context(meter, *context[1:3], said.topic, *context[4:])).claims
    assert {one.metric for one in claims} == set(known.meters[1].metrics)


def test_a_feeder_of_a_load_counts_what_its_power_says() -> None:
    before, after = meters.feeder(7, NOON_MS), meters.feeder(7, NOON_MS + meters.HOUR_MS)
    assert after["ep_imp"] - before["ep_imp"] == pytest.approx(before["p"])
    assert meters.outlet(7, NOON_MS) != meters.outlet(7, NOON_MS + 60_000)
