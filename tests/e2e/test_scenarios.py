"""Every shipped scenario, played to the real services over a real broker, comes out as its golden answer says."""

import gc

import pytest

from adapters.rule_yaml import shipped
from simulators.scenario.model import Scenario
from smartpark.verifying import Verified, verify
from tests.e2e.program import until
from tests.e2e.talker import Talker
from tests.mosquitto import Mosquitto
from tests.ports import free_port
from tests.simulators.scenario.library import library

PARTS = 3
"""Played together, each part well within the time a test may take."""


def differences(found: list[Verified]) -> dict[str, list[str]]:
    return {one.scenario.id: [str(each) for each in one.differences] for one in found if one.differences}


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_scenario_comes_out_as_its_golden_answer_says(part: int) -> None:
    scenarios = list(library().values())[part::PARTS]
    assert scenarios
    found = verify(scenarios, shipped=shipped().rules, url=None, port=free_port)
    assert differences(found) == {}
    assert [one.scenario for one in found] == scenarios
    gc.collect()  # paho closes its pair of sockets only when it is collected


SHORT = ("gas-leak", "flapping-contact", "reconnects")


def test_over_a_broker_of_somebody_elses_they_come_out_the_same_and_leave_nothing_there(mosquitto: Mosquitto) -> None:
    scenarios: list[Scenario] = [library()[name] for name in SHORT]
    found = verify(scenarios, shipped=shipped().rules, url=mosquitto.url, port=free_port)
    assert differences(found) == {}
    gc.collect()
    with Talker(mosquitto.port, client_id="after") as talker:
        talker.subscribe("#")
        talker.publish("end")
        until(lambda: ("end", b"1") in talker.messages, "the broker has said all it holds", look=0.01)
        assert talker.messages == [("end", b"1")]
