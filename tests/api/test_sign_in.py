"""Signing in with a password, what a session may, and how it ends."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.relational import accounts
from api.session import COOKIE, LIFE, Sessions, secret
from park.principal import Access
from tests.api.conftest import NOW, PASSWORD, PERSON, AsRole, House
from tests.api.web import Web

SAME_SITE = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def person(nobody: Web) -> Web:
    """A browser in which an operator has signed in."""
    answer = nobody.post("/api/v1/session", json={"name": PERSON, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return nobody


def test_a_session_stands_for_its_user(person: Web) -> None:
    assert person.get("/api/v1/me").json() == {
        "name": PERSON,
        "access": "operator",
        "enterprise": None,
        "rights": [
            "answer_alerts",
            "keep_accounts",
            "keep_quarantine",
            "keep_registry",
            "keep_rules",
            "keep_statements",
            "see",
            "see_quarantine",
        ],
        "must_change_password": False,
    }


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(nobody: Web) -> None:
    told = nobody.post("/api/v1/session", json={"name": PERSON, "password": PASSWORD})
    cookie = told.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/", f"max-age={12 * 3600}"))
    assert "secure" not in cookie
    https = nobody.post("https://park.test/api/v1/session", json={"name": PERSON, "password": PASSWORD})
    assert "secure" in https.headers["set-cookie"].lower()
    assert PASSWORD not in told.text


def test_a_write_with_a_cookie_must_come_from_our_own_pages(person: Web) -> None:
    table: list[tuple[dict[str, str], int]] = [
        ({}, 403),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://park.test.evil.test"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://park.test"}, 200),
        (SAME_SITE, 200),
    ]
    for headers, status in table:
        answer = person.put("/api/v1/parks/hk", json={"name": "园区"}, headers=headers)
        assert answer.status_code == status, headers
        assert person.get("/api/v1/parks", headers=headers).status_code == 200  # reading harms nobody


def test_a_key_writes_without_such_a_header(as_role: AsRole) -> None:
    assert as_role("operator").put("/api/v1/parks/hk", json={"name": "园区"}).status_code == 200


def test_signing_out_ends_the_session_and_not_only_its_cookie(person: Web) -> None:
    token = person.cookies[COOKIE]
    assert person.delete("/api/v1/session", headers=SAME_SITE).status_code == 204
    assert COOKIE not in person.cookies
    assert person.get("/api/v1/me", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


def test_a_session_ends_after_twelve_hours(house: House, person: Web) -> None:
    house.clock.forward(LIFE)
    assert person.get("/api/v1/me").status_code == 200
    house.clock.forward(timedelta(seconds=1))
    assert person.get("/api/v1/me").status_code == 401


def test_a_disabled_user_is_out_at_once(house: House, person: Web) -> None:
    accounts.disable_user(house.engine, PERSON, now=NOW, who="test")
    assert person.get("/api/v1/me").status_code == 401
    again = person.post("/api/v1/session", json={"name": PERSON, "password": PASSWORD})
    assert (again.status_code, again.json()["type"]) == (403, "urn:smartpark:problem:disabled")


def test_a_new_password_ends_the_sessions_before_and_keeps_the_one_that_changed_it(house: House, person: Web) -> None:
    before = person.cookies[COOKIE]
    house.clock.forward(timedelta(seconds=1))
    answer = person.put("/api/v1/me/password", json={"present": PASSWORD, "new": PASSWORD + "!"}, headers=SAME_SITE)
    assert answer.status_code == 204
    assert person.get("/api/v1/me").status_code == 200
    assert person.get("/api/v1/me", headers={"Cookie": f"{COOKIE}={before}"}).status_code == 401


def test_a_password_that_cannot_be_is_refused(person: Web) -> None:
    for present, new, status, kind in (
        ("wrong", "long enough 1", 401, "wrong_password"),
        (PASSWORD, PASSWORD, 422, "same_password"),
        (PASSWORD, "short", 422, "refused"),
        (PASSWORD, "", 422, "mistakes"),
    ):
        answer = person.put("/api/v1/me/password", json={"present": present, "new": new}, headers=SAME_SITE)
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:smartpark:problem:{kind}")
        assert PASSWORD not in answer.text


def test_a_key_has_no_password_to_change(admin: Web) -> None:
    answer = admin.put("/api/v1/me/password", json={"present": "x", "new": "y"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:smartpark:problem:key_has_no_password")


def test_with_a_password_for_one_use_nothing_is_open_but_changing_it(house: House, nobody: Web) -> None:
    accounts.create_user(
        house.engine, name="new", password=PASSWORD, access=Access.ADMIN, now=NOW, who="test", must_change=True
    )
    told = nobody.post("/api/v1/session", json={"name": "new", "password": PASSWORD}).json()
    assert told["must_change_password"] is True
    refused = nobody.get("/api/v1/meters")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:smartpark:problem:must_change")
    page = nobody.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/change-password")
    assert nobody.get("/api/v1/me").status_code == 200
    change = {"present": PASSWORD, "new": PASSWORD + "!"}
    assert nobody.put("/api/v1/me/password", json=change, headers=SAME_SITE).status_code == 204
    assert nobody.get("/api/v1/meters").status_code == 200


def test_mistakes_in_a_row_lock_the_name_and_say_for_how_long(house: House, nobody: Web) -> None:
    tries = [nobody.post("/api/v1/session", json={"name": PERSON, "password": "wrong"}) for _ in range(5)]
    assert [answer.status_code for answer in tries] == [401, 401, 401, 401, 429]
    locked = nobody.post("/api/v1/session", json={"name": PERSON, "password": PASSWORD})
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "60")
    assert "1 分钟" in locked.json()["detail"]
    house.clock.forward(timedelta(seconds=61))
    assert nobody.post("/api/v1/session", json={"name": PERSON, "password": PASSWORD}).status_code == 201


def test_a_name_nobody_has_answers_like_a_wrong_password(nobody: Web) -> None:
    known = nobody.post("/api/v1/session", json={"name": PERSON, "password": "wrong"})
    unknown = nobody.post("/api/v1/session", json={"name": "x", "password": "wrong"})
    assert known.json() == unknown.json()


def test_a_form_of_another_site_cannot_sign_in(nobody: Web) -> None:
    answer = nobody.post("/api/v1/session", data={"name": PERSON, "password": PASSWORD})
    assert answer.status_code == 422
    assert PASSWORD not in answer.text


@given(st.text(max_size=300))
def test_no_text_but_our_own_is_a_session(text: str) -> None:
    assert Sessions(b"s" * 32).read(text, NOW) is None


@given(st.text(max_size=64), st.integers(0, 400), st.integers(0, 127))
def test_a_token_is_read_as_written_and_not_with_one_letter_changed(user: str, place: int, letter: int) -> None:
    sessions = Sessions(b"s" * 32)
    token = sessions.issue(user, "1", NOW)
    read = sessions.read(token, NOW)
    assert read is not None
    assert (read.user, read.stamp, read.since) == (user, "1", NOW)
    place %= len(token)
    other = token[:place] + chr(letter) + token[place + 1 :]
    if other != token:
        assert sessions.read(other, NOW) is None


def test_another_installations_token_opens_nothing() -> None:
    assert Sessions(b"b" * 32).read(Sessions(b"a" * 32).issue("w", "1", NOW), NOW) is None


def test_a_token_from_the_future_opens_nothing() -> None:
    sessions = Sessions(b"s" * 32)
    assert sessions.read(sessions.issue("w", "1", NOW + timedelta(hours=1)), NOW) is None


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    made = secret(tmp_path / "new")
    assert len(made) == 32
    assert secret(tmp_path / "new") == made
    [file] = (tmp_path / "new").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
