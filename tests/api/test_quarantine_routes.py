"""The quarantine over HTTP."""

import base64
from datetime import timedelta

import pytest

from adapters.relational import audit, quarantine
from tests.api.conftest import NOW, House
from tests.api.web import Web


@pytest.fixture
def held(house: House) -> House:
    first, second, third = (NOW + n * timedelta(seconds=1) for n in range(3))
    long = "表".encode() * 2_000
    rows = [
        quarantine.NewHeld(first, "park/v1/hk/e01/e01-new/data", "e01-new", "unknown_meter", "e01-new", b'{"v":1}'),
        quarantine.NewHeld(second, "nonsense", None, "topic", "nonsense", b"\xff\x00"),
        quarantine.NewHeld(third, "park/v1/hk/e01/e01-main/data", "e01-main", "not_json", "x", long),
    ]
    quarantine.insert(house.engine, rows)
    return house


@pytest.mark.usefixtures("held")
def test_each_message_comes_with_what_was_wrong_and_how_to_mend_it(admin: Web) -> None:
    items = admin.get("/api/v1/quarantine").json()["items"]
    assert [item["reason"] for item in items] == ["not_json", "topic", "unknown_meter"]
    long, binary, plain = items
    assert (plain["text"], plain["size"], plain["at"]) == ('{"v":1}', 7, "2026-11-23T08:00:00+08:00")
    assert plain["sentence"] == "设备 e01-new 不在台账中; 登记后在此回放, 数据即可补入。"
    assert (binary["text"], base64.b64decode(binary["base64"])) == (None, b"\xff\x00")
    assert (long["text"], long["size"]) == ("表" * 1_365, 6_000)  # cut between two letters, and shown as text
    english = admin.get("/api/v1/quarantine", headers={"Accept-Language": "en-GB"}).json()["items"][2]
    assert english["sentence"].startswith("Meter e01-new is not in the registry")


@pytest.mark.usefixtures("held")
def test_it_can_be_narrowed_and_paged(admin: Web) -> None:
    assert len(admin.get("/api/v1/quarantine", params={"reason": "topic"}).json()["items"]) == 1
    assert len(admin.get("/api/v1/quarantine", params={"meter": "e01-new"}).json()["items"]) == 1
    first = admin.get("/api/v1/quarantine", params={"limit": 2}).json()
    second = admin.get("/api/v1/quarantine", params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["reason"] for item in second["items"]] == ["unknown_meter"]
    assert admin.get("/api/v1/quarantine", params={"cursor": "made up"}).json()["type"].endswith("bad_cursor")


@pytest.mark.usefixtures("held")
def test_the_summary_lists_the_meters_that_wait_for_registration(admin: Web) -> None:
    [group] = admin.get("/api/v1/quarantine/summary", params={"reason": "unknown_meter"}).json()["items"]
    assert (group["meter"], group["count"], group["bytes"]) == ("e01-new", 1, 7)
    assert len(admin.get("/api/v1/quarantine/summary").json()["items"]) == 3


def test_a_replay_is_asked_for_and_followed(held: House, admin: Web) -> None:
    asked = admin.post("/api/v1/quarantine/replay", json={"reason": "unknown_meter", "meter": "e01-new"})
    assert asked.status_code == 202, asked.text
    number = asked.json()["id"]
    assert (asked.json()["who"], asked.json()["finished_at"], asked.json()["replayed"]) == ("key:admin", None, None)
    [request] = quarantine.pending_replays(held.engine)
    assert (request.id, request.reason, request.meter) == (number, "unknown_meter", "e01-new")
    quarantine.finish_replay(held.engine, number, now=NOW, replayed=1, refused_again=0)
    told = admin.get(f"/api/v1/quarantine/replays/{number}").json()
    assert (told["finished_at"], told["replayed"]) == ("2026-11-23T08:00:00+08:00", 1)
    [entry], _ = audit.entries(held.engine, 1)
    assert (entry.who, entry.action) == ("key:admin", "quarantine.replay")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "everything"),
        ({"reason": "bad mood"}, "body.reason"),
        ({"ids": []}, "1"),
        ({"ids": ["x"]}, "body.ids[0]"),
        ({"why": "because"}, "body.why"),
    ],
)
def test_a_replay_must_say_what_it_is_for(admin: Web, body: dict[str, object], says: str) -> None:
    answer = admin.post("/api/v1/quarantine/replay", json=body)
    assert answer.status_code == 422
    assert says in answer.text


def test_everything_is_replayed_only_when_said_so(admin: Web) -> None:
    assert admin.post("/api/v1/quarantine/replay", json={"everything": True}).status_code == 202


@pytest.mark.parametrize("number", ["99", "0", "-1", "99999999999999999999999"])
def test_a_replay_nobody_asked_for_is_not_there(admin: Web, number: str) -> None:
    assert admin.get(f"/api/v1/quarantine/replays/{number}").status_code == 404
