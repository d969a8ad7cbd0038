"""The page on the quality of data in a real browser: the picture first, the worst first, and only one's own."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.clock import now
from adapters.duckdb_store import DuckDBStore
from adapters.relational import quarantine
from adapters.relational.quarantine import NewHeld
from park.instant import to_ms
from park.interval import SLOT_MS, IntervalBatch, Intervals
from park.term import month_of
from park.window import DAY
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser

BEFORE = month_of(now() - timedelta(hours=1)).before()
"""A month that is over: nothing about it moves while we look."""


def intervals(folder: Path) -> None:
    """Let one meter count half of the time of a month, and another all but its first day."""
    store = DuckDBStore(folder / "telemetry.duckdb")
    for meter, share, start in (("e01-main", 0.5, BEFORE.start()), ("e02-main", 1.0, BEFORE.start() + DAY)):
        ms = np.arange(to_ms(start), to_ms(BEFORE.end()), SLOT_MS, dtype=np.int64)
        full = np.ones(len(ms))
        slots = Intervals(ms, full, full * share, full * 0.25 * (share < 1))
        store.write_intervals([IntervalBatch(meter, "electricity", start, BEFORE.end(), slots)])
    store.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    folder = tmp_path_factory.mktemp("quality")
    intervals(folder)
    with running(folder) as started:
        at = BEFORE.start() + 3 * DAY
        topic = "park/v1/hk/e01/e01-main/data"
        rows = [NewHeld(at, topic, "e01-main", "unknown_metric", "x", bytes([n])) for n in range(3)]
        quarantine.insert(started.engine, rows)
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def visit(
    browser: Browser, app: ConsoleApp, *, name: str = "admin", width: int = 1600, dark: bool = False, query: str = ""
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    sign_in(page, app.url, name)
    page.goto(f"{app.url}/quality{query or f'?month={BEFORE}'}")
    expect(page.locator("h1")).to_have_text("数据质量")
    return page


def test_the_worst_meter_stands_first_with_its_shares_and_what_waits(browser: Browser, app: ConsoleApp) -> None:
    page = visit(browser, app)
    expect(page.locator("h1 + .sub")).to_contain_text(str(BEFORE))
    expect(page.get_by_role("img", name="逐日缺失").locator("canvas").first).to_be_visible()
    expect(page.get_by_role("img", name="实测、估算与缺失").locator("canvas").first).to_be_visible()
    rows = page.locator("table.grid tbody tr")
    missing = [
        float(words.removesuffix(" %"))
        for words in rows.locator("td[data-label='缺失']").all_inner_texts()
        if words != "—"
    ]
    assert missing == sorted(missing, reverse=True)
    row = rows.filter(has_text="e01-main")
    expect(row.locator("td[data-label='实测']")).to_have_text("50 %")
    expect(row.locator("td[data-label='估算']")).to_have_text("25 %")
    expect(row.locator("td[data-label='缺失']")).to_have_text("25 %")
    expect(row.locator("td[data-label='隔离'] a")).to_have_text("3")
    row.locator("td.name a").click()
    expect(page).to_have_url(f"{app.url}/meters/e01-main")


def test_an_enterprises_user_sees_its_own_meters_and_no_quarantine(browser: Browser, app: ConsoleApp) -> None:
    page = visit(browser, app, name="owner")
    expect(page.locator("table.grid")).to_contain_text("e01-main")
    expect(page.locator("table.grid")).not_to_contain_text("e02-main")
    expect(page.locator("table.grid th", has_text="隔离")).to_have_count(0)
    expect(page.locator("select[name=enterprise]")).to_have_count(0)


def test_a_month_to_come_says_what_to_do(browser: Browser, app: ConsoleApp) -> None:
    page = visit(browser, app, query="?month=2190-01")
    expect(page.locator(".empty h2")).to_have_text("本月还没有数据")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1600])
def test_nothing_runs_over_the_edge_of_a_screen(browser: Browser, app: ConsoleApp, width: int, *, dark: bool) -> None:
    page = visit(browser, app, width=width, dark=dark)
    expect(page.get_by_role("img", name="逐日缺失").locator("canvas").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
