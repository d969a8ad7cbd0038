"""A scripted server, and a real one."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from adapters.influx import admin
from adapters.influx.resolution import ALL
from adapters.influx.target import Target, read
from tests.adapters.influx.fake import FakeInflux, fake_influx
from tests.adapters.influx.site import Site, opened_site
from tests.influxd import Influxd

_numbers = count()


@pytest.fixture
def fake() -> Iterator[FakeInflux]:
    """A 2.x that answers as it is told."""
    with fake_influx() as server:
        yield server


@pytest.fixture
def real(session_influxd: Influxd) -> Target:
    """Fresh databases in a real 1.x."""
    target = read(session_influxd.url(f"t{next(_numbers)}"))
    list(admin.init(target, dict.fromkeys(ALL), session_influxd.folder))
    return target


@pytest.fixture
def site(real: Target, tmp_path: Path) -> Iterator[Site]:
    """A park with an empty store."""
    with opened_site(real, tmp_path) as site:
        yield site
