"""What people and services wrote beside the readings: statements, plan, budgets, accounts of meters, quarantine."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import Engine

from adapters.relational import (
    activities,
    budgets,
    closings,
    evaluations,
    factors,
    figures,
    maintenance,
    meter_account,
    policies,
    quarantine,
    registry_store,
    schemes,
    statements,
    targets,
)
from adapters.relational.epochs import record
from adapters.relational.interval_dues import IntervalDues
from adapters.relational.rollups import RelationalRollups
from park.account import Account
from park.budget import Budget
from park.budget import Kind as Budgeted
from park.epoch import Epoch, Kind, Standing
from park.evaluation.assembly import INDICATORS, subject
from park.factor import Basis
from park.figure import Scope
from park.maintenance import Maintenance
from park.place import Meter
from park.registry import Registry
from park.run import Gap, Run
from park.target import Target
from park.term import MONTHS, Span, Term, month_of
from park.window import SITE, day_start
from simulators.demo import PARK
from simulators.economy import DEMO_POLICY, demo_activities, demo_factors, demo_statements

WHO: Final = "test"
SEED: Final = 1
DAY: Final = timedelta(days=1)
SCHEME: Final = {
    "id": "ours",
    "name": "本园方案",
    "name_en": "Our own",
    "cohorts": [
        {
            "key": "all",
            "name": "全部企业",
            "name_en": "Everybody",
            "indicators": [
                {"key": "tax_per_mu", "weight": 50, "benchmark": {"fixed": 10}},
                {"key": "labour_productivity", "weight": 20, "benchmark": {"fixed": 20}},
                {"key": "energy_productivity", "weight": 30, "benchmark": {"fixed": 6}, "missing": "exclude"},
            ],
        }
    ],
    "grading": {"mode": "percentile", "A": 20, "B": 60, "C": 90},
}
SHARES: Final = (1.35, 1.2, 0.97, 1.5, 1.25)
PLAN: Final = {
    "energy_productivity": Target(benchmark=Decimal("5.6"), note="上年全年"),
    "carbon_productivity": Target(benchmark=Decimal("1.9")),
    "output_growth": Target(benchmark=Decimal("7.2"), value=Decimal("9.4")),
    "new_enterprises": Target(goal=Decimal(6), value=Decimal(4)),
}


def enter(engine: Engine, registry: Registry, now: datetime) -> None:
    """Write the registry and everything people enter."""
    ours = registry.by_enterprise
    registry_store.replace(engine, registry, who=WHO, now=now)
    for document in demo_factors(PARK.id):
        if document.get("enterprise", PARK.id) in {PARK.id, *ours}:
            factors.add(engine, document, today=now.astimezone(SITE).date(), who=WHO, now=now)
    policies.save(engine, PARK.id, DEMO_POLICY, who=WHO, now=now)
    stated = [one for one in demo_statements(SEED, now) if one.enterprise in ours]
    statements.save(engine, stated, who=WHO, now=now)
    entered = [one for one in demo_activities(SEED, now) if one.enterprise in ours]
    activities.save(engine, entered, who=WHO, now=now)
    targets.save(engine, PARK.id, month_of(now).year, PLAN, who=WHO, now=now)
    begins, ends = now - timedelta(hours=3), now + timedelta(hours=5)
    work = Maintenance(start=begins, end=ends, reason="检修电气火灾探测器", who=WHO, meters=("e06-fire",))
    maintenance.add(engine, work, who=WHO, now=now)


def collect(engine: Engine, registry: Registry, now: datetime, *, gone: Collection[str]) -> None:
    """Write what a collector would have: an account of each meter, a quarantine, late days, an epoch."""
    meter_account.save(engine, {meter.id: _account(meter, now, meter.id in gone) for meter in registry.meters})
    names = [meter.id for meter in registry.meters]
    held = [
        quarantine.NewHeld(
            now - number * timedelta(hours=7),
            f"park/v1/{PARK.id}/{names[number % 9].partition('-')[0]}/{names[number % 9]}/data",
            None if number % 11 == 0 else names[number % 9],
            ("not_json", "in_future", "unknown_metric", "not_finite")[number % 4],
            "p",
            b'{"v":1,"n":%d}' % number,
        )
        for number in range(60)
    ]
    quarantine.insert(engine, held)
    today = day_start(now)
    late = [(name, today - days * DAY) for days, name in ((1, names[0]), (1, names[3]), (2, names[5]))]
    IntervalDues(engine).note(late)
    RelationalRollups(engine).note(late)
    for name, metric, kind in (("e01-water", "volume", Kind.REPLACEMENT), ("e01-main", "ep_imp", Kind.RESET)):
        said = Epoch(
            name, metric, now - 40 * DAY, kind, Standing.DECLARED, closing=900, opening=0, note="年检", who="张工"
        )
        record(engine, said, now=now - 11 * DAY)


def evaluate(engine: Engine, registry: Registry, now: datetime) -> None:
    """Close the last quarter's first month, and keep an evaluation of the last twelve months."""
    last = month_of(now).last - 1
    closings.close(engine, park=PARK.id, term=Term(Span.MONTH, last - 1), who=WHO, now=now, scopes_without_park=True)
    _allow(engine, registry, Term(Span.TO_DATE, last), now)
    kept = schemes.save(engine, SCHEME, who=WHO, now=now)
    for term in (Term(Span.ROLLING, last - MONTHS), Term(Span.ROLLING, last)):
        reported = defaultdict(list)
        for one in statements.current(engine, first=term, last=term):
            reported[one.enterprise].append(one)
        known = defaultdict(list)
        for figure in figures.current(
            engine, scope=Scope.ENTERPRISE, ids=list(registry.by_enterprise), term=term, basis=Basis.EQUIVALENT,
            indicators=INDICATORS,
        ):  # fmt: skip
            known[figure.subject].append(figure)
        subjects = [subject(one, term, reported[one.id], known[one.id]) for one in registry.enterprises]
        inputs = evaluations.gather(kept, term, Basis.EQUIVALENT.value, subjects, [])
        evaluations.save(engine, inputs, park=PARK.id, term=term, revision=1, who=WHO, now=now)


