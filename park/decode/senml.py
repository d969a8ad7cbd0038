"""SenML JSON (RFC 8428): a pack of records, of which the first may say what is common to all that follow.

    [{"bn":"urn:dev:gw1:m7/","bt":1795420800,"bu":"W","n":"p","v":12450},{"n":"ep_imp","u":"kWh","v":9.25}]

    codec: {senml: {topic: gw1/senml, base: "urn:dev:gw1:m7/", names: {p: p, energy: {metric: ep_imp, unit: kWh}}}}

- A record is of a meter if its whole name begins with the meter's `base`; what is of nobody is counted, and refused
  where all of the pack is.  Its metric is what `names` say of what
  follows, of its own name or of its last part; else its last part, `p` of `urn:dev:gw1:m7/p`.
- A time below 2²⁸ s counts from when the message came, and no time is that time: both are marked so.
- A sum (`s`) is the register of its values, in their unit times seconds; `sums` maps it as `names` map values.  One
  that is not mapped is passed over and counted.
- Booleans are 1 and 0.  A text or data is no measurement: refused where the registry asks for it, else passed over and
  counted.
- A field whose name ends with `_` must be understood, and none is; a version after 10 neither, but for the bit of the
  secondary units (RFC 9100).
"""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple, cast

from park.decode.context import Context
from park.decode.dialect import Dialect, Options
from park.decode.json_text import load
from park.decode.names import Named, check_names, meaning, names_of
from park.decode.said import Said
from park.decode.senml_units import ours, sum_unit
from park.decode.takers import takers
from park.decode.topic_filters import KEY as TOPIC
from park.decode.topic_filters import check_filters, filters_of
from park.instant import from_ms, to_ms
from park.malformed import Malformed
from park.place import Meter
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason
from park.registry_notes import Notes, join

VERSION, SECONDARY_UNITS = 10, 16
RELATIVE_BELOW: Final = 2**28
RECEIVE_TIME = int(Quality.RECEIVE_TIME)
NUMBERS: Final = ("bt", "bv", "bs", "bver", "t", "ut", "v", "s")
TEXTS: Final = ("bn", "bu", "n", "u", "vs", "vd")
BASES: Final = frozenset({"bn", "bt", "bu", "bv", "bs", "bver"})
VALUES: Final = ("v", "vb", "vs", "vd")
NO_NUMBER, UNMAPPED_SUM, STRANGER = "no_number", "sum", "stranger"


class Base(NamedTuple):
    """What records leave to those before them."""

    name: str = ""
    at: float = 0.0
    unit: str | None = None
    value: float = 0.0
    total: float = 0.0


class Record(NamedTuple):
    """One record, with what is common to all put in."""

    name: str
    """The whole of it."""
    own: str
    """What the record itself says of it."""
    at: datetime
    quality: int
    unit: str | None
    value: float | None
    """None where it is text or data, or where there is only a sum."""
    total: float | None
    has_value: bool


def read(payload: bytes, context: Context) -> Said:
    """Read one pack.  Raises Malformed."""
    if not context.meters:
        raise Malformed(Reason.UNKNOWN_SENDER, context.topic or context.meter)
    remarks: dict[str, None] = {}
    claims: list[Claim] = []
    strange = ""
    met = False
    for record in _records(load(payload), context.received):
        whose = [(meter, names) for meter in context.meters if (names := _names(record, meter))]
        met = met or bool(whose)
        strange = strange or ("" if whose else record.name)
        claims += _values(record, whose, remarks)
        claims += _sums(record, whose, remarks)
    if strange:
        if not met:
            raise Malformed(Reason.UNKNOWN_SENDER, strange)
        remarks[STRANGER] = None
    _refuse_twice(claims)
    return Said(claims, None, tuple(remarks))


def _records(pack: object, received: datetime) -> Iterator[Record]:
    if not isinstance(pack, list):
        raise Malformed(Reason.WRONG_FORM, "[…]")
    if not pack:
        raise Malformed(Reason.EMPTY, "[]")
    base = Base()
    for place, fields in enumerate(pack):
        if not isinstance(fields, dict):
            raise Malformed(Reason.WRONG_FORM, f"[{place}]")
        _check_form(place, fields)
        base = Base(
            fields.get("bn", base.name),
            float(fields.get("bt", base.at)),
            fields.get("bu", base.unit),
            float(fields.get("bv", base.value)),
            float(fields.get("bs", base.total)),
        )
        if fields.keys() - BASES:  # else it only says what is common
            yield _record(place, fields, base, received)


