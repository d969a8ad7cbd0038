"""What is known of an enterprise over a term: its months by their own factors, entries where they were entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from park.activity import Activity
from park.amount import Status
from park.consumption import Part
from park.coverage import NOTHING, WHOLE, Coverage
from park.factor import Basis
from park.factor_book import FactorBook
from park.figure import Kind
from park.place import Enterprise
from park.sources import Key, Known, Mass, Sources
from park.statement import Statement
from park.tally import Tally
from park.term import Term, read

E01 = Enterprise("e01", "hk", "甲", "A", "1392")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
Q1 = read("2024-Q1")
MONTHS = tuple(Q1.months())
KWH_TCE = 0.1229 / 1000


@dataclass(frozen=True)
class Line:
    """What an enterprise's meter counted in a month."""

    amount: float | None
    coverage: Coverage = WHOLE
    carrier: str = "electricity"
    unit: str = "kWh"
    enterprise: str = "e01"

    @property
    def parts(self) -> Sequence[Part]:
        return (Part("e01-main", self.carrier, 1, self.amount, self.coverage),)


def tally(
    consumed: dict[Term, Line],
    *,
    activities: Sequence[Activity] = (),
    statements: Sequence[Statement] = (),
    now: datetime = NOW,
    waiting: frozenset[int] = frozenset(),
    masses: dict[int, dict[str, list[Mass]]] | None = None,
) -> Tally:
    return Tally(
        Sources(
            now=now,
            book=FactorBook(),
            consumed={term.last: {"e01": [line]} for term, line in consumed.items()},
            activities={"e01": activities},
            statements={"e01": statements},
            waiting={"e01": waiting},
            masses=masses or {},
        )
    )


def known(made: Tally, name: str, term: Term = Q1, basis: Basis | None = None) -> Known:
    key: Key = (name, basis)
    return made.of(E01, term)[key]


def bought(term: str, tonnes: str) -> Activity:
    return Activity("e01", read(term), "diesel", Decimal(tonnes), "t", "发票 17", revision=1)


EACH = {term: Line(1_000.0) for term in MONTHS}


def test_a_quarter_is_the_sum_of_its_months() -> None:
    made = tally(EACH)
    assert known(made, "energy", basis=Basis.CALORIFIC).value == pytest.approx(3_000 * KWH_TCE)
    assert known(made, "electricity").value == 3_000.0
    (item,) = known(made, "energy", basis=Basis.CALORIFIC).items
    assert (item.kind, item.amount) == (Kind.CARRIER, 3_000.0)
    assert [(meter.meter, meter.amount) for meter in item.meters] == [("e01-main", 3_000.0)]


def test_each_month_of_a_year_goes_by_the_factors_of_its_own_year() -> None:
    """Twelve months to March 2023: nine by the grid of 2022, three by that of 2023."""
    rolling = read("2023-03/r12")
    made = tally({term: Line(1_000.0) for term in rolling.months()})
    assert known(made, "co2", rolling).value == pytest.approx(9 * 0.6558 + 3 * 0.6335)


def test_a_month_of_which_nothing_is_known_lowers_the_coverage_and_is_not_zero() -> None:
    made = tally(EACH | {MONTHS[1]: Line(None, NOTHING)})
    one = known(made, "energy", basis=Basis.CALORIFIC)
    assert one.value == pytest.approx(2_000 * KWH_TCE)
    assert one.coverage.measured == pytest.approx(62 / 91)
    assert not one.settled


def test_a_month_without_a_line_counts_as_missing_as_well() -> None:
    one = known(tally({MONTHS[0]: Line(1_000.0)}), "energy", basis=Basis.CALORIFIC)
    assert one.coverage.measured == pytest.approx(31 / 91)


def test_a_carrier_of_which_nothing_is_known_leaves_no_total_and_says_why() -> None:
    one = known(tally({term: Line(None, NOTHING) for term in MONTHS}), "energy", basis=Basis.CALORIFIC)
    assert one.value is None
    assert one.why is not None
    assert one.why.key == "gap:electricity"


def test_fuel_entered_by_the_month_is_added_to_what_was_metered() -> None:
    made = tally(EACH, activities=[bought(str(term), "2") for term in MONTHS])
    one = known(made, "energy", basis=Basis.CALORIFIC)
    assert one.value == pytest.approx(3_000 * KWH_TCE + 6 * 1.4571)
    fuel = next(item for item in one.items if item.kind is Kind.ENTRY)
    assert (fuel.key, fuel.amount, fuel.note) == ("diesel", 6.0, "2024-01, 2024-02, 2024-03")


