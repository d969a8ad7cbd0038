"""The page on balances in a real browser: the month at a glance, what cannot be told, a virtual meter's whole life."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from adapters.clock import now
from adapters.duckdb_store import DuckDBStore
from adapters.relational import registry_store, virtual_meters
from park.instant import to_ms
from park.interval import SLOT_MS, IntervalBatch, Intervals
from park.place import Enterprise, Role
from park.window import DAY, day_start
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import REGISTRY, ConsoleApp, running

pytestmark = pytest.mark.browser

MAIN = REGISTRY.by_meter["e01-main"]
# kWh a day; the share of the time that is known
COUNTED = {
    "e01-main": (1000.0, 1.0), "e01-line1": (610.0, 1.0), "e01-line2": (360.0, 1.0),
    "e02-main": (400.0, 1.0), "e02-line1": (330.0, 1.0),
    "e03-main": (800.0, 1.0), "e03-line1": (500.0, 0.6),
    "e04-main": (300.0, 1.0), "e04-line1": (306.0, 1.0),
    "e05-main": (200.0, 1.0),
}  # fmt: skip


def intervals(folder: Path, today: datetime) -> None:
    """Let every meter count evenly for sixty days, up to today's midnight."""
    start = today - 60 * DAY
    ms = np.arange(to_ms(start), to_ms(today), SLOT_MS, dtype=np.int64)
    store = DuckDBStore(folder / "telemetry.duckdb")
    full = np.ones(len(ms))
    store.write_intervals(
        [
            IntervalBatch(
                meter, "electricity", start, today, Intervals(ms, full * per_day / 96, full * share, full * 0)
            )
            for meter, (per_day, share) in COUNTED.items()
        ]
    )
    store.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    folder = tmp_path_factory.mktemp("balance")
    intervals(folder, day_start(now()))
    with running(folder) as started:
        for name in ("e03", "e04", "e05"):
            enterprise = Enterprise(name, "hk", f"安康某企业 {name}", f"Firm {name}", "1392")
            registry_store.save_enterprise(started.engine, enterprise, who="test", now=now())
        for meter in COUNTED:
            role = Role.SUB if "line" in meter else Role.BOUNDARY
            made = replace(MAIN, id=meter, enterprise=meter.partition("-")[0], role=role, name=f"{meter} 表")
            registry_store.save_meter(started.engine, made, who="test", now=now())
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
    sign_in(page, app.url, name=name)
    page.goto(f"{app.url}/balance{query}")
    return page


def last_month() -> str:
    """Name a month that is over and has sixty days' worth of slots in it."""
    return f"?month={(day_start(now()).replace(day=1) - timedelta(days=1)):%Y-%m}"


def field(within: Locator, label: str) -> Locator:
    return within.locator("label.field", has_text=label).locator("input, select").first


