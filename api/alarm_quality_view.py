"""The report on the quality of alarms as it goes over the wire; lengths of time in seconds."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api import alarm_report
from api.services import Services
from park.alarm_quality import Actor, Lengths, Quality, Stretch
from park.alarm_target import Grade, targets

LENGTHS: dict[str, Any] = {"known": 118, "missing": 6, "median": 95.0, "p90": 610.0}
STRETCH: dict[str, Any] = {
    "start": "2026-11-01T00:00:00+08:00", "end": "2026-11-01T08:00:00+08:00", "raised": 9, "per_hour": 1.1, "peak": 3,
    "to_acknowledge": LENGTHS,
}  # fmt: skip
ACTOR: dict[str, Any] = {
    "rule": "combustible-1", "meter": "e03-gas2", "rule_name": "可燃气体一级报警", "meter_name": "2 号探测器",
    "raised": 31, "share": 0.25, "chattering": 2,
}  # fmt: skip


class LengthsItem(BaseModel):
    """How long something took, in seconds."""

    model_config = ConfigDict(json_schema_extra={"examples": [LENGTHS]})

    known: int
    missing: int = Field(description="Where it did not happen.")
    median: float | None
    p90: float | None


class TargetItem(BaseModel):
    """A figure beside what ISA-18.2 asks for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "per_hour", "name": "平均每人每小时告警数", "value": 0.2, "target": 6, "bound": 12,
                    "share": False, "grade": "good",
                }
            ]
        }
    )  # fmt: skip

    id: str
    name: str
    value: float
    target: float = Field(description="Good up to here.")
    bound: float = Field(description="Poor beyond here.")
    share: bool = Field(description="Whether the figures are shares of 1.")
    grade: Grade


class ActorItem(BaseModel):
    """One source of alarms."""

    model_config = ConfigDict(json_schema_extra={"examples": [ACTOR]})

    rule: str
    meter: str
    rule_name: str
    meter_name: str
    raised: int
    share: float
    chattering: int = Field(description="Bursts of three within a minute.")


class StaleItem(BaseModel):
    """An alarm that stood for more than a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rule": "silent", "meter": "e07-w1", "raised": "2026-11-02T03:00:00+08:00", "seconds": 172800,
                    "open": True,
                }
            ]
        }
    )  # fmt: skip

    rule: str
    meter: str
    raised: datetime
    seconds: float
    open: bool = Field(description="Whether it burns on.")


class FloodItem(BaseModel):
    """A stretch with more alarms than one can look at."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"start": "2026-11-03T14:00:00+08:00", "end": "2026-11-03T14:25:00+08:00", "raised": 38, "peak": 22}
            ]
        }
    )

    start: datetime
    end: datetime
    raised: int
    peak: int


class StretchItem(BaseModel):
    """The figures of one shift or month."""

    model_config = ConfigDict(json_schema_extra={"examples": [STRETCH]})

    start: datetime
    end: datetime
    raised: int
    per_hour: float
    peak: int = Field(description="The most within ten minutes.")
    to_acknowledge: LengthsItem


class QualityItem(BaseModel):
    """The report."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "start": "2026-11-01T00:00:00+08:00", "end": "2026-12-01T00:00:00+08:00", "operators": 1,
                    "raised": 124, "per_hour": 0.17, "peak_hour": 24, "peak": 22, "busy": 0.0002, "flooded": 0.0006,
                    "top_share": 0.7, "targets": [], "severities": {"general": 80, "larger": 40, "major": 4},
                    "actors": [ACTOR], "chattering": [], "stale": [], "floods": [], "to_acknowledge": LENGTHS,
                    "to_clear": LENGTHS, "shifts": [STRETCH], "months": [],
                }
            ]
        }
    )  # fmt: skip

    start: datetime
    end: datetime
    operators: int
    raised: int
    per_hour: float = Field(description="Raised an hour and operator.")
    peak_hour: int = Field(description="The most within an hour.")
    peak: int = Field(description="The most within ten minutes.")
    busy: float = Field(description="The share of the ten-minute slots with more than ten for each operator.")
    flooded: float = Field(description="The share of the time spent in floods.")
    top_share: float = Field(description="The share of the ten most frequent sources.")
    targets: list[TargetItem]
    severities: dict[str, int]
    actors: list[ActorItem] = Field(description="The ten most frequent sources.")
    chattering: list[ActorItem]
    stale: list[StaleItem]
    floods: list[FloodItem]
    to_acknowledge: LengthsItem
    to_clear: LengthsItem
    shifts: list[StretchItem]
    months: list[StretchItem]


def item(parts: Services, quality: Quality, lang: str) -> QualityItem:
    """Write a report."""
    return QualityItem(
        start=parts.local(quality.start),
        end=parts.local(quality.end),
        operators=quality.operators,
        raised=quality.raised,
        per_hour=quality.per_hour,
        peak_hour=quality.peak_hour,
        peak=quality.peak,
        busy=quality.busy,
        flooded=quality.flooded,
        top_share=quality.top_share,
        targets=[TargetItem(**(one._asdict() | {"name": one.name.pick(lang)})) for one in targets(quality)],
        severities={level.word: number for level, number in quality.severities if number},
        actors=[_actor(parts, one, lang) for one in quality.actors],
        chattering=[_actor(parts, one, lang) for one in quality.chattering],
        stale=[
            StaleItem(
                rule=one.spell.key.rule,
                meter=one.spell.key.meter,
                raised=parts.local(one.spell.raised),
                seconds=one.stood.total_seconds(),
                open=one.spell.cleared is None or one.spell.cleared > quality.end,
            )
            for one in quality.stale
        ],
        floods=[
            FloodItem(start=parts.local(one.start), end=parts.local(one.end), raised=one.raised, peak=one.peak)
            for one in quality.floods
        ],
        to_acknowledge=_lengths(quality.to_acknowledge),
        to_clear=_lengths(quality.to_clear),
        shifts=[_stretch(parts, one) for one in quality.shifts],
        months=[_stretch(parts, one) for one in quality.months],
    )


def _actor(parts: Services, one: Actor, lang: str) -> ActorItem:
    rule, meter = alarm_report.names(parts, one.key, lang)
    return ActorItem(
        rule=one.key.rule,
        meter=one.key.meter,
        rule_name=rule,
        meter_name=meter,
        raised=one.raised,
        share=one.share,
        chattering=one.chattering,
    )


def _lengths(one: Lengths) -> LengthsItem:
    return LengthsItem(
        known=one.known,
        missing=one.missing,
        median=None if one.median is None else one.median.total_seconds(),
        p90=None if one.p90 is None else one.p90.total_seconds(),
    )


def _stretch(parts: Services, one: Stretch) -> StretchItem:
    return StretchItem(
        start=parts.local(one.start),
        end=parts.local(one.end),
        raised=one.raised,
        per_hour=one.per_hour,
        peak=one.peak,
        to_acknowledge=_lengths(one.to_acknowledge),
    )
