"""A scenario as a document that people write: checked whole, with every mistake at its place.

scenario: dropout-lost
name: {zh: …, en: …}
story: {zh: …, en: …}
start: 2026-03-02T00:00:00+08:00
duration: 1d
registry: {park: …, enterprises: […], meters: […]}
devices: {dl-main: {kind: sub, flow: 120, opening: 1000}}
faults: [{fault: dropout, meter: dl-main, at: "06:00", until: "09:00"}]
rules: [meter-silent]
golden: {consumption: […], alerts: […]}
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from park import registry_file, rule_file
from park.instant import from_text, to_ms
from park.interval import SLOT_MS
from park.mistake import Mistake
from park.registry import Registry
from park.registry_notes import Notes, join, near, show
from park.rule import Rule
from park.rule_words import read_text, read_time
from simulators.days import ORIGIN
from simulators.scenario.faults_read import read_faults
from simulators.scenario.golden_read import Reader
from simulators.scenario.model import Scenario
from simulators.scenario.parts_read import read_parts
from simulators.scenario.people_read import read_people

KEYS = (
    "scenario", "name", "story", "start", "duration", "seed", "registry", "devices", "faults", "rules", "own_rules",
    "people", "golden",
)  # fmt: skip
REQUIRED = ("scenario", "name", "story", "start", "duration", "registry", "devices", "golden")
LONGEST_STORY = 1_000
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Checked:
    """A document after the check: a scenario, or the mistakes that stand in its way."""

    scenario: Scenario | None
    mistakes: list[Mistake]


def check(document: object, lines: Mapping[str, int] | None = None, *, shipped: Collection[Rule] = ()) -> Checked:
    """Check a whole document; `shipped` are the rules it may put in force by name."""
    lines = lines or {}
    notes = Notes(lines)
    given = notes.mapping("", document, KEYS, REQUIRED)
    number = notes.identifier("scenario", given["scenario"]) if "scenario" in given else None
    name = read_text(notes, "name", given.get("name"), parts=frozenset())
    story = read_text(notes, "story", given.get("story"), parts=frozenset(), longest=LONGEST_STORY)
    start = _start(notes, given.get("start"))
    duration = read_time(notes, "duration", given["duration"]) if "duration" in given else None
    if duration is not None and not timedelta(0) < duration <= LONGEST:
        notes.add(
            "duration", "时长须在 31 天以内, 且大于 0。", "A scenario lasts up to 31 days, and more than nothing."
        )
    seed = given.get("seed", 1)
    if not isinstance(seed, int) or isinstance(seed, bool):
        notes.add("seed", f"种子是整数, 而不是 {show(seed)}。", f"The seed is a whole number, not {show(seed)}.")
    registry = _registry(notes, given.get("registry"), lines)
    rules = _shipped(notes, given.get("rules"), {rule.id for rule in shipped})
    own = _own(notes, given.get("own_rules"), lines, shipped)
    if registry is None or start is None or duration is None:
        return Checked(None, notes.mistakes)
    parts = read_parts(notes, "devices", given.get("devices"), registry.by_meter)
    faults = read_faults(notes, "faults", given.get("faults"), registry)
    people = read_people(notes, "people", given.get("people"), registry.by_meter, start)
    reader = Reader(notes, registry.by_meter, frozenset(rules) | {rule.id for rule in own}, duration)
    golden = reader.golden("golden", given["golden"]) if "golden" in given else None
    if notes.mistakes or number is None or name is None or story is None or golden is None:
        return Checked(None, notes.mistakes)
    return Checked(
        Scenario(
            id=number, name=name, story=story, start=start, duration=duration, seed=int(str(seed)), registry=registry,
            parts=parts, faults=faults, rules=rules, own_rules=own, people=people, golden=golden,
        ),
        [],
    )  # fmt: skip


def _start(notes: Notes, value: object) -> datetime | None:
    if value is None:
        return None
    try:
        start = from_text(value if isinstance(value, str) else "")
    except ValueError:
        notes.add(
            "start",
            f"{show(value)} 不是带时区的 RFC 3339 时间; 如 2026-03-02T00:00:00+08:00。",
            f"{show(value)} is no RFC 3339 time with an offset, such as 2026-03-02T00:00:00+08:00.",
        )
        return None
    if to_ms(start) % SLOT_MS:
        notes.add("start", "请从整刻钟开始。", "Begin with a whole quarter of an hour.")
        return None
    if start < ORIGIN:
        notes.add("start", "模拟园区从 2024-01-01 开始。", "The simulated park begins on 2024-01-01.")
        return None
    return start


def _registry(notes: Notes, value: object, lines: Mapping[str, int]) -> Registry | None:
    """Read the scenario's own registry, with its mistakes at their places here."""
    if value is None:
        return None
    within = {path.removeprefix("registry."): line for path, line in lines.items() if path.startswith("registry.")}
    checked = registry_file.check(value, within)
    for mistake in checked.mistakes:
        notes.add(join("registry", mistake.path), mistake.zh, mistake.en)
    return checked.registry


def _shipped(notes: Notes, value: object, known: Collection[str]) -> tuple[str, ...]:
    found: list[str] = []
    for place, item in enumerate(notes.items("rules", value)):
        name = notes.text(f"rules[{place}]", item)
        if name is None:
            continue
        if name not in known:
            zh, en = near(name, sorted(known))
            notes.add(
                f"rules[{place}]", f"没有自带规则 {show(name)}; {zh}", f"There is no shipped rule {show(name)}; {en}"
            )
        found.append(name)
    return tuple(found)


def _own(notes: Notes, value: object, lines: Mapping[str, int], shipped: Collection[Rule]) -> tuple[Rule, ...]:
    if value is None:
        return ()
    head = "own_"
    within = {path.removeprefix(head): line for path, line in lines.items() if path.startswith("own_rules")}
    checked = rule_file.check({"rules": value}, within, known=shipped)
    for mistake in checked.mistakes:
        notes.add(head + mistake.path, mistake.zh, mistake.en)
    return checked.rules
