"""InfluxDB line protocol, as Telegraf publishes it: which lines are a meter's, and which fields are its metrics.

    codec: {line: {topic: telegraf/gw1, measurement: modbus, tags: {slave: "3"}, fields: {P: {metric: p, unit: W}}}}

Without `fields` each field that is a number claims to be the metric of its own name; with them, what they leave out is
left out.  A line of nobody is passed over, and counted, as long as another line of the message is somebody's.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from park.decode.context import Context
from park.decode.dialect import Dialect, Options
from park.decode.field import Field, check_field, number_of, plan_field
from park.decode.line_text import Line, escape, lines_of
from park.decode.owners import Owned, Owners
from park.decode.plans import Plans
from park.decode.said import Said
from park.decode.topic_filters import KEY, check_filters, filters_of
from park.instant import from_ms, to_ms
from park.malformed import Malformed
from park.place import Meter
from park.quality import Quality
from park.reading import Claim
from park.reason import Reason
from park.registry_notes import Notes, join, kind, kind_zh, show

MAX_LINES: Final = 1_000
RECEIVE_TIME: Final = int(Quality.RECEIVE_TIME)
STRANGER: Final = ("stranger",)
"""The remark on a message of which some lines are somebody's and others nobody's."""
KEYS: Final = (KEY, "measurement", "tags", "fields", "precision")
PRECISIONS: Final = {"ns": 1_000_000, "us": 1_000, "ms": 1, "s": 0}
"""How many of its steps make a millisecond; 0 for the one of which a thousand milliseconds make one step."""


class Plan(NamedTuple):
    """What one meter's options come to."""

    measurement: str | None
    tags: Mapping[str, str]
    fields: Mapping[str, Field] | None
    steps: int


Signs = tuple[str | None, tuple[str, ...]]
"""The measurement, if any, and the tags that tell a meter's lines."""


def read(payload: bytes, context: Context) -> Said:
    """Read one message.  Raises Malformed."""
    if not context.meters:
        raise Malformed(Reason.UNKNOWN_SENDER, context.topic)
    tables = _owners.of(context.meters)
    claims: dict[tuple[str, str, datetime], Claim] = {}
    stranger: Line | None = None
    meant = False
    for number, line in enumerate(lines_of(payload), 1):
        if number > MAX_LINES:
            raise Malformed(Reason.TOO_LARGE, f"> {MAX_LINES} lines")
        owners = [owner for signs, table in tables.items() for owner in _found(line, signs, table)]
        for meter, plan in owners:
            _add(claims, _claims(line, plan, meter, context.received))
        meant = meant or bool(owners)
        stranger = stranger or (None if owners else line)
    if stranger is None and not meant:
        raise Malformed(Reason.EMPTY, "0 lines")
    if stranger is not None and not meant:
        raise Malformed(Reason.UNKNOWN_SENDER, _head(stranger))
    return Said(list(claims.values()), remarks=() if stranger is None else STRANGER)


def _found(line: Line, signs: Signs, table: Mapping[Hashable, Owned[Plan]]) -> Owned[Plan]:
    measurement, keys = signs
    if measurement is not None and line.measurement != measurement:
        return ()
    return table.get(tuple(map(line.tags.get, keys)), ())


def _claims(line: Line, plan: Plan, meter: Meter, received: datetime) -> Iterator[Claim]:
    at, quality = _instant(line.time, plan.steps, received)
    for name, value in line.fields.items():
        if plan.fields is None:
            if not isinstance(value, str):  # a text is never a measurement by its own name
                yield Claim(meter.id, name, number_of(value, Field(name), name) or 0.0, at, quality)
        elif name in plan.fields:
            field = plan.fields[name]
            number = number_of(value, field, name)
            if number is not None:
                yield Claim(meter.id, field.metric, number, at, quality, field.unit)


