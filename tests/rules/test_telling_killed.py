"""Killed in the middle of telling: what was written down is told, and nothing else."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from adapters.clock import now
from adapters.relational import engine as engines
from adapters.relational import migrate, receivers
from park.notice import Notice
from tests.http_receiver import http_receiver
from tests.ports import free_port
from tests.rules.test_telling import HOOK, service
from tests.shape.tree import ROOT

ALERTS = 40


@pytest.mark.parametrize("after", [1, 7, 20, ALERTS])
def test_killed_in_the_middle_everything_that_was_written_down_is_told(tmp_path: Path, after: int) -> None:
    engine = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    with http_receiver() as hook:
        receivers.save(engine, HOOK, address=hook.url, who="root", now=now())
        kept = _killed_after(after, tmp_path)
        before = len(hook.posted)
        with service(tmp_path, engine, free_port()) as again:
            expected = {row.id for row in again.store.notices_from(0) if row.receiver == HOOK.id}
            while {each.headers["Smartpark-Notice"] for each in hook.posted} < expected:
                hook.wait_for(len(hook.posted) + 1)
        told = [msgspec.json.decode(each.body, type=Notice) for each in hook.posted]
    engine.dispose()
    assert {f"m{number}" for number in range(kept)} <= {notice.meter for notice in told}
    assert {notice.id for notice in told} == expected, "nothing is told that is not written down"
    twice = len(told) - len(expected)
    assert twice <= before, "told twice is only what was told already"


def _killed_after(count: int, folder: Path) -> int:
    """Run it until it has written down so many, kill it, and give how many it said it had."""
    command = [sys.executable, "-m", "tests.rules.telling_victim", str(folder), str(free_port()), str(ALERTS)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        for _ in range(count):
            victim.stdout.readline()
        victim.kill()
        return count + len(victim.stdout.read().split())
