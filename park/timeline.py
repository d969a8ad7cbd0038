"""A rule's own examples: values in order of time, and the letters they lead to.

`.` ok, p pending, F firing, c clearing, L latched; `-` among the values: nothing said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from park import period
from park.alert import Phase
from park.engine import Engine
from park.metric import Medium
from park.place import Meter, Role
from park.reading import Reading
from park.registry import Registry
from park.registry_notes import Notes, join, show
from park.rule import Rule, Scope
from park.rulebook import Key, bind

LETTERS = {Phase.OK: ".", Phase.PENDING: "p", Phase.FIRING: "F", Phase.CLEARING: "c", Phase.LATCHED: "L"}
BEGIN = datetime(2026, 1, 4, 16, tzinfo=UTC)
"""A local midnight, a Monday's: what is of a day or an hour begins with it."""
METER = "timeline"


@dataclass(frozen=True, slots=True)
class Timeline:
    """One example."""

    name: str
    every: timedelta
    values: Mapping[str, Sequence[float | None]]
    """By metric, in its canonical unit; None where nothing is said."""
    qualities: Sequence[int]
    phases: str


def read_timelines(notes: Notes, path: str, value: object) -> tuple[Timeline, ...]:
    """Read the examples beside a rule."""
    found = []
    for place, item in enumerate(notes.items(path, value)):
        here = f"{path}[{place}]"
        before = len(notes.mistakes)
        given = notes.mapping(
            here, item, ("name", "every", "values", "quality", "phases"), ("name", "values", "phases")
        )
        if len(notes.mistakes) > before:
            continue
        try:
            every = period.read(str(given.get("every", "1m")))
        except ValueError:
            notes.add(join(here, "every"), f"时长 {show(given['every'])} 无法识别。", "This is no time.")
            continue
        values = given["values"] if isinstance(given["values"], Mapping) else {"": given["values"]}
        columns = {str(name): [_value(one) for one in notes.items(here, column)] for name, column in values.items()}
        phases = str(given["phases"])
        wrong = [name for name, column in columns.items() if len(column) != len(phases)]
        if wrong or set(phases) - set(LETTERS.values()):
            notes.add(
                join(here, "phases"),
                f"每个数值对应一个字母 ({''.join(LETTERS.values())})。",
                f"There is one letter ({''.join(LETTERS.values())}) for each value.",
            )
            continue
        quality = [int(str(one)) for one in notes.items(here, given.get("quality"))]
        found.append(Timeline(str(given["name"]), every, columns, quality, phases))
    return tuple(found)


def _value(item: object) -> float | None:
    return float(item) if isinstance(item, int | float) else None


def play(rule: Rule, timeline: Timeline, medium: Medium, metric: str) -> str:
    """Live through an example with the real engine, and give the letters."""
    columns = {name or metric: column for name, column in timeline.values.items()}
    meter = Meter(METER, "e", "p", medium, Role.SUB, METER, timeline.every, tuple(columns))
    everywhere = _everywhere(rule)
    engine = Engine(bind([everywhere], Registry((), (), (meter,))), {}, BEGIN)
    letters = ""
    for place in range(len(timeline.phases)):
        now = BEGIN + place * timeline.every
        quality = timeline.qualities[place] if place < len(timeline.qualities) else 0
        said = [
            Reading(METER, name, value, now, quality)
            for name, column in columns.items()
            if (value := column[place]) is not None
        ]
        engine.hear(said, now)
        engine.tick(now)
        watching = engine.watching(Key(rule.id, METER))
        letters += LETTERS[watching.state.alert.phase] if watching is not None else "?"
    return letters


def _everywhere(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, scope=Scope(), enabled=True, permits={})