def _add(claims: dict[tuple[str, str, datetime], Claim], more: Iterable[Claim]) -> None:
    """Take claims up; the same once more is nothing new, another value at the same instant is a contradiction."""
    for claim in more:
        known = claims.setdefault((claim.meter, claim.metric, claim.at), claim)
        if known is not claim and known.value != claim.value:
            raise Malformed(Reason.METRIC_TWICE, f"{claim.metric[:60]} @ {claim.at.isoformat()}")


def _instant(time: int | None, steps: int, received: datetime) -> tuple[datetime, int]:
    if time is None:
        return from_ms(to_ms(received)), RECEIVE_TIME
    try:
        return from_ms(time // steps if steps else time * 1_000), 0
    except ValueError:
        raise Malformed(Reason.TIME_FORM, str(time)) from None


def _head(line: Line) -> str:
    return ",".join([line.measurement, *(f"{key}={value}" for key, value in line.tags.items())])


def _plan(meter: Meter) -> Plan:
    options = meter.options
    tags, fields = options.get("tags"), options.get("fields")
    measurement = options.get("measurement")
    return Plan(
        None if measurement is None else str(measurement),
        {str(key): str(value) for key, value in tags.items()} if isinstance(tags, Mapping) else {},
        {str(key): plan_field(value) for key, value in fields.items()} if isinstance(fields, Mapping) else None,
        PRECISIONS[str(options.get("precision", "ns"))],
    )


def _traits(plan: Plan) -> tuple[Signs, Hashable]:
    keys = tuple(sorted(plan.tags))
    return (plan.measurement, keys), tuple(plan.tags[key] for key in keys)


_owners = Owners(Plans(_plan), _traits)


def check(notes: Notes, path: str, options: Options, names: tuple[str, ...]) -> None:
    """Note every mistake."""
    given = notes.mapping(path, options, KEYS, ())
    check_filters(notes, path, given)
    if "measurement" in given:
        notes.text(join(path, "measurement"), given["measurement"])
    for key, value in (notes.table(join(path, "tags"), given["tags"]) if "tags" in given else {}).items():
        notes.text(join(join(path, "tags"), key), value)
    taken: dict[str, str] = {}
    for key, value in (notes.table(join(path, "fields"), given["fields"]) if "fields" in given else {}).items():
        here = join(join(path, "fields"), key)
        metric = check_field(notes, here, value, names)
        if metric in taken:
            notes.add(
                here,
                f"{metric} 已由 {show(taken[metric])} 给出; 一个指标只对应一个字段。",
                f"{metric} comes from {show(taken[metric])} already; a metric has one field.",
            )
        elif metric is not None:
            taken[metric] = key
    if "precision" in given:
        notes.choice(join(path, "precision"), given["precision"], tuple(PRECISIONS))
    if "fields" in given and isinstance(given["fields"], Mapping) and not given["fields"]:
        notes.add(
            join(path, "fields"),
            f"这里应是 {{字段: 指标}}, 而不是空的{kind_zh(given['fields'])}; 去掉 fields 则字段名即指标名。",
            f"This must be {{field: metric}}, not an empty {kind(given['fields'])[2:]}; "
            "without fields a field's name is its metric.",
        )


def encode(claims: Iterable[Claim], *, measurement: str, tags: Mapping[str, str] | None = None) -> bytes:
    """Write claims as lines, one an instant, in nanoseconds.  The inverse of `read` without `fields`."""
    head = ",".join(
        [
            escape(measurement, ", "),
            *(f"{escape(key)}={escape(value)}" for key, value in sorted((tags or {}).items())),
        ]
    )
    rows: dict[int, list[str]] = {}
    for claim in claims:
        rows.setdefault(to_ms(claim.at), []).append(f"{escape(claim.metric)}={claim.value!r}")
    return "\n".join(f"{head} {','.join(fields)} {ms}000000" for ms, fields in rows.items()).encode()


DIALECT = Dialect(
    "line",
    "InfluxDB 行协议 (Telegraf)",
    "InfluxDB line protocol (Telegraf)",
    read,
    check,
    topics=lambda meter: filters_of(meter.options),
)
