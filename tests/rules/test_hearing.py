"""The alerts hear what the collector hears: gateways on topics of their own too, and they ask for what they missed."""

from dataclasses import replace
from datetime import timedelta

from adapters.mqtt import Arrival
from park.decode.memory import Wish
from park.decode.sparkplug_topic import Kind, Sender, topic
from rules.hearing import Hearing
from tests.park.examples import meter, registry
from tests.park.sparkplugs import AT, BIRTH, DEVICE, data, spoken

DATA = "park/v1/hengkou/e01/m2/data"
OTHER = replace(meter("m2"), codec="json", options={"topic": "tele/#", "fields": {"P": "p"}})
PARK = registry(spoken("m1"), OTHER)
MINUTE = timedelta(minutes=1)


def arrived(where: str, payload: bytes, *, retained: bool = False, kind: str | None = None) -> Arrival:
    """Make an arrival."""
    return Arrival(where, payload, 1, 1, retained, kind)


def hearing() -> Hearing:
    """Make one against the park."""
    made = Hearing("park/v1")
    made.against(PARK)
    return made


def test_a_birth_is_known_to_what_comes_after_it_also_against_another_registry() -> None:
    it = hearing()
    assert len(it.read([arrived(topic(Kind.DBIRTH, DEVICE), BIRTH)], AT).readings) == 2
    it.against(registry(spoken("m1")))
    said = it.read([arrived(topic(Kind.DDATA, DEVICE), data(2))], AT)
    assert ([(one.meter, one.metric, one.value) for one in said.readings], said.refused) == ([("m1", "p", 12.5)], 0)


def test_a_birth_that_was_missed_is_asked_for_and_not_at_once_again() -> None:
    it = hearing()
    missed = [arrived(topic(Kind.DDATA, DEVICE), data(2))]
    assert it.read(missed, AT).refused == 1
    [wish] = it.wishes(AT)
    assert isinstance(wish, Wish)
    assert wish.topic == topic(Kind.NCMD, Sender("hengkou", "gw1"))
    it.read(missed, AT + MINUTE / 2)
    assert it.wishes(AT + MINUTE / 2) == []


def test_a_gateway_on_its_own_topic_is_heard_and_a_stranger_refused() -> None:
    messages = [arrived("tele/x", b'{"P":1.5}'), arrived("far/x", b'{"P":1.5}'), arrived("tele/x", b"no")]
    said = hearing().read(messages, AT)
    assert ([(one.meter, one.value) for one in said.readings], said.refused) == ([("m2", 1.5)], 2)


def test_history_and_what_is_retained_raise_no_alert() -> None:
    native = registry(meter("m2"))
    it = hearing()
    it.against(native)
    payload = b'{"v":1,"m":{"p":1.5}}'
    assert it.read([arrived(DATA.replace("data", "backfill"), payload)], AT) == ([], 1)
    assert it.read([arrived(DATA, payload, retained=True)], AT) == ([], 0)
    assert len(it.read([arrived(DATA, payload)], AT).readings) == 1
