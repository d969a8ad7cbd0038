"""What an evaluation found: every step of the arithmetic, so that a sheet can be checked with a pocket calculator."""

from dataclasses import dataclass
from enum import StrEnum

from park.coverage import NOTHING, Coverage
from park.evaluation.said import NOTHING_SAID, Said
from park.evaluation.scheme import Grade


class State(StrEnum):
    """How far an enterprise came."""

    GRADED = "graded"
    WAITING = "waiting"
    """Something it is judged by is not there yet."""
    EXCLUDED = "excluded"
    """A person marked it as not to be judged; others are ranked as if it were not there."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One indicator of one enterprise: value, benchmark, points, and a sentence that writes the arithmetic out."""

    key: str
    unit: str
    weight: float
    value: float | None
    over: float | None
    under: float | None
    benchmark: float | None
    raw: float | None
    """Points before floor and cap."""
    score: float | None
    step: Said
    why: Said | None = None
    """Why there is no value."""
    coverage: Coverage = NOTHING
    over_source: Said = NOTHING_SAID
    under_source: Said = NOTHING_SAID
    over_link: str = ""
    under_link: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """One adder, veto or exclusion that was applied."""

    key: str
    name: str
    name_en: str
    points: float
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """One enterprise's result.  `rank` counts within its cohort; equal scores share the better place."""

    id: str
    name: str
    name_en: str
    state: State
    cohort: str | None
    cohort_why: Said
    scores: tuple[Scored, ...] = ()
    base: float | None = None
    """The indicators' points, before adders."""
    base_step: Said = NOTHING_SAID
    """How they came about, as a sum."""
    adders: tuple[Added, ...] = ()
    added: float = 0.0
    """What the adders come to, within their bounds."""
    vetoes: tuple[Added, ...] = ()
    exclusions: tuple[Added, ...] = ()
    total: float | None = None
    rank: int | None = None
    of: int | None = None
    grade: Grade | None = None
    reason: Said = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Panel:
    """An indicator over a whole group: the ratio of sums of those that have both numbers, and who has not."""

    key: str
    unit: str
    value: float | None
    over: float
    under: float
    counted: int
    left_out: tuple[str, ...] = ()
    """Ids of those without a value."""


@dataclass(frozen=True, slots=True)
class Standard:
    """What one indicator of a cohort was held against: the same for each of its members."""

    key: str
    benchmark: float | None
    least: float | None
    most: float | None
    average: float | None
    """The average points of those with a value, for whom it is missing."""


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort as it was evaluated."""

    key: str
    name: str
    name_en: str
    members: int
    standards: tuple[Standard, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole of it.  Results stand in the order of cohort, rank and id."""

    scheme: str
    months: int
    groups: tuple[Group, ...]
    panels: tuple[Panel, ...]
    """The park's: over everybody who is not excluded."""
    results: tuple[Result, ...]
    notes: tuple[Said, ...] = ()

    def of(self, enterprise: str) -> Result | None:
        """Give one enterprise's result."""
        return next((result for result in self.results if result.id == enterprise), None)
