"""The scripts can be run by anyone, from anywhere, and say what they do."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shape.tree import ROOT, project

SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if not path.suffix)
BASH = shutil.which("bash") or "bash"
each = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


def test_the_commands_a_reader_is_told_of_are_there() -> None:
    assert {"up", "test", "check", "bench", "lock"} <= {script.name for script in SCRIPTS}


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci" / "run"], ids=lambda script: script.name)
def test_a_script_is_executable_stops_at_the_first_error_and_parses(script: Path, tmp_path: Path) -> None:
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    assert run(BASH, "-n", script, cwd=tmp_path).stderr == ""


@each
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_a_script_explains_itself_from_any_folder_without_installing_anything(
    script: Path, flag: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    told = run(tmp_path / "scripts" / script.name, flag, cwd=Path("/"))
    assert told.returncode == 0
    assert told.stderr == ""
    assert f"Usage: scripts/{script.name}" in told.stdout
    assert "xample" in told.stdout
    assert re.search(r"[\u4e00-\u9fff]", told.stdout)
    assert not (tmp_path / ".venv").exists()


def test_the_scripts_want_the_python_that_pyproject_wants() -> None:
    oldest = re.fullmatch(r">=(\d+)\.(\d+)", project()["project"]["requires-python"])
    assert oldest is not None
    major, minor = oldest.groups()
    library = (ROOT / "scripts" / "lib.sh").read_text(encoding="utf-8")
    assert set(re.findall(r"sys\.version_info < \((\d+), (\d+)\)", library)) == {(major, minor)}
    assert f"--python-version {major}.{minor}" in (ROOT / "scripts" / "lock").read_text(encoding="utf-8")
    assert project()["tool"]["ruff"]["target-version"] == f"py{major}{minor}"
    assert project()["tool"]["mypy"]["python_version"] == f"{major}.{minor}"
