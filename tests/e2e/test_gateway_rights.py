"""Gateways with topics of their own at the production broker: each writes just those of its meters."""

from dataclasses import replace
from pathlib import Path

import pytest

from park.partition import COLLECTOR
from tests.e2e.shipped_broker import ShippedBroker, made_certificates, shipped_broker
from tests.e2e.talker import Talker
from tests.park.examples import meter, registry

pytestmark = pytest.mark.broker
REFUSED = "Not authorized"
TAKEN = {"Success", "No matching subscribers"}
"""What a broker answers when it takes a message; the second where nobody listens."""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates for every test here."""
    return made_certificates(tmp_path_factory.getbasetemp())


def device(broker: ShippedBroker, name: str) -> Talker:
    """Connect as a meter does: from outside, over TLS."""
    return Talker(broker.tls, name, broker.password(name), ca=broker.ca)


def heard(listener: Talker) -> list[tuple[str, bytes]]:
    """Give what a listener was sent: all of it is there once the broker has answered a later question."""
    listener.subscribe("ask/anything")
    return listener.messages


def test_a_gateway_is_heard_on_the_topics_of_its_meter_and_hears_what_is_said_to_its_node(
    tmp_path: Path, pair: Path
) -> None:
    node = {"group": "g", "node": "gw", "names": {"P": "p"}}
    park = registry(
        meter("m1"),
        replace(meter("m7"), codec="sparkplug", options=node),
        replace(meter("m8"), codec="json", options={"topic": "tele/m8/SENSOR", "fields": {"P": "p"}}),
    )
    with (
        shipped_broker(tmp_path, pair, park) as broker,
        Talker(broker.internal, COLLECTOR, broker.password(COLLECTOR)) as collector,
        device(broker, "m7") as gateway,
        device(broker, "m8") as plug,
    ):
        for wanted in ("spBv1.0/g/NDATA/gw", "tele/m8/SENSOR"):
            collector.subscribe(wanted)
        gateway.subscribe("spBv1.0/g/NCMD/gw")
        gateway.subscribe("tele/m8/SENSOR")
        for forged in ("tele/m8/SENSOR", "spBv1.0/g/NCMD/gw", "spBv1.0/g/NDATA/other", "park/v1/hengkou/e01/m1/data"):
            assert gateway.publish(forged, b"forged") == REFUSED
        assert plug.publish("spBv1.0/g/NDATA/gw", b"forged") == REFUSED
        assert gateway.publish("spBv1.0/g/NDATA/gw", b"true") in TAKEN
        assert plug.publish("tele/m8/SENSOR", b"true") in TAKEN
        assert collector.publish("spBv1.0/g/NCMD/gw", b"rebirth") in TAKEN
        assert collector.publish("spBv1.0/g/NCMD/other", b"rebirth") == REFUSED
        assert heard(collector) == [("spBv1.0/g/NDATA/gw", b"true"), ("tele/m8/SENSOR", b"true")]
        assert heard(gateway) == [("spBv1.0/g/NCMD/gw", b"rebirth")]
