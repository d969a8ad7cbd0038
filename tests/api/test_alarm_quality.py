"""The quality of alarms and a rule tried on history, over the API: figures, a workbook, and whose they are."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from adapters.alert_store import Numbered
from adapters.relational import alerts
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.reading import Reading
from park.rulebook import Key
from park.severity import Severity
from tests.api.conftest import NOW, AsRole, House
from tests.api.test_alert_routes import RULE
from tests.api.web import Web

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def change(kind: Kind, meter: str, ago: timedelta, episode: int = 1, *, drill: bool = False) -> AlertChange:
    at = NOW - ago
    return AlertChange(
        rule="combustible-1", meter=meter, episode=episode, kind=kind, at=at, known_at=at, before=Phase.OK,
        after=Phase.FIRING, severity=Severity.LARGER, drill=drill,
    )  # fmt: skip


def copy(house: House, *changes: AlertChange) -> None:
    numbered = [Numbered(number, one) for number, one in enumerate(sorted(changes, key=lambda c: c.known_at), 1)]
    alerts.copy(house.engine, records={}, changes=numbered, notices=[])


@pytest.fixture
def lived(house: House) -> None:
    """A week: one source that chatters, one that nobody acknowledged, one of another enterprise, and a drill."""
    chattering = [
        change(kind, "e01-main", DAY - n * MINUTE / 6 - after, n + 1)
        for n in range(3)
        for kind, after in ((Kind.RAISED, 0 * MINUTE), (Kind.CLEARED, MINUTE / 20))
    ]
    copy(
        house,
        *chattering,
        change(Kind.ACKNOWLEDGED, "e01-main", DAY - MINUTE),
        change(Kind.RAISED, "e02-main", 2 * DAY),
        change(Kind.RAISED, "e01-main", 3 * DAY, 9, drill=True),
    )


@pytest.mark.usefixtures("lived")
def test_the_report_counts_what_came_from_where_and_holds_it_against_its_targets(admin: Web) -> None:
    found = admin.get("/api/v1/alerts/report").json()
    assert found["raised"] == 4, "a drill is none"
    assert found["severities"] == {"larger": 4}
    assert [(one["meter"], one["raised"], one["chattering"]) for one in found["actors"]] == [
        ("e01-main", 3, 1),
        ("e02-main", 1, 0),
    ]
    assert found["actors"][0]["rule_name"] == "可燃气体一级报警"
    assert [(one["meter"], one["open"], one["seconds"]) for one in found["stale"]] == [("e02-main", True, 172_800)]
    grades = {one["id"]: one["grade"] for one in found["targets"]}
    assert grades["chattering"] == "poor"
    assert grades["per_hour"] == "good"
    assert sum(one["raised"] for one in found["shifts"]) == 4


@pytest.mark.usefixtures("lived")
def test_an_enterprise_sees_its_own_alarms_and_no_others(as_role: AsRole) -> None:
    client = as_role("enterprise")
    assert client.get("/api/v1/alerts/report").json()["raised"] == 3
    assert client.get("/api/v1/alerts/report", params={"enterprise": "e02"}).status_code == 404


@pytest.mark.usefixtures("lived")
def test_the_workbook_has_the_same_figures(admin: Web) -> None:
    answer = admin.get("/api/v1/alerts/report.xlsx")
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["总览", "告警源", "抖动", "久未消除", "泛滥", "班次", "月份"]
    facts = {row[0].value: row[1].value for row in book["总览"].iter_rows(max_row=8)}
    assert facts["告警总数"] == 4
    assert [cell.value for cell in book["告警源"][2]][2:5] == ["combustible-1", "e01-main", 3]
    assert book["久未消除"]["H2"].value == 48
    english = admin.get("/api/v1/alerts/report.xlsx", headers={"Accept-Language": "en"})
    assert load_workbook(BytesIO(english.content)).sheetnames[0] == "Summary"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"start": "2026-11-24T00:00:00Z"}, 422),
        ({"start": "2020-01-01T00:00:00Z"}, 422),
        ({"operators": "0"}, 422),
        ({"enterprise": "e99"}, 404),
    ],
)
def test_a_time_that_is_none_is_refused(admin: Web, given: dict[str, str], status: int) -> None:
    assert admin.get("/api/v1/alerts/report", params=given).status_code == status


def test_what_has_burned_since_before_anybody_looks_back_is_on_the_report(house: House, admin: Web) -> None:
    long_ago = NOW - 100 * DAY
    record = AlertRecord(
        rule="combustible-1", meter="e01-main", episode=1, phase=Phase.FIRING, since=long_ago, raised_at=long_ago,
        severity=Severity.LARGER,
    )  # fmt: skip
    alerts.copy(house.engine, records={Key("combustible-1", "e01-main"): record}, changes=[], notices=[])
    house.services.alarms.refresh()
    [stale] = admin.get("/api/v1/alerts/report").json()["stale"]
    assert stale["seconds"] == 100 * 86_400


def test_a_rule_is_tried_on_what_is_stored(house: House, admin: Web) -> None:
    house.telemetry.write(
        [
            Reading("e01-main", "p", 600.0 if 10 <= minute < 20 else 100.0, NOW - timedelta(minutes=60 - minute), 0)
            for minute in range(60)
        ]
    )
    given = {"text": RULE, "start": (NOW - timedelta(hours=2)).isoformat(), "meters": ["e01-main", "e02-main"]}
    found = admin.post("/api/v1/rules/backtest", json=given).json()
    assert (found["meters"], found["unheard"], found["raised"], found["burned"]) == (2, 1, 1, 600.0)
    [episode] = found["episodes"]
    assert (episode["meter"], episode["seconds"], episode["value"]) == ("e01-main", 600.0, 600.0)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 422),
        ({"rule": "combustible-1", "text": RULE}, 422),
        ({"rule": "nobody"}, 404),
        ({"rule": "meter-silent", "meters": ["nobody"]}, 404),
        ({"text": "rules: []"}, 422),
        ({"text": RULE, "start": "2026-11-24T00:00:00Z"}, 422),
    ],
)
def test_what_cannot_be_tried_is_refused(admin: Web, given: dict[str, object], status: int) -> None:
    rules = {rule["id"] for rule in admin.get("/api/v1/rules").json()["items"]}
    if given.get("rule") == "meter-silent":
        given = {**given, "rule": min(rules)}
    assert admin.post("/api/v1/rules/backtest", json=given).status_code == status


def test_more_history_than_an_answer_can_wait_for_is_refused_with_what_to_do(admin: Web) -> None:
    given = {"text": RULE, "start": (NOW - 366 * DAY).isoformat()}
    answer = admin.post("/api/v1/rules/backtest", json=given)
    assert answer.status_code == 422
    assert "smartpark rules backtest" in answer.json()["detail"]


@pytest.mark.parametrize("role", ["viewer", "enterprise"])
def test_who_keeps_no_rules_tries_none(as_role: AsRole, role: str) -> None:
    assert as_role(role).post("/api/v1/rules/backtest", json={"text": RULE}).status_code == 403
