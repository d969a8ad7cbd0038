"""What is sent about alert rules: a rule as it is written, what it came to, and what is changed about one."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api import rule_entry

TEXT = """\
rules:
  - id: cable-warm
    name: {zh: 电缆温度过高, en: Cable too warm}
    severity: general
    metric: cable_temp
    scope: {media: [electricity]}
    when: {above: 65 degC, clear: 60 degC}
    hold: 5m
    clear_after: 5m
    silence: keep
    runbook: {zh: 减负荷后到现场测温, en: Shed load and measure on site}
    timelines:
      - name: five minutes too warm are told, and over when five minutes cooler
        every: 5m
        values: [50, 70, 70, 58, 55]
        phases: ".pFc."
"""


class RuleDocument(BaseModel):
    """A rule as it is written."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": TEXT, "reason": "冷库改造后的新限值"}]}
    )

    text: str = Field(max_length=rule_entry.LONGEST, description="YAML or JSON: exactly one rule under `rules`.")
    reason: str = Field(default="", max_length=500, description="Why it changes; required from the second revision on.")


class CheckedItem(BaseModel):
    """What a text came to: a rule, or every mistake with its place and line."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "good": False, "id": None, "condition": "", "meters": [], "examples": 0,
                    "mistakes": [{"path": "rules[0].when.above", "line": 7, "sentence": "请写单位, 如 30 mg/m³。"}],
                }
            ]
        }
    )  # fmt: skip

    good: bool
    id: str | None
    condition: str
    meters: list[str] = Field(description="The meters it would watch.")
    examples: int = Field(description="How many examples beside it were lived through, all as they say.")
    mistakes: list[dict[str, Any]]


class AdjustmentDocument(BaseModel):
    """What is changed about a rule without rewriting it.  What is left out is as the rule has it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"enabled": True, "limits": {"e01-h2s": "5 mg/m³"}, "reason": "许可证限值 5 mg/m³"}]
        },
    )

    enabled: bool | None = None
    limits: dict[str, str | float] = Field(default_factory=dict, description="By meter, with the unit: a permit's.")
    receivers: list[str] | None = Field(default=None, description="Who is told instead of those the rule names.")
    reason: str = Field(default="", max_length=500, description="Why; required where anything changes.")
