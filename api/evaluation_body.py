"""Evaluations as they go over the wire."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from park.evaluation.result import State
from park.evaluation.scheme import Grade

SCORE: dict[str, Any] = {
    "indicator": "tax_per_mu",
    "name": "亩均税收",
    "unit": "万元/亩",
    "weight": 30.0,
    "value": 20.0,
    "benchmark": 24.097,
    "raw": 24.8994,
    "score": 24.8994,
    "step": "20 ÷ 24.097 × 30 = 24.8994",
    "why": None,
    "measured": 1.0,
    "estimated": 0.0,
    "numerator": {"value": 850.0, "source": "报表 2026 第 1 版 (核定)", "figure": None},
    "denominator": {"value": 42.5, "source": "企业台账", "figure": None},
}
RESULT: dict[str, Any] = {
    "enterprise": "e01",
    "name": "安康某富硒食品有限公司",
    "state": "graded",
    "cohort": "large",
    "cohort_why": "营业收入 20,000 ≥ 2,000 万元",
    "scores": [SCORE],
    "base": 85.9032,
    "base_step": "24.8994 + 14.6886 + 18.5598 + 8.45198 + 11.0254 + 8.27815 = 85.9032",
    "adders": [{"key": "green-factory", "name": "绿色工厂", "points": 2.0, "reason": "省级绿色工厂 2025"}],
    "added": 2.0,
    "vetoes": [],
    "exclusions": [],
    "total": 87.9,
    "rank": 1,
    "of": 12,
    "grade": "A",
    "reason": "第 1 名, 共 12 家; A 到第 2 名 (20 %)",
}
HEAD: dict[str, Any] = {
    "id": 3,
    "park": "hengkou",
    "scheme": "huangyan-2023-example",
    "scheme_revision": 0,
    "period": "2026",
    "revision": 2,
    "who": "王丽",
    "at": "2027-02-01T09:30:00+08:00",
    "reason": "e03 补报年报",
}
PANEL: dict[str, Any] = {
    "indicator": "tax_per_mu",
    "name": "亩均税收",
    "unit": "万元/亩",
    "value": 18.9,
    "numerator": 573564.0,
    "denominator": 30341.0,
    "counted": 942,
    "left_out": [],
}
GROUP: dict[str, Any] = {"key": "large", "name": "规上工业企业", "members": 12, "panels": [PANEL]}


class Part(BaseModel):
    """One of the two numbers of a ratio."""

    value: float | None
    source: str = Field(description="Where it came from: a statement with its revision, a figure, the registry.")
    figure: str | None = Field(description="The id of the figure that explains it.")


class ScoreItem(BaseModel):
    """One indicator of one enterprise, the arithmetic written out."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCORE]})

    indicator: str
    name: str
    unit: str
    weight: float
    value: float | None
    benchmark: float | None
    raw: float | None = Field(description="Points before floor and cap.")
    score: float | None
    step: str = Field(description="The sum, or what the scheme does about a missing value.")
    why: str | None = Field(description="Why there is no value.")
    measured: float
    estimated: float
    numerator: Part
    denominator: Part


class MarkItem(BaseModel):
    """An adder, a veto or an exclusion that was applied."""

    key: str
    name: str
    points: float
    reason: str


class ResultItem(BaseModel):
    """One enterprise's result."""

    model_config = ConfigDict(json_schema_extra={"examples": [RESULT]})

    enterprise: str
    name: str
    state: State
    cohort: str | None
    cohort_why: str
    scores: list[ScoreItem]
    base: float | None
    base_step: str = Field(description="How the points add up.")
    adders: list[MarkItem]
    added: float
    vetoes: list[MarkItem]
    exclusions: list[MarkItem]
    total: float | None
    rank: int | None
    of: int | None
    grade: Grade | None
    reason: str


class PanelItem(BaseModel):
    """An indicator over a group: the ratio of sums."""

    indicator: str
    name: str
    unit: str
    value: float | None
    numerator: float
    denominator: float
    counted: int
    left_out: list[str] = Field(description="Enterprises without one of the two numbers.")


class GroupItem(BaseModel):
    """One cohort."""

    key: str
    name: str
    members: int
    panels: list[PanelItem]


class EvaluationHead(BaseModel):
    """Which evaluation it is, and who ran it."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEAD]})

    id: int
    park: str
    scheme: str
    scheme_revision: int = Field(description="0 is a shipped scheme.")
    period: str
    revision: int
    who: str
    at: datetime
    reason: str


class EvaluationItem(EvaluationHead):
    """An evaluation.  An enterprise's own user gets its own result only, and no group's values."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                HEAD
                | {
                    "basis": "equivalent",
                    "factors": ["GB/T 2589-2020"],
                    "digest": "7d0c…",
                    "notes": [],
                    "groups": [GROUP],
                    "panels": [PANEL],
                    "results": [RESULT],
                }
            ]
        }
    )

    basis: str
    factors: list[str]
    digest: str = Field(description="SHA-256 of everything it was made of.")
    notes: list[str]
    groups: list[GroupItem]
    panels: list[PanelItem] = Field(description="The park as a whole.")
    results: list[ResultItem]
