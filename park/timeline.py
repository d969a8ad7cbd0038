"""A rule's own examples: values in order of time, and the letters they lead to.

    - name: a leak is told at its first reading
      every: 20s
      values: [5, 30 x3, silent, 12 ppm]
      phases: ". FFF F c"

`.` ok, p pending, F firing, c clearing, L latched.  `silent` among the values is nothing said, `x3` three of the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

import msgspec

from park import period
from park.alert import Phase
from park.condition import FIRST, Condition, leaves
from park.derived import watchable
from park.engine import Engine
from park.metric import Medium, Metric
from park.place import Meter, Register, Role
from park.quality import BY_NAME
from park.reading import Reading
from park.registry import Registry
from park.registry_notes import Notes, join, show
from park.rule import Rule, Scope
from park.rule_quantity import read_quantity
from park.rulebook import Key, bind

LETTERS = {Phase.OK: ".", Phase.PENDING: "p", Phase.FIRING: "F", Phase.CLEARING: "c", Phase.LATCHED: "L"}
BEGIN = datetime(2026, 1, 4, 16, tzinfo=UTC)
"""A local midnight, a Monday's: what is of a day or an hour begins with it."""
METER = "timeline"
KEYS = ("name", "every", "values", "quality", "ahead", "rated", "phases")
TIMES = re.compile(r"(.*?)\s*\bx(\d{1,4})\s*", re.DOTALL)
RUN = re.compile(r"([.pFcL])(?:x(\d{1,4}))?")
MOST = 5_000
INSTANT = timedelta(milliseconds=1)
LONG = 5
"""So many of one letter are written as a run."""
NOTHING = "silent"


@dataclass(frozen=True, slots=True)
class Timeline:
    """One example."""

    name: str
    every: timedelta
    values: Mapping[str, Sequence[float | None]]
    """By metric, in its canonical unit; None where nothing is said."""
    qualities: Sequence[int]
    ahead: Sequence[timedelta]
    """By how much the device's clock is ahead; empty where it is right."""
    rated: str
    """What the meter of the example is rated for."""
    phases: str


def read_timelines(
    notes: Notes, path: str, value: object, metric: Metric | None, when: Condition | None
) -> tuple[Timeline, ...]:
    """Read the examples beside a rule; `metric` is what values without a name are of."""
    if (metric is None or metric.name == FIRST) and when is not None:
        metric = watchable().get(next(leaves(when)).metric)
    found = []
    for place, item in enumerate(notes.items(path, value)):
        here = f"{path}[{place}]"
        before = len(notes.mistakes)
        given = notes.mapping(here, item, KEYS, ("name", "values", "phases"))
        one = _timeline(notes, here, given, metric) if len(notes.mistakes) == before else None
        if one is not None and len(notes.mistakes) == before:
            found.append(one)
    return tuple(found)


def _timeline(notes: Notes, path: str, given: Mapping[str, object], metric: Metric | None) -> Timeline | None:
    name = notes.text(join(path, "name"), given["name"])
    every = _time(notes, join(path, "every"), given.get("every", "1m"))
    columns = _columns(notes, join(path, "values"), given["values"], metric)
    phases = _phases(notes, join(path, "phases"), given["phases"])
    qualities = [_quality(notes, where, one) for where, one in _cells(notes, join(path, "quality"), given)]
    ahead = [_ahead(notes, where, one) for where, one in _cells(notes, join(path, "ahead"), given)]
    rated = notes.text(join(path, "rated"), given["rated"]) if "rated" in given else ""
    for column in (*columns.values(), *(some for some in (qualities, ahead) if some)):
        if phases and len(column) != len(phases):
            notes.add(
                join(path, "phases"),
                f"每个数值对应一个字母: 这里有 {len(column)} 个数值, {len(phases)} 个字母。",
                f"There is one letter for each value; here are {len(column)} values and {len(phases)} letters.",
            )
            return None
    return Timeline(name or "", every, columns, qualities, ahead, rated or "", phases)


def _columns(notes: Notes, path: str, value: object, metric: Metric | None) -> dict[str, list[float | None]]:
    """Read the values of one metric, or of several by name."""
    if metric is not None and not isinstance(value, Mapping):
        return {metric.name: [_value(notes, where, one, metric) for where, one in _runs(notes, path, value)]}
    columns = {}
    for name, column in notes.table(path, value).items():
        here = join(path, name)
        of = watchable().get(notes.choice(here, name, tuple(watchable())) or "")
        if of is not None:
            columns[name] = [_value(notes, where, one, of) for where, one in _runs(notes, here, column)]
    return columns


