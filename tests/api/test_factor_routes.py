"""Factors and policies over HTTP: what applies and why, people's own with evidence, a park's choices."""

from typing import Any

import pytest

from adapters.relational import audit
from tests.api.conftest import AsRole, House
from tests.api.web import Web

GAS: dict[str, Any] = {
    "enterprise": "e01",
    "key": "natural_gas",
    "purpose": "energy_calorific",
    "unit": "kgce/Nm³",
    "measured": {"ncv": 35.5, "unit": "MJ/Nm³"},
    "source": "供气合同附件 3",
}
EN = {"Accept-Language": "en"}
SELECTION = "/api/v1/factors/selection"


def selected(web: Web, **asked: str) -> dict[str, Any]:
    answer = web.get(SELECTION, params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_shipped_factors_are_listed_by_what_is_asked_for(admin: Web) -> None:
    asked = {"key": "electricity", "purpose": "carbon", "data_year": "2023", "region": "shaanxi"}
    [found] = admin.get("/api/v1/factors", params=asked).json()["items"]
    assert (found["value"], found["unit"], found["verified"]) == (0.6335, "kgCO2/kWh", True)
    assert "第 47 号" in found["source"]
    assert found["published"] == "2025-12-31"


def test_pages_join_without_gap_or_repeat(admin: Web) -> None:
    whole = admin.get("/api/v1/factors", params={"limit": 1000}).json()["items"]
    paged, cursor = [], None
    while True:
        page = admin.get("/api/v1/factors", params={"limit": 17} | ({"cursor": cursor} if cursor else {})).json()
        paged += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [one["id"] for one in paged] == [one["id"] for one in whole]
    assert len(whole) > 60


def test_the_factor_of_a_term_comes_with_its_reason(admin: Web) -> None:
    found = selected(admin, carrier="electricity", term="2026-10", purpose="carbon")
    assert found["factor"]["value"] == 0.6335
    assert "2023 年数据" in found["why"]
    assert found["policy"] == 0


def test_where_none_applies_the_answer_says_how_to_mend_it(admin: Web) -> None:
    answer = admin.get(
        SELECTION, params={"carrier": "electricity", "term": "2018", "purpose": "carbon"}, headers=EN
    ).json()
    assert answer["factor"] is None
    assert "earliest data there are belong to 2021" in answer["why"]


@pytest.mark.parametrize(
    ("name", "asked", "status", "words"),
    [
        ("a term of no form", {"carrier": "water", "term": "Oct 2026", "purpose": "carbon"}, 422, "2026-Q3"),
        ("an unknown carrier", {"carrier": "gold", "term": "2026", "purpose": "carbon"}, 404, "gold"),
        ("an unknown purpose", {"carrier": "water", "term": "2026", "purpose": "joy"}, 422, "query.purpose"),
        ("an unknown park", {"carrier": "water", "term": "2026", "purpose": "carbon", "park": "x"}, 404, "x"),
        ("an unknown enterprise", {"carrier": "water", "term": "2026", "purpose": "carbon", "enterprise": "e9"}, 404,
         "e9"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_refused_with_its_reason(
    admin: Web, name: str, asked: dict[str, str], status: int, words: str
) -> None:
    answer = admin.get(SELECTION, params=asked)
    assert answer.status_code == status, name
    assert words in answer.text, name


def test_an_own_factor_is_added_applied_corrected_and_taken_back(house: House, admin: Web) -> None:
    made = admin.post("/api/v1/factors", json=GAS)
    assert made.status_code == 201, made.text
    assert made.json()["factor"]["value"] == pytest.approx(1.21129, abs=1e-5)
    asked = {"carrier": "natural_gas", "term": "2026-10", "purpose": "energy_equivalent", "enterprise": "e01"}
    assert selected(admin, **asked)["factor"]["id"] == "own/1/r1"
    assert selected(admin, **asked | {"enterprise": "e02"})["factor"]["value"] == 1.33

    better = GAS | {"measured": {"ncv": 36.0, "unit": "MJ/Nm³"}}
    refused = admin.put("/api/v1/factors/own/1", json=better)
    assert refused.status_code == 422
    assert refused.json()["mistakes"][0]["path"] == "body.reason"
    changed = admin.put("/api/v1/factors/own/1", json=better | {"reason": "新气质报告"})
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)

    gone = admin.post("/api/v1/factors/own/1/withdraw", json={"reason": "报告作废"})
    assert (gone.status_code, gone.json()["withdrawn"]) == (200, True)
    assert selected(admin, **asked)["factor"]["value"] == 1.33
    again = admin.put("/api/v1/factors/own/1", json=GAS | {"reason": "恢复"})
    assert again.status_code == 422
    assert "已撤回" in again.json()["detail"]

    told = admin.get("/api/v1/factors/own/1/revisions").json()["items"]
    assert [(one["revision"], one["reason"]) for one in told] == [(3, "报告作废"), (2, "新气质报告"), (1, "")]
    assert [one["number"] for one in admin.get("/api/v1/factors/own").json()["items"]] == [1]
    entries, _ = audit.entries(house.engine, 3)
    assert [one.action for one in entries] == ["factor.withdraw", "factor.change", "factor.create"]


def test_every_mistake_of_an_entry_is_named_with_its_place_in_the_language_asked_for(admin: Web) -> None:
    bad = GAS | {"purpose": "joy", "source": "", "colour": "red", "published": "soon"}
    for headers, words in (({}, "没有这一项"), (EN, "There is no such field")):
        answer = admin.post("/api/v1/factors", json=bad, headers=headers)
        assert answer.status_code == 422
        found = {one["path"]: one["sentence"] for one in answer.json()["mistakes"]}
        assert set(found) == {"body.purpose", "body.source", "body.colour", "body.published"}
        assert words in found["body.colour"]
    assert admin.get("/api/v1/factors/own").json()["items"] == []


@pytest.mark.parametrize("owner", [{"enterprise": "e99"}, {"enterprise": None, "park": "nowhere"}])
def test_an_owner_that_is_not_in_the_registry_does_not_exist(admin: Web, owner: dict[str, Any]) -> None:
    assert admin.post("/api/v1/factors", json=GAS | owner).status_code == 404


def test_steam_takes_its_feed_water_from_the_policy(admin: Web) -> None:
    steam = {
        "park": "hk",
        "key": "steam",
        "purpose": "heat_content",
        "unit": "GJ/t",
        "source": "流量计",
        "steam": {"pressure": 0.8, "unit": "MPa", "reference": "gauge", "temperature": 200},
    }
    whole = admin.post("/api/v1/factors", json=steam).json()["factor"]["value"]
    assert admin.put("/api/v1/policies/hk", json={"feed_water_kj_kg": 84}).status_code == 200
    less = admin.post("/api/v1/factors", json=steam).json()["factor"]["value"]
    assert whole - less == pytest.approx(0.084, abs=1e-6)


def test_what_is_not_there_cannot_be_corrected(admin: Web) -> None:
    assert admin.put("/api/v1/factors/own/9", json=GAS | {"reason": "x"}).status_code == 404
    assert admin.post("/api/v1/factors/own/9/withdraw", json={"reason": "x"}).status_code == 404
    assert admin.get("/api/v1/factors/own/9/revisions").status_code == 404


# --- policies ---------------------------------------------------------------------------------------------------------


def test_a_policy_is_the_default_until_somebody_decides(admin: Web) -> None:
    first = admin.get("/api/v1/policies/hk").json()
    assert (first["revision"], first["basis"], first["region"], first["counted"]) == (0, "equivalent", "shaanxi", [])
    decided = admin.put(
        "/api/v1/policies/hk", json={"region": "national", "counted": ["water"], "reason": "按市里评价口径"}
    )
    assert decided.status_code == 200, decided.text
    assert (decided.json()["revision"], decided.json()["who"], decided.json()["basis"]) == (
        1, "key:admin", "equivalent",
    )  # fmt: skip
    assert selected(admin, carrier="electricity", term="2023", purpose="carbon") == {
        "factor": admin.get(
            "/api/v1/factors",
            params={"key": "electricity", "purpose": "carbon", "data_year": 2023, "region": "national"},
        ).json()["items"][0],
        "why": selected(admin, carrier="electricity", term="2023", purpose="carbon")["why"],
        "policy": 1,
    }
    assert [one["revision"] for one in admin.get("/api/v1/policies/hk/revisions").json()["items"]] == [1]


def test_what_get_gives_put_takes_and_nothing_changes(admin: Web) -> None:
    before = admin.get("/api/v1/policies/hk").json()
    answer = admin.put("/api/v1/policies/hk", json=before)
    assert answer.status_code == 200, answer.text
    assert answer.json() == before


def test_every_mistake_of_a_policy_is_named(admin: Web) -> None:
    answer = admin.put("/api/v1/policies/hk", json={"region": "mars", "counted": ["gold"], "final_coverage": 95})
    assert answer.status_code == 422
    assert {one["path"] for one in answer.json()["mistakes"]} == {
        "body.region", "body.counted[0]", "body.final_coverage",
    }  # fmt: skip
    assert admin.get("/api/v1/policies/hk").json()["revision"] == 0


# --- who may ----------------------------------------------------------------------------------------------------------


def test_another_enterprises_own_factor_does_not_exist_for_an_enterprise(admin: Web, as_role: AsRole) -> None:
    admin.post("/api/v1/factors", json=GAS | {"enterprise": "e02", "source": "毛绒玩具厂合同"})
    admin.post("/api/v1/factors", json=GAS)
    web = as_role("enterprise")
    assert [one["number"] for one in web.get("/api/v1/factors/own").json()["items"]] == [2]
    assert "e02" not in web.get("/api/v1/factors", params={"limit": 1000}).text
    there, missing = web.get("/api/v1/factors/own/1/revisions"), web.get("/api/v1/factors/own/7/revisions")
    assert there.status_code == missing.status_code == 404
    assert there.text.replace("1", "7") == missing.text.replace("1", "7")
    asked = {"carrier": "natural_gas", "term": "2026", "purpose": "energy_calorific"}
    assert selected(web, **asked)["factor"]["id"] == "own/2/r1"
    assert web.get(SELECTION, params=asked | {"enterprise": "e02"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/factors"),
        ("PUT", "/api/v1/factors/own/1"),
        ("POST", "/api/v1/factors/own/1/withdraw"),
        ("PUT", "/api/v1/policies/hk"),
    ],
)
def test_only_who_keeps_the_accounts_may_write(house: House, as_role: AsRole, method: str, path: str) -> None:
    let_in = {role for role in house.keys if as_role(role).request(method, path, json={}).status_code != 403}
    assert let_in == {"operator", "admin"}
