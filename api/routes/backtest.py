"""A rule tried on what is stored: how often it would have told of something, for how long, and how nervously."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from adapters.backtest import backtest, expected
from api import language, rule_entry
from api.answers import answers
from api.problem import Problem
from api.routes.rules import seen_rule
from api.rule_body import TEXT
from api.rule_change import entered
from api.security import RulesKeeper
from api.services import Parts, Services
from api.times import Instant
from park.backtest import Tried
from park.backtest_summary import Summary, summed
from park.registry import Registry
from park.rulebook import bind

router = APIRouter(tags=["rules"])

USUAL = timedelta(days=7)
LONGEST = timedelta(days=366)
MOST = 1_000_000
"""Readings; some ten or twenty seconds of work.  For more there is the command."""
SHOWN = 1_000
EPISODE: dict[str, Any] = {
    "meter": "e03-gas2", "began": "2026-11-20T10:25:00+08:00", "ended": "2026-11-20T10:41:00+08:00", "seconds": 960.0,
    "value": 31.5,
}  # fmt: skip
SUMMARY: dict[str, Any] = {
    "meters": 14, "unheard": 1, "readings": 1_209_600, "raised": 3, "burned": 2880.0, "longest": 1500.0, "open": 0,
    "nearly": 5, "relapses": 2, "chattering": 0, "busiest_hour": 1,
}  # fmt: skip


class BacktestDocument(BaseModel):
    """What to try: a rule that there is, switched on or not, or one as it would be written."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"rule": "combustible-1", "start": "2026-11-01T00:00:00+08:00", "end": "2026-11-08T00:00:00+08:00"},
                {"text": TEXT, "meters": ["e01-main"]},
            ]
        },
    )

    rule: str | None = Field(default=None, max_length=64, description="The id of a rule; this or `text`.")
    text: str | None = Field(default=None, max_length=rule_entry.LONGEST, description="A rule as it is written.")
    start: Instant | None = Field(default=None, description="By default 7 days before the end.")
    end: Instant | None = Field(default=None, description="By default now.")
    meters: list[str] = Field(default_factory=list, max_length=1_000, description="Only on these.")


class EpisodeItem(BaseModel):
    """One time it would have burned."""

    model_config = ConfigDict(json_schema_extra={"examples": [EPISODE]})

    meter: str
    began: datetime
    ended: datetime | None = Field(description="Null where it burns on at the end.")
    seconds: float
    value: float | None


class BacktestItem(BaseModel):
    """What it came to; lengths of time in seconds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rule": "combustible-1", "start": "2026-11-01T00:00:00+08:00", "end": "2026-11-08T00:00:00+08:00",
                    **SUMMARY, "episodes": [EPISODE],
                }
            ]
        }
    )  # fmt: skip

    rule: str
    start: datetime
    end: datetime
    meters: int = Field(description="On how many meters it was tried.")
    unheard: int = Field(description="On how many of them there was nothing stored to try it on.")
    readings: int
    raised: int
    burned: float = Field(description="How long in all.")
    longest: float
    open: int = Field(description="How many burn on at the end.")
    nearly: int = Field(description="Breaches that did not last for as long as the rule wants.")
    relapses: int = Field(description="Breaches within the time to clear: what that time spared people.")
    chattering: int = Field(description="Bursts of three within a minute.")
    busiest_hour: int = Field(description="The most within an hour over all meters.")
    episodes: list[EpisodeItem] = Field(description=f"In order of time, the first {SHOWN}.")


@router.post(
    "/rules/backtest",
    summary="Try a rule on stored history",
    response_description="What it would have told.",
    responses=answers(401, 403, 404, 413, 422, 503),
)
def attempt(request: Request, parts: Parts, principal: RulesKeeper, document: BacktestDocument) -> BacktestItem:
    """Live through what is stored with the engine that watches the present.  Nothing is kept, nobody is told."""
    if (document.rule is None) == (document.text is None):
        raise Problem("backtest_of_what")
    if document.text is not None:
        rule = entered(parts, document.text, language.of(request))
    else:
        rule = seen_rule(parts, principal, document.rule or "")
    end = document.end or parts.clock()
    start = document.start or end - USUAL
    if start >= end:
        raise Problem("range_order", start=parts.local(start).isoformat(), end=parts.local(end).isoformat())
    if end - start > LONGEST:
        raise Problem("range_wide", most="366 d")
    rule, registry = replace(rule, enabled=True), _registry(parts, document.meters)
    wanted = expected(bind([rule], registry), registry, start, end)
    if wanted > MOST:
        raise Problem("backtest_wide", wanted=f"{wanted:,}", most=f"{MOST:,}")
    found = backtest([rule], registry, parts.telemetry, start, end)
    return _item(parts, rule.id, found, start, end)


def _registry(parts: Services, meters: list[str]) -> Registry:
    registry = parts.registry.current()
    if not meters:
        return registry
    for name in meters:
        if name not in registry.by_meter:
            raise Problem("no_such", what="meter", id=name)
    return Registry(registry.parks, registry.enterprises, tuple(m for m in registry.meters if m.id in set(meters)))


def _item(parts: Services, rule: str, found: list[Tried], start: datetime, end: datetime) -> BacktestItem:
    episodes = sorted(
        ((one.key.meter, episode) for one in found for episode in one.episodes), key=lambda pair: pair[1].began
    )
    return BacktestItem(
        rule=rule,
        start=parts.local(start),
        end=parts.local(end),
        episodes=[
            EpisodeItem(
                meter=meter,
                began=parts.local(one.began),
                ended=None if one.ended is None else parts.local(one.ended),
                seconds=one.lasted(end).total_seconds(),
                value=one.value,
            )
            for meter, one in episodes[:SHOWN]
        ],
        **_figures(summed(found, end)),
    )


def _figures(summaries: list[Summary]) -> dict[str, Any]:
    """Give the figures of the one rule; where no meter fits, there are none."""
    if not summaries:
        return dict.fromkeys(SUMMARY, 0)
    plain = summaries[0]._asdict()
    del plain["rule"]
    return {name: one.total_seconds() if isinstance(one, timedelta) else one for name, one in plain.items()}
