"""The review queue in a real browser: what was found, decided on the spot; a swap declared from the meter's page."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from adapters.clock import now
from adapters.relational import epochs, suspicions
from park.epoch import Kind, Standing
from park.suspicion import Suspicion
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser
PHONE = 390


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("review")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


@pytest.fixture
def found(app: ConsoleApp) -> Suspicion:
    """A reset of one meter that waits for a person."""
    at = (now() - timedelta(hours=9)).replace(microsecond=0)
    one = Suspicion(
        "e01-main", "ep_imp", at, Kind.RESET, (at - timedelta(minutes=15), 54_000.0), (at, 3.0), 3.0, {"drop": 53_997.0}
    )
    suspicions.settle(app.engine, ("e01-main", "ep_imp"), [one], at - timedelta(days=2), now(), now=now())
    return one


def visit(browser: Browser, app: ConsoleApp, path: str = "/review", *, name: str = "admin", width: int = 1600) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, app.url, name=name)
    page.goto(f"{app.url}{path}")
    return page


def field(page: Page, label: str) -> Locator:
    return page.locator("label.field", has_text=label).locator("input, select").first


def in_force(app: ConsoleApp, meter: str = "e01-main") -> list[tuple[Kind, Standing, float | None]]:
    held = epochs.in_force(app.engine, [meter]).get((meter, "ep_imp"), ())
    return [(one.kind, one.standing, one.closing) for one in held]


def test_what_was_found_is_decided_where_it_is_seen(app: ConsoleApp, browser: Browser, found: Suspicion) -> None:
    page = visit(browser, app)
    case = page.locator(".panel", has_text="表底清零").first
    expect(case).to_contain_text("54,000")
    expect(case).to_contain_text("按估算")
    expect(case.locator("canvas, svg").first).to_be_visible()
    case.get_by_role("button", name="更正").click()
    expect(case).to_contain_text("请填写说明")
    expect(case).to_contain_text("更正必须给出")
    field(page, "止码").fill("54003.5")
    field(page, "起码").fill("0")
    field(page, "说明").fill("工单 118")
    case.get_by_role("button", name="更正").click()
    expect(page.locator(".notice", has_text="已记录")).to_be_visible()
    expect(page.locator(".empty", has_text="没有待复核事项")).to_be_visible()
    expect(page.locator("tr", has_text="工单 118")).to_contain_text("54,003.5")
    assert in_force(app) == [(Kind.RESET, Standing.CORRECTED, 54_003.5)]
    assert epochs.in_force(app.engine)["e01-main", "ep_imp"][0].at == found.at
    page.context.close()


def test_a_swap_is_declared_from_the_meters_page(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, "/meters/e02-main")
    page.locator("a", has_text="登记变动").click()
    expect(page).to_have_title("登记表计变动 · 恒口示范区产业园")
    expect(field(page, "新倍率")).to_be_visible()
    field(page, "止码").fill("12")
    field(page, "说明").fill("到期轮换")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("label.field", has_text="起码").locator(".mark")).to_contain_text("要么都填")
    field(page, "起码").fill("一")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("label.field", has_text="起码").locator(".mark")).to_contain_text("应为数字")
    field(page, "起码").fill("0.5")
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".notice", has_text="已记录")).to_be_visible()
    assert in_force(app, "e02-main") == [(Kind.REPLACEMENT, Standing.DECLARED, 12.0)]
    page.context.close()


def test_a_viewer_sees_the_queue_and_decides_nothing(app: ConsoleApp, browser: Browser, found: Suspicion) -> None:
    page = visit(browser, app, name="viewer")
    expect(page.locator("h1")).to_have_text("计量复核")
    expect(page.get_by_role("button", name="确认")).to_have_count(0)
    page.goto(f"{app.url}/review/{found.meter}")
    expect(page.locator("h1")).not_to_have_text("登记表计变动")
    page.context.close()


def test_an_enterprises_own_user_is_not_let_into_the_parks_queue(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, name="owner")
    expect(page.locator("main", has_text="您的角色不能查看此页")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("path", ["/review", "/review/e01-main", "/meters/e01-main"])
def test_a_phone_shows_it_without_scrolling_sideways(app: ConsoleApp, browser: Browser, path: str) -> None:
    page = visit(browser, app, path, width=PHONE)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.context.close()
