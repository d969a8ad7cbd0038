"""Topic filters find and overlap as MQTT says, however many there are."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.topic_filter import Filters, covering, is_filter

LEVELS = ("a", "b", "")
TOPICS = ["/".join(levels) for length in (1, 2, 3, 4) for levels in product(LEVELS, repeat=length)]
levels = st.lists(st.sampled_from([*LEVELS, "+"]), min_size=1, max_size=3)
patterns = st.builds(lambda begun, rest: "/".join([*begun, "#"] if rest else begun), levels, st.booleans()) | st.just(
    "#"
)


def catches(pattern: str, topic: str) -> bool:
    """Tell whether a filter catches a topic, as MQTT says."""
    wanted, given = pattern.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted, given = wanted[:-1], given[: len(wanted) - 1]
    return len(wanted) == len(given) and all(w in {"+", g} for w, g in zip(wanted, given, strict=True))


def of(pattern: str) -> Filters[str]:
    """Know one filter."""
    filters: Filters[str] = Filters()
    filters.put(pattern, pattern)
    return filters


@given(st.lists(patterns, max_size=6, unique=True), st.sampled_from(TOPICS))
def test_a_topic_finds_what_stands_under_every_filter_that_catches_it(known: list[str], topic: str) -> None:
    filters: Filters[str] = Filters()
    for pattern in known:
        filters.put(pattern, pattern)
    assert sorted(filters.find(topic)) == sorted(pattern for pattern in known if catches(pattern, topic))


@given(patterns, patterns)
def test_two_filters_overlap_where_there_is_a_topic_that_both_catch(one: str, other: str) -> None:
    shared = any(catches(one, topic) and catches(other, topic) for topic in TOPICS)
    assert bool(of(one).overlapping(other)) == shared
    assert bool(of(other).overlapping(one)) == shared


@given(patterns, patterns)
def test_a_filter_found_by_another_catches_all_that_one_does(one: str, other: str) -> None:
    if of(one).find(other):
        assert all(catches(one, topic) for topic in TOPICS if catches(other, topic))


@given(st.lists(patterns, max_size=6))
def test_what_is_left_of_filters_catches_what_all_did(known: list[str]) -> None:
    left = covering(known)
    for topic in TOPICS:
        assert any(catches(p, topic) for p in left) == any(catches(p, topic) for p in known)


def test_the_narrower_of_two_is_left_out() -> None:
    assert covering(["hj212/1", "tele/x", "hj212/+", "tele/x"]) == ("tele/x", "hj212/+")


@pytest.mark.parametrize("pattern", ["#", "+/broker", "+/#"])
def test_a_wildcard_in_front_does_not_catch_what_the_broker_says_of_itself(pattern: str) -> None:
    assert of(pattern).find("$SYS/broker") == []
    assert of("$SYS/#").find("$SYS/broker") == ["$SYS/#"]


@pytest.mark.parametrize("text", ["a", "+", "#", "a/+/b", "a/#", "/a", "a//b", "+/#", "园区/表"])
def test_a_filter_is_one(text: str) -> None:
    assert is_filter(text)


@pytest.mark.parametrize("text", ["", "a#", "a+/b", "#/a", "a/#/b", "a\0b", "a\nb", "x" * 1_025, "a/b#"])
def test_what_a_broker_would_refuse_is_no_filter(text: str) -> None:
    assert not is_filter(text)
