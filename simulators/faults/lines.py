"""What becomes of messages on their way: lost, late, twice, out of order, at a wrong time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from park.instant import MILLISECOND
from park.topic import Channel
from simulators.faults.fault import Fault, Scene
from simulators.faults.said import Said, in_order
from simulators.noise import stream, uniform

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropout(Fault):
    """The line is dead.  With a buffer, the device sends it all afterwards; without one it is lost."""

    buffered: bool = False
    catch_up: float = 60.0
    """Messages a minute, once the line is back."""
    backfill: bool = True
    """Whether what was kept goes where history belongs, or among what is live."""

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Take out what did not come through, and put what was kept behind the end."""
        start, end = self.span(scene)
        kept = [one for one in said if start <= one.sent < end]
        left = [one for one in said if not start <= one.sent < end]
        if not self.buffered:
            return left
        pause = MINUTE_MS / self.catch_up
        channel = Channel.BACKFILL if self.backfill else Channel.DATA
        late = [replace(one, sent=end + int(place * pause), channel=channel) for place, one in enumerate(kept)]
        return in_order([*left, *late])


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate(Fault):
    """Each message comes again, after a while: nobody heard that it had arrived."""

    copies: int = 1
    after: timedelta = timedelta(minutes=2)

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Put the copies in their places."""
        start, end = self.span(scene)
        pause = self.after // MILLISECOND
        again = [
            replace(one, sent=one.sent + number * pause)
            for one in said
            if start <= one.sent < end
            for number in range(1, self.copies + 1)
        ]
        return in_order([*said, *again])


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfOrder(Fault):
    """Messages overtake one another: each may be late by so much, the same for the same seed."""

    by: timedelta

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Hold each up by its own time."""
        start, end = self.span(scene)
        source, most = stream(scene.seed, scene.meter.id, "order"), self.by // MILLISECOND
        held = (uniform(source, np.array([one.seq for one in said], np.int64)) * most).astype(np.int64).tolist()
        moved = [
            replace(one, sent=one.sent + late) if start <= one.sent < end else one
            for one, late in zip(said, held, strict=True)
        ]
        return in_order(moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSkew(Fault):
    """The device's clock is wrong; it measures and sends in time all the same."""

    fast: timedelta = timedelta(0)
    slow: timedelta = timedelta(0)

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Say the wrong time."""
        start, end = self.span(scene)
        off = (self.fast - self.slow) // MILLISECOND
        return [
            replace(one, at=one.at + off) if one.at is not None and start <= one.sent < end else one for one in said
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlappingLine(Fault):
    """The line comes and goes; what is said while it is away is lost, and each return is a new connection."""

    on: timedelta
    off: timedelta

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Take out what falls in the gaps; the line is away first."""
        start, end = self.span(scene)
        off, whole = self.off // MILLISECOND, (self.on + self.off) // MILLISECOND
        left: list[Said] = []
        away = False
        for one in said:
            if start <= one.sent < end and (one.sent - start) % whole < off:
                away = True
                continue
            left.append(replace(one, connects=1) if away else one)
            away = False
        return left


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconnects(Fault):
    """A storm: the device loses its connection before each message, and takes it back several times over."""

    times: int = 3

    def says(self, said: Sequence[Said], scene: Scene) -> Sequence[Said]:
        """Connect anew before each."""
        start, end = self.span(scene)
        return [replace(one, connects=self.times) if start <= one.sent < end else one for one in said]
