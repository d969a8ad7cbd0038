"""The pictures of energy: what is missing is a gap, estimates stand apart, changes are told only where known."""

from datetime import date

import pytest

from api.console.energy_choice import Choice
from api.console.energy_picture import curve_options, sankey_options
from api.console.energy_read import Against, Look, Windows
from api.console.tongue import Tongue
from api.consumed import Used
from park.coverage import WHOLE, Coverage
from park.days import Days, Run, holding
from park.energy_flow import Flow
from park.factor import Basis
from park.registry import Registry

MARCH = holding(Run.MONTH, date(2026, 3, 1))


def windows(days: Days, *used: Used | None) -> Windows:
    start, every = days.start(), days.every
    return [((start + place * every, start + (place + 1) * every), one) for place, one in enumerate(used)]


def look(*flows: Flow, now: Windows = (), before: Windows = (), days: Days = MARCH) -> Look:
    return Look(
        choice=Choice(days, "electricity"), carriers=("electricity",), registry=Registry((), (), ()),
        end=days.start(), curve=now, earlier=before, total=Against(None, None), members={}, flows=flows,
        basis=Basis.EQUIVALENT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("now", "before", "rate"),
    [
        pytest.param(Used(110, WHOLE), Used(100, WHOLE), 0.1, id="more than before"),
        pytest.param(Used(110, Coverage(0.5, 0.5)), Used(100, WHOLE), 0.1, id="what is estimated is known, too"),
        pytest.param(Used(110, Coverage(0.9)), Used(100, WHOLE), None, id="a tenth of the time is missing"),
        pytest.param(Used(110, WHOLE), Used(100, Coverage(0.9)), None, id="a tenth was missing before"),
        pytest.param(Used(110, WHOLE), None, None, id="nothing is known of the run before"),
        pytest.param(None, Used(100, WHOLE), None, id="nothing is known now"),
        pytest.param(Used(110, WHOLE), Used(0, WHOLE), None, id="nothing was used before"),
    ],
)
def test_a_change_is_told_where_both_sides_are_known(now: Used | None, before: Used | None, rate: float | None) -> None:
    assert Against(now, before).rate == (None if rate is None else pytest.approx(rate))


def test_a_missing_day_is_a_gap_and_an_estimate_stands_apart() -> None:
    now = windows(MARCH, Used(100, WHOLE), None, Used(80, Coverage(0.5, 0.25)))
    measured, estimated, before = curve_options(Tongue(), look(now=now))["series"]
    assert measured["data"] == [100, None, pytest.approx(80 * 2 / 3, rel=1e-4)]
    assert estimated["data"] == [0, None, pytest.approx(80 / 3, rel=1e-4)]
    assert before["data"] == []


@pytest.mark.parametrize(
    ("days", "count", "first", "last"),
    [
        pytest.param(holding(Run.DAY, date(2026, 3, 1)), 96, "00:00", "23:45", id="a day by quarters of an hour"),
        pytest.param(holding(Run.WEEK, date(2026, 3, 4)), 168, "03-02 00:00", "03-08 23:00", id="a week by hours"),
        pytest.param(MARCH, 31, "03-01", "03-31", id="a month by days"),
    ],
)
def test_the_whole_run_has_its_place_on_the_axis(days: Days, count: int, first: str, last: str) -> None:
    labels = curve_options(Tongue(), look(days=days, now=windows(days, Used(1, WHOLE))))["xAxis"]["data"]
    assert (len(labels), labels[0], labels[-1]) == (count, first, last)


def test_a_longer_month_before_keeps_its_last_days() -> None:
    february = holding(Run.MONTH, date(2026, 2, 1))
    before = windows(february.before(), *(Used(float(day), WHOLE) for day in range(1, 32)))
    options = curve_options(Tongue(), look(days=february, now=windows(february, Used(1, WHOLE)), before=before))
    assert options["xAxis"]["data"][-3:] == ["29", "30", "31"]
    assert options["series"][2]["data"][-1] == 31


def test_small_enterprises_are_drawn_as_one_and_nothing_is_lost() -> None:
    flows = [Flow(f"e{place:02}", "electricity", float(place), WHOLE) for place in range(1, 31)]
    options, rows = sankey_options(Tongue(), look(*flows), flows)
    links = options["series"][0]["links"]
    assert rows == len(links) == 21
    assert sum(one["value"] for one in links) == pytest.approx(sum(range(1, 31)))
    assert sum(one["value"] for one in links if one["target"] == "e:") == pytest.approx(sum(range(1, 11)))


def test_an_enterprises_name_cannot_leave_the_script_it_is_written_into() -> None:
    trap = "'; alert(1); '</script>"
    flow = Flow(trap, "electricity", 1.0, WHOLE)
    options, _ = sankey_options(Tongue(), look(flow), [flow])
    assert "\"'; alert(1); '</script>\"" in options["tooltip"][":formatter"]
