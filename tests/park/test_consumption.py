"""Totals: only boundary meters add up, what is not known is named and never 0, virtual meters stand for devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import term
from park.consumption import SELF_USED, Consumption, Totals, consumption
from park.coverage import NOTHING, WHOLE, Coverage
from park.interval import IntervalSum
from park.metric import Medium
from park.place import Meter, Role
from park.virtual_meter import VirtualMeter
from tests.park.virtuals import OCTOBER, WINDOW, both_ways, device, out, registry, used, virtual

HALF = Coverage(0.5)


def totals(
    *meters: Meter, sums: tuple[IntervalSum, ...], over: tuple[VirtualMeter, ...] = ()
) -> dict[tuple[str, str], Consumption]:
    found = consumption(registry(*meters), over, sums, window=WINDOW)
    return {(one.enterprise, one.carrier): one for one in found}


def electricity(*meters: Meter, sums: tuple[IntervalSum, ...], over: tuple[VirtualMeter, ...] = ()) -> Consumption:
    return totals(*meters, sums=sums, over=over)["e01", "electricity"]


def test_only_boundary_meters_add_up() -> None:
    total = electricity(
        device("a"),
        device("b"),
        device("s", Role.SUB),
        device("pv", Role.GENERATION),
        sums=(used("a", 100), used("b", 20), used("s", 60), used("pv", 7)),
    )
    assert (total.amount, total.unit, total.coverage, total.why) == (120, "kWh", WHOLE, None)
    assert [part.meter for part in total.parts] == ["a", "b"]
    assert total.generated == 7


def test_each_enterprise_and_carrier_has_its_own_total() -> None:
    found = totals(
        device("a"),
        device("w", medium=Medium.WATER),
        device("b", enterprise="e02"),
        sums=(used("a", 1), used("w", 2, carrier="water"), used("b", 3)),
    )
    assert {key: (one.amount, one.unit) for key, one in found.items()} == {
        ("e01", "electricity"): (1, "kWh"),
        ("e01", "water"): (2, "m³"),
        ("e02", "electricity"): (3, "kWh"),
    }


def test_a_boundary_meter_of_which_nothing_is_known_is_named_and_lowers_the_coverage() -> None:
    total = electricity(device("a"), device("b"), sums=(used("a", 100),))
    assert total.amount == 100
    assert total.coverage == HALF
    assert total.why is not None
    assert "b" in total.why.zh
    assert "b" in total.why.sentence("en")


def test_with_no_part_known_there_is_no_amount_and_it_is_not_nought() -> None:
    total = electricity(device("a"), sums=())
    assert (total.amount, total.coverage) == (None, NOTHING)
    assert total.why is not None


def test_what_went_out_again_subtracts() -> None:
    total = electricity(both_ways("a"), sums=(used("a", 100), out("a", 30)))
    assert (total.amount, total.exported, total.coverage) == (70, 30, WHOLE)
    assert [(part.carrier, part.sign, part.amount) for part in total.parts] == [
        ("electricity", 1, 100),
        ("electricity_export", -1, 30),
    ]


def test_an_export_register_that_says_nothing_is_named_and_the_coverage_is_the_least_of_both() -> None:
    total = electricity(both_ways("a"), sums=(used("a", 100),))
    assert (total.amount, total.coverage, total.exported) == (100, NOTHING, None)
    assert total.why is not None
    assert "a (送出)" in total.why.zh


def test_knowing_only_what_went_out_gives_no_total() -> None:
    assert electricity(both_ways("a"), sums=(out("a", 30),)).amount is None


def test_what_was_generated_and_used_on_the_spot_is_an_entry_of_its_own() -> None:
    found = totals(both_ways("a"), device("pv", Role.GENERATION), sums=(used("a", 100), out("a", 30), used("pv", 50)))
    own = found["e01", SELF_USED]
    assert (own.amount, own.unit, own.generated, own.exported, own.why) == (20, "kWh", 50, 30, None)
    assert found["e01", "electricity"].amount == 70


def test_a_difference_is_not_known_where_a_part_is_not() -> None:
    own = totals(both_ways("a"), device("pv", Role.GENERATION), sums=(used("a", 1), used("pv", 50)))["e01", SELF_USED]
    assert own.amount is None
    assert own.why is not None


def test_more_going_out_than_was_generated_is_told_and_not_booked_as_negative_use() -> None:
    sums = (used("a", 1), out("a", 60), used("pv", 50))
    own = totals(both_ways("a"), device("pv", Role.GENERATION), sums=sums)["e01", SELF_USED]
    assert own.amount is None
    assert own.why is not None
    assert "60" in own.why.en


def test_a_generation_meter_wired_the_other_way_round_counts_all_the_same() -> None:
    pv = device("pv", Role.GENERATION, metrics=("ep_exp",))
    assert electricity(device("a"), pv, sums=(used("a", 1), out("pv", 5))).generated == 5


def test_a_virtual_boundary_stands_in_place_of_the_boundary_meters_it_names() -> None:
    total = electricity(
        device("a"),
        device("b"),
        device("s", Role.SUB),
        sums=(used("a", 100), used("b", 20), used("s", 60)),
        over=(virtual("v", "a - s"),),
    )
    assert total.amount == 20 + 40
    assert [part.meter for part in total.parts] == ["b", "v"]
    assert total.parts[1].terms == (("a", 1.0), ("s", -1.0))


def test_a_virtual_boundary_named_by_another_is_not_counted_beside_it() -> None:
    total = electricity(
        device("a"),
        device("b"),
        sums=(used("a", 100), used("b", 20)),
        over=(virtual("v", "a / 2"), virtual("w", "v + b")),
    )
    assert (total.amount, [part.meter for part in total.parts]) == (70, ["w"])


def test_a_share_of_anothers_meter_leaves_that_meter_where_it_is() -> None:
    found = totals(device("a"), sums=(used("a", 100),), over=(virtual("v", "30 % * a", enterprise="e02"),))
    assert found["e01", "electricity"].amount == 100
    assert found["e02", "electricity"].amount == 30


@pytest.mark.parametrize(
    ("over", "amount"),
    [
        (virtual("v", "a / 2", since="2026-11"), 100),
        (virtual("v", "a / 2", until="2026-09"), 100),
        (virtual("v", "a / 2", since="2026-10", until="2026-10"), 50),
        (virtual("v", "a / 2", withdrawn=True), 100),
        (virtual("v", "a / 2", role=Role.SUB), 100),
    ],
    ids=["not yet", "no more", "in its month", "taken back", "a sub-meter"],
)
def test_a_virtual_boundary_counts_while_it_holds(over: VirtualMeter, amount: float) -> None:
    assert electricity(device("a"), sums=(used("a", 100),), over=(over,)).amount == amount


def test_in_a_formula_a_meter_is_what_came_in_less_what_went_out() -> None:
    total = electricity(
        both_ways("a"), device("pv", Role.GENERATION),
        sums=(used("a", 100), out("a", 30), used("pv", 50)), over=(virtual("v", "a + pv"),),
    )  # fmt: skip
    assert (total.amount, total.exported, total.generated) == (120, 30, 50)


def test_a_virtual_meter_is_covered_as_its_least_covered_part() -> None:
    sums = (used("a", 100, coverage=Coverage(0.9, 0.1)), used("b", 20, coverage=Coverage(0.6, 0.1)))
    total = electricity(device("a"), device("b"), sums=sums, over=(virtual("v", "a + b"),))
    assert total.coverage.measured == pytest.approx(0.6)
    assert total.coverage.estimated == pytest.approx(0.1)


@pytest.mark.parametrize("formula", ["a + b", "a + gone"])
def test_nothing_is_known_of_a_virtual_meter_with_a_part_that_is_not(formula: str) -> None:
    total = electricity(device("a"), device("b"), sums=(used("a", 100),), over=(virtual("v", formula + " + b"),))
    assert (total.amount, total.coverage) == (None, NOTHING)
    assert total.why is not None
    assert "v" in total.why.zh


def test_days_within_the_window_add_up_and_time_that_none_covers_is_missing() -> None:
    september = term.read("2026-09")
    day = (OCTOBER.end() - OCTOBER.start()) / 31
    sums = [
        used("a", 10.0, start=OCTOBER.start() + place * day, end=OCTOBER.start() + (place + 1) * day)
        for place in range(30)
    ]
    total = electricity(device("a"), sums=(*sums, used("a", 999, term=september)))
    assert total.amount == 300
    assert total.coverage.measured == pytest.approx(30 / 31)
    assert total.coverage.missing == pytest.approx(1 / 31)


def test_one_carrier_may_be_asked_for_alone() -> None:
    made = Totals(registry(device("a"), device("w", medium=Medium.WATER)))
    sums = (used("a", 1), used("w", 2, carrier="water"))
    found = made.of(sums, WINDOW, carrier="water")
    assert [(one.carrier, one.amount) for one in found] == [("water", 2)]
    assert found == [one for one in made.of(sums, WINDOW) if one.carrier == "water"]


def test_one_enterprise_may_be_asked_for_alone() -> None:
    meters = (device("a"), device("b", enterprise="e02"))
    found = Totals(registry(*meters)).of([used("a", 1), used("b", 2)], WINDOW, "e02")
    assert [(one.enterprise, one.amount) for one in found] == [("e02", 2)]


amounts = st.lists(st.floats(0, 1e9), min_size=1, max_size=6)


@given(amounts, st.randoms(use_true_random=False))
def test_the_order_of_sums_makes_no_difference(each: list[float], random: object) -> None:
    meters = [device(f"m{place}") for place in range(len(each))]
    sums = [used(meter.id, amount) for meter, amount in zip(meters, each, strict=True)]
    shuffled = sums.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own random
    assert consumption(registry(*meters), (), sums, window=WINDOW) == consumption(
        registry(*meters), (), shuffled, window=WINDOW
    )


@given(amounts, st.floats(0, 1))
def test_shares_of_a_meter_that_make_up_one_add_up_to_it(each: list[float], measured: float) -> None:
    """However a landlord's meters are shared between two tenants, nothing is lost and nothing is counted twice."""
    meters = [device(f"m{place}") for place in range(len(each))]
    formula = " + ".join(meter.id for meter in meters)
    over = (virtual("v1", f"30 % * ({formula})"), virtual("v2", f"70 % * ({formula})", enterprise="e02"))
    sums = [used(m.id, amount, coverage=Coverage(measured)) for m, amount in zip(meters, each, strict=True)]
    found = consumption(registry(*meters), over, sums, window=WINDOW)
    assert sum(one.amount or 0.0 for one in found) == pytest.approx(sum(each))
    assert all(one.coverage.measured == pytest.approx(measured) for one in found)
