r"""Where in a JSON document something stands: keys and places, with dots between.

ENERGY.Power            the key Power of the key ENERGY
emeters.0.power         of a list the first, second … by its number from 0
data.name=Ua.value      of a list of objects the one whose `name` is Ua; twice in a list is a mistake of the sender
ENERGY.Power.+          the sum of a list of numbers, as of three phases
totals.1\.8\.0          a dot that belongs to a key has a backslash before it

"""

import math
import re
from typing import Final

from park.malformed import Malformed
from park.reason import Reason

MISSING: Final = object()
"""Nothing stands there: another thing than null, which the sender wrote."""
PIECE = re.compile(r"(?:[^.\\]|\\.)+")
WHOLE = re.compile(rf"{PIECE.pattern}(?:\.{PIECE.pattern})*")
ESCAPED = re.compile(r"\\(.)")
SUM = "+"
DEEPEST = 16
DIGITS = 6

Steps = tuple[str, ...]


def steps(path: str) -> Steps:
    """Take a path apart.  Raises ValueError where it is none."""
    if not WHOLE.fullmatch(path):
        raise ValueError(path)
    found = tuple(ESCAPED.sub(r"\1", piece) for piece in PIECE.findall(path))
    if len(found) > DEEPEST or SUM in found[:-1]:
        raise ValueError(path)
    return found


def find(document: object, way: Steps) -> object:
    """Give what stands at the end of a way, or MISSING.  Raises Malformed where a choice finds two."""
    here = document
    for step in way:
        if isinstance(here, dict):
            here = here.get(step, MISSING)
        elif isinstance(here, list):
            here = _of_list(here, step)
        else:
            return MISSING
    return here


def _of_list(items: list[object], step: str) -> object:
    if step.isdecimal() and step.isascii():
        place = int(step) if len(step) <= DIGITS else len(items)
        return items[place] if place < len(items) else MISSING
    if step == SUM:
        return _sum(items)
    key, chosen, wanted = step.partition("=")
    if not chosen:
        return MISSING
    fitting = [item for item in items if isinstance(item, dict) and _written(item.get(key)) == wanted]
    if len(fitting) > 1:
        raise Malformed(Reason.METRIC_TWICE, step)
    return fitting[0] if fitting else MISSING


def _sum(items: list[object]) -> object:
    """Add up numbers; what has another thing among them has no sum."""
    numbers = [_float(item) for item in items if isinstance(item, int | float) and not isinstance(item, bool)]
    return sum(numbers) if items and len(numbers) == len(items) else MISSING


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _written(value: object) -> str | None:
    """Write a plain value as a path names it; what is no plain value has no name."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None
