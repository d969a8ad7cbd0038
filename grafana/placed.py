"""A board as it is put on one server: where the console is, what things are called, and whose it is.

The boards that are shipped know none of it: they are the same for every park.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from grafana.sources import DAYS, HOURS, NAMES, PEAKS, QUARTERS, READINGS
from park.place import Enterprise, Meter

Board = dict[str, Any]
MOST_NAMES: Final = 500
"""More names than this would make a board too heavy to open; ids are shown then."""
BY_ID: Final = re.compile(r"\$(?:tag_|\{?)(enterprise|meter|id)\b|\[\[tag_")
WIDTHS: Final = "15m,1h,1d"
STEPS: Final = f"1m,{WIDTHS}"


@dataclass(frozen=True, slots=True)
class Named:
    """What ids are called."""

    names: Mapping[str, str]

    @property
    def too_many(self) -> bool:
        """Whether ids are shown instead."""
        return len(self.names) > MOST_NAMES


def mark(board: Board) -> str:
    """Name a board by all that is in it; kept as the message of its version, it tells whose that version is."""
    text = json.dumps(board, ensure_ascii=False, sort_keys=True)
    return f"smartpark {sha256(text.encode()).hexdigest()[:16]}"


def placed(board: Board, *, console: str | None, named: Named) -> Board:
    """Give a board with the console's address, and names for the ids that series and cells bear."""
    made = copy.deepcopy(board)
    for variable in _variables(made):
        if variable["name"] == "console" and console is not None:
            _constant(variable, console)
    if named.names and not named.too_many:
        for panel in panels(made):
            if "influxdb" in json.dumps(panel.get("targets", [])):
                _name(panel, named.names)
    return made


def enclosed(board: Board, enterprise: Enterprise, meters: Sequence[Meter]) -> Board | None:
    """Give a board for an organisation that sees one enterprise alone; None where nothing of it would be left.

    There is no PostgreSQL there: it cannot be kept to one enterprise.  So panels and annotations that ask it are left
    out, and what it would give to choose from is written down: the enterprise itself and its meters.
    """
    made = copy.deepcopy(board)
    made["annotations"] = {"list": []}
    lost = []
    for variable in list(_variables(made)):
        if not _own(variable, enterprise, meters) and NAMES.uid in json.dumps(variable):
            lost.append(variable["name"])
            made["templating"]["list"].remove(variable)
    gone = re.compile("|".join([f'"{NAMES.uid}"', *(rf"\$(?:\{{)?{re.escape(name)}\b" for name in lost)]))
    made["panels"] = [panel for panel in _kept(made["panels"], gone) if panel]
    return made if any(panel.get("targets") for panel in panels(made)) else None


def panels(board: Board) -> Iterator[Board]:
    """Give every panel, also those in rows that are closed."""
    for panel in board.get("panels", []):
        yield panel
        yield from panel.get("panels", [])


def _kept(listed: list[Board], gone: re.Pattern[str]) -> Iterator[Board]:
    for panel in listed:
        if panel.get("type") == "row":
            yield {**panel, "panels": list(_kept(panel.get("panels", []), gone))}
        elif panel.get("type") == "text" or not gone.search(json.dumps(panel, ensure_ascii=False)):
            yield panel


def _variables(board: Board) -> list[Board]:
    found: list[Board] = board.get("templating", {}).get("list", [])
    return found


def _own(variable: Board, enterprise: Enterprise, meters: Sequence[Meter]) -> bool:
    """Write down what a variable would have been given by PostgreSQL; tell whether it was one of those."""
    boundary = "|".join(meter.id for meter in meters if meter.role == "boundary") or "-"
    fixed = {
        "enterprise": enterprise.id,
        "park": enterprise.park,
        "boundary": f"({boundary})",
        "largest": f"({enterprise.id})",
        "slots": QUARTERS.uid,  # slots of a quarter of an hour sum to any width
    }
    boxes = {  # with which of them is chosen first: what fits the quarters
        "meter": ([(meter.name, meter.id) for meter in meters], 0),
        "store": ([(source.zh, source.uid) for source in (READINGS, QUARTERS, HOURS, DAYS)], 1),
        "width": ([(width, width) for width in WIDTHS.split(",")], 1),
        "step": ([(step, step) for step in STEPS.split(",")], 1),
        "peak": ([("原始读数 / readings", PEAKS[0]), ("汇总 / slots", PEAKS[1])], 1),
    }
    name = variable["name"]
    if name in fixed:
        _constant(variable, fixed[name])
    elif name in boxes:
        listed, first = boxes[name]
        _choice(variable, listed, first=first)
    return name in fixed or name in boxes


def _constant(variable: Board, value: str) -> None:
    _plain(variable)
    variable |= {"type": "constant", "query": value, "hide": 2, "current": {"text": value, "value": value}}


def _choice(variable: Board, listed: list[tuple[str, str]], *, first: int) -> None:
    """Make a visible box of fixed things; commas in names would end them."""
    _plain(variable)
    shown = [(name.replace(",", "，").replace(":", "："), value) for name, value in listed]
    options = [{"text": name, "value": value, "selected": n == first} for n, (name, value) in enumerate(shown)]
    current = {"text": shown[first][0], "value": shown[first][1]} if len(shown) > first else {}
    query = ",".join(f"{name} : {value}" for name, value in shown)
    variable |= {"type": "custom", "query": query, "hide": 0, "options": options, "current": current}
    variable |= {"multi": False, "includeAll": False}


def _plain(variable: Board) -> None:
    for key in ("datasource", "definition", "refresh", "sort", "regex", "allValue", "options", "multi", "includeAll"):
        variable.pop(key, None)


def _name(panel: Board, names: Mapping[str, str]) -> None:
    """Call ids by name: in cells by a value mapping, as names of series by an override for each."""
    field = panel.setdefault("fieldConfig", {"defaults": {}, "overrides": []})
    aliases = " ".join(str(target.get("alias") or "") for target in panel.get("targets", []))
    if panel.get("type") == "table":
        options = {number: {"text": name, "index": place} for place, (number, name) in enumerate(names.items())}
        field["defaults"].setdefault("mappings", []).append({"type": "value", "options": options})
    elif BY_ID.search(aliases):
        field["overrides"].extend(
            {"matcher": {"id": "byName", "options": number}, "properties": [{"id": "displayName", "value": name}]}
            for number, name in names.items()
        )
