"""A figure a park can defend: a value with its coverage, the inputs it was made of, and whether it can still change.

A figure without a value says why; nothing is ever taken as 0 instead.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from park.coverage import NOTHING, Coverage
from park.factor import Basis
from park.term import Term, read


class Scope(StrEnum):
    """What a figure is of."""

    ENTERPRISE = "enterprise"
    INDUSTRY = "industry"
    """A division of GB/T 4754: the first two digits of the enterprises' codes."""
    PARK = "park"


class State(StrEnum):
    """How far it can be relied on."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    """The term is over, every input is verified, enough was measured and nothing waits for a person."""


class Kind(StrEnum):
    """What an item of an input is."""

    CARRIER = "carrier"
    """An energy carrier or medium by its meters."""
    ENTRY = "entry"
    """Fuel, CO2 of a process or green electricity, as a person entered it."""
    STATEMENT = "statement"
    OUTLET = "outlet"
    ENTERPRISE = "enterprise"
    """A member of an industry or park, by its own figure."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why there is no value; `key` tells it from another whatever the words."""

    key: str
    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Metered:
    """What one meter counted of an item, in the item's own unit."""

    meter: str
    amount: float | None
    coverage: Coverage
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Used:
    """A factor an input was worked out with, and why it was this one."""

    id: str
    key: str
    purpose: str
    value: float
    unit: str
    source: str
    set: str
    region: str
    data_year: int | None
    published: str
    verified: bool
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things an input is the sum of."""

    kind: Kind
    key: str
    """A carrier, an entry's item, the term of a statement, a meter, an enterprise."""
    value: float | None
    """Its part of the input, in the input's unit."""
    coverage: Coverage = NOTHING
    amount: float | None = None
    """What it was before any factor."""
    unit: str = ""
    factors: tuple[str, ...] = ()
    """Ids of the factors it was multiplied by."""
    counted: bool = True
    meters: tuple[Metered, ...] = ()
    revision: int | None = None
    """Of a statement or an entry."""
    note: str = ""
    """Of a statement its status; of an entry the terms it was entered for."""


@dataclass(frozen=True, slots=True)
class Input:
    """One quantity of a formula."""

    name: str
    value: float | None
    unit: str
    coverage: Coverage = NOTHING
    items: tuple[Item, ...] = ()
    figure: str | None = None
    """The figure that explains it; None where this one does."""


@dataclass(frozen=True, slots=True)
class Left:
    """A member that is not in the sums, and why."""

    enterprise: str
    why: Why


@dataclass(frozen=True, slots=True)
class Panel:
    """Whose quantities were added up: the same enterprises above and below the stroke."""

    included: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.  What it was made of is enough to work it out again."""

    scope: Scope
    subject: str
    """An enterprise, a division of industry, or a park."""
    indicator: str
    term: Term
    basis: Basis | None
    value: float | None
    unit: str
    formula: str
    coverage: Coverage = NOTHING
    state: State = State.PROVISIONAL
    why: Why | None = None
    inputs: tuple[Input, ...] = ()
    factors: tuple[Used, ...] = ()
    panel: Panel | None = None
    policy: int | None = None
    """The revision of the park's policy it was made by."""
    park: str = ""
    notes: tuple[Why, ...] = field(default=())
    """What a reader should know beside it: parts that are missing, statements that contradict each other."""

    @property
    def id(self) -> str:
        """Its id: what it is of, never when or from what it was made."""
        return name(self.scope, self.subject, self.indicator, self.term, self.basis)


def name(scope: Scope, subject: str, indicator: str, term: Term, basis: Basis | None) -> str:
    """Write an id, as `park.hengkou.energy_intensity.2026-10.equivalent`; ids of the registry hold no full stop."""
    parts = [scope, subject, indicator, str(term).replace("/", "~")]
    return ".".join(parts if basis is None else [*parts, basis])


@dataclass(frozen=True, slots=True)
class Named:
    """The parts of an id."""

    scope: Scope
    subject: str
    indicator: str
    term: Term
    basis: Basis | None


def parts(text: str) -> Named:
    """Read an id.  Raises ValueError for what is none."""
    scope, subject, indicator, term, *basis = text.split(".")
    if len(basis) > 1:
        raise ValueError(text)
    return Named(Scope(scope), subject, indicator, read(term.replace("~", "/")), Basis(basis[0]) if basis else None)
