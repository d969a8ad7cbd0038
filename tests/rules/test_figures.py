"""Figures follow their sources: what was published stays readable, and the next revision says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.relational import epochs, factors, figures
from park.amount import Status
from park.epoch import Epoch, Kind, Standing
from park.factor import Basis
from park.figure import Scope, State
from park.grounds import Cause
from park.term import read
from rules.figures import QUIET, Figures
from tests.rules.figure_house import MARCH, House, local, opened

APRIL_DAYS = local(2024, 4, 20)
EQUIVALENT = Basis.EQUIVALENT


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = opened(tmp_path)
    made.uses("e01-main", 100_000.0)
    made.uses("e02-main", 50_000.0)
    made.states("e01", "500.5", now=local(2024, 4, 10))
    made.states("e02", "100", now=local(2024, 4, 10))
    yield made
    made.store.close()
    made.engine.dispose()


def test_a_month_that_is_over_is_published_with_the_arithmetic_that_can_be_done_by_hand(house: House) -> None:
    house.run(APRIL_DAYS)
    (energy,) = house.revisions("energy", basis=Basis.CALORIFIC)
    assert energy.revision == 1
    assert energy.figure.value == pytest.approx(100_000 * 0.1229 / 1000)
    (co2,) = house.revisions("co2")
    assert co2.figure.value == pytest.approx(100_000 * 0.6336 / 1000), "Shaanxi 2021 is the newest published by then"
    (intensity,) = house.revisions("energy_intensity", basis=Basis.CALORIFIC)
    assert intensity.figure.value == pytest.approx(12.29 / 500.5)
    assert intensity.figure.state is State.FINAL


def test_a_park_is_the_ratio_of_sums_and_an_industry_as_well(house: House) -> None:
    house.run(APRIL_DAYS)
    (park,) = house.revisions("carbon_intensity", "hk", scope=Scope.PARK)
    assert park.figure.value == pytest.approx(150_000 * 0.6336 / 1000 / 600.5)
    (industry,) = house.revisions("carbon_intensity", "24", scope=Scope.INDUSTRY)
    assert industry.figure.value == pytest.approx(50_000 * 0.6336 / 1000 / 100)


def test_who_lacks_a_statement_is_left_out_above_and_below_the_stroke_and_named(house: House) -> None:
    february = read("2024-02")
    house.uses("e01-main", 1_000.0, february)
    house.uses("e02-main", 1_000.0, february)
    house.states("e01", "10", term=february, now=local(2024, 3, 10))
    house.run(APRIL_DAYS)
    (park,) = house.revisions("carbon_intensity", "hk", scope=Scope.PARK, term=february)
    assert park.figure.panel is not None
    assert park.figure.panel.included == ("e01",)
    (left,) = park.figure.panel.left
    assert left.enterprise == "e02"
    assert left.why.zh == "暂不可算: 缺 2024-02 的填报。"
    (whole,) = house.revisions("co2", "hk", scope=Scope.PARK, term=february)
    assert whole.figure.inputs[0].value == pytest.approx(2 * park.figure.inputs[0].value)  # type: ignore[operator]


def test_a_second_round_changes_nothing_nor_does_one_of_a_new_process(house: House) -> None:
    assert house.run(APRIL_DAYS).first > 0
    assert house.run(APRIL_DAYS) == (0, 0, 0)
    house.job = house.again()
    assert house.run(APRIL_DAYS) == (0, 0, 0)


def test_making_every_figure_again_makes_no_revision(house: House) -> None:
    house.run(APRIL_DAYS)
    with house.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM figure_term")
    done = house.run(APRIL_DAYS)
    assert done.terms > 0
    assert (done.first, done.restated) == (0, 0)


def test_late_data_of_a_month_that_is_over_restate_it_and_name_the_meter(house: House) -> None:
    house.run(APRIL_DAYS)
    house.uses_between("e01-main", 20_000.0, local(2024, 3, 30), local(2024, 4, 1))
    house.run(local(2024, 4, 27))
    newest, first = house.revisions("energy", basis=EQUIVALENT)
    assert (first.revision, newest.revision) == (1, 2)
    assert first.figure.inputs[0].items[0].amount == pytest.approx(100_000)
    (reason,) = newest.reasons
    assert reason.cause is Cause.LATE_DATA
    assert reason.subject == "e01-main"
    assert reason.before == pytest.approx(100_000)
    assert reason.after == pytest.approx(100_000 * 29 / 31 + 20_000)
    assert "e01-main" in reason.zh
    newest, _ = house.revisions("energy_intensity", basis=EQUIVALENT)
    assert newest.reasons[0].subject == "e01-main"
    newest, _ = house.revisions("energy_intensity", "hk", scope=Scope.PARK, basis=EQUIVALENT)
    assert newest.reasons[0].subject == "e01-main", "the park's figure names the meter as well"
    assert len(house.revisions("energy", "e02", basis=EQUIVALENT)) == 1, "nothing touched the other enterprise"


def test_an_epoch_confirmed_a_week_later_restates_and_is_named(house: House) -> None:
    house.uses("e01-main", 100_000.0, estimated=True)
    house.run(APRIL_DAYS)
    (first,) = house.revisions("energy", basis=EQUIVALENT)
    assert first.figure.state is State.PROVISIONAL
    epoch = Epoch(
        "e01-main", "ep_imp", local(2024, 3, 15, 10), Kind.REPLACEMENT, Standing.CONFIRMED, 998.0, 0.0, who="李强"
    )
    epochs.record(house.engine, epoch, now=local(2024, 4, 27))
    house.uses("e01-main", 101_000.0)
    house.run(local(2024, 4, 27, 1))
    newest, before = house.revisions("energy", basis=EQUIVALENT)
    assert before.figure == first.figure
    (reason,) = newest.reasons
    assert reason.cause is Cause.EPOCH
    assert reason.zh == "设备 e01-main 2024-03-15 的换表经 李强 确认: 100,000 kWh → 101,000 kWh"
    assert newest.figure.state is State.FINAL


def test_a_corrected_statement_restates_what_it_is_in_and_names_who_and_why(house: House) -> None:
    house.run(APRIL_DAYS)
    house.states("e01", "455", now=local(2024, 4, 25), reason="统计局核减")
    house.run(local(2024, 4, 26))
    newest, _ = house.revisions("energy_intensity", basis=EQUIVALENT)
    (reason,) = newest.reasons
    assert reason.cause is Cause.STATEMENT
    assert reason.zh == "2024-03 报表修订 1 → 2: 500.5 万元 → 455 万元 [王丽: 统计局核减]"
    assert len(house.revisions("energy", basis=EQUIVALENT)) == 1, "energy has no statement in it"


def test_a_factor_published_two_years_later_restates_and_the_old_revision_stays_readable(house: House) -> None:
    house.run(APRIL_DAYS)
    house.run(local(2026, 4, 20))
    newest, *_, first = house.revisions("co2")
    assert first.figure.value == pytest.approx(63.36)
    assert newest.figure.value == pytest.approx(63.35)
    (reason,) = newest.reasons
    assert reason.cause is Cause.FACTOR
    assert (reason.before, reason.after) == (0.6336, 0.6335)
    assert "2025-12-31 发布" in reason.zh


def test_a_factor_a_person_adds_restates_and_is_named(house: House) -> None:
    house.run(APRIL_DAYS)
    document = {
        "enterprise": "e01", "key": "electricity", "purpose": "carbon", "value": "0.5", "unit": "kgCO2/kWh",
        "source": "检测报告 2024-17",
    }  # fmt: skip
    day = local(2024, 4, 25)
    factors.add(house.engine, document, today=day.date(), who="王丽", now=day)
    house.run(local(2024, 4, 26))
    newest, _ = house.revisions("co2")
    assert newest.figure.value == pytest.approx(50.0)
    assert newest.reasons[0].cause is Cause.FACTOR
    assert len(house.revisions("co2", "e02")) == 1


def test_a_flash_that_is_verified_without_a_change_makes_the_figure_final(house: House) -> None:
    february = read("2024-02")
    house.uses("e01-main", 1_000.0, february)
    house.states("e01", "10", term=february, status=Status.FLASH, now=local(2024, 3, 10))
    house.run(APRIL_DAYS)
    (flash,) = house.revisions("value_added", term=february)
    assert flash.figure.state is State.PROVISIONAL
    house.states("e01", "10", term=february, now=local(2024, 4, 25), reason="核定")
    house.run(local(2024, 4, 26))
    newest, _ = house.revisions("value_added", term=february)
    assert newest.figure.state is State.FINAL
    assert newest.reasons[0].cause is Cause.STATEMENT
    assert "快报 → 核定" in newest.reasons[0].zh


def test_a_running_term_is_kept_in_place_until_it_is_over(house: House) -> None:
    house.run(local(2024, 3, 20))
    (running,) = house.revisions("energy", basis=EQUIVALENT)
    assert running.revision == 0
    house.run(local(2024, 3, 21))
    (running,) = house.revisions("energy", basis=EQUIVALENT)
    assert running.revision == 0
    assert running.at == local(2024, 3, 21)
    house.run(APRIL_DAYS)
    (published,) = house.revisions("energy", basis=EQUIVALENT)
    assert published.revision == 1


def test_figures_are_found_by_what_they_are_of(house: House) -> None:
    house.run(APRIL_DAYS)
    found = figures.current(
        house.engine, term=MARCH, scope=Scope.ENTERPRISE, ids=["e01"], basis=EQUIVALENT, indicators=["energy", "co2"]
    )
    assert [one.id for one in found] == ["enterprise.e01.co2.2024-03", "enterprise.e01.energy.2024-03.equivalent"]


def test_a_term_that_is_over_is_not_published_while_its_history_still_comes_in(house: House) -> None:
    house.job = Figures(engine=house.engine, store=house.store)
    house.run(APRIL_DAYS)
    house.uses("e01-main", 110_000.0)
    house.run(APRIL_DAYS + QUIET)
    (waiting,) = house.revisions("energy", basis=EQUIVALENT)
    assert waiting.revision == 0, "it moved a moment ago"
    house.run(APRIL_DAYS + 2 * QUIET)
    (published,) = house.revisions("energy", basis=EQUIVALENT)
    assert published.revision == 1
    house.uses("e01-main", 120_000.0)
    house.run(APRIL_DAYS + 2 * QUIET)
    assert len(house.revisions("energy", basis=EQUIVALENT)) == 2, "once published, a change is restated at once"


def test_a_term_before_the_meters_has_what_was_stated_and_no_figure_of_what_nobody_measured(house: House) -> None:
    house.states("e01", "77", term=read("2023-05"), now=local(2024, 4, 10))
    house.run(APRIL_DAYS)
    (stated,) = house.revisions("value_added", term=read("2023-05"))
    assert stated.figure.value == 77.0
    assert not house.revisions("energy", term=read("2023-05"), basis=EQUIVALENT)
    assert not house.revisions("energy_intensity", term=read("2023-05"), basis=EQUIVALENT)
