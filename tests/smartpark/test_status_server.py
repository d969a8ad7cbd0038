"""The page beside a service tells whether it is well, and what it counts, to whoever asks nicely and nobody else."""

import json
from collections.abc import Iterable, Iterator

import pytest
import urllib3
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from adapters.settings import load
from smartpark.status_server import StatusServer, status_page
from tests.ports import LOOPBACK, accepts


class Three(Collector):
    """Counts three."""

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("three", "Always 3.", value=3)


@pytest.fixture
def wrong() -> dict[str, str]:
    """What is wrong; a test may put something in."""
    return {}


@pytest.fixture
def page(wrong: dict[str, str], free_port: int) -> Iterator[str]:
    """The address of a page."""
    server = StatusServer(LOOPBACK, free_port, health=lambda: wrong, instruments=Three())
    server.start()
    yield f"http://{LOOPBACK}:{server.port}"
    server.stop()
    assert not accepts(free_port)


def get(url: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", url, retries=False, timeout=10)


def test_a_service_that_is_well_says_so(page: str) -> None:
    answer = get(f"{page}/healthz")
    assert (answer.status, json.loads(answer.data)) == (200, {"status": "well", "trouble": {}})


def test_a_service_in_trouble_says_which_and_is_unhealthy_only_as_long_as_it_lasts(
    page: str, wrong: dict[str, str]
) -> None:
    wrong["store"] = "时序库不可用"
    answer = get(f"{page}/healthz")
    assert answer.status == 503
    assert json.loads(answer.data) == {"status": "trouble", "trouble": {"store": "时序库不可用"}}
    assert "时序库不可用".encode() in answer.data  # readable, not escaped
    wrong.clear()
    assert get(f"{page}/healthz").status == 200


def test_what_it_counts_is_in_the_form_of_prometheus(page: str) -> None:
    answer = get(f"{page}/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert b"three 3.0" in answer.data


@pytest.mark.parametrize("path", ["/", "/healthz/", "/metrics?x=1/../secret", "/etc/passwd"])
def test_there_is_nothing_else(page: str, path: str) -> None:
    answer = get(f"{page}{path}")
    expected = 200 if path.startswith("/metrics?") else 404
    assert answer.status == expected


def test_without_a_port_there_is_no_page() -> None:
    with status_page(load(environ={}), health=dict, instruments=Three()):
        pass


def test_with_a_port_there_is_one_as_long_as_the_service_runs(free_port: int) -> None:
    settings = load(environ={"SMARTPARK_STATUS_PORT": str(free_port)})
    with status_page(settings, health=dict, instruments=Three()):
        assert get(f"http://{LOOPBACK}:{free_port}/healthz").status == 200
    assert not accepts(free_port)


def test_an_address_that_is_taken_is_named_with_the_settings_to_change(free_port: int) -> None:
    settings = load(environ={"SMARTPARK_STATUS_PORT": str(free_port)})
    with (
        status_page(settings, health=dict, instruments=Three()),
        pytest.raises(OSError, match=f"{LOOPBACK}:{free_port}.*SMARTPARK_STATUS_PORT"),
        status_page(settings, health=dict, instruments=Three()),
    ):
        raise AssertionError("it was taken")
