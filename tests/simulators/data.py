"""Real data beside the repository; a test that needs a file and does not find it skips with that reason."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of a shared file, or skip the test."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"../shared/data/{name} is not beside the repository")
    return path
