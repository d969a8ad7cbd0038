"""The boards, one module each with `board(words)`; who adds one adds its name here."""

from collections.abc import Callable
from importlib import import_module

from grafana.board import Board
from grafana.words import Words

MODULES = ("energy",)


def every() -> list[Callable[[Words], Board]]:
    """Give what makes each board, in the order of the list."""
    return [import_module(f"grafana.boards.{name}").board for name in MODULES]
