"""The alarm desk over the API: what burns, who may answer, and that an enterprise sees its own and no more."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.alert_store import NoticeRow, Numbered
from adapters.relational import alert_actions, alert_watch, alerts
from adapters.relational.alert_watch import Watched
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.care import Care, Deed
from park.evidence import Why
from park.rulebook import Key
from park.severity import Severity
from tests.api.conftest import NOW, AsRole, House
from tests.api.web import Web

MINUTE = timedelta(minutes=1)
RULE = """\
rules:
  - id: high-p
    name: {zh: 功率过高, en: Too much power}
    severity: larger
    metric: p
    scope: {enterprises: [e01, e02]}
    when: {above: 500 kW, clear: 450 kW}
    silence: keep
    runbook: {zh: 先看负荷, en: Look at the load}
    timelines:
      - {name: one reading is enough, values: [100, 600, 460, 400], phases: ".FF."}
"""


def burning(meter: str, severity: Severity = Severity.LARGER, age: int = 5, care: Care | None = None) -> AlertRecord:
    at = NOW - age * MINUTE
    return AlertRecord(
        rule="high-p", meter=meter, episode=1, phase=Phase.FIRING, since=at, raised_at=at, severity=severity,
        metric="p", value=612.0, why="beyond", care=care or Care(),
    )  # fmt: skip


def raised(number: int, record: AlertRecord) -> Numbered:
    change = AlertChange(
        rule=record.rule, meter=record.meter, episode=1, kind=Kind.RAISED, at=record.since, known_at=record.since,
        before=Phase.OK, after=Phase.FIRING, why=Why.BEYOND, metric="p", value=612.0, severity=record.severity,
    )  # fmt: skip
    return Numbered(number, change)


def copy(house: House, *records: AlertRecord) -> None:
    changes = [raised(number, one) for number, one in enumerate(records, 1)]
    told = [
        NoticeRow(f"n{one.id}", one.id, "duty", '{"by":"标定"}'.encode(), "skipped", "maintenance", one.change.at)
        for one in changes
    ]
    alerts.copy(house.engine, records={one.key: one for one in records}, changes=changes, notices=told)
    house.services.alarms.refresh()


@pytest.fixture
def burns(house: House) -> House:
    """A house in which two meters burn, of one enterprise each."""
    copy(house, burning("e01-main"), burning("e02-main", Severity.MAJOR, age=1))
    return house


@pytest.fixture
def safety(as_role: AsRole) -> Web:
    return as_role("safety")


@pytest.mark.usefixtures("burns")
def test_the_gravest_comes_first_with_its_words_and_units(safety: Web) -> None:
    safety.post("/api/v1/rules", json={"text": RULE})
    items = safety.get("/api/v1/alerts").json()["items"]
    assert [one["meter"] for one in items] == ["e02-main", "e01-main"]
    assert items[1] | {"name": "功率过高", "condition": "有功功率 > 500 kW", "unit": "kW", "why": "越限"} == items[1]
    english = safety.get("/api/v1/alerts", headers={"Accept-Language": "en"}).json()["items"][1]
    assert english["name"] == "Too much power"


@pytest.mark.parametrize(
    ("query", "meters"),
    [
        ("severity=major", ["e02-main"]),
        ("enterprise=e01", ["e01-main"]),
        ("meter=e02-main", ["e02-main"]),
        ("rule=another", []),
        ("phase=latched", []),
        ("phase=firing&phase=latched", ["e02-main", "e01-main"]),
        ("limit=1", ["e02-main"]),
    ],
)
@pytest.mark.usefixtures("burns")
def test_alerts_are_filtered(safety: Web, query: str, meters: list[str]) -> None:
    assert [one["meter"] for one in safety.get(f"/api/v1/alerts?{query}").json()["items"]] == meters


@pytest.mark.usefixtures("burns")
def test_a_page_leads_to_the_next(safety: Web) -> None:
    first = safety.get("/api/v1/alerts?limit=1").json()
    second = safety.get("/api/v1/alerts", params={"limit": 1, "cursor": first["next"]}).json()
    assert ([one["meter"] for one in second["items"]], second["next"]) == (["e01-main"], None)
    changes = safety.get("/api/v1/alerts/changes?limit=1").json()
    older = safety.get("/api/v1/alerts/changes", params={"cursor": changes["next"]}).json()
    assert [one["id"] for one in (*changes["items"], *older["items"])] == [2, 1]


@pytest.mark.usefixtures("burns")
def test_an_enterprise_sees_its_own_alerts_and_nothing_of_receivers(as_role: AsRole) -> None:
    web = as_role("enterprise")
    assert [one["meter"] for one in web.get("/api/v1/alerts").json()["items"]] == ["e01-main"]
    assert web.get("/api/v1/alerts/summary").json()["open"] == 1
    assert [one["meter"] for one in web.get("/api/v1/alerts/changes").json()["items"]] == ["e01-main"]
    own = web.get("/api/v1/alerts/high-p/e01-main")
    assert (own.json()["notices"], len(own.json()["changes"])) == ([], 1)
    assert web.get("/api/v1/alerts/high-p/e02-main").status_code == 404


@pytest.mark.usefixtures("burns")
def test_one_alert_says_who_was_not_told_and_why(safety: Web) -> None:
    detail = safety.get("/api/v1/alerts/high-p/e01-main").json()
    assert [(one["kind"], one["words"]) for one in detail["changes"]] == [("raised", "告警")]
    assert [(one["receiver"], one["reason"]) for one in detail["notices"]] == [("duty", "检修中: 标定")]


def test_an_answer_is_written_down_and_waits_until_the_rules_service_has_done_it(burns: House, safety: Web) -> None:
    answer = safety.post("/api/v1/alerts/high-p/e01-main/acknowledge", json={"note": "已派人"})
    assert (answer.status_code, answer.json()["waiting"]) == (202, True)
    [asked] = alert_actions.since(burns.engine, 0)
    assert (asked.who, asked.deed, asked.note) == ("key:safety", Deed.ACKNOWLEDGE, "已派人")
    assert safety.get("/api/v1/alerts/high-p/e01-main").json()["waiting"] == ["acknowledge"]
    alert_watch.say(burns.engine, Watched(at=NOW, acted=asked.id, rules=1, meters=2))
    burns.services.alarms.refresh()
    assert safety.get("/api/v1/alerts/high-p/e01-main").json()["waiting"] == []


@pytest.mark.parametrize(
    ("deed", "given", "words"),
    [
        ("shelve", {"note": "检修"}, "7 天"),
        ("shelve", {"until": "2026-12-23T08:00:00+08:00", "note": "检修"}, "7 天"),
        ("shelve", {"until": "2026-11-23T09:00:00+08:00"}, "原因"),
        ("comment", {}, "备注"),
        ("assign", {}, "交给谁"),
        ("close", {}, "待人确认"),
        ("unshelve", {}, "未搁置"),
    ],
)
def test_what_the_rules_service_would_refuse_is_refused_at_once_with_its_reason(
    burns: House, safety: Web, deed: str, given: dict[str, str], words: str
) -> None:
    answer = safety.post(f"/api/v1/alerts/high-p/e01-main/{deed}", json=given)
    assert answer.status_code == 409
    assert words in answer.json()["detail"]
    assert alert_actions.since(burns.engine, 0) == []


def test_nobody_acknowledges_twice(house: House, safety: Web) -> None:
    copy(house, burning("e01-main", care=Care(acknowledged_at=NOW, acknowledged_by="李强")))
    answer = safety.post("/api/v1/alerts/high-p/e01-main/acknowledge", json={})
    assert "李强" in answer.json()["detail"]


@pytest.mark.usefixtures("burns")
def test_an_alert_that_never_was_is_not_there(safety: Web) -> None:
    assert safety.post("/api/v1/alerts/high-p/e01-water/acknowledge", json={}).status_code == 404


def test_no_alert_and_nobody_watching_are_not_the_same(house: House, safety: Web) -> None:
    told = safety.get("/api/v1/alerts/summary").json()
    assert (told["open"], told["rules"], told["watched_at"]) == (0, None, None)
    alert_watch.say(house.engine, Watched(at=NOW, acted=0, rules=41, meters=312, heard=NOW, behind_ms=180))
    house.services.alarms.refresh()
    told = safety.get("/api/v1/alerts/summary").json()
    assert (told["rules"], told["meters"], told["heard"]) == (41, 312, "2026-11-23T08:00:00+08:00")


def test_the_summary_counts_what_nobody_looks_after(house: House, safety: Web) -> None:
    shelf = Care(shelved_until=NOW + MINUTE, shelved_by="x", shelf_reason="检修")
    copy(house, burning("e01-main", care=shelf), burning("e02-main", Severity.MAJOR))
    told = safety.get("/api/v1/alerts/summary").json()
    assert (told["open"], told["unacknowledged"], told["shelved"], told["worst"]) == (2, 1, 1, "major")
    assert told["by_severity"] == {"larger": 1, "major": 1}


def test_a_shift_hands_over_what_is_open_and_what_happened(burns: House, safety: Web) -> None:
    present = safety.get("/api/v1/handovers/now").json()
    assert present["counts"]["raised"] == 2
    assert [one["meter"] for one in present["open"]] == ["e02-main", "e01-main"]
    made = safety.post("/api/v1/handovers", json={"taken_by": "李强", "note": "2# 送检"}).json()
    assert (made["who"], made["taken_by"], made["open"]) == ("key:safety", "李强", present["open"])
    burns.clock.forward(MINUTE)
    assert safety.get("/api/v1/handovers/now").json()["counts"]["raised"] == 0
    assert [one["id"] for one in safety.get("/api/v1/handovers").json()["items"]] == [made["id"]]


def test_alerts_of_a_meter_that_is_gone_are_the_parks_alone(house: House, as_role: AsRole) -> None:
    copy(house, burning("e09-gone"))
    assert as_role("viewer").get("/api/v1/alerts").json()["items"][0]["enterprise"] == ""
    assert as_role("enterprise").get("/api/v1/alerts").json()["items"] == []


@pytest.mark.usefixtures("burns")
def test_the_times_are_the_sites(safety: Web) -> None:
    item = safety.get("/api/v1/alerts?meter=e01-main").json()["items"][0]
    assert datetime.fromisoformat(item["raised_at"]) == datetime(2026, 11, 22, 23, 55, tzinfo=UTC)
    assert item["raised_at"].endswith("+08:00")


def test_a_key_of_an_alert_is_its_rule_and_its_meter(burns: House) -> None:
    assert {one.key for one in burns.services.alarms.look().open} == {
        Key("high-p", "e01-main"),
        Key("high-p", "e02-main"),
    }
