"""A year of a real steel plant, replayed as a register over MQTT: the store's last − first is the file's total."""

import csv
import json
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from adapters import registry_yaml
from tests.e2e.installation import Installation
from tests.e2e.program import run, until
from tests.e2e.stored import rows
from tests.park.examples import meter, registry
from tests.simulators.data import shared

SLOTS = 35_040
YEAR = {"start": "2018-01-01T00:00:00+08:00", "end": "2019-01-01T00:00:01+08:00"}
REPLAY = (
    "--meter", "steel-main", "--enterprise", "e01", "--column", "Usage_kWh=ep_imp", "--time-column", "date",
    "--time-format", "%d-%m-%Y %H:%M", "--midnight", "end", "--cumulate", "--opening", "15m",
)  # fmt: skip


@pytest.mark.slow
def test_a_year_of_real_consumption_comes_out_as_it_went_in(tmp_path: Path) -> None:
    """The file gives amounts of 15 minutes, stamped with their end.

    `--opening 15m` publishes what the register showed before the first slot (0), as a meter would have: without it the
    first slot's 3.17 kWh would lie before the first sample, and last − first would be short by them.
    """
    file = shared("steel-industry-2018.csv")
    with file.open(encoding="utf-8-sig", newline="") as text:
        amounts = [Decimal(row["Usage_kWh"]) for row in csv.DictReader(text)]
    assert len(amounts) == SLOTS
    assert sum(amounts) == Decimal("959636.71")
    park = tmp_path / "park.yaml"
    park.write_text(registry_yaml.write(registry(meter("steel-main"))), "utf-8")
    house = Installation(tmp_path)

    def stored() -> int:
        slots = house.get(
            "/api/v1/readings", meter="steel-main", metric="ep_imp", every="1d", aggregate="count", **YEAR
        )
        return int(sum(slot["value"] for slot in slots["items"]))

    with house.up("--no-simulator", "--park", park) as program:
        until(house.is_ready, "it is ready")
        code, out, err = run(
            tmp_path, "replay", file, *REPLAY, "--json", mqtt_url=house.broker, mqtt_version="3.1.1", name="replay"
        )
        assert code == 0, err
        assert json.loads(out)["records"] == SLOTS + 1
        until(lambda: stored() >= SLOTS + 1, "every reading is stored")
        groups = house.get("/api/v1/quarantine")
        assert groups["items"] == []
        assert program.end() == 0
    held = rows(house.data)
    times = Counter(ts for _, _, ts, _, _ in held)
    register = [value for _, _, _, value, _ in sorted(held, key=lambda row: row[2])]
    assert len(held) == SLOTS + 1
    assert max(times.values()) == 1
    assert {row[:2] for row in held} == {("steel-main", "ep_imp")}
    steps = [Decimal(str(round(after - before, 2))) for before, after in pairwise(register)]
    assert steps == amounts
    assert round(Decimal(str(register[-1])) - Decimal(str(register[0])), 2) == sum(amounts)
