"""One watch over time: what it knew, what came lately, and where that leads.

Readings of the last few seconds may come in any order.  So a watch keeps the state before them and the readings
themselves; one that comes late is put in its place and what follows is gone through again.  The same readings lead to
the same state, whatever their order.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from park.alert import ACTIVE, Alert, Event, Phase, step
from park.evidence import Evidence, Point
from park.judge import Judgement, judge
from park.observe import pass_time, see, turning_points
from park.rulebook import Watch

REORDER = timedelta(seconds=10)
"""How far out of order readings may come and still be put in their place."""
MOST = 64
"""How many steps are kept to go back over, at the most."""


class State(msgspec.Struct, frozen=True, gc=False):
    """All that is known at one moment."""

    alert: Alert
    evidence: tuple[Evidence, ...]


class Step(msgspec.Struct, frozen=True, gc=False):
    """Something that happened: a reading of one metric, or, without one, the passing of time."""

    at: datetime
    received: datetime
    """When the reading came; for the passing of time, since when we have listened."""
    metric: str = ""
    value: float = 0.0
    quality: int = 0
    ahead: float = 0.0
    """Seconds by which the device's own time was off the time it came; `at` is never after that."""


class Memory(msgspec.Struct, frozen=True, gc=False):
    """What a watch must keep to go on after a restart as if there had been none."""

    base: State
    steps: tuple[Step, ...] = ()
    looks: tuple[str, ...] = ()
    """What each leaf looks at, and how."""
    told: bool = False
    """Whether the last thing the world was told is that it burns."""
    episode: int = 0
    """How many times it was told so."""


class Turn(NamedTuple):
    """A change of an alert: what it was, what it is, since when, and on which grounds."""

    before: Alert
    after: Alert
    event: Event | None
    grounds: Judgement


def begin(watch: Watch, now: datetime, *, episode: int = 0) -> Memory:
    """Begin to watch: nothing is known, silence counts from now, and it burned so many times before."""
    evidence = tuple(Evidence(heard=now) for _ in watch.leaves)
    return Memory(
        State(Alert(Phase.OK, datetime.min.replace(tzinfo=now.tzinfo)), evidence), looks=looks(watch), episode=episode
    )


def taken_over(watch: Watch, alert: Alert, episode: int, now: datetime) -> Memory:
    """Go on from what is known of an alert alone: it stays as it is until something is heard."""
    memory = begin(watch, now, episode=episode)
    base = msgspec.structs.replace(memory.base, alert=alert)
    return msgspec.structs.replace(memory, base=base, told=alert.phase in ACTIVE)


def looks(watch: Watch) -> tuple[str, ...]:
    """Name what each leaf looks at, and how; its limits are not part of it."""
    return tuple(f"{type(leaf).__struct_config__.tag}:{leaf.metric}" for leaf in watch.leaves)


