"""The native codec's laws: writing and reading are inverse, and any bytes are claims or a refusal."""

import json
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import decode
from park.decode.native import encode
from park.instant import from_ms
from park.malformed import Malformed
from park.quality import Quality
from park.reading import Claim, Reading
from park.reason import Reason
from tests.park import payloads
from tests.park.payloads import CONTEXT, METER, almost, claims, malformed, mutations
from tests.park.test_native import AT, refusal, said


@given(claims, st.one_of(st.none(), st.integers(0, 2**63)))
def test_what_is_written_is_read(written: list[Claim], seq: int | None) -> None:
    read = decode(encode(written, seq=seq), CONTEXT)
    assert sorted(read, key=repr) == sorted(written, key=repr)


@given(claims)
def test_readings_are_written_as_their_claims_without_units(written: list[Claim]) -> None:
    readings = [Reading(claim.meter, claim.metric, claim.value, claim.at, claim.quality) for claim in written]
    bare = [Claim(claim.meter, claim.metric, claim.value, claim.at, claim.quality) for claim in written]
    assert encode(readings) == encode(bare)


@given(claims)
def test_records_stand_in_the_order_of_their_first_reading(written: list[Claim]) -> None:
    order = [claim.at for claim in decode(encode(written), CONTEXT)]
    firsts = list(dict.fromkeys(claim.at for claim in written))
    assert all(firsts.index(one) <= firsts.index(other) for one, other in pairwise(order))


def test_of_two_readings_of_one_identity_the_later_is_written() -> None:
    worse, better = said("p", 1.0, quality=Quality.FAULT), said("p", 2.0)
    assert decode(encode([worse, better]), CONTEXT) == [better]


def test_readings_within_one_millisecond_share_a_record() -> None:
    later = AT + timedelta(microseconds=1)
    assert decode(encode([said("p", 1.0), said("q", 2.0, at=later)]), CONTEXT) == [said("p", 1.0), said("q", 2.0)]


@pytest.mark.parametrize(
    ("sentence", "readings"),
    [
        ("nothing to say",               []),
        ("a value that is no number",    [said("p", float("nan"))]),
        ("a value without end",          [said("p", float("-inf"))]),
        ("a quality that has no name",   [said("p", 1.0, quality=512)]),
        ("more than a thousand instants", [said("p", 1.0, at=from_ms(number)) for number in range(1_001)]),
    ],
)  # fmt: skip
def test_what_no_message_can_carry_is_not_written(sentence: str, readings: list[Claim]) -> None:
    try:
        encoded = encode(readings)
    except ValueError:
        return
    pytest.fail(f"{sentence}: {encoded[:80]!r}")


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")), almost)
)
def test_any_bytes_are_claims_or_malformed(payload: bytes) -> None:
    with suppress(Malformed):
        for claim in decode(payload, CONTEXT):
            assert claim.meter == METER
            assert claim.at.tzinfo is not None


@given(almost)
def test_no_key_is_lost_without_a_word(payload: bytes) -> None:
    with suppress(Malformed):
        claimed = decode(payload, CONTEXT)
        message = json.loads(payload)
        told = message.get("r") or [message]
        spoken = sum(
            (value["v"] if isinstance(value, dict) else value) is not None
            for record in told
            for value in record["m"].values()
        )
        assert len(claimed) == spoken


@given(st.integers(0, 2**32))
def test_mutated_real_payloads_are_claims_or_malformed(seed: int) -> None:
    for payload in mutations(seed, 200):
        answer = refusal(payload)
        assert isinstance(answer, (Reason, list)), payload[:200]


def test_a_repeated_key_is_refused_wherever_it_stands() -> None:
    for payload, keys in payloads.KEYS.items():
        for key, end in keys:
            twice = payload[:end] + b'null,"' + key + b'":' + payload[end:]
            assert refusal(twice) is not None
            assert not isinstance(refusal(twice), list), twice


def test_malformed_payloads_are_all_refused_and_the_same_each_time() -> None:
    first = list(malformed(7, 3_000))
    assert len(first) == 3_000
    assert first == list(malformed(7, 3_000))
    assert first != list(malformed(8, 3_000))
    reasons = [refusal(payload) for payload in first]
    assert all(isinstance(reason, Reason) for reason in reasons)
    wanted = {Reason.NOT_JSON, Reason.WRONG_FORM, Reason.EMPTY, Reason.METRIC_TWICE}
    assert wanted | {Reason.TIME_FORM, Reason.UNKNOWN_QUALITY} <= set(reasons)
    assert len(set(first)) > 2_000
