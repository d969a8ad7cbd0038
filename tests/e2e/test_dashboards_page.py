"""The page of boards in a real browser: Grafana's page inside ours, and what to do where there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.console.dashboards import BOARDS
from grafana.build import kept
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running
from tests.grafana.fake_grafana import FakeGrafana, fake_grafana

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def grafana() -> Iterator[FakeGrafana]:
    with fake_grafana() as started:
        yield started


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path, grafana: FakeGrafana) -> Iterator[ConsoleApp]:
    del chromium  # a machine without a browser need not start the rest
    with running(tmp_path_factory.mktemp("dashboards"), grafana=grafana.url) as started:
        yield started


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium
    with running(tmp_path_factory.mktemp("alone")) as started:
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


def visit(browser: Browser, app: ConsoleApp, *, width: int = 1600, language: str = "zh", query: str = "") -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
    context.add_cookies([{"name": "smartpark_language", "value": language, "url": app.url}])
    page = context.new_page()
    sign_in(page, app.url)
    page.goto(f"{app.url}/dashboards{query}")
    return page


def test_the_boards_are_those_that_are_shipped() -> None:
    assert {f"{board}.json" for board in BOARDS} == set(kept())


def test_a_board_of_grafana_shows_within_the_page_and_another_at_a_click(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app)
    inside = page.frame_locator("iframe")
    expect(inside.locator("h1")).to_have_text("/d/park-overview")
    expect(inside.locator("p")).to_have_text("kiosk=true")
    page.get_by_role("link", name="碳排放", exact=True).nth(1).click()
    expect(inside.locator("h1")).to_have_text("/d/park-carbon")
    expect(page.locator("nav.ways [aria-current=page]")).to_have_text("碳排放")
    page.context.close()


def test_pages_of_any_other_origin_stay_out(
    app: ConsoleApp, alone: ConsoleApp, grafana: FakeGrafana, browser: Browser
) -> None:
    for console, allowed in ((app, f"frame-src 'self' {grafana.url}"), (alone, "")):
        page = visit(browser, console)
        told = page.request.get(f"{console.url}/sign-in").headers["content-security-policy"]
        assert ("frame-src" in told) == bool(allowed)
        assert told.endswith(allowed)
        with page.expect_event("console", lambda message: "Content Security Policy" in message.text):
            page.evaluate(
                "url => { const f = document.createElement('iframe'); f.src = url; document.body.append(f); }",
                "http://127.0.0.1:9/",
            )
        page.context.close()


def test_a_board_that_is_none_is_the_first_one(app: ConsoleApp, browser: Browser) -> None:
    page = visit(browser, app, query="?board=../../evil")
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("/d/park-overview")
    page.context.close()


@pytest.mark.parametrize(("language", "title"), [("zh", "尚未连接 Grafana"), ("en", "No Grafana yet")])
def test_without_a_grafana_it_says_which_setting_to_write(
    alone: ConsoleApp, browser: Browser, language: str, title: str
) -> None:
    page = visit(browser, alone, language=language)
    expect(page.locator(".empty h2")).to_have_text(title)
    expect(page.locator(".empty code")).to_contain_text("SMARTPARK_GRAFANA_URL=")
    assert page.locator("iframe").count() == 0
    page.context.close()


def test_nothing_runs_out_of_a_phones_screen(app: ConsoleApp, alone: ConsoleApp, browser: Browser) -> None:
    for console in (app, alone):
        page = visit(browser, console, width=390)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.context.close()


def test_an_enterprise_user_is_not_let_in(app: ConsoleApp, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, app.url, name="owner")
    answer = page.goto(f"{app.url}/dashboards")
    assert answer is not None
    assert answer.status == 403
    context.close()
