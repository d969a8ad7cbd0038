"""What a message comes to: readings, a refusal with its reason, or both; and no message costs another."""

from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.intake import SUBJECTS, take_in
from collector.message import Message, pack, unpack_messages
from park import decode
from park.decode import MAX_BYTES
from park.listener import Listener
from park.reason import Reason
from park.topic import PREFIX
from tests.collector.words import M1, RECEIVED, REGISTRY, message, payload
from tests.park.examples import meter, registry
from tests.park.payloads import almost


def listener(prefix: str = PREFIX) -> Listener:
    return Listener(REGISTRY, prefix)


TOPICS = "park/v1/hengkou/e01/{}"
LATE = b'{"v":1,"ts":915148800000,"m":{"p":1}}'

ROWS: dict[str, tuple[str, bytes, list[float], Reason | None, str]] = {
    "a good message": (M1, payload(p=1.5), [1.5], None, ""),
    "history on its own channel": (TOPICS.format("m1/backfill"), payload(p=1.5), [1.5], None, ""),
    "a topic of another form": ("park/v1/hengkou", payload(p=1), [], Reason.TOPIC, "park/v1/hengkou"),
    "a topic under another prefix": ("else/v1/hengkou/e01/m1/data", payload(p=1), [], Reason.UNKNOWN_SENDER, "else/"),
    "a meter nobody registered": (TOPICS.format("new/data"), payload(p=1), [], Reason.UNKNOWN_METER, "new"),
    "a meter of another enterprise": ("park/v1/hengkou/e02/m1/data", payload(p=1), [], Reason.WRONG_PLACE, "e02/m1"),
    "bytes that are no JSON": (M1, b"\x00", [], Reason.NOT_JSON, ""),
    "JSON of another form": (M1, b'{"v":2,"m":{"p":1}}', [], Reason.WRONG_FORM, "v"),
    "nothing at all": (M1, b"", [], Reason.NOT_JSON, ""),
    "too much": (M1, b" " * (MAX_BYTES + 1), [], Reason.TOO_LARGE, "B"),
    "a metric that is not in the table": (M1, payload(power=1.0), [], Reason.UNKNOWN_METRIC, "power"),
    "one good value and one unknown": (M1, payload(p=1.5, power=2.0), [1.5], Reason.UNKNOWN_METRIC, "power"),
    "one good value and two unknown": (M1, payload(p=1.5, a=1.0, b=2.0), [1.5], Reason.UNKNOWN_METRIC, "a; b"),
    "a time before meters were": (M1, LATE, [], Reason.TOO_OLD, "1999"),
    "a value beyond its scale": (M1, payload(p=1e12), [1e12], None, ""),
}


@pytest.mark.parametrize(("topic", "said", "values", "reason", "subject"), ROWS.values(), ids=ROWS.keys())
def test_each_message(topic: str, said: bytes, values: list[float], reason: Reason | None, subject: str) -> None:
    sent = Message(topic, said, RECEIVED)
    readings, refused = take_in([sent], listener())
    assert [reading.value for reading in readings] == values
    assert [one.reason for one in refused] == ([reason] if reason else [])
    for one in refused:
        assert one.message is sent  # whole, as it came, also where a part of it was let in
        assert subject in one.subject


def test_a_codec_that_the_registry_names_and_nobody_wrote_is_refused() -> None:
    odd = meter("odd")
    object.__setattr__(odd, "codec", "telepathy")
    _, [one] = take_in([message(meter="odd")], Listener(registry(odd)))
    assert (one.reason, one.subject) == (Reason.UNKNOWN_CODEC, "telepathy")


def test_a_defect_of_ours_costs_one_message_and_is_held_under_its_own_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_payload: bytes, _context: decode.Context) -> NoReturn:
        raise ZeroDivisionError("x" * 1_000)

    odd = meter("odd")
    object.__setattr__(odd, "codec", "broken")
    monkeypatch.setitem(decode.DIALECTS, "broken", decode.Dialect("broken", "坏", "Broken", broken))
    readings, [one] = take_in([message(1), message(2, meter="odd"), message(3)], Listener(registry(meter(), odd)))
    assert [reading.value for reading in readings] == [1, 3]
    assert (one.meter, one.reason) == ("odd", Reason.DEFECT)
    assert one.subject.startswith("ZeroDivisionError: xxx")
    assert len(one.subject) <= SUBJECTS


def test_another_prefix_is_another_installation() -> None:
    sent = Message("plant/hengkou/e01/m1/data", payload(p=1.5), RECEIVED)
    assert len(take_in([sent], listener("plant")).readings) == 1
    assert take_in([sent], listener()).refused[0].reason is Reason.UNKNOWN_SENDER


@given(topic=st.one_of(st.just(M1), st.text(max_size=60)), said=st.one_of(st.binary(max_size=80), almost))
def test_whatever_comes_every_message_ends_as_readings_or_as_a_refusal(topic: str, said: bytes) -> None:
    readings, refused = take_in([Message(topic, said, RECEIVED)], listener())
    assert all(one.reason is not Reason.DEFECT for one in refused)
    assert len(refused) <= 1
    if not readings and not refused:
        assert b"null" in said  # the message itself says that there is no value


@given(
    st.lists(
        st.builds(
            Message, st.text(st.characters(exclude_categories=["Cs"])), st.binary(), st.integers(0, 4_102_444_800_000)
        )
    )
)
def test_what_is_packed_comes_out_again(messages: list[Message]) -> None:
    assert unpack_messages(pack(messages)) == messages
