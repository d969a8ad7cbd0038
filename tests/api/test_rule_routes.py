"""Rules over the API: every mistake at its place, and what is shipped is adjusted and never rewritten."""

import pytest

from adapters.relational import receivers, rules_store
from api.rule_body import TEXT
from tests.api.conftest import AsRole, House
from tests.api.test_alert_routes import RULE
from tests.api.web import Web


@pytest.fixture
def safety(as_role: AsRole) -> Web:
    return as_role("safety")


def test_a_rule_is_tried_before_it_counts(safety: Web) -> None:
    told = safety.post("/api/v1/rules/check", json={"text": RULE}).json()
    assert (told["good"], told["id"], told["meters"], told["examples"]) == (True, "high-p", ["e01-main", "e02-main"], 1)
    assert told["condition"] == "有功功率 > 500 kW"
    assert safety.get("/api/v1/rules/high-p").status_code == 404


def test_the_example_of_the_description_is_a_rule_that_could_be_kept(safety: Web) -> None:
    told = safety.post("/api/v1/rules/check", json={"text": TEXT}).json()
    assert (told["mistakes"], told["examples"]) == ([], 1)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("500 kW", "500 mg/m³", "rules[0].when.above"),
        ("silence: keep", "quiet: keep", "rules[0].quiet"),
        ("[e01, e02]", "[e01, e07]", "rules[0].scope.enterprises"),
        ('".FF."', '".F.."', "rules[0].timelines[0].phases"),
        ("rules:", "rule:", "rule"),
    ],
)
def test_every_mistake_has_its_place_and_line(safety: Web, old: str, new: str, path: str) -> None:
    told = safety.post("/api/v1/rules/check", json={"text": RULE.replace(old, new)}).json()
    assert not told["good"]
    assert any(one["path"].startswith(path) for one in told["mistakes"])
    assert all(one["sentence"] for one in told["mistakes"])
    kept = safety.post("/api/v1/rules", json={"text": RULE.replace(old, new)})
    assert kept.status_code == 422


def test_a_text_of_two_rules_or_of_none_is_refused(safety: Web) -> None:
    body = RULE.removeprefix("rules:\n")
    two = RULE + body.replace("high-p", "higher-p")
    for text in (two, "rules: []", "", "- 1", "rules: ["):
        assert not safety.post("/api/v1/rules/check", json={"text": text}).json()["good"], text


def test_a_rule_made_here_is_rewritten_with_a_reason_and_withdrawn(house: House, safety: Web) -> None:
    made = safety.post("/api/v1/rules", json={"text": RULE})
    assert (made.status_code, made.json()["revision"], made.json()["meters"]) == (201, 1, 2)
    assert safety.post("/api/v1/rules", json={"text": RULE}).status_code == 409
    hotter = RULE.replace("500 kW", "550 kW")
    assert safety.put("/api/v1/rules/high-p", json={"text": hotter}).status_code == 422
    put = safety.put("/api/v1/rules/high-p", json={"text": hotter, "reason": "扩容"})
    assert (put.status_code, put.json()["revision"]) == (200, 2)
    other = RULE.replace("id: high-p", "id: other")
    assert safety.put("/api/v1/rules/high-p", json={"text": other, "reason": "x"}).status_code == 422
    assert safety.delete("/api/v1/rules/high-p?reason=停用").status_code == 204
    assert safety.get("/api/v1/rules/high-p").status_code == 404
    told = safety.get("/api/v1/rules/high-p/revisions").json()["items"]
    assert [one["revision"] for one in told] == [3, 2, 1]
    assert rules_store.load(house.engine) == ()


def test_limits_of_single_meters_are_set_with_a_reason_and_their_unit(safety: Web) -> None:
    safety.post("/api/v1/rules", json={"text": RULE})
    path = "/api/v1/rules/high-p/adjustment"
    limits = {"e01-main": "0.3 MW"}
    assert safety.put(path, json={"limits": limits}).status_code == 422
    assert safety.put(path, json={"limits": {"e01-main": "3 bar"}, "reason": "x"}).status_code == 422
    assert safety.put(path, json={"limits": {"e77": "3 kW"}, "reason": "x"}).status_code == 422
    told = safety.put(path, json={"limits": limits, "reason": "合同容量"}).json()
    assert told["limits"] == {"e01-main": "有功功率 > 300 kW"}
    assert told["adjusted"] == {"limits": limits}
    off = safety.put(path, json={"enabled": False, "reason": "停产"}).json()
    assert (off["enabled"], off["meters"], off["limits"]) == (False, 0, {})
    assert [one["what"] for one in safety.get("/api/v1/rules/high-p/revisions").json()["items"]].count(
        "adjustment"
    ) == 2


