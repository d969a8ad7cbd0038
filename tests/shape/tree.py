"""The repository as the tests about it see it."""

import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("smartpark", "collector", "rules", "api", "simulators", "grafana", "adapters", "park")


@cache
def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def _listed() -> tuple[Path, ...] | None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return None
    listing = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return tuple(path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file())


def tracked() -> tuple[Path, ...]:
    """Return the files git keeps, or would keep; a copy without git has nothing to say about them."""
    files = _listed()
    if files is None:
        pytest.skip("this copy is not a git work tree")
    return files


def text(path: Path) -> str | None:
    """Return the content of a text file, None for bytes."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    return content.decode("utf-8", errors="replace")
