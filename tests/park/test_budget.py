"""A budget is held against the time of year, and only where enough is known of what was used."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.budget import EARLY, Budget, Kind, State, check, figure_for, gone_of, paces, progress, term_of
from park.coverage import NOTHING, WHOLE, Coverage
from park.factor import Basis
from park.figure import Figure, Scope, Why
from park.registry_notes import Notes
from park.term import Term, read

JULY = read("2026-07/ytd")
BUDGET = Budget("e01", 2026, Kind.ENERGY, Decimal(1_000), "文号")
LACKING = Why("meters", "没有电表。", "No meter.")


def used(value: float | None, coverage: Coverage = WHOLE, **other: object) -> Figure:
    figure = Figure(
        Scope.ENTERPRISE, "e01", "energy", JULY, Basis.EQUIVALENT, value, "tce", "energy", coverage,
        why=None if value is not None else LACKING,
    )  # fmt: skip
    return replace(figure, **other)  # type: ignore[arg-type]  # fields of a figure


STANDINGS = [
    ("level with the year", used(500.0), 0.5, 1.0, ""),
    ("ahead of it", used(630.0), 0.5, 1.26, ""),
    ("nothing used is known, and is 0", used(0.0), 0.5, 0.0, ""),
    ("enough is known where half of it is", used(500.0, Coverage(0.3, 0.2)), 0.5, 1.0, ""),
    ("too little is known", used(500.0, Coverage(0.3, 0.19)), 0.5, None, "little"),
    ("the figure has no value and says why", used(None, NOTHING), 0.5, None, "meters"),
    ("there is no figure", None, 0.5, None, "no_figure"),
    ("the first days say nothing", used(30.0), EARLY / 2, None, "early"),
    ("the year has not begun", None, 0.0, None, "not_begun"),
]


@pytest.mark.parametrize(("sentence", "figure", "gone", "pace", "why"), STANDINGS, ids=[row[0] for row in STANDINGS])
def test_a_budget_stands_as(sentence: str, figure: Figure | None, gone: float, pace: float | None, why: str) -> None:
    found = progress(BUDGET, figure, gone)
    assert found.pace == pytest.approx(pace), sentence
    assert (found.why.key if found.why else "") == why, sentence
    assert found.figure == (figure.id if figure else None)


def test_what_is_used_is_told_in_the_first_days_as_well() -> None:
    assert progress(BUDGET, used(30.0), EARLY / 2).used == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("sentence", "value", "gone", "state"),
    [
        ("as far as the year", 500.0, 0.5, State.WITHIN),
        ("a little ahead is within", 524.0, 0.5, State.WITHIN),
        ("past the bound of the rule is ahead", 526.0, 0.5, State.AHEAD),
        ("all used is over, however late in the year", 1_001.0, 0.99, State.OVER),
        ("also in its first days", 1_001.0, EARLY / 2, State.OVER),
        ("the first days are not comparable", 30.0, EARLY / 2, State.UNKNOWN),
    ],
)
def test_how_it_stands(sentence: str, value: float, gone: float, state: State) -> None:
    assert progress(BUDGET, used(value), gone).state is state, sentence


@given(st.floats(0, 1e6), st.floats(EARLY, 1.0), st.floats(1.0, 1e3))
def test_who_uses_more_is_never_less_ahead(value: float, gone: float, more: float) -> None:
    before, after = progress(BUDGET, used(value), gone), progress(BUDGET, used(value * more), gone)
    assert before.pace is not None
    assert after.pace is not None
    assert after.pace >= before.pace


def test_the_year_is_the_sites_and_its_figure_that_of_the_year_to_date() -> None:
    eve, new_year = datetime(2026, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert (gone_of(2026, new_year), gone_of(2027, new_year)) == (1.0, 0.0)
    assert 0.999 < gone_of(2026, eve) < 1.0
    assert [str(term_of(year, new_year)) for year in (2026, 2027, 2028)] == [
        "2026-12/ytd",
        "2027-01/ytd",
        "2028-01/ytd",
    ]
    assert term_of(2026, datetime(2026, 7, 31, 17, tzinfo=UTC)) == Term(JULY.span, JULY.last + 1)


def test_energy_goes_by_the_parks_basis_and_carbon_by_none() -> None:
    calorific = used(400.0, basis=Basis.CALORIFIC)
    co2 = used(900.0, indicator="co2", basis=None, unit="tCO2")
    others = [used(1.0, subject="e02"), used(500.0), calorific, co2]
    assert figure_for(BUDGET, others, Basis.CALORIFIC) == calorific
    assert figure_for(replace(BUDGET, kind=Kind.CARBON), others, Basis.CALORIFIC) == co2
    assert figure_for(replace(BUDGET, enterprise="e03"), others, Basis.CALORIFIC) is None


def test_of_two_budgets_the_one_further_ahead_is_said_and_an_unknown_one_hides_nothing() -> None:
    energy, carbon = progress(BUDGET, used(600.0), 0.5), progress(replace(BUDGET, kind=Kind.CARBON), used(550.0), 0.5)
    unknown = progress(replace(BUDGET, kind=Kind.CARBON), None, 0.5)
    assert paces([carbon, energy]) == {"e01": pytest.approx(1.2)}
    assert paces([unknown, energy]) == {"e01": pytest.approx(1.2)}
    assert paces([unknown]) == {}


MISTAKES = [
    ("a whole number", Decimal(1_500), "e01", ""),
    ("taken back", None, "e01", ""),
    ("nothing at all is no budget", Decimal(0), "e01", "items[0].amount"),
    ("below nothing", Decimal(-1), "e01", "items[0].amount"),
    ("too many decimals", Decimal("1.0005"), "e01", "items[0].amount"),
    ("too large", Decimal(10) ** 12, "e01", "items[0].amount"),
    ("nobody", Decimal(1), "e10", "items[0].enterprise"),
]


@pytest.mark.parametrize(("sentence", "amount", "enterprise", "path"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_what_may_be_entered(sentence: str, amount: Decimal | None, enterprise: str, path: str) -> None:
    notes = Notes({})
    check(notes, "items[0]", replace(BUDGET, amount=amount, enterprise=enterprise), {"e01", "e02"})
    assert "".join(mistake.path for mistake in notes.mistakes) == path, sentence
    assert all(mistake.zh and mistake.en for mistake in notes.mistakes)
