"""What the codes of HJ 212 stand for: a table, not code.  Adding a factor adds a row to `hj212_codes.csv`.

Codes of 2017 and later begin with a letter for the medium (`w` water, `a` air) and have six places; those of 2005 (the
column `old`) are two or three digits, or `B` and `S` with two digits, so one table serves every year.  Units are those
of the standard's annex B, as public code repeats it.  In ambient air (ST 22) gases and dust are told in µg/m³, carbon
monoxide in mg/m³ (the column `air`).  `zs` is the metric of the value at reference oxygen (折算).  A row without a
metric is a known factor that the platform has no use for.
"""

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


class Factor(NamedTuple):
    """One row: a factor of the standard and the metric it is."""

    code: str
    metric: str
    """Empty for a known factor that has no metric."""
    unit: str
    air: str
    """Its unit in ambient air."""
    zs: str
    """The metric of its value at reference oxygen; empty where there is none."""
    zh: str
    old: str
    """Its code in 2005; empty where it had none."""


@cache
def factors() -> dict[str, Factor]:
    """Every factor by its codes, that of 2005 too."""
    text = resources.files("park.decode").joinpath("hj212_codes.csv").read_text(encoding="utf-8")
    found: dict[str, Factor] = {}
    for row in csv.DictReader(text.splitlines()):
        air = row["air"] or row["unit"]
        read = Factor(row["code"], row["metric"], row["unit"], air, row["zs"], row["zh"], row["old"])
        for code in filter(None, (row["code"], row["old"])):
            found[code] = read
    return found


def factor(code: str) -> Factor | None:
    """Give the factor of a code, in whatever letters it is written."""
    known = factors()
    return known.get(code) or known.get(code.lower()) or known.get(code.upper())


@cache
def code_of() -> dict[str, tuple[Factor, str]]:
    """Give for each metric its factor, and the stem of the fields that carry it: empty, or `Zs`."""
    found: dict[str, tuple[Factor, str]] = {}
    for each in factors().values():
        for metric, stem in ((each.metric, ""), (each.zs, "Zs")):
            if metric:
                found.setdefault(metric, (each, stem))
    return found
