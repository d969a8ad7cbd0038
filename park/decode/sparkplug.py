"""Sparkplug B 3.0, as edge nodes publish it: births that name every metric, then what changed, by name or by number.

    codec: {sparkplug: {group: hengkou, node: gw1, device: meter7, names: {"Meter/P": {metric: p, unit: W}}}}

- A value is a claim from a birth too: it is the value of that moment.  `is_null` claims nothing, and so do deaths.
- A metric's time is its own, else the payload's, else when the message came (marked so).  What `is_historical` has its
  own time and is a claim like any other; what `is_transient` its sender wants kept nowhere, and it is not.
- Property `Quality`: 0 to 63 is a fault, 64 to 127 and 500 (stale) uncertain, 192 and above good.  A property of the
  unit (`engUnit` and its kin) is the unit, from a birth for all that follows, unless the registry names another.
- Booleans are 1 and 0.  Text, times, bytes, arrays, data sets and templates are no measurement: refused where the
  registry maps one, else passed over and counted.
- With `names`, what they leave out is left out, except what has a metric of the meter for its name.  Without, every
  number is claimed under its own name, so that admission refuses what it does not know.
- A number (alias) whose birth did not come refuses the message, which can be replayed, and a rebirth is wished for;
  so it is where numbers of messages are missing, for what was lost is not said again until it changes.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from park.decode.context import Context
from park.decode.dialect import Dialect, Options
from park.decode.names import check_names
from park.decode.said import Said
from park.decode.sparkplug_memory import NOTHING, Birth, ask, birth_of, count, end, learn, unit_of
from park.decode.sparkplug_payload import Metric, Payload
from park.decode.sparkplug_payload import read as read_payload
from park.decode.sparkplug_topic import BIRTHS, DEATHS, UNHEARD, Kind, Sender, envelope, hears, topics
from park.decode.sparkplug_types import DataType, Slot, integer, name_of
from park.decode.takers import takers
from park.instant import from_ms, to_ms
from park.malformed import Malformed
from park.place import Meter
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason
from park.registry_notes import Notes, join, show

OPTIONS: Final = ("group", "node", "device", "names")
OWN: Final = ("Node Control/", "Device Control/", "bdSeq")
"""How the names begin that Sparkplug itself has a use for."""
RECEIVE_TIME = int(Quality.RECEIVE_TIME)
GOOD_FROM, UNCERTAIN_FROM, STALE = 192, 64, 500
TRANSIENT, NO_NUMBER, GAP = "transient", "no_number", "gap"


class Telling(NamedTuple):
    """What is common to all metrics of a message."""

    sender: Sender
    meters: tuple[Meter, ...]
    birth: Birth
    at: int | None
    received: datetime


def read(data: bytes, context: Context) -> Said:
    """Read one message of one node or device.  Raises Malformed."""
    about = envelope(context)
    if about.kind in UNHEARD:
        return Said([])
    payload = read_payload(data)
    now_ms, sender, memory = to_ms(context.received), about.sender, context.memory
    remarks: dict[str, None] = {}
    if about.kind and count(memory, sender.before, payload.seq, now_ms, anew=about.kind is Kind.NBIRTH):
        ask(memory, sender.before, GAP, now_ms)
        remarks[GAP] = None
    if about.kind is Kind.NDEATH:
        end(memory, sender)
    if about.kind in DEATHS:
        return Said([], None, tuple(remarks))
    if about.kind in BIRTHS or (about.kind is None and _is_birth(payload)):
        birth: Birth | None = learn(memory, sender, payload.metrics, now_ms)
    else:
        birth = birth_of(memory, sender, now_ms)
    telling = Telling(sender, about.meters, birth or NOTHING, payload.at, context.received)
    try:
        claims = [claim for each in payload.metrics for claim in _claims(each, telling, remarks)]
    except Malformed as refused:
        if refused.reason is Reason.NO_BIRTH:
            ask(memory, sender.before, "birth", now_ms)
        raise
    return Said(claims, None, tuple(remarks))


def _is_birth(payload: Payload) -> bool:
    """Tell a birth by what it looks like, where no topic says so."""
    return any(each.alias is not None for each in payload.metrics) and all(
        each.name is not None and each.kind is not None for each in payload.metrics
    )


def _claims(metric: Metric, telling: Telling, remarks: dict[str, None]) -> Iterator[Claim]:
    """Give what one metric claims, for each meter it is of."""
    if not telling.meters:  # of a node of which only devices are registered
        return
    name = metric.name or _name(metric.alias, telling)
    if name.startswith(OWN) or metric.null or metric.slot is None:
        return
    whose = list(takers((meter, (name,)) for meter in telling.meters))
    if not whose:
        return
    if metric.transient:
        remarks[TRANSIENT] = None
        return
    kind = metric.kind or telling.birth["kinds"].get(name)
    value = _number(metric, name, kind, telling.sender)
    if value is None:
        if any(taker.wanted for taker in whose):
            raise Malformed(Reason.NOT_READABLE, f"{name[:60]}: {name_of(kind or 0)}")
        remarks[NO_NUMBER] = None
        return
    at, quality = _instant(telling.at if metric.at is None else metric.at, telling.received)
    quality |= _quality(metric)
    unit = (unit_of(metric) if metric.properties else None) or telling.birth["units"].get(name)
    for meter, named, _ in whose:
        yield Claim(meter.id, named.metric, value, at, quality, named.unit or unit)


def _name(alias: int | None, telling: Telling) -> str:
    name = None if alias is None else telling.birth["names"].get(alias)
    if name is None:
        raise Malformed(Reason.NO_BIRTH, str(telling.sender) if alias is None else f"{telling.sender}#{alias}")
    return name


def _number(metric: Metric, name: str, kind: int | None, sender: Sender) -> float | None:
    """Read a metric's value; None for what is no number.  Raises Malformed."""
    if metric.slot is None or metric.value is None or isinstance(metric.value, str):
        return None
    if metric.slot not in {Slot.INT, Slot.LONG}:
        return float(metric.value)
    if kind is None:  # 255 may be -1
        raise Malformed(Reason.NO_BIRTH, f"{sender}: {name[:60]}")
    return None if kind == DataType.DATETIME else float(integer(int(metric.value), metric.slot, kind))


