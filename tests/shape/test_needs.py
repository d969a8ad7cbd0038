"""A missing program skips what needs it, and fails where it is required."""

import pytest

from tests import conftest
from tests.programs import REQUIRE, find_program, required


class Item:
    """As much of a test as the rule looks at."""

    def get_closest_marker(self, name: str) -> str | None:
        return name if name == "broker" else None


def asked(monkeypatch: pytest.MonkeyPatch, require: str) -> pytest.Item:
    """Return a test that needs a broker, on a machine that has none."""
    monkeypatch.setattr(conftest, "find_program", lambda _: None)
    monkeypatch.setenv(REQUIRE, require)
    return Item()  # type: ignore[return-value]


def test_a_missing_program_skips_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.skip.Exception, match="mosquitto is not installed"):
        conftest.pytest_runtest_setup(asked(monkeypatch, "browser"))


def test_a_missing_program_that_is_required_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.fail.Exception, match="requires broker"):
        conftest.pytest_runtest_setup(asked(monkeypatch, "browser, broker"))


def test_a_program_that_is_there_neither_skips_nor_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    item = asked(monkeypatch, "broker")
    monkeypatch.setattr(conftest, "find_program", lambda _: "somewhere")
    conftest.pytest_runtest_setup(item)


def test_a_mistyped_requirement_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRE, "broker,brwoser")
    with pytest.raises(ValueError, match="brwoser"):
        required()


def test_a_program_in_no_folder_of_the_path_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.programs.NEEDS", {"broker": ("no-such-program",)})
    assert find_program("broker") is None
