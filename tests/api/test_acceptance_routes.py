"""Device acceptance over the API, with a device that speaks to a real broker."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest

from adapters.relational import registry_store
from api.acceptances import MOST
from park.acceptance.item import Item
from park.registry import Registry
from tests.acceptance_device import PERIOD, Speaker, registered, speaking
from tests.api.conftest import ENTERPRISES, METERS, NOW, PARK, AsRole, House
from tests.api.web import Web
from tests.mosquitto import Mosquitto, StartMosquitto

pytestmark = pytest.mark.broker

RUNS = "/api/v1/acceptances/runs"
PATIENCE = 30.0


@pytest.fixture
def mosquitto(start_mosquitto: StartMosquitto) -> Mosquitto:
    """A broker that publishes its log, as ours in production does."""
    return start_mosquitto("log_dest topic\nlog_dest stderr\nlog_type notice\nlog_type error\n")


@pytest.fixture
def mqtt_url(mosquitto: Mosquitto) -> str:
    return mosquitto.url


@pytest.fixture
def operator(as_role: AsRole, house: House) -> Web:
    device = registered()
    others = tuple(one for one in METERS if one.id != device.id)
    registry_store.replace(house.engine, Registry((PARK,), ENTERPRISES, (*others, device)), who="test", now=NOW)
    # The listener takes its times from the house's clock, and a clock that stands still hears no period.
    from adapters.clock import now  # noqa: PLC0415  # the real one, here alone

    house.services.acceptances._clock = now
    return as_role("operator")


def wait(ask: Callable[[], Any], until: Callable[[Any], bool]) -> Any:  # noqa: ANN401  # whatever was asked
    end = time.monotonic() + PATIENCE
    while not until(got := ask()):
        assert time.monotonic() < end, got
        time.sleep(0.1)
    return got


def begin(operator: Web) -> str:
    answer = operator.post(RUNS, json={"meter": "e01-main", "minutes": 1})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def heard(operator: Web, run: str, count: int) -> dict[str, Any]:
    found: dict[str, Any] = wait(
        lambda: operator.get(f"{RUNS}/{run}").json(), lambda one: one["messages"] >= count or one["trouble"]
    )
    assert found["trouble"] is None
    return found


def failed(found: dict[str, Any]) -> list[str]:
    return [one["item"] for one in found["findings"] if one["verdict"] == "fail"]


def test_a_good_device_is_accepted_and_its_report_can_be_checked(
    operator: Web, mosquitto: Mosquitto, as_role: AsRole
) -> None:
    with speaking(mosquitto.port) as device:
        run = begin(operator)
        heard(operator, run, 25)
        assert operator.post(f"{RUNS}/{run}/plug").json()["plug"] is not None
        device.cut()
        time.sleep(5 * PERIOD.total_seconds())
        device.connect()
        verdicts = wait(
            lambda: {one["item"]: one["verdict"] for one in operator.get(f"{RUNS}/{run}").json()["findings"]},
            lambda found: found["reconnect"] != "fail" and found["last_will"] == "pass" and found["state"] == "pass",
        )
    # The device numbers its values and keeps none: what was lost while the plug was out is missing by number.
    assert {item for item, verdict in verdicts.items() if verdict == "fail"} <= {"sequence", "tls"}
    assert {verdicts[item] for item in ("client_id", "account", "qos", "retained", "multiplier")} == {"pass"}
    kept = operator.post(f"{RUNS}/{run}/conclude").json()
    assert kept["meter"] == "e01-main"
    assert operator.get(RUNS).json()["items"] == []
    (listed,) = operator.get("/api/v1/acceptances").json()["items"]
    assert (listed["id"], listed["seal"]) == (kept["id"], kept["seal"])
    page = operator.get(f"/api/v1/acceptances/{kept['id']}/report?format=html").content
    assert "设备验收报告" in page.decode()
    check = "/api/v1/acceptances/check"
    assert operator.post(check, content=page).json() == {"genuine": True, "seal": kept["seal"]}
    forged = page.replace(b'data-seal="', b'data-seal="00')
    assert operator.post(check, content=forged).json()["genuine"] is False
    pdf = operator.get(f"/api/v1/acceptances/{kept['id']}/report")
    assert pdf.content.startswith(b"%PDF-")
    assert as_role("enterprise").get(f"/api/v1/acceptances/{kept['id']}").status_code == 200


BAD: dict[str, tuple[dict[str, Any], Item]] = {
    "it publishes with QoS 0": ({"qos": 0}, Item.QOS),
    "its values are retained": ({"retain": True}, Item.RETAINED),
    "its power is in W and says kW": (
        {"spoil": lambda body: body | {"m": body["m"] | {"p": body["m"]["p"] / 1000}}}, Item.MULTIPLIER,
    ),
    "it gives no time": ({"spoil": lambda body: {k: v for k, v in body.items() if k != "ts"}}, Item.TIME),
    "it leaves out its power": (
        {"spoil": lambda body: body | {"m": {"ep_imp": body["m"]["ep_imp"]}}}, Item.METRICS,
    ),
    "it names a metric nobody knows": ({"spoil": lambda body: body | {"m": body["m"] | {"watts": 1}}}, Item.UNITS),
}  # fmt: skip


@pytest.mark.parametrize("sentence", BAD)
def test_a_bad_device_fails_for_exactly_its_fault(operator: Web, mosquitto: Mosquitto, sentence: str) -> None:
    how, item = BAD[sentence]
    with speaking(mosquitto.port, **how):
        run = begin(operator)
        found = heard(operator, run, 25)
    assert failed(found) == [item.value], found["findings"]
    assert operator.delete(f"{RUNS}/{run}").status_code == 204
    assert operator.get(f"{RUNS}/{run}").status_code == 404


def test_a_device_without_a_will_is_told_when_the_plug_is_pulled(operator: Web, mosquitto: Mosquitto) -> None:
    with speaking(mosquitto.port, will=False) as device:
        run = begin(operator)
        heard(operator, run, 8)
        operator.post(f"{RUNS}/{run}/plug")
        device.cut()
        time.sleep(5 * PERIOD.total_seconds())
        device.connect()
        assert isinstance(device, Speaker)
        found = wait(
            lambda: operator.get(f"{RUNS}/{run}").json(),
            lambda one: (
                {each["item"]: each["verdict"] for each in one["findings"]}["reconnect"] == "note"
                and one["messages"] > 12
            ),
        )
    assert "last_will" in failed(found)


def test_what_lay_retained_before_is_seen_at_once(operator: Web, mosquitto: Mosquitto) -> None:
    with speaking(mosquitto.port, retain=True):
        time.sleep(3 * PERIOD.total_seconds())
    run = begin(operator)
    found = wait(lambda: operator.get(f"{RUNS}/{run}").json(), lambda one: "retained" in failed(one))
    assert found["messages"] == 0


def test_only_so_many_go_on_at_a_time_and_only_for_who_keeps_the_registry(
    operator: Web, as_role: AsRole, house: House
) -> None:
    with ExitStack() as runs:
        for _ in range(MOST):
            runs.callback(operator.delete, f"{RUNS}/{begin(operator)}")
        answer = operator.post(RUNS, json={"meter": "e01-main", "minutes": 1})
        assert (answer.status_code, answer.json()["type"]) == (429, "urn:smartpark:problem:too_many_acceptances")
    assert house.services.acceptances.running() == []
    assert as_role("viewer").post(RUNS, json={"meter": "e01-main"}).status_code == 403
    assert operator.post(RUNS, json={"meter": "e99-main"}).status_code == 404
    assert operator.post(RUNS, json={"meter": "e01-main", "minutes": 0}).status_code == 422


def test_a_broker_that_is_away_is_told(operator: Web, mosquitto: Mosquitto) -> None:
    mosquitto.stop()
    run = begin(operator)
    found = wait(lambda: operator.get(f"{RUNS}/{run}").json(), lambda one: one["trouble"])
    assert "Connection refused" in found["trouble"]