def test_fuel_entered_for_a_quarter_counts_there_and_in_none_of_its_months() -> None:
    made = tally(EACH, activities=[bought("2024-Q1", "6")])
    assert known(made, "energy", basis=Basis.CALORIFIC).value == pytest.approx(3_000 * KWH_TCE + 6 * 1.4571)
    month = known(made, "energy", MONTHS[0], basis=Basis.CALORIFIC)
    assert month.value is None
    assert month.why is not None
    assert month.why.key == "gap:diesel"


def test_fuel_that_somebody_stopped_entering_is_a_gap_until_a_zero_says_otherwise() -> None:
    made = tally(EACH, activities=[bought("2024-01", "2")])
    assert known(made, "energy", MONTHS[1], basis=Basis.CALORIFIC).value is None
    made = tally(EACH, activities=[bought("2024-01", "2"), bought("2024-02", "0")])
    assert known(made, "energy", MONTHS[2], basis=Basis.CALORIFIC).value == pytest.approx(1_000 * KWH_TCE)


def test_an_enterprise_with_nothing_has_no_energy_and_is_told_what_to_do() -> None:
    made = tally({})
    one = known(made, "energy", basis=Basis.EQUIVALENT)
    assert one.value is None
    assert one.why is not None
    assert "登记" in one.why.zh
    assert ("electricity", None) not in made.of(E01, Q1)


def test_what_waits_for_review_or_was_measured_too_little_is_not_settled() -> None:
    def settled(made: Tally) -> bool:
        return known(made, "energy", basis=Basis.CALORIFIC).settled

    assert settled(tally(EACH))
    assert not settled(tally(EACH, waiting=frozenset({MONTHS[1].last})))
    assert settled(tally(EACH, waiting=frozenset({MONTHS[2].last + 1})))
    assert not settled(tally({term: Line(1_000.0, Coverage(0.9, 0.1)) for term in MONTHS}))


def test_a_running_quarter_is_measured_by_the_time_that_passed() -> None:
    now = datetime(2024, 2, 1, tzinfo=UTC)
    one = known(tally({MONTHS[0]: Line(1_000.0), MONTHS[1]: Line(0.0)}, now=now), "energy", basis=Basis.CALORIFIC)
    assert one.value == pytest.approx(1_000 * KWH_TCE)
    assert one.coverage == WHOLE


def test_value_added_comes_from_statements_with_its_revision_and_is_never_spread() -> None:
    stated = Statement("e01", Q1, Status.VERIFIED, {"value_added": Decimal("300.5")}, revision=2)
    made = tally(EACH, statements=[stated])
    one = known(made, "value_added")
    assert (one.value, one.settled, one.items[0].revision) == (300.5, True, 2)
    month = known(made, "value_added", MONTHS[0])
    assert month.value is None
    assert month.why is not None
    assert "2024-Q1" in month.why.zh


def test_statements_that_contradict_each_other_are_told_and_settle_nothing() -> None:
    stated = [Statement("e01", Q1, Status.VERIFIED, {"value_added": Decimal(300)}, revision=1)] + [
        Statement("e01", term, Status.VERIFIED, {"value_added": Decimal(90)}, revision=1) for term in MONTHS
    ]
    one = known(tally(EACH, statements=stated), "value_added")
    assert (one.value, one.settled) == (300.0, False)
    (note,) = one.notes
    assert "270" in note.zh


def test_masses_of_outlets_are_added_up_in_tonnes_and_a_silent_outlet_lowers_the_coverage() -> None:
    month = MONTHS[0]
    masses = {month.last: {"e01": [Mass("so2", "a", 1_500.0, WHOLE), Mass("so2", "b", None, NOTHING)]}}
    one = known(tally(EACH, masses=masses), "so2", month)
    assert (one.value, one.unit, one.coverage) == (1.5, "t", Coverage(0.5))


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_entries_changes_nothing(order: int) -> None:
    entries = [bought(str(term), str(place + 1)) for place, term in enumerate(MONTHS)]
    made = tally(EACH, activities=entries[::order])
    assert known(made, "co2").value == known(tally(EACH, activities=entries), "co2").value
