"""Every route refuses whoever has no principal, and shows an enterprise user nothing of the others."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from adapters.relational import quarantine
from api.guard import is_open
from park.reading import Reading
from tests.api.conftest import METERS, NOW, AsRole, House
from tests.api.web import Web

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OPEN = {("GET", "/healthz"), ("GET", "/readyz"), ("POST", "/api/v1/session")}


def operations(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Give every method and path the application serves, by its own description."""
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            yield method.upper(), path


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


def test_each_route_but_the_open_ones_refuses_without_a_principal(house: House, nobody: Web) -> None:
    seen = 0
    for method, path in operations(house.app):
        if (method, path) in OPEN:
            continue
        answer = nobody.request(method, filled(path), json={})
        assert answer.status_code == 401, f"{method} {path}"
        assert answer.json()["type"] == "urn:smartpark:problem:no_principal"
        seen += 1
    assert seen > 25


def test_a_route_that_the_description_leaves_out_is_not_served_either(house: House) -> None:
    hidden = [
        getattr(route, "path", route)
        for route in house.app.routes
        if not isinstance(route, APIRoute) and not is_router(route)
    ]
    assert hidden == ["/api/v1/openapi.json"]


def is_router(route: object) -> bool:
    """Tell whether an entry only holds other routes, which the description lists one by one."""
    return type(route).__name__ == "_IncludedRouter"


def test_what_is_no_route_refuses_too(nobody: Web) -> None:
    for path in ("/", "/nothing", "/api/v1/openapi.json", "/docs", "/redoc", "/openapi.json", "/metrics"):
        for method in METHODS:
            assert nobody.request(method, path).status_code == 401, f"{method} {path}"


def test_no_spelling_of_a_path_leads_around_the_guard(nobody: Web) -> None:
    for path in (
        "/static/../api/v1/meters",
        "/static/%2e%2e/api/v1/meters",
        "/_nicegui/../metrics",
        "/healthz/../api/v1/users",
        "//api/v1/meters",
        "/api/v1/session/",
        "/HEALTHZ",
        "/healthz%00",
    ):
        assert nobody.request("GET", path).status_code in {401, 404}, path


def test_only_signing_in_is_open_under_the_sessions_address() -> None:
    assert is_open("POST", "/api/v1/session")
    assert not is_open("DELETE", "/api/v1/session")


