"""Topics: what is one, what is none, and that writing and reading are inverse."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.malformed import Malformed
from park.place import IDENTIFIER
from park.reason import Reason
from park.topic import PREFIX, Address, Channel, build, parse, subscription

GOOD = Address("hengkou", "e01", "e01-main", Channel.DATA)
ids = st.from_regex(IDENTIFIER, fullmatch=True)
addresses = st.builds(Address, ids, ids, ids, st.sampled_from(Channel))


@given(addresses, st.sampled_from([PREFIX, "cn/shaanxi/ankang", "v1"]))
def test_a_topic_reads_as_the_address_it_was_written_for(address: Address, prefix: str) -> None:
    assert parse(build(address, prefix), prefix) == address


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_a_topic(channel: Channel) -> None:
    assert parse(f"park/v1/hengkou/e01/e01-main/{channel}").channel is channel


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("nothing at all",                  ""),
        ("the prefix alone",                "park/v1"),
        ("the prefix and a slash",          "park/v1/"),
        ("another version",                 "park/v2/hengkou/e01/m1/data"),
        ("something before the prefix",     "x/park/v1/hengkou/e01/m1/data"),
        ("the prefix twice",                "park/v1/park/v1/hengkou/e01/m1/data"),
        ("a leading slash",                 "/park/v1/hengkou/e01/m1/data"),
        ("a part too few",                  "park/v1/hengkou/m1/data"),
        ("a part too many",                 "park/v1/hengkou/e01/m1/data/x"),
        ("a trailing slash",                "park/v1/hengkou/e01/m1/data/"),
        ("an empty part",                   "park/v1/hengkou//m1/data"),
        ("an unknown channel",              "park/v1/hengkou/e01/m1/datum"),
        ("capital letters",                 "park/v1/hengkou/E01/m1/data"),
        ("a Chinese name",                  "park/v1/恒口/e01/m1/data"),
        ("a space",                         "park/v1/hengkou/e01/m 1/data"),
        ("a newline at the end",            "park/v1/hengkou/e01/m1/data\n"),
        ("a newline at an id's end",        "park/v1/hengkou/e01/m1\n/data"),
        ("a wildcard",                      "park/v1/hengkou/e01/+/data"),
        ("an id of 65 letters",             f"park/v1/hengkou/e01/{'m' * 65}/data"),
        ("an alert, which is ours to send", "park/v1/hengkou/e01/m1/alert/high"),
        ("no letters a log can print",      "park/v1/\x00\x1b[31m"),
    ],
)  # fmt: skip
def test_another_form_is_refused(sentence: str, topic: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(topic)
    assert refused.value.reason is Reason.TOPIC, sentence
    assert refused.value.subject.isprintable(), sentence


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    for topic in (text, f"{PREFIX}/{text}"):
        with suppress(Malformed):
            assert build(parse(topic)) == topic


@given(addresses)
def test_a_subscription_catches_its_channel_only(address: Address) -> None:
    def catches(pattern: str) -> bool:
        pairs = zip(pattern.split("/"), build(address).split("/"), strict=True)
        return all(one in ("+", other) for one, other in pairs)

    for channel in Channel:
        assert catches(subscription(channel)) is (channel is address.channel)
    assert catches(subscription(address.channel, park=address.park, enterprise=address.enterprise))
    assert not catches(subscription(address.channel, enterprise=f"{address.enterprise}x"))


def test_a_refused_topic_names_itself_but_never_at_full_length() -> None:
    with pytest.raises(Malformed) as refused:
        parse("x" * 65_000)
    assert refused.value.subject == "x" * 200


def test_topics_remembered_are_bounded() -> None:
    assert parse.cache_info().maxsize == 65_536
    before = parse.cache_info().currsize
    for number in range(1_000):
        with pytest.raises(Malformed):
            parse(f"no/topic/{number}")
    assert parse.cache_info().currsize == before


def test_the_address_of_a_topic_is_what_its_parts_say() -> None:
    assert parse("park/v1/hengkou/e01/e01-main/data") == GOOD
