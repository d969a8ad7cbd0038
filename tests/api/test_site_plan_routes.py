"""The plan over the API: a picture told by its bytes, points that are moved, nothing of others for an enterprise."""

import pytest

from adapters.relational import audit
from api.body_limit import LIMIT
from park.picture import MOST_BYTES
from park.severity import Severity
from tests.api.conftest import AsRole, House
from tests.api.test_alert_routes import burning, copy
from tests.api.web import Web
from tests.park.test_picture import jpeg, png

PLAN = "/api/v1/plan"
IMAGE = {"Content-Type": "image/png"}


@pytest.fixture
def operator(as_role: AsRole) -> Web:
    return as_role("operator")


def by_meter(web: Web) -> dict[str, dict[str, object]]:
    return {one["meter"]: one for one in web.get(PLAN).json()["points"]}


def test_every_point_is_there_at_once_and_says_how_it_stands(house: House, operator: Web) -> None:
    copy(house, burning("e02-main", Severity.MAJOR), burning("e01", Severity.GENERAL))
    found = by_meter(operator)
    assert {name: (one["state"], one["severity"], one["unanswered"], one["x"]) for name, one in found.items()} == {
        "e01": ("burning", "general", True, None),
        "e01-main": ("never", "", False, None),
        "e01-water": ("never", "", False, None),
        "e02-main": ("burning", "major", True, None),
    }
    assert operator.get(PLAN).json()["picture"] is None


def test_a_picture_is_kept_as_it_was_sent_and_replaced_and_taken_away(house: House, operator: Web) -> None:
    for content, media, width in ((png(80, 64), "image/png", 80), (jpeg(90, 70), "image/jpeg", 90)):
        answer = operator.put(PLAN, content=content, headers=IMAGE)  # what it says it is does not count
        assert (answer.json()["picture"]["media"], answer.json()["picture"]["width"]) == (media, width)
        sent = operator.get(f"{PLAN}/picture")
        assert (sent.content, sent.headers["content-type"]) == (content, media)
    assert operator.delete(f"{PLAN}/picture").status_code == 204
    assert operator.get(f"{PLAN}/picture").status_code == 404
    assert operator.delete(f"{PLAN}/picture").status_code == 404
    actions = [(one.who, one.action) for one in audit.entries(house.engine)[0]][:3]
    assert actions == [
        ("key:operator", "plan.delete"),
        ("key:operator", "plan.change"),
        ("key:operator", "plan.change"),
    ]


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"<svg><script>alert(1)</script></svg>", 422, "不是 PNG、JPEG 或 WebP"),
        (png(64, 64)[:-14], 422, "不完整"),
        (bytes(MOST_BYTES + 1), 413, str(MOST_BYTES)),
        (png(64, 64) + bytes(LIMIT), 422, "不完整"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(operator: Web, content: bytes, status: int, words: str) -> None:
    answer = operator.put(PLAN, content=content, headers=IMAGE)
    assert (answer.status_code, words in answer.text) == (status, True)
    assert operator.get(PLAN).json()["picture"] is None


def test_points_are_moved_and_taken_off_and_the_others_stay(operator: Web) -> None:
    points = [{"meter": "e01-main", "x": 0.25, "y": 1}, {"meter": "e02-main", "x": 0, "y": 0.5}]
    assert operator.put(PLAN, json={"points": points}).status_code == 200
    operator.put(PLAN, json={"points": [{"meter": "e02-main"}]})
    found = by_meter(operator)
    assert (found["e01-main"]["x"], found["e01-main"]["y"], found["e02-main"]["x"]) == (0.25, 1.0, None)


@pytest.mark.parametrize(
    ("points", "place"),
    [
        ([{"meter": "e01-main", "x": 0.5, "y": 0.5}, {"meter": "e99", "x": 0, "y": 0}], "points[1].meter"),
        ([{"meter": "e01-main", "x": 1.1, "y": 0.5}], "body.points[0].x"),
        ([{"meter": "e01-main", "x": 0.5}], "body.points[0]"),
        ([], "body.points"),
    ],
)
def test_a_wrong_place_is_named_and_nothing_moves(operator: Web, points: list[object], place: str) -> None:
    answer = operator.put(PLAN, json={"points": points})
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["mistakes"]] == [place]
    assert by_meter(operator)["e01-main"]["x"] is None


def test_an_enterprise_sees_its_own_points_and_no_picture(house: House, as_role: AsRole, operator: Web) -> None:
    copy(house, burning("e02-main"), burning("e01-main"))
    operator.put(PLAN, content=png(64, 64), headers=IMAGE)
    operator.put(PLAN, json={"points": [{"meter": "e01-main", "x": 0.5, "y": 0.5}]})
    own = as_role("enterprise")
    assert own.get(PLAN).json()["picture"] is None
    assert {name: (one["state"], one["x"]) for name, one in by_meter(own).items()} == {
        "e01-main": ("burning", None),
        "e01-water": ("never", None),
    }
    assert own.get(f"{PLAN}/picture").status_code == 403


@pytest.mark.parametrize(("method", "path"), [("PUT", PLAN), ("DELETE", f"{PLAN}/picture")])
def test_only_who_keeps_the_registry_draws_the_plan(house: House, as_role: AsRole, method: str, path: str) -> None:
    drew = {role for role in house.keys if as_role(role).request(method, path, json={}).status_code != 403}
    assert drew == {"operator", "admin"}