def test_a_browser_without_a_session_is_sent_to_the_sign_in_page_and_back(nobody: Web) -> None:
    answer = nobody.get("/meters/e01-main?day=1", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/meters/e01-main%3Fday%3D1")


def test_a_wrong_key_is_refused_as_such_even_beside_nothing_else(nobody: Web) -> None:
    answer = nobody.get("/api/v1/meters", headers={"X-API-Key": "spk_wrong"})
    assert answer.status_code == 401
    assert answer.json()["type"].endswith(":wrong_key")
    assert "spk_wrong" not in answer.text
    assert answer.headers["www-authenticate"].startswith("ApiKey")


def test_a_key_is_taken_as_a_bearer_token_too(house: House, nobody: Web) -> None:
    answer = nobody.get("/api/v1/me", headers={"Authorization": f"Bearer {house.keys['viewer']}"})
    assert answer.json()["name"] == "key:viewer"


def test_an_enterprise_user_sees_no_trace_of_other_enterprises_anywhere(house: House, as_role: AsRole) -> None:
    house.telemetry.write([Reading(meter.id, meter.metrics[0], 1.0, NOW - timedelta(minutes=1)) for meter in METERS])
    house.services.live.seed(house.telemetry.latest([meter.id for meter in METERS]))
    quarantine.insert(
        house.engine,
        [quarantine.NewHeld(NOW, "park/v1/hk/e02/e02-new/data", "e02-new", "unknown_meter", "e02-new", b"")],
    )
    web = as_role("enterprise")
    seen = 0
    for method, path in operations(house.app):
        if method != "GET" or path in {"/api/v1/stream", "/healthz", "/readyz"}:
            continue
        for own in ("e01", "e01-main", "hk"):
            answer = web.get(path.replace("{id}", own), params={"meter": "e01-main", "metric": "p"})
            assert "e02" not in answer.text, path
            assert "毛绒" not in answer.text, path
            assert "Plush" not in answer.text, path
            seen += 1
    assert seen > 30


@pytest.mark.parametrize(
    ("path", "theirs", "nowhere"),
    [
        ("/api/v1/enterprises/{}", "e02", "e99"),
        ("/api/v1/meters/{}", "e02-main", "e99-main"),
        ("/api/v1/meters?enterprise={}", "e02", "e99"),
        ("/api/v1/readings?metric=p&meter={}", "e02-main", "e99-main"),
        ("/api/v1/readings/latest?enterprise={}", "e02", "e99"),
        ("/api/v1/readings/latest?meter={}", "e02-main", "e99-main"),
        ("/api/v1/stream?meter={}", "e02-main", "e99-main"),
        ("/api/v1/stream?enterprise={}", "e02", "e99"),
        ("/api/v1/alerts?enterprise={}", "e02", "e99"),
        ("/api/v1/alerts?meter={}", "e02-main", "e99-main"),
        ("/api/v1/alerts/changes?enterprise={}", "e02", "e99"),
        ("/api/v1/alerts/high-p/{}", "e02-main", "e99-main"),
    ],
)
def test_another_enterprises_thing_answers_exactly_as_one_that_does_not_exist(
    as_role: AsRole, path: str, theirs: str, nowhere: str
) -> None:
    web = as_role("enterprise")
    there, missing = web.get(path.format(theirs)), web.get(path.format(nowhere))
    assert there.status_code == missing.status_code == 404
    assert there.text.replace(theirs, nowhere) == missing.text


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/meters", {"viewer", "safety", "operator", "admin", "enterprise"}),
        ("GET", "/metrics", {"viewer", "safety", "operator", "admin"}),
        ("GET", "/api/v1/quarantine", {"viewer", "safety", "operator", "admin"}),
        ("GET", "/api/v1/quarantine/summary", {"viewer", "safety", "operator", "admin"}),
        ("POST", "/api/v1/quarantine/replay", {"operator", "admin"}),
        ("PUT", "/api/v1/meters/e01-main", {"operator", "admin"}),
        ("DELETE", "/api/v1/meters/nothing", {"operator", "admin"}),
        ("PUT", "/api/v1/enterprises/e01", {"operator", "admin"}),
        ("PUT", "/api/v1/parks/hk", {"operator", "admin"}),
        ("GET", "/api/v1/users", {"admin"}),
        ("POST", "/api/v1/users", {"admin"}),
        ("POST", "/api/v1/keys", {"admin"}),
        ("DELETE", "/api/v1/keys/nothing", {"admin"}),
        ("GET", "/api/v1/audit", {"admin"}),
        ("GET", "/api/v1/alerts", {"viewer", "safety", "operator", "admin", "enterprise"}),
        ("POST", "/api/v1/alerts/a/b/acknowledge", {"safety", "operator", "admin"}),
        ("GET", "/api/v1/rules", {"viewer", "safety", "operator", "admin", "enterprise"}),
        ("POST", "/api/v1/rules", {"safety", "operator", "admin"}),
        ("PUT", "/api/v1/rules/a/adjustment", {"safety", "operator", "admin"}),
        ("GET", "/api/v1/receivers", {"viewer", "safety", "operator", "admin"}),
        ("PUT", "/api/v1/receivers/duty", {"safety", "operator", "admin"}),
        ("POST", "/api/v1/maintenance", {"safety", "operator", "admin"}),
        ("POST", "/api/v1/roster", {"safety", "operator", "admin"}),
        ("GET", "/api/v1/handovers/now", {"viewer", "safety", "operator", "admin"}),
        ("POST", "/api/v1/handovers", {"safety", "operator", "admin"}),
    ],
)
def test_each_role_may_what_it_is_for_and_no_more(
    house: House, as_role: AsRole, method: str, path: str, allowed: set[str]
) -> None:
    let_in = {role for role in house.keys if as_role(role).request(method, path, json={}).status_code != 403}
    assert let_in == allowed


def test_a_refusal_names_the_role_and_the_right_it_takes(as_role: AsRole) -> None:
    told = as_role("viewer").put("/api/v1/meters/e01-main", json={}).json()
    assert "viewer" in told["detail"]
    assert "keep_registry" in told["detail"]
