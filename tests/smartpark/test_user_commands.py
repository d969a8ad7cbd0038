"""`smartpark user` and `smartpark key`: secrets are printed once, and what cannot be is said in a sentence."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from adapters.relational import accounts, audit, migrate
from adapters.relational.engine import connect
from park.principal import Access, Principal
from smartpark.user_commands import key_app, user_app

NOW = datetime(2026, 11, 23, tzinfo=UTC)
app = typer.Typer()
app.add_typer(user_app, name="user")
app.add_typer(key_app, name="key")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The store the commands work on."""
    engine = connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


class Run:
    """Commands on one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, *arguments: str, text: str | None = None) -> Result:
        return CliRunner().invoke(app, [*arguments, "--data-dir", str(self._folder)], input=text)


@pytest.fixture
def run(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run commands in a folder of their own."""
    assert not accounts.any_user(engine)
    monkeypatch.chdir(tmp_path)
    return Run(tmp_path)


def test_a_new_user_signs_in_with_the_password_printed_once(run: Run, engine: Engine) -> None:
    result = run("user", "add", "张三", "--role", "operator")
    assert result.exit_code == 0
    attempt = accounts.verify(engine, "张三", result.stdout.strip(), NOW)
    assert attempt.principal == Principal("张三", Access.OPERATOR)
    assert attempt.user is not None
    assert attempt.user.must_change
    assert result.stdout.strip() not in run("user", "list", "--json").stdout


def test_a_password_can_be_given_on_standard_input(run: Run, engine: Engine) -> None:
    assert run("user", "add", "张三", "--password-stdin", text="a long enough one\n").exit_code == 0
    attempt = accounts.verify(engine, "张三", "a long enough one", NOW)
    assert attempt.user is not None
    assert not attempt.user.must_change


def test_a_password_set_anew_replaces_the_old(run: Run, engine: Engine) -> None:
    old = run("user", "add", "张三").stdout.strip()
    new = json.loads(run("user", "password", "张三", "--json").stdout)["one_time_password"]
    assert accounts.verify(engine, "张三", old, NOW).principal is None
    assert accounts.verify(engine, "张三", new, NOW).principal is not None


def test_a_disabled_user_is_listed_as_such_until_enabled(run: Run) -> None:
    run("user", "add", "张三")
    assert run("user", "disable", "张三").exit_code == 0
    assert run("user", "list").stdout == "张三\tviewer\t\t已停用\n"
    assert run("user", "enable", "张三").exit_code == 0
    assert run("user", "list").stdout == "张三\tviewer\n"


def test_a_key_is_printed_once_and_opens_until_revoked(run: Run, engine: Engine) -> None:
    secret = run("key", "create", "scada", "--role", "viewer").stdout.strip()
    assert accounts.principal_of_key(engine, secret, NOW) == Principal("key:scada", Access.VIEWER)
    listed = run("key", "list").stdout
    assert listed == f"scada\t…{secret[-4:]}\tviewer\n"
    assert secret not in run("key", "list", "--json").stdout
    assert run("key", "revoke", "scada").exit_code == 0
    assert accounts.principal_of_key(engine, secret, NOW) is None
    assert run("key", "list").stdout.endswith("已吊销\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["user", "add", "a:b"], "不可用"),
        (["user", "add", "x", "--role", "enterprise"], "必须指定一家企业"),
        (["user", "add", "x", "--role", "enterprise", "--enterprise", "e9"], "不在台账中"),
        (["user", "password", "nobody"], "没有用户 nobody"),
        (["user", "disable", "nobody"], "没有用户 nobody"),
        (["key", "revoke", "nothing"], "没有可吊销的密钥"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(run: Run, arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert says in result.stderr
    assert result.stdout == ""


def test_an_unknown_role_is_wrong_use(run: Run) -> None:
    assert run("user", "add", "x", "--role", "emperor").exit_code == 2


def test_the_audit_says_that_it_was_done_on_the_command_line(run: Run, engine: Engine) -> None:
    run("user", "add", "张三")
    [entry], _ = audit.entries(engine)
    assert entry.who.startswith("cli")


@pytest.mark.parametrize(
    "command",
    ["user add", "user list", "user password", "user disable", "user enable", "key create", "key list", "key revoke"],
)
def test_help_has_an_example(run: Run, command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert f"smartpark {command}" in result.stdout
