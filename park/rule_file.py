"""Rules as a document that people write: checked whole, with every mistake at its place.

rules:
  - id: h2s-1
    name: {zh: 硫化氢一级报警, en: "Hydrogen sulphide, level 1"}
    severity: larger
    metric: h2s
    scope: {roles: [detector]}
    when: {reaches: 10 mg/m³, clear: 8 mg/m³}
    clear_after: 30s
    silence: keep
    …
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from park.alert import OnSilence, Timing
from park.condition import Condition, Skew, leaves
from park.metric import Medium, Metric
from park.mistake import Mistake
from park.permit import read_limits
from park.place import Role
from park.registry import Registry
from park.registry_notes import LONGEST_TEXT, Notes, join, near, show
from park.rule import Rule, Scope
from park.rule_condition import read_condition, read_metric
from park.rule_inhibits import check_inhibits
from park.rule_words import NO_TIME, read_flag, read_text, read_time, read_words
from park.severity import BY_WORD, ZH, Severity
from park.timeline import Timeline, read_timelines

KEYS = (
    "id", "name", "severity", "metric", "scope", "when", "permits", "limits", "hold", "clear_after", "keep_firing",
    "silence", "silent_after", "latch", "renotify", "receivers", "inhibits", "message", "runbook", "standard",
    "verified", "enabled", "timelines",
)  # fmt: skip
REQUIRED = ("id", "name", "severity", "when", "silence")
SCOPE_KEYS = ("parks", "industries", "enterprises", "roles", "media", "meters")
WORDS = {word: severity for severity, word in ZH.items()} | BY_WORD
MOST = 2_000
Source = Literal["file", "console"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A document after the check: rules with their timelines, or the mistakes that stand in their way."""

    rules: tuple[Rule, ...]
    timelines: Mapping[str, tuple[Timeline, ...]]
    mistakes: list[Mistake]


def check(
    document: object,
    lines: Mapping[str, int] | None = None,
    *,
    source: Source = "file",
    registry: Registry | None = None,
    known: Iterable[Rule] = (),
) -> Checked:
    """Check a whole document; `lines` says on which line each path begins, such as `rules[3].when.above`.

    With a `registry`, a meter or an enterprise it does not know is a mistake.  `known` are rules that stand elsewhere,
    which these may inhibit.
    """
    notes = Notes(lines or {})
    given = notes.mapping("", document, ("rules",), ("rules",))
    rules: dict[str, Rule | None] = {}
    paths: dict[str, str] = {}
    timelines: dict[str, tuple[Timeline, ...]] = {}
    items = notes.items("rules", given.get("rules"))
    if len(items) > MOST:
        notes.add("rules", f"规则过多; 一份文件最多 {MOST} 条。", f"These are too many; {MOST} are the most in a file.")
    for place, item in enumerate(items[:MOST]):
        path = f"rules[{place}]"
        name = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(name, str) and name in rules:
            notes.add(join(path, "id"), f"规则 {show(name)} 重复。", f"Rule {show(name)} stands here twice.")
            continue
        rule, lived = _rule(notes, path, item, source, registry)
        if isinstance(name, str):
            rules[name], paths[name], timelines[name] = rule, path, lived
    check_inhibits(notes, rules, paths, {rule.id: rule for rule in known})
    if notes.mistakes:
        return Checked((), {}, notes.mistakes)
    return Checked(tuple(rule for rule in rules.values() if rule is not None), timelines, [])


