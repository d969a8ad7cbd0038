"""Programs that some tests need, and what happens where one is missing.

A missing program skips the tests that need it, unless `SMARTPARK_TEST_REQUIRE` names the need: then they fail.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

REQUIRE: Final = "SMARTPARK_TEST_REQUIRE"
PYSPARKPLUG: Final = "SMARTPARK_TEST_PYSPARKPLUG"
"""Names a Python that has pysparkplug, which pins an old MQTT client and so needs an environment of its own."""

# marker → the names its program goes by
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "broker": ("mosquitto",),
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "compose": ("docker-compose",),
    "influx": ("influxd",),
    "postgres": ("postgres",),
}


def find_program(need: str) -> Path | None:
    """Return the program for a need, also where Debian hides servers from ordinary users."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", *_versioned()])
    found = (shutil.which(name, path=path) for name in NEEDS[need])
    return next((Path(program) for program in found if program), None)


def _versioned() -> list[str]:
    """Give Debian's folders of PostgreSQL servers, the newest first: none of them is on the path."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return [str(folder) for folder in sorted(folders, key=lambda folder: float(folder.parent.name), reverse=True)]


def required() -> frozenset[str]:
    """Return the needs whose absence is a failure; an unknown name is a mistake."""
    names = frozenset(name.strip() for name in os.environ.get(REQUIRE, "").split(",") if name.strip())
    if unknown := names - NEEDS.keys():
        raise ValueError(f"{REQUIRE} names {', '.join(sorted(unknown))}; it knows {', '.join(sorted(NEEDS))}")
    return names
