"""The duty desk in a real browser: what burns is seen on every page, answered with a click, and explained."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from adapters.alert_store import NoticeRow, Numbered
from adapters.clock import now
from adapters.relational import alert_actions, alert_watch, alerts, receivers, rules_store
from adapters.relational.alert_watch import Watched
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord
from park.care import Care, Deed
from park.evidence import Why
from park.receiver import Receiver, Way
from park.severity import Severity
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running

pytestmark = pytest.mark.browser
MINUTE = timedelta(minutes=1)
PHONE = 390
LEAK = """\
rules:
  - id: leak-2
    name: {zh: 可燃气体二级报警, en: "Combustible gas, level 2"}
    severity: major
    metric: lel
    scope: {roles: [detector]}
    when: {reaches: 50 %LEL, clear: 40 %LEL}
    silence: keep
    latch: true
    standard: GB/T 50493-2019
    runbook: {zh: 人员撤离至上风向, en: Go upwind}
    timelines:
      - {name: a leak is told at once, values: [5, 60, 30], phases: ".FL"}
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("alerts")) as started:
        rules_store.save(started.engine, "leak-2", LEAK, who="test", now=now())
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def burning(
    meter: str = "e01-gas", severity: Severity = Severity.MAJOR, care: Care | None = None, **other: object
) -> AlertRecord:
    since = now() - 7 * MINUTE
    plain = {
        "rule": "leak-2", "meter": meter, "episode": 1, "phase": Phase.FIRING, "since": since, "raised_at": since,
        "severity": severity, "metric": "lel", "value": 61.0, "why": "beyond", "care": care or Care(),
    }  # fmt: skip
    return AlertRecord(**(plain | other))  # type: ignore[arg-type]  # parts by their names


def tell(app: ConsoleApp, *records: AlertRecord, acted: int | None = None, kind: Kind = Kind.RAISED) -> None:
    """Do what the rules service does: copy how things stand, and say that it watches."""
    first = alerts.last_number(app.engine) + 1
    changes = [
        Numbered(
            first + place,
            AlertChange(
                rule=one.rule, meter=one.meter, episode=1, kind=kind, at=one.since, known_at=now(), before=Phase.OK,
                after=one.phase, why=Why.BEYOND, metric="lel", value=one.value, severity=one.severity, drill=one.drill,
                who=one.care.acknowledged_by,
            ),
        )
        for place, one in enumerate(records)
    ]  # fmt: skip
    told = [
        NoticeRow(f"{one.id}-{name}", one.id, name, b"{}", state, reason, now(), 1, now() if state == "sent" else None)
        for one in changes
        for name, state, reason in (("duty", "sent", "told"), ("night", "skipped", "off_duty"))
    ]
    alerts.copy(app.engine, records={one.key: one for one in records}, changes=changes, notices=told)
    done = alert_actions.last_number(app.engine) if acted is None else acted
    alert_watch.say(app.engine, Watched(at=now(), acted=done, rules=41, meters=312, heard=now(), behind_ms=90))


@pytest.fixture
def calm(app: ConsoleApp) -> Iterator[ConsoleApp]:
    """A park in which nothing burns before and after the test."""
    over = [
        burning(meter, phase=Phase.OK, raised_at=None) for meter in ("e01-gas", "e01-main", "e02-main", "e01-stack")
    ]
    tell(app, *over, kind=Kind.CLEARED)
    yield app
    tell(app, *over, kind=Kind.CLEARED)


def visit(
    browser: Browser,
    app: ConsoleApp,
    path: str = "/alerts",
    *,
    name: str = "admin",
    width: int = 1440,
    scheme: str = "",
) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    if scheme:
        context.add_cookies([{"name": "smartpark_scheme", "value": scheme, "url": app.url}])
    page = context.new_page()
    sign_in(page, app.url, name=name)
    page.goto(f"{app.url}{path}")
    return page


def field(page: Page, label: str) -> Locator:
    return page.locator("label.field", has_text=label).locator("input, select").first


def test_a_calm_desk_says_who_watches_and_since_when_nobody_does(browser: Browser, calm: ConsoleApp) -> None:
    page = visit(browser, calm)
    expect(page.locator(".alert-calm h2")).to_have_text("无告警")
    strip = page.locator(".watch-strip")
    expect(strip).to_contain_text("41 条规则看守 312 台设备")
    expect(strip).to_contain_text("最近送达通知")
    alert_watch.say(calm.engine, Watched(at=now() - 5 * MINUTE, acted=0, rules=41, meters=312))
    expect(strip).to_contain_text("看守服务没有报告")
    expect(strip).to_have_class(re.compile("dead"))