def _cells(notes: Notes, path: str, given: Mapping[str, object]) -> list[tuple[str, object]]:
    return _runs(notes, path, given.get(path.rpartition(".")[2]))


def _runs(notes: Notes, path: str, column: object) -> list[tuple[str, object]]:
    """Give each cell with its path, one with `x3` behind it three times."""
    cells: list[tuple[str, object]] = []
    for place, item in enumerate(notes.items(path, column)):
        run = TIMES.fullmatch(item) if isinstance(item, str) else None
        cells += [(f"{path}[{place}]", run[1] if run else item)] * (int(run[2]) if run else 1)
        if len(cells) > MOST:
            notes.add(path, f"最多 {MOST} 个数值。", f"{MOST} values are the most.")
            return []
    return cells


def _value(notes: Notes, path: str, item: object, metric: Metric) -> float | None:
    """Read a value: a plain number is in the metric's own unit."""
    if item is None or item == NOTHING:
        return None
    try:
        return float(str(item)) if not isinstance(item, bool) else float(item)
    except ValueError:
        return read_quantity(notes, path, item, metric)


def _quality(notes: Notes, path: str, item: object) -> int:
    return int(BY_NAME.get(notes.choice(path, item, tuple(BY_NAME)) or "", 0))


def _ahead(notes: Notes, path: str, item: object) -> timedelta:
    text = str(item).strip()
    if text in {"0", "0s"}:
        return timedelta(0)
    length = _time(notes, path, text.removeprefix("-"))
    return -length if text.startswith("-") else length


def _time(notes: Notes, path: str, value: object) -> timedelta:
    try:
        return period.read(str(value))
    except ValueError:
        notes.add(
            path,
            f"时长 {show(value)} 无法识别; 请写成 30s、10m、1h。",
            f"Time {show(value)} is not understood; write 30s, 10m or 1h.",
        )
        return timedelta(minutes=1)


def _phases(notes: Notes, path: str, value: object) -> str:
    """Read the letters; empty where a mistake was noted."""
    text = "".join(str(value).split())
    runs = RUN.findall(text)
    if text and "".join(letter + (f"x{times}" if times else "") for letter, times in runs) == text:
        phases = "".join(letter * int(times or 1) for letter, times in runs[:MOST])
        if len(phases) <= MOST:
            return phases
    known = ", ".join(f"{letter} {phase}" for phase, letter in LETTERS.items())
    notes.add(path, f"阶段只能用这些字母: {known}。", f"Phases are written with these letters: {known}.")
    return ""


def play(rule: Rule, timeline: Timeline) -> str:
    """Live through an example with the real engine, and give the letters."""
    names = tuple(timeline.values)
    medium = next((medium for name in names for medium in watchable()[name].media), Medium.SAFETY)
    meter = Meter(
        METER, "e", "p", medium, Role.SUB, METER, timeline.every, names, register=Register(rated=timeline.rated)
    )
    everywhere = msgspec.structs.replace(rule, scope=Scope(), enabled=True, permits={})
    engine = Engine(bind([everywhere], Registry((), (), (meter,))), {}, BEGIN)
    watching = engine.watching(Key(rule.id, METER))
    if watching is None:
        return "?" * len(timeline.phases)
    letters = ""
    for place in range(len(timeline.phases)):
        now = BEGIN + place * timeline.every
        engine.tick(now - INSTANT)
        engine.hear(_said(timeline, place, now), now)
        engine.tick(now)
        letters += LETTERS[watching.state.alert.phase]
    return letters


def written(phases: str) -> str:
    """Write letters as people read them: a long run of one as `.x337`."""
    runs = [(letter, len(list(same))) for letter, same in groupby(phases)]
    return " ".join(f"{letter}x{count}" if count >= LONG else letter * count for letter, count in runs)


def _said(timeline: Timeline, place: int, now: datetime) -> list[Reading]:
    quality = timeline.qualities[place] if timeline.qualities else 0
    at = now + (timeline.ahead[place] if timeline.ahead else timedelta(0))
    return [
        Reading(METER, name, value, at, quality)
        for name, column in timeline.values.items()
        if (value := column[place]) is not None
    ]
