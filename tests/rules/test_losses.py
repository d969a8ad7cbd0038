"""What the accounts say of losses is watched as a reading of the enterprise, and no device can say it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from sqlalchemy import Engine

from adapters.relational import engine as engines
from adapters.relational import migrate, registry_store
from adapters.rule_yaml import shipped
from park.alert import OnSilence, Timing
from park.condition import Outside, Silent
from park.derived import LOSS_RATE
from park.derived_meter import enterprises_as_meters, of_enterprises
from park.engine import Engine as Watching
from park.interval import IntervalBatch, Intervals
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.reading import Reading
from park.registry import Registry
from park.rule import Rule, Scope, Text
from park.rulebook import Key, bind, joined
from park.severity import Severity
from park.window import SITE
from rules.losses import Losses
from tests.contracts.memory import MemoryTelemetry

NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
YESTERDAY = datetime(2026, 11, 1, 16, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def a_meter(name: str, role: Role, enterprise: str = "e01", medium: Medium = Medium.ELECTRICITY) -> Meter:
    return Meter(name, enterprise, "hk", medium, role, name, MINUTE, ("ep_imp",))


REGISTRY = Registry(
    (Park("hk", "园区"),),
    (Enterprise("e01", "hk", "甲"), Enterprise("e02", "hk", "乙"), Enterprise("e03", "hk", "丙")),
    (
        a_meter("m1", Role.BOUNDARY),
        a_meter("m2", Role.SUB),
        a_meter("m3", Role.BOUNDARY, "e02"),
        a_meter("w1", Role.BOUNDARY, "e03", Medium.WATER),
        a_meter("w2", Role.SUB, "e03", Medium.WATER),
    ),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    made = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(made)
    registry_store.replace(made, REGISTRY, who="test", now=NOW)
    yield made
    made.dispose()


def used(meter: str, amount: float, *, measured: float = 1.0) -> IntervalBatch:
    starts = np.arange(96, dtype=np.int64) * 900_000 + int(YESTERDAY.timestamp() * 1_000)
    share = np.full(96, measured)
    return IntervalBatch(
        meter, "electricity", YESTERDAY, YESTERDAY + DAY, Intervals(starts, np.full(96, amount / 96), share, share * 0)
    )


@pytest.mark.parametrize(
    ("counted", "measured", "said"),
    [(80.0, 1.0, [20.0]), (103.0, 1.0, [-3.0]), (80.0, 0.3, [])],
    ids=["a loss", "more than came in", "too little known"],
)
def test_yesterdays_balance_is_said_where_it_can_be_compared(
    database: Engine, counted: float, measured: float, said: list[float]
) -> None:
    store = MemoryTelemetry()
    store.write_intervals([used("m1", 100.0), used("m2", counted, measured=measured)])
    heard: list[Reading] = []

    def say(readings: Sequence[Reading]) -> None:
        heard.extend(readings)

    Losses(engine=database, store=store, zone=SITE, say=say).run(NOW, Event())
    assert [(one.meter, one.metric, one.at) for one in heard] == [("e01", LOSS_RATE, NOW)] * len(said)
    assert [one.value for one in heard] == pytest.approx(said)


def test_only_an_enterprise_with_something_to_compare_is_watched_and_never_under_a_meters_name() -> None:
    assert [meter.id for meter in enterprises_as_meters(REGISTRY).meters] == ["e01"]
    taken = Registry(REGISTRY.parks, REGISTRY.enterprises, (*REGISTRY.meters, a_meter("e01", Role.SUB, "e02")))
    assert [meter.id for meter in enterprises_as_meters(taken).meters] == ["e02"]


def test_a_rule_on_losses_watches_enterprises_and_a_rule_on_silence_does_not() -> None:
    timing = Timing(timedelta(0), timedelta(0), OnSilence.KEEP)

    def rule(name: str, when: Outside | Silent) -> Rule:
        return Rule(id=name, name=Text(name), severity=Severity.NOTICE, scope=Scope(), when=when, timing=timing)

    losses = rule("loss", Outside(metric=LOSS_RATE, low=-2, high=10, clear_low=-1, clear_high=9))
    silent = rule("silent", Silent(metric="ep_imp", after=MINUTE))
    enterprises = enterprises_as_meters(REGISTRY)
    rules = [losses, silent]
    book = joined(bind(rules, REGISTRY), bind(of_enterprises(rules), enterprises))
    assert Key("loss", "e01") in book.watches
    assert Key("silent", "e01") not in book.watches
    engine = Watching(book, {}, NOW)
    [change] = engine.hear([Reading("e01", LOSS_RATE, 20.0, NOW, 0)], NOW)
    assert change.key == Key("loss", "e01")


def test_the_shipped_rules_watch_losses() -> None:
    assert "loss-rate" in {rule.id for rule in of_enterprises(shipped().rules)}
