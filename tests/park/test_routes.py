"""A message finds its meters and its codec by topic and content type, and finds the same by each program."""

from dataclasses import replace

import pytest

from park import decode
from park.decode import Context, Dialect, Said
from park.decode.dialect import Options
from park.foreign import Foreign
from park.listener import Listener
from park.malformed import Malformed
from park.partition import belongs, read
from park.place import Meter
from park.reading import Claim
from park.reason import Reason
from park.registry import Registry
from park.registry_notes import Notes
from park.routes import LONGEST, Routes, filters, named, within
from park.topic import Channel
from tests.park.examples import NOW, meter, registry

ECHO, OTHER = "echo", "other"


def needs_key(notes: Notes, path: str, options: Options, _metrics: tuple[str, ...]) -> None:
    """Need one option."""
    if "key" not in options:
        notes.add(path, "缺 key", "key is missing")


def topics(each: Meter) -> tuple[str, ...]:
    """Speak on the topic of the options."""
    return (str(each.options["topic"]),) if "topic" in each.options else ()


def echo(payload: bytes, context: Context) -> Said:
    """Say one value of each meter of the context, the seventh message."""
    if payload == b"?":
        raise Malformed(Reason.NOT_READABLE, context.topic)
    return Said([Claim(each.id, "p", 1.0, context.received) for each in context.meters], 7, ("odd",))


@pytest.fixture(autouse=True)
def dialects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(decode.DIALECTS, ECHO, Dialect(ECHO, "回声", "Echo", echo, topics=topics))
    monkeypatch.setitem(decode.DIALECTS, OTHER, Dialect(OTHER, "另", "Other", echo, needs_key, topics))
    monkeypatch.setitem(decode.BY_CONTENT_TYPE, "application/echo", ECHO)
    monkeypatch.setitem(decode.BY_CONTENT_TYPE, "application/other", OTHER)


def speaking(name: str, topic: str = "", codec: str = ECHO, **options: object) -> Meter:
    """Make a meter of a dialect, with a topic of its own or without."""
    return replace(meter(name), codec=codec, options={"topic": topic, **options} if topic else dict(options))


PARK = registry(
    meter("m1"),
    speaking("e1", "gate/1"),
    speaking("e2", "gate/+"),
    speaking("bad", "park/#"),
    speaking("o1", "other/#", OTHER, key=1),
)
OWN = "park/v1/hengkou/e01/{}/data"


def test_a_topic_of_the_contract_names_its_meter_and_the_registry_its_codec() -> None:
    route = Routes(PARK).find(OWN.format("m1"))
    assert (route.meter, route.codec, route.meters) == ("m1", "native", (PARK.by_meter["m1"],))
    assert route.address is not None
    assert route.address.channel is Channel.DATA


def test_a_topic_of_a_gateways_own_may_be_of_every_meter_whose_filter_catches_it_in_the_registrys_order() -> None:
    routes = Routes(PARK)
    assert [each.id for each in routes.find("gate/1").meters] == ["e1", "e2"]
    assert (routes.find("gate/1").meter, routes.find("gate/1").address) == (None, None)
    assert routes.find("gate/2").meter == "e2"
    assert routes.find("other").codec == OTHER


@pytest.mark.parametrize(
    ("topic", "reason", "meter"),
    [
        ("park/v1/hengkou", Reason.TOPIC, None),
        ("park/other", Reason.UNKNOWN_SENDER, None),
        ("gate/1/2", Reason.UNKNOWN_SENDER, None),
        ("", Reason.UNKNOWN_SENDER, None),
        (OWN.format("new"), Reason.UNKNOWN_METER, "new"),
        ("park/v1/hengkou/e02/m1/data", Reason.WRONG_PLACE, "m1"),
    ],
)
def test_what_belongs_nowhere_is_told_why(topic: str, reason: Reason, meter: str | None) -> None:
    route = Routes(PARK).find(topic)
    assert route.refusal is not None
    assert (route.refusal.reason, route.meter) == (reason, meter)


def test_no_filter_of_a_meter_catches_what_the_contract_says() -> None:
    assert filters(PARK.meters) == ("gate/+", "other/#")
    assert within("+/v1/#")
    assert not within("park/v2/#")
    assert filters(PARK.meters, "plant", discover=["plant/#", "hj212/+"]) == ("gate/+", "park/#", "other/#", "hj212/+")


@pytest.mark.parametrize(
    ("name", "content_type", "codec"),
    [
        ("m1", None, "native"),
        ("m1", "application/echo", ECHO),
        ("m1", " Application/Echo; charset=utf-8", ECHO),
        ("m1", "text/plain", "native"),
        ("m1", "application/other", "native"),
        ("o1", "application/echo", ECHO),
        ("e1", "application/other", ECHO),
    ],
    ids=[
        "none says nothing",
        "one that needs no options wins",
        "however it is written",
        "one that names no codec says nothing",
        "one whose options the registry lacks does not win",
        "options are passed on where they fit",
        "and it does not win where they do not",
    ],
)
def test_a_content_type_names_the_codec(name: str, content_type: str | None, codec: str) -> None:
    assert Routes(PARK).find(OWN.format(name), content_type).codec == codec


def test_a_content_type_that_no_codec_has_names_none() -> None:
    assert named("application/json-lines") is None


def test_invented_topics_are_not_kept_in_mind_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("park.routes.MOST", 10)
    routes = Routes(PARK)
    for number in range(100):
        routes.find(f"no/topic/{number}")
    routes.find("x" * (LONGEST + 1))
    assert len(routes._found) <= 10


def test_a_message_of_several_meters_has_a_number_of_none_of_them() -> None:
    listener = Listener(PARK)
    both, one = (listener.read(listener.route(topic), topic, b"!", NOW, None) for topic in ("gate/1", "gate/2"))
    assert ([reading.meter for reading in both.readings], both.seq) == (["e1", "e2"], None)
    assert ([reading.meter for reading in one.readings], one.seq, one.remarks) == (["e2"], 7, ("odd",))


def test_of_a_topic_that_partitions_share_each_takes_its_own_meters() -> None:
    wide = Registry(
        PARK.parks, PARK.enterprises, (speaking("a", "gate/1"), replace(speaking("b", "gate/1"), enterprise="e02"))
    )
    part = read("enterprise=e02")
    listener = Listener(wide, partition=part)
    taken = listener.read(listener.route("gate/1"), "gate/1", b"!", NOW, None)
    assert [reading.meter for reading in taken.readings] == ["b"]
    assert filters(wide.meters, partition=read("enterprise=e03"), discover=["hj212/+"]) == ()
    assert [belongs(each, part) for each in wide.meters] == [False, True]
    assert [belongs(each, read("park=hengkou")) for each in wide.meters] == [True, True]
    assert belongs(wide.meters[0], None)


def test_the_filters_to_listen_to_are_the_same_object_as_long_as_the_registry_is() -> None:
    known = [PARK]
    foreign = Foreign(lambda: known[0], discover=["hj212/+"])
    first = foreign()
    assert first == ("gate/+", "other/#", "hj212/+")
    assert foreign() is first
    known[0] = registry(meter("m1"))
    assert foreign() == ("hj212/+",)
