"""Every command explains itself, with an example that can be typed."""

from collections.abc import Iterator

import pytest
import typer
from typer.testing import CliRunner

from smartpark.__main__ import app


def commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Give the words of every command there is."""
    inner: dict[str, object] | None = getattr(command, "commands", None)
    if inner is None:
        yield path
        return
    for name, one in inner.items():
        yield from commands(one, (*path, name))


EVERY = list(commands(typer.main.get_command(app)))


def test_there_are_commands() -> None:
    assert {("up",), ("collector",), ("api",), ("doctor",), ("registry", "import")} <= set(EVERY)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_help_shows_an_example_of_the_command(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 0, result.output
    assert "Example" in result.stdout
    assert " ".join(("smartpark", *words)) in " ".join(result.stdout.split())


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_an_option_that_does_not_exist_is_wrong_use(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, [*words, "--no-such-option"]).exit_code == 2


def test_without_a_command_the_help_is_shown() -> None:
    result = CliRunner().invoke(app, [])
    assert "up" in result.output
    assert result.exit_code == 2
