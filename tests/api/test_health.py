"""Alive, ready, counted."""

from collections.abc import Iterator

import pytest

from api import bootstrap
from tests.api.conftest import METERS, NOW, AsRole, House
from tests.api.silence import EmptyTelemetry
from tests.api.test_feed import until
from tests.api.web import Web
from tests.mosquitto import Mosquitto


def test_it_is_alive_whatever_else_is_missing(nobody: Web) -> None:
    assert nobody.get("/healthz").json() == {"status": "alive"}


def test_what_is_missing_is_named_with_how_to_mend_it(nobody: Web) -> None:
    answer = nobody.get("/readyz")
    checks = {check["name"]: check for check in answer.json()["checks"]}
    assert answer.status_code == 503
    assert {name: check["ok"] for name, check in checks.items()} == {
        "database": True,
        "telemetry": True,
        "broker": False,
    }
    assert "SMARTPARK_MQTT_URL" in checks["broker"]["sentence"]
    english = nobody.get("/readyz", headers={"Accept-Language": "en"}).json()["checks"][2]["sentence"]
    assert english.startswith("No connection to the broker")


def test_a_store_that_is_down_is_named(house: House) -> None:
    silent = EmptyTelemetry()
    silent.down = True
    parts = house.services
    app = bootstrap.build(
        settings=parts.settings, engine=house.engine, telemetry=silent, clock=house.clock, console=False
    )
    with Web(app) as web:
        checks = {check["name"]: check["ok"] for check in web.get("/readyz").json()["checks"]}
    assert checks == {"database": True, "telemetry": False, "broker": False}


def test_a_database_that_is_away_is_named_and_not_waited_for(house: House, nobody: Web) -> None:
    house.engine.dispose()
    (house.services.settings.data_dir / "smartpark.sqlite").unlink()
    (house.services.settings.data_dir / "smartpark.sqlite").mkdir()
    told = nobody.get("/readyz").json()["checks"][0]
    assert (told["name"], told["ok"]) == ("database", False)
    assert "SMARTPARK_DATABASE_URL" in told["sentence"]


def test_a_collector_beside_that_is_in_trouble_is_not_ready_and_says_no_secret(house: House, nobody: Web) -> None:
    wrong: dict[str, str] = {}
    house.services.troubles.append(lambda: wrong)
    well = nobody.get("/readyz").json()["checks"][3]
    assert well == {"name": "collector", "ok": True, "sentence": "采集服务正常。"}
    wrong |= {"spool": "SpoolError: /secret/path is full", "brand new stage": "?"}
    answer = nobody.get("/readyz", headers={"Accept-Language": "en"})
    told = answer.json()["checks"][3]
    assert (answer.status_code, told["ok"]) == (503, False)
    assert "free space" in told["sentence"]
    assert "brand new stage" in told["sentence"]
    assert "secret" not in answer.text


def test_an_enterprise_key_is_told_that_the_counters_are_for_who_sees_the_whole_park(as_role: AsRole) -> None:
    answer = as_role("enterprise").get("/metrics", headers={"Accept-Language": "en"})
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:smartpark:problem:whole_park"
    assert "whole park" in answer.json()["detail"]


@pytest.fixture
def connected(house: House) -> Iterator[None]:
    house.services.live.start()
    until(house.services.live.connected)
    yield
    house.services.live.stop()


class TestWithABroker:
    @pytest.fixture
    def mqtt_url(self, mosquitto: Mosquitto) -> str:
        return mosquitto.url

    def test_it_is_ready_when_all_is_there(self, connected: None, nobody: Web) -> None:  # noqa: ARG002  # it is started
        answer = nobody.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_the_counters_name_routes_and_never_ids(house: House, as_role: AsRole) -> None:
    web = as_role("viewer")
    web.get("/api/v1/meters/e01-main")
    web.get("/api/v1/meters/e01-secret")
    web.get("/no/such/page")
    house.services.live.hear(METERS[0], [], NOW)
    answer = web.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    for wanted in (
        'smartpark_api_requests_total{method="GET",route="/api/v1/meters/{id}",status="200"} 1.0',
        'smartpark_api_requests_total{method="GET",route="/api/v1/meters/{id}",status="404"} 1.0',
        'smartpark_api_requests_total{method="other",route="other",status="404"} 1.0',
        "smartpark_api_live_messages_total 1.0",
        "smartpark_api_live_connected 0.0",
        'smartpark_meters{state="online"} 1.0',
        'smartpark_meters{state="never_heard"} 2.0',
    ):
        assert wanted in lines
    assert "secret" not in answer.text


def test_two_applications_count_for_themselves(house: House, as_role: AsRole) -> None:
    as_role("viewer").get("/api/v1/meters")
    parts = house.services
    other = bootstrap.build(
        settings=parts.settings, engine=house.engine, telemetry=house.telemetry, clock=house.clock, console=False
    )
    assert b"/api/v1/meters" not in other.state.services.instruments.text()
