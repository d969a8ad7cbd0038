"""What Grafana does to rows before it draws them, as far as our boards ask for it.

Each step is a function of frames, named as in a board's JSON; one that is not known here is a mistake, never skipped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from statistics import fmean
from typing import Any, Final
from zoneinfo import ZoneInfo

from grafana.run import Frame, Json

TIME = "Time"
"""What Grafana calls the times of a series."""
FORMATS: Final[Mapping[str, str]] = {"HH": "%H", "YYYY-MM-DD": "%Y-%m-%d"}
FOLDS: Final[Mapping[str, Callable[[Sequence[float]], float]]] = {"mean": fmean, "sum": sum, "max": max, "min": min}


def applied(panel: Json, frames: Sequence[Frame]) -> list[Frame]:
    """Give a panel's frames after all its steps.  Raises KeyError for a step or a setting that is not known here."""
    found = list(frames)
    for step in panel.get("transformations") or ():
        found = [STEPS[step["id"]](_named(frame), step.get("options") or {}) for frame in found]
    return found


def _named(frame: Frame) -> Frame:
    """Give a series the names that its columns have in Grafana: its times, and its own."""
    if not frame.timed:
        return frame
    return replace(frame, columns=(TIME, frame.name), timed=False)


def _format_time(frame: Frame, options: Json) -> Frame:
    form, zone = FORMATS[options["outputFormat"]], ZoneInfo(options["timezone"])
    place = frame.columns.index(options["timeField"])

    def written(at: float) -> str:
        return datetime.fromtimestamp(at / 1_000, UTC).astimezone(zone).strftime(form)

    rows = [(*row[:place], written(row[place]), *row[place + 1 :]) for row in frame.rows]
    return replace(frame, rows=rows)


def _group_by(frame: Frame, options: Json) -> Frame:
    fields = options["fields"]
    keys = [place for place, name in enumerate(frame.columns) if fields.get(name, {}).get("operation") == "groupby"]
    folds = [
        (place, how)
        for place, name in enumerate(frame.columns)
        if fields.get(name, {}).get("operation") == "aggregate"
        for how in fields[name]["aggregations"]
    ]
    groups: dict[tuple[Any, ...], list[Sequence[Any]]] = {}
    for row in frame.rows:
        groups.setdefault(tuple(row[place] for place in keys), []).append(row)
    rows = [
        (*key, *(_folded(how, [row[place] for row in some]) for place, how in folds)) for key, some in groups.items()
    ]
    columns = (*(frame.columns[place] for place in keys), *(f"{frame.columns[place]} ({how})" for place, how in folds))
    return replace(frame, columns=columns, rows=rows)


def _folded(how: str, values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return FOLDS[how](known) if known else None


def _sort_by(frame: Frame, options: Json) -> Frame:
    rows = list(frame.rows)
    for one in reversed(options["sort"]):
        rows.sort(key=itemgetter(frame.columns.index(one["field"])), reverse=bool(one.get("desc")))
    return replace(frame, rows=rows)


def _organize(frame: Frame, options: Json) -> Frame:
    renamed = options.get("renameByName", {})
    return replace(frame, columns=tuple(renamed.get(name, name) for name in frame.columns))


STEPS: Final[Mapping[str, Callable[[Frame, Json], Frame]]] = {
    "formatTime": _format_time,
    "groupBy": _group_by,
    "sortBy": _sort_by,
    "organize": _organize,
}
