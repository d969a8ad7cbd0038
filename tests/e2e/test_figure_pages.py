"""The pages on intensity, explanation and closing in a real browser."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from adapters.clock import now
from adapters.duckdb_store import DuckDBStore
from adapters.relational import closings, statements
from park.amount import Status
from park.interval import IntervalBatch
from park.statement import Statement
from park.term import MONTHS, Span, Term, month_of
from rules.figures import Figures
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running
from tests.rules.figure_house import slots

pytestmark = pytest.mark.browser

MONTH = month_of(now()).before()
USED = (("e01-main", "electricity", 90_000.0), ("e01-water", "water", 1_500.0), ("e02-main", "electricity", 42_000.0))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium
    with running(tmp_path_factory.mktemp("figures")) as started:
        fill(started)
        yield started


def fill(app: ConsoleApp) -> None:
    """Give two enterprises fourteen months, close last month, and let late data change it."""
    at = now()
    store = DuckDBStore(app.folder / "intervals.duckdb")
    try:
        months = [Term(Span.MONTH, MONTH.last - back) for back in range(MONTHS + 1, -1, -1)]
        for place, month in enumerate(months):
            for meter, carrier, amount in USED:
                write(store, meter, carrier, month, amount * (1 + 0.03 * (place % 5)))
        kept = [
            Statement(enterprise, month, Status.VERIFIED, {"value_added": Decimal(value)})
            for month in months
            for enterprise, value in (("e01", 420), ("e02", 96))
            if (enterprise, month) != ("e02", MONTH)
        ]
        statements.save(app.engine, kept, who="王丽", now=at)
        job = Figures(engine=app.engine, store=store, quiet=timedelta())
        job.run(at)
        closings.close(app.engine, park="hk", term=MONTH, who="王丽", now=at, note="月报", forced="上级催报")
        write(store, "e01-main", "electricity", MONTH, 101_000.0)
        job.run(at + timedelta(minutes=5))
    finally:
        store.close()


def write(store: DuckDBStore, meter: str, carrier: str, month: Term, amount: float) -> None:
    """Write a month of which the last tenth is estimated."""
    start, end = month.start(), month.end()
    of = slots(start, end, amount)
    cut = len(of.start_ms) * 9 // 10
    of.measured[cut:], of.estimated[cut:] = 0.0, 1.0
    store.write_intervals([IntervalBatch(meter, carrier, start, end, of)])


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def operator(app: ConsoleApp, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, app.url)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(operator: BrowserContext) -> Iterator[Page]:
    opened = operator.new_page()
    yield opened
    opened.close()


def test_the_navigation_leads_to_the_figures_of_last_month(app: ConsoleApp, page: Page) -> None:
    page.goto(app.url)
    page.locator(".nav a", has_text="能碳").click()
    expect(page).to_have_url(f"{app.url}/intensity")
    expect(page.get_by_role("heading", level=1)).to_have_text("能碳强度")
    tile = page.locator(".tile", has_text="单位增加值能耗")
    expect(tile.locator(".num")).not_to_have_text("—")
    expect(tile).to_contain_text("同比")
    expect(page.locator(".tile", has_text="综合能源消费量")).to_contain_text("结账值")
    expect(page.locator("canvas, .nicegui-echart")).not_to_have_count(0)


def test_who_is_left_out_is_named_with_the_way_to_mend_it(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/intensity")
    left = page.locator(".panel", has_text="未计入强度的企业")
    expect(left).to_contain_text("安康某毛绒玩具有限公司")
    expect(left).to_contain_text(f"缺 {MONTH} 的填报")
    left.get_by_role("link", name=re.compile("去录入")).click()
    expect(page).to_have_url(f"{app.url}/statements/e02/{MONTH}")


def test_a_figure_leads_to_its_explanation_and_that_to_the_meter(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/intensity?of=enterprise:e01")
    page.locator(".tile", has_text="单位增加值能耗").locator("a.num").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("单位增加值能耗")
    expect(page.locator(".formula").first).to_contain_text("综合能源消费量 ÷ 工业增加值")
    expect(page.locator(".panel", has_text="因子").last).to_be_visible()
    page.get_by_role("link", name="综合能源消费量").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("综合能源消费量")
    expect(page.locator(".panel", has_text="修订").last).to_contain_text("设备 e01-main")
    page.get_by_role("link", name="e01-main").first.click()
    expect(page).to_have_url(f"{app.url}/meters/e01-main")


def test_an_earlier_revision_says_that_there_is_a_newer_one(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/explain/enterprise.e01.energy.{MONTH}.equivalent?revision=1")
    expect(page.locator(".notice").filter(has_text="第 1 版")).to_be_visible()
    page.get_by_role("link", name="看最新").click()
    expect(page.locator(".revisions > li").first).to_contain_text("第 2 版")


def test_a_closed_term_shows_what_became_of_it(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/closing")
    expect(page.locator(".panel", has_text="已结账期间")).to_contain_text(str(MONTH))
    restated = page.locator(".panel", has_text="的重述")
    expect(restated).to_contain_text("e01-main")


def test_an_open_term_says_what_stands_in_its_way_and_is_closed_without_anything(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/closing")
    form = page.locator(".panel", has_text="给一个期间结账")
    before = MONTH.before()
    form.locator("select").select_option(str(before))
    expect(form).to_contain_text("没有未了事项")
    form.get_by_role("button", name="结账").click()
    expect(page.locator(".notice").filter(has_text=f"{before} 已结账")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("looks", [("light", "zh"), ("dark", "en")])
def test_no_page_is_wider_than_the_window(
    app: ConsoleApp, browser: Browser, tmp_path: Path, width: int, looks: tuple[str, str]
) -> None:
    scheme, language = looks
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    context.add_cookies([{"name": "smartpark_language", "value": language, "url": app.url}])
    opened = context.new_page()
    sign_in(opened, app.url)
    for name, path in {
        "intensity": "/intensity",
        "enterprise": "/intensity?of=enterprise:e01",
        "explain": f"/explain/enterprise.e01.energy_intensity.{MONTH}.equivalent",
        "park": f"/explain/park.hk.energy.{MONTH}.equivalent",
        "closing": "/closing",
        "empty": "/intensity?term=1999-01",
        "gone": "/explain/nothing",
    }.items():
        opened.goto(f"{app.url}{path}")
        expect(opened.locator("h1, .empty h2").first).to_be_visible()
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} at {width}"
        opened.screenshot(path=tmp_path / f"{name}-{width}-{scheme}-{language}.png", full_page=True)
    context.close()
