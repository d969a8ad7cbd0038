"""How long each codec takes over a message: the same six readings, as a device of each dialect would send them."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from park.admit import Admission
from park.decode import DIALECTS, Context, hj212_write, json_write, line, native, read, senml_write
from park.decode.memory import Memory
from park.decode.sparkplug_topic import Kind, Sender, topic
from park.decode.sparkplug_types import DataType
from park.decode.sparkplug_write import metric, write
from park.instant import to_ms
from park.place import Meter
from park.reading import Claim
from park.trial import NAME, alone, made_up

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
VALUES: Mapping[str, float] = {"ep_imp": 998871.25, "p": 12450.5, "u1": 231.5, "u2": 230.25, "u3": 232.0, "f": 50.0}
WATER: Mapping[str, float] = {"flow": 181.682, "tn": 45.16, "tp": 1.97, "nh3n": 53.131, "cod": 194.2, "ph": 7.496}
"""HJ 212 has no electricity."""
SENDER = Sender("hengkou", "gw1", "m7")
FIELDS: Mapping[str, object] = {f"d.{name}": name for name in VALUES}
OPTIONS: Mapping[str, Mapping[str, object]] = {
    "native": {},
    "json": {"fields": FIELDS, "time": "t"},
    "line": {"measurement": "modbus", "tags": {"slave": "1"}, "fields": {name: name for name in VALUES}},
    "sparkplug": {**SENDER._asdict(), "names": {name: name for name in VALUES}},
    "hj212": {"mn": "81733553213013"},
    "senml": {"base": "urn:dev:m7:"},
}
TURNS = 5
"""The least of so many turns counts: what else the machine did is no matter of the codec's."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one dialect takes."""

    codec: str
    messages: int
    octets: int
    """In one message."""
    claims: int
    """In one message."""
    decode_us: float
    admit_us: float
    """Until its claims are readings."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run measured."""

    dialects: tuple[Spent, ...]

    def as_json(self) -> dict[str, object]:
        """Give it for a program to read."""
        return {"dialects": [asdict(each) for each in self.dialects]}

    def report(self) -> str:
        """Say it to a person."""
        return "\n".join(
            f"{each.decode_us:>8.1f} µs a message, {each.codec}: {each.claims} values in {each.octets} B, "
            f"and {each.admit_us:.1f} µs until they are admitted ({each.messages:,} messages)"
            for each in self.dialects
        )


def measure(*, messages: int, clock: Callable[[], float] = time.process_time) -> Result:
    """Measure every dialect there is."""
    return Result(tuple(_spent(codec, messages, clock) for codec in DIALECTS))


def _spent(codec: str, messages: int, clock: Callable[[], float]) -> Spent:
    meter = made_up(codec, OPTIONS[codec])
    payload, context = _message(codec, meter)
    claims = read(payload, context).claims
    if {claim.metric for claim in claims} != set(_values(codec)):
        raise AssertionError(f"{codec} claims {[claim.metric for claim in claims]}")
    admission = Admission(alone(meter))
    admission.admit(claims, AT)  # the first use builds what the later ones find
    each = max(1, messages // TURNS)

    def decoding() -> None:
        for _ in range(each):
            read(payload, context)

    def admitting() -> None:
        for _ in range(each):
            admission.admit(claims, AT)

    return Spent(
        codec,
        each * TURNS,
        len(payload),
        len(claims),
        min(_time(decoding, clock) for _ in range(TURNS)) / each * 1e6,
        min(_time(admitting, clock) for _ in range(TURNS)) / each * 1e6,
    )


def _time(work: Callable[[], None], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def _values(codec: str) -> Mapping[str, float]:
    return WATER if codec == "hj212" else VALUES


def _message(codec: str, meter: Meter) -> tuple[bytes, Context]:
    claims = [Claim(NAME, name, value, AT) for name, value in _values(codec).items()]
    own = Context(NAME, AT, codec, "", (meter,), Memory())
    if codec != "sparkplug":
        return WRITERS[codec](claims, meter), own
    born = [metric(one.metric, DataType.DOUBLE, one.value, alias=n, at=to_ms(AT)) for n, one in enumerate(claims)]
    told = [metric(None, DataType.DOUBLE, one.value, alias=n, typed=False) for n, one in enumerate(claims)]
    context = own._replace(meter="", topic=topic(Kind.DBIRTH, SENDER))
    read(write(born, at=to_ms(AT), seq=0), context)
    return write(told, at=to_ms(AT), seq=0), context._replace(topic=topic(Kind.DDATA, SENDER))


def _lines(claims: Iterable[Claim], _meter: Meter) -> bytes:
    return line.encode(claims, measurement="modbus", tags={"host": "gw1", "slave": "1"})


WRITERS: Mapping[str, Callable[[list[Claim], Meter], bytes]] = {
    "native": lambda claims, _meter: native.encode(claims, seq=1),
    "json": json_write.encode,
    "line": _lines,
    "hj212": lambda claims, meter: hj212_write.encode(claims, mn=str(meter.options["mn"]))[0],
    "senml": lambda claims, _meter: senml_write.encode(claims, "urn:dev:m7:"),
}
