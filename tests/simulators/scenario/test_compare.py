"""What differs is told with its place; what is as it must be is not spoken of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from park.interval import SLOT_MS, Intervals
from simulators.scenario.actor import actors
from simulators.scenario.compare import Episode, Outcome, Suspected, compare
from simulators.scenario.model import Scenario
from tests.simulators.scenario.library import library

HOUR = timedelta(hours=1)


def perfect(scenario: Scenario) -> Outcome:
    """Make an outcome that is as the scenario's answer says."""
    golden = scenario.golden
    return Outcome(
        slots={(used.meter, "electricity"): slots(scenario, used.meter) for used in golden.used},
        found=[Suspected(one.meter, one.metric, one.kind.value, one.at, one.state) for one in golden.found],
        held={(one.meter, one.reason): one.messages for one in golden.held},
        episodes=[Episode(one.rule, one.meter, one.raised, one.cleared) for one in golden.burned],
        stored={(one.meter, one.metric): one.readings for one in golden.stored},
    )


def slots(scenario: Scenario, meter: str) -> Intervals:
    [actor] = [one for one in actors(scenario) if one.meter.id == meter]
    start = np.arange(actor.start, actor.end, SLOT_MS, dtype=np.int64)
    amount = np.array([actor.truth(begun, begun + SLOT_MS) for begun in start.tolist()])
    return Intervals(start, amount, np.ones(len(start)), np.zeros(len(start)))


def wheres(scenario: Scenario, outcome: Outcome) -> list[str]:
    return [one.where for one in compare(scenario, outcome)]


SPIKE, RESET, MALFORMED = library()["spike"], library()["reset"], library()["malformed"]


@pytest.mark.parametrize("scenario", [SPIKE, RESET, MALFORMED], ids=lambda one: one.id)
def test_a_perfect_outcome_has_no_difference(scenario: Scenario) -> None:
    assert compare(scenario, perfect(scenario)) == []


def test_nothing_at_all_differs_in_everything() -> None:
    assert wheres(RESET, Outcome()) == [
        "consumption re-main 00:00-24:00 amount",
        "consumption re-main 00:00-24:00 measured",
        "consumption re-main 00:00-24:00 missing",
        "found re-main ep_imp reset",
        "alert electricity-backwards re-main",
    ]


def test_what_moved_from_one_slot_to_another_is_seen_although_the_sum_is_right() -> None:
    whole = perfect(SPIKE)
    held = whole.slots["sp-main", "electricity"]
    amount = held.amount.copy()
    amount[40], amount[41] = amount[40] + 5, amount[41] - 5
    moved = replace(whole, slots={("sp-main", "electricity"): replace(held, amount=amount)})
    assert wheres(SPIKE, moved) == ["slot sp-main 10:00 (+1)"]


def later(outcome: Outcome) -> Outcome:
    return replace(outcome, episodes=[one._replace(raised=one.raised + HOUR) for one in outcome.episodes])


def again(outcome: Outcome) -> Outcome:
    return replace(outcome, episodes=[*outcome.episodes, *(one._replace(raised=20 * HOUR) for one in outcome.episodes)])


def burning(outcome: Outcome) -> Outcome:
    return replace(outcome, episodes=[one._replace(cleared=None) for one in outcome.episodes])


@pytest.mark.parametrize("change", [later, again, burning])
def test_an_alert_at_another_time_once_too_often_or_not_over_differs(change: Callable[[Outcome], Outcome]) -> None:
    assert wheres(RESET, change(perfect(RESET))) == ["alert electricity-backwards re-main"]


def test_an_alert_of_a_rule_that_is_not_in_force_here_is_another_scenarios() -> None:
    whole = perfect(SPIKE)
    assert compare(SPIKE, replace(whole, episodes=[Episode("smoke", "sp-main", HOUR, None)])) == []


def test_a_suspicion_too_many_or_in_another_state_differs() -> None:
    whole = perfect(RESET)
    more = Suspected("re-main", "ep_imp", "replacement", HOUR, "open")
    assert wheres(RESET, replace(whole, found=[*whole.found, more])) == ["found re-main ep_imp replacement"]
    still = [one._replace(state="open") for one in whole.found]
    [difference] = compare(RESET, replace(whole, found=still))
    assert (difference.expected, difference.actual) == ("14:00 decided", "14:00 open")


def test_a_message_held_for_another_reason_differs_twice() -> None:
    whole = perfect(MALFORMED)
    held = {**whole.held, ("mf-main", "empty"): 0, ("mf-main", "defect"): 6}
    assert wheres(MALFORMED, replace(whole, held=held)) == ["quarantine mf-main defect", "quarantine mf-main empty"]


def test_a_reading_lost_differs() -> None:
    whole = perfect(SPIKE)
    [difference] = compare(SPIKE, replace(whole, stored={("sp-main", "ep_imp"): 288}))
    assert difference == ("readings sp-main ep_imp", "289", "288")
