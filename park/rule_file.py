"""Rules as a document that people write: checked whole, with every mistake at its place.

rules:
  - id: h2s-1
    name: {zh: 硫化氢一级报警, en: "Hydrogen sulphide, level 1"}
    severity: larger
    metric: h2s
    scope: {roles: [detector]}
    when: {above: 10 mg/m³, clear: 8 mg/m³}
    clear_after: 30s
    silence: breach
    …
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from string import Formatter
from typing import Literal

from park import period
from park.alert import OnSilence, Timing
from park.condition import Condition, Skew, leaves
from park.metric import Medium, Metric, metrics
from park.mistake import Mistake
from park.place import Role
from park.registry_notes import Notes, join, show
from park.rule import Rule, Scope, Text
from park.rule_condition import read_condition
from park.severity import BY_WORD, ZH, Severity
from park.timeline import Timeline, read_timelines

KEYS = (
    "id", "name", "severity", "metric", "scope", "when", "permits", "hold", "clear_after", "keep_firing", "silence",
    "silent_after", "latch", "renotify", "receivers", "inhibits", "message", "runbook", "standard", "verified",
    "enabled", "timelines",
)  # fmt: skip
REQUIRED = ("id", "name", "severity", "when", "silence")
SCOPE_KEYS = ("parks", "industries", "enterprises", "roles", "media", "meters")
WORDS = {word: severity for severity, word in ZH.items()} | BY_WORD
PARTS = frozenset({"meter", "enterprise", "value", "limit", "unit", "since", "metric", "rule"})
"""What a message may hold in braces."""
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Checked:
    """A document after the check: rules with their timelines, or the mistakes that stand in their way."""

    rules: tuple[Rule, ...]
    timelines: Mapping[str, tuple[Timeline, ...]]
    mistakes: list[Mistake]


def check(
    document: object, lines: Mapping[str, int] | None = None, *, source: Literal["file", "console"] = "file"
) -> Checked:
    """Check a whole document; `lines` says on which line each path begins, such as `rules[3].when.above`."""
    notes = Notes(lines or {})
    given = notes.mapping("", document, ("rules",), ("rules",))
    rules: dict[str, Rule | None] = {}
    timelines: dict[str, tuple[Timeline, ...]] = {}
    for place, item in enumerate(notes.items("rules", given.get("rules"))):
        path = f"rules[{place}]"
        name = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(name, str) and name in rules:
            notes.add(join(path, "id"), f"规则 {show(name)} 重复。", f"Rule {show(name)} stands here twice.")
            continue
        rule, lived = _rule(notes, path, item, source)
        if isinstance(name, str):
            rules[name] = rule
            timelines[name] = lived
    _check_inhibits(notes, given.get("rules"), rules)
    whole = tuple(rule for rule in rules.values() if rule is not None)
    return Checked(() if notes.mistakes else whole, {} if notes.mistakes else timelines, notes.mistakes)


def _rule(
    notes: Notes, path: str, value: object, source: Literal["file", "console"]
) -> tuple[Rule | None, tuple[Timeline, ...]]:
    before = len(notes.mistakes)
    given = notes.mapping(path, value, KEYS, REQUIRED)

    def at(key: str) -> str:
        return join(path, key)

    def time(key: str) -> timedelta | None:
        return _time(notes, at(key), given[key]) if key in given else None

    number = notes.identifier(at("id"), given["id"]) if "id" in given else None
    metric = _metric(notes, at("metric"), given.get("metric"))
    when = read_condition(notes, at("when"), given["when"], metric) if "when" in given else None
    _check_clocks(notes, at("when"), when)
    word = notes.choice(at("severity"), given["severity"], tuple(WORDS)) if "severity" in given else None
    silence = notes.choice(at("silence"), given["silence"], tuple(OnSilence)) if "silence" in given else None
    texts = {key: _text(notes, at(key), given.get(key)) for key in ("name", "message", "runbook")}
    timing = Timing(
        hold=time("hold") or NO_TIME,
        clear_after=time("clear_after") or NO_TIME,
        on_silence=OnSilence(silence) if silence in tuple(OnSilence) else OnSilence.KEEP,
        keep_firing=time("keep_firing") or NO_TIME,
        latch=_flag(notes, at("latch"), given.get("latch"), default=False),
    )
    scope = _scope(notes, at("scope"), given.get("scope"))
    permits = _permits(notes, at("permits"), given.get("permits"), metric)
    lived = read_timelines(notes, at("timelines"), given.get("timelines"))
    rest = {key: _words(notes, at(key), given.get(key)) for key in ("receivers", "inhibits")}
    flags = {key: _flag(notes, at(key), given.get(key), default=True) for key in ("verified", "enabled")}
    standard = notes.text(at("standard"), given["standard"]) if "standard" in given else ""
    silent_after, renotify = time("silent_after"), time("renotify")
    name = texts["name"]
    if len(notes.mistakes) > before or number is None or when is None or name is None:
        return None, ()
    return Rule(
        id=number, name=name, severity=WORDS.get(word or "", Severity.GENERAL), scope=scope, when=when,
        permits=permits, timing=timing, silent_after=silent_after, receivers=rest["receivers"], renotify=renotify,
        inhibits=rest["inhibits"], message=texts["message"], runbook=texts["runbook"], standard=standard or "",
        verified=flags["verified"], enabled=flags["enabled"], source=source,
    ), lived  # fmt: skip


def _metric(notes: Notes, path: str, value: object) -> Metric | None:
    if value is None:
        return None
    return metrics().get(notes.choice(path, value, tuple(metrics())) or "")


def _check_clocks(notes: Notes, path: str, when: Condition | None) -> None:
    """Refuse a clock beside anything else: it alone also looks at readings that come too late to be live."""
    kinds = {isinstance(leaf, Skew) for leaf in leaves(when)} if when is not None else set()
    if len(kinds) > 1:
        notes.add(path, "skew 不能与其他条件合用。", "skew cannot stand beside other conditions.")


def _permits(notes: Notes, path: str, value: object, metric: Metric | None) -> dict[str, Condition]:
    if value is None:
        return {}
    found: dict[str, Condition] = {}
    if not isinstance(value, Mapping):
        notes.mapping(path, value, (), ())
        return found
    for meter, item in value.items():
        here = join(path, str(meter))
        name = notes.identifier(here, meter)
        when = read_condition(notes, here, item, metric)
        if name is not None and when is not None:
            found[name] = when
    return found


def _scope(notes: Notes, path: str, value: object) -> Scope:
    if value is None:
        return Scope()
    given = notes.mapping(path, value, SCOPE_KEYS, ())
    known = {"roles": tuple(Role), "media": tuple(Medium)}
    found: dict[str, tuple[str, ...]] = {}
    for key, item in given.items():
        words = _words(notes, join(path, key), item)
        for place, word in enumerate(words if key in known else ()):
            notes.choice(f"{join(path, key)}[{place}]", word, known[key])
        found[key] = words
    return Scope(**found)


def _words(notes: Notes, path: str, value: object) -> tuple[str, ...]:
    items = (value,) if isinstance(value, str) else notes.items(path, value)
    texts = (notes.text(f"{path}[{place}]", item) for place, item in enumerate(items))
    return tuple(text for text in texts if text is not None)


def _flag(notes: Notes, path: str, value: object, *, default: bool) -> bool:
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    notes.add(
        path, f"这里应是 true 或 false, 而不是 {show(value)}。", f"This must be true or false, not {show(value)}."
    )
    return default


def _time(notes: Notes, path: str, value: object) -> timedelta | None:
    if value in {"0s", 0}:
        return NO_TIME
    try:
        return period.read(value if isinstance(value, str) else "")
    except ValueError:
        notes.add(
            path,
            f"时长 {show(value)} 无法识别; 请写成 0s、30s、10m、1h。",
            f"Time {show(value)} is not understood; write 0s, 30s, 10m or 1h.",
        )
        return None


def _text(notes: Notes, path: str, value: object) -> Text | None:
    """Read a text in both languages, or in Chinese alone."""
    if value is None:
        return None
    if isinstance(value, str):
        value = {"zh": value}
    given = notes.mapping(path, value, ("zh", "en"), ("zh",))
    texts = {key: notes.text(join(path, key), item) or "" for key, item in given.items()}
    for key, text in texts.items():
        _check_parts(notes, join(path, key), text)
    return Text(**texts) if "zh" in texts else None


def _check_parts(notes: Notes, path: str, text: str) -> None:
    try:
        parts = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        parts = {""}
    for part in sorted(parts - PARTS):
        known = ", ".join(sorted(PARTS))
        notes.add(path, f"不认识 {{{part}}}; 可用: {known}。", f"{{{part}}} is not known; there are: {known}.")


def _check_inhibits(notes: Notes, items: object, rules: Mapping[str, Rule | None]) -> None:
    for place, item in enumerate(items if isinstance(items, list | tuple) else ()):
        named = item.get("inhibits") if isinstance(item, Mapping) else None
        for number, name in enumerate(named if isinstance(named, list | tuple) else ()):
            if isinstance(name, str) and name not in rules:
                path = f"rules[{place}].inhibits[{number}]"
                notes.add(path, f"没有规则 {show(name)}。", f"There is no rule {show(name)}.")
