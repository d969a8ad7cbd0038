"""Packets of MQTT are whole again however the network cuts them, and what is no MQTT is said to be none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.load import packet
from simulators.load.link import NotUnderstood
from simulators.load.packet import Door, Packets
from simulators.load.tally import Standing, Tally
from simulators.voices import Utterance


@given(
    said=st.lists(st.tuples(st.text(min_size=1, max_size=20), st.binary(max_size=300)), max_size=8),
    cuts=st.lists(st.integers(1, 400), min_size=1, max_size=30),
)
def test_packets_come_out_as_they_went_in_however_they_are_cut(said: list[tuple[str, bytes]], cuts: list[int]) -> None:
    stream = b"".join(packet.publish(Utterance(topic, body), mid) for mid, (topic, body) in enumerate(said, 1))
    packets, found, place = Packets(), [], 0
    for cut in [*cuts, len(stream)]:
        found += [packet.message(*one) for one in packets.feed(stream[place : place + cut])]
        place += cut
    assert [(one.topic, one.payload, one.mid) for one in found] == [
        (topic, body, mid) for mid, (topic, body) in enumerate(said, 1)
    ]


@given(data=st.binary(max_size=200))
def test_arbitrary_bytes_are_no_more_than_not_understood(data: bytes) -> None:
    try:
        for head, body in Packets().feed(data):
            packet.message(head, body)
    except NotUnderstood:
        pass


def test_a_packet_whose_length_never_ends_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        list(Packets().feed(b"\x30\xff\xff\xff\xff\x01"))


def test_a_door_says_what_it_has() -> None:
    bare = packet.connect(Door("c"), will=None, keep_alive=60)
    assert bare == b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01c"
    whole = packet.connect(Door("c", "u", "p"), will=Utterance("t", b"gone", retain=True), keep_alive=60)
    assert (
        whole[9] == packet.CLEAN | packet.WILL | packet.WILL_QOS1 | packet.WILL_RETAIN | packet.USER | packet.PASSWORD
    )
    assert whole.endswith(b"\x00\x01t\x00\x04gone\x00\x01u\x00\x01p")


@given(st.lists(st.floats(0, 100), min_size=1, max_size=300))
def test_a_percentile_is_within_a_box_of_the_true_one(seconds: list[float]) -> None:
    tally = Tally()
    for one in seconds:
        tally.acknowledge(one)
    for share in (0.5, 0.99, 1.0):
        true = sorted(seconds)[max(0, -int(-share * len(seconds) // 1) - 1)]
        found = tally.percentile(share)
        assert found is not None
        assert max(true, 1e-5) * 0.999 <= found <= max(true, 1e-5) * 1.06


def test_nothing_acknowledged_has_no_percentile_and_no_rate() -> None:
    assert Tally().percentile(0.5) is None
    nothing = Standing(0.0, 1, 1, 0, 0, 0, 0, 0, 0, {}, 0.0, None, None)
    assert nothing.rates(None) == (0.0, 0.0)
    assert nothing._replace(seconds=2.0, published=10, acked=8).rates(nothing) == (5.0, 4.0)
