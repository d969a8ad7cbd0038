"""Reading a rule that a person writes in the console: one rule, checked whole against the registry and the others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from adapters import registry_yaml
from park import rule_file
from park.mistake import Mistake
from park.registry import Registry
from park.rule import Rule
from park.timeline import Timeline, play

LONGEST = 64 * 1024
NO_RULE = Mistake(
    "rules",
    None,
    "请恰好写一条规则: rules: 下一个以 - id: 开头的条目。",
    "Write exactly one rule: one item under rules:.",
)


class Written(NamedTuple):
    """What a text came to: a rule, or the mistakes that stand in its way."""

    rule: Rule | None
    timelines: tuple[Timeline, ...]
    mistakes: tuple[Mistake, ...]


def read(text: str, registry: Registry, known: Iterable[Rule]) -> Written:
    """Read the YAML (or JSON) of one rule; `known` are the other rules, which it may inhibit.

    Its examples are lived through with the real engine: one that turns out otherwise is a mistake.
    """
    source = registry_yaml.read(text)
    if source.mistakes:
        return Written(None, (), tuple(source.mistakes))
    document = source.document
    items = document.get("rules") if isinstance(document, Mapping) else None
    if isinstance(items, Sequence) and not isinstance(items, str) and len(items) != 1:
        return Written(None, (), (NO_RULE,))
    checked = rule_file.check(document, source.lines, source="console", registry=registry, known=known)
    if checked.mistakes or len(checked.rules) != 1:
        return Written(None, (), tuple(checked.mistakes) or (NO_RULE,))
    rule = checked.rules[0]
    lived = checked.timelines.get(rule.id, ())
    wrong = tuple(_otherwise(rule, lived, source.lines))
    return Written(None if wrong else rule, lived, wrong)


def _otherwise(rule: Rule, timelines: Sequence[Timeline], lines: Mapping[str, int]) -> Iterable[Mistake]:
    for place, timeline in enumerate(timelines):
        letters = play(rule, timeline)
        if letters != timeline.phases:
            path = f"rules[0].timelines[{place}].phases"
            zh = f"按此规则得到 {letters}, 而不是 {timeline.phases}。"
            yield Mistake(path, lines.get(path), zh, f"By this rule it is {letters}, not {timeline.phases}.")
