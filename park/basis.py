"""With which facts and epochs a register's day was reckoned, as a short text that differs where they do.

A day depends on what happened up to its end: an epoch of today changes no figure of yesterday, so that a declared swap
does not make years be reckoned again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from park.epoch import REACH, Epoch
from park.register import Rule
from park.subject import Subject
from park.window import SITE, day_start

EDITION = "1"
"""Another one where the ledger itself reckons otherwise than before: every day is then reckoned again."""
SIZE = 12


@dataclass(frozen=True, slots=True)
class Basis:
    """What holds for the days of one register: `steps` give the basis from a local midnight on."""

    steps: tuple[tuple[datetime, str], ...]
    first: str
    """Before the first step."""

    @property
    def last(self) -> str:
        """Give what holds from the last step on: it differs wherever any part does."""
        return self.steps[-1][1] if self.steps else self.first

    def on(self, day: datetime) -> str:
        """Give what holds for one day."""
        found = self.first
        for since, basis in self.steps:
            if since > day:
                break
            found = basis
        return found


def of_register(subject: Subject, rule: Rule, epochs: Sequence[Epoch], zone: ZoneInfo = SITE) -> Basis:
    """Give the basis of a register's days."""
    first = rule.multipliers[0].value if rule.multipliers else 1.0  # it holds for what came before it, too
    facts = f"{subject.carrier} {subject.meter.period} {rule.rated} {rule.width} {rule.unit} {rule.dip} {first}"
    later = rule.multipliers[1:]
    events = [(day_start(each.since, zone), f"{each.since.isoformat()} {each.value}") for each in later]
    events += [(day_start(each.at - REACH, zone), _said(each)) for each in epochs]
    return _chain(facts, events)


def of_gauge(subject: Subject) -> Basis:
    """Give the basis of a gauge's days."""
    return _chain(f"{subject.carrier} {subject.way} {subject.flow} {subject.meter.period}", ())


def _said(epoch: Epoch) -> str:
    """Write what counts of an epoch; who said it and why changes no figure."""
    return (
        f"{epoch.at.isoformat()} {epoch.kind} {epoch.standing} {epoch.closing} {epoch.opening}"
        f" {epoch.multiplier} {epoch.width}"
    )


def _chain(facts: str, events: Iterable[tuple[datetime, str]]) -> Basis:
    digest = blake2b(f"{EDITION} {facts}".encode(), digest_size=SIZE)
    first = digest.hexdigest()
    steps: list[tuple[datetime, str]] = []
    for since, words in sorted(events):
        digest.update(f"\n{words}".encode())
        if steps and steps[-1][0] == since:
            steps.pop()
        steps.append((since, digest.hexdigest()))
    return Basis(tuple(steps), first)
