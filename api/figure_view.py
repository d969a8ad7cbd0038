"""Figures as they go over the wire: values with coverage, state, and what became of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from adapters.relational.figures import Revision
from api.services import Services
from park.comparison import Change
from park.coverage import Coverage
from park.figure import Why
from park.grounds import Reason
from park.indicator import indicators

COVERAGE: dict[str, Any] = {"measured": 0.98, "estimated": 0.02, "missing": 0.0}
FIGURE: dict[str, Any] = {
    "id": "park.hengkou.energy_intensity.2026-10.equivalent",
    "indicator": "energy_intensity",
    "name": "单位增加值能耗",
    "value": 0.0731,
    "unit": "tce/万元",
    "why": None,
    "coverage": COVERAGE,
    "state": "provisional",
    "revision": 1,
    "at": "2026-11-05T08:00:00+08:00",
    "better": "less",
    "link": "/api/v1/figures/park.hengkou.energy_intensity.2026-10.equivalent",
}


class CoverageItem(BaseModel):
    """Shares of the term's time."""

    model_config = ConfigDict(json_schema_extra={"examples": [COVERAGE]})

    measured: float
    estimated: float
    missing: float


class ChangeItem(BaseModel):
    """A figure against an earlier term, of the enterprises that are in both."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "term": "2025-10",
                    "before": 0.0802,
                    "after": 0.0731,
                    "rate": -0.0885,
                    "why": None,
                    "enterprises": 42,
                    "dropped": ["e07"],
                }
            ]
        }
    )

    term: str
    before: float | None
    after: float | None
    rate: float | None = Field(description="0.05 is five percent more; null where there is nothing to compare.")
    why: str | None
    enterprises: int = Field(description="How many are in both terms.")
    dropped: list[str] = Field(description="Those that are in one of the two only.")


class FigureItem(BaseModel):
    """One figure in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [FIGURE]})

    id: str
    indicator: str
    name: str
    value: float | None = Field(description="Null says that it cannot be had; `why` says why. Never 0 instead.")
    unit: str
    why: str | None
    coverage: CoverageItem
    state: str = Field(description="`final` once the term is over and every input is settled, else `provisional`.")
    revision: int = Field(description="0 while the term runs.")
    at: datetime
    better: str = Field(description="`more`, `less`, or empty for what goes with the size of an enterprise.")
    link: str


class ReasonItem(BaseModel):
    """One reason why a figure became another."""

    cause: str
    subject: str
    sentence: str
    before: float | None
    after: float | None
    unit: str
    figure: str


class RevisionItem(BaseModel):
    """What a figure was at some time, and why it became that."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "revision": 2,
                    "at": "2026-11-12T08:00:00+08:00",
                    "value": 0.0735,
                    "unit": "tce/万元",
                    "difference": 0.0004,
                    "coverage": COVERAGE,
                    "state": "final",
                    "why": None,
                    "reasons": [
                        {
                            "cause": "late_data",
                            "subject": "e01-main",
                            "sentence": "设备 e01-main 数据补到: 100,000 kWh → 101,000 kWh",
                            "before": 100000.0,
                            "after": 101000.0,
                            "unit": "kWh",
                            "figure": "enterprise.e01.energy.2026-10.equivalent",
                        }
                    ],
                }
            ]
        }
    )

    revision: int
    at: datetime
    value: float | None
    unit: str
    difference: float | None = Field(description="Against the revision before; null for the first.")
    coverage: CoverageItem
    state: str
    why: str | None
    reasons: list[ReasonItem]


def coverage_item(coverage: Coverage) -> CoverageItem:
    """Write shares; the third is what the two leave."""
    return CoverageItem(measured=coverage.measured, estimated=coverage.estimated, missing=coverage.missing)


def figure_item(parts: Services, one: Revision, lang: str) -> FigureItem:
    """Write one figure for a list."""
    figure = one.figure
    indicator = indicators()[figure.indicator]
    return FigureItem(
        id=figure.id,
        indicator=figure.indicator,
        name=indicator.called(lang),
        value=figure.value,
        unit=figure.unit,
        why=said(figure.why, lang),
        coverage=coverage_item(figure.coverage),
        state=figure.state.value,
        revision=one.revision,
        at=parts.local(one.at),
        better=indicator.better.value,
        link=f"/api/v1/figures/{figure.id}",
    )


def change_item(change: Change, term: str, lang: str) -> ChangeItem:
    """Write a comparison."""
    return ChangeItem(
        term=term,
        before=change.before,
        after=change.after,
        rate=change.rate,
        why=said(change.why, lang),
        enterprises=len(change.common),
        dropped=list(change.dropped),
    )


def revision_items(parts: Services, found: Sequence[Revision], lang: str) -> list[RevisionItem]:
    """Write revisions, the newest first, each with its difference to the one before."""
    items = []
    for place, one in enumerate(found):
        before = found[place + 1].figure.value if place + 1 < len(found) else None
        value = one.figure.value
        items.append(
            RevisionItem(
                revision=one.revision,
                at=parts.local(one.at),
                value=value,
                unit=one.figure.unit,
                difference=None if value is None or before is None else value - before,
                coverage=coverage_item(one.figure.coverage),
                state=one.figure.state.value,
                why=said(one.figure.why, lang),
                reasons=[reason_item(reason, lang) for reason in one.reasons],
            )
        )
    return items


def reason_item(reason: Reason, lang: str) -> ReasonItem:
    """Write one reason."""
    return ReasonItem(
        cause=reason.cause.value,
        subject=reason.subject,
        sentence=reason.sentence(lang),
        before=reason.before,
        after=reason.after,
        unit=reason.unit,
        figure=reason.figure,
    )


def said(why: Why | None, lang: str) -> str | None:
    """Say why there is no value; None where there is one."""
    return None if why is None else why.sentence(lang)