def _rule(
    notes: Notes, path: str, value: object, source: Source, registry: Registry | None
) -> tuple[Rule | None, tuple[Timeline, ...]]:
    before = len(notes.mistakes)
    given = notes.mapping(path, value, KEYS, REQUIRED)

    def at(key: str) -> str:
        return join(path, key)

    number = notes.identifier(at("id"), given["id"]) if "id" in given else None
    metric = read_metric(notes, at("metric"), given["metric"]) if "metric" in given else None
    nameless = "metric" in given and metric is None  # its limits cannot be read either
    when = None if nameless or "when" not in given else read_condition(notes, at("when"), given["when"], metric)
    word = notes.choice(at("severity"), given["severity"], tuple(WORDS)) if "severity" in given else None
    name = read_text(notes, at("name"), given.get("name"), parts=frozenset(), longest=LONGEST_TEXT)
    texts = {key: read_text(notes, at(key), given.get(key)) for key in ("message", "runbook")}
    times = {key: read_time(notes, at(key), given[key]) for key in TIMES if key in given}
    silence = notes.choice(at("silence"), given["silence"], tuple(OnSilence)) if "silence" in given else None
    scope = _scope(notes, at("scope"), given.get("scope"), registry)
    permits = {} if nameless else _permits(notes, path, given, metric, when)
    _check_known(
        notes,
        at("permits" if "permits" in given else "limits"),
        permits,
        None if registry is None else registry.by_meter,
    )
    lived = () if nameless else read_timelines(notes, at("timelines"), given.get("timelines"), metric, when)
    lists = {key: read_words(notes, at(key), given.get(key)) for key in ("receivers", "inhibits")}
    flags = {
        key: read_flag(notes, at(key), given.get(key), default=key != "latch")
        for key in ("verified", "enabled", "latch")
    }
    standard = notes.text(at("standard"), given["standard"]) if "standard" in given else ""
    _check_clocks(notes, at("when"), [when, *permits.values()])
    if len(notes.mistakes) > before or number is None or when is None or name is None:
        return None, ()
    return Rule(
        id=number, name=name, severity=WORDS.get(word or "", Severity.GENERAL), scope=scope, when=when,
        permits=permits, silent_after=times.get("silent_after"), receivers=lists["receivers"],
        timing=Timing(
            hold=times.get("hold") or NO_TIME,
            clear_after=times.get("clear_after") or NO_TIME,
            on_silence=OnSilence(silence or OnSilence.KEEP),
            keep_firing=times.get("keep_firing") or NO_TIME,
            latch=flags["latch"],
        ),
        renotify=times.get("renotify"), inhibits=lists["inhibits"], message=texts["message"],
        runbook=texts["runbook"], standard=standard or "", verified=flags["verified"], enabled=flags["enabled"],
        source=source,
    ), lived  # fmt: skip


TIMES = ("hold", "clear_after", "keep_firing", "silent_after", "renotify")


def _check_clocks(notes: Notes, path: str, conditions: Iterable[Condition | None]) -> None:
    """Refuse a clock beside anything else: it alone also looks at readings that come too late to be live."""
    for when in conditions:
        if when is not None and len({isinstance(leaf, Skew) for leaf in leaves(when)}) > 1:
            notes.add(
                path,
                "skew 不能与其他条件合用; 请另写一条规则。",
                "skew cannot stand beside other conditions; write a rule of its own.",
            )


def _permits(
    notes: Notes, path: str, given: Mapping[str, object], metric: Metric | None, when: Condition | None
) -> dict[str, Condition]:
    """Read what holds on single meters instead: whole conditions, or limits alone."""
    found: dict[str, Condition] = {}
    if "permits" in given:
        here = join(path, "permits")
        for meter, item in notes.table(here, given["permits"]).items():
            name = notes.identifier(join(here, meter), meter)
            own = read_condition(notes, join(here, meter), item, metric)
            if name is not None and own is not None:
                found[name] = own
    if "limits" in given and when is not None:
        here = join(path, "limits")
        for name, own in read_limits(notes, here, given["limits"], when).items():
            if name in found:
                notes.add(join(here, name), f"{name} 已在 permits 中。", f"{name} is in permits already.")
            found[name] = own
    return found


def _scope(notes: Notes, path: str, value: object, registry: Registry | None) -> Scope:
    if value is None:
        return Scope()
    choices = {"roles": tuple(Role), "media": tuple(Medium)}
    there = {} if registry is None else {
        "parks": {park.id for park in registry.parks}, "enterprises": registry.by_enterprise,
        "meters": registry.by_meter,
    }  # fmt: skip
    found: dict[str, tuple[str, ...]] = {}
    for key, item in notes.mapping(path, value, SCOPE_KEYS, ()).items():
        here = join(path, key)
        found[key] = read_words(notes, here, item)
        if not found[key] and not isinstance(item, str):
            notes.add(here, "至少写一个, 或去掉这个键。", "Name one at least, or leave the key out.")
        for place, word in enumerate(found[key] if key in choices else ()):
            notes.choice(f"{here}[{place}]", word, choices[key])
        _check_known(notes, here, found[key], there.get(key))
    return Scope(**found)


def _check_known(notes: Notes, path: str, words: Iterable[str], known: Iterable[str] | None) -> None:
    """Find what the registry does not know."""
    names = None if known is None else list(known)
    for word in words:
        if names is not None and word not in names:
            zh, en = near(word, names)
            notes.add(path, f"台账中没有 {show(word)}; {zh}", f"The registry has no {show(word)}; {en}")
