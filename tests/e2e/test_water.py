"""A year of a real water register, replayed in the disorder of its file: every day's consumption is the repair's."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from adapters import registry_yaml
from park.metric import Medium
from park.window import SITE, day_start
from tests.e2e.installation import Installation
from tests.e2e.program import run, until
from tests.park.examples import meter, registry
from tests.simulators.data import shared

REPLAY = (
    "--meter", "k37", "--enterprise", "e01", "--column", "Volume_CuM=volume", "--time-column", "Date",
    "--time-column", "Time", "--time-format", "%d/%m/%Y %H:%M:%S", "--channel", "backfill",
)  # fmt: skip
K37 = replace(meter("k37", medium=Medium.WATER), period=timedelta(minutes=15), metrics=("volume",))
WHOLE = 42_037.0
"""208,992 − 166,955 m³."""
START, END = datetime(2019, 7, 1, tzinfo=SITE), datetime(2020, 7, 1, tzinfo=SITE)
DAY = timedelta(days=1)
EXACT = 1e-6


class Repair(NamedTuple):
    """The published repair: instants in seconds, and totals."""

    at: list[float]
    totals: list[float]

    def used(self, start: datetime, end: datetime) -> float:
        """Give what was used between two instants, the register going straight between its samples."""
        before, after = np.interp([start.timestamp(), end.timestamp()], self.at, self.totals)
        return float(after - before)


def repair() -> Repair:
    with shared("water-register-K37-3109-fixed.csv").open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    times = [datetime.fromisoformat(row["Date_Time_Readings"]).replace(tzinfo=SITE) for row in rows]
    return Repair([at.timestamp() for at in times], [float(row["Acc"]) for row in rows])


def longest_gap(known: Repair) -> tuple[datetime, datetime]:
    before, after = max(pairwise(known.at), key=lambda pair: pair[1] - pair[0])
    return datetime.fromtimestamp(before, UTC), datetime.fromtimestamp(after, UTC)


@pytest.mark.slow
def test_a_register_published_in_the_disorder_of_its_file_gives_every_day_as_the_repair_does(tmp_path: Path) -> None:
    """51,056 rows, 184 times back in time, a third of them twice.

    What was used over the nine days about which the file is silent is known; how it fell on them is an estimate, and
    says so.
    """
    known = repair()
    gap_start, gap_end = longest_gap(known)
    park = tmp_path / "park.yaml"
    park.write_text(registry_yaml.write(registry(K37)), "utf-8")
    house = Installation(tmp_path)

    def days() -> list[dict[str, float]]:
        asked = {"meter": "k37", "carrier": "water", "every": "1d", "start": START.isoformat(), "end": END.isoformat()}
        items: list[dict[str, float]] = house.get("/api/v1/intervals", **asked)["items"]
        return items

    def wrong() -> list[object]:
        """Give the days on which consumption is not the repair's; both ends are known long before the middle is."""
        found = days()
        off: list[object] = [
            day for day in found if not in_gap(day) and abs((day["amount"] or 0.0) - used(day)) > EXACT
        ]
        return off if abs(sum(day["amount"] or 0.0 for day in found) - WHOLE) < EXACT else [*off, "the whole year"]

    def used(day: dict[str, float]) -> float:
        start = datetime.fromisoformat(str(day["start"]))
        return known.used(start, min(start + DAY, END))

    def in_gap(day: dict[str, float]) -> bool:
        start = datetime.fromisoformat(str(day["start"]))
        return start < gap_end and start + DAY > gap_start

    with house.up("--no-simulator", "--park", park) as program:
        until(house.is_ready, "it is ready")
        code, out, err = run(
            tmp_path,
            "replay",
            shared("water-register-K37-3109.csv"),
            *REPLAY,
            "--json",
            mqtt_url=house.broker,
            mqtt_version="3.1.1",
            name="replay",
        )
        assert code == 0, err
        assert json.loads(out)["records"] == 51_056
        until(lambda: not wrong(), "every day is as the repair has it", patience=100)
        found = days()
        assert program.end() == 0

    assert len(found) == 366
    first, last = day_start(gap_start), day_start(gap_end)
    whole = known.used(first, last + DAY)
    assert sum(day["amount"] for day in found if in_gap(day)) == pytest.approx(whole, abs=EXACT)
    silent = [day for day in found if first.date() < datetime.fromisoformat(str(day["start"])).date() < last.date()]
    assert len(silent) == 8
    assert all(day["estimated"] == pytest.approx(1.0) for day in silent)
