"""The numbers in a JSON document of any form, by their paths as the registry writes them."""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Final

from park.decode.json_path import DEEPEST
from park.decode.json_text import load
from park.malformed import Malformed

MOST: Final = 200
LONGEST: Final = 100
SPECIAL = re.compile(r"[.\\]")


def numbers_of(payload: bytes) -> dict[str, float]:
    """Give each number's path, as far as it can be written; nothing where this is no JSON."""
    try:
        document = load(payload)
    except Malformed:
        return {}
    found: dict[str, float] = {}
    for path, value in _walk(document, "", 0):
        if len(found) >= MOST:
            break
        found[path] = value
    return found


def _walk(node: object, path: str, depth: int) -> Iterator[tuple[str, float]]:
    if isinstance(node, dict):
        inner = [(SPECIAL.sub(r"\\\g<0>", str(key)), value) for key, value in node.items() if key]
    elif isinstance(node, list):
        inner = [(str(place), value) for place, value in enumerate(node)]
    else:
        if path and isinstance(node, int | float) and not isinstance(node, bool) and isfinite(node):
            yield path, float(node)
        return
    if depth >= DEEPEST:
        return
    for name, value in inner:
        below = f"{path}.{name}" if path else name
        if len(below) <= LONGEST and below.isprintable():
            yield from _walk(value, below, depth + 1)
