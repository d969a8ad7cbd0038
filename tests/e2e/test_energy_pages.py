"""The pages on energy and carbon in a real browser: curves, where energy goes, who uses most, CO2 by both ways."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.clock import now
from adapters.duckdb_store import DuckDBStore
from park.window import DAY, day_start
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running
from tests.e2e.test_figure_pages import MONTH, fill, write

pytestmark = pytest.mark.browser

USED = (("e01-main", "electricity", 90_000.0), ("e01-water", "water", 1_500.0), ("e02-main", "electricity", 45_000.0))
LAST = f"on={MONTH.start().astimezone().date() + DAY}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium
    folder = tmp_path_factory.mktemp("energy")
    store = DuckDBStore(folder / "telemetry.duckdb")
    for meter, carrier, amount in USED:
        write(store, meter, carrier, MONTH.before(), amount)
        write(store, meter, carrier, MONTH, amount * 1.1)
    store.close()
    with running(folder) as started:
        fill(started)
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def visit(
    app: ConsoleApp, browser: Browser, path: str, *, name: str = "admin", width: int = 1440, dark: bool = False
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    sign_in(page, app.url, name)
    page.goto(f"{app.url}{path}")
    expect(page.locator("h1")).to_be_visible()
    return page


def test_a_month_says_what_was_used_how_it_changed_and_where_it_goes(app: ConsoleApp, browser: Browser) -> None:
    page = visit(app, browser, f"/energy?run=month&{LAST}")
    expect(page.locator(".rooms a", has_text="用能")).to_have_attribute("aria-current", "page")
    tile = page.locator(".tile").first
    expect(tile).to_contain_text("148.50")
    expect(tile).to_contain_text("+10.0 %")
    expect(tile).to_contain_text("估算")
    expect(page.locator(".tile", has_text="综合能源")).to_contain_text("tce")
    expect(page.locator(".panel", has_text="能流图").locator("canvas")).to_be_visible()
    expect(page.locator(".panel", has_text="电力用量").locator("canvas")).to_be_visible()
    rows = page.locator(".panel", has_text="企业排名").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("富硒食品")
    expect(rows.first).to_contain_text("66 %")
    expect(rows.first).to_contain_text("+10.0 %")
    page.context.close()


def test_another_carrier_another_run_of_days(app: ConsoleApp, browser: Browser) -> None:
    page = visit(app, browser, f"/energy?run=month&{LAST}")
    page.locator("select[name=carrier]").select_option("water")
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".tile", has_text="新水")).to_contain_text("1,650")
    page.locator(".ways a", has_text="周").click()
    expect(page.locator(".sub").first).to_contain_text("–")
    expect(page.locator(".tile", has_text="新水")).to_be_visible()
    page.get_by_role("link", name="上一期").click()
    expect(page.locator(".panel", has_text="新水用量")).to_contain_text("每 60 分钟")
    page.context.close()


def test_days_without_data_say_what_to_do(app: ConsoleApp, browser: Browser) -> None:
    page = visit(app, browser, "/energy?run=range&on=1999-01-01&to=1999-01-03")
    expect(page.locator(".empty h2")).to_have_text("该时段还没有用量")
    page.context.close()


def test_carbon_stands_by_both_ways_with_its_factors(app: ConsoleApp, browser: Browser) -> None:
    page = visit(app, browser, "/carbon")
    for name in ("二氧化碳排放量", "二氧化碳排放量 (市场法)", "单位增加值碳排放", "外购电力排放 (位置法)"):
        expect(page.locator(".tile h2", has=page.get_by_text(name, exact=True))).to_have_count(1)
    expect(page.locator(".panel", has_text="近 12 个月碳排放").locator("canvas")).to_be_visible()
    expect(page.locator(".panel", has_text="各企业碳排放").locator("tbody tr")).to_have_count(2)
    used = page.locator(".panel", has_text="采用的因子")
    expect(used).to_contain_text("年")
    expect(used.locator("tbody tr").first.locator("td").last).not_to_be_empty()
    page.locator("select[name=term]").select_option(f"{MONTH}/r12")
    page.get_by_role("button", name="查看").click()
    expect(page).to_have_url(re.compile(rf"/carbon\?.*{MONTH}%2Fr12"))
    page.locator(".tile a.num").first.click()
    expect(page.locator("h1")).to_have_text("二氧化碳排放量")
    page.context.close()


@pytest.mark.parametrize("path", [f"/energy?run=month&{LAST}", "/carbon?of=enterprise:e02"])
def test_an_enterprise_sees_only_itself(app: ConsoleApp, browser: Browser, path: str) -> None:
    page = visit(app, browser, path, name="owner")
    expect(page.locator(".tile").first).to_be_visible()
    expect(page.locator("#main")).not_to_contain_text("毛绒")
    assert "Plush" not in page.content()
    assert "毛绒" not in page.content()
    page.context.close()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_the_window(
    app: ConsoleApp,
    browser: Browser,
    tmp_path: Path,
    width: int,
    dark: bool,  # noqa: FBT001  # both schemes
) -> None:
    today = day_start(now()).date()
    page = visit(app, browser, "/", width=width, dark=dark)
    for name, path in {
        "month": f"/energy?run=month&{LAST}",
        "week": f"/energy?run=week&{LAST}",
        "day": f"/energy?run=day&{LAST}",
        "range": f"/energy?run=range&on={today - 40 * DAY}&to={today}",
        "carbon": "/carbon",
        "own": "/carbon?of=enterprise:e01",
        "empty": "/carbon?term=1999-01",
    }.items():
        page.goto(f"{app.url}{path}")
        expect(page.locator("h1, .empty h2").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} at {width}"
        page.screenshot(path=tmp_path / f"{name}-{width}-{'dark' if dark else 'light'}.png", full_page=True)
    page.context.close()
