"""While what was kept for us comes in, time stands still and nothing is late; but never for ever."""

from datetime import timedelta

from park.engine import LATE
from rules.backlog import DEAF, LONGEST, QUIET, STRAGGLERS, Backlog
from tests.rules.alert_house import SECOND, T0

HOUR = timedelta(hours=1)


def test_what_happened_while_we_were_away_is_not_late() -> None:
    backlog = Backlog(T0, T0 - HOUR)
    backlog.connected(T0)
    assert backlog.late(T0) == LATE + HOUR
    backlog.heard(T0 + SECOND, T0 - HOUR)
    assert backlog.behind(T0 + SECOND)
    assert backlog.stands(T0 + SECOND)


def test_the_first_reading_of_now_ends_it_and_stragglers_may_still_come() -> None:
    backlog = Backlog(T0, T0 - HOUR)
    backlog.connected(T0)
    backlog.heard(T0 + SECOND, T0)
    assert not backlog.stands(T0 + SECOND)
    assert backlog.late(T0 + SECOND) == LATE + HOUR
    assert backlog.late(T0 + SECOND + STRAGGLERS) is None


def test_a_broker_that_says_nothing_keeps_nothing_for_us() -> None:
    backlog = Backlog(T0, T0 - HOUR)
    backlog.connected(T0)
    assert backlog.stands(T0 + QUIET - SECOND)
    assert not backlog.stands(T0 + QUIET)


def test_an_endless_backlog_does_not_stop_time_for_ever() -> None:
    backlog = Backlog(T0, T0 - HOUR)
    backlog.connected(T0)
    now = T0
    while now < T0 + LONGEST:
        backlog.heard(now, now - HOUR)
        assert backlog.stands(now)
        now += SECOND
    assert not backlog.stands(now)


def test_without_a_broker_time_passes_after_a_while() -> None:
    backlog = Backlog(T0, None)
    assert backlog.stands(T0 + DEAF - SECOND)
    assert not backlog.stands(T0 + DEAF)


def test_a_lost_connection_counts_from_when_it_was_lost() -> None:
    backlog = Backlog(T0, None)
    backlog.connected(T0)
    assert backlog.late(T0 + QUIET) is None
    backlog.lost(T0 + HOUR)
    assert backlog.stands(T0 + HOUR + SECOND)
    backlog.connected(T0 + 3 * HOUR)
    assert backlog.late(T0 + 3 * HOUR) == LATE + 2 * HOUR
    backlog.lost(T0 + 3 * HOUR + SECOND)
    backlog.connected(T0 + 4 * HOUR)
    assert backlog.late(T0 + 4 * HOUR) == LATE + 3 * HOUR - SECOND, "what was not in yet is still to come"


def test_who_was_never_there_before_has_missed_nothing() -> None:
    backlog = Backlog(T0, None)
    backlog.connected(T0)
    assert backlog.late(T0) == LATE


def test_a_clock_that_was_set_back_makes_nobody_wait() -> None:
    backlog = Backlog(T0, T0 + HOUR)
    backlog.connected(T0)
    assert backlog.late(T0) == LATE
