"""The page on the quality of alarms in a real browser: figures beside their targets, and a workbook to take away."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from adapters.alert_store import Numbered
from adapters.clock import now
from adapters.relational import alerts
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.severity import Severity
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("alarm-quality")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def visit(browser: Browser, app: ConsoleApp, *, width: int = 1600, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    sign_in(page, app.url, name="admin")
    page.goto(f"{app.url}/alarm-quality")
    return page


def seed(app: ConsoleApp) -> None:
    """Three bursts of one alarm on one meter, each acknowledged after four minutes and over after ten."""
    began = now() - timedelta(days=3)
    changes = []
    for place in range(9):
        raised = began + place // 3 * timedelta(hours=5) + place % 3 * MINUTE / 6
        steps = {Kind.RAISED: 0, Kind.ACKNOWLEDGED: 4, Kind.CLEARED: 10}
        changes += [
            AlertChange(
                rule="combustible-1", meter="e01-main", episode=place + 1, kind=kind, at=raised + after * MINUTE,
                known_at=raised + after * MINUTE, before=Phase.OK, after=Phase.FIRING, severity=Severity.LARGER,
            )
            for kind, after in steps.items()
        ]  # fmt: skip
    changes.sort(key=lambda change: change.known_at)
    numbered = [Numbered(number, change) for number, change in enumerate(changes, 1)]
    alerts.copy(app.engine, records={}, changes=numbered, notices=[])


def test_without_alarms_it_says_that_this_may_be_because_nobody_watches(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app)
    expect(page.locator(".empty")).to_contain_text("也可以是没有规则在看守")
    page.context.close()


def test_what_came_is_held_against_its_targets_and_can_be_taken_away(app: ConsoleApp, browser: Browser) -> None:
    seed(app)
    page = visit(browser, app)
    expect(page).to_have_title("告警质量 · 恒口示范区产业园")
    expect(page.locator(".tile", has_text="告警数").first.locator(".num")).to_have_text("9")
    expect(page.locator(".tile", has_text="确认用时").locator(".num")).to_have_text("4 分")
    expect(page.locator("tr", has_text="抖动告警源个数").locator(".badge")).to_have_text("不达标")
    expect(page.locator("section", has_text="抖动的告警").locator("td.n", has_text="3 阵")).to_be_visible()
    expect(page.locator(".bars a").first).to_contain_text("可燃气体一级报警")
    with page.expect_download() as download:
        page.locator("a", has_text="下载 Excel").click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    assert book["总览"]["B4"].value == 9
    page.locator(".rooms a", has_text="近 7 天").click()
    expect(page.locator(".rooms a[aria-current=page]", has_text="近 7 天")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits_a_phone(app: ConsoleApp, browser: Browser, *, dark: bool) -> None:
    page = visit(browser, app, width=390, dark=dark)
    expect(page.locator("h1")).to_have_text("告警质量")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.context.close()
