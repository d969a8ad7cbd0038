"""The embedded broker, for tests that need a broker but not mosquitto."""

from collections.abc import Iterator

import pytest
from iotcore import Broker

from tests.ports import LOOPBACK, free_port

LARGEST_PAYLOAD = 1 << 20


@pytest.fixture
def embedded_broker() -> Iterator[Broker]:
    """Run one fresh embedded broker on loopback; `embedded_broker.port` says where."""
    with Broker(port=free_port(), listen=LOOPBACK, max_payload_size=LARGEST_PAYLOAD) as broker:
        yield broker
