"""`smartpark hj212` without a port, or with one that is taken, says what to set."""

import socket
from pathlib import Path

from typer.testing import CliRunner

from smartpark.__main__ import app
from tests.e2e import program
from tests.ports import LOOPBACK

run = CliRunner().invoke


def test_without_a_port_it_says_which_setting_is_missing(tmp_path: Path) -> None:
    told = run(app, ["hj212", "--data-dir", str(tmp_path)])
    assert told.exit_code == 2
    assert "SMARTPARK_HJ212_PORT" in told.output


def test_a_port_that_is_taken_is_named_with_its_settings(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = str(taken.getsockname()[1])
        code, _, err = program.run(tmp_path, "hj212", "--data-dir", tmp_path, name="hj212", hj212_port=port)
    assert code == 1
    assert "SMARTPARK_HJ212_HOST" in err
    assert "Traceback" not in err
