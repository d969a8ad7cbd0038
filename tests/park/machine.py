"""A real machine with the failures that people have marked in its temperatures, and the rule shipped for it."""

import csv
from datetime import UTC, datetime, timedelta

import numpy as np
from msgspec.structs import replace

from adapters import rule_yaml
from park.instant import from_ms, to_ms
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.registry import Registry
from park.rule import Rule
from park.series import Series
from tests.simulators.data import shared

FAILURES = (
    ("2013-12-10 06:25", "2013-12-12 05:35"),
    ("2013-12-15 17:50", "2013-12-17 17:00"),
    ("2014-01-27 14:20", "2014-01-29 13:30"),
    ("2014-02-07 14:55", "2014-02-09 14:05"),
)
MACHINE = Meter("machine", "e01", "hk", Medium.SAFETY, Role.SUB, "机器", timedelta(minutes=5), ("temperature",))
REGISTRY = Registry((Park("hk", "园区"),), (Enterprise("e01", "hk", "企业"),), (MACHINE,))


def stamp(text: str) -> datetime:
    """Read a time of the file; it has no zone, and any does."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def temperatures() -> Series:
    """Give all readings in order; where a time stands twice the later line counts, as in a store."""
    with shared("machine-temperature.csv").open(encoding="utf-8") as file:
        said = {to_ms(stamp(row["timestamp"])): float(row["value"]) for row in csv.DictReader(file)}
    order = sorted(said)
    return Series(np.array(order, np.int64), np.array([said[ms] for ms in order]), np.zeros(len(order), np.int64))


def extent(series: Series) -> tuple[datetime, datetime]:
    """Give the first moment, and one past the last."""
    return from_ms(int(series.ms[0])), from_ms(int(series.ms[-1])) + timedelta(minutes=5)


def shipped() -> Rule:
    """Give the example that is shipped, switched on."""
    [rule] = [rule for rule in rule_yaml.shipped().rules if rule.id == "example-machine-cold"]
    return replace(rule, enabled=True)


def found(began: list[datetime]) -> tuple[set[int], int]:
    """Say which failures were told of within their marks, and how many alerts were of none."""
    hits = [[place for place, (start, end) in enumerate(FAILURES) if stamp(start) <= at <= stamp(end)] for at in began]
    return {place for hit in hits for place in hit}, sum(not hit for hit in hits)
