"""The example scheme worked out by hand, and the sums of a real city."""

import pytest

from park.evaluation.evaluate import evaluate
from park.evaluation.indicator import indicators
from park.evaluation.panel import panel
from park.evaluation.result import State
from park.evaluation.scheme import Grade
from tests.park.evaluation.examples import HUANGYAN, subject

# A year: money in 万元, energy in tce, pollutants in t.
LARGE = {
    "area_mu": 50.0,
    "tax": 1_000.0,
    "value_added": 5_000.0,
    "revenue": 20_000.0,
    "energy_tce": 2_000.0,
    "pollutant_t": 1.2,
    "employees": 250.0,
    "rd": 500.0,
}
SMALL = {"area_mu": 8.0, "tax": 60.0, "revenue": 900.0, "electricity_kwh": 1_500_000.0}


def test_an_enterprise_above_designated_size_has_the_score_of_six_sums_done_by_hand() -> None:
    result = evaluate(HUANGYAN, [subject("e01", given=LARGE)]).of("e01")
    assert result is not None
    by_hand = {
        "tax_per_mu": 20 / 24.097 * 30,  # 1,000 ÷ 50 = 20
        "value_added_per_mu": 100 / 136.16 * 20,  # 5,000 ÷ 50 = 100
        "energy_productivity": 2.5 / 2.694 * 20,  # 5,000 ÷ 2,000 = 2.5
        "pollutant_productivity": 5_000 / 1.2 / 4_929.81 * 10,
        "labour_productivity": 20 / 18.14 * 10,  # 5,000 ÷ 250 = 20
        "rd_share": 2.5 / 3.02 * 10,  # 500 ÷ 20,000 = 2.5 %
    }
    assert {one.key: one.score for one in result.scores} == pytest.approx(by_hand)
    # 24.8993 + 14.6886 + 18.5598 + 8.4520 + 11.0254 + 8.2781
    assert result.total == 85.90
    assert result.base_step.zh == "24.8994 + 14.6886 + 18.5598 + 8.45198 + 11.0254 + 8.27815 = 85.9032"
    assert (result.cohort, result.rank, result.of) == ("large", 1, 1)
    assert result.scores[0].step.zh == "20 ÷ 24.097 × 30 = 24.8994"


def test_one_below_designated_size_is_scored_by_tax_a_mu_and_tax_a_kilowatt_hour() -> None:
    result = evaluate(HUANGYAN, [subject("e02", given=SMALL)]).of("e02")
    assert result is not None
    assert result.cohort == "small"
    assert result.cohort_why.zh == "归入此组"
    # 60 ÷ 8 = 7.5 万元/亩; 600,000 元 ÷ 1,500,000 kWh = 0.4 元/kWh
    assert result.total == round(7.5 / 11.5932 * 50 + 0.4 / 0.2352 * 50, 2) == 117.38


def test_who_has_no_discharge_data_gets_the_average_points_of_that_indicator() -> None:
    others = [subject("e01", given=LARGE), subject("e02", given={**LARGE, "pollutant_t": 2.4})]
    without = subject("e03", given={**LARGE, "pollutant_t": None})
    result = evaluate(HUANGYAN, [*others, without]).of("e03")
    assert result is not None
    score = next(one for one in result.scores if one.key == "pollutant_productivity")
    full = 5_000 / 1.2 / 4_929.81 * 10
    assert score.score == pytest.approx((full + full / 2) / 2)
    assert score.raw is None
    assert score.value is None
    assert "取组内平均分" in score.step.zh
    assert "没有报表" in score.step.zh


def test_what_else_is_missing_keeps_the_score_back_and_is_named() -> None:
    result = evaluate(HUANGYAN, [subject("e01", given={**LARGE, "energy_tce": None})]).of("e01")
    assert result is not None
    assert (result.state, result.total, result.rank, result.grade) == (State.WAITING, None, None, None)
    assert result.reason.zh == "暂不可算: 单位能耗增加值 (综合能耗: 2026 没有报表)"
    assert result.reason.en == "not yet: Value added per energy (Energy consumed: no statement for 2026)"


def test_without_revenue_nobody_knows_which_cohort_it_is() -> None:
    result = evaluate(HUANGYAN, [subject("e01", given={**LARGE, "revenue": None})]).of("e01")
    assert result is not None
    assert (result.state, result.cohort) == (State.WAITING, None)
    assert result.reason.zh == "营业收入: 2026 没有报表, 无法分组"


def test_a_quarter_holds_revenue_against_a_quarter_of_the_threshold_and_warns_of_yearly_benchmarks() -> None:
    found = evaluate(HUANGYAN, [subject("e01", given={**LARGE, "revenue": 600.0})], months=3)
    result = found.of("e01")
    assert result is not None
    assert result.cohort_why.zh == "营业收入 600 ≥ 500 万元 (按 3 个月折算)"
    assert "3 个月" in found.notes[0].zh


def test_the_parks_value_is_the_ratio_of_sums_as_in_lishui_2019() -> None:
    # 942 firms: 573,564 万元 of tax and 2,236,605 of value added on 30,341 亩, shared out unevenly
    shares = [(0.5, 0.1), (0.3, 0.3), (0.2, 0.6)]
    firms = [
        subject(f"f{place}", tax=573_564 * money, value_added=2_236_605 * money, area_mu=30_341 * land)
        for place, (money, land) in enumerate(shares)
    ]
    tax, added = (panel(indicators()[key], firms) for key in ("tax_per_mu", "value_added_per_mu"))
    assert round(tax.value or 0, 1) == 18.9
    assert round(added.value or 0, 1) == 73.7
    ratios = [573_564 * money / (30_341 * land) for money, land in shares]
    assert round(sum(ratios) / 3, 1) != 18.9  # the mean of ratios would be another


def test_who_has_only_one_of_the_two_numbers_is_left_out_of_both_sums_and_named() -> None:
    firms = [subject("a", tax=100.0, area_mu=10.0), subject("b", tax=900.0), subject("c", area_mu=90.0)]
    found = panel(indicators()["tax_per_mu"], firms)
    assert (found.value, found.counted, found.left_out) == (10.0, 1, ("b", "c"))
    assert panel(indicators()["tax_per_mu"], firms[1:]).value is None


def test_one_alone_in_its_cohort_is_no_a_for_a_fifth_of_one_place_is_none() -> None:
    result = evaluate(HUANGYAN, [subject("e01", given=LARGE)]).of("e01")
    assert result is not None
    assert result.grade is Grade.B
    assert result.reason.zh == "第 1 名, 共 1 家; B 到第 1 名 (60 %)"
