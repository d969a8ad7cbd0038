"""The pages on statements in a real browser: what is typed stays, what is wrong is told, what is kept is a revision."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from adapters.clock import now
from adapters.relational import activities, statements
from park.statement import Statement, Status, due
from park.term import Term
from park.window import SITE
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("console")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def administrator(app: ConsoleApp, browser: Browser) -> Iterator[BrowserContext]:
    """The administrator's own browser, signed in."""
    context = browser.new_context(locale="zh-CN")
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


@pytest.fixture(scope="module")
def month() -> Term:
    """The last month that is over."""
    return due(now(), SITE)[0]


def line(page: Page, name: str) -> Locator:
    return page.locator("table.entry tr", has=page.get_by_text(name, exact=True))


def ticked(page: Page) -> None:
    """Wait until the clock of the page has moved twice."""
    clock = page.locator(".clock > span")
    for _ in range(2):
        before = clock.inner_text()
        expect(clock).not_to_have_text(before)


def test_what_is_typed_stays_while_the_page_moves_and_is_kept_as_a_revision(
    app: ConsoleApp, page: Page, month: Term
) -> None:
    page.goto(f"{app.url}/statements/e01/{month}")
    line(page, "工业增加值").locator("input").fill("1,234.50")
    ticked(page)
    expect(line(page, "工业增加值").locator("input")).to_have_value("1,234.50")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").filter(has_text="已保存为第 1 版。")).to_be_visible()
    expect(page.locator(".revisions li").first).to_contain_text("工业增加值: 1,234.50 万元")
    [kept] = statements.history(app.engine, "e01", month)
    assert (kept.values, kept.who) == ({"value_added": Decimal("1234.50")}, "admin")


def test_a_mistake_is_told_at_its_line_and_nothing_that_was_typed_is_lost(
    app: ConsoleApp, page: Page, month: Term
) -> None:
    page.goto(f"{app.url}/statements/e02/{month}")
    line(page, "工业总产值").locator("input").fill("12,34")
    line(page, "实缴税收").locator("input").fill("86.2")
    ticked(page)
    page.get_by_role("button", name="保存").click()
    expect(line(page, "工业总产值").get_by_role("alert")).to_contain_text("'12,34' 不是数字")
    expect(line(page, "实缴税收").locator("input")).to_have_value("86.2")
    assert statements.history(app.engine, "e02", month) == []
    line(page, "工业总产值").locator("input").fill("-3")
    ticked(page)
    page.get_by_role("button", name="保存").click()
    expect(line(page, "工业总产值").get_by_role("alert")).to_contain_text("小于下限")


def test_a_correction_asks_for_its_reason(app: ConsoleApp, page: Page, month: Term) -> None:
    before = month.year_ago()
    first = Statement("e02", before, Status.FLASH, {"tax": Decimal(80)})
    statements.save(app.engine, [first], who="test", now=now())
    page.goto(f"{app.url}/statements/e02/{before}")
    line(page, "实缴税收").locator("input").fill("90")
    ticked(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").filter(has_text="请写明原因")).to_be_visible()
    page.get_by_label("修订原因").fill("企业更正")
    page.get_by_label("状态").select_option("verified")
    ticked(page)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".revisions > li").first).to_contain_text("实缴税收: 80 → 90 万元")
    newest = statements.history(app.engine, "e02", before)[-1]
    assert (newest.status, newest.reason) == (Status.VERIFIED, "企业更正")


def choose(page: Page, name: str, text: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator(".pick button.main").click()
    chooser.value.set_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def test_a_file_is_looked_at_mended_and_taken_in(app: ConsoleApp, page: Page, month: Term) -> None:
    term = month.before()
    good = f"企业编号,期别,状态,工业增加值\ne01,{term},快报,1200\ne02,{term},核定,300.25\n"
    page.goto(f"{app.url}/statements/import")
    choose(page, "bad.csv", good.replace("e02", "e09").replace("1200", "一千二"))
    expect(page.get_by_role("heading", name="bad.csv: 有 2 处错误, 没有保存")).to_be_visible()
    expect(page.locator("td.mono")).to_have_text(["D2", "A3"])
    choose(page, "good.csv", good)
    expect(page.get_by_text("新增 2, 修订 0, 相同 0, 空行 0")).to_be_visible()
    assert statements.history(app.engine, "e02", term) == []
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_text("已导入: 新增 2, 修订 0。")).to_be_visible()
    assert statements.history(app.engine, "e02", term)[0].values == {"value_added": Decimal("300.25")}
    page.get_by_role("link", name="查看报表").click()
    expect(page.locator(f'a[href="/statements/e02/{term}"]')).to_have_text("核")


def test_a_fuel_is_entered_and_a_metered_carrier_is_refused(app: ConsoleApp, page: Page, month: Term) -> None:
    page.goto(f"{app.url}/statements/activities?enterprise=e01")
    page.get_by_label("品种").select_option("electricity")
    expect(page.get_by_text("该企业的电力已由进出口总表计量")).to_be_visible()
    page.get_by_label("品种").select_option("diesel")
    expect(page.get_by_label("单位")).to_have_value("t")
    page.get_by_label("数量").fill("12.35")
    page.get_by_label("依据").fill("发票 07")
    ticked(page)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("table.grid tbody tr")).to_contain_text(["12.35"])
    [kept] = activities.current(app.engine)
    assert (kept.item, kept.amount, kept.term, kept.evidence) == ("diesel", Decimal("12.35"), month, "发票 07")


def test_who_may_not_keep_statements_reads_them(app: ConsoleApp, browser: Browser, month: Term) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    sign_in(page, app.url, "owner")
    page.goto(f"{app.url}/statements")
    expect(page.locator("table.terms tbody tr")).to_have_count(1)
    expect(page.get_by_text("导入文件")).to_have_count(0)
    page.goto(f"{app.url}/statements/e01/{month}")
    expect(page.locator("table.entry")).to_be_visible()
    expect(page.locator("table.entry input")).to_have_count(0)
    page.goto(f"{app.url}/statements/e02/{month}")
    expect(page.get_by_text("页面不存在")).to_be_visible()
    assert page.goto(f"{app.url}/statements/import") is not None
    expect(page).to_have_title(re.compile("没有权限"))
    context.close()


@pytest.mark.parametrize(
    "path", ["/statements", "/statements/import", "/statements/activities", "/statements/e01/2026-Q1"]
)
@pytest.mark.parametrize(("scheme", "language"), [("light", "zh"), ("dark", "en")])
def test_on_a_phone_nothing_is_wider_than_the_screen_and_nothing_fails(
    app: ConsoleApp, administrator: BrowserContext, path: str, scheme: str, language: str
) -> None:
    page = administrator.new_page()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    administrator.add_cookies([{"name": "smartpark_language", "value": language, "url": app.url}])
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(app.url + path)
    expect(page.locator("nav.ways")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert wrong == []
    administrator.add_cookies([{"name": "smartpark_language", "value": "zh", "url": app.url}])
    page.close()
