"""From totals to places and grades: equal totals share the better place, and so the better grade."""

from collections.abc import Mapping
from math import floor

from park.evaluation.said import Said, plain
from park.evaluation.scheme import Grade, Grading, Mode

FULL = 100.0
NUDGE = 1e-9
"""Against shares that are a hair short of a half in binary."""


def places(totals: Mapping[str, float], vetoed: frozenset[str] = frozenset()) -> dict[str, int]:
    """Rank by total, the highest first; those with a veto stand behind all others."""

    def standing(name: str) -> tuple[bool, float]:
        return name in vetoed, -totals[name]

    order = sorted(standing(name) for name in totals)
    first: dict[tuple[bool, float], int] = {}
    for place, key in enumerate(order, 1):
        first.setdefault(key, place)
    return {name: first[standing(name)] for name in totals}


def grade(grading: Grading, total: float, place: int, of: int) -> tuple[Grade, Said]:
    """Grade one place or total, and say by which bound."""
    bounds = ((Grade.A, grading.a), (Grade.B, grading.b), (Grade.C, grading.c))
    if grading.mode is Mode.THRESHOLD:
        for name, least in bounds:
            if total >= least:
                return name, Said(f"{plain(total)} ≥ {plain(least)}", f"{plain(total)} ≥ {plain(least)}")
        return Grade.D, Said(f"{plain(total)} < {plain(grading.c)}", f"{plain(total)} < {plain(grading.c)}")
    for name, share in bounds:
        last = last_place(share, of)
        if place <= last:
            return name, Said(
                f"第 {place} 名, 共 {of} 家; {name} 到第 {last} 名 ({plain(share)} %)",
                f"place {place} of {of}; {name} reaches to place {last} ({plain(share)} %)",
            )
    last = last_place(grading.c, of)
    return Grade.D, Said(
        f"第 {place} 名, 共 {of} 家; 在第 {last} 名 ({plain(grading.c)} %) 之后",
        f"place {place} of {of}; behind place {last} ({plain(grading.c)} %)",
    )


def last_place(share: float, of: int) -> int:
    """Give the last place within a share of `of` places, a half rounded up."""
    return floor(of * share / FULL + 0.5 + NUDGE)