def _check_form(place: int, fields: Mapping[str, object]) -> None:
    """Refuse what no record may hold."""
    for key, value in fields.items():
        if key in NUMBERS:
            right = isinstance(value, int | float) and not isinstance(value, bool)
            if right and not _is_finite(cast("float", value)):
                raise Malformed(Reason.NOT_FINITE, f"[{place}].{key}: {str(value)[:60]}")
        elif key in TEXTS:
            right = isinstance(value, str)
        else:
            right = key != "vb" or isinstance(value, bool)
        if not right or key.endswith("_"):
            raise Malformed(Reason.WRONG_FORM, f"[{place}].{key[:60]}")
    version = cast("float", fields.get("bver", VERSION))
    if not 0 < version <= VERSION and version != VERSION + SECONDARY_UNITS:
        raise Malformed(Reason.WRONG_FORM, f"[{place}].bver: {version}")
    if sum(key in fields for key in VALUES) > 1:
        raise Malformed(Reason.WRONG_FORM, f"[{place}]: {' + '.join(key for key in VALUES if key in fields)}")


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:  # a whole number of hundreds of digits
        return False


def _record(place: int, fields: Mapping[str, object], base: Base, received: datetime) -> Record:
    own = cast("str", fields.get("n", ""))
    has_value, has_sum = any(key in fields for key in VALUES), "s" in fields
    if not base.name + own:
        raise Malformed(Reason.WRONG_FORM, f"[{place}].n")
    if not has_value and not has_sum:
        raise Malformed(Reason.EMPTY, f"[{place}]: {(base.name + own)[:60]}")
    value = cast("float | None", fields.get("vb", fields.get("v")))
    if "v" in fields:
        value = base.value + float(cast("float", value))
    at, quality = _instant(base.at + float(cast("float", fields.get("t", 0))), received)
    total = base.total + float(cast("float", fields["s"])) if has_sum else None
    unit = cast("str | None", fields.get("u", base.unit))
    return Record(base.name + own, own, at, quality, unit, None if value is None else float(value), total, has_value)


def _instant(seconds: float, received: datetime) -> tuple[datetime, int]:
    relative = seconds < RELATIVE_BELOW
    try:
        return from_ms(round(seconds * 1000) + to_ms(received) * relative), RECEIVE_TIME * relative
    except (ValueError, OverflowError):
        raise Malformed(Reason.TIME_FORM, str(seconds)) from None


def _names(record: Record, meter: Meter) -> tuple[str, ...]:
    """Give the names a record may have with a meter, the last part of its name last; none where it is not its."""
    base = str(meter.options.get("base", ""))
    if not record.name.startswith(base):
        return ()
    last = record.name.replace(":", "/").rstrip("/").rpartition("/")[2]
    return (record.name, record.name[len(base) :], record.own, last)


def _values(record: Record, whose: list[tuple[Meter, tuple[str, ...]]], remarks: dict[str, None]) -> Iterator[Claim]:
    if not record.has_value:
        return
    unit = None if record.unit is None else ours(record.unit)
    for meter, named, wanted in takers(whose):
        if record.value is not None:
            yield Claim(meter.id, named.metric, record.value, record.at, record.quality, named.unit or unit)
        elif wanted:
            raise Malformed(Reason.WRONG_FORM, f"{record.name[:60]}: vs / vd")
        else:
            remarks[NO_NUMBER] = None


def _sums(record: Record, whose: list[tuple[Meter, tuple[str, ...]]], remarks: dict[str, None]) -> Iterator[Claim]:
    if record.total is None:
        return
    told = False
    for meter, names in whose:
        sums = names_of(meter.options, "sums") or {}
        named: Named | None = next((found for name in names if (found := meaning(sums, name)) is not None), None)
        if named is not None:
            told = True
            unit = named.unit or sum_unit(record.unit)
            yield Claim(meter.id, named.metric, record.total, record.at, record.quality, unit)
    if not told:
        remarks[UNMAPPED_SUM] = None


def _refuse_twice(claims: list[Claim]) -> None:
    """Refuse two records that say something of the same metric at the same instant."""
    seen: set[tuple[str, str, datetime]] = set()
    for claim in claims:
        if (claim.meter, claim.metric, claim.at) in seen:
            raise Malformed(Reason.METRIC_TWICE, f"{claim.metric[:60]} @ {claim.at.isoformat()}")
        seen.add((claim.meter, claim.metric, claim.at))


def check(notes: Notes, path: str, options: Options, metrics: tuple[str, ...]) -> None:
    """Note every mistake in a meter's options."""
    given = notes.mapping(path, options, (TOPIC, "base", "names", "sums"), ())
    check_filters(notes, path, given)
    if "base" in given:
        notes.text(join(path, "base"), given["base"])
    told: dict[str, str] = {}
    for key in ("names", "sums"):
        if key in given:
            check_names(notes, join(path, key), given[key], metrics, told)


DIALECT = Dialect(
    "senml",
    "SenML JSON",
    "SenML JSON",
    read,
    check,
    topics=lambda meter: filters_of(meter.options),
    content_types=("application/senml+json",),
)
