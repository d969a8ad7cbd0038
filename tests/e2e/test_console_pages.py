"""The console in a real browser: what people see, in their language, and that it moves by itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from adapters.clock import now
from adapters.relational import meter_account, quarantine
from park.account import Heard, step
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import MINUTE, ONE_TIME, ConsoleApp, running

pytestmark = pytest.mark.browser

PAGES = ["/", "/enterprises", "/enterprises/e01", "/meters", "/meters/e01-main", "/quarantine", "/change-password"]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("console")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def fresh(browser: Browser) -> BrowserContext:
    """Open a browser nobody has used before."""
    return browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")


@pytest.fixture(scope="module")
def administrator(app: ConsoleApp, browser: Browser) -> Iterator[BrowserContext]:
    """The administrator's own browser, signed in."""
    context = fresh(browser)
    page = context.new_page()
    sign_in(page, app.url)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(administrator: BrowserContext) -> Iterator[Page]:
    """A page of the administrator's."""
    opened = administrator.new_page()
    yield opened
    opened.close()


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A page of a browser that nobody has used before."""
    context = fresh(browser)
    yield context.new_page()
    context.close()


def test_a_person_signs_in_and_sees_a_value_change_without_a_reload(app: ConsoleApp, stranger: Page) -> None:
    sign_in(stranger, app.url)
    expect(stranger).to_have_title("总览 · 恒口示范区产业园")
    power = stranger.locator(".tile", has_text="当前电功率")
    app.say("e01-main", p=123.4, ep_imp=61_600.0)
    expect(power.locator(".num")).to_have_text("123.4")
    expect(power).to_contain_text("1 / 2 块总表")
    stranger.evaluate("window.untouched = true")
    app.say("e01-main", p=150.5, ep_imp=61_601.0)
    app.say("e02-main", p=50.0, ep_imp=55_800.0)
    expect(power.locator(".num")).to_have_text("200.5")
    expect(power).to_contain_text("2 / 2 块总表")
    assert stranger.evaluate("window.untouched")
    expect(stranger.locator(".tile", has_text="今日用电").locator(".num")).not_to_have_text("—")
    expect(stranger.locator(".ranking li").first).to_contain_text("安康某富硒食品有限公司")


def test_what_has_no_meter_says_so_and_is_not_zero(app: ConsoleApp, page: Page) -> None:
    page.goto(app.url)
    gas = page.locator(".tile", has_text="今日用气")
    expect(gas).to_contain_text("未登记该介质的总表")
    expect(gas.locator(".num")).to_have_text("—")


def test_a_detector_shows_its_newest_value(app: ConsoleApp, page: Page) -> None:
    page.goto(app.url)
    app.say("e01-gas", lel=12.5, temperature=21.0)
    expect(page.locator(".chip")).to_contain_text("12.50")
    app.say("e01-stack", so2=35.5, nox=120.0, pm=8.0, o2=9.0)
    expect(page.locator(".stacks tbody tr")).to_contain_text("35.50")


def test_a_wrong_password_is_refused_with_a_sentence(app: ConsoleApp, stranger: Page) -> None:
    sign_in(stranger, app.url, name="nobody", password="wrong", refused=True)
    expect(stranger.get_by_role("alert")).to_contain_text("用户名或密码不对")
    assert "/sign-in" in stranger.url


def test_after_signing_in_one_comes_where_one_wanted_to_go(app: ConsoleApp, stranger: Page) -> None:
    stranger.goto(f"{app.url}/meters/e01-main")
    expect(stranger).to_have_url(re.compile(r"/sign-in\?next="))
    stranger.fill("input[name=name]", "viewer")
    stranger.fill("input[name=password]", "correct horse battery")
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("e01-main 表")


def test_a_one_time_password_opens_nothing_but_the_page_that_changes_it(app: ConsoleApp, stranger: Page) -> None:
    sign_in(stranger, app.url, name="newcomer", password=ONE_TIME)
    expect(stranger).to_have_url(f"{app.url}/change-password")
    expect(stranger.locator("body")).to_contain_text("一次性密码")
    stranger.fill("input[name=present]", ONE_TIME)
    stranger.fill("input[name=new]", "a better one 2026")
    stranger.fill("input[name=again]", "another one 2026")
    stranger.click("button[type=submit]")
    expect(stranger.get_by_role("alert")).to_contain_text("不一致")
    stranger.fill("input[name=again]", "a better one 2026")
    stranger.click("button[type=submit]")
    expect(stranger.locator(".tile").first).to_be_visible()


def test_the_language_switch_is_remembered(app: ConsoleApp, stranger: Page) -> None:
    sign_in(stranger, app.url)
    expect(stranger.locator("nav")).to_contain_text("总览")
    stranger.get_by_role("button", name="English").click()
    expect(stranger.locator("nav")).to_contain_text("Overview")
    stranger.goto(f"{app.url}/meters")
    expect(stranger).to_have_title("Meters · Hengkou Industrial Park")
    assert stranger.locator("html").get_attribute("lang") == "en-US"


def test_the_dark_scheme_is_remembered(app: ConsoleApp, stranger: Page) -> None:
    sign_in(stranger, app.url)
    expect(stranger.locator("html")).to_have_attribute("data-scheme", "light")
    stranger.get_by_role("button", name="深色 / 浅色").click()
    expect(stranger.locator("html")).to_have_attribute("data-scheme", "dark")
    stranger.goto(f"{app.url}/meters")
    expect(stranger.locator("html")).to_have_attribute("data-scheme", "dark")


def test_an_enterprise_sees_itself_and_nobody_else(app: ConsoleApp, stranger: Page) -> None:
    sign_in(stranger, app.url, name="owner")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("安康某富硒食品有限公司")
    expect(stranger.locator("nav")).not_to_contain_text("隔离区")
    app.say("e02-main", p=77.7, ep_imp=55_801.0)
    stranger.goto(f"{app.url}/meters")
    expect(stranger.locator("tbody tr")).to_have_count(4)
    expect(stranger.locator("body")).not_to_contain_text("e02-main")
    for address, status in {
        "/enterprises/e02": 404,
        "/meters/e02-main": 404,
        "/enterprises": 403,
        "/quarantine": 403,
    }.items():
        answer = stranger.goto(app.url + address)
        assert answer is not None
        assert answer.status == status, address
        expect(stranger.locator("body")).not_to_contain_text("毛绒玩具")


def test_meters_are_found_by_what_one_looks_for(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/meters?medium=water")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("介质").select_option("")
    expect(page.locator("tbody tr")).to_have_count(5)
    page.get_by_label("搜索").fill("毛绒")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("搜索").fill("没有这样的表")
    expect(page.locator("body")).to_contain_text("没有符合条件的设备")


def test_a_meter_shows_its_curve_and_its_newest_values(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/meters/e01-main")
    app.say("e01-main", p=-4.5)
    expect(page.locator("tbody").first).to_contain_text("−4.50")
    expect(page.locator("canvas")).to_have_count(2)
    page.get_by_role("button", name="30 天").click()
    expect(page.get_by_role("button", name="30 天")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="6 小时").click()
    page.locator("select").select_option("ep_imp")
    expect(page.get_by_text("该时段没有数据")).to_be_hidden()


def test_a_meter_shows_what_of_its_messages_came_and_names_what_is_missing(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/meters/e01-water")
    account = page.locator(".panel", has_text="收发账")
    expect(account).to_contain_text("尚未收到该设备的报文")
    begin = now()
    said = [Heard(seq, begin + seq * MINUTE, begin, accepted=2) for seq in (1, 2, 3, 18_235, 18_236, 2)]
    meter_account.save(app.engine, {"e01-water": step(None, said)})
    expect(account).to_contain_text("缺失 18,231 条 · 重复 1 条")
    expect(account.locator(".chain div").nth(1)).to_contain_text("占 0.02 %")
    expect(account.locator("tbody tr:visible")).to_have_count(2)
    expect(account).to_contain_text("4–18234")
    page.goto(f"{app.url}/meters")
    expect(page.locator(".page-head")).to_contain_text("1 台有缺失 · 缺失 18,231 条")


def test_the_quarantine_shows_what_is_held_and_tries_it_again(app: ConsoleApp, page: Page) -> None:
    page.goto(f"{app.url}/quarantine")
    expect(page.locator("body")).to_contain_text("设备 e01-new 不在台账中; 登记后在此回放")
    trap = page.locator(".panel:visible", has_text="不是有效的 JSON")
    trap.get_by_text("查看最近报文").click()
    expect(trap.locator("pre")).to_contain_text("<script>window.trapped = true</script>")
    assert page.evaluate("window.trapped") is None
    unknown = page.locator(".panel:visible", has_text="设备未登记")
    unknown.get_by_role("button", name="回放").click()
    expect(unknown).to_contain_text("正在回放")
    (asked,) = quarantine.pending_replays(app.engine)  # the collector's part, which does not run here
    assert (asked.who, asked.reason, asked.meter) == ("admin", "unknown_meter", "e01-new")
    quarantine.finish_replay(app.engine, asked.id, now=now(), replayed=1, refused_again=0)
    quarantine.delete(app.engine, [row.id for row in quarantine.listing(app.engine, reason="unknown_meter")[0]])
    expect(page.locator(".notice:visible")).to_contain_text("e01-new: 1 条已入库, 0 条仍被拒收")
    expect(unknown).to_have_count(0)


def test_who_only_looks_cannot_try_again(app: ConsoleApp, stranger: Page) -> None:
    sign_in(stranger, app.url, name="viewer")
    expect(stranger.locator("nav")).to_be_visible()
    stranger.goto(f"{app.url}/quarantine")
    expect(stranger.locator("body")).to_contain_text("不是有效的 JSON")
    expect(stranger.get_by_role("button", name="回放")).to_have_count(0)


def test_signing_out_closes_every_page(app: ConsoleApp, stranger: Page) -> None:
    sign_in(stranger, app.url, name="viewer")
    stranger.get_by_role("button", name="退出登录").click()
    expect(stranger).to_have_url(f"{app.url}/sign-in")
    stranger.goto(f"{app.url}/meters")
    expect(stranger).to_have_url(re.compile("/sign-in"))


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)], ids=["on the wall", "on a phone"])
def test_every_page_is_whole_asks_nobody_else_and_never_scrolls_sideways(
    app: ConsoleApp, stranger: Page, size: tuple[int, int]
) -> None:
    strangers: list[str] = []
    complaints: list[str] = []
    stranger.on("request", lambda r: None if r.url.startswith((app.url, "data:", "blob:")) else strangers.append(r.url))
    stranger.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
    stranger.on("pageerror", lambda error: complaints.append(str(error)))
    stranger.set_viewport_size({"width": size[0], "height": size[1]})
    sign_in(stranger, app.url)
    expect(stranger.locator("nav")).to_be_visible()
    for address in PAGES:
        stranger.goto(app.url + address, wait_until="networkidle")
        expect(stranger.get_by_role("heading", level=1)).to_have_count(1)
        assert stranger.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"
        assert stranger.title().count("·") == 1
    if size[0] == 1920:
        stranger.goto(app.url, wait_until="networkidle")
        assert stranger.evaluate("document.documentElement.scrollHeight <= innerHeight"), "the wall's page scrolls"
    assert (strangers, complaints) == ([], [])


def test_who_may_mend_it_sees_on_the_overview_that_the_collector_is_in_trouble_and_nobody_else(
    app: ConsoleApp, page: Page, stranger: Page
) -> None:
    page.goto(app.url)
    notice = page.locator("#main > .notice")
    expect(notice).to_be_hidden()
    app.trouble("spool", "store")
    try:
        expect(notice).to_contain_text("暂存写不进去")
        expect(notice).to_contain_text("读数写不进时序库")
        sign_in(stranger, app.url, "viewer")
        expect(stranger.locator(".tile").first).to_be_visible()
        expect(stranger.locator("#main > .notice")).to_have_count(0)
    finally:
        app.trouble()
    expect(notice).to_be_hidden()
