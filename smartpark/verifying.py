"""Scenarios played to the real services, and what these say in the end laid beside the golden answers."""

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from adapters.alert_store import Numbered
from adapters.relational import alerts, epochs, quarantine, suspicions
from park.alert_change import Kind
from park.carrier import carrier_of
from park.declaration import Checked, decide, declare
from park.epoch import Standing
from park.interval import NO_INTERVALS, Intervals
from park.place import Meter
from park.rule import Rule
from simulators.scenario.compare import Difference, Episode, Outcome, Suspected, compare
from simulators.scenario.model import Scenario, Word
from simulators.scenario.script import Moment, Script, scripts
from smartpark.stage import Stage, StageFailed

WHO = "scenario"
MOST = 10_000
MARGIN = timedelta(days=1)
Advance = Callable[[int], None]
Watched = Callable[[int], AbstractContextManager[Advance]]


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of one scenario."""

    scenario: Scenario
    differences: Sequence[Difference]
    seconds: float
    """How long it took, with those it was played together with."""


def verify(
    scenarios: Sequence[Scenario], *, shipped: Sequence[Rule], url: str | None, port: Callable[[], int],
    watched: Watched = lambda _: nullcontext(lambda _: None),
) -> list[Verified]:  # fmt: skip
    """Play scenarios and compare; those that cannot disturb one another are played together.

    `watched` is told how many moments there are, and each that is over.  Raises StageFailed, and what the parts raise.
    """
    found: dict[str, Verified] = {}
    plays = [(script, list(script.moments())) for script in scripts(scenarios)]
    with watched(sum(len(moments) for _, moments in plays)) as advance:
        for script, moments in plays:
            began = time.monotonic()
            with (
                tempfile.TemporaryDirectory(prefix="scenario-") as folder,
                Stage(
                    Path(folder),
                    start=script.start,
                    registry=script.registry,
                    rules=script.rules(shipped),
                    url=url,
                    port=port(),
                ) as stage,
            ):
                outcomes = _play(stage, script, moments, advance)
            seconds = time.monotonic() - began
            for scenario, outcome in zip(script.scenarios, outcomes, strict=True):
                found[scenario.id] = Verified(scenario, compare(scenario, outcome), seconds)
    return [found[scenario.id] for scenario in scenarios]


def _play(stage: Stage, script: Script, moments: Iterable[Moment], advance: Advance) -> list[Outcome]:
    """Play one script, and gather what was said of each of its scenarios."""
    for moment in moments:
        stage.leap(moment.ms)
        if moment.lines:
            stage.say(moment.lines)
        if moment.accounts or moment.words:
            stage.account()
        for word in moment.words:
            _speak(stage, script, word)
        advance(1)
    stage.account()
    stage.account()  # what the first look found may have made another day due
    stage.alerting.mirror.copy(stage.clock())
    outcomes = [_outcome(stage, scenario) for scenario in script.scenarios]
    stage.sweep()
    return outcomes


def _speak(stage: Stage, script: Script, word: Word) -> None:
    """Write down what a person says, as the API does.  Raises StageFailed where it is refused."""
    meter, now = script.registry.by_meter[word.meter], stage.clock()
    if word.standing is Standing.DECLARED:
        checked = declare(meter, word.wish, who=WHO, now=now)
    else:
        checked = _decided(stage, meter, word)
    if checked.epoch is None:
        raise StageFailed("; ".join(f"{word.meter} {mistake.path}: {mistake.en}" for mistake in checked.mistakes))
    epochs.record(stage.engine, checked.epoch, now=now)
    stage.registered()


def _decided(stage: Stage, meter: Meter, word: Word) -> Checked:
    queue, _ = suspicions.queue(stage.engine, state=None, enterprise_meters=[meter.id], limit=MOST)
    fitting = [one.suspicion for one in queue if one.suspicion.kind is word.kind]
    if not fitting:
        raise StageFailed(f"{word.meter}: there is no {word.kind} to decide about")
    nearest = min(fitting, key=lambda one: abs(one.at - word.wish.at))
    wish = word.wish if word.standing is Standing.CORRECTED else None
    return decide(meter, nearest, word.standing, wish, note=word.wish.note, who=WHO, now=stage.clock())


def _outcome(stage: Stage, scenario: Scenario) -> Outcome:
    """Gather what the stores hold of a scenario, its moments by its own clock."""
    start, end, meters = scenario.start, scenario.end, scenario.registry.by_meter
    slots: dict[tuple[str, str], Intervals] = {}
    for meter in meters.values():
        if (carrier := carrier_of(meter)) is not None:
            read = stage.telemetry.intervals([meter.id], carrier.name, start, end)
            slots[meter.id, carrier.name] = read.get(meter.id, NO_INTERVALS)
    found, _ = suspicions.queue(stage.engine, state=None, enterprise_meters=list(meters), limit=MOST)
    groups = [one for one in quarantine.summary(stage.engine) if one.meter in meters]
    changes = alerts.changes_after(stage.engine, 0, limit=MOST)
    return Outcome(
        slots=slots,
        found=[
            Suspected(one.suspicion.meter, one.suspicion.metric, one.suspicion.kind.value, one.suspicion.at - start,
                      one.state.value)
            for one in found
        ],
        held={(one.meter or "", one.reason): one.count for one in groups},
        episodes=_episodes(scenario, changes),
        stored={
            (one.meter, one.metric): _stored(stage, scenario, one.meter, one.metric) for one in scenario.golden.stored
        },
    )  # fmt: skip


def _stored(stage: Stage, scenario: Scenario, meter: str, metric: str) -> int:
    """Count readings, those before and after the scenario as well: a wrong clock puts some there."""
    read = stage.telemetry.series([meter], metric, scenario.start - MARGIN, scenario.end + MARGIN)
    return len(read[meter].ms) if meter in read else 0


def _episodes(scenario: Scenario, changes: Iterable[Numbered]) -> list[Episode]:
    """Give each time an alert burned; what happens after the scenario's end is none of its business."""
    episodes: dict[tuple[str, str, int], Episode] = {}
    for _, change in changes:
        moment = change.at - scenario.start
        key = change.rule, change.meter, change.episode
        if change.meter not in scenario.registry.by_meter or moment > scenario.duration:
            continue
        if change.kind is Kind.RAISED:
            episodes[key] = Episode(change.rule, change.meter, moment, None)
        elif change.kind in {Kind.CLEARED, Kind.CLOSED} and key in episodes:
            episodes[key] = episodes[key]._replace(cleared=moment)
    return list(episodes.values())
