"""Whatever goes wrong is told as a problem, in the asker's language, and never more than is good for it."""

import re
from collections.abc import AsyncIterator
from string import Formatter

import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy.exc import OperationalError

from api import language
from api.body_limit import LIMIT
from api.headers import SECURITY
from api.mistake import SENTENCES
from api.words import NOUNS, WORDS
from park.telemetry import StoreUnavailable
from tests.api.conftest import House
from tests.api.web import Web


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nothing", 404, "no_page"),
        ("GET", "/api/v1/nothing", 404, "no_page"),
        ("PATCH", "/api/v1/meters", 405, "wrong_method"),
        ("GET", "/api/v1/meters/nothing", 404, "no_such"),
        ("GET", "/api/v1/readings", 422, "mistakes"),
    ],
)
def test_each_error_is_a_problem(admin: Web, method: str, path: str, status: int, kind: str) -> None:
    answer = admin.request(method, path)
    told = answer.json()
    assert answer.status_code == told["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(told) - {"mistakes"} == {"type", "title", "status", "detail", "instance"}
    assert told["type"] == f"urn:smartpark:problem:{kind}"
    assert told["instance"] == path
    assert answer.headers["content-language"] == "zh"
    english = admin.request(method, path, headers={"Accept-Language": "en"})
    assert english.json()["title"] == WORDS[kind].en
    assert not re.search("[一-鿿]", english.text)


@pytest.mark.parametrize("key", WORDS)
def test_each_problem_says_the_same_in_both_languages_with_the_same_parts(key: str) -> None:
    words = WORDS[key]
    assert 400 <= words.status < 600
    parts = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (words.zh_detail, words.en_detail)]
    assert parts[0] == parts[1]
    assert not re.search("[一-鿿]", words.en + words.en_detail)


@pytest.mark.parametrize("kind", SENTENCES)
def test_each_mistake_says_the_same_in_both_languages_with_the_same_parts(kind: str) -> None:
    parts = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in SENTENCES[kind]]
    assert parts[0] == parts[1]


def test_each_noun_has_both_languages() -> None:
    assert all(zh and en for zh, en in NOUNS.values())


def test_an_error_inside_is_told_by_a_number_and_nothing_else(house: House, admin: Web) -> None:
    answer = _raising(house, admin, RuntimeError("password=hunter2 at /home/x"))
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert re.search(r"编号 [0-9a-f]{8}", answer.json()["detail"])
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (StoreUnavailable("disk on fire at /secret"), "telemetry_unavailable"),
        (OperationalError("select secret", None, Exception("secret")), "database_unavailable"),
    ],
)
def test_a_part_that_is_away_says_come_again(house: House, admin: Web, error: Exception, kind: str) -> None:
    answer = _raising(house, admin, error)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["type"] == f"urn:smartpark:problem:{kind}"
    assert "secret" not in answer.text


def _raising(house: House, admin: Web, error: Exception) -> httpx.Response:
    router = APIRouter()

    @router.get("/raise")
    def fail() -> None:
        raise error

    house.app.include_router(router)
    return admin.get("/raise")


def test_a_large_body_is_refused_whether_it_says_so_or_not(admin: Web) -> None:
    big = b"[" + b"1," * (LIMIT // 2) + b"1]"

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(big), 65_536):
            yield big[start : start + 65_536]

    headers = {"Content-Type": "application/json"}
    for content in (big, pieces()):
        answer = admin.put("/api/v1/meters/e01-cold", content=content, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:smartpark:problem:too_large")
        assert str(LIMIT) in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/meters", "/nothing", "/api/v1/nothing"])
@pytest.mark.parametrize("role", ["nobody", "admin"])
def test_every_answer_carries_the_security_headers(request: pytest.FixtureRequest, path: str, role: str) -> None:
    web: Web = request.getfixturevalue(role)
    answer = web.get(path)
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert answer.headers.get("cache-control") == ("no-store" if path.startswith("/api/") else None)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr, en;q=0.3, zh;q=0.2", "en"),
        ("fr", "zh"),
        ("en;q=0", "zh"),
        ("en;q=many", "zh"),
        (";;;,,,q=", "zh"),
    ],
)
def test_the_language_is_the_best_one_asked_for_else_the_installations(accept: str, chosen: str) -> None:
    assert language.choose(accept) == chosen