class Watching:
    """A watch with its memory, for one thread."""

    __slots__ = ("_ends", "_head", "memory", "watch")

    def __init__(self, watch: Watch, memory: Memory) -> None:
        """Go on from a memory; the steps it holds are gone through again, which tells nothing."""
        self.watch = watch
        self.memory = memory
        self._ends: list[State] = []
        self._head = memory.base
        for one in memory.steps:
            self._head, _ = self._forward(self._head, one)
            self._ends.append(self._head)

    @property
    def state(self) -> State:
        """What is known now."""
        return self._head

    def hear(self, metric: str, point: Point) -> list[Turn]:
        """Take in a reading.  One that was heard already, or is older than can be put in its place, does nothing.

        Who judges a device's clock goes by the time of arrival: a clock that falls back must not look like the past.
        """
        at = point.received if self.watch.of_clocks else min(point.at, point.received)
        return self._insert(Step(at, point.received, metric, point.value, point.quality, point.ahead))

    def tick(self, now: datetime, awake: datetime) -> list[Turn]:
        """Let time pass, having listened since `awake`; a moment at which nothing changes is not kept."""
        one = Step(now, received=awake)
        after, turn = self._forward(self._head, one)
        return self._insert(one) if turn or after != self._head else []

    def due(self, awake: datetime, after: datetime | None = None) -> datetime | None:
        """Give the next moment, `after` another, at which time alone may change something; None where none will."""
        timing, alert = self.watch.rule.timing, self._head.alert
        known = zip(self.watch.leaves, self._head.evidence, strict=True)
        moments = [moment for leaf, one in known for moment in turning_points(leaf, one, self.watch.setting, awake)]
        if alert.phase is Phase.PENDING:
            moments.append(alert.since + timing.hold)
        if alert.phase is Phase.CLEARING:
            moments.append(max(alert.since + timing.clear_after, (alert.raised_at or alert.since) + timing.keep_firing))
        return min((moment for moment in moments if after is None or moment > after), default=None)

    def settle(self, alert: Alert) -> None:
        """Put an alert that a person has closed in the place of the present one; what came before is settled."""
        self._head = State(alert, self._head.evidence)
        self.memory = msgspec.structs.replace(self.memory, base=self._head, steps=())
        self._ends = []

    def _insert(self, one: Step) -> list[Turn]:
        steps = self.memory.steps
        place = bisect_right(steps, one.at, key=lambda each: each.at)
        first = bisect_left(steps, one.at, key=lambda each: each.at)
        same = next((n for n in range(first, place) if one.metric and steps[n].metric == one.metric), None)
        if same is not None and self._says_nothing_new(steps[same], one):
            return []
        if place == 0 and self._settled(one):
            return []
        place, after = (place, place) if same is None else (same, same + 1)
        before = self._ends[place - 1] if place else self.memory.base
        _, old = self._run(before, steps[place:])
        steps = (*steps[:place], one, *steps[after:])
        ends, turns = self._run(before, steps[place:])
        self._ends[place:] = ends
        self._head = ends[-1]
        self._fold(steps)
        return self._news(turns, sum(turn.event is not None for turn in old))

    def _says_nothing_new(self, known: Step, one: Step) -> bool:
        """Tell whether a reading is a repetition.  Of what came at one moment, a clock is judged by the newest."""
        if self.watch.of_clocks:
            return one.ahead <= known.ahead
        return (known.value, known.quality) == (one.value, one.quality)

    def _settled(self, one: Step) -> bool:
        """Tell whether something is older than all that can be gone back over."""
        base = self.memory.base
        if one.metric:
            known = [base.evidence[place].at for place in self.watch.by_metric.get(one.metric, ())]
            return any(at is not None and at >= one.at for at in known)
        return base.alert.since > one.at

    def _run(self, state: State, steps: tuple[Step, ...]) -> tuple[list[State], list[Turn]]:
        """Go some steps; give the state after each, and the turns."""
        ends, turns = [], []
        for one in steps:
            state, turn = self._forward(state, one)
            ends.append(state)
            if turn is not None:
                turns.append(turn)
        return ends, turns

    def _forward(self, state: State, one: Step) -> tuple[State, Turn | None]:
        """Go one step; give the turn where the alert changed."""
        watch, evidence = self.watch, list(state.evidence)
        if one.metric:
            point = Point(one.value, one.at, one.quality, one.received, one.ahead, one.metric)
            for place in watch.by_metric[one.metric]:
                evidence[place] = see(watch.leaves[place], evidence[place], point, watch.setting)
        else:
            for place, leaf in enumerate(watch.leaves):
                evidence[place] = pass_time(leaf, evidence[place], one.at, watch.setting, one.received)
        grounds = judge(watch.when, evidence)
        if grounds.verdict is None:
            return State(state.alert, tuple(evidence)), None
        after, event = step(state.alert, grounds.verdict, one.at, watch.rule.timing)
        turn = None if after.phase is state.alert.phase else Turn(state.alert, after, event, grounds)
        return State(after, tuple(evidence)), turn

    def _fold(self, steps: tuple[Step, ...]) -> None:
        """Settle what is too old to be gone back over."""
        border = steps[-1].at - REORDER
        count = max(bisect_right(steps, border, key=lambda each: each.at), len(steps) - MOST)
        base = self._ends[count - 1] if count else self.memory.base
        self.memory = msgspec.structs.replace(self.memory, base=base, steps=steps[count:])
        del self._ends[:count]

    def _news(self, turns: list[Turn], known: int) -> list[Turn]:
        """Leave out what the world was told before; whatever happened, it ends up knowing whether it burns."""
        news = []
        told, episode = self.memory.told, self.memory.episode
        for turn in turns:
            if turn.event is not None and known > 0:
                known -= 1
                continue
            burns = turn.event is Event.RAISED
            if turn.event is not None and burns is not told:
                told, episode = burns, episode + burns
                news.append(turn)
            elif turn.event is None:
                news.append(turn)
        now = self._head.alert
        if told is not (now.phase in ACTIVE):
            told, episode = not told, episode + (not told)
            event = Event.RAISED if told else Event.CLEARED
            grounds = judge(self.watch.when, self._head.evidence)
            news.append(Turn(now, now, event, grounds))
        if (told, episode) != (self.memory.told, self.memory.episode):
            self.memory = msgspec.structs.replace(self.memory, told=told, episode=episode)
        return news
