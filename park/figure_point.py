"""Figures as points in time, for panels that draw them; what a figure is made of is kept elsewhere."""

from datetime import datetime
from typing import NamedTuple

from park.term import Span


class FigurePoint(NamedTuple):
    """One figure of one term.  Its identity is all but value and coverage; writing it again replaces both."""

    scope: str
    """`enterprise`, `industry` or `park`."""
    id: str
    park: str
    indicator: str
    basis: str
    span: Span
    at: datetime
    """The start of the term."""
    value: float | None
    """In the indicator's unit; None takes back what was written before."""
    coverage: float
    """The share of the term's time that is known, 0…1."""
