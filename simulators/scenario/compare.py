"""What the platform said against what it had to say: every difference, with its place."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from math import fsum
from typing import NamedTuple

from park.instant import MILLISECOND
from park.interval import NO_INTERVALS, SLOT_MS, Intervals
from simulators.scenario.actor import Actor, actors
from simulators.scenario.golden import Burned, Found, Used
from simulators.scenario.model import Scenario
from simulators.scenario.moment import write

SHARE = 0.0005
"""By how much a coverage may differ: it is written to three places."""
WHOLE = 1 - 1e-9
Register = tuple[str, str]


class Suspected(NamedTuple):
    """Something the ledger found, as it is kept."""

    meter: str
    metric: str
    kind: str
    at: timedelta
    state: str


class Episode(NamedTuple):
    """One time an alert burned."""

    rule: str
    meter: str
    raised: timedelta
    cleared: timedelta | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the platform holds in the end; moments are those of the scenario's clock."""

    slots: Mapping[Register, Intervals] = field(default_factory=dict)
    """By meter and carrier."""
    found: Sequence[Suspected] = ()
    held: Mapping[Register, int] = field(default_factory=dict)
    """Messages by meter and reason."""
    episodes: Sequence[Episode] = ()
    stored: Mapping[Register, int] = field(default_factory=dict)
    """Readings by meter and metric."""


class Difference(NamedTuple):
    """One thing that is not as it must be."""

    where: str
    expected: str
    actual: str


def compare(scenario: Scenario, outcome: Outcome) -> list[Difference]:
    """Give all differences; none is well."""
    cast = {actor.meter.id: actor for actor in actors(scenario)}
    return [
        *(one for used in scenario.golden.used for one in _used(used, cast[used.meter], outcome)),
        *_found(scenario.golden.found, outcome.found),
        *_held(scenario, outcome),
        *_burned(scenario.golden.burned, [one for one in outcome.episodes if one.rule in scenario.in_force]),
        *(
            Difference(f"readings {one.meter} {one.metric}", str(one.readings), str(count))
            for one in scenario.golden.stored
            if (count := outcome.stored.get((one.meter, one.metric), 0)) != one.readings
        ),
    ]


def _used(used: Used, actor: Actor, outcome: Outcome) -> Iterator[Difference]:
    """Compare what is booked, how much of the time is known, and slot by slot what was measured."""
    start = actor.start + used.start // MILLISECOND
    end = actor.start + used.end // MILLISECOND
    where = f"consumption {used.meter} {write(used.start)}-{write(used.end)}"
    slots = _within(outcome.slots.get((used.meter, actor.carrier or ""), NO_INTERVALS), start, end)
    booked = fsum(slots.amount.tolist())
    if abs(booked - used.booked) > used.within:
        yield Difference(f"{where} amount", f"{used.booked:g} ± {used.within:g}", f"{booked:.6g}")
    count = (end - start) / SLOT_MS
    measured, estimated = fsum(slots.measured.tolist()) / count, fsum(slots.estimated.tolist()) / count
    for name, wanted, share in (
        ("measured", used.measured, measured),
        ("estimated", used.estimated, estimated),
        ("missing", used.missing, 1 - measured - estimated),
    ):
        if abs(share - wanted) > SHARE:
            yield Difference(f"{where} {name}", f"{wanted:.3f}", f"{share:.4f}")
    if used.slots:
        yield from _slots(used, actor, slots)


def _slots(used: Used, actor: Actor, slots: Intervals) -> Iterator[Difference]:
    """Compare each slot that was wholly measured with what really flowed; the first that differs says enough."""
    columns = (slots.start_ms.tolist(), slots.amount.tolist(), slots.measured.tolist())
    wrong = [
        (begun, amount, truth)
        for begun, amount, share in zip(*columns, strict=True)
        if share >= WHOLE
        and (truth := actor.truth(begun, begun + SLOT_MS)) is not None
        and abs(amount - truth) > used.within
    ]
    if wrong:
        begun, amount, truth = wrong[0]
        moment = write((begun - actor.start) * MILLISECOND)
        more = f" (+{len(wrong) - 1})" if len(wrong) > 1 else ""
        yield Difference(f"slot {used.meter} {moment}{more}", f"{truth:.6g} ± {used.within:g}", f"{amount:.6g}")


def _within(slots: Intervals, start: int, end: int) -> Intervals:
    inside = (slots.start_ms >= start) & (slots.start_ms < end)
    return Intervals(slots.start_ms[inside], slots.amount[inside], slots.measured[inside], slots.estimated[inside])


def _found(wanted: Sequence[Found], found: Sequence[Suspected]) -> Iterator[Difference]:
    left = list(found)
    for one in wanted:
        where = f"found {one.meter} {one.metric} {one.kind}"
        fitting = [each for each in left if (each.meter, each.metric, each.kind) == (one.meter, one.metric, one.kind)]
        near = next((each for each in fitting if abs(each.at - one.at) <= one.within), None)
        said = f"{write(one.at)} {one.state}"
        if near is None:
            yield Difference(where, said, ", ".join(write(each.at) for each in fitting) or "-")
            continue
        left.remove(near)
        if near.state != one.state:
            yield Difference(where, said, f"{write(near.at)} {near.state}")
    for each in left:
        yield Difference(f"found {each.meter} {each.metric} {each.kind}", "-", f"{write(each.at)} {each.state}")


def _held(scenario: Scenario, outcome: Outcome) -> Iterator[Difference]:
    wanted = Counter({(one.meter, one.reason): one.messages for one in scenario.golden.held})
    for meter, reason in sorted(wanted.keys() | outcome.held.keys()):
        count = outcome.held.get((meter, reason), 0)
        if count != wanted[meter, reason]:
            yield Difference(f"quarantine {meter} {reason}", str(wanted[meter, reason]), str(count))


def _burned(wanted: Sequence[Burned], episodes: Sequence[Episode]) -> Iterator[Difference]:
    """Compare alerts one by one in order of time: each has burned as often as it must, and from when to when."""
    keys = sorted({(one.rule, one.meter) for one in wanted} | {(one.rule, one.meter) for one in episodes})
    for key in keys:
        must = sorted((one for one in wanted if (one.rule, one.meter) == key), key=lambda one: one.raised)
        did = sorted((one for one in episodes if (one.rule, one.meter) == key), key=lambda one: one.raised)
        where = f"alert {key[0]} {key[1]}"
        if len(must) != len(did):
            yield Difference(where, _spans(must), _spans(did))
            continue
        for one, each in zip(must, did, strict=True):
            if not (_near(one.raised, each.raised, one.within) and _near(one.cleared, each.cleared, one.within)):
                yield Difference(where, f"{_spans([one])} ± {one.within}", _spans([each]))


def _near(wanted: timedelta | None, actual: timedelta | None, within: timedelta) -> bool:
    if wanted is None or actual is None:
        return wanted is actual
    return abs(wanted - actual) <= within


def _spans(alerts: Sequence[Burned] | Sequence[Episode]) -> str:
    return (
        ", ".join(f"{write(one.raised)}-{write(one.cleared) if one.cleared is not None else ''}" for one in alerts)
        or "-"
    )
