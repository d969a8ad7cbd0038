"""Takes the README's pictures: `python -m tests.e2e.screenshots URL USER OUT`, with the password on standard input."""

import getpass
import sys
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Browser, expect

from tests.e2e.browser import browsing, sign_in
from tests.programs import find_program

SETTLE_MS: Final = 4_000
"""Until charts are drawn and a few values have moved."""


class Shot(NamedTuple):
    """One picture."""

    name: str
    path: str
    scheme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = (1920, 1080)
    language: Literal["zh", "en"] = "zh"


SHOTS: Final = (
    Shot("overview-light", "/"),
    Shot("overview-dark", "/", scheme="dark", language="en"),
    Shot("meter", "/meters/e01-main"),
    Shot("intensity", "/intensity"),
    Shot("evaluation", "/evaluation"),
    Shot("phone", "/", scheme="dark", size=(390, 844)),
)


def take(browser: Browser, url: str, user: str, password: str, out: Path) -> list[Path]:
    """Sign in once and take every picture."""
    first = browser.new_context()
    page = first.new_page()
    sign_in(page, url, user, password)
    if page.url.endswith("/change-password"):
        raise SystemExit(
            "这是一次性密码, 请先在浏览器中修改 / this password was for one use: change it in a browser first"
        )
    state = first.storage_state()
    taken = []
    for shot in SHOTS:
        width, height = shot.size
        context = browser.new_context(
            storage_state=state,
            viewport={"width": width, "height": height},
            color_scheme=shot.scheme,
            device_scale_factor=1 if width > height else 2,
        )
        context.add_cookies([{"name": "smartpark_language", "value": shot.language, "url": url}])
        view = context.new_page()
        view.goto(url + shot.path)
        expect(view.locator("nav.nav")).to_be_visible()
        view.wait_for_timeout(SETTLE_MS)
        taken.append(out / f"{shot.name}.png")
        view.screenshot(path=taken[-1])
        context.close()
    return taken


def main(url: str, user: str, out: Path) -> None:
    """Take them and say how large each became."""
    password = getpass.getpass(f"{user}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    program = find_program("browser")
    if program is None:
        raise SystemExit("chromium 未安装 / chromium is not installed")
    out.mkdir(parents=True, exist_ok=True)
    with browsing(program) as browser:
        for path in take(browser, url.rstrip("/"), user, password, out):
            sys.stdout.write(f"{path}  {path.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