def _allow(engine: Engine, registry: Registry, term: Term, now: datetime) -> None:
    """Give every enterprise budgets of energy and CO2, some of them too small for what it has used."""
    kinds = {kind.value: kind for kind in Budgeted}
    used = figures.current(
        engine, scope=Scope.ENTERPRISE, ids=list(registry.by_enterprise), term=term, basis=Basis.EQUIVALENT,
        indicators=list(kinds),
    )  # fmt: skip
    allowed = [
        Budget(
            one.subject,
            term.year,
            kinds[one.indicator],
            Decimal(round(one.value * SHARES[place % len(SHARES)])),
            "年度下达",
        )
        for place, one in enumerate(used)
        if one.value
    ]
    budgets.save(engine, allowed, who=WHO, now=now)


def _account(meter: Meter, now: datetime, silent: bool) -> Account:  # noqa: FBT001  # one of two kinds
    """Make a meter's account: some lose a few messages, some send what is refused."""
    number = sum(map(ord, meter.id))
    sent = int(31 * DAY / meter.period)
    lost = 9 if meter.id.endswith("-main") else number % 7 * 3
    heard = now - timedelta(hours=3) if silent else now - meter.period / 2
    gaps = (Gap(100, 100 + lost - 1, now - 9 * DAY, now - 9 * DAY + lost * meter.period),) if lost else ()
    run = Run(1, sent, now - 31 * DAY, heard, now - 31 * DAY, heard, gaps)
    values = (sent - lost) * len(meter.metrics)
    refused = 40 if number % 5 == 0 else 0
    return Account(
        since=now - 31 * DAY,
        heard=heard,
        received=sent - lost,
        duplicates=number % 3,
        restarts=number % 2,
        held=refused // 4,
        accepted=values - refused,
        refused=refused,
        stored=values - refused - (number % 4),
        runs=(run,),
    )
