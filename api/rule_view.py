"""Alert rules as they go over the wire."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from adapters.relational.rules_store import Laid, Written
from api.services import Services
from park import condition_words
from park.derived_meter import doubted_meters
from park.permit import Overlay, bounded
from park.registry import Registry
from park.rule import Rule
from park.rulebook import bind

RULE: dict[str, Any] = {
    "id": "h2s-1", "name": "硫化氢一级报警", "severity": "larger", "source": "file", "revision": 1, "enabled": True,
    "verified": True, "standard": "GB/T 50493-2019 5.5.2", "condition": "硫化氢 ≥ 10 mg/m³",
    "limits": {"e01-h2s": "硫化氢 ≥ 5 mg/m³"}, "adjusted": {"limits": {"e01-h2s": "5 mg/m³"}}, "bounded": True,
    "scope": {"roles": ["detector"]}, "hold_s": 0, "clear_after_s": 60, "silence": "keep", "latch": False,
    "receivers": [], "inhibits": [], "runbook": "停止作业…", "meters": 3, "written": None,
}  # fmt: skip


class RuleItem(BaseModel):
    """One rule as it holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [RULE]})

    id: str
    name: str
    severity: str
    source: Literal["file", "console"] = Field(description="Shipped with the program, or made in the console.")
    revision: int
    enabled: bool
    verified: bool = Field(description="Whether its limits were checked against the standard's own text.")
    standard: str
    condition: str = Field(description="In words.")
    limits: dict[str, str] = Field(description="What holds on single meters instead, in words, by meter.")
    adjusted: dict[str, Any] = Field(description="What was changed about it without rewriting it.")
    bounded: bool = Field(description="Whether limits of single meters can be set: it has exactly one limit.")
    scope: dict[str, list[str]]
    hold_s: float = Field(description="Seconds a breach must last before it is told.")
    clear_after_s: float
    silence: str = Field(description="What silence means: breach, keep or clear.")
    latch: bool = Field(description="Whether a person must close it.")
    receivers: list[str]
    inhibits: list[str]
    runbook: str
    meters: int = Field(description="How many meters it watches; 0 while it is switched off.")
    written: str | None = Field(description="Its YAML, where it was made in the console.")


class RevisionItem(BaseModel):
    """One revision of a rule, or of what was changed about it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "what": "adjustment", "revision": 2, "at": "2026-11-23T08:00:00+08:00", "who": "王丽",
                    "reason": "许可证限值 5 mg/m³", "written": None, "adjusted": {"limits": {"e01-h2s": "5 mg/m³"}},
                }
            ]
        }
    )  # fmt: skip

    what: Literal["rule", "adjustment"]
    revision: int
    at: datetime
    who: str
    reason: str
    written: str | None = Field(description="The rule's YAML; null where it was withdrawn, or for an adjustment.")
    adjusted: dict[str, Any] | None


def watched_meters(parts: Services, enterprise: str | None = None) -> dict[str, int]:
    """Count the meters each rule watches, of one enterprise or of all."""
    registry = parts.registry.current()
    counts: dict[str, int] = {}
    for key in bind(parts.alarms.rules().values(), doubted_meters(registry)).watches:
        if enterprise is None or registry.by_meter[key.meter].enterprise == enterprise:
            counts[key.rule] = counts.get(key.rule, 0) + 1
    return counts


def bound_meters(rule: Rule, registry: Registry) -> list[str]:
    """Name the meters a rule would watch, were it switched on."""
    switched_on = msgspec.structs.replace(rule, enabled=True)
    return sorted(key.meter for key in bind([switched_on], doubted_meters(registry)).watches)


def item(
    rule: Rule,
    lang: str,
    *,
    laid: Laid | None,
    written: Written | None,
    meters: int,
    seen: frozenset[str] | None = None,
) -> RuleItem:
    """Write one rule; of limits of single meters only those of `seen` meters, where not all are."""
    adjusted = plain(Overlay() if laid is None else laid.overlay)
    if seen is not None:
        kept = {meter: limit for meter, limit in adjusted.get("limits", {}).items() if meter in seen}
        adjusted = {"limits": kept} if kept else {}
    return RuleItem(
        id=rule.id,
        name=rule.name.pick(lang),
        severity=rule.severity.word,
        source=rule.source,
        revision=rule.revision,
        enabled=rule.enabled,
        verified=rule.verified,
        standard=rule.standard,
        condition=condition_words.words(rule.when, lang),
        limits={
            meter: condition_words.words(own, lang)
            for meter, own in rule.permits.items()
            if seen is None or meter in seen
        },
        adjusted=adjusted,
        bounded=bounded(rule.when) is not None,
        scope={} if seen is not None else msgspec.to_builtins(rule.scope),
        hold_s=rule.timing.hold.total_seconds(),
        clear_after_s=rule.timing.clear_after.total_seconds(),
        silence=rule.timing.on_silence.value,
        latch=rule.timing.latch,
        receivers=[] if seen is not None else list(rule.receivers),
        inhibits=list(rule.inhibits),
        runbook=rule.runbook.pick(lang) if rule.runbook is not None else "",
        meters=meters,
        written=None if written is None or seen is not None else written.written,
    )


def plain(overlay: Overlay) -> dict[str, Any]:
    """Write what was changed; what was not is left out."""
    made: dict[str, Any] = msgspec.to_builtins(overlay)
    return {name: value for name, value in made.items() if value not in (None, {})}
