"""Who is ahead of a year's budget is told; who has none, or too little of whose use is known, is not spoken of."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine

from adapters.alert_store import AlertStore
from adapters.relational import budgets, figures, migrate, registry_store
from adapters.relational import engine as engines
from adapters.rule_yaml import shipped
from park.alert import Event as Said
from park.budget import AHEAD, Budget, Kind, gone_of, term_of
from park.condition import Above
from park.coverage import WHOLE, Coverage
from park.derived import BUDGET_USED, LOSS_RATE
from park.derived_meter import enterprises_as_meters
from park.engine import Engine as Watching
from park.factor import Basis
from park.figure import Figure, Scope
from park.reading import Reading
from park.registry import Registry
from park.rule import Rule
from park.rulebook import Key
from park.window import SITE
from rules.budgets import Budgets
from rules.copies import Copy
from rules.wanted import Wanted
from tests.rules.test_losses import REGISTRY

NOW = datetime(2026, 7, 2, 4, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)
KEY = Key("budget-used", "e02")
BUDGET = Budget("e02", 2026, Kind.ENERGY, Decimal(1_000), "文号")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    made = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(made)
    registry_store.replace(made, REGISTRY, who="test", now=NOW)
    yield made
    made.dispose()


def use(database: Engine, value: float, coverage: Coverage = WHOLE) -> None:
    """Publish what e02 used in the year to date."""
    term = term_of(2026, NOW)
    figure = Figure(
        Scope.ENTERPRISE, "e02", "energy", term, Basis.EQUIVALENT, value, "tce", "energy", coverage, park="hk"
    )
    figures.publish(database, term, [figure], over=False, now=NOW)


def said(database: Engine, now: datetime = NOW) -> list[Reading]:
    heard: list[Reading] = []
    Budgets(engine=database, zone=SITE, say=heard.extend).run(now, Event())
    return heard


def test_only_an_enterprise_with_a_budget_is_spoken_of_and_beside_the_time_gone(database: Engine) -> None:
    use(database, 600.0)
    assert said(database) == []
    budgets.save(database, [BUDGET], who="王丽", now=NOW)
    [one] = said(database)
    assert (one.meter, one.metric, one.at) == ("e02", BUDGET_USED, NOW)
    assert one.value == pytest.approx(60.0 / gone_of(2026, NOW))


def test_too_little_known_is_not_said(database: Engine) -> None:
    budgets.save(database, [BUDGET], who="王丽", now=NOW)
    assert said(database) == []
    use(database, 600.0, Coverage(0.2, 0.1))
    assert said(database) == []


def test_a_budget_written_in_the_wrong_unit_is_far_ahead_and_still_a_reading(database: Engine) -> None:
    use(database, 600.0)
    budgets.save(database, [Budget("e02", 2026, Kind.ENERGY, Decimal("0.6"), "文号")], who="王丽", now=NOW)
    assert [one.value for one in said(database)] == [10_000.0]


def test_an_enterprise_is_watched_for_what_can_be_said_of_it() -> None:
    found = {meter.id: meter.metrics for meter in enterprises_as_meters(REGISTRY, ["e01", "e02"]).meters}
    assert found == {"e01": (LOSS_RATE, BUDGET_USED), "e02": (BUDGET_USED,)}


def test_the_shipped_rule_and_the_page_have_the_same_bound() -> None:
    rule = next(rule for rule in shipped().rules if rule.id == "budget-used")
    assert isinstance(rule.when, Above)
    assert (rule.when.limit, rule.enabled) == (AHEAD * 100, True)


def test_no_budget_is_watched_while_the_year_is_young(database: Engine) -> None:
    early, later = NEW_YEAR + timedelta(days=3), NEW_YEAR + timedelta(days=8)
    budgets.save(database, [BUDGET, Budget("e01", 2027, Kind.CARBON, Decimal(1), "文号")], who="王丽", now=NOW)
    assert [budgets.budgeted(database, at, SITE) for at in (NOW, early, later)] == [("e02",), (), ("e01",)]
    assert len({budgets.budgeted_version(database, at, SITE) for at in (NOW, early, later)}) == 3


def test_from_an_entered_budget_to_an_alert_and_its_end_when_it_is_revised(database: Engine, tmp_path: Path) -> None:
    store = AlertStore(tmp_path / "alerts.sqlite")
    rules = tuple(rule for rule in shipped().rules if rule.id == KEY.rule)
    assert [rule.enabled for rule in rules] == [True]
    asks = Wanted(
        registry=Copy(store, "registry", Registry, load=lambda: REGISTRY, version=lambda: 1),
        rules=Copy(store, "rules", tuple[Rule, ...], load=lambda: rules, version=lambda: 1),
        budgeted=Copy(
            store,
            "budgeted",
            tuple[str, ...],
            load=lambda: budgets.budgeted(database, NOW, SITE),
            version=lambda: budgets.budgeted_version(database, NOW, SITE),
        ),
        actions=lambda _number, _most: (),
        acted=0,
    )
    use(database, 600.0)
    asks.look()
    known = asks.known()
    assert known is not None
    assert known.book.watches == {}, "nobody has a budget"
    budgets.save(database, [BUDGET], who="王丽", now=NOW)
    asks.look()
    known = asks.known()
    assert known is not None
    assert set(known.book.watches) == {KEY}
    assert known.registry.by_meter["e02"].name == "年度预算"
    engine = Watching(known.book, {}, NOW)
    assert [(change.key, change.turn.event) for change in engine.hear(said(database), NOW)] == [(KEY, Said.RAISED)]
    raised = Budget("e02", 2026, Kind.ENERGY, Decimal(1_300), "核增产能")
    budgets.save(database, [raised], who="王丽", now=NOW)
    later = NOW + timedelta(minutes=5)
    assert [change.turn.event for change in engine.hear(said(database, later), later)] == [Said.CLEARED]
    store.close()
