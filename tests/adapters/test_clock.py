"""The clock gives aware UTC, and does not run backwards between two looks."""

from datetime import UTC

from adapters import clock


def test_now_is_aware_and_utc() -> None:
    first, second = clock.now(), clock.now()
    assert first.tzinfo is second.tzinfo is UTC
    assert first <= second
