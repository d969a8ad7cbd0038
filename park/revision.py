"""What a set of new entries would do to those that are kept: which are first, which revise, which say nothing new."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from park.mistake import Mistake
from park.registry_notes import Notes


class Revised(Protocol):
    """An entry that is revised and never edited."""

    @property
    def key(self) -> Hashable:
        """What it is a revision of."""

    @property
    def revision(self) -> int:
        """Which one; 0 while it is not kept yet."""


T = TypeVar("T", bound=Revised)


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """One entry before and after."""

    old: T | None
    new: T


@dataclass(frozen=True, slots=True)
class Plan(Generic[T]):
    """What keeping some entries would do, or the mistakes that stand in its way."""

    added: tuple[Step[T], ...] = ()
    changed: tuple[Step[T], ...] = ()
    unchanged: tuple[T, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    @property
    def steps(self) -> tuple[Step[T], ...]:
        """Everything that would be written."""
        return self.added + self.changed

    def __bool__(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.added or self.changed)


Make = Callable[[T | None, T, int], T | None]
"""Old, given and the next revision's number → the entry to keep; None where it says nothing new."""


def plan(
    current: Mapping[Hashable, T],
    given: Sequence[tuple[str, T]],
    *,
    reason: str | None,
    make: Make[T],
    check: Callable[[Notes, str, T | None, T], None],
) -> Plan[T]:
    """Compare entries, each with its place, with the newest revisions that are kept.

    `reason` is None where it is not asked for yet, in a preview; a revision cannot be kept without one.
    """
    notes = Notes({})
    added: list[Step[T]] = []
    changed: list[Step[T]] = []
    unchanged: list[T] = []
    first: dict[Hashable, str] = {}
    for place, one in given:
        if one.key in first:
            other = first[one.key]
            notes.add(place, f"与 {other} 重复; 请只留一处。", f"This is the same as {other}; keep one of them.")
            continue
        first[one.key] = place
        old = current.get(one.key)
        check(notes, place, old, one)
        new = make(old, one, 1 if old is None else old.revision + 1)
        if new is None:
            unchanged.append(one if old is None else old)
        else:
            (added if old is None else changed).append(Step(old, new))
    if changed and reason is not None and not reason.strip():
        notes.add(
            "reason",
            f"有 {len(changed)} 项与已有的数不同, 将成为新的修订; 请写明原因。",
            f"{len(changed)} of these differ from what is kept and become revisions; say why.",
        )
    return Plan(tuple(added), tuple(changed), tuple(unchanged), tuple(notes.mistakes))
