"""A browser for tests, as a park's own machines have it: no account, no updates, nothing but our pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.console_app import PASSWORD

PATIENCE_MS = 20_000
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browsing(program: Path) -> Iterator[Browser]:
    """Open a browser until the end of the block."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page, url: str, name: str = "admin", password: str = PASSWORD, *, refused: bool = False) -> None:
    """Sign in as a person does, and wait until the door has opened, unless it should not."""
    page.goto(f"{url}/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    if not refused:
        expect(page).not_to_have_url(re.compile("/sign-in"), timeout=PATIENCE_MS)
