"""The plan in a real browser: points by state at once, a picture by upload, points moved by drag, a key on the list."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from adapters.clock import now
from adapters.relational import alert_actions, rules_store, site_plan
from park.care import Deed
from park.severity import Severity
from tests.e2e.browser import browsing
from tests.e2e.console_app import ConsoleApp, running
from tests.e2e.test_alert_pages import LEAK, PHONE, burning, tell, visit
from tests.park.test_picture import png

pytestmark = pytest.mark.browser
NEAR = 0.02


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("plan")) as started:
        rules_store.save(started.engine, "leak-2", LEAK, who="test", now=now())
        tell(started, burning(), burning("e02-main", Severity.CRITICAL), burning("e01-main", Severity.NOTICE))
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_plan_works_at_once_then_takes_a_picture_and_points_are_dragged_onto_it(
    browser: Browser, app: ConsoleApp
) -> None:
    page = visit(browser, app, "/plan")
    gas = page.locator('[data-enterprise="e01"] [data-meter="e01-gas"]')
    expect(gas).to_have_class(re.compile("sev-major.* waits"))
    expect(gas).to_contain_text("重大")
    expect(page.locator('[data-enterprise="e02"] [data-meter="e02-main"]')).to_contain_text("特别重大")
    app.say("e01-stack", nox=80)
    expect(page.locator('[data-meter="e01-stack"]')).to_have_class(re.compile("is-calm"))
    gas.click()
    expect(page).to_have_url(re.compile("/alerts/leak-2/e01-gas$"))
    page.goto(f"{app.url}/plan")

    picker = page.locator("[data-plan=file]")
    picker.set_input_files({"name": "site.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.locator(".plan-said")).to_contain_text("不是 PNG、JPEG 或 WebP")
    picker.set_input_files({"name": "site.png", "mimeType": "image/png", "buffer": png(800, 400)})
    sheet = page.locator(".plan-sheet img")
    expect(sheet).to_be_visible()
    assert sheet.evaluate("async (it) => { await it.decode(); return it.naturalWidth; }") == 800
    tray = page.locator(".plan-tray [data-meter=e01-gas]")
    page.get_by_role("button", name="移动点位").click()
    tray.scroll_into_view_if_needed()
    page.mouse.move(*middle(tray))
    page.mouse.down()
    page.mouse.move(*middle(sheet), steps=8)
    page.mouse.up()
    placed = page.locator(".plan-over [data-meter=e01-gas]")
    expect(placed).to_be_visible()
    at = site_plan.places(app.engine)["e01-gas"]
    assert at == pytest.approx((0.5, 0.5), abs=NEAR)
    expect(page).to_have_url(re.compile("/plan$"))


@pytest.mark.parametrize("width", [1440, PHONE])
def test_an_enterprise_sees_its_own_points_only_and_no_page_is_wider_than_the_screen(
    browser: Browser, app: ConsoleApp, width: int
) -> None:
    page = visit(browser, app, "/plan", name="owner", width=width)
    expect(page.locator("[data-meter=e01-gas]")).to_be_visible()
    expect(page.locator("[data-meter=e02-main]")).to_have_count(0)
    expect(page.locator("[data-plan], .plan-sheet")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_the_key_a_acknowledges_the_row_in_focus_and_not_while_somebody_types(
    browser: Browser, app: ConsoleApp
) -> None:
    page = visit(browser, app, "/alerts")
    row = page.locator(".alert-row", has_text="e02-main")
    row.locator("input").press_sequentially("a call")
    expect(row.locator("input")).to_have_value("a call")
    before = alert_actions.last_number(app.engine)
    row.focus()
    row.press("Control+a")
    row.press("a")
    expect(row).to_contain_text("等待生效: 确认")
    [asked] = alert_actions.since(app.engine, before)
    assert (asked.deed, asked.meter, asked.note) == (Deed.ACKNOWLEDGE, "e02-main", "a call")
