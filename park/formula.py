"""Formulas as trees of numbers and names: written out, walked, and made into a sum of names times numbers.

They are only ever read by `park.formula_reader` and never run as code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from park.mistake import Mistake

HUNDRED = 100


class FormulaMistaken(ValueError):
    """A formula that says nothing that could be counted; `mistakes` name each place in it."""

    def __init__(self, *mistakes: Mistake) -> None:
        """Keep the mistakes."""
        super().__init__(" ".join(mistake.en for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written; a share was written with %."""

    written: Decimal
    share: bool = False
    at: int = field(default=0, compare=False)
    """Where it begins, counted from 1."""

    @property
    def value(self) -> Fraction:
        """What it is worth, exactly."""
        return Fraction(self.written) / (HUNDRED if self.share else 1)


@dataclass(frozen=True, slots=True)
class Name:
    """The id of a meter."""

    id: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Minus:
    """The opposite of something."""

    of: "Tree"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things with `+`, `-`, `*` or `/` between them."""

    sign: str
    left: "Tree"
    right: "Tree"
    at: int = field(default=0, compare=False)
    """Where the sign stands."""


Tree = Number | Name | Minus | Pair
Linear = Mapping[str, Fraction]
"""How many times each name counts; one that cancels out is not there."""

SUM, PRODUCT, SINGLE = 1, 2, 3


def write(tree: Tree) -> str:
    """Write a formula with no more parentheses than it takes; to read that gives the same tree."""
    return _write(tree)[0]


def names(tree: Tree) -> Iterator[Name]:
    """Give every name in a formula, from left to right, as often as it stands there."""
    if isinstance(tree, Name):
        yield tree
    elif isinstance(tree, Minus):
        yield from names(tree.of)
    elif isinstance(tree, Pair):
        yield from names(tree.left)
        yield from names(tree.right)


def linear(tree: Tree) -> dict[str, Fraction]:
    """Make a formula into a sum of names times numbers.  Raises FormulaMistaken where it is none."""
    constant, found = _linear(tree)
    if constant:
        raise _mistaken(
            1,
            "单独的数字不是任何计量设备的量; 数字只能乘或除设备。",
            "a number alone is no meter's amount; numbers only multiply or divide meters.",
        )
    found = {name: times for name, times in found.items() if times}
    if not found:
        raise _mistaken(
            1,
            "公式中的设备相互抵消或没有设备; 请写出至少一个。",
            "no meter is left in this formula; name at least one.",
        )
    return found


def _linear(tree: Tree) -> tuple[Fraction, dict[str, Fraction]]:
    """Give a formula's constant, and how many times each name counts."""
    if isinstance(tree, Number):
        return tree.value, {}
    if isinstance(tree, Name):
        return Fraction(0), {tree.id: Fraction(1)}
    if isinstance(tree, Minus):
        return _times(_linear(tree.of), Fraction(-1))
    left, right = _linear(tree.left), _linear(tree.right)
    if tree.sign in "+-":
        right = _times(right, Fraction(1 if tree.sign == "+" else -1))
        joined = {name: left[1].get(name, Fraction(0)) + right[1].get(name, Fraction(0)) for name in left[1] | right[1]}
        return left[0] + right[0], joined
    if tree.sign == "/":
        if right[1]:
            raise _mistaken(tree.at, "只能除以数字, 不能除以设备。", "only a number can divide, not a meter.")
        if not right[0]:
            raise _mistaken(tree.at, "不能除以 0。", "nothing can be divided by 0.")
        return _times(left, 1 / right[0])
    if left[1] and right[1]:
        raise _mistaken(
            tree.at,
            "设备的量不能相乘; 乘号的一边应是数字。",
            "amounts of two meters cannot be multiplied; one side must be a number.",
        )
    return _times(left, right[0]) if left[1] else _times(right, left[0])


def _times(of: tuple[Fraction, dict[str, Fraction]], times: Fraction) -> tuple[Fraction, dict[str, Fraction]]:
    return of[0] * times, {name: one * times for name, one in of[1].items()}


def _mistaken(at: int, zh: str, en: str) -> FormulaMistaken:
    return FormulaMistaken(mistake(at, zh, en))


def mistake(at: int, zh: str, en: str) -> Mistake:
    """Make a mistake that says where in the formula it is."""
    return Mistake(f"formula:{at}", None, f"第 {at} 个字符: {zh}", f"Character {at}: {en}")


def _write(tree: Tree) -> tuple[str, int]:
    """Write a part, and say how tightly it holds together."""
    if isinstance(tree, Number):
        return f"{tree.written:f}{' %' if tree.share else ''}", SINGLE
    if isinstance(tree, Name):
        plain = tree.id.strip("-") == tree.id and not tree.id.isdigit()
        return (tree.id if plain else f"`{tree.id}`"), SINGLE
    if isinstance(tree, Minus):
        return f"-{_held(tree.of, SINGLE)}", SINGLE
    hold = SUM if tree.sign in "+-" else PRODUCT
    return f"{_held(tree.left, hold)} {tree.sign} {_held(tree.right, hold + 1)}", hold


def _held(tree: Tree, least: int) -> str:
    text, hold = _write(tree)
    return text if hold >= least else f"({text})"