def test_a_grave_alert_is_seen_on_every_page_within_seconds_and_gone_once_acknowledged(
    browser: Browser, calm: ConsoleApp
) -> None:
    page = visit(browser, calm, "/meters")
    banner = page.locator(".alarm-banner")
    expect(banner).to_be_hidden()
    tell(calm, burning())
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("重大")
    expect(banner).to_contain_text("可燃气体二级报警 · e01-gas 表 · 安康某富硒食品有限公司")
    expect(page.locator(".nav .alarm-count")).to_have_text("1")
    tell(calm, burning(care=Care(acknowledged_at=now(), acknowledged_by="王丽")), kind=Kind.ACKNOWLEDGED)
    expect(banner).to_be_hidden()
    expect(page.locator(".nav .alarm-count")).to_have_class(re.compile("answered"))


def test_one_click_acknowledges_and_the_page_waits_until_it_is_in_force(browser: Browser, calm: ConsoleApp) -> None:
    tell(calm, burning())
    page = visit(browser, calm)
    row = page.locator(".alert-row")
    expect(row).to_contain_text("61.00 %LEL · 可燃气体 ≥ 50 %LEL")
    row.locator("input").fill("已派人到现场")
    row.get_by_role("button", name="确认").click()
    expect(row).to_contain_text("等待生效: 确认")
    asked = alert_actions.since(calm.engine, 0)[-1]
    assert (asked.who, asked.deed, asked.note, asked.meter) == ("admin", Deed.ACKNOWLEDGE, "已派人到现场", "e01-gas")
    tell(calm, burning(care=Care(acknowledged_at=now(), acknowledged_by="admin")), kind=Kind.ACKNOWLEDGED)
    expect(row).to_contain_text("admin 已确认")
    expect(row).not_to_contain_text("等待生效")


def test_the_gravest_stand_first_and_what_is_typed_stays_when_others_come(browser: Browser, calm: ConsoleApp) -> None:
    tell(calm, burning("e01-main", Severity.LARGER))
    page = visit(browser, calm)
    page.locator(".alert-row input").fill("写到一半")
    tell(calm, burning("e02-main", Severity.CRITICAL), burning("e01-stack", Severity.NOTICE, drill=True))
    expect(page.locator(".alert-row")).to_have_count(3)
    assert page.locator(".alert-row .sev").all_inner_texts() == ["特别重大", "较大", "提示"]
    expect(page.locator(".alert-row").nth(1).locator("input")).to_have_value("写到一半")
    expect(page.locator(".alert-row").nth(2)).to_contain_text("演练")
    field(page, "级别").select_option("critical")
    expect(page.locator(".alert-row")).to_have_count(1)


def test_one_alert_shows_its_curve_who_was_told_and_what_to_do(browser: Browser, calm: ConsoleApp) -> None:
    tell(calm, burning("e01-main", metric="p", value=124.0))
    page = visit(browser, calm, "/alerts/leak-2/e01-main")
    expect(page.locator("h1")).to_contain_text("可燃气体二级报警")
    expect(page.locator(".facts").first).to_contain_text("GB/T 50493-2019")
    expect(page.get_by_text("人员撤离至上风向")).to_be_visible()
    expect(page.locator(".nicegui-echart canvas").first).to_be_visible()
    told = page.locator(".alert-told").first
    told.locator("summary").click()
    expect(told).to_contain_text("duty")
    expect(told).to_contain_text("不当班")


def test_a_shelf_needs_its_reason_and_its_end(browser: Browser, calm: ConsoleApp) -> None:
    tell(calm, burning())
    page = visit(browser, calm, "/alerts/leak-2/e01-gas")
    page.get_by_role("button", name="搁置", exact=True).click()
    expect(page.locator(".notice:visible").last).to_contain_text("搁置须写明原因")
    field(page, "搁置原因").fill("探头更换")
    field(page, "到期").select_option("4h")
    page.get_by_role("button", name="搁置", exact=True).click()
    expect(page.get_by_text("已提交: 搁置")).to_be_visible()
    asked = alert_actions.since(calm.engine, 0)[-1]
    assert (asked.deed, asked.note) == (Deed.SHELVE, "探头更换")
    assert asked.until is not None
    assert timedelta(hours=3, minutes=59) < asked.until - asked.at <= timedelta(hours=4)


