"""Standard coal and CO2: written out by hand, with every gap named and nothing taken as 0."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park import term
from park.coverage import NOTHING, WHOLE, Coverage
from park.factor import Basis, Factor, Purpose
from park.factor_book import FactorBook
from park.footprint import Carbon, Footprint, carbon, energy
from park.policy import FOSSIL, Policy

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POLICY = Policy("hengkou", revision=3)
STEAM = Factor(
    id="own/1/r1",
    set="own",
    key="steam",
    purpose=Purpose.HEAT,
    value=2.8,
    unit="GJ/t",
    published=date(2020, 1, 1),
    source="检测报告",
    park="hengkou",
)


@dataclass(frozen=True)
class Used:
    carrier: str
    amount: float | None
    unit: str
    coverage: Coverage = WHOLE
    enterprise: str = "e01"


@dataclass(frozen=True)
class Bought:
    item: str
    amount: Decimal | None
    unit: str
    enterprise: str = "e01"


def tce(
    *used: Used, bought: tuple[Bought, ...] = (), basis: Basis = Basis.EQUIVALENT, policy: Policy = POLICY,
    text: str = "2026-10", own: tuple[Factor, ...] = (),
) -> Footprint:  # fmt: skip
    return energy(used, bought, book=FactorBook(own), policy=policy, term=term.read(text), as_of=NOW, basis=basis)


def co2(
    *used: Used, bought: tuple[Bought, ...] = (), policy: Policy = POLICY, text: str = "2026-10",
    own: tuple[Factor, ...] = (),
) -> Carbon:  # fmt: skip
    return carbon(used, bought, book=FactorBook(own), policy=policy, term=term.read(text), as_of=NOW)


POWER = Used("electricity", 100_000.0, "kWh")


@pytest.mark.parametrize(
    ("name", "basis", "by_hand"),
    [
        ("equivalent: 100,000 × 0.3024 / 1000", Basis.EQUIVALENT, 30.24),
        ("calorific: 100,000 × 0.1229 / 1000", Basis.CALORIFIC, 12.29),
    ],
)
def test_electricity_is_worth_what_the_basis_says(name: str, basis: Basis, by_hand: float) -> None:
    found = tce(POWER, basis=basis)
    assert found.total == pytest.approx(by_hand), name
    assert found.basis is basis
    assert found.policy == 3


def test_carriers_add_up_and_media_are_shown_but_not_counted() -> None:
    found = tce(POWER, Used("natural_gas", 5_000.0, "Nm³"), Used("water", 1_000.0, "m³"), Used("heat", 100.0, "GJ"))
    # 30.24 + 5,000 × 1.33 / 1000 + 100 × 0.03412; the water's 0.2571 tce stand beside it
    assert found.total == pytest.approx(30.24 + 6.65 + 3.412)
    water = next(line for line in found.lines if line.carrier == "water")
    assert not water.counted
    assert water.result == pytest.approx(0.2571)
    assert water.formula == "1,000 m³ × 0.2571 kgce/m³ = 0.2571 tce"


def test_a_medium_counts_where_the_policy_says_it_is_bought() -> None:
    found = tce(POWER, Used("water", 1_000.0, "m³"), policy=replace(POLICY, counted=frozenset({"water"})))
    assert found.total == pytest.approx(30.24 + 0.2571)


def test_what_is_bought_by_entry_counts_like_what_is_metered() -> None:
    found = tce(bought=(Bought("diesel", Decimal("2.5"), "t"), Bought("raw_coal", Decimal(100), "t")))
    assert found.total == pytest.approx(2.5 * 1.4571 + 100 * 0.7143)
    assert {line.source for line in found.lines} == {"entered"}


def test_what_goes_out_again_is_taken_off() -> None:
    found = tce(POWER, Used("electricity_export", 20_000.0, "kWh"))
    assert found.total == pytest.approx(80_000 * 0.3024 / 1000)
    gone = co2(POWER, Used("electricity_export", 20_000.0, "kWh"))
    assert gone.electricity.value == pytest.approx(80_000 * 0.6335 / 1000)
    assert gone.electricity_market.value == pytest.approx(80_000 * 0.6096 / 1000)


def test_own_solar_power_counts_as_energy_only_where_the_policy_says_so_and_emits_nothing() -> None:
    sun = Used("electricity_self_used", 10_000.0, "kWh")
    assert tce(POWER, sun).total == pytest.approx(30.24)
    assert tce(POWER, sun, policy=replace(POLICY, self_generated=True)).total == pytest.approx(30.24 + 3.024)
    assert co2(POWER, sun).total == co2(POWER).total


def test_steam_is_counted_by_its_heat() -> None:
    steam = Used("steam", 1_000.0, "t")
    found = tce(steam, own=(STEAM,))
    assert found.total == pytest.approx(1_000 * 2.8 * 34.12 / 1000)
    assert found.lines[0].formula == "1,000 t × 2.8 GJ/t × 0.03412 kgce/MJ = 95.536 tce"
    emitted = co2(steam, own=(STEAM,))
    assert emitted.heat.value == pytest.approx(1_000 * 2.8 * 0.11)
    assert emitted.fuel.value is None
    assert emitted.total == pytest.approx(308.0)


# --- CO2 by scope -----------------------------------------------------------------------------------------------------


def test_scopes_are_apart_and_add_up() -> None:
    found = co2(
        POWER,
        Used("natural_gas", 10_000.0, "Nm³"),
        Used("heat", 100.0, "GJ"),
        Used("water", 500.0, "m³"),
        bought=(Bought("diesel", Decimal(1), "t"), Bought("limestone", Decimal("4.397"), "tCO2")),
    )
    assert found.fuel.value == pytest.approx(21.6219 + 3.14512, abs=1e-4)
    assert found.process.value == pytest.approx(4.397)
    assert found.electricity.value == pytest.approx(63.35)
    assert found.heat.value == pytest.approx(11.0)
    assert found.total == pytest.approx(21.6219 + 3.14512 + 4.397 + 63.35 + 11.0, abs=1e-4)
    assert {line.carrier for line in found.all.lines} == {
        "natural_gas", "diesel", "limestone", "electricity", "heat",
    }  # fmt: skip


def test_green_power_lowers_the_market_based_figure_and_not_the_other() -> None:
    found = co2(POWER, bought=(Bought("green_power", Decimal(30), "MWh"),))
    assert found.electricity.value == pytest.approx(100_000 * 0.6335 / 1000)
    assert found.electricity_market.value == pytest.approx(70_000 * 0.6096 / 1000)
    assert found.electricity_market.lines[-1].formula == "30 MWh × 0 = 0 tCO2"
    assert found.total == pytest.approx(63.35)
    assert found.total_market == pytest.approx(42.672)


def test_electricity_without_green_power_is_not_zero_by_the_market() -> None:
    assert co2(POWER).electricity_market.value == pytest.approx(60.96)
    assert co2(POWER, policy=replace(POLICY, residual=FOSSIL)).electricity_market.value == pytest.approx(82.73)


def test_more_green_power_than_was_bought_is_a_gap_and_no_negative_figure() -> None:
    found = co2(POWER, bought=(Bought("green_power", Decimal(101), "MWh"),))
    assert found.electricity_market.value is None
    assert "101,000 kWh 多于购入电量 100,000 kWh" in found.electricity_market.gaps[0].zh
    assert found.electricity.value == pytest.approx(63.35)
    assert found.total_market is None


# --- what is missing --------------------------------------------------------------------------------------------------


def test_an_unknown_amount_makes_the_total_unknown_and_leaves_what_is_known() -> None:
    found = tce(POWER, Used("natural_gas", None, "Nm³", NOTHING))
    assert found.total is None
    assert found.partial == pytest.approx(30.24)
    assert [gap.carrier for gap in found.gaps] == ["natural_gas"]
    assert "天然气用量未知" in found.gaps[0].zh
    assert "Natural gas" in found.gaps[0].en
    assert found.coverage == Coverage(0.5)


def test_what_was_not_reported_is_said_otherwise_than_what_was_not_measured() -> None:
    [gap] = tce(bought=(Bought("diesel", None, "t"),)).gaps
    assert "未填报" in gap.sentence("zh")
    assert "enter it" in gap.sentence("en")


def test_a_missing_factor_makes_the_total_unknown_with_the_books_sentence() -> None:
    found = co2(POWER, bought=(Bought("raw_coal", Decimal(10), "t"),))
    assert found.total is None
    assert found.all.partial == pytest.approx(63.35)
    assert "原煤在 2026-10" in found.fuel.gaps[0].zh


def test_an_uncounted_medium_without_a_factor_does_not_keep_the_total_back() -> None:
    policy = replace(POLICY, sets=("power-coal",))
    found = tce(POWER, Used("water", 10.0, "m³"), policy=policy)
    assert found.total == pytest.approx(30.24)
    assert found.lines[1].result is None


def test_nothing_at_all_is_not_zero() -> None:
    assert tce().total is None
    assert tce().coverage == NOTHING
    assert co2().total is None


def test_a_scope_in_which_nothing_happens_has_no_value_and_takes_nothing() -> None:
    found = co2(POWER)
    assert found.process.value is None
    assert found.process.gaps == ()
    assert found.total == pytest.approx(63.35)


def test_zero_that_was_entered_is_zero() -> None:
    assert tce(bought=(Bought("diesel", Decimal(0), "t"),)).total == 0


def test_coverage_goes_by_each_lines_weight_were_all_of_it_known() -> None:
    gas = Used("natural_gas", 10_000.0, "Nm³", Coverage(0.5, 0.2))
    power = Used("electricity", 13_300 / 0.3024, "kWh", Coverage(0.9))
    found = tce(power, gas)  # 13.3 tce each: 19.0 and 14.8 were they whole
    whole = 13.3 / 0.7 + 13.3 / 0.9
    assert found.coverage.measured == pytest.approx((0.5 * 13.3 / 0.7 + 13.3) / whole)
    assert found.coverage.estimated == pytest.approx(0.2 * 13.3 / 0.7 / whole)


def test_a_carrier_of_which_hardly_anything_is_known_still_counts() -> None:
    power = Used("electricity", 0.03 * 13_300 / 0.3024, "kWh", Coverage(0.03))
    gas = Used("natural_gas", 10_000.0, "Nm³", Coverage(1.0))
    assert tce(power, gas).coverage.measured == pytest.approx(0.515)  # half of it is all there, of half 3 %


def test_nothing_used_is_as_well_known_as_it_was_measured() -> None:
    idle = tce(Used("electricity", 0.0, "kWh", Coverage(0.8)), Used("natural_gas", 0.0, "Nm³", Coverage(0.4)))
    assert idle.total == 0
    assert idle.coverage.measured == pytest.approx(0.6)


# --- laws -------------------------------------------------------------------------------------------------------------

AMOUNTS = st.floats(0, 1e9, allow_nan=False)
LINES = st.lists(
    st.builds(Used, st.sampled_from(["electricity"]), AMOUNTS, st.just("kWh"))
    | st.builds(Used, st.sampled_from(["natural_gas"]), AMOUNTS | st.none(), st.just("Nm³"))
    | st.builds(Used, st.sampled_from(["steam"]), AMOUNTS, st.just("t")),
    max_size=6,
)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_what_was_used_does_not_matter(lines: list[Used], random: object) -> None:
    shuffled = sorted(lines, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert tce(*lines).total == tce(*shuffled).total
    assert co2(*lines).total == co2(*shuffled).total


@given(LINES)
def test_a_total_is_there_exactly_where_something_counts_and_nothing_is_missing(lines: list[Used]) -> None:
    found = tce(*lines)
    assert (found.total is None) == (not lines or any(line.result is None for line in found.lines))
    assert found.total is None or found.total == found.partial
    assert found.coverage.measured <= 1
