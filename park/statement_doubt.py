"""What looks wrong in a statement that may yet be right: said before it is kept, and no hindrance."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from park.amount import Fold
from park.statement import Statement, lines

FAR = 50
"""A figure so many times another is mostly one in another unit."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at again, and its line."""

    line: str
    zh: str
    en: str

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


ABOVE = (("value_added", "output"), ("tax", "revenue"), ("rd", "revenue"))
"""The first is rarely more than the second."""


def doubts(statement: Statement, before: Statement | None = None) -> Iterator[Doubt]:
    """Give what is worth a second look; `before` is the revision or the term it follows."""
    for less, more in ABOVE:
        low, high = statement.values.get(less), statement.values.get(more)
        if low is not None and high is not None and low > high > 0:
            one, other = lines()[less], lines()[more]
            yield Doubt(
                less,
                f"{one.zh} ({low:,f}) 大于{other.zh} ({high:,f}); 请核对。",
                f"{one.en} ({low:,f}) is more than {other.en.lower()} ({high:,f}); check them.",
            )
    if before is None:
        return
    for name, line in lines().items():
        now, then = statement.values.get(name), before.values.get(name)
        if line.fold is not Fold.ENTERED and now is not None and then is not None and _far(now, then):
            yield Doubt(
                name,
                f"{line.zh}由 {then:,f} 变为 {now:,f} {line.unit}, 相差 {FAR} 倍以上; 请核对单位是否为{line.unit}。",
                f"{line.en} went from {then:,f} to {now:,f} {line.unit}, more than {FAR} times; is it in {line.unit}?",
            )


def _far(now: Decimal, then: Decimal) -> bool:
    small, large = sorted((abs(now), abs(then)))
    return small > 0 and large > FAR * small