def test_an_enterprise_sees_its_own_alerts_and_may_not_answer(browser: Browser, calm: ConsoleApp) -> None:
    tell(calm, burning(), burning("e02-main"))
    page = visit(browser, calm, name="owner")
    expect(page.locator(".alert-row")).to_have_count(1)
    expect(page.locator(".alert-row button")).to_have_count(0)
    assert page.goto(f"{calm.url}/receivers").status == 403  # type: ignore[union-attr]  # a page answered


def test_a_rule_is_written_with_every_mistake_shown_at_its_line_and_kept(browser: Browser, calm: ConsoleApp) -> None:
    page = visit(browser, calm, "/rules/new")
    editor = page.locator(".rule-text")
    text = LEAK.replace("leak-2", "leak-3").replace("major", "critical")
    editor.fill(text.replace("50 %LEL", "50 kW"))
    expect(page.locator(".rule-mistakes li").first).to_contain_text("第 7 行")
    editor.fill(text)
    expect(page.locator(".rule-good")).to_contain_text("看守 1 台设备; 1 个示例相符")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile("/rules/leak-3$"))
    expect(page.locator(".lived li")).to_have_count(3)
    field(page, "设备编号").fill("e01-gas")
    field(page, "限值 (含单位)").fill("30 %LEL")
    field(page, "原因").first.fill("许可证")
    page.get_by_role("button", name="设定限值").click()
    expect(page.locator(".facts", has_text="e01-gas")).to_contain_text("≥ 30 %LEL")
    held = rules_store.overlays(calm.engine)["leak-3"]
    assert (dict(held.overlay.limits), held.reason) == ({"e01-gas": "30 %LEL"}, "许可证")


def test_a_receiver_is_added_and_its_address_is_never_shown(browser: Browser, calm: ConsoleApp) -> None:
    page = visit(browser, calm, "/receivers")
    field(page, "编号").fill("night")
    field(page, "名称").fill("夜班群")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".mark:visible").first).to_contain_text("请填写地址")
    field(page, "地址").fill("json://127.0.0.1/very-secret")
    field(page, "免打扰").fill("22:00-07:00")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("table")).to_contain_text("夜班群")
    assert "very-secret" not in page.content()
    assert receivers.load(calm.engine)[0].address == "json://127.0.0.1/very-secret"


def test_shifts_work_and_handing_over_are_written_down(browser: Browser, calm: ConsoleApp) -> None:
    receivers.save(calm.engine, Receiver(id="duty", name="值班群", way=Way.MQTT), who="test", now=now())
    tell(calm, burning())
    page = visit(browser, calm, "/roster")
    panel = page.locator(".panel", has_text="连续几天")
    panel.locator("label.field", has_text="人员").locator("input").fill("王丽")
    panel.locator("label.field", has_text="连续几天").locator("input").fill("3")
    page.get_by_role("button", name="排班").click()
    expect(panel.locator("tbody tr")).to_have_count(3)
    works = page.locator(".panel", has_text="登记检修")
    works.locator("label.field", has_text="设备编号").locator("input").fill("e01-gas")
    works.locator("label.field", has_text="原因").locator("input").fill("探头标定")
    page.get_by_role("button", name="登记检修").click()
    expect(works).to_contain_text("进行中")
    page.goto(f"{calm.url}/handover")
    expect(page.locator(".panel").first).to_contain_text("可燃气体二级报警")
    field(page, "接班人").fill("李强")
    page.get_by_role("button", name="交班").click()
    expect(page.locator(".revisions")).to_contain_text("admin 交给 李强")


@pytest.mark.parametrize("width", [1440, PHONE])
@pytest.mark.parametrize(
    "path",
    [
        "/alerts",
        "/alerts/leak-2/e01-gas",
        "/rules",
        "/rules/leak-2",
        "/rules/new",
        "/receivers",
        "/roster",
        "/handover",
    ],
)
def test_no_page_of_the_desk_is_wider_than_the_screen_or_says_errors(
    browser: Browser, calm: ConsoleApp, path: str, width: int
) -> None:
    tell(calm, burning(), burning("e02-main", Severity.GENERAL))
    errors: list[str] = []
    page = visit(browser, calm, "/alerts", width=width)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{calm.url}{path}")
    expect(page.locator(".alarm-banner")).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert errors == []
