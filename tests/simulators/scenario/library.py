"""The shipped scenarios, read once for all tests."""

from functools import cache
from pathlib import Path

from simulators.scenario.load import files, load, shipped
from simulators.scenario.model import Scenario


@cache
def paths() -> tuple[Path, ...]:
    with shipped() as folder:
        return tuple(files([folder]))


@cache
def library() -> dict[str, Scenario]:
    """Every shipped scenario by the name of its file."""
    found = {}
    for path in paths():
        checked = load(path)
        assert checked.mistakes == [], path
        assert checked.scenario is not None
        found[path.stem] = checked.scenario
    return found