def _instant(ms: int | None, received: datetime) -> tuple[datetime, int]:
    if ms is None:
        return from_ms(to_ms(received)), RECEIVE_TIME
    try:
        return from_ms(ms), 0
    except ValueError:
        raise Malformed(Reason.TIME_FORM, str(ms)) from None


def _quality(metric: Metric) -> int:
    """Read OPC's quality, as the property has it."""
    value = metric.properties.get("Quality")
    if value is None or isinstance(value, str) or (value >= GOOD_FROM and value != STALE):
        return 0
    return int(Quality.UNCERTAIN if value >= UNCERTAIN_FROM else Quality.FAULT)


def check(notes: Notes, path: str, options: Options, metrics: tuple[str, ...]) -> None:
    """Note every mistake in a meter's options."""
    given = notes.mapping(path, options, OPTIONS, ("group", "node"))
    for key in OPTIONS[:3]:
        text = notes.text(join(path, key), given[key]) if key in given else None
        if text is not None and set(text) & set("/+#"):
            notes.add(
                join(path, key),
                f"{show(text)} 不可用: Sparkplug 的名称不能含有 /、+ 和 #。",
                f"{show(text)} cannot be used: a name of Sparkplug has no /, + or #.",
            )
    if "names" in given:
        check_names(notes, join(path, "names"), given["names"], metrics)


DIALECT = Dialect("sparkplug", "Sparkplug B", "Sparkplug B", read, check, topics, hears)
