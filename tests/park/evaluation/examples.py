"""Enterprises and schemes to evaluate."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from park.coverage import Coverage
from park.evaluation.quantity import Quantity
from park.evaluation.said import Said
from park.evaluation.scheme import Scheme
from park.evaluation.scheme_dump import dump
from park.evaluation.scheme_file import check
from park.evaluation.shipped import shipped
from park.evaluation.subject import Flag, Subject

HUANGYAN = shipped()["huangyan-2023-example"]
ENTERED = Said("2026 报表第 1 版 (核定)", "statement 2026 r1, verified")
NOT_ENTERED = Said("2026 没有报表", "no statement for 2026")


def quantity(value: float | None, measured: float = 1.0) -> Quantity:
    if value is None:
        return Quantity(None, Coverage(0.0), NOT_ENTERED)
    return Quantity(value, Coverage(measured), None, ENTERED)


def subject(
    name: str,
    *flags: Flag,
    industry: str = "1392",
    given: Mapping[str, float | None] | None = None,
    **more: float | None,
) -> Subject:
    values = {**(given or {}), **more}
    return Subject(
        name, f"{name} 公司", f"{name} Co", industry, {key: quantity(value) for key, value in values.items()}, flags
    )


def document(scheme: Scheme = HUANGYAN) -> dict[str, Any]:
    return deepcopy(dump(scheme))


def scheme(*indicators: dict[str, Any], **more: object) -> Scheme:
    """Make a scheme of one cohort; without a weight the indicators share the hundred."""
    items = [{"weight": 100 / len(indicators), **each} for each in indicators]
    made = check(
        {
            "id": "one",
            "name": "一组",
            "cohorts": [{"key": "all", "name": "全部", "indicators": items}],
            "grading": {"mode": "percentile", "A": 20, "B": 60, "C": 95},
            **more,
        }
    )
    assert made.scheme is not None, made.mistakes
    return made.scheme
