"""The buttons that give figures, closings and calculation sheets as files, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import test_evaluation_pages, test_figure_pages
from tests.e2e.browser import browsing, sign_in
from tests.e2e.console_app import ConsoleApp, running
from tests.e2e.test_evaluation_pages import YEAR
from tests.e2e.test_figure_pages import MONTH

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, chromium: Path) -> Iterator[ConsoleApp]:
    del chromium
    with running(tmp_path_factory.mktemp("exports")) as started:
        test_figure_pages.fill(started)
        test_evaluation_pages.fill(started)
        yield started


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with browsing(chromium) as opened:
        yield opened


@pytest.fixture
def page(app: ConsoleApp, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    opened = context.new_page()
    sign_in(opened, app.url)
    yield opened
    context.close()


def taken(page: Page, button: Locator, folder: Path) -> Path:
    """Press a button that gives a file, and give the file."""
    with page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_the_page_on_intensity_gives_what_is_chosen_as_a_workbook_and_a_pdf(
    app: ConsoleApp, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{app.url}/intensity?of=enterprise:e01&basis=calorific")
    book = taken(page, page.get_by_role("link", name="Excel"), tmp_path)
    assert book.name == f"figures-enterprise-e01-{MONTH}-calorific.xlsx"
    assert load_workbook(book).sheetnames == ["企业", "因子"]
    assert taken(page, page.get_by_role("link", name="PDF"), tmp_path).read_bytes().startswith(b"%PDF-")


def test_a_closed_term_is_given_in_each_form(app: ConsoleApp, page: Page, tmp_path: Path) -> None:
    page.goto(f"{app.url}/closing")
    row = page.locator("tr", has_text="上级催报")
    for form, ending in (("Excel", "xlsx"), ("PDF", "pdf"), ("CSV", "csv"), ("JSON", "json")):
        assert taken(page, row.get_by_role("link", name=form), tmp_path).name == f"closing-hk-{MONTH}.{ending}"


def test_a_kept_evaluation_gives_the_sheet_as_a_pdf_and_a_preview_does_not(
    app: ConsoleApp, page: Page, tmp_path: Path
) -> None:
    sheet = f"{app.url}/evaluation/e01?scheme=ours&period={YEAR}"
    page.goto(sheet)
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    expect(page.get_by_role("link", name="下载 PDF")).to_have_count(0)
    page.goto(f"{app.url}/evaluation?scheme=ours&period={YEAR}")
    page.get_by_role("button", name="评价并保存").click()
    expect(page.get_by_text("第 1 版 · admin")).to_be_visible()
    page.goto(sheet)
    file = taken(page, page.get_by_role("link", name="下载 PDF"), tmp_path)
    assert file.name == f"evaluation-hk-{YEAR}-r1-e01.pdf"
