"""What the registry may say of a meter that speaks JSON, and every way to say it wrong."""

import pytest

from park.decode import DIALECTS
from tests.park.meters import mistakes, registered


@pytest.mark.parametrize(
    ("codec", "place", "words"),
    [
        ({}, "", "Write a map"),
        ({"map": "tasmot"}, ".map", "did you mean tasmota?"),
        ({"map": "zigbee2mqtt", "field": {}}, ".field", "did you mean fields?"),
        ({"fields": {"a..b": "p"}}, ".fields.a..b", "is not understood"),
        ({"fields": {"P": "pp"}}, ".fields.P", "not among this meter's metrics"),
        ({"fields": {"P": {"metric": "p", "unit": "m³"}}}, ".fields.P.unit", "does not convert"),
        ({"fields": {"P": {"metric": "p", "factor": 0}}}, ".fields.P.factor", "other than 0"),
        ({"fields": {"P": {"metric": "p", "factor": "1"}}}, ".fields.P.factor", "must be a number"),
        ({"fields": {"P": {"metric": "p", "quoted": "yes"}}}, ".fields.P.quoted", "true or false"),
        ({"fields": {"P": {"metric": "p", "words": {"ON": "1"}}}}, ".fields.P.words.ON", "must be a number"),
        ({"fields": {"P": {"unit": "W"}}}, ".fields.P.metric", "missing"),
        ({"fields": {"P": "p", "Q": "p"}}, ".fields.Q", "a metric has one path"),
        ({"fields": {"P": "p"}, "each": "a..b"}, ".each", "is not understood"),
        ({"fields": {"P": "p"}, "where": {"dev": None}}, ".where.dev", None),
        ({"fields": {"P": "p"}, "form": "s"}, ".form", "Nothing says where the time is"),
        ({"fields": {"P": "p"}, "time": "t", "form": "sec"}, ".form", "none of the choices"),
        ({"fields": {"P": "p"}, "time": "t", "form": "local"}, ".form", "Local time needs its zone"),
        ({"fields": {"P": "p"}, "time": "t", "zone": "Asia/Shanghai"}, ".zone", "belongs to local time"),
        ({"map": "tasmota", "zone": "Asia/Xian"}, ".zone", "no time zone"),
        ({"map": "tasmota", "channel": -1}, ".channel", "whole number"),
        ({"map": "zigbee2mqtt", "channel": 1}, ".channel", "have channels"),
        ({"map": "tasmota", "topic": "#"}, ".topic", "first level"),
        ({"map": "tasmota", "topic": ["a/b", "a/#/c"]}, ".topic[1]", "cannot be used"),
        ({"map": "tasmota", "topic": []}, ".topic", "At least one"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_options_is_named_with_its_place(
    codec: dict[str, object], place: str, words: str | None
) -> None:
    found = mistakes({"json": codec})
    if words is None:  # null is no option at all: the registry's own form refuses it
        assert [mistake.path for mistake in found] == ["meters[0].codec.json"]
        return
    assert [mistake.path for mistake in found] == [f"meters[0].codec.json{place}"]
    assert words in found[0].en
    assert found[0].zh


def test_a_map_that_has_nothing_of_the_meter_is_a_mistake() -> None:
    [mistake] = mistakes({"json": {"map": "tasmota"}}, medium="water", metrics=["volume"])
    assert mistake.path == "meters[0].codec.json.map"


def test_the_topics_are_those_of_the_options() -> None:
    topics = DIALECTS["json"].topics
    assert topics(registered({"json": {"map": "tasmota"}})) == ()
    assert topics(registered({"json": {"map": "tasmota", "topic": "a/b"}})) == ("a/b",)
    assert topics(registered({"json": {"map": "tasmota", "topic": ["a/b", "c/+"]}})) == ("a/b", "c/+")