def test_a_shipped_rule_is_adjusted_and_never_rewritten_or_withdrawn(safety: Web) -> None:
    shipped = next(one for one in safety.get("/api/v1/rules").json()["items"] if one["source"] == "file")
    text = RULE.replace("id: high-p", f"id: {shipped['id']}")
    assert safety.put(f"/api/v1/rules/{shipped['id']}", json={"text": text, "reason": "x"}).status_code == 409
    assert safety.delete(f"/api/v1/rules/{shipped['id']}?reason=x").status_code == 409
    assert safety.post("/api/v1/rules", json={"text": text}).status_code == 409
    wish = {"enabled": not shipped["enabled"], "reason": "x"}
    told = safety.put(f"/api/v1/rules/{shipped['id']}/adjustment", json=wish).json()
    assert told["enabled"] is not shipped["enabled"]


def test_an_enterprise_sees_the_rules_that_watch_it_and_no_limits_of_others(safety: Web, as_role: AsRole) -> None:
    safety.post("/api/v1/rules", json={"text": RULE})
    limits = {"e01-main": "300 kW", "e02-main": "200 kW"}
    safety.put("/api/v1/rules/high-p/adjustment", json={"limits": limits, "reason": "x"})
    web = as_role("enterprise")
    told = web.get("/api/v1/rules/high-p").json()
    assert (set(told["limits"]), told["adjusted"], told["meters"]) == (
        {"e01-main"},
        {"limits": {"e01-main": "300 kW"}},
        1,
    )
    assert (told["written"], told["scope"]) == (None, {})
    safety.put("/api/v1/rules/high-p/adjustment", json={"enabled": False, "reason": "x"})
    assert web.get("/api/v1/rules/high-p").status_code == 404


def test_how_a_receiver_is_reached_goes_in_and_never_comes_out(house: House, safety: Web, as_role: AsRole) -> None:
    given = {"name": "值班群", "way": "webhook", "quiet": {"start": "22:00", "end": "07:00"}}
    assert safety.put("/api/v1/receivers/duty", json=given).status_code == 422
    secrets = {"address": "https://example.test/hook-token", "secret": "signing-key"}
    put = safety.put("/api/v1/receivers/duty", json=given | secrets)
    assert (put.json()["reached"], put.json()["signed"]) == (True, True)
    again = safety.put("/api/v1/receivers/duty", json=given | {"name": "夜班群"})
    assert (again.json()["reached"], again.json()["quiet"]["start"]) == (True, "22:00:00")
    [contact] = receivers.load(house.engine)
    assert (contact.address, contact.secret) == (secrets["address"], secrets["secret"])
    everything = (
        safety.get("/api/v1/receivers").text + as_role("admin").get("/api/v1/audit").text + put.text + again.text
    )
    assert "hook-token" not in everything
    assert "signing-key" not in everything
    assert safety.delete("/api/v1/receivers/duty").status_code == 204
    assert safety.delete("/api/v1/receivers/duty").status_code == 404


def test_shifts_and_work_are_announced_and_taken_back(safety: Web) -> None:
    safety.put("/api/v1/receivers/duty", json={"name": "值班群", "way": "mqtt"})
    times = {"start": "2026-11-23T08:00:00+08:00", "end": "2026-11-23T20:00:00+08:00"}
    shifts = safety.post("/api/v1/roster", json={"shifts": [{"receiver": "duty", "people": "王丽", **times}]})
    assert (shifts.status_code, shifts.json()["items"][0]["now"]) == (201, True)
    work = safety.post("/api/v1/maintenance", json={"reason": "标定", "meters": ["e01-main"], **times})
    assert (work.status_code, work.json()["now"]) == (201, True)
    unknown = safety.post("/api/v1/maintenance", json={"reason": "标定", "meters": ["e07"], **times})
    assert unknown.json()["mistakes"][0]["path"] == "meters"
    for path, made in (("roster", shifts.json()["items"][0]), ("maintenance", work.json())):
        assert [one["id"] for one in safety.get(f"/api/v1/{path}").json()["items"]] == [made["id"]]
        assert safety.delete(f"/api/v1/{path}/{made['id']}").status_code == 204
        assert safety.get(f"/api/v1/{path}").json()["items"] == []
        assert safety.delete(f"/api/v1/{path}/{made['id']}").status_code == 404
