"""The boards, one module each with `board(words)`: adding one adds a module."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from grafana.board import Board
from grafana.words import Words


def every() -> list[Callable[[Words], Board]]:
    """Give what makes each board, in the order of the modules' names."""
    names = sorted(module.name for module in iter_modules(__path__))
    return [import_module(f"{__name__}.{name}").board for name in names]
