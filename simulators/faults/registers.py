"""The register is another one, or counts otherwise; what flows through it stays the truth."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from park.metric import Kind, metrics
from simulators.faults.fault import Display, Fault, Scene
from simulators.noise import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRegister(Fault):
    """A fault of the registers alone."""

    ENDS: ClassVar[bool] = False

    def shows(self, name: str, display: Display, scene: Scene) -> Display:
        """Change the registers."""
        return self.counts(display, scene) if metrics()[name].kind is Kind.REGISTER else display

    def counts(self, display: Display, scene: Scene) -> Display:
        """Give what the register shows instead."""
        raise NotImplementedError


def _begun_anew(display: Display, at: int, opening: float) -> Display:
    """Give a register that shows `opening` at an instant and counts on from there."""
    closing = float(display(np.array([at], np.int64))[0])
    return lambda ms: np.where(ms >= at, display(ms) - closing + opening, display(ms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollover(OfRegister):
    """The register runs out of digits at this moment and begins again from 0.

    It shows what brings it there, from the beginning of the scenario on.
    """

    width: float
    """Where it begins again, in its own counts."""

    def counts(self, display: Display, scene: Scene) -> Display:
        """Show what is left after whole rounds."""
        full = float(display(np.array([scene.ms(self.at)], np.int64))[0])

        def shown(ms: Ints) -> Floats:
            rest: Floats = (display(ms) - full) % self.width
            return rest

        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset(OfRegister):
    """Somebody sets the register back."""

    to: float = 0.0

    def counts(self, display: Display, scene: Scene) -> Display:
        """Begin anew."""
        return _begun_anew(display, scene.ms(self.at), self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement(OfRegister):
    """Another meter takes the place of this one: a new one, or a used one that has counted elsewhere."""

    opening: float = 0.0

    def counts(self, display: Display, scene: Scene) -> Display:
        """Begin anew with what the other one shows."""
        return _begun_anew(display, scene.ms(self.at), self.opening)


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiplierChange(Fault):
    """The transformers before the meter are exchanged: the same current moves its display by another amount."""

    ENDS: ClassVar[bool] = False
    before: float
    after: float

    def shows(self, name: str, display: Display, scene: Scene) -> Display:
        """Move all that is measured behind the transformers by less, or more."""
        metric = metrics()[name]
        if not metric.scaled:
            return display
        at, share = scene.ms(self.at), self.before / self.after
        held = float(display(np.array([at], np.int64))[0]) if metric.kind is Kind.REGISTER else 0.0
        return lambda ms: np.where(ms >= at, held + (display(ms) - held) * share, display(ms))
