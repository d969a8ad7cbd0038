"""Topic filters as MQTT has them: `+` stands for one level, a last `#` for all that follow and for the level above."""

from collections.abc import Iterable
from typing import Generic, TypeVar

LONGEST = 1_024
T = TypeVar("T")


def is_filter(text: str) -> bool:
    """Tell whether a broker takes it."""
    levels = text.split("/")
    return (
        0 < len(text) <= LONGEST
        and text.isprintable()
        and all(level in {"+", "#"} or not set(level) & set("+#") for level in levels)
        and "#" not in levels[:-1]
    )


class _Node(Generic[T]):
    """The filters that have begun alike."""

    __slots__ = ("below", "here", "rest")

    def __init__(self) -> None:
        self.below: dict[str, _Node[T]] = {}
        self.here: list[T] = []
        """Of filters that end here."""
        self.rest: list[T] = []
        """Of filters whose `#` begins here."""


class Filters(Generic[T]):
    """What was put under filters, found by topic in the time its levels take, however many filters there are."""

    def __init__(self) -> None:
        """Start empty."""
        self._root: _Node[T] = _Node()

    def put(self, pattern: str, value: T) -> None:
        """Put something under a filter, beside what is there."""
        node = self._root
        for level in pattern.split("/"):
            if level == "#":
                node.rest.append(value)
                return
            node = node.below.setdefault(level, _Node())
        node.here.append(value)

    def find(self, topic: str) -> list[T]:
        """Give what stands under every filter that catches a topic; given a filter, that catches all it does."""
        front, found = [self._root], list[T]()
        for place, level in enumerate(topic.split("/")):
            wild = place > 0 or not topic.startswith("$")  # the broker's own topics are asked for by name
            if wild:
                found += [value for node in front for value in node.rest]
            if level == "#":
                return found
            names = (level, "+") if wild and level != "+" else (level,)
            front = [node.below[name] for node in front for name in names if name in node.below]
        return found + [value for node in front for value in (*node.here, *node.rest)]

    def overlapping(self, pattern: str) -> list[T]:
        """Give what stands under every filter that catches a topic which this one catches too."""
        return list(_overlapping(self._root, pattern.split("/")))


def covering(patterns: Iterable[str]) -> tuple[str, ...]:
    """Leave out each filter that another one covers, and keep the order."""
    given = dict.fromkeys(patterns)
    known: Filters[str] = Filters()
    for pattern in given:
        known.put(pattern, pattern)
    return tuple(pattern for pattern in given if known.find(pattern) == [pattern])


def _overlapping(node: _Node[T], levels: list[str]) -> Iterable[T]:
    yield from node.rest
    if not levels:
        yield from node.here
        return
    if levels[0] == "#":
        yield from node.here
        for child in node.below.values():
            yield from _overlapping(child, levels)
        return
    names = node.below if levels[0] == "+" else (levels[0], "+")
    for name in names:
        if name in node.below:
            yield from _overlapping(node.below[name], levels[1:])
