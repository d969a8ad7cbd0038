"""Closing a term: what stands in the way, and how what was frozen compares with what is known by now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from park.figure import Figure, Scope, State
from park.term import Term

STATED = "value_added"
NAMED = 8


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way; a person may decide to close in spite of it, but not of every one."""

    key: str
    zh: str
    en: str
    final: bool = False
    """Whether no reason is good enough."""

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


def obstacles(
    term: Term, figures: Sequence[Figure], waiting: Mapping[str, Collection[int]], *, end: datetime, now: datetime
) -> list[Obstacle]:
    """Give everything that stands in the way of closing a term of one park.

    `figures` are the newest of the park's enterprises; `waiting` names the months of each in which an event of a meter
    waits for review.
    """
    found: list[Obstacle] = []
    if end > now:
        found.append(
            Obstacle(
                "running",
                f"{term} 尚未结束; 请在 {end.isoformat()} 之后再结账。",
                f"{term} is not over; close it after {end.isoformat()}.",
                final=True,
            )
        )
    if not figures:
        found.append(
            Obstacle(
                "nothing",
                f"{term} 还没有任何指标; 请先接入数据或录入报表。",
                f"There is no figure of {term} yet; connect meters or enter statements first.",
                final=True,
            )
        )
    open_ = sorted(
        enterprise for enterprise, months in waiting.items() if any(term.first <= one <= term.last for one in months)
    )
    if open_:
        found.append(
            Obstacle(
                "reviews",
                f"{_named(open_, '、')} 有计量事件待复核; 请先在“计量复核”中处理。",
                f"Events of meters wait for review at {_named(open_, ', ')}; decide them under “Review” first.",
            )
        )
    stated = [one for one in figures if one.indicator == STATED and one.scope is Scope.ENTERPRISE]
    lacking = sorted(one.subject for one in stated if one.value is None)
    if lacking:
        found.append(
            Obstacle(
                "statements",
                f"{_named(lacking, '、')} 缺 {term} 的报表; 请补录。",
                f"Statements for {term} are missing of {_named(lacking, ', ')}; enter them.",
            )
        )
    flash = sorted(one.subject for one in stated if one.value is not None and one.state is not State.FINAL)
    if flash:
        found.append(
            Obstacle(
                "flash",
                f"{_named(flash, '、')} 的报表还是快报或互有出入; 请核定。",
                f"Statements of {_named(flash, ', ')} are flash, or contradict each other; verify them.",
            )
        )
    return found


def _named(names: Sequence[str], comma: str) -> str:
    more = f" … ({len(names)})" if len(names) > NAMED else ""
    return comma.join(names[:NAMED]) + more
