"""Devices that nobody registered are found, drafted and taken on over HTTP."""

from datetime import timedelta

import pytest

from adapters.relational import audit, quarantine, registry_store, strays
from tests.api.conftest import NOW, House
from tests.api.web import Web

TOPIC = "tele/plug7/SENSOR"
PLUG = b'{"Time":"2026-11-23T07:59:00","ENERGY":{"Total":3.185,"Power":1500}}'
SECOND = timedelta(seconds=1)
PATH = "/api/v1/commissioning"


@pytest.fixture
def strangers(house: House) -> House:
    rows = [quarantine.NewHeld(NOW - n * 15 * SECOND, TOPIC, None, "unknown_sender", TOPIC, PLUG) for n in range(10)]
    rows += [
        quarantine.NewHeld(NOW - 60 * SECOND, "park/v1/hk/e02/e02-new/data", "e02-new", "unknown_meter", "", b"\xff"),
        quarantine.NewHeld(NOW, "park/v1/hk/e01/e01-main/data", "e01-main", "not_json", "x", b"no"),
    ]
    quarantine.insert(house.engine, rows)
    return house


@pytest.mark.usefixtures("strangers")
def test_each_sender_comes_with_what_it_says_the_one_heard_last_first(admin: Web) -> None:
    plug, other = admin.get(PATH).json()["items"]
    assert (plug["name"], plug["topics"], plug["count"], plug["period"]) == (TOPIC, [TOPIC], 10, "15s")
    assert plug["codec"] == "json"
    assert {each["metric"]: (each["value"], each["unit"]) for each in plug["seen"]} == {
        "p": (1.5, "kW"), "ep_imp": (3.185, "kWh"),
    }  # fmt: skip
    assert plug["sample"].startswith('{"Time"')
    assert (other["name"], other["codec"], other["seen"], other["sample"]) == ("e02-new", None, [], "ff")


@pytest.mark.usefixtures("strangers")
def test_a_draft_says_what_is_still_to_be_said_and_registers_nothing(admin: Web, house: House) -> None:
    number = admin.get(PATH).json()["items"][0]["id"]
    made = admin.post(f"{PATH}/{number}/draft", json={}).json()
    assert made["document"]["codec"] == {"json": {"map": "tasmota", "topic": TOPIC}}
    assert made["asked"] == ["name", "role", "enterprise", "multiplier"]
    assert [mistake["path"] for mistake in made["mistakes"]] == ["body.enterprise", "body.name"]
    assert len(registry_store.load(house.engine).meters) == 3


def test_who_is_taken_on_is_registered_and_what_was_held_of_it_is_tried_again(strangers: House, admin: Web) -> None:
    number = admin.get(PATH).json()["items"][0]["id"]
    document = admin.post(f"{PATH}/{number}/draft", json={}).json()["document"]
    wrong = admin.post(f"{PATH}/{number}/meter", json=document | {"id": "e01-main"})
    assert wrong.status_code == 422
    assert [mistake["path"] for mistake in wrong.json()["mistakes"]] == ["body.enterprise", "body.name"]
    filled = document | {"enterprise": "e01", "name": "七号插座"}
    taken = admin.post(f"{PATH}/{number}/meter", json=filled | {"id": "e01-main"})
    assert "e01-main" in taken.json()["mistakes"][0]["sentence"]
    taken = admin.post(f"{PATH}/{number}/meter", json=filled | {"id": "e01-plug7"})
    assert taken.status_code == 201, taken.text
    assert taken.json()["meter"]["metrics"] == document["metrics"]
    replay = quarantine.replay_status(strangers.engine, taken.json()["replay"])
    assert replay is not None
    assert replay.ids == tuple(strays.ids(strangers.engine, [TOPIC]))
    assert len(replay.ids) == 10
    assert registry_store.load(strangers.engine).by_meter["e01-plug7"].codec == "json"
    actions = [entry.action for entry in audit.entries(strangers.engine, limit=10)[0]]
    assert {"meter.create", "quarantine.replay"} <= set(actions)


def test_a_topic_of_another_codec_is_refused_with_the_meter_that_speaks_there(strangers: House, admin: Web) -> None:
    line: dict[str, object] = {"enterprise": "e01", "medium": "electricity", "role": "sub", "name": "线"}
    line |= {"period": "15s", "metrics": ["p"], "codec": {"line": {"topic": "tele/#"}}}
    assert admin.put("/api/v1/meters/e01-line", json=line).status_code == 201
    number = admin.get(PATH).json()["items"][0]["id"]
    document = admin.post(f"{PATH}/{number}/draft", json={}).json()["document"]
    refused = admin.post(f"{PATH}/{number}/meter", json=document | {"enterprise": "e01", "name": "七号插座"})
    assert refused.status_code in {409, 422}
    assert "e01-line" in refused.text
    assert not quarantine.pending_replays(strangers.engine)


def test_who_is_gone_is_not_found(admin: Web) -> None:
    assert admin.get(PATH).json() == {"items": [], "next": None}
    for deed in ("draft", "meter"):
        gone = admin.post(f"{PATH}/0123456789abcdef/{deed}", json={})
        assert (gone.status_code, gone.json()["type"]) == (404, "urn:smartpark:problem:no_such")


def test_of_many_topics_those_heard_last_are_given(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strays, "MOST_TOPICS", 2)
    rows = [quarantine.NewHeld(NOW + n * SECOND, f"x/{n}", None, "unknown_sender", "", b"") for n in range(3)]
    quarantine.insert(house.engine, rows)
    assert [heap.topic for heap in strays.heaps(house.engine)] == ["x/2", "x/1"]


def test_of_each_topic_the_newest_messages_are_read_the_oldest_first(house: House) -> None:
    rows = [
        quarantine.NewHeld(NOW + n * SECOND, f"x/{n % 2}", None, "unknown_sender", "", bytes([n])) for n in range(10)
    ]
    quarantine.insert(house.engine, rows)
    found = strays.samples(house.engine, ["x/0", "x/1"], limit=2)
    assert [sample.payload[0] for sample in found] == [6, 7, 8, 9]