def test_a_month_is_told_at_a_glance_and_row_by_row(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, query=last_month())
    expect(page).to_have_title("平衡与损耗 · 恒口示范区产业园")
    expect(page.locator(".tile", has_text="损耗超限").locator(".num")).to_have_text("1")
    expect(page.locator(".tile", has_text="分表大于总表").locator(".num")).to_have_text("1")
    expect(page.locator(".tile", has_text="综合损耗率").locator(".num")).to_have_text("5.53 %")
    expect(page.locator(".panel", has_text="总表与分表").locator("canvas").first).to_be_visible()
    rows = page.locator("table.grid tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("分表大于总表")
    expect(rows.nth(0)).to_contain_text("-2 %")
    toys = page.locator("tr", has_text="安康某毛绒玩具有限公司")
    expect(toys).to_contain_text("17.5 %")
    toys.locator("summary").click()
    expect(toys).to_contain_text("请查漏损、未装分表的负荷和倍率")
    expect(toys.locator("li", has_text="e02-line1")).to_contain_text("实测 100 %")
    foods = page.locator("tr", has_text="安康某富硒食品有限公司")
    expect(foods).to_contain_text("正常")
    expect(foods).to_contain_text("0 % – 5 %")
    page.context.close()


def test_what_cannot_be_compared_is_named_with_its_reason(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, query=last_month())
    panel = page.locator(".panel", has=page.locator("h2", has_text="无法比较"))
    expect(panel.locator("li.held", has_text="安康某企业 e03")).to_contain_text("e03-line1 的数据完整率低于 95 %")
    expect(panel.locator("li.held", has_text="1 家没有分表")).to_contain_text("安康某企业 e05")
    page.context.close()


def test_a_carrier_without_sub_meters_says_what_to_do_next(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, query="?carrier=water")
    expect(page.locator(".empty h2")).to_have_text("还没有可以比较的分表")
    expect(page.locator(".empty")).to_contain_text("用途 sub")
    page.context.close()


def test_a_virtual_meter_is_tried_while_it_is_typed_kept_changed_and_taken_back(
    app: ConsoleApp, browser: Browser
) -> None:
    page = visit(browser, app, query=last_month())
    page.locator("summary", has_text="新建虚拟表").click()
    form = page.locator("details.virtual-new")
    field(form, "公式").fill("e01-main - 25 % * e02-man")
    expect(form).to_contain_text("第 19 个字符: 没有设备 e02-man; 是否想写 e02-main?")
    field(form, "公式").fill("e01-main")
    form.get_by_role("button", name="e02-main", exact=True).click()
    expect(form.get_by_role("status")).to_contain_text(re.compile(r"公式可用; \d{4}-\d\d-\d\d 为 1,400 kWh"))
    field(form, "公式").fill("e01-main - 25 % * e02-main")
    expect(form.get_by_role("status")).to_contain_text("900.0 kWh (实测 100 %)")
    form.get_by_role("button", name="保存虚拟表").click()
    expect(form).to_contain_text("缺少 id")
    field(form, "编号").fill("e01-net")
    field(form, "名称").fill("扣除转供")
    form.get_by_role("button", name="保存虚拟表").click()
    entry = page.locator("li.held", has_text="扣除转供")
    expect(entry).to_contain_text("= e01-main - 25 % * e02-main")
    expect(entry).to_contain_text("900.0 kWh")
    expect(page.locator("tr", has_text="安康某富硒食品有限公司")).to_contain_text("分表大于总表")
    entry.locator("summary", has_text="修改").click()
    field(entry, "公式").fill("e01-main")
    entry.get_by_role("button", name="保存虚拟表").click()
    expect(entry).to_contain_text("请写明原因")
    field(entry, "原因").fill("转供停止")
    entry.get_by_role("button", name="保存虚拟表").click()
    expect(page.locator("li.held", has_text="扣除转供")).to_contain_text("第 2 版 · admin")
    entry = page.locator("li.held", has_text="扣除转供")
    entry.get_by_role("button", name="撤回", exact=True).click()
    entry.locator(".act input").fill("不再使用")
    entry.get_by_role("button", name="确认撤回").click()
    expect(page.locator("strong", has_text="还没有虚拟表")).to_be_visible()
    assert [one.reason for one in virtual_meters.history(app.engine, "e01-net")] == ["不再使用", "转供停止", ""]
    page.context.close()


def test_who_may_only_look_finds_nothing_to_change_and_an_enterprise_sees_itself(
    app: ConsoleApp, browser: Browser
) -> None:
    page = visit(browser, app, name="viewer", query=last_month())
    expect(page.locator("table.grid tbody tr")).to_have_count(3)
    assert page.locator("summary", has_text="新建虚拟表").count() == 0
    page.context.close()
    page = visit(browser, app, name="owner", query=last_month())
    expect(page.locator("table.grid tbody tr")).to_have_count(1)
    expect(page.locator("body")).not_to_contain_text("毛绒玩具")
    page.context.close()


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_runs_out_of_a_phones_screen(app: ConsoleApp, browser: Browser, dark: bool) -> None:  # noqa: FBT001  # both schemes
    page = visit(browser, app, width=390, dark=dark, query=last_month())
    expect(page.locator(".tile")).to_have_count(5)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()
