"""What is wrong with boards as they are written, found without a server: each mistake with its place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from grafana.run import Json
from grafana.sources import BY_UID, CHOSEN, MIXED
from grafana.units import PLAIN, meant
from park.mistake import Mistake
from park.units import UnknownUnit, parse

COLUMNS = 24
SOURCES: Final = frozenset({*BY_UID, *(source.uid for source in CHOSEN), MIXED.uid})
FLUX = re.compile(r"\|>|\bfrom\s*\(\s*bucket")
LOOSE = re.compile(r"=~\s*/(?!\^)[^/]*\$|=~\s*/\^[^/]*\$\w+\}?/")
"""A pattern that takes in more than was chosen: e1 would find e10."""
BOARD = re.compile(r"^/d/([\w-]+)")
VARIABLE = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)")
BUILT_IN = re.compile(r"^(__\w+|timeFilter|tag_\w+|col|m|measurement)$")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3}")


def mistakes(boards: Mapping[str, Json]) -> list[Mistake]:
    """Find everything that is wrong with some boards, by the names of their files."""
    known = {str(board.get("uid")) for board in boards.values()}
    return [
        mistake
        for name, board in boards.items()
        for check in (_identity, _places, _words, _units, _questions, _variables)
        for mistake in check(name, board)
    ] + [mistake for name, board in boards.items() for mistake in _links(name, board, known)]


def panels(board: Json) -> Iterator[Json]:
    """Give every panel, headings as well."""
    for panel in board.get("panels", ()):
        yield panel
        yield from panels(panel)


def drawn(board: Json) -> Iterator[tuple[str, Json]]:
    """Give the panels that draw something, each with what it is called."""
    return ((str(panel.get("title") or panel.get("id")), panel) for panel in panels(board) if panel["type"] != "row")


def _identity(name: str, board: Json) -> Iterator[Mistake]:
    if name != f"{board.get('uid')}.json":
        yield _said(name, f"uid {board.get('uid')} 与文件名不符。", f"uid {board.get('uid')} is not the file's name.")
    for number, count in Counter(panel.get("id") for panel in panels(board)).items():
        if count > 1 or number is None:
            yield _said(f"{name}: {number}", "面板编号重复或缺失。", "The id of a panel comes twice, or is missing.")


def _places(name: str, board: Json) -> Iterator[Mistake]:
    placed = [(panel, panel["gridPos"]) for panel in panels(board)]
    for panel, at in placed:
        if at["x"] < 0 or at["x"] + at["w"] > COLUMNS:
            yield _said(f"{name}: {panel.get('title')}", "超出 24 列。", "It stands outside the 24 columns.")
    for (one, a), (other, b) in combinations(placed, 2):
        aside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        if not (aside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]):
            zh, en = f"与“{other.get('title')}”重叠。", f"It overlaps {other.get('title')}."
            yield _said(f"{name}: {one.get('title')}", zh, en)


def _words(name: str, board: Json) -> Iterator[Mistake]:
    for title, panel in drawn(board):
        about = str(panel.get("description", ""))
        if not (panel.get("title") and CHINESE.search(about) and LATIN.search(about)):
            zh, en = "须有标题, 及中英文说明。", "It needs a title, and a description in Chinese and in English."
            yield _said(f"{name}: {title}", zh, en)
        legend = (panel.get("options") or {}).get("legend")
        if panel["type"] == "timeseries" and not (legend and legend.get("showLegend")):
            yield _said(f"{name}: {title}", "没有图例。", "It has no legend.")


def _units(name: str, board: Json) -> Iterator[Mistake]:
    for title, panel in drawn(board):
        for unit in _all(panel.get("fieldConfig", {}), "unit"):
            ours = meant(unit)
            if ours is None or not (ours in PLAIN or _is_unit(ours)):
                yield _said(f"{name}: {title}", f"不认识单位 {unit}。", f"The unit {unit} is not known.")


def _questions(name: str, board: Json) -> Iterator[Mistake]:
    for title, panel in drawn(board):
        where = f"{name}: {title}"
        for uid in {panel["datasource"]["uid"], *(target["datasource"]["uid"] for target in panel["targets"])}:
            if uid not in SOURCES:
                yield _said(where, f"没有数据源 {uid}。", f"There is no data source {uid}.")
        letters = [target["refId"] for target in panel["targets"]]
        if len(set(letters)) < len(letters):
            yield _said(where, "查询字母重复。", "Two questions have one letter.")
        for target in panel["targets"]:
            text = str(target.get("query") or target.get("rawSql") or "")
            if not text:
                yield _said(where, "查询为空。", "A question is empty.")
            if FLUX.search(text):
                yield _said(where, "不用 Flux。", "Flux is not used.")
            if LOOSE.search(text):
                zh, en = "变量须写作 =~ /^$x$/, 否则 e1 也匹配 e10。", "Write =~ /^$x$/, or e1 finds e10 as well."
                yield _said(where, zh, en)


def _variables(name: str, board: Json) -> Iterator[Mistake]:
    there = [variable["name"] for variable in board.get("templating", {}).get("list", ())]
    for index, variable in enumerate(board.get("templating", {}).get("list", ())):
        for used in _used(str(variable.get("query", ""))) - set(there[:index]):
            zh, en = (
                f"变量 {variable['name']} 用到其后的 {used}。",
                f"It is made of {used}, which comes later or never.",
            )
            yield _said(f"{name}: ${variable['name']}", zh, en)
    for title, panel in drawn(board):
        for used in set().union(*(_used(text) for text in _texts(panel))) - set(there):
            yield _said(f"{name}: {title}", f"没有变量 {used}。", f"There is no variable {used}.")


def _links(name: str, board: Json, known: set[str]) -> Iterator[Mistake]:
    for url in _all(board, "url"):
        found = BOARD.match(url)
        if found and found[1] not in known:
            yield _said(name, f"链接到不存在的看板 {found[1]}。", f"A link leads to {found[1]}, which is no board.")


def _used(text: str) -> set[str]:
    names = (found[1] or found[2] for found in VARIABLE.finditer(text))
    return {name for name in names if not BUILT_IN.match(name)}


def _texts(part: Any) -> Iterator[str]:  # noqa: ANN401  # any part of a JSON document
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for one in part.values():
            yield from _texts(one)
    elif isinstance(part, Iterable):
        for one in part:
            yield from _texts(one)


def _all(part: Any, key: str) -> Iterator[str]:  # noqa: ANN401  # any part of a JSON document
    """Give every text under a key, and of overrides those that set it."""
    if isinstance(part, Mapping):
        if part.get("id") == key and isinstance(part.get("value"), str):
            yield part["value"]
        for name, one in part.items():
            if name == key and isinstance(one, str):
                yield one
            else:
                yield from _all(one, key)
    elif isinstance(part, list):
        for one in part:
            yield from _all(one, key)


def _is_unit(text: str) -> bool:
    try:
        parse(text)
    except UnknownUnit:
        return False
    return True


def _said(place: str, zh: str, en: str) -> Mistake:
    return Mistake(place, None, zh, en)
