"""The live stream over a real socket, read as a browser reads it."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from adapters.relational import accounts, alerts
from api.routes import stream
from api.server import Server
from park.reading import Reading
from tests.api.conftest import METERS, NOW, House
from tests.api.test_alert_routes import burning, copy, raised
from tests.ports import LOOPBACK, free_port

MAIN, WATER, OTHER = METERS
SECOND = timedelta(seconds=1)


@pytest.fixture
def server(house: House) -> Iterator[Server]:
    made = Server(house.app, host=LOOPBACK, port=free_port(), release=house.services.live.release)
    made.start()
    yield made
    made.stop()


def follow(server: Server, house: House, role: str = "viewer") -> httpx.Client:
    return httpx.Client(base_url=server.url, headers={"X-API-Key": house.keys[role]}, timeout=15)


def events(lines: Iterator[str]) -> Iterator[dict[str, object]]:
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def feed(house: House, *meters: int, seconds: int = 0) -> None:
    for place in meters:
        meter = METERS[place]
        house.services.live.hear(meter, [Reading(meter.id, meter.metrics[0], 1.5, NOW + seconds * SECOND)], NOW)


def once_followed(house: House, *meters: int) -> threading.Thread:
    """Feed readings as soon as somebody follows."""

    def wait_and_feed() -> None:
        while not house.services.live.followers:
            threading.Event().wait(0.01)
        feed(house, *meters)

    thread = threading.Thread(target=wait_and_feed)
    thread.start()
    return thread


def test_a_value_comes_as_an_event_with_its_unit_and_local_time(server: Server, house: House) -> None:
    feeding = once_followed(house, 0)
    with follow(server, house) as client, client.stream("GET", "/api/v1/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert next(events(answer.iter_lines())) == {
            "items": [
                {
                    "enterprise": "e01",
                    "meter": "e01-main",
                    "metric": "p",
                    "unit": "kW",
                    "at": "2026-11-23T08:00:00+08:00",
                    "value": 1.5,
                    "quality": ["good"],
                }
            ],
            "skipped": 0,
        }
    feeding.join()


@pytest.mark.parametrize(
    ("role", "query", "meters"),
    [
        ("viewer", "", {"e01-main", "e01-water", "e02-main"}),
        ("viewer", "?enterprise=e02", {"e02-main"}),
        ("viewer", "?meter=e01-water", {"e01-water"}),
        ("enterprise", "", {"e01-main", "e01-water"}),
    ],
)
def test_only_what_was_asked_for_and_may_be_seen_comes(
    server: Server, house: House, role: str, query: str, meters: set[str]
) -> None:
    feeding = once_followed(house, 0, 1, 2)
    seen: set[str] = set()
    with follow(server, house, role) as client, client.stream("GET", f"/api/v1/stream{query}") as answer:
        for event in events(answer.iter_lines()):
            seen |= {item["meter"] for item in event["items"]}  # type: ignore[attr-defined]  # of our own JSON
            if len(seen) == len(meters):
                break
    feeding.join()
    assert seen == meters


def test_what_happens_to_alerts_comes_as_events_of_its_own_to_those_who_may_see_it(
    server: Server, house: House
) -> None:
    copy(house, burning("e02-main"))
    with follow(server, house, "enterprise") as client, client.stream("GET", "/api/v1/stream") as answer:
        lines = answer.iter_lines()
        assert next(lines) == "retry: 3000"
        while not house.services.live.followers:
            threading.Event().wait(0.01)
        news = [raised(9, burning("e02-main")), raised(10, burning("e01-main"))]
        alerts.copy(house.engine, records={}, changes=news, notices=[])
        assert next(line for line in lines if line) == "event: alerts"
        told = next(events(lines))["items"]
    assert [(one["id"], one["meter"], one["words"]) for one in told] == [(10, "e01-main", "告警")]  # type: ignore[attr-defined]  # of our own JSON


def test_a_silent_stream_says_that_it_is_still_there(
    server: Server, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.02)
    with follow(server, house) as client, client.stream("GET", "/api/v1/stream") as answer:
        assert ": still here" in (line for line in answer.iter_lines())


def test_a_stream_ends_when_its_key_is_revoked(server: Server, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.02)
    with follow(server, house) as client, client.stream("GET", "/api/v1/stream") as answer:
        lines = answer.iter_lines()
        next(lines)
        accounts.revoke_key(house.engine, "viewer", now=NOW, who="test")
        house.clock.forward(timedelta(minutes=1))
        assert all(line in {"", "retry: 3000", ": still here"} for line in lines)


def test_stopping_the_server_ends_open_streams_in_good_order(server: Server, house: House) -> None:
    with follow(server, house) as client, client.stream("GET", "/api/v1/stream") as answer:
        lines = answer.iter_lines()
        next(lines)
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        assert list(lines) is not None  # it ends, and not with a broken connection
        stopping.join()
    assert not server.alive


def test_more_streams_than_the_service_takes_are_told_to_come_back(
    server: Server, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MOST_FOLLOWERS", 0)
    with follow(server, house) as client:
        answer = client.get("/api/v1/stream")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert "上限" in answer.json()["detail"]
