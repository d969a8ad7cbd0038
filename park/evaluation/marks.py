"""Adders, vetoes and exclusions: what people marked an enterprise with, as far as the scheme knows the mark."""

from collections.abc import Sequence
from math import fsum

from park.evaluation.result import Added
from park.evaluation.scheme import Mark, Scheme
from park.evaluation.subject import Flag, Kind


def applied(marks: Sequence[Mark], kind: Kind, flags: Sequence[Flag]) -> tuple[Added, ...]:
    """Give the marks of a kind that are set, in the scheme's order; one set twice counts once, with both reasons."""
    found = []
    for mark in marks:
        reasons = sorted({flag.reason for flag in flags if flag.kind is kind and flag.key == mark.key})
        if reasons:
            found.append(Added(mark.key, mark.name, mark.name_en, mark.points, "; ".join(reasons)))
    return tuple(found)


def hold(scheme: Scheme, adders: Sequence[Added]) -> float:
    """Add up the points of adders, within the scheme's bounds."""
    points = fsum(adder.points for adder in adders)
    if scheme.adders_most is not None:
        points = min(points, scheme.adders_most)
    return points if scheme.adders_least is None else max(points, scheme.adders_least)
