"""Schemes, evaluations, what if, the annual plan and projects over HTTP."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from adapters.relational import audit, registry_store, statements
from park import term as terms
from park.place import Enterprise
from park.statement import Statement, Status
from tests.api.conftest import NOW, AsRole, House
from tests.api.web import Web

RULES: dict[str, Any] = {
    "id": "ours",
    "name": "本园方案",
    "cohorts": [
        {
            "key": "all",
            "name": "全部",
            "indicators": [
                {"key": "tax_per_mu", "weight": 60, "benchmark": {"fixed": 10}},
                {"key": "rd_share", "weight": 40, "benchmark": {"fixed": 2}},
            ],
        }
    ],
    "grading": {"mode": "threshold", "A": 90, "B": 70, "C": 50},
    "vetoes": [{"key": "safety", "name": "安全事故"}],
}
RUN = {"park": "hk", "scheme": "ours", "period": "2026"}


@pytest.fixture
def evaluated(house: House, admin: Web) -> dict[str, Any]:
    """An evaluation of two enterprises: 425 ÷ 42.5 = 10 and 60 ÷ 12 = 5 万元/亩, 2 % and 4 % of R&D."""
    registry_store.save_enterprise(
        house.engine, Enterprise("e02", "hk", "安康某毛绒玩具有限公司", "Plush Toys", "2451", 12.0), who="test", now=NOW
    )
    reported = {"e01": (425, 2_000, 40), "e02": (60, 500, 20)}
    statements.save(
        house.engine,
        [
            Statement(
                name,
                terms.read("2025"),
                Status.VERIFIED,
                {"tax": Decimal(tax), "revenue": Decimal(revenue), "rd": Decimal(rd)},
            )
            for name, (tax, revenue, rd) in reported.items()
        ],
        who="test",
        now=NOW,
    )
    assert admin.put("/api/v1/schemes/ours", json=RULES).status_code == 200
    answer = admin.post("/api/v1/evaluations", json=RUN | {"period": "2025", "reason": "年度评价"})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def by_id(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {result["enterprise"]: result for result in answer["results"]}


def test_an_evaluation_has_every_step_and_is_kept_and_found(admin: Web, evaluated: dict[str, Any]) -> None:
    first, second = by_id(evaluated)["e01"], by_id(evaluated)["e02"]
    assert (first["total"], first["grade"], first["rank"]) == (100.0, "A", 2)
    assert (second["total"], second["grade"], second["rank"]) == (110.0, "A", 1)  # 5/10 × 60 + 4/2 × 40
    score = first["scores"][0]
    assert score["step"] == "10 ÷ 10 × 60 = 60"
    assert score["numerator"] == {"value": 425.0, "source": "报表 2025 第 1 版 (核定)", "figure": None}
    assert score["denominator"]["source"] == "企业台账"
    assert evaluated["panels"][0]["value"] == pytest.approx(485 / 54.5)
    assert admin.get(f"/api/v1/evaluations/{evaluated['id']}").json() == evaluated
    listed = admin.get("/api/v1/evaluations", params={"scheme": "ours", "period": "2025"}).json()["items"]
    assert [(one["id"], one["revision"], one["reason"]) for one in listed] == [(evaluated["id"], 1, "年度评价")]
    assert admin.get("/api/v1/evaluations", params={"period": "2024"}).json()["items"] == []


def test_run_again_with_nothing_new_it_is_the_same_revision_and_a_corrected_statement_makes_the_next(
    house: House, admin: Web, evaluated: dict[str, Any]
) -> None:
    again = admin.post("/api/v1/evaluations", json=RUN | {"period": "2025"})
    assert (again.status_code, again.json()) == (200, evaluated)
    corrected = Statement("e01", terms.read("2025"), Status.VERIFIED, {"tax": Decimal(850)})
    statements.save(house.engine, [corrected], who="test", now=NOW, reason="漏报")
    later = admin.post("/api/v1/evaluations", json=RUN | {"period": "2025", "reason": "e01 更正"})
    assert (later.status_code, later.json()["revision"]) == (201, 2)
    assert by_id(later.json())["e01"]["total"] == 160.0
    assert by_id(admin.get(f"/api/v1/evaluations/{evaluated['id']}").json())["e01"]["total"] == 100.0


def test_what_is_missing_is_told_and_not_scored(admin: Web, evaluated: dict[str, Any]) -> None:
    del evaluated
    answer = admin.post("/api/v1/evaluations", json=RUN | {"period": "2026"}, headers={"Accept-Language": "en"})
    result = by_id(answer.json())["e01"]
    assert (result["state"], result["total"], result["grade"]) == ("waiting", None, None)
    assert "not yet" in result["reason"]
    assert "2026" in result["scores"][0]["why"]


def test_an_enterprise_sees_its_own_result_and_place_and_nothing_of_the_others(
    as_role: AsRole, evaluated: dict[str, Any]
) -> None:
    web = as_role("enterprise")
    answer = web.get(f"/api/v1/evaluations/{evaluated['id']}")
    seen = answer.json()
    assert list(by_id(seen)) == ["e01"]
    assert (by_id(seen)["e01"]["rank"], by_id(seen)["e01"]["of"]) == (2, 2)
    assert (seen["panels"], seen["groups"]) == ([], [])
    assert "e02" not in answer.text
    assert "毛绒" not in answer.text
    assert web.get(f"/api/v1/evaluations/{evaluated['id']}/roster.xlsx").status_code == 403
    assert web.post("/api/v1/evaluations/what-if", json={"evaluation": 1, "changes": []}).status_code == 403
    assert [one["id"] for one in web.get("/api/v1/evaluations").json()["items"]] == [evaluated["id"]]
    assert web.get("/api/v1/evaluations", params={"park": "other"}).json()["items"] == []


def test_another_weight_is_answered_side_by_side_and_kept_nowhere(admin: Web, evaluated: dict[str, Any]) -> None:
    changes = [
        {"cohort": "all", "indicator": "tax_per_mu", "weight": 90},
        {"cohort": "all", "indicator": "rd_share", "weight": 10},
    ]
    answer = admin.post("/api/v1/evaluations/what-if", json={"evaluation": evaluated["id"], "changes": changes})
    assert answer.status_code == 200, answer.text
    shifts = {one["enterprise"]: one for one in answer.json()["items"]}
    assert shifts["e02"]["total"] == [110.0, 65.0]
    assert shifts["e02"]["grade"] == ["A", "C"]
    assert shifts["e01"]["rank"] == [2, 1]
    assert all(shift["moved"] for shift in shifts.values())
    assert len(admin.get("/api/v1/evaluations").json()["items"]) == 1


def test_a_what_if_that_is_no_scheme_names_every_mistake(admin: Web, evaluated: dict[str, Any]) -> None:
    changes = [
        {"cohort": "all", "indicator": "tax_per_mu", "weight": 90},
        {"cohort": "none", "indicator": "rd_share", "weight": 10},
    ]
    answer = admin.post("/api/v1/evaluations/what-if", json={"evaluation": evaluated["id"], "changes": changes})
    assert answer.status_code == 422
    paths = [one["path"] for one in answer.json()["mistakes"]]
    assert paths == ["body.changes[1]", "body.changes: cohorts[0].indicators"]


def test_the_roster_is_a_workbook_with_what_it_is_of_on_each_sheet(admin: Web, evaluated: dict[str, Any]) -> None:
    answer = admin.get(f"/api/v1/evaluations/{evaluated['id']}/roster.xlsx")
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert 'filename="evaluation-hk-2025-r1.xlsx"' in answer.headers["content-disposition"]
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["全部", "园区合计"]
    for sheet in book:
        assert sheet["C1"].value == "本园方案"
        assert sheet["C9"].value == evaluated["digest"]
    rows = list(book["全部"].iter_rows(min_row=12, values_only=True))
    assert [row[:5] for row in rows] == [
        (1, "A", "e02", "安康某毛绒玩具有限公司", 110),
        (2, "A", "e01", "安康某富硒食品有限公司", 100),
    ]


def test_a_name_that_looks_like_a_formula_stays_a_name_in_the_roster(
    house: House, admin: Web, evaluated: dict[str, Any]
) -> None:
    del evaluated
    registry_store.save_enterprise(
        house.engine, Enterprise("e02", "hk", "=HYPERLINK(1)", "", "2451", 12.0), who="test", now=NOW
    )
    made = admin.post("/api/v1/evaluations", json=RUN | {"period": "2025"}).json()
    book = load_workbook(BytesIO(admin.get(f"/api/v1/evaluations/{made['id']}/roster.xlsx").content))
    cell = book["全部"]["D12"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_veto_is_set_by_a_person_with_a_reason_and_the_next_run_counts_it(
    house: House, admin: Web, as_role: AsRole, evaluated: dict[str, Any]
) -> None:
    mark = {"scheme": "ours", "period": "2025", "enterprise": "e01", "kind": "veto", "mark": "safety"}
    refused = admin.post("/api/v1/evaluation-marks", json=mark | {"reason": " "})
    assert (refused.status_code, refused.json()["mistakes"][0]["path"]) == (422, "reason")
    set_ = admin.post("/api/v1/evaluation-marks", json=mark | {"reason": "2025-08 事故"})
    assert (set_.status_code, set_.json()["items"][0]["reason"]) == (201, "2025-08 事故")
    again = admin.post("/api/v1/evaluations", json=RUN | {"period": "2025"}).json()
    assert (by_id(again)["e01"]["grade"], again["revision"]) == ("D", evaluated["revision"] + 1)
    assert by_id(again)["e01"]["vetoes"][0]["name"] == "安全事故"
    query = {"scheme": "ours", "period": "2025"}
    assert len(as_role("enterprise").get("/api/v1/evaluation-marks", params=query).json()["items"]) == 1
    back = admin.post("/api/v1/evaluation-marks", json=mark | {"reason": "复议", "standing": False})
    assert back.json()["items"] == []
    assert {entry.action for entry in audit.entries(house.engine, 4)[0]} >= {"evaluation.mark", "evaluation.unmark"}


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        (RUN | {"scheme": "nothing"}, 404),
        (RUN | {"scheme": "custom", "park": "nowhere"}, 404),
        (RUN | {"scheme": "custom", "period": "2026-13"}, 422),
        (RUN | {"scheme": "custom", "basis": "both"}, 422),
    ],
)
def test_what_cannot_be_evaluated_is_refused(admin: Web, wish: dict[str, Any], status: int) -> None:
    assert admin.post("/api/v1/evaluations", json=wish).status_code == status


def test_a_project_is_scored_against_the_enterprises_and_listed(
    admin: Web, as_role: AsRole, evaluated: dict[str, Any]
) -> None:
    wish = {
        "park": "hk", "scheme": "ours", "name": "富硒饮料项目", "quantities": {"tax": 300, "area_mu": 20, "rd": 90,
        "revenue": 3000},
    }  # fmt: skip
    made = admin.post("/api/v1/projects/score", json=wish)
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["evaluation"], body["result"]["total"], body["result"]["rank"]) == (evaluated["id"], 150.0, 1)
    assert body["result"]["reason"].startswith("若已入园")
    assert as_role("viewer").get("/api/v1/projects").json()["items"] == [body]
    assert as_role("enterprise").get("/api/v1/projects").status_code == 403
    bad = admin.post("/api/v1/projects/score", json=wish | {"quantities": {"taxes": 3}})
    assert (bad.status_code, bad.json()["mistakes"][0]["path"]) == (422, "body.quantities.taxes")
    assert "tax" in bad.json()["mistakes"][0]["sentence"]
    nobody = admin.post("/api/v1/projects/score", json=wish | {"scheme": "custom"})
    assert nobody.status_code == 404


def test_the_plan_shows_what_is_wanted_the_gap_and_what_the_platform_knows_itself(
    admin: Web, as_role: AsRole, evaluated: dict[str, Any]
) -> None:
    del evaluated
    query: dict[str, str | int] = {"park": "hk", "year": 2025}
    entered = [
        {"item": "output_growth", "benchmark": 6.1, "value": 8.6, "note": "统计公报"},
        {"item": "rd_share", "benchmark": 2.1},
    ]
    answer = admin.put("/api/v1/targets", params=query, json={"items": entered})
    assert answer.status_code == 200, answer.text
    plan = {one["item"]: one for one in answer.json()["items"]}
    growth = plan["output_growth"]
    assert (growth["wanted"], growth["gap"], growth["state"]) == (9.1, -0.5, "behind")
    share = plan["rd_share"]  # 60 ÷ 2,500
    assert (share["value"], share["computed"], share["state"]) == (2.4, True, "reached")
    assert plan["new_enterprises"]["state"] == "unknown"
    assert as_role("viewer").get("/api/v1/targets", params=query).json() == answer.json()
    assert as_role("enterprise").get("/api/v1/targets", params=query).status_code == 403
    assert as_role("viewer").put("/api/v1/targets", params=query, json={"items": entered}).status_code == 403
    bad = admin.put("/api/v1/targets", params=query, json={"items": [{"item": "output_growht"}]})
    assert (bad.status_code, bad.json()["mistakes"][0]["path"]) == (422, "body.items[0].item")
    assert admin.get("/api/v1/targets", params={"park": "nowhere", "year": 2025}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/schemes", {"viewer", "safety", "operator", "admin", "enterprise"}),
        ("PUT", "/api/v1/schemes/ours", {"operator", "admin"}),
        ("GET", "/api/v1/evaluations", {"viewer", "safety", "operator", "admin", "enterprise"}),
        ("POST", "/api/v1/evaluations", {"operator", "admin"}),
        ("POST", "/api/v1/evaluations/what-if", {"viewer", "safety", "operator", "admin"}),
        ("GET", "/api/v1/evaluations/1/roster.xlsx", {"viewer", "safety", "operator", "admin"}),
        ("POST", "/api/v1/evaluation-marks", {"operator", "admin"}),
        ("GET", "/api/v1/targets", {"viewer", "safety", "operator", "admin"}),
        ("PUT", "/api/v1/targets", {"operator", "admin"}),
        ("GET", "/api/v1/projects", {"viewer", "safety", "operator", "admin"}),
        ("POST", "/api/v1/projects/score", {"operator", "admin"}),
    ],
)
def test_each_role_may_what_it_is_for(house: House, as_role: AsRole, method: str, path: str, allowed: set[str]) -> None:
    let_in = {role for role in house.keys if as_role(role).request(method, path, json={}).status_code != 403}
    assert let_in == allowed
