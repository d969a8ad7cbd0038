"""The page on factors in a real browser: what applies, an own factor from entry to taking back, a park's decision."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from adapters.relational import factors, policies
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("factors")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def visit(browser: Browser, app: ConsoleApp, *, name: str = "admin", width: int = 1600, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    sign_in(page, app.url, name=name)
    page.goto(f"{app.url}/factors")
    return page


def field(page: Page, label: str) -> Locator:
    return page.locator("label.field", has_text=label).locator("input, select").first


def test_a_person_sees_what_electricity_is_worth_and_why(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app)
    expect(page).to_have_title("折标与排放因子 · 恒口示范区产业园")
    tile = page.locator(".tile", has_text="电力排放 (位置法)")
    expect(tile.locator(".num")).to_have_text("0.6335")
    expect(tile).to_contain_text("陕西 · 2023 年数据")
    water = page.locator("tr", has_text="新水").first
    expect(water).to_contain_text("不计入综合能耗")
    water.locator("summary").click()
    expect(water.locator(".note")).to_contain_text("与年份无关")
    page.locator("summary", has_text="其他品种").click()
    coal = page.locator("tr", has_text="原煤").first
    coal.locator("summary", has_text="没有可用因子").click()
    expect(coal).to_contain_text("请在“折标与排放因子”中录入有依据的因子")
    page.context.close()


def test_an_earlier_year_takes_what_was_out_for_it(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app)
    page.goto(f"{app.url}/factors?year=2022")
    expect(page.locator(".tile", has_text="电力排放 (位置法)").locator(".num")).to_have_text("0.6558")
    page.goto(f"{app.url}/factors?year=2020")
    gap = page.locator(".tile.gap", has_text="电力排放 (位置法)")
    expect(gap.locator(".num")).to_have_text("—")
    expect(gap).to_contain_text("没有可用因子")
    page.context.close()


def test_an_own_factor_is_entered_with_its_evidence_applied_and_taken_back(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app)
    page.locator("summary", has_text="录入因子").click()
    field(page, "品种").select_option("natural_gas")
    field(page, "录入方式").select_option("measured")
    field(page, "低位发热量").fill("35.5")
    field(page, "发热量单位").fill("MJ/m³")
    clock = page.locator(".clock span").inner_text()
    expect(page.locator(".clock span")).not_to_have_text(clock)  # the page moved, and what was typed is still there
    expect(field(page, "低位发热量")).to_have_value("35.5")
    expect(field(page, "发热量单位")).to_have_value("MJ/m³")
    expect(field(page, "品种")).to_have_value("natural_gas")
    field(page, "发热量单位").fill("MJ/Nm³")
    page.get_by_role("button", name="保存因子").click()
    expect(page.locator("label.field", has_text="依据 (必填)")).to_contain_text("请写明依据")
    assert factors.current(app.engine) == []
    field(page, "依据 (必填)").fill("供气合同附件 3")
    page.get_by_role("button", name="保存因子").click()
    entry = page.locator("li.held", has_text="天然气")
    expect(entry).to_contain_text("35.5 MJ/Nm³ ÷ 29307.6 kJ/kgce")
    expect(entry).to_contain_text("恒口示范区产业园 · 第 1 版 · admin")
    page.locator("summary", has_text="其他品种").click()
    expect(page.locator("tr", has_text="天然气").first).to_contain_text("自有因子")
    entry.get_by_role("button", name="撤回", exact=True).click()
    entry.locator("input").fill("报告作废")
    entry.get_by_role("button", name="确认撤回").click()
    expect(page.locator("li.held", has_text="天然气")).to_contain_text("已撤回")
    assert [one.reason for one in factors.history(app.engine, 1)] == ["报告作废", ""]
    page.context.close()


def test_a_decision_changes_what_applies_and_needs_its_reason(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app)
    page.locator("summary", has_text="修改口径").click()
    form = page.locator("details", has=page.locator("summary", has_text="修改口径"))
    form.locator("label.field", has_text="电网因子区域").locator("select").select_option("national")
    form.get_by_role("button", name="保存口径").click()
    expect(form.get_by_role("alert").first).to_have_text("请写明原因。")
    form.locator("label.field", has_text="原因").locator("input").fill("按省里口径")
    form.get_by_role("button", name="保存口径").click()
    expect(page.locator(".tile", has_text="电力排放 (位置法)").locator(".num")).to_have_text("0.5306")
    decided = policies.current(app.engine, "hk")
    assert (decided.revision, decided.region, decided.who, decided.reason) == (1, "national", "admin", "按省里口径")
    page.context.close()


def test_who_may_only_look_finds_nothing_to_change(app: ConsoleApp, browser: Browser) -> None:
    for name in ("viewer", "owner"):
        page = visit(browser, app, name=name)
        expect(page.locator("h1")).to_have_text("折标与排放因子")
        expect(page.locator(".tile")).to_have_count(4)
        assert page.locator("summary", has_text="录入因子").count() == 0
        assert page.locator("summary", has_text="修改口径").count() == 0
        page.context.close()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_runs_out_of_a_phones_screen(app: ConsoleApp, browser: Browser, dark: bool) -> None:  # noqa: FBT001  # both schemes
    page = visit(browser, app, width=390, dark=dark)
    expect(page.locator(".tile")).to_have_count(4)
    expect(page.locator("summary", has_text="修改口径")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    expect(page.get_by_role("button", name="保存因子")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()
