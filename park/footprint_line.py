"""The lines a footprint is made of: an amount, the factors it was multiplied by, and what came out or is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import fsum
from typing import Protocol

from park.coverage import NOTHING, WHOLE, Coverage, joined, of_amounts
from park.factor import Factor
from park.factor_book import Selected
from park.factor_table import keys
from park.term import Term

EXPORT = "_export"
METERED = "metered"
ENTERED = "entered"


def written(value: float) -> str:
    """Write a number with six digits that count, and never as a power of ten."""
    digits = 6 - len(str(int(abs(value)))) if abs(value) >= 1 else 6
    text = f"{value:,.{max(digits, 0)}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


class Consumed(Protocol):
    """What an enterprise took in of one carrier, by its meters."""

    @property
    def enterprise(self) -> str: ...  # noqa: D102  # a protocol's fields are told by its class
    @property
    def carrier(self) -> str:  # noqa: D102
        ...

    @property
    def amount(self) -> float | None: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def coverage(self) -> Coverage: ...  # noqa: D102


class Entered(Protocol):
    """What a person entered: fuel bought, CO2 of a process, green electricity."""

    @property
    def enterprise(self) -> str: ...  # noqa: D102
    @property
    def item(self) -> str: ...  # noqa: D102
    @property
    def amount(self) -> Decimal | float | None: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, and how to mend it."""

    carrier: str
    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Line:
    """One carrier's part: amount × factors = result; exports count against it."""

    carrier: str
    amount: float | None
    unit: str
    coverage: Coverage
    source: str
    """`metered` or `entered`."""
    result_unit: str
    result: float | None
    chosen: tuple[Selected, ...] = ()
    counted: bool = True
    """Whether it is part of the total; media are shown and do not count unless the policy says so."""
    gap: Gap | None = None

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors, in the order they were multiplied by."""
        return tuple(one.factor for one in self.chosen)

    @property
    def formula(self) -> str:
        """The calculation written out; empty where something was missing."""
        if self.amount is None or self.result is None:
            return ""
        sign = "−" if self.carrier.endswith(EXPORT) else ""
        steps = "".join(f" × {one.value:.6g} {one.unit}" for one in self.factors)
        if not steps and not self.result:
            steps = " × 0"  # green electricity, by the market
        return f"{sign}{written(self.amount)} {self.unit}{steps} = {written(self.result)} {self.result_unit}"


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that are added up."""

    lines: tuple[Line, ...] = ()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What keeps it from being whole."""
        return tuple(line.gap for line in self.lines if line.counted and line.gap is not None)

    @property
    def partial(self) -> float:
        """The sum of what is known."""
        return fsum(line.result for line in self.lines if line.counted and line.result is not None)

    @property
    def value(self) -> float | None:
        """The sum; None with a gap, and where there is nothing to add up."""
        counted = any(line.counted for line in self.lines)
        return self.partial if counted and not self.gaps else None

    @property
    def coverage(self) -> Coverage:
        """How much of it was measured: by each line's weight in it, or by number where one is unknown or all are 0."""
        counted = [line for line in self.lines if line.counted]
        if any(line.result is None for line in counted) or not any(line.result for line in counted):
            return joined((line.coverage if line.result is not None else NOTHING, 1.0) for line in counted)
        return of_amounts((line.coverage, abs(line.result or 0.0)) for line in counted)


@dataclass(frozen=True, slots=True)
class Taken:
    """An amount of something, metered or entered."""

    enterprise: str
    carrier: str
    amount: float | None
    unit: str
    coverage: Coverage
    source: str


def take(consumptions: Iterable[Consumed], activities: Iterable[Entered]) -> list[Taken]:
    """Bring what was metered and what was entered into one form."""
    metered = [Taken(one.enterprise, one.carrier, one.amount, one.unit, one.coverage, METERED) for one in consumptions]
    entered = [
        Taken(one.enterprise, one.item, None if one.amount is None else float(one.amount), one.unit, WHOLE, ENTERED)
        for one in activities
    ]
    return metered + entered


def no_amount(taken: Taken, term: Term) -> Gap:
    """Say that an amount is not known."""
    key = keys().get(taken.carrier.removesuffix(EXPORT))
    zh, en = (key.zh, key.en) if key else (taken.carrier, taken.carrier)
    if taken.source == ENTERED:
        return Gap(
            taken.carrier,
            f"企业 {taken.enterprise} 未填报 {term} 的{zh}; 请补报, 没有发生时填 0。",
            f"Enterprise {taken.enterprise} has not reported its {en} for {term}; enter it, or 0 where there was none.",
        )
    return Gap(
        taken.carrier,
        f"企业 {taken.enterprise} 在 {term} 的{zh}用量未知; 请查看其计量设备是否在线, 或补录数据。",
        f"Nothing is known of the {en} enterprise {taken.enterprise} used in {term}; "
        "see whether its meters report, or enter what is missing.",
    )
