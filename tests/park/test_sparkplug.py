"""Sparkplug B: what births, data and deaths of a node and its devices claim, and when the node is asked again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from park.decode import Context, Said
from park.decode.memory import Memory
from park.decode.sparkplug import DIALECT
from park.decode.sparkplug_topic import Kind
from park.decode.sparkplug_types import DataType
from park.decode.sparkplug_write import metric, node_birth, node_death, write
from park.malformed import Malformed
from park.place import Meter
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason
from tests.park.sparkplugs import (
    AT,
    BIRTH,
    DEVICE,
    ENERGY,
    MS,
    NODE,
    SECOND,
    Host,
    P,
    data,
    spoken,
)

NCMD = "spBv1.0/hengkou/NCMD/gw1"
HOUR = timedelta(hours=1)


def claims(*metrics: bytes, meters: tuple[Meter, ...] = (), at: int | None = MS) -> list[Claim] | Reason:
    """Say what a birth of such metrics claims, or why it is refused."""
    said = Host(*meters).hear(Kind.DBIRTH, write(metrics, at=at, seq=1))
    return said if isinstance(said, Reason) else said.claims


def power(value: float | str | bytes | None, kind: DataType = DataType.DOUBLE, **more: object) -> bytes:
    return metric("Meter/P", kind, value, **{"at": MS} | more)  # type: ignore[arg-type]  # each row gives what it says


@pytest.mark.parametrize(
    ("sentence", "written", "expected"),
    [
        ("a value of a birth is one of its moment", P, [Claim("m1", "p", 12450.5, AT)]),
        ("a unit of the registry", ENERGY, [Claim("m1", "ep_imp", 9250.0, AT, unit="Wh")]),
        ("null claims nothing", power(None), []),
        ("a value left out claims nothing", power(1.0)[:-9], []),
        ("an Int8 below nothing", power(-5, DataType.INT8), [Claim("m1", "p", -5.0, AT)]),
        ("an Int32 below nothing", power(-70_000, DataType.INT32), [Claim("m1", "p", -70_000.0, AT)]),
        ("an Int64 below nothing", power(-(2**62), DataType.INT64), [Claim("m1", "p", -(2.0**62), AT)]),
        ("a UInt32 that would be below nothing if it had a sign", power(4_000_000_000, DataType.UINT32),
         [Claim("m1", "p", 4e9, AT)]),
        ("a float of four bytes", power(231.5, DataType.FLOAT), [Claim("m1", "p", 231.5, AT)]),
        ("true is 1", power(True, DataType.BOOLEAN), [Claim("m1", "p", 1.0, AT)]),  # noqa: FBT003
        ("no finite number is admission's to refuse", power(float("inf")), [Claim("m1", "p", float("inf"), AT)]),
        ("a text where a number should be", power("12.5", DataType.STRING), Reason.NOT_READABLE),
        ("bytes where a number should be", power(b"\x01", DataType.BYTES), Reason.NOT_READABLE),
        ("a time where a number should be", power(MS, DataType.DATETIME), Reason.NOT_READABLE),
        ("a metric's own time goes first", power(1.0, at=MS - 5_000), [Claim("m1", "p", 1.0, AT - 5 * SECOND)]),
        ("else the payload's", power(1.0, at=None), [Claim("m1", "p", 1.0, AT)]),
        ("a time of ten thousand years", power(1.0, at=2**63), Reason.TIME_FORM),
        ("a historical value is a value of its time", power(1.0, historical=True), [Claim("m1", "p", 1.0, AT)]),
        ("a transient one is to be kept nowhere", power(1.0, transient=True), []),
        ("quality bad", power(1.0, properties={"Quality": 0}), [Claim("m1", "p", 1.0, AT, Quality.FAULT)]),
        ("quality good", power(1.0, properties={"Quality": 192}), [Claim("m1", "p", 1.0, AT)]),
        ("quality stale", power(1.0, properties={"Quality": 500}), [Claim("m1", "p", 1.0, AT, Quality.UNCERTAIN)]),
        ("quality uncertain", power(1.0, properties={"Quality": 64}), [Claim("m1", "p", 1.0, AT, Quality.UNCERTAIN)]),
        ("quality in words says nothing", power(1.0, properties={"Quality": "ok"}), [Claim("m1", "p", 1.0, AT)]),
        ("a unit among the properties", power(1.0, properties={"engUnit": "W"}), [Claim("m1", "p", 1.0, AT, unit="W")]),
        ("under another name", power(1.0, properties={"Engineering_Units": "MW"}),
         [Claim("m1", "p", 1.0, AT, unit="MW")]),
        ("an empty unit is none", power(1.0, properties={"engUnit": " "}), [Claim("m1", "p", 1.0, AT)]),
        ("the registry's unit goes before the device's", metric("Meter/Energy", DataType.INT64, 5, at=MS,
         properties={"engUnit": "kWh"}), [Claim("m1", "ep_imp", 5.0, AT, unit="Wh")]),
        ("what the names leave out is left out", metric("Meter/Serial", DataType.STRING, "8837", at=MS), []),
        ("so is a number", metric("Meter/Uptime", DataType.INT64, 8837, at=MS), []),
        ("and a metric of ours that another name has", metric("p", DataType.DOUBLE, 1.0, at=MS), []),
        ("control belongs to Sparkplug", metric("Device Control/Reboot", DataType.BOOLEAN, False, at=MS), []),  # noqa: FBT003
    ],
)  # fmt: skip
def test_a_birth_is_believed(sentence: str, written: bytes, expected: object) -> None:
    assert claims(written) == expected, sentence


def test_no_time_at_all_is_the_receive_time() -> None:
    [claim] = claims(power(1.0, at=None), at=None)
    assert claim == Claim("m1", "p", 1.0, AT + SECOND, int(Quality.RECEIVE_TIME))


@pytest.mark.parametrize(
    ("sentence", "bits", "raw", "kind", "expected"),
    [
        ("an Int8 as the complement of 8 bits", 32, 251, DataType.INT8, -5),
        ("an Int8 as the complement of 32 bits", 32, 2**32 - 5, DataType.INT8, -5),
        ("an Int8 that is none", 32, 300, DataType.INT8, None),
        ("a UInt8 that is none", 32, 256, DataType.UINT8, None),
        ("an Int16 as the complement of 64 bits", 64, 2**64 - 300, DataType.INT16, -300),
        ("an Int32 in the field of 64 bits", 64, 2**32 - 1, DataType.INT32, -1),
        ("a UInt32 in the field of 64 bits, as older writers have it", 64, 2**32 - 1, DataType.UINT32, 2**32 - 1),
        ("an Int64 in the field of 32 bits", 32, 2**32 - 5, DataType.INT64, -5),
        ("a boolean as a number", 32, 1, DataType.BOOLEAN, 1),
        ("a whole number of a type that has none", 64, 7, DataType.DOUBLE, 7),
    ],
)  # fmt: skip
def test_a_whole_number_is_read_however_wide_its_writer_made_it(
    sentence: str, bits: int, raw: int, kind: DataType, expected: float | None
) -> None:
    slot = DataType.UINT64 if bits == 64 else DataType.UINT32
    # The type is said last, so that it is the one that counts.
    written = power(raw, slot) + bytes((0x20, kind))
    wanted = Reason.NOT_READABLE if expected is None else [Claim("m1", "p", expected, AT)]
    assert claims(written) == wanted, sentence


def test_without_names_every_number_is_claimed_under_its_own_name() -> None:
    wanted = [Claim("m1", "p", 1.0, AT), Claim("m1", "Meter/Uptime", 5.0, AT)]
    uptime = metric("Meter/Uptime", DataType.INT64, 5, at=MS)
    assert claims(metric("p", DataType.DOUBLE, 1.0, at=MS), uptime, meters=(spoken(names=None),)) == wanted


def test_without_names_a_text_is_passed_over_and_counted() -> None:
    serial = metric("Serial", DataType.STRING, "8837", at=MS)
    assert Host(spoken(names=None)).hear(Kind.DBIRTH, write([serial], at=MS)) == Said([], None, ("no_number",))


def test_a_transient_value_is_counted() -> None:
    assert Host().hear(Kind.DBIRTH, write([power(1.0, transient=True)])) == Said([], None, ("transient",))


def test_meters_that_share_a_device_each_take_their_own() -> None:
    left, right = spoken("left", {"L/P": "p"}), spoken("right", {"R/P": "p", "L/P": "ep_imp"})
    written = [metric("L/P", DataType.DOUBLE, 1.0, at=MS), metric("R/P", DataType.DOUBLE, 2.0, at=MS)]
    assert Host(left, right).values(Kind.DBIRTH, write(written)) == [
        ("left", "p", 1.0), ("right", "ep_imp", 1.0), ("right", "p", 2.0),
    ]  # fmt: skip


def test_deaths_claim_nothing() -> None:
    host = Host()
    host.hear(Kind.DBIRTH, BIRTH)
    assert host.hear(Kind.DDEATH, write([], at=MS, seq=2)) == Said([])
    assert host.hear(Kind.NDEATH, node_death(7), NODE) == Said([])


def test_a_node_has_values_of_its_own_for_a_meter_without_a_device() -> None:
    own = spoken("gw", {"Cabinet/P": "p"}, device="")
    written = node_birth([metric("Cabinet/P", DataType.DOUBLE, 1.0, at=MS)], at=MS, bd_seq=7)
    assert Host(own, spoken()).values(Kind.NBIRTH, written, NODE) == [("gw", "p", 1.0)]


def test_a_node_of_which_only_devices_are_registered_claims_nothing() -> None:
    written = node_birth([metric("p", DataType.DOUBLE, 1.0, at=MS)], at=MS, bd_seq=7)
    assert Host(spoken(names=None)).hear(Kind.NBIRTH, written, NODE) == Said([])
    assert Host(spoken(names=None)).hear(Kind.NDATA, data(1), NODE) == Said([])


def test_without_a_memory_a_birth_is_read_and_a_number_is_not() -> None:
    context = Context("", AT, "sparkplug", "spBv1.0/hengkou/DBIRTH/gw1/m7", (spoken(),))
    assert len(DIALECT.read(BIRTH, context).claims) == 2
    with pytest.raises(Malformed) as refused:
        DIALECT.read(data(2), context._replace(topic="spBv1.0/hengkou/DDATA/gw1/m7"))
    assert refused.value.reason is Reason.NO_BIRTH


@pytest.mark.parametrize(
    ("sentence", "topic", "expected"),
    [
        ("the state of an application", "spBv1.0/STATE/scada", Said([])),
        ("a command to the node", "spBv1.0/hengkou/NCMD/gw1", Said([])),
        ("a command to a device", "spBv1.0/hengkou/DCMD/gw1/m7", Said([])),
        ("a device nobody registered", "spBv1.0/hengkou/DDATA/gw1/m9", Reason.UNKNOWN_SENDER),
        ("a node nobody registered", "spBv1.0/hengkou/NDATA/gw9", Reason.UNKNOWN_SENDER),
        ("a group nobody registered", "spBv1.0/east/DDATA/gw1/m7", Reason.UNKNOWN_SENDER),
        ("the first Sparkplug", "spAv1.0/hengkou/DDATA/gw1/m7", Reason.TOPIC),
        ("a kind that does not exist", "spBv1.0/hengkou/XDATA/gw1/m7", Reason.TOPIC),
        ("data of a device without its name", "spBv1.0/hengkou/DDATA/gw1", Reason.TOPIC),
        ("data of a node with one", "spBv1.0/hengkou/NDATA/gw1/m7", Reason.TOPIC),
        ("a level left empty", "spBv1.0/hengkou/DDATA//m7", Reason.TOPIC),
        ("nothing", "", Reason.TOPIC),
    ],
)
def test_a_topic_says_who_speaks(sentence: str, topic: str, expected: object) -> None:
    try:
        said: object = DIALECT.read(b"", Context("", AT, "sparkplug", topic, (spoken(),), Memory()))
    except Malformed as malformed:
        said = malformed.reason
    assert said == expected, sentence


def test_on_the_contracts_own_topic_the_registry_says_who_speaks() -> None:
    memory = Memory()
    context = Context("m1", AT, "sparkplug", "park/v1/hengkou/e01/m1/data", (spoken(),), memory)
    assert len(DIALECT.read(BIRTH, context).claims) == 2
    [claim] = DIALECT.read(data(9), context._replace(received=AT + SECOND)).claims
    assert claim == Claim("m1", "p", 12.5, AT)
    with pytest.raises(Malformed) as refused:
        DIALECT.read(BIRTH, context._replace(meters=()))
    assert refused.value.reason is Reason.UNKNOWN_SENDER


@pytest.mark.parametrize(
    ("sentence", "payload", "reason"),
    [
        ("compressed, which nobody asked for", bytes((0x22, 18)) + b"SPBV1.0_COMPRESSED", Reason.NOT_READABLE),
        ("more metrics than there are names for", b"\x12\x00" * 10_001, Reason.TOO_LARGE),
        ("JSON", b'{"v":1,"m":{"p":1}}', Reason.NOT_READABLE),
        ("cut off", BIRTH[:-3], Reason.LENGTH),
        ("properties without values", write([power(1.0) + bytes((0x4A, 3, 0x0A, 1, 0x51))]), Reason.NOT_READABLE),
    ],
)  # fmt: skip
def test_a_payload_that_cannot_be_read_is_refused(sentence: str, payload: bytes, reason: Reason) -> None:
    assert Host().hear(Kind.DBIRTH, payload) is reason, sentence


def test_a_meter_speaks_on_the_topics_of_its_node_and_its_device_and_hears_commands() -> None:
    assert DIALECT.topics(spoken(device="")) == (
        "spBv1.0/hengkou/NBIRTH/gw1", "spBv1.0/hengkou/NDEATH/gw1", "spBv1.0/hengkou/NDATA/gw1",
    )  # fmt: skip
    assert DIALECT.topics(spoken()) == (*DIALECT.topics(spoken(device="")),
        "spBv1.0/hengkou/DBIRTH/gw1/m7", "spBv1.0/hengkou/DDEATH/gw1/m7", "spBv1.0/hengkou/DDATA/gw1/m7",
    )  # fmt: skip
    assert DIALECT.hears(replace(spoken())) == (NCMD,)
    assert str(DEVICE) == "hengkou/gw1/m7"
