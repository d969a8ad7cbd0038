"""The bench of the accounts measures what it says."""

import json
from itertools import count

from typer.testing import CliRunner

from smartpark.bench_accounts import PERIOD_MS, measure
from smartpark.bench_commands import app


def test_bad_samples_are_really_there_and_change_nothing_that_is_booked() -> None:
    ticks = count()
    clean, wrong = measure(samples=5_000, clock=lambda: float(next(ticks))).rates
    assert (clean.samples, clean.seconds, clean.rate) == (5_000, 1.0, 5_000.0)
    assert clean.intervals == -(-5_000 * PERIOD_MS // 900_000)
    assert clean.booked == wrong.booked
    assert clean.series != wrong.series


def test_the_command_gives_its_figures_as_data() -> None:
    ran = CliRunner().invoke(app, ["accounts", "--samples", "2000", "--enterprises", "3", "--json"])
    assert ran.exit_code == 0, ran.output
    assert [each["samples"] for each in json.loads(ran.output)["registers"]] == [2_000, 2_000]
