"""How well a meter was heard: what is not known stays None, and a rich day makes up for no poor one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.coverage import NOTHING, Coverage
from park.meter_quality import MeterQuality, days_of, of_enterprise, worst_first
from park.metric import Medium
from park.place import Meter, Role

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
EDGES = [START, START + DAY, START + 2 * DAY]
METER = Meter("m1", "e01", "hk", Medium.ELECTRICITY, Role.BOUNDARY, "表", timedelta(hours=1), ("ep_imp",))


def heard(*counts: float, known: dict[datetime, Coverage] | None = None, edges: list[datetime] = EDGES) -> MeterQuality:
    return MeterQuality(METER, days_of(METER, edges, known, dict(zip(edges, counts, strict=False)) if counts else None))


@pytest.mark.parametrize(
    ("counts", "rate"),
    [((24, 24), 1.0), ((24, 12), 0.75), ((48, 12), 0.75), ((24,), 0.5), ((0, 0), 0.0), ((), None)],
    ids=["all came", "half a day is missing", "twice as many make up for nothing", "a day without any", "none came",
         "nobody counted"],
)  # fmt: skip
def test_the_collection_rate_is_what_came_of_what_should_have(counts: tuple[float, ...], rate: float | None) -> None:
    assert heard(*counts).rate == rate


def test_a_day_the_accounts_know_nothing_of_is_missing_and_what_counts_nothing_has_no_shares() -> None:
    one = heard(known={START: Coverage(0.5, 0.25)})
    assert [day.coverage for day in one.days] == [Coverage(0.5, 0.25), NOTHING]
    assert one.coverage == Coverage(0.25, 0.125)
    assert (one.received, one.missing) == (None, 0.625)
    assert (heard().coverage, heard().missing) == (None, None)
    assert (heard(24, 6).missing, heard(24, 6).days[1].missing) == (0.375, 0.75), "told by its readings"


def test_a_day_that_is_not_over_counts_for_as_long_as_it_is() -> None:
    one = heard(24, 6, edges=[START, START + DAY, START + DAY + timedelta(hours=6)])
    assert (one.expected, one.rate) == (30.0, 1.0)


def test_of_no_time_nothing_is_said() -> None:
    none = heard(1, known={}, edges=[START])
    assert (none.days, none.coverage, none.rate, none.missing) == ((), None, None, None)


def test_the_worst_come_first_and_the_unknown_last() -> None:
    bad, good, unknown = heard(0, 0), heard(24, 24), heard()
    assert worst_first([unknown, good, bad]) == [bad, good, unknown]


def test_an_enterprise_is_its_meters_that_count_with_one_weight_each() -> None:
    whole = heard(known={START: Coverage(1.0), START + DAY: Coverage(1.0)})
    assert of_enterprise([whole, heard(known={}), heard(3)]) == Coverage(0.5)
    assert of_enterprise([heard(3)]) is None


@given(st.lists(st.floats(0, 1_000), min_size=1, max_size=2))
def test_a_rate_is_always_a_share(counts: list[float]) -> None:
    rate = heard(*counts).rate
    assert rate is not None
    assert 0 <= rate <= 1
