"""The pages on evaluation and the annual plan in a real browser."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from adapters.clock import now
from adapters.relational import evaluations, figures, registry_store, schemes, statements
from park import term as terms
from park.coverage import Coverage
from park.factor import Basis
from park.figure import Figure, Scope
from park.place import Enterprise
from park.statement import Statement, Status
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser

YEAR = terms.read("2025")
INDICATORS = [
    {"key": "tax_per_mu", "weight": 50, "benchmark": {"fixed": 10}},
    {"key": "labour_productivity", "weight": 30, "benchmark": {"fixed": 20}},
    {"key": "rd_share", "weight": 10, "benchmark": {"fixed": 3}, "missing": "zero"},
    {"key": "energy_productivity", "weight": 10, "missing": "exclude"},
]
RULES = {
    "id": "ours",
    "name": "本园方案",
    "name_en": "Our own",
    "cohorts": [{"key": "all", "name": "全部企业", "name_en": "Everybody", "indicators": INDICATORS}],
    "grading": {"mode": "percentile", "A": 20, "B": 60, "C": 90},
    "adders": [{"key": "green", "name": "绿色工厂", "name_en": "Green factory", "points": 2}],
    "vetoes": [{"key": "safety", "name": "安全事故", "name_en": "Safety accident"}],
}
# tax, value added, revenue, people, R&D; 亩
FIRMS = [
    ("e01", 510, 4_200, 20_000, 180, 520, 42.5), ("e02", 70, 900, 3_600, 95, 40, 12.0),
    ("e03", 300, 2_600, 9_900, 110, 0, 21.5), ("e04", 95, 1_500, 6_100, 120, 200, 30.0),
    ("e05", 20, 300, 1_400, 40, None, 9.5), ("e06", 260, 3_300, 12_400, 150, 410, 26.0),
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium
    with running(tmp_path_factory.mktemp("evaluation")) as started:
        fill(started)
        yield started


def fill(app: ConsoleApp) -> None:
    """Give six enterprises what they reported for a year, and a scheme."""
    at = now()
    for name, *_, area in FIRMS:
        known = registry_store.load(app.engine).by_enterprise.get(name)
        one = known or Enterprise(name, "hk", f"安康某企业 {name}", f"Firm {name}", "1392", area)
        registry_store.save_enterprise(app.engine, one, who="test", now=at)
    lines = ("tax", "value_added", "revenue", "employees", "rd")
    statements.save(
        app.engine,
        [
            Statement(
                name,
                YEAR,
                Status.VERIFIED,
                {line: Decimal(value) for line, value in zip(lines, values, strict=True) if value is not None},
            )
            for name, *values, _ in FIRMS
        ],
        who="test",
        now=at,
    )
    schemes.save(app.engine, RULES, who="test", now=at)
    energies = [energy(name, value) for name, value in (("e01", 1_500.0), ("e02", 700.0), ("e06", 980.0))]
    figures.publish(app.engine, YEAR, energies, over=True, now=at)


def energy(name: str, value: float) -> Figure:
    return Figure(
        Scope.ENTERPRISE,
        name,
        "energy",
        YEAR,
        Basis.EQUIVALENT,
        value,
        "tce",
        "energy",
        Coverage(0.96, 0.03),
        park="hk",
    )


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def person(app: ConsoleApp, browser: Browser, name: str = "admin", **look: object) -> BrowserContext:
    viewport = {"width": 1440, "height": 900} | look
    context = browser.new_context(viewport=viewport, locale="zh-CN")  # type: ignore[arg-type]  # playwright's own dict
    page = context.new_page()
    sign_in(page, app.url, name)
    page.close()
    return context


@pytest.fixture(scope="module")
def keeper(app: ConsoleApp, browser: Browser) -> Iterator[BrowserContext]:
    context = person(app, browser)
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


def test_what_cannot_be_graded_says_what_to_enter_next(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/evaluation?scheme=huangyan-2023-example&period=2024")
    expect(page.locator(".empty h2")).to_have_text("2024 还不能评级")
    expect(page.locator(".eval-lack a").first).to_contain_text("实缴税收: 6 家企业缺数")
    expect(page.locator(".eval-lack a").first).to_have_attribute("href", "/statements")


def test_a_keeper_evaluates_keeps_it_and_opens_the_sheet_of_the_best(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/evaluation?scheme=ours&period=2025")
    expect(page.get_by_text("尚未保存")).to_be_visible()
    expect(page.locator(".grade-part")).to_have_count(4)
    page.fill(".eval-reason", "年度评价")
    page.get_by_role("button", name="评价并保存").click()
    expect(page.get_by_text("第 1 版 · admin")).to_contain_text("年度评价")
    kept = evaluations.current(app.engine, "hk", "ours", YEAR)
    assert kept is not None
    best = next(one for one in kept.result.results if one.rank == 1)
    first = page.locator(".eval-ranking tbody tr").first
    expect(first.locator(".grade")).to_have_text("A")
    first.locator("a").click()
    expect(page.locator(".sheet-total")).to_have_text(f"{best.total:g}")
    expect(page.locator(".sheet")).to_contain_text(best.scores[0].step.zh)
    expect(page.locator(".signatures span")).to_have_count(4)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    page.emulate_media(media="screen")


def test_a_slider_moves_a_weight_and_shows_who_changes_place(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/evaluation?scheme=ours&period=2025")
    slider = page.locator("input[type=range]").nth(2)
    slider.scroll_into_view_if_needed()
    slider.fill("95")
    expect(page.get_by_text("家的名次或等级有变化")).to_be_visible()
    assert [text.strip() for text in page.locator(".slider b.num").all_inner_texts()] == ["2.8", "1.7", "95.0", "0.6"]
    assert page.locator("td.up, td.down").count() > 0
    page.get_by_role("button", name="恢复原方案").click()
    expect(page.get_by_text("0 / 6 家的名次或等级有变化")).to_be_visible()


def test_a_mark_needs_a_reason_and_makes_the_kept_result_stale(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/evaluation?scheme=ours&period=2025")
    page.get_by_role("button", name="设置").click()
    expect(page.get_by_text("请写明理由和依据")).to_be_visible()
    page.get_by_placeholder("文号、日期、事实").fill("省级绿色工厂 2025 年第三批")
    page.get_by_role("button", name="设置").click()
    expect(page.get_by_text("省级绿色工厂 2025 年第三批")).to_be_visible()
    expect(page.get_by_text("此后数据或方案有变化")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("本期没有设置")).to_be_visible()


def test_progress_is_entered_under_its_item_and_a_wrong_number_is_said_there(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/targets")
    expect(page.locator(".empty h2").first).to_have_text("还没有填报年度目标")
    row = page.locator(".target").nth(1)
    row.locator("summary").click()
    fields = row.locator("input")
    fields.nth(1).fill("6.1")
    fields.nth(2).fill("很多")
    row.get_by_role("button", name="保存").click()
    expect(row.get_by_text("不是数字")).to_be_visible()
    fields.nth(2).fill("8.6")
    row.get_by_role("button", name="保存").click()
    expect(page.locator(".target").nth(1)).to_contain_text("还差 0.5 个百分点")
    expect(page.locator(".target").nth(1)).to_contain_text("8.6 % / 目标 9.1 %")


def test_a_project_is_scored_against_the_kept_evaluation(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/projects")
    page.get_by_role("button", name="评估").click()
    expect(page.get_by_text("请填写项目名称")).to_be_visible()
    for label, value in (
        ("项目名称", "富硒饮料项目"), ("实缴税收", "400"), ("用地面积", "20"), ("工业增加值", "3000"),
        ("平均用工人数", "90"), ("营业收入", "9000"), ("研发经费", "300"),
    ):  # fmt: skip
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="评估").click()
    expect(page.get_by_text("若已入园")).to_be_visible()
    expect(page.locator(".panel h2").filter(has_text="富硒饮料项目")).to_be_visible()
    page.locator("details summary").first.click()
    expect(page.locator(".sheet-table")).to_contain_text("20 ÷ 10 × 50 = 100")


def test_an_enterprise_sees_its_own_sheet_and_nobody_elses(app: ConsoleApp, browser: Browser) -> None:
    context = person(app, browser, "owner")
    try:
        page = context.new_page()
        page.goto(f"{app.url}/evaluation?scheme=ours&period=2025")
        expect(page.locator(".sheet-name")).to_have_text("安康某富硒食品有限公司")
        expect(page.locator("body")).not_to_contain_text("e03")
        page.goto(f"{app.url}/evaluation/e02?scheme=ours&period=2025")
        expect(page.locator(".empty h2")).to_have_text("页面不存在")
        assert page.goto(f"{app.url}/targets").status == 403  # type: ignore[union-attr]  # an http answer
    finally:
        context.close()


@pytest.mark.parametrize(
    "path", ["/evaluation?scheme=ours&period=2025", "/evaluation/e01?scheme=ours&period=2025", "/targets", "/projects"]
)
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_screen(app: ConsoleApp, browser: Browser, path: str, width: int) -> None:
    context = person(app, browser, width=width)
    try:
        page = context.new_page()
        page.goto(f"{app.url}{path}")
        expect(page.locator("h1").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        context.close()
