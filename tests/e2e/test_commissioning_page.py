"""Unknown devices in a real browser: listed with what they send, drafted with one click, registered; a swap guided."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from adapters.clock import now
from adapters.relational import epochs, quarantine, registry_store
from park.decode import sparkplug_write
from park.decode.sparkplug_types import DataType
from park.epoch import Kind
from park.instant import to_ms
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser
PHONE = 390
PLUG = "tele/plug7/SENSOR"
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("commissioning")) as started:
        _speak(started)
        yield started


def _speak(app: ConsoleApp) -> None:
    """Hold what a plug and a node said that nobody registered."""
    at = now()
    plug = json.dumps({"Time": f"{at:%Y-%m-%dT%H:%M:%S}", "ENERGY": {"Total": 3.185, "Power": 1500}}).encode()
    birth = sparkplug_write.node_birth(
        [sparkplug_write.metric("Meter/P", DataType.DOUBLE, 42.5, alias=7)], at=to_ms(at), bd_seq=0
    )
    rows = [quarantine.NewHeld(at - n * 15 * SECOND, PLUG, None, "unknown_sender", PLUG, plug) for n in range(20)]
    rows.append(quarantine.NewHeld(at, "spBv1.0/g/NBIRTH/gw", None, "unknown_sender", "g/gw", birth))
    quarantine.insert(app.engine, rows)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def visit(browser: Browser, app: ConsoleApp, path: str, *, name: str = "admin", width: int = 1600) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    sign_in(page, app.url, name=name)
    page.goto(f"{app.url}{path}")
    return page


def field(page: Page, label: str) -> Locator:
    return page.locator("label.field", has_text=label).locator("input, select").first


def test_each_sender_is_listed_with_what_it_says(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, "/meters")
    page.locator("nav.rooms a", has_text="待登记设备").click()
    plug = page.locator("li.held", has_text=PLUG)
    expect(plug).to_contain_text("JSON")
    expect(plug).to_contain_text("1.50 kW")
    expect(plug).to_contain_text("约每 15s 一条")
    expect(page.locator("li.held", has_text="spBv1.0/g/gw")).to_contain_text("Meter/P")
    expect(page.locator("li.held", has_text="e01-new")).to_contain_text("有功功率")
    page.context.close()


def test_a_plug_is_registered_in_a_few_clicks_and_its_messages_are_asked_for(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, "/commissioning")
    page.locator("li.held", has_text=PLUG).locator("a", has_text="登记").click()
    expect(field(page, "编号")).to_have_value("tele-plug7-sensor")
    page.get_by_role("button", name="登记并补入").click()
    expect(page.locator("label.field", has_text="企业").locator(".mark")).to_be_visible()
    field(page, "编号").fill("e01-plug7")
    page.locator("label.field", has_text="名称").first.locator("input").fill("七号插座")
    field(page, "企业").select_option("e01")
    field(page, "倍率").fill("40")
    page.get_by_role("button", name="登记并补入").click()
    expect(page.locator("p.note", has_text="e01-plug7 已登记")).to_be_visible()
    meter = registry_store.load(app.engine).by_meter["e01-plug7"]
    assert (meter.codec, meter.options["map"], meter.multipliers[0].value) == ("json", "tasmota", 40.0)
    [request] = quarantine.pending_replays(app.engine)
    assert request.ids is not None
    assert len(request.ids) == 20
    page.locator("a", has_text="查看设备").click()
    expect(page.locator("h1")).to_have_text("七号插座")
    page.context.close()


def test_a_name_that_we_do_not_know_is_given_its_metric(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, "/commissioning")
    page.locator("li.held", has_text="spBv1.0/g/gw").locator("a", has_text="登记").click()
    page.locator("label.field", has_text="Meter/P = 42.5").locator("select").select_option("p")
    expect(page.locator("pre.payload").first).to_contain_text('"Meter/P": "p"')
    field(page, "编号").fill("e02-node")
    page.locator("label.field", has_text="名称").first.locator("input").fill("网关")
    field(page, "企业").select_option("e02")
    page.get_by_role("button", name="登记并补入").click()
    expect(page.locator("p.note", has_text="e02-node 已登记")).to_be_visible()
    meter = registry_store.load(app.engine).by_meter["e02-node"]
    assert (meter.metrics, meter.options["names"]) == (("p",), {"Meter/P": "p"})
    page.context.close()


def test_a_swap_is_guided_by_what_was_seen(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, "/meters/e02-main")
    page.locator("a", has_text="换表").first.click()
    field(page, "止码").fill("12")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("label.field", has_text="止码").locator(".mark")).to_contain_text("小于平台最后收到的表码")
    field(page, "止码").fill("70000")
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("p.note", has_text="还没有收到新表")).to_be_visible()
    field(page, "起码").fill("0.5")
    page.get_by_role("button", name="登记换表").click()
    expect(page.locator("label.field", has_text="说明").locator(".mark")).to_be_visible()
    field(page, "说明").fill("到期轮换")
    page.get_by_role("button", name="登记换表").click()
    expect(page.locator("span.note", has_text="已登记")).to_be_visible()
    [held] = epochs.in_force(app.engine, ["e02-main"])["e02-main", "ep_imp"]
    assert (held.kind, held.closing, held.opening) == (Kind.REPLACEMENT, 70_000.0, 0.5)
    page.context.close()


def test_a_viewer_sees_who_speaks_and_registers_nobody(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, "/commissioning", name="viewer")
    expect(page.locator("li.held").first).to_be_visible()
    expect(page.locator("li.held .act a")).to_have_count(0)
    page.goto(f"{app.url}/commissioning/0123456789abcdef")
    expect(page.locator("main", has_text="您的角色不能查看此页")).to_be_visible()
    page.context.close()


def test_who_waits_no_longer_is_said_so(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, "/commissioning/0123456789abcdef")
    expect(page.locator(".empty", has_text="已不在待登记之列")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("path", ["/commissioning", "form", "/swap/e01-main"])
def test_a_phone_shows_it_without_scrolling_sideways(app: ConsoleApp, browser: Browser, path: str) -> None:
    page = visit(browser, app, "/commissioning" if path == "form" else path, width=PHONE)
    if path == "form":
        page.locator("li.held", has_text="e01-new").locator("a", has_text="登记").click()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.context.close()
