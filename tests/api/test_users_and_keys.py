"""Users and keys over HTTP: secrets are shown once and never again."""

import pytest

from adapters.relational import audit
from tests.api.conftest import AsRole, House
from tests.api.web import Web


def test_a_new_user_gets_a_password_for_one_use_that_is_shown_once(house: House, admin: Web, nobody: Web) -> None:
    made = admin.post("/api/v1/users", json={"name": "wang.li", "access": "safety"})
    assert made.status_code == 201, made.text
    password = made.json()["one_time_password"]
    assert password not in admin.get("/api/v1/users").text
    assert nobody.post("/api/v1/session", json={"name": "wang.li", "password": password}).status_code == 201
    [entry], _ = audit.entries(house.engine, 1)
    assert (entry.who, entry.action, entry.subject) == ("key:admin", "user.create", "wang.li")
    assert password not in str(entry)


def test_a_user_is_disabled_enabled_and_reset(admin: Web) -> None:
    first = admin.post("/api/v1/users", json={"name": "w", "access": "viewer"}).json()["one_time_password"]
    assert admin.patch("/api/v1/users/w", json={"disabled": True}).json()["disabled_at"] == "2026-11-23T08:00:00+08:00"
    assert admin.patch("/api/v1/users/w", json={"disabled": False}).json()["disabled_at"] is None
    second = admin.patch("/api/v1/users/w", json={"reset_password": True}).json()["one_time_password"]
    assert second not in {None, first}
    assert admin.delete("/api/v1/users/w").status_code == 204
    users = {user["name"]: user for user in admin.get("/api/v1/users").json()["items"]}
    assert users["w"]["disabled_at"] is not None


def test_the_last_administrator_stays(admin: Web) -> None:
    admin.post("/api/v1/users", json={"name": "boss", "access": "admin"})
    for answer in (admin.delete("/api/v1/users/boss"), admin.patch("/api/v1/users/boss", json={"disabled": True})):
        assert (answer.status_code, "boss" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 422, "body.name"),
        ({"name": "w", "access": "king"}, 422, "viewer"),
        ({"name": "w", "access": "viewer", "password": "x"}, 422, "body.password"),
        ({"name": "a b", "access": "viewer"}, 422, "a b"),
        ({"name": "w", "access": "enterprise"}, 422, "企业"),
        ({"name": "w", "access": "enterprise", "enterprise": "e99"}, 422, "e99"),
        ({"name": "w", "access": "admin", "enterprise": "e01"}, 422, "e01"),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/users", "/api/v1/keys"])
def test_one_that_cannot_be_is_refused_with_a_sentence(
    admin: Web, path: str, body: dict[str, str], status: int, says: str
) -> None:
    answer = admin.post(path, json=body)
    assert answer.status_code == status
    assert says in answer.text


def test_a_name_is_given_once(admin: Web) -> None:
    for path in ("/api/v1/users", "/api/v1/keys"):
        assert admin.post(path, json={"name": "w", "access": "viewer"}).status_code == 201
        assert admin.post(path, json={"name": "w", "access": "viewer"}).status_code == 409


def test_a_key_is_shown_once_opens_and_opens_no_more_when_revoked(admin: Web, nobody: Web) -> None:
    made = admin.post("/api/v1/keys", json={"name": "scada", "access": "enterprise", "enterprise": "e02"}).json()
    secret = made["secret"]
    assert secret.endswith(made["hint"])
    assert secret not in admin.get("/api/v1/keys").text + admin.get("/api/v1/audit").text
    told = nobody.get("/api/v1/me", headers={"X-API-Key": secret}).json()
    assert (told["name"], told["enterprise"], told["rights"]) == ("key:scada", "e02", ["see"])
    assert admin.delete("/api/v1/keys/scada").status_code == 204
    assert nobody.get("/api/v1/me", headers={"X-API-Key": secret}).status_code == 401


@pytest.mark.parametrize("path", ["/api/v1/users/nobody", "/api/v1/keys/nothing"])
def test_what_is_not_there_cannot_be_taken_away(admin: Web, path: str) -> None:
    assert admin.delete(path).status_code == 404


def test_lists_are_paged(as_role: AsRole) -> None:
    web = as_role("admin")
    names: list[str] = []
    query: dict[str, object] = {"limit": 2}
    while True:
        told = web.get("/api/v1/keys", params=query).json()
        names += [item["name"] for item in told["items"]]
        if told["next"] is None:
            break
        query["cursor"] = told["next"]
    assert names == sorted(["admin", "enterprise", "operator", "safety", "viewer"])
