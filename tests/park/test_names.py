"""A sender's own names, and the options of the codecs that have them: every mistake is named with its place."""

import pytest

from park.decode import DIALECTS
from park.decode.names import Named, check_filter, meaning
from park.registry_notes import Notes

METRICS = ("ep_imp", "p")


@pytest.mark.parametrize(
    ("sentence", "codec", "options"),
    [
        ("a device", "sparkplug", {"group": "hengkou", "node": "gw1", "device": "m7"}),
        ("a node itself", "sparkplug", {"group": "恒口", "node": "gw 1"}),
        ("names", "sparkplug", {"group": "g", "node": "n", "names": {"Meter/P": "p"}}),
        ("names with units", "sparkplug", {"group": "g", "node": "n", "names": {"P": {"metric": "p", "unit": "W"}}}),
        ("SenML on the contract's topic", "senml", {}),
        ("on a topic of its own", "senml", {"topic": "gw1/+/senml"}),
        ("on several", "senml", {"topic": ["gw1/a", "gw1/b/#"], "base": "urn:dev:m7/"}),
        ("a value and its sum", "senml", {"names": {"power": "p"}, "sums": {"power": "ep_imp"}}),
    ],
)
def test_sound_options(sentence: str, codec: str, options: dict[str, object]) -> None:
    assert mistakes(codec, options) == [], sentence


@pytest.mark.parametrize(
    ("codec", "options", "path", "words"),
    [
        ("sparkplug", {"node": "n"}, "group", "group is missing"),
        ("sparkplug", {"group": "g"}, "node", "node is missing"),
        ("sparkplug", {"group": "g", "node": 7}, "node", "put 7 in quotes"),
        ("sparkplug", {"group": "g/h", "node": "n"}, "group", "has no /, + or #"),
        ("sparkplug", {"group": "g", "node": "n", "device": "+"}, "device", "has no /, + or #"),
        ("sparkplug", {"group": "g", "node": "n", "devise": "d"}, "devise", "did you mean device"),
        ("sparkplug", {"group": "g", "node": "n", "names": "p"}, "names", "must be a mapping"),
        ("sparkplug", {"group": "g", "node": "n", "names": {}}, "names", "At least one name"),
        ("sparkplug", {"group": "g", "node": "n", "names": {"P": "pp"}}, "names.P", "did you mean p?"),
        ("sparkplug", {"group": "g", "node": "n", "names": {"P": 1}}, "names.P", "must be a mapping"),
        ("sparkplug", {"group": "g", "node": "n", "names": {"P": {"unit": "W"}}}, "names.P.metric", "missing"),
        ("sparkplug", {"group": "g", "node": "n", "names": {"P": {"metric": "u1"}}}, "names.P.metric", "not among"),
        ("sparkplug", {"group": "g", "node": "n", "names": {"P": {"metric": "p", "unit": "watts"}}}, "names.P.unit",
         "the unit of p is kW"),
        ("sparkplug", {"group": "g", "node": "n", "names": {"P": {"metric": "p", "unit": "m³"}}}, "names.P.unit",
         "does not convert to kW"),
        ("sparkplug", {"group": "g", "node": "n", "names": {"P": "p", "Q": "p"}}, "names.Q", "'P' already stands"),
        ("senml", {"topic": "+/senml"}, "topic", "first level"),
        ("senml", {"topic": ["gw1/senml", "gw#"]}, "topic[1]", "a level of their own"),
        ("senml", {"base": ""}, "base", "empty"),
        ("senml", {"name": {"p": "p"}}, "name", "did you mean names"),
        ("senml", {"names": {"power": "p"}, "sums": {"power": "p"}}, "sums.power", "already stands for p"),
    ],
)  # fmt: skip
def test_each_mistake_in_options_is_named_with_its_place(
    codec: str, options: dict[str, object], path: str, words: str
) -> None:
    [(place, en, zh)] = mistakes(codec, options)
    assert place == f"codec.{codec}.{path}"
    assert words in en
    assert zh


def test_all_mistakes_are_named_at_once() -> None:
    options = {"group": "g+", "node": "", "names": {"P": "pp", "Q": {"metric": "p", "unit": "x"}}, "x": 1}
    found = [place.removeprefix("codec.sparkplug.") for place, _, _ in mistakes("sparkplug", options)]
    assert sorted(found) == ["group", "names.P", "names.Q.unit", "node", "x"]


def mistakes(codec: str, options: dict[str, object]) -> list[tuple[str, str, str]]:
    """Name the mistakes in the options of a meter that measures energy and power."""
    notes = Notes({})
    DIALECTS[codec].check(notes, f"codec.{codec}", options, METRICS)
    return [(mistake.path, mistake.en, mistake.zh) for mistake in notes.mistakes]


def test_a_name_stands_for_a_metric_in_a_unit_or_for_nothing() -> None:
    names = {"P": "p", "E": {"metric": "ep_imp", "unit": "Wh"}, "F": {"metric": "f"}}
    assert [meaning(names, name) for name in ("P", "E", "F", "G")] == [
        Named("p"), Named("ep_imp", "Wh"), Named("f"), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "sound"),
    [
        ("gw1", True), ("gw1/a/b", True), ("gw1/+/b", True), ("gw1/#", True), ("gw1/+/+/#", True), ("/gw1", True),
        ("#", False), ("+", False), ("+/a", False), ("$SYS/broker", False), ("$share/g/a", False), ("gw1/#/b", False),
        ("gw1/a+", False), ("gw1/a#", False), ("", False), ("gw1/\n", False), (7, False),
    ],
)  # fmt: skip
def test_a_topic_of_a_devices_own_is_one_that_starts_somewhere(topic: object, *, sound: bool) -> None:
    notes = Notes({})
    assert (check_filter(notes, "topic", topic) == topic) is sound
    assert bool(notes.mistakes) is not sound
