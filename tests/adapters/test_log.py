"""A log entry is one line that a person and a program can read; chatty libraries are heard when it matters."""

import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from adapters import log
from adapters.settings import load

SECRET = "s3cret"
Written = Callable[[], str]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """What was written to standard error, the logging of the test run put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in log.CHATTY}
    so_far: list[str] = []

    def read() -> str:
        so_far.append(capsys.readouterr().err)
        return "".join(so_far)

    yield read
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def entries(text: str) -> list[dict[str, object]]:
    """Read a log back."""
    return [json.loads(line) for line in text.splitlines()]


def test_an_entry_is_one_line_of_json_with_its_time_and_level_in_readable_chinese(written: Written) -> None:
    log.configure(json=True)
    log.logger("a").warning("连接断开\n第二行", 服务器="一号\r\n机", count=3, where=None, odd=object)
    text = written()
    assert text.count("\n") == 1
    assert "连接断开" in text
    [entry] = entries(text)
    assert entry["event"] == "连接断开\n第二行"
    assert entry["服务器"] == "一号\r\n机"
    assert (entry["level"], entry["count"], entry["where"]) == ("warning", 3, None)
    assert str(entry["timestamp"]).endswith("Z")


def fail(password: str) -> None:
    """Fail with a secret at hand."""
    raise ValueError(f"原因 {len(password)}")


@pytest.mark.parametrize("whose", ["ours", "a library's"])
def test_an_exception_is_told_whole_and_still_on_one_line(written: Written, whose: str) -> None:
    log.configure(json=True)
    try:
        fail("s3cret")
    except ValueError:
        if whose == "ours":
            log.logger("a").exception("failed")
        else:
            logging.getLogger("uvicorn.error").exception("failed %s", "here")
    [entry] = entries(written())
    assert str(entry["event"]).startswith("failed")
    assert "Traceback (most recent call last)" in str(entry["exception"])
    assert "ValueError: 原因" in str(entry["exception"])


@pytest.mark.parametrize("whose", ["ours", "a library's"])
def test_a_person_sees_the_traceback_without_the_local_variables_among_which_secrets_are(
    written: Written, whose: str
) -> None:
    log.configure(json=False)
    try:
        fail(SECRET)
    except ValueError:
        logger = log.logger("a") if whose == "ours" else logging.getLogger("uvicorn.error")
        logger.exception("failed")
    assert "ValueError: 原因 6" in written()
    assert SECRET not in written()


def test_settings_can_be_logged_without_their_secrets(written: Written) -> None:
    settings = load(environ={}, mqtt_url="mqtt://user:s3cret@host", admin_api_key="s3cret")
    for json_lines in (True, False):
        log.configure(json=json_lines)
        log.logger("a").info("starting", settings=settings, url=settings.mqtt_url, key=settings.admin_api_key)
    assert "s3cret" not in written()


LEVELS = [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)]


@pytest.mark.parametrize(("level", "count"), LEVELS)
def test_below_its_level_nothing_is_said(written: Written, level: str, count: int) -> None:
    log.configure(level, json=True)
    for name in ("debug", "info", "warning", "error"):
        getattr(log.logger("ours"), name)(name)
    assert len(entries(written())) == count


NOISE = [
    ("uvicorn.error", "connection open"),
    ("uvicorn.error", '127.0.0.1:5 - "WebSocket /_nicegui_ws/socket.io" [accepted]'),
    ("uvicorn.access", "GET /"),
    ("alembic.runtime.migration", "Context impl SQLiteImpl."),
    ("iotcore.broker", "broker listening on v4"),
]


@pytest.mark.parametrize(("name", "message"), NOISE)
def test_what_libraries_chat_about_is_for_debug_and_their_warnings_for_all(
    written: Written, name: str, message: str
) -> None:
    log.configure("info", json=True)
    logging.getLogger(name).info(message)
    assert written() == ""
    logging.getLogger(name).warning("trouble")
    assert [entry["event"] for entry in entries(written())] == ["trouble"]
    log.configure("debug", json=True)
    logging.getLogger(name).info(message)
    assert [entry["event"] for entry in entries(written())] == ["trouble", message]


def test_at_level_error_a_library_s_warning_is_not_said_either(written: Written) -> None:
    log.configure("error", json=True)
    logging.getLogger("uvicorn.error").warning("trouble")
    assert written() == ""


def test_configured_twice_nothing_is_said_twice(written: Written) -> None:
    log.configure(json=True)
    log.configure(json=True)
    log.logger("a").info("once")
    assert len(entries(written())) == 1
