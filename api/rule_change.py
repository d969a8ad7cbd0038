"""Changing rules: a text is read against the others, and what is changed about one is checked against it as it is."""

from adapters.relational import rules_store
from api import rule_entry
from api.mistake import Mistake
from api.problem import Problem
from api.services import Services
from park.permit import Overlay
from park.rule import Rule


def lay(parts: Services, name: str, overlay: Overlay, *, who: str, reason: str) -> None:
    """Keep what is changed about a rule, checked against the rule as it is without it."""
    plain = {one.id: one for one in (*parts.alarms.shipped(), *rules_store.load(parts.engine, parts.alarms.shipped()))}
    rules_store.lay(parts.engine, plain[name], overlay, who=who, now=parts.clock(), reason=reason)
    parts.alarms.refresh_rules()


def known(parts: Services) -> list[Rule]:
    """Give the rules that another one may inhibit."""
    return list(parts.alarms.rules().values())


def entered(parts: Services, text: str, lang: str) -> Rule:
    """Read a rule.  Raises Problem with every mistake."""
    read = rule_entry.read(text, parts.registry.current(), known(parts))
    if read.rule is None:
        found = [
            Mistake(path=one.path if one.line is None else f"{one.path} (line {one.line})", sentence=one.sentence(lang))
            for one in read.mistakes
        ]
        raise Problem("mistakes", mistakes=found, count=len(found))
    return read.rule
