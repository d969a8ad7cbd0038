"""Budgets on the page of annual targets in a real browser: bars against the time gone, entry, revision, taking back."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from adapters.clock import now
from adapters.relational import budgets, figures
from park.budget import EARLY, Budget, Kind, gone_of, term_of, year_at
from park.coverage import Coverage
from park.factor import Basis
from park.figure import Figure, Scope
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium
    with running(tmp_path_factory.mktemp("budgets")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def keeper(app: ConsoleApp, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, app.url, "admin")
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(keeper: BrowserContext) -> Iterator[Page]:
    opened = keeper.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    opened.close()
    assert faults == []


def used(app: ConsoleApp, share: float) -> None:
    """Let e01 have used a share of 1,000 tce that is so many times the share of the year gone."""
    at = now()
    year = year_at(at)
    term = term_of(year, at)
    figure = Figure(
        Scope.ENTERPRISE, "e01", "energy", term, Basis.EQUIVALENT, 1_000 * share * gone_of(year, at), "tce", "energy",
        Coverage(0.9, 0.06), park="hk",
    )  # fmt: skip
    figures.publish(app.engine, term, [figure], over=False, now=at)


def test_a_budget_is_entered_shown_beside_the_time_gone_revised_and_taken_back(app: ConsoleApp, page: Page) -> None:
    year = year_at(now())
    used(app, 0.9)
    page.goto(f"{app.url}/targets")
    panel = page.locator(".panel").filter(has_text="企业年度预算")
    expect(panel.locator(".empty h2")).to_have_text(f"{year} 年还没有填报预算")
    panel.locator(".budget-new summary").click()
    form = panel.locator(".budget-new")
    form.locator("input").nth(0).fill("一千")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_text("不是数字")).to_be_visible()
    form.locator("input").nth(0).fill("1,000")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_text("请写明依据")).to_be_visible()
    form.locator("input").nth(1).fill("双控〔2026〕3 号")
    form.get_by_role("button", name="保存").click()
    row = panel.locator(".budget")
    expect(row).to_contain_text("admin")
    expect(row).to_contain_text("/ 1,000 tce")
    expect(row).to_contain_text("有数据 96 %")
    early = gone_of(year, now()) < EARLY
    expect(row.locator(".dot")).to_have_text("暂不可比" if early else "预算内")
    row.locator("summary").click()
    row.locator("input").nth(0).fill("500")
    row.locator("input").nth(1).fill("压减产能")
    row.get_by_role("button", name="保存").click()
    expect(row).to_contain_text("第 2 版 · 压减产能")
    if not early:
        expect(row.locator(".dot")).to_have_text("已超预算" if gone_of(year, now()) > 1 / 1.8 else "超前")
        expect(row.locator(".fill.behind")).to_have_count(1)
    row.locator("summary").click()
    row.locator("input").nth(0).fill("")
    row.locator("input").nth(1).fill("企业关停")
    row.get_by_role("button", name="保存").click()
    expect(panel.locator(".empty h2")).to_be_visible()
    assert [one.reason for one in budgets.history(app.engine, "e01", year, Kind.ENERGY)] == [
        "企业关停", "压减产能", "双控〔2026〕3 号",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("dark", [False, True])
def test_the_panel_fits_its_screen_in_either_scheme(
    app: ConsoleApp, browser: Browser, keeper: BrowserContext, width: int, *, dark: bool
) -> None:
    at = now()
    used(app, 1.2)
    for name, kind, amount in (
        ("e01", Kind.ENERGY, 1_000), ("e01", Kind.CARBON, 4_000), ("e02", Kind.ENERGY, 200),
    ):  # fmt: skip
        made = Budget(name, year_at(at), kind, Decimal(amount), "双控〔2026〕3 号")
        budgets.save(app.engine, [made], who="王丽", now=at)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale="zh-CN",
        color_scheme="dark" if dark else "light",
        storage_state=keeper.storage_state(),
    )
    try:
        page = context.new_page()
        page.goto(f"{app.url}/targets")
        expect(page.locator(".budget")).to_have_count(3)
        line, track = (
            page.locator(".budget .gone").first.bounding_box(),
            page.locator(".budget .track").first.bounding_box(),
        )
        assert line is not None
        assert track is not None
        assert track["x"] <= line["x"] <= track["x"] + track["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        context.close()
