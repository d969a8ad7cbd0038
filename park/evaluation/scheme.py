"""A scheme: who is compared with whom, by which indicators and weights, and how a score becomes a grade."""

from dataclasses import dataclass
from enum import StrEnum

WHOLE_WEIGHT = 100.0
YEAR = 12


class Method(StrEnum):
    """How a value becomes points."""

    RATIO = "ratio"
    """weight × value ÷ benchmark."""
    MINMAX = "minmax"
    """weight × [base + (100 − base) × (value − min) ÷ (max − min)] ÷ 100."""


class Missing(StrEnum):
    """What a missing value does to the score."""

    ZERO = "zero"
    """No points, and the sheet says that the data are missing."""
    AVERAGE = "average"
    """The average points of those of the cohort that have the value."""
    EXCLUDE = "exclude"
    """The other indicators' weights are scaled up to the whole."""
    WAIT = "wait"
    """No score and no grade before the value is there."""


class Mode(StrEnum):
    """What a grade is decided by."""

    PERCENTILE = "percentile"
    """The place within the cohort."""
    THRESHOLD = "threshold"
    """The score itself."""


class Grade(StrEnum):
    """A is encouraged, D is put under pressure."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a value is held against: a fixed number, or the cohort's own ratio of sums times `times`."""

    fixed: float | None = None
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator of a cohort.  `floor` and `cap` are multiples of the weight; None for none."""

    key: str
    weight: float
    benchmark: Benchmark = Benchmark()
    method: Method = Method.RATIO
    floor: float | None = 0.0
    cap: float | None = None
    missing: Missing = Missing.WAIT
    base: float = 20.0
    """Of minmax: the points in a hundred that the worst still has."""
    least: float | None = None
    """Of minmax: a fixed minimum; None takes the cohort's."""
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Members:
    """Who belongs to a cohort; with nothing said, whoever no earlier cohort took."""

    revenue_at_least: float | None = None
    """万元 a year."""
    industries: tuple[str, ...] = ()
    """GB/T 4754 codes, or what they begin with."""
    listed: tuple[str, ...] = ()
    """Ids of enterprises."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Enterprises that are compared with one another, and by what."""

    key: str
    name: str
    name_en: str
    members: Members
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A row that a person may set for an enterprise, with a reason: an adder with its points, a veto, an exclusion."""

    key: str
    name: str
    name_en: str = ""
    points: float = 0.0
    """Of an adder; below 0 it takes away."""


@dataclass(frozen=True, slots=True)
class Grading:
    """Where the grades end: by percentile the shares of places down to which A, B, C reach, else their least scores.

    Equal scores share the better place and so the better grade.
    """

    mode: Mode
    a: float
    b: float
    c: float


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme, whole and checked."""

    id: str
    name: str
    name_en: str
    cohorts: tuple[Cohort, ...]
    grading: Grading
    adders: tuple[Mark, ...] = ()
    adders_least: float | None = None
    adders_most: float | None = None
    vetoes: tuple[Mark, ...] = ()
    exclusions: tuple[Mark, ...] = ()
    digits: int = 2
    """Scores are rounded to these before they are ranked: no rank hangs on what nobody can see."""
    source: str = ""
    note: str = ""
    note_en: str = ""

    def cohort(self, key: str) -> Cohort:
        """Give a cohort by its key.  Raises KeyError."""
        return {cohort.key: cohort for cohort in self.cohorts}[key]
