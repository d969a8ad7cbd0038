"""Statements over the API: kept whole or not at all, each mistake at its place, another enterprise's out of sight."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from adapters.statement_sheet import MEDIA_TYPE
from tests.api.conftest import AsRole
from tests.api.web import Web

OCTOBER = {"enterprise": "e01", "term": "2026-10", "status": "flash", "values": {"value_added": 1234.5, "tax": "86.20"}}
CSV = "企业编号,期别,状态,实缴税收\ne01,2026-10,核定,90\ne02,2026-10,快报,12\n"


@pytest.fixture
def operator(as_role: AsRole) -> Web:
    return as_role("operator")


def keep(web: Web, *items: dict[str, Any], reason: str = "") -> dict[str, Any]:
    answer = web.post("/api/v1/statements", json={"items": items, "reason": reason})
    assert answer.status_code == 200, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


def file(text: str = CSV, name: str = "october.csv") -> dict[str, Any]:
    return {"file": (name, text.encode(), "text/csv")}


def test_a_statement_is_kept_and_given_back_with_the_digits_it_came_with(operator: Web) -> None:
    assert keep(operator, OCTOBER) == {"added": 1, "changed": 0, "unchanged": 0}
    [item] = operator.get("/api/v1/statements?enterprise=e01").json()["items"]
    assert item["values"] == {"value_added": 1234.5, "tax": 86.2}
    assert (item["revision"], item["who"], item["at"]) == (1, "key:operator", "2026-11-23T08:00:00+08:00")


def test_keeping_it_again_changes_nothing_and_a_correction_is_a_revision(operator: Web) -> None:
    keep(operator, OCTOBER)
    assert keep(operator, OCTOBER)["unchanged"] == 1
    changed = OCTOBER | {"values": {"tax": None}}
    refused = operator.post("/api/v1/statements", json={"items": [changed]})
    assert refused.status_code == 422
    assert [one["path"] for one in refused.json()["mistakes"]] == ["reason"]
    assert keep(operator, changed, reason="误填")["changed"] == 1
    told = operator.get("/api/v1/statements/e01/2026-10/revisions").json()["items"]
    assert [(one["revision"], one["values"]["tax"], one["reason"]) for one in told] == [
        (1, 86.2, ""),
        (2, None, "误填"),
    ]


def test_every_mistake_of_a_set_is_named_and_nothing_is_kept(operator: Web) -> None:
    items = [
        OCTOBER,
        OCTOBER | {"term": "10月"},
        OCTOBER | {"term": "2026-09", "values": {"taxes": 1, "tax": "1,23", "output": -5}},
    ]
    answer = operator.post("/api/v1/statements", json={"items": items})
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["mistakes"]] == [
        "body.items[1].term",
        "body.items[2].values.taxes",
        "body.items[2].values.tax",
        "body.items[2].values.output",
    ]
    assert operator.get("/api/v1/statements").json()["items"] == []


def test_mistakes_speak_the_readers_language(operator: Web) -> None:
    later = {"items": [OCTOBER | {"term": "2027-01"}]}
    english = operator.post("/api/v1/statements", json=later, headers={"Accept-Language": "en"}).json()
    assert english["mistakes"] == [{"path": "body.items[0].term", "sentence": "2027-01 has not begun; check the term."}]
    assert "还没有开始" in operator.post("/api/v1/statements", json=later).json()["mistakes"][0]["sentence"]


def test_the_list_is_of_the_terms_and_status_that_are_asked_for(operator: Web) -> None:
    verified = OCTOBER | {"status": "verified"}
    keep(
        operator,
        *(one | {"term": when} for one, when in ((OCTOBER, "2026-10"), (verified, "2026-09"), (OCTOBER, "2025"))),
    )

    def terms(query: str) -> list[str]:
        return [one["term"] for one in operator.get(f"/api/v1/statements?{query}").json()["items"]]

    assert terms("") == ["2025", "2026-09", "2026-10"]
    assert terms("first=2026") == ["2026-09", "2026-10"]
    assert terms("last=2025-Q4") == ["2025"]
    assert terms("status=verified") == ["2026-09"]
    page = operator.get("/api/v1/statements?limit=2").json()
    assert [one["term"] for one in page["items"]] == ["2025", "2026-09"]
    assert terms(f"limit=2&cursor={page['next']}") == ["2026-10"]


def test_a_term_nobody_understands_is_told_where_it_stands(operator: Web) -> None:
    answer = operator.get("/api/v1/statements?first=gestern")
    assert answer.status_code == 422
    assert answer.json()["mistakes"][0]["path"] == "query.first"


def test_amounts_add_up_or_say_what_is_missing(operator: Web) -> None:
    keep(operator, *(OCTOBER | {"term": f"2026-0{month}"} for month in (7, 8)))
    asked = operator.get("/api/v1/statements/e01/amounts?term=2026-Q3").json()["items"]
    [added] = [one for one in asked if one["name"] == "value_added"]
    assert (added["value"], added["lacking"]) == (None, ["2026-09"])
    assert "暂不可算" in added["why"]
    keep(operator, OCTOBER | {"term": "2026-09"})
    asked = operator.get("/api/v1/statements/e01/amounts?term=2026-Q3").json()["items"]
    assert [(one["value"], one["state"]) for one in asked if one["name"] == "value_added"] == [(3703.5, "flash")]


def test_the_lines_are_told_with_their_units(operator: Web) -> None:
    items = operator.get("/api/v1/statements/lines").json()["items"]
    assert items[0] == {"name": "value_added", "unit": "万元", "zh": "工业增加值", "en": "Value added", "fold": "sum"}


def test_an_enterprise_sees_its_own_statements_and_keeps_none(as_role: AsRole, operator: Web) -> None:
    keep(operator, OCTOBER, OCTOBER | {"enterprise": "e02"})
    own = as_role("enterprise")
    assert [one["enterprise"] for one in own.get("/api/v1/statements").json()["items"]] == ["e01"]
    for path in ("?enterprise=e02", "/e02/2026-10/revisions", "/e02/amounts?term=2026", "/export?enterprise=e02"):
        assert own.get(f"/api/v1/statements{path}").status_code == 404, path
    assert own.post("/api/v1/statements", json={"items": [OCTOBER]}).status_code == 403
    book = load_workbook(io.BytesIO(own.get("/api/v1/statements/export").content))
    assert [row[0].value for row in book["月报"].iter_rows(min_row=3)] == ["e01"]


@pytest.mark.parametrize("role", ["viewer", "safety", "enterprise"])
@pytest.mark.parametrize("path", ["preview", "import"])
def test_only_who_keeps_statements_brings_in_a_file(as_role: AsRole, role: str, path: str) -> None:
    assert as_role(role).post(f"/api/v1/statements/{path}", files=file()).status_code == 403


def test_a_template_names_every_enterprise_and_the_terms_that_are_over(operator: Web) -> None:
    answer = operator.get("/api/v1/statements/template")
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["content-disposition"] == 'attachment; filename="statements.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["月报", "季报", "年报", "说明"]
    assert [[cell.value for cell in row[:3]] for row in book["季报"].iter_rows(min_row=3)] == [
        ["e01", "安康某富硒食品有限公司", "2026-Q3"],
        ["e02", "安康某毛绒玩具有限公司", "2026-Q3"],
    ]


def test_a_template_for_one_enterprise_and_term_holds_what_is_kept(operator: Web) -> None:
    keep(operator, OCTOBER)
    answer = operator.get("/api/v1/statements/template?term=2026-10&enterprise=e01")
    [row] = list(load_workbook(io.BytesIO(answer.content))["月报"].iter_rows(min_row=3, values_only=True))
    assert row[:5] == ("e01", "安康某富硒食品有限公司", "2026-10", "快报", 1234.5)


def test_a_file_is_looked_at_before_it_is_taken_in(operator: Web) -> None:
    keep(operator, OCTOBER)
    seen = operator.post("/api/v1/statements/preview", files=file()).json()
    assert (seen["ok"], seen["added"], seen["changed"], seen["mistakes"]) == (True, 1, 1, [])
    [change] = [one for one in seen["items"] if one["enterprise"] == "e01"]
    assert (change["before"]["tax"], change["values"]["tax"], change["before_status"]) == (86.2, 90, "flash")
    assert operator.get("/api/v1/statements?enterprise=e02").json()["items"] == []
    assert operator.post("/api/v1/statements/import", files=file()).status_code == 422
    taken = operator.post("/api/v1/statements/import?reason=统计局核定", files=file())
    assert taken.json() == {"added": 1, "changed": 1, "unchanged": 0}
    assert operator.post("/api/v1/statements/import", files=file()).json()["unchanged"] == 2


def test_what_is_exported_is_taken_in_again_without_a_change(operator: Web) -> None:
    keep(operator, OCTOBER, OCTOBER | {"term": "2026-Q3", "status": "verified"}, OCTOBER | {"term": "2025"})
    book = operator.get("/api/v1/statements/export").content
    seen = operator.post("/api/v1/statements/preview", files={"file": ("x.xlsx", book, MEDIA_TYPE)}).json()
    assert (seen["mistakes"], seen["added"], seen["changed"], seen["unchanged"]) == ([], 0, 0, 3)


def test_mistakes_in_a_file_are_told_at_their_cells(operator: Web) -> None:
    bad = file(CSV.replace("90", "九十").replace("e02", "e09"))
    seen = operator.post("/api/v1/statements/preview", files=bad).json()
    assert (seen["ok"], [one["path"] for one in seen["mistakes"]]) == (False, ["D2", "A3"])
    refused = operator.post("/api/v1/statements/import", files=bad)
    assert refused.status_code == 422
    assert [one["path"] for one in refused.json()["mistakes"]] == ["D2", "A3"]


def test_a_file_that_is_no_sheet_is_refused_with_how_to_mend_it(operator: Web) -> None:
    seen = operator.post("/api/v1/statements/preview", files={"file": ("x.xls", b"\xd0\xcf\x11\xe0", "x")}).json()
    assert [one["path"] for one in seen["mistakes"]] == ["file"]
    assert "另存为 .xlsx" in seen["mistakes"][0]["sentence"]
