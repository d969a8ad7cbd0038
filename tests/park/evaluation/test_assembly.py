"""What an enterprise is measured by: from its statements, its figures and the registry, each with its source."""

from dataclasses import replace
from decimal import Decimal

from park import term as terms
from park.amount import Status
from park.coverage import Coverage
from park.evaluation.assembly import INDICATORS, subject
from park.evaluation.quantity import quantities
from park.factor import Basis
from park.figure import Figure, Input, Item, Kind, Scope, Why
from park.indicator import indicators
from park.place import Enterprise
from park.statement import Statement

YEAR = terms.read("2026")
E01 = Enterprise("e01", "hk", "安康某富硒食品有限公司", "Selenium Foods", "1392", 42.5)
REPORTED = {"tax": Decimal("12.50"), "revenue": Decimal(2_400)}


def statement(term: str, revision: int = 1, status: Status = Status.VERIFIED) -> Statement:
    return Statement("e01", terms.read(term), status, REPORTED, revision)


def figure(indicator: str, value: float | None, unit: str, *, why: str = "") -> Figure:
    return Figure(
        scope=Scope.ENTERPRISE,
        subject="e01",
        indicator=indicator,
        term=YEAR,
        basis=Basis.EQUIVALENT,
        value=value,
        unit=unit,
        formula=indicator,
        coverage=Coverage(0.9, 0.1),
        why=Why("gap", why, why) if why else None,
    )


def test_every_quantity_is_there_and_what_is_missing_says_why() -> None:
    made = subject(E01, YEAR, [], [])
    assert set(made.quantities) == set(quantities())
    missing = {name: quantity for name, quantity in made.quantities.items() if quantity.value is None}
    assert set(missing) == set(quantities()) - {"area_mu"}
    assert all(quantity.why for quantity in missing.values())
    assert missing["tax"].lack().zh == "缺 2026 的填报"
    assert missing["tax"].lack().en == "nothing entered for 2026"
    assert (
        subject(Enterprise("e02", "hk", "无"), YEAR, [], []).quantities["area_mu"].lack().zh == "台账没有登记用地面积"
    )


def test_a_statement_gives_its_amount_with_its_revision_and_state() -> None:
    tax = subject(E01, YEAR, [statement("2026", 2)], []).quantities["tax"]
    assert (tax.value, tax.source.zh) == (12.5, "报表 2026 第 2 版 (核定)")
    flash = subject(E01, YEAR, [statement("2026", 1, Status.FLASH)], []).quantities["tax"]
    assert flash.source.en == "statement 2026 r1 (flash)"


def test_a_year_is_its_quarters_and_a_lacking_one_is_no_zero() -> None:
    quarters = [statement(f"2026-Q{number}") for number in range(1, 5)]
    assert subject(E01, YEAR, quarters, []).quantities["tax"].value == 50.0
    assert subject(E01, YEAR, quarters[:3], []).quantities["tax"].value is None


def test_a_figure_gives_its_value_in_the_evaluations_unit_with_coverage_and_a_link() -> None:
    made = subject(E01, YEAR, [], [figure("energy", 1_250.0, "tce"), figure("electricity", 3.5, "MWh")])
    energy, electricity = made.quantities["energy_tce"], made.quantities["electricity_kwh"]
    assert (energy.value, energy.coverage, energy.link) == (
        1_250.0,
        Coverage(0.9, 0.1),
        "enterprise.e01.energy.2026.equivalent",
    )
    assert energy.source.zh == "核算 2026 (暂定, 等价值)"
    assert electricity.value == 3_500.0


def test_a_figure_without_a_value_hands_on_its_reason() -> None:
    made = subject(E01, YEAR, [], [figure("co2", None, "tCO2", why="缺 2026 年的排放因子")])
    assert made.quantities["co2_t"].value is None
    assert made.quantities["co2_t"].lack().zh == "缺 2026 年的排放因子"


def test_the_main_pollutants_are_those_that_are_monitored_and_the_source_names_the_others() -> None:
    made = subject(
        E01, YEAR, [], [figure("cod", 1_200.0, "kg"), figure("so2", 0.3, "t"), figure("nox", None, "t", why="无")]
    )
    pollutants = made.quantities["pollutant_t"]
    assert pollutants.value == 1.5
    assert pollutants.source.zh == "在线监测 COD, SO2; 没有 NH3N, NOX"
    outlet = Input("nox", None, "t", items=(Item(Kind.OUTLET, "e01-stack", None),))
    hidden = replace(figure("nox", None, "t", why="流量无效"), inputs=(outlet,))
    partly = subject(E01, YEAR, [], [figure("cod", 1_200.0, "kg"), hidden]).quantities["pollutant_t"]
    assert (partly.value, partly.lack().zh) == (None, "流量无效")
    alone = subject(E01, YEAR, [], [figure("nox", None, "t", why="流量无效")]).quantities["pollutant_t"]
    assert (alone.value, alone.lack().zh) == (None, "流量无效")


def test_the_figures_asked_for_are_indicators_there_are() -> None:
    assert set(INDICATORS) <= set(indicators())
