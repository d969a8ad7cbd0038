"""Formulas of figures: arithmetic over named quantities, read once, proved by their dimensions, never run as code.

Errors:
    FormulaMistaken    not arithmetic over known quantities, or of another dimension than the figure it is to give
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import add, mul, sub, truediv
from typing import Any

import pint

from park.units import UnitError, parse, registry

LONGEST = 200
DIGITS = 15
OPERATORS: Mapping[type[ast.operator], tuple[str, Callable[[Any, Any], Any], int]] = {
    ast.Add: ("+", add, 1),
    ast.Sub: ("−", sub, 1),
    ast.Mult: ("×", mul, 2),
    ast.Div: ("÷", truediv, 2),
}
"""How each is written, what it does, and how strongly it binds."""


class FormulaMistaken(ValueError):
    """A formula that cannot be used, and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on what stands left and right of it."""

    symbol: str
    work: Callable[[Any, Any], Any]
    binds: int
    left: "Node"
    right: "Node"


Node = Step | str | float
"""An operation, a quantity's name, or a number."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read; `scale` brings its result into the unit of the figure."""

    text: str
    root: Node
    unit: str
    scale: float

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The quantities it takes, in the order they stand in it."""
        return tuple(dict.fromkeys(_names(self.root)))

    @property
    def plain(self) -> bool:
        """Whether it is a quantity as it is, and no arithmetic."""
        return isinstance(self.root, str)

    def __call__(self, values: Mapping[str, float]) -> float | None:
        """Work it out; None where it would divide by 0."""
        try:
            return _reckon(self.root, values) * self.scale
        except ZeroDivisionError:
            return None

    def written(self, words: Mapping[str, str]) -> str:
        """Write it with names or numbers in the place of quantities."""
        tail = "" if self.scale == 1 else f" × {self.scale:g}"
        return _write(self.root, words, 0 if not tail else 2) + tail

    @cached_property
    def below(self) -> tuple[str, ...]:
        """The quantities it divides by: where one of them is not positive the figure means nothing."""
        return tuple(dict.fromkeys(_divisors(self.root)))


def read(text: str, unit: str, units: Mapping[str, str]) -> Formula:
    """Read a formula over quantities of given units and prove that it gives the unit.  Raises FormulaMistaken."""
    if len(text) > LONGEST:
        raise FormulaMistaken(f"公式超过 {LONGEST} 个字符。", f"A formula has at most {LONGEST} characters.")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaMistaken(f"“{text}”不是算式。", f"“{text}” is not arithmetic.") from None
    root = _node(tree.body, units)
    try:
        scale = float(registry().Quantity(1.0, _unit_of(root, units)).to(parse(unit)).magnitude)
    except (pint.DimensionalityError, UnitError) as error:
        raise FormulaMistaken(
            f"“{text}”的单位不是 {unit}: {error}", f"“{text}” does not give {unit}: {error}"
        ) from None
    return Formula(text.strip(), root, unit, float(f"{scale:.{DIGITS}g}"))


def _unit_of(node: Node, units: Mapping[str, str]) -> pint.Unit:
    """Give the unit of a result.  What is added must be of one unit, as bare numbers are added later."""
    if isinstance(node, str):
        return parse(units[node])
    if isinstance(node, float):
        return parse("")
    left, right = _unit_of(node.left, units), _unit_of(node.right, units)
    if node.binds == 1 and left != right:
        raise UnitError(f"{left} {node.symbol} {right}")
    found: pint.Unit = left if node.binds == 1 else node.work(left, right)
    return found


def _node(tree: ast.expr, units: Mapping[str, str]) -> Node:
    if isinstance(tree, ast.BinOp) and type(tree.op) in OPERATORS:
        symbol, work, binds = OPERATORS[type(tree.op)]
        return Step(symbol, work, binds, _node(tree.left, units), _node(tree.right, units))
    if isinstance(tree, ast.Constant) and type(tree.value) in {int, float}:
        return float(tree.value)  # type: ignore[arg-type]  # one of the two, as was asked
    if isinstance(tree, ast.Name):
        if tree.id in units:
            return tree.id
        raise FormulaMistaken(
            f"没有名为 {tree.id} 的量; 可用: {'、'.join(units)}。",
            f"There is no quantity {tree.id}; there are {', '.join(units)}.",
        )
    written = ast.unparse(tree)
    raise FormulaMistaken(
        f"公式里只能有量、数字、+ − * / 和括号, 不能有“{written}”。",
        f"A formula holds quantities, numbers, + - * / and brackets, not “{written}”.",
    )


def _reckon(node: Node, values: Mapping[str, float]) -> float:
    if isinstance(node, Step):
        return float(node.work(_reckon(node.left, values), _reckon(node.right, values)))
    return values[node] if isinstance(node, str) else node


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Step):
        yield from _names(node.left)
        yield from _names(node.right)
    elif isinstance(node, str):
        yield node


def _divisors(node: Node) -> Iterator[str]:
    if isinstance(node, Step):
        yield from _divisors(node.left)
        yield from _names(node.right) if node.work is truediv else _divisors(node.right)


def _write(node: Node, words: Mapping[str, str], around: int) -> str:
    if isinstance(node, str):
        return words.get(node, node)
    if isinstance(node, float):
        return f"{node:g}"
    right = node.binds + (node.symbol in "−÷")
    text = f"{_write(node.left, words, node.binds)} {node.symbol} {_write(node.right, words, right)}"
    return f"({text})" if node.binds < around else text
