"""What every test shares: missing programs, ports, brokers, and how hard hypothesis looks."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.embedded import embedded_broker
from tests.influxd import INFLUX2, KILL_MESSAGES, OUTAGE_MESSAGES, influxd, session_influxd, start_influxd
from tests.mosquitto import mosquitto, start_mosquitto, start_session_mosquitto
from tests.ports import free_port as find_free_port
from tests.postgres import database, own_postgres, postgres
from tests.programs import NEEDS, PYSPARKPLUG, REQUIRE, find_program, required

__all__ = [
    "database",
    "embedded_broker",
    "influxd",
    "mosquitto",
    "own_postgres",
    "postgres",
    "session_influxd",
    "start_influxd",
    "start_mosquitto",
    "start_session_mosquitto",
]

# A busy machine is no finding: neither a slow example nor slow generation fails a test.
settings.register_profile(
    "default", max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", max_examples=2_000, derandomize=False, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# fixture → the need it brings, so that a test using one need not say so again
BRINGS = {
    "start_mosquitto": "broker",
    "start_session_mosquitto": "broker",
    "chromium": "browser",
    "start_influxd": "influx",
    "session_influxd": "influx",
    "postgres": "postgres",
    "own_postgres": "postgres",
}


def pytest_configure() -> None:
    """Refuse a mistyped need, and forget the park this machine may be configured for: no test may touch it."""
    try:
        required()
    except ValueError as mistake:
        raise pytest.UsageError(str(mistake)) from mistake
    ours = {REQUIRE, PYSPARKPLUG, KILL_MESSAGES, OUTAGE_MESSAGES, *INFLUX2}
    for name in [name for name in os.environ if name.startswith("SMARTPARK_") and name not in ours]:
        del os.environ[name]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests whose fixtures bring a need."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if need := BRINGS.get(fixture):
                item.add_marker(need)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, or fail where it is required, a test whose program is missing."""
    for need, names in NEEDS.items():
        if item.get_closest_marker(need) is None or find_program(need) is not None:
            continue
        if need in required():
            pytest.fail(f"{names[0]} is not installed, and {REQUIRE} requires {need}", pytrace=False)
        pytest.skip(f"{names[0]} is not installed")


@pytest.fixture
def free_port() -> int:
    """One loopback port nobody listens on."""
    return find_free_port()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser to hand to playwright as `executable_path`."""
    program = find_program("browser")
    if program is None:
        pytest.fail("chromium is not installed")
    return program
