"""An enterprise's key reads its own series in InfluxQL and nobody else's; what Grafana says of us is written down."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from adapters.duckdb_store import DuckDBStore
from adapters.relational import audit
from adapters.settings import Settings, load
from api import bootstrap
from api.bootstrap import GRAFANA_KEY
from tests.api.conftest import AsRole, House, StillClock, Template
from tests.api.web import Web
from tests.influxd import Influxd

AT = 1_795_420_800_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OWN, OTHERS = "/api/v1/grafana/e01/query", "/api/v1/grafana/e02/query"
ASKED = 'SELECT last("p") AS "p" FROM "electricity" GROUP BY "meter", "enterprise"'
EVERYTHING = 'SELECT * FROM "electricity"'
SECRET = "spk_a-key-that-grafana-has"


@pytest.fixture
def influx_app(
    session_influxd: Influxd,
    settings: Settings,
    database: Engine,
    telemetry: DuckDBStore,
    clock: StillClock,
) -> Iterator[FastAPI]:
    """An application whose settings name a real InfluxDB with two enterprises' readings."""
    session_influxd.ask('CREATE DATABASE "routes_raw"')
    for enterprise, value in (("e01", 1.0), ("e02", 666.0)):
        session_influxd.write(
            "routes_raw", f"electricity,park=hk,enterprise={enterprise},meter={enterprise}-main p={value} {AT}"
        )
    named = load(
        environ={"SMARTPARK_GRAFANA_API_KEY": SECRET},
        data_dir=settings.data_dir,
        telemetry_url=session_influxd.url("routes"),
    )
    yield bootstrap.build(settings=named, engine=database, telemetry=telemetry, clock=clock, console=False)
    session_influxd.ask('DROP DATABASE "routes_raw"')


@pytest.fixture
def enterprise(influx_app: FastAPI, template: Template) -> Iterator[Web]:
    with Web(influx_app, key=template.keys["enterprise"]) as web:
        yield web


@pytest.mark.influx
def test_an_enterprises_key_reads_its_own_series_and_no_trace_of_its_neighbours(enterprise: Web) -> None:
    answer = enterprise.get(OWN, params={"db": "routes_raw", "q": ASKED, "epoch": "ms"})
    assert answer.status_code == 200
    [series] = answer.json()["results"][0]["series"]
    assert series["tags"] == {"enterprise": "e01", "meter": "e01-main"}
    assert series["values"] == [[AT, 1.0]]
    every = "; ".join([ASKED, 'SHOW TAG VALUES WITH KEY = "meter"', f"{EVERYTHING} WHERE \"enterprise\" = 'e02'"])
    answer = enterprise.get(OWN, params={"db": "routes_raw", "q": every})
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == 3
    assert "666" not in answer.text
    assert "e02" not in answer.text


@pytest.mark.influx
def test_a_neighbours_address_answers_an_enterprises_key_as_one_that_does_not_exist(enterprise: Web) -> None:
    for method in ("GET", "POST"):
        theirs = enterprise.request(method, OTHERS, params={"db": "routes_raw", "q": ASKED})
        nowhere = enterprise.request(method, OTHERS.replace("e02", "e99"), params={"db": "routes_raw", "q": ASKED})
        assert theirs.status_code == nowhere.status_code == 404
        assert theirs.text.replace("e02", "e99") == nowhere.text


@pytest.mark.influx
def test_a_question_may_come_in_a_form_as_grafana_posts_it(enterprise: Web) -> None:
    body = urlencode({"q": ASKED})
    answer = enterprise.post(f"{OWN}?db=routes_raw&epoch=ms", content=body, headers=FORM)
    assert answer.json()["results"][0]["series"][0]["values"] == [[AT, 1.0]]


@pytest.mark.influx
@pytest.mark.parametrize(
    ("asked", "key", "words"),
    [
        ({"db": "_internal", "q": ASKED}, "which_bucket", "routes_raw"),
        ({"q": ASKED}, "which_bucket", "routes_raw"),
        ({"db": "routes_raw", "q": ASKED, "epoch": "s"}, "epoch_ms", "epoch"),
        ({"db": "routes_raw", "q": 'DROP MEASUREMENT "electricity"'}, "not_confined", "SELECT"),
        ({"db": "routes_raw", "q": 'SELECT * FROM "electricity"; SELECT * FROM /.*/'}, "not_confined", "/"),
    ],
)
def test_what_is_not_to_be_answered_is_refused_with_what_to_write(
    enterprise: Web, asked: dict[str, str], key: str, words: str
) -> None:
    answer = enterprise.get(OWN, params=asked)
    assert (answer.status_code, answer.json()["type"]) == (422, f"urn:smartpark:problem:{key}")
    assert words in answer.json()["detail"]


@pytest.mark.influx
def test_what_the_server_cannot_read_comes_back_in_its_own_words(enterprise: Web) -> None:
    answer = enterprise.get(OWN, params={"db": "routes_raw", "q": 'SELECT FROM "electricity"'})
    assert answer.status_code == 400
    assert "error parsing query" in answer.json()["error"]


def test_where_there_is_no_influxdb_that_is_said(as_role: AsRole) -> None:
    answer = as_role("enterprise").get(OWN, params={"db": "park_raw", "q": ASKED})
    assert answer.status_code == 409
    assert "SMARTPARK_TELEMETRY_URL" in answer.json()["detail"]


TOLD = {
    "receiver": "smartpark", "status": "firing", "groupKey": "{}", "version": "1", "truncatedAlerts": 0,
    "alerts": [
        {
            "status": "firing", "labels": {"alertname": "no readings", "platform": "store"},
            "annotations": {"summary": "look at the collector"}, "startsAt": "2026-11-23T08:00:00+08:00",
            "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "57c6d9296de2ad39", "values": None,
        }
    ],
}  # fmt: skip


@pytest.mark.influx
def test_the_key_of_the_settings_is_one_that_may_say_that_the_platform_is_silent(
    influx_app: FastAPI, database: Engine
) -> None:
    with Web(influx_app, key=SECRET) as grafana:
        assert grafana.get("/api/v1/me").json()["access"] == "viewer"
        assert grafana.post("/api/v1/platform-alerts", json=TOLD).status_code == 204
    [entry, *_], _ = audit.entries(database)
    assert (entry.who, entry.action, entry.subject) == (f"key:{GRAFANA_KEY}", "platform_alert.begin", "no readings")
    assert entry.after is not None
    assert entry.after["summary"] == "look at the collector"


def test_the_end_of_a_silence_is_another_entry_and_an_enterprise_may_say_neither(house: House, as_role: AsRole) -> None:
    ended = TOLD | {"alerts": [TOLD["alerts"][0] | {"status": "resolved"}]}  # type: ignore[index]
    assert as_role("viewer").post("/api/v1/platform-alerts", json=ended).status_code == 204
    [entry, *_], _ = audit.entries(house.engine)
    assert entry.action == "platform_alert.end"
    assert as_role("enterprise").post("/api/v1/platform-alerts", json=TOLD).status_code == 403


def test_what_is_no_webhook_of_grafanas_is_refused_with_its_place(as_role: AsRole) -> None:
    answer = as_role("viewer").post("/api/v1/platform-alerts", json={"alerts": [{"status": "firing"}]})
    assert answer.status_code == 422
    assert {mistake["path"] for mistake in answer.json()["mistakes"]} == {
        "body.alerts[0].labels",
        "body.alerts[0].startsAt",
    }
