"""The locks install the same bytes everywhere, from wherever the reader's pip looks."""

import re
from pathlib import Path

import pytest

from tests.shape.tree import ROOT, project

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
names = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)


def requirements(lock: Path) -> dict[str, list[str]]:
    """Map each `name==version ; marker` to its hashes."""
    found: dict[str, list[str]] = {}
    hashes: list[str] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", " ")):
            hashes = found.setdefault(line.removesuffix("\\").strip(), [])
        hashes += re.findall(r"--hash=sha256:[0-9a-f]{64}\b", line)
    return found


def plain(name: str) -> str:
    """Return a distribution's name as the locks spell it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]).lower()


def test_there_is_one_lock_to_run_and_one_to_develop() -> None:
    assert [lock.name for lock in LOCKS] == ["dev.txt", "run.txt"]


@names
def test_every_requirement_is_pinned_and_has_hashes(lock: Path) -> None:
    found = requirements(lock)
    assert found
    assert [line for line, hashes in found.items() if not hashes or "==" not in line] == []


@names
def test_a_lock_names_no_place_to_fetch_from(lock: Path) -> None:
    content = lock.read_text(encoding="utf-8")
    assert re.findall(r"https?://|--(?:index|extra-index|default-index|find-links)\S*|file:|^-[eif] ", content) == []


def test_the_lock_to_develop_holds_all_of_the_lock_to_run_at_the_same_versions() -> None:
    run, dev = (requirements(ROOT / "requirements" / name) for name in ("run.txt", "dev.txt"))
    pinned = {line.split(" ;")[0] for line in dev}
    assert [line for line in run if line.split(" ;")[0] not in pinned] == []


@pytest.mark.parametrize(("lock", "groups"), [("run.txt", ["install"]), ("dev.txt", ["install", "dev"])])
def test_whatever_pyproject_asks_for_is_locked(lock: str, groups: list[str]) -> None:
    locked = {plain(line) for line in requirements(ROOT / "requirements" / lock)}
    asked = [*project()["project"]["dependencies"], *project()["build-system"]["requires"]]
    for group in groups:
        asked += project()["dependency-groups"][group]
    assert {plain(name) for name in asked} - locked == set()
