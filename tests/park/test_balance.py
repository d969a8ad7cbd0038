"""Balances: what is lost between boundary and sub-meters, judged by the park's bounds, or why it cannot be."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.balance import Balance, balances, percent
from park.balance_reason import VERDICTS, WORDS, Reason, Verdict
from park.consumption import Totals
from park.coverage import Coverage
from park.interval import IntervalSum
from park.metric import Medium
from park.place import Meter, Role
from park.policy import Loss, Policy
from park.virtual_meter import VirtualMeter
from tests.park.virtuals import WINDOW, both_ways, device, out, registry, used, virtual

MAIN, ONE, TWO = device("main"), device("one", Role.SUB), device("two", Role.SUB)
PLAIN = (MAIN, ONE, TWO)
PV = device("pv", Role.GENERATION)
WATER = (device("w", medium=Medium.WATER), device("ws", Role.SUB, medium=Medium.WATER))
HEAT = (
    device("h", medium=Medium.HEAT, metrics=("heat_energy",)),
    device("hs", Role.SUB, medium=Medium.HEAT, metrics=("heat_energy",)),
)
THIN = Coverage(0.9, 0.04)
SHARED = Coverage(0.5, 0.5)


def found(
    *meters: Meter,
    sums: tuple[IntervalSum, ...],
    over: tuple[VirtualMeter, ...] = (),
    policies: dict[str, Policy] | None = None,
) -> list[Balance]:
    park = registry(*meters)
    return balances(Totals(park, over), park, sums, window=WINDOW, policies=policies or {})


class Case(NamedTuple):
    says: str
    meters: tuple[Meter, ...]
    sums: tuple[IntervalSum, ...]
    reason: Reason
    rate: float | None = None
    over: tuple[VirtualMeter, ...] = ()


CASES = [
    Case("a loss within the bounds is as it should be", PLAIN,
         (used("main", 100), used("one", 60), used("two", 37)), Reason.WITHIN, 0.03),
    Case("no loss at all is within them", PLAIN,
         (used("main", 0.3), used("one", 0.1), used("two", 0.2)), Reason.WITHIN, 0.0),
    Case("the bound itself is within", PLAIN,
         (used("main", 100), used("one", 60), used("two", 35)), Reason.WITHIN, 0.05),
    Case("more than the bound is too much", PLAIN,
         (used("main", 100), used("one", 60), used("two", 30)), Reason.ABOVE, 0.1),
    Case("sub-meters that count more than came in do not fit", PLAIN,
         (used("main", 100), used("one", 60), used("two", 41)), Reason.BELOW, -0.01),
    Case("water has bounds of its own", WATER,
         (used("w", 100, carrier="water"), used("ws", 91, carrier="water")), Reason.WITHIN, 0.09),
    Case("what the park set no bounds for is not judged", HEAT,
         (used("h", 100, carrier="heat"), used("hs", 50, carrier="heat")), Reason.NO_BOUND, 0.5),
    Case("but sub-meters beyond what came in need no bound", HEAT,
         (used("h", 100, carrier="heat"), used("hs", 101, carrier="heat")), Reason.BELOW, -0.01),
    Case("what was generated behind the boundary was supplied", (*PLAIN, PV),
         (used("main", 80), used("pv", 20), used("one", 60), used("two", 37)), Reason.WITHIN, 0.03),
    Case("what went out again was not", (both_ways("main"), ONE, PV),
         (used("main", 80), out("main", 10), used("pv", 30), used("one", 98)), Reason.WITHIN, 0.02),
    Case("without a boundary meter there is nothing to compare", (ONE,), (used("one", 1),), Reason.NO_BOUNDARY),
    Case("nor without sub-meters", (MAIN,), (used("main", 1),), Reason.NO_SUBS),
    Case("nor with a meter of which nothing is known", PLAIN, (used("main", 100), used("one", 60)), Reason.UNKNOWN),
    Case("nor with an export of which nothing is known", (both_ways("main"), ONE),
         (used("main", 100), used("one", 60)), Reason.UNKNOWN),
    Case("nor with a meter whose time is mostly missing", PLAIN,
         (used("main", 100), used("one", 60, coverage=THIN), used("two", 37)), Reason.LOW_COVERAGE, 0.03),
    Case("a gap whose sum is known can be compared", PLAIN,
         (used("main", 100), used("one", 60, coverage=SHARED), used("two", 37)), Reason.WITHIN, 0.03),
    Case("where nothing came in there is no rate", PLAIN,
         (used("main", 0), used("one", 0), used("two", 0)), Reason.NOTHING_SUPPLIED),
    Case("a virtual sub-meter stands in place of what it names", PLAIN,
         (used("main", 100), used("one", 60), used("two", 98)), Reason.WITHIN, 0.02,
         (virtual("v", "one + (two - one)", role=Role.SUB),)),
    Case("a virtual boundary is compared like a device", PLAIN,
         (used("main", 200), used("one", 60), used("two", 37)), Reason.WITHIN, 0.03, (virtual("v", "50 % * main"),)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.says for case in CASES])
def test_a_balance_is_judged_and_says_why(case: Case) -> None:
    (balance,) = found(*case.meters, sums=case.sums, over=case.over)
    assert balance.reason is case.reason
    assert balance.rate == (None if case.rate is None else pytest.approx(case.rate))
    assert balance.verdict is VERDICTS.get(case.reason, Verdict.NOT_COMPARABLE)


def test_every_reason_has_a_case_and_words() -> None:
    assert {case.reason for case in CASES} == set(Reason) == set(WORDS)


def test_a_balance_names_every_meter_with_what_it_counted_and_how_well() -> None:
    sums = (used("main", 80), used("pv", 20), used("one", 60), used("two", 37, coverage=SHARED))
    (balance,) = found(*PLAIN, PV, sums=sums)
    assert [(entry.meter, entry.amount) for entry in balance.boundary] == [("main", 80)]
    assert [(entry.meter, entry.amount) for entry in balance.generation] == [("pv", 20)]
    assert [(entry.meter, entry.amount) for entry in balance.subs] == [("one", 60), ("two", 37)]
    assert (balance.supplied, balance.distributed, balance.loss) == (100, 97, 3)
    assert balance.coverage == SHARED
    assert (balance.start, balance.end) == WINDOW


def test_what_is_not_known_is_none_and_named() -> None:
    (balance,) = found(*PLAIN, sums=(used("main", 100), used("one", 60)))
    assert (balance.supplied, balance.distributed, balance.loss, balance.rate) == (100, None, None, None)
    assert "two" in balance.sentence("zh")
    assert "two" in balance.sentence("en")


def test_a_park_sets_its_own_bounds() -> None:
    sums = (used("main", 100), used("one", 60), used("two", 41))
    policy = Policy("hengkou", 1, losses=(Loss("electricity", -0.02, 0.01),))
    (balance,) = found(*PLAIN, sums=sums, policies={"hengkou": policy})
    assert (balance.verdict, balance.zh) == (Verdict.OK, "损耗率 -1 % 在 -2 % 至 1 % 之内。")


def test_balances_are_of_one_enterprise_and_carrier_where_one_is_asked_for() -> None:
    park = registry(*PLAIN, *WATER, device("b", enterprise="e02"))
    totals = Totals(park)
    asked = [("e01", "water"), ("e01", None), (None, "electricity"), ("e02", "water")]
    got = [
        [(one.enterprise, one.carrier.name) for one in balances(
            totals, park, (), window=WINDOW, policies={}, enterprise=enterprise, carrier=carrier)]
        for enterprise, carrier in asked
    ]  # fmt: skip
    assert got == [
        [("e01", "water")],
        [("e01", "electricity"), ("e01", "water")],
        [("e01", "electricity"), ("e02", "electricity")],
        [],
    ]


@given(st.lists(st.floats(0.001, 1e6), min_size=1, max_size=8), st.floats(0, 1))
def test_supplied_is_distributed_and_lost(subs: list[float], lost: float) -> None:
    meters = [device(f"s{place}", Role.SUB) for place in range(len(subs))]
    whole = sum(subs) * (1 + lost)
    sums = tuple(used(meter.id, amount) for meter, amount in zip(meters, subs, strict=True))
    (balance,) = found(MAIN, *meters, sums=(used("main", whole), *sums))
    assert balance.distributed is not None
    assert balance.loss is not None
    assert balance.distributed + balance.loss == pytest.approx(whole)
    assert balance.rate == pytest.approx(lost / (1 + lost), abs=1e-9)


@pytest.mark.parametrize(("share", "text"), [(0.05, "5 %"), (0.1234, "12.34 %"), (-0.001, "-0.1 %"), (0, "0 %")])
def test_a_share_is_written_with_no_more_digits_than_it_takes(share: float, text: str) -> None:
    assert percent(share) == text
