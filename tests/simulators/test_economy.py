"""What the invented enterprises report: whole months, the last one a flash estimate, one enterprise late."""

from datetime import UTC, datetime

import pytest

from park import own_factor
from park.activity import items
from park.amount import Status
from park.term import read
from simulators.demo import demo_registry
from simulators.economy import LAGGARD, PAST_MONTHS, demo_activities, demo_factors, demo_statements

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_every_enterprise_reports_every_whole_month_but_one_that_is_late() -> None:
    said = {statement.key for statement in demo_statements(1, NOW)}
    enterprises = [one.id for one in demo_registry().enterprises]
    assert len(said) == PAST_MONTHS * len(enterprises) - 1
    assert (LAGGARD, read("2026-10")) not in said
    assert max(term for _, term in said) == read("2026-10")


def test_only_the_newest_month_is_a_flash_estimate() -> None:
    flash = {one.term for one in demo_statements(1, NOW) if one.status is Status.FLASH}
    assert flash == {read("2026-10")}


@pytest.mark.parametrize("statement", demo_statements(1, NOW)[::37], ids=lambda one: f"{one.enterprise} {one.term}")
def test_value_added_is_a_part_of_output(statement: object) -> None:
    values = statement.values  # type: ignore[attr-defined]  # a statement
    assert 0 < values["value_added"] < values["output"]
    assert values["tax"] < values["revenue"]


def test_the_same_park_reports_the_same_again() -> None:
    assert demo_statements(1, NOW) == demo_statements(1, NOW)
    assert demo_statements(2, NOW) != demo_statements(1, NOW)


def test_what_is_entered_is_what_can_be_entered_by_enterprises_that_are_there() -> None:
    said = demo_activities(1, NOW)
    assert {one.item for one in said} <= items().keys()
    assert {one.enterprise for one in said} <= set(demo_registry().by_enterprise)
    assert all(one.amount and one.amount > 0 and one.evidence for one in said)


@pytest.mark.parametrize("document", demo_factors("hengkou"), ids=lambda one: one["key"])
def test_the_parks_own_factors_are_sound(document: dict[str, object]) -> None:
    factor, value = own_factor.read(document, today=NOW.date())
    assert value > 0
    assert factor.source
