"""Figures taken away in files: a workbook and a PDF that say of what, by which rules, for whom, with one hash."""

import hashlib
import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from adapters.relational import figures
from park.figure import Why
from tests.api.conftest import NOW, AsRole, House
from tests.api.test_evaluation_routes import evaluated as evaluated  # noqa: PLC0414  # a fixture
from tests.api.test_figure_routes import OCTOBER, closed, energy, intensity, park_energy, value_added
from tests.api.web import Web

FORMULA = Why("odd", '=HYPERLINK("x")', '=HYPERLINK("x")')
PARK = "/api/v1/intensity/export?period=2026-10&basis=calorific"
OWN = f"{PARK}&scope=enterprise&id=e01"


@pytest.fixture(autouse=True)
def published(house: House) -> None:
    """October of two enterprises, and of the park."""
    lacking = value_added("e02", None)
    made = [energy("e01", 100_000), value_added("e01", 500.0), intensity("e01"), energy("e02", 1.0), lacking]
    figures.publish(house.engine, OCTOBER, [*made, park_energy()], over=True, now=NOW)


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def facts(book: Workbook, sheet: str) -> dict[str, Any]:
    return {str(name): value for name, value in book[sheet].iter_rows(max_col=2, max_row=12, values_only=True)}


def rows(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    found = list(book[sheet].iter_rows(values_only=True))
    head = next(place for place, row in enumerate(found) if row[2] is not None)
    return [dict(zip(map(str, found[head]), row, strict=True)) for row in found[head + 1 :]]


def test_a_parks_workbook_has_its_figures_with_those_of_its_enterprises_and_their_factors(admin: Web) -> None:
    book = opened(admin.get(PARK).content)
    assert book.sheetnames == ["园区", "企业", "因子"]
    found = {(row["对象"], row["指标"]): row for row in rows(book, "企业")}
    row = found["e01 安康某富硒食品有限公司", "综合能源消费量"]
    assert row["值"] == pytest.approx(12.29)
    assert (row["单位"], row["实测"], row["估算"], row["缺失"]) == ("tce", 0.98, 0.02, 0)
    assert (row["状态"], row["修订"]) == ("暂定", 1)
    ratio = found["e01 安康某富硒食品有限公司", "单位增加值能耗"]
    assert (ratio["公式"], ratio["因子集"]) == ("综合能源消费量 ÷ 工业增加值", "综合能耗计算通则")
    gap = found["e02 安康某毛绒玩具有限公司", "工业增加值"]
    assert (gap["值"], gap["无值原因"]) == (None, "暂不可算: 缺 2026-10 的填报。")
    (factor,) = rows(book, "因子")
    assert (factor["值"], factor["出处"]) == (0.1229, "GB/T 2589-2020")


def test_each_sheet_says_of_what_by_which_rules_when_for_whom_and_the_hash(admin: Web) -> None:
    answer = admin.get(PARK)
    book = opened(answer.content)
    for sheet in book.sheetnames:
        told = facts(book, sheet)
        assert (told["园区"], told["期间"], told["电力折标口径"]) == ("恒口示范区产业园", "2026-10", "当量值")
        assert told["园区政策修订"] == "默认政策"
        assert told["因子集"] == "综合能耗计算通则 [GB/T 2589-2020]"
        assert told["导出"] == "2026-11-23T08:00:00+08:00 key:admin"
        assert told["SHA-256"] == answer.headers["x-content-sha256"]


def test_the_hash_is_of_the_canonical_content_whatever_the_form_and_language_and_whoever_asks(
    admin: Web, as_role: AsRole
) -> None:
    content = admin.get(f"{PARK}&format=json")
    digest = hashlib.sha256(content.content).hexdigest()
    asked = [admin.get(PARK), admin.get(f"{PARK}&format=pdf"), as_role("viewer").get(PARK)]
    asked.append(admin.get(PARK, headers={"Accept-Language": "en"}))
    assert {answer.headers["x-content-sha256"] for answer in [content, *asked]} == {digest}
    found = {one["figure"]: one for one in json.loads(content.content)["figures"]}
    assert [one["source"] for one in found[intensity("e01").id]["factors"]] == ["GB/T 2589-2020"]


def test_a_figure_that_became_another_makes_another_hash(house: House, admin: Web) -> None:
    before = admin.get(OWN).headers["x-content-sha256"]
    made = [energy("e01", 101_000), value_added("e01", 500.0), intensity("e01"), energy("e02", 1.0), park_energy()]
    figures.publish(house.engine, OCTOBER, made, over=True, now=NOW)
    assert admin.get(OWN).headers["x-content-sha256"] != before


def test_a_text_that_looks_like_a_formula_stays_text(house: House, admin: Web) -> None:
    odd = replace(value_added("e01", None), why=FORMULA)
    figures.publish(house.engine, OCTOBER, [energy("e01", 1.0), odd, park_energy()], over=True, now=NOW)
    book = opened(admin.get(OWN).content)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [(cell.value, cell.data_type) for cell in found] == [('=HYPERLINK("x")', "s")]


def test_a_pdf_comes_as_one_and_names_its_hash(admin: Web) -> None:
    answer = admin.get(f"{PARK}&format=pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="figures-park-hk-2026-10-calorific.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["x-content-sha256"].encode() in answer.content


def test_an_enterprise_takes_away_its_own_figures_and_nobody_elses(as_role: AsRole) -> None:
    web = as_role("enterprise")
    book = opened(web.get("/api/v1/intensity/export?period=2026-10&basis=calorific").content)
    assert {row["对象"] for row in rows(book, "企业")} == {"e01 安康某富硒食品有限公司"}
    assert web.get(f"{PARK}&scope=enterprise&id=e02").status_code == 404
    assert web.get(f"{PARK}&scope=park").status_code == 403
    assert web.get(f"{PARK}&scope=industry&id=13").status_code == 403


def test_where_there_is_no_figure_there_is_no_file(admin: Web) -> None:
    assert admin.get("/api/v1/intensity/export?period=2020-01").status_code == 404
    assert admin.get("/api/v1/intensity/export?period=October").status_code == 422
    assert admin.get(f"{PARK}&format=doc").status_code == 422


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_a_closed_term_in_either_form_has_the_hash_of_its_json(admin: Web, form: str) -> None:
    made = closed(admin, force="上级催报")
    path = f"/api/v1/closings/{made['id']}/export"
    answer, content = admin.get(f"{path}?form={form}"), admin.get(f"{path}?form=json").content
    assert answer.headers["x-content-sha256"] == hashlib.sha256(content).hexdigest()
    assert answer.headers["content-disposition"].endswith(f'closing-hk-2026-10.{form}"')


def test_a_closed_terms_workbook_has_what_was_reported_beside_what_is_known(house: House, admin: Web) -> None:
    made = closed(admin, force="上级催报")
    changed = [energy("e01", 101_000), value_added("e01", 500.0), intensity("e01"), energy("e02", 1.0)]
    figures.publish(house.engine, OCTOBER, [*changed, park_energy()], over=True, now=NOW)
    book = opened(admin.get(f"/api/v1/closings/{made['id']}/export?form=xlsx").content)
    told = facts(book, "企业")
    assert (told["冻结内容 SHA-256"], told["仍要结账的理由"]) == (made["digest"], "上级催报")
    row = next(one for one in rows(book, "企业") if one["对象"][:3] == "e01" and "综合能源" in one["指标"])
    assert (row["值"], row["现值"]) == (pytest.approx(12.29), pytest.approx(12.4129))
    assert (row["修订"], row["现修订"]) == (1, 2)


def test_a_calculation_sheet_is_the_enterprises_own(admin: Web, as_role: AsRole, evaluated: dict[str, Any]) -> None:
    path = f"/api/v1/evaluations/{evaluated['id']}/sheet.pdf"
    answer = admin.get(f"{path}?enterprise=e02")
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["x-content-sha256"].encode() in answer.content
    web = as_role("enterprise")
    assert web.get(path).headers["content-disposition"].endswith('-e01.pdf"')
    assert web.get(f"{path}?enterprise=e02").status_code == 404
    assert admin.get(f"{path}?enterprise=e99").status_code == 404
    assert admin.get(path).status_code == 404
