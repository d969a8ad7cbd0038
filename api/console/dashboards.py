"""Grafana's boards within the console, one at a time; where there is no Grafana, what to do to have one."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Request
from nicegui.element import Element

from api.console.frame import Visit
from api.console.parts import tag, text

BOARDS: Final = (
    "park-overview", "park-energy", "park-carbon", "park-intensity", "park-emission", "park-safety",
    "park-enterprise", "park-meter", "park-quality", "park-platform",
)  # fmt: skip
"""The boards by the ids they never change; each has its word."""
SCHEMES: Final = ("light", "dark")


async def build(visit: Visit, request: Request) -> str:
    """Fill the page; the query of the address names the board."""
    t, url = visit.t, visit.board.services.settings.grafana_url
    with tag("div", "page-head"):
        text("h1", t("room_dashboards"))
        if url:
            text("span", t("dashboards_sub"), "sub")
    if url is None:
        _none(visit)
        return t("room_dashboards")
    asked = request.query_params.get("board", "")
    chosen = asked if asked in BOARDS else BOARDS[0]
    with tag("nav", "ways", aria_label=t("dashboards_which")):
        for board in BOARDS:
            entry = text("a", _called(visit, board), href=f"/dashboards?board={board}")
            if board == chosen:
                entry.props["aria-current"] = "page"
    shown = f"{url}/d/{chosen}?{urlencode(_asked(request.cookies.get('smartpark_scheme', '')))}"
    with tag("section", "panel"):
        frame: Element = tag("iframe", src=shown, title=_called(visit, chosen), allow="fullscreen")
        frame.style("display: block; width: 100%; height: max(420px, calc(100vh - 300px)); border: 0")
    with tag("p"):
        text("a", t("dashboards_open"), href=f"{url}/d/{chosen}", target="_blank", rel="noopener")
    text("p", t("dashboards_nothing"), "note")
    return t("room_dashboards")


def _asked(scheme: str) -> dict[str, str]:
    """Give what Grafana is asked: nothing around the board, and the console's own scheme where one was chosen."""
    return {"kiosk": "true"} | ({"theme": scheme} if scheme in SCHEMES else {})


def _called(visit: Visit, board: str) -> str:
    return visit.t(f"dashboards_{board.removeprefix('park-')}")


def _none(visit: Visit) -> None:
    t = visit.t
    with tag("section", "panel"), tag("div", "empty"):
        text("h2", t("dashboards_empty_title"))
        text("p", t("dashboards_empty"))
        text("code", "SMARTPARK_GRAFANA_URL=http://192.168.10.5:3000")
        text("p", t("dashboards_empty_without"))
