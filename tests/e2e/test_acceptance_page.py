"""The page of device acceptance in a real browser: a device is listened to, judged, and its sealed report is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.relational import acceptances
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("acceptance")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def visit(
    browser: Browser, app: ConsoleApp, path: str, *, name: str = "admin", width: int = 1600, dark: bool = False
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    sign_in(page, app.url, name=name)
    page.goto(f"{app.url}{path}")
    return page


def test_a_device_is_listened_to_and_its_report_kept(browser: Browser, app: ConsoleApp) -> None:
    page = visit(browser, app, "/meters")
    page.get_by_role("link", name="设备验收").click()
    expect(page.locator("main, #main").first).to_contain_text("还没有验收报告")
    page.get_by_label("设备编号").fill("e99")
    page.get_by_role("button", name="开始监听").click()
    expect(page.get_by_role("alert").filter(has_text="没有设备 e99")).to_be_visible()
    page.get_by_label("设备编号").fill("e01-main")
    page.get_by_role("button", name="开始监听").click()
    run = page.locator("section.acceptance")
    expect(run).to_contain_text("e01-main")
    expect(run.locator("li", has_text="主题")).to_have_class("is-fail")  # nothing has been said yet
    app.say("e01-main", p=120.0, ep_imp=50_000.0)
    app.say("e01-main", p=121.0, ep_imp=50_000.5)
    expect(run.locator("li", has_text="主题")).to_have_class("is-pass")
    expect(run.locator("li", has_text="指标齐全")).to_contain_text("2 个指标齐全")
    run.get_by_role("button", name="断线试验").click()
    expect(run).to_contain_text("请断开设备的网线或电源")
    run.get_by_role("button", name="结束并存档").click()
    expect(page.locator("section.acceptance")).to_have_count(0)
    row = page.locator("tr", has_text="e01-main")
    expect(row).to_contain_text("不通过")  # it says no state
    expect(row).to_contain_text("在线状态")
    with page.expect_download() as waiting:
        row.get_by_role("link", name="PDF").click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
    (kept,), _ = acceptances.listing(app.engine)
    assert (kept.meter, kept.who) == ("e01-main", "admin")
    page.context.close()


def test_one_that_is_given_up_leaves_nothing(browser: Browser, app: ConsoleApp) -> None:
    before = len(acceptances.listing(app.engine)[0])
    page = visit(browser, app, "/acceptance?meter=e01-water")
    expect(page.get_by_label("设备编号")).to_have_value("e01-water")
    page.get_by_role("button", name="开始监听").click()
    run = page.locator("section.acceptance")
    expect(run).to_be_visible()
    run.get_by_role("button", name="放弃").click()
    expect(run).to_have_count(0)
    assert len(acceptances.listing(app.engine)[0]) == before
    page.context.close()


def test_who_may_only_look_sees_reports_and_an_enterprise_its_own(browser: Browser, app: ConsoleApp) -> None:
    for name in ("viewer", "owner"):
        page = visit(browser, app, "/acceptance", name=name)
        expect(page.locator("h1")).to_have_text("设备验收")
        expect(page.get_by_role("button", name="开始监听")).to_have_count(0)
        page.context.close()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_runs_out_of_a_phones_screen(browser: Browser, app: ConsoleApp, dark: bool) -> None:  # noqa: FBT001  # both schemes
    page = visit(browser, app, "/acceptance?meter=e01-main", width=390, dark=dark)
    page.get_by_role("button", name="开始监听").click()
    run = page.locator("section.acceptance").first
    expect(run.locator("li", has_text="主题")).to_contain_text(re.compile("没有收到"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    run.get_by_role("button", name="放弃").click()
    expect(run).to_have_count(0)
    page.context.close()
