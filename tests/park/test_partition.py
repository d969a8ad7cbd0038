"""A partition is read from what a person writes, and names one session for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.partition import Key, Partition, collector_name, read, subscriptions
from park.place import IDENTIFIER

ids = st.lists(st.from_regex(IDENTIFIER, fullmatch=True), min_size=1, max_size=20)


@given(st.sampled_from(Key), ids)
def test_what_is_written_is_read_again_whatever_the_order_and_however_often_an_id_stands(
    key: Key, names: list[str]
) -> None:
    partition = read(f"{key}={','.join([*names, *reversed(names)])}")
    assert partition.ids == tuple(sorted(set(names)))
    assert read(str(partition)) == partition


@pytest.mark.parametrize(
    "text",
    ["", "park", "park=", "e01", "meter=m1", "park=A", "park=a/b", "park=+", "enterprise=e01,,e02", "park=a\nb"],
)
def test_what_cannot_be_a_partition_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="enterprise=e01,e02"):
        read(text)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        (None, ["p/+/+/+/data", "p/+/+/+/backfill"]),
        ("park=a,b", ["p/a/+/+/data", "p/a/+/+/backfill", "p/b/+/+/data", "p/b/+/+/backfill"]),
        ("enterprise=e1", ["p/+/e1/+/data", "p/+/e1/+/backfill"]),
    ],
)
def test_a_collector_subscribes_to_just_its_part(text: str | None, filters: list[str]) -> None:
    assert subscriptions(read(text) if text else None, "p") == filters


@given(st.sampled_from(Key), ids, st.sampled_from(Key), ids)
def test_two_collectors_have_one_name_only_if_they_take_the_same(
    key: Key, names: list[str], other_key: Key, others: list[str]
) -> None:
    one, other = (Partition(k, tuple(sorted(set(n)))) for k, n in ((key, names), (other_key, others)))
    assert (collector_name(one) == collector_name(other)) == (one == other)
    assert collector_name(one) != collector_name(None)
    assert len(collector_name(one)) <= 128
    assert not IDENTIFIER.fullmatch(collector_name(one))
