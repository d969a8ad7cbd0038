"""The console's words are whole: nothing is missing in a language, nothing is asked for that is not there."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import api.console
from api.console.words import FRAME, ROOMS, WORDS
from api.overview import REGISTERS, Why
from park.metric import Kind, Medium
from park.place import Role
from park.quality import BY_NAME

SOURCES = [path for path in sorted(Path(api.console.__file__).parent.glob("*.py")) if not path.name.startswith("words")]
TREES = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]

SAID_BY_NAME = {
    *(f"medium_{medium}" for medium in Medium),
    *(f"{medium}_today" for medium in REGISTERS),
    *(f"role_{role}" for role in Role),
    *(f"why_{why}" for why in Why),
    *(f"quality_{name}" for name in BY_NAME),
    *(f"line_{kind}" for kind in Kind),
    "state_0",
    "state_1",
}
"""Keys that are built from a member of a table: all of the table must be there."""


def constants() -> set[str]:
    """Give every string in the console's sources."""
    nodes = (node for tree in TREES for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def asked() -> set[str]:
    """Give every key that is asked for by a plain string, `t("…")` or `visit.t("…")`."""
    calls = [node for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and (getattr(call.func, "id", None) == "t" or getattr(call.func, "attr", None) in {"t", "_t"})
    }


def patterns() -> list[re.Pattern[str]]:
    """Give the forms of the keys that are built, e.g. `span_…`."""
    built = [node for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    forms = []
    for node in built:
        parts = [str(v.value) if isinstance(v, ast.Constant) else None for v in node.values]
        fixed = "".join(part or "" for part in parts)
        if re.fullmatch(r"[a-z0-9]*_[a-z0-9_]*|_[a-z]+", fixed):
            forms.append(re.compile("".join(".+" if part is None else re.escape(part) for part in parts)))
    return forms


def test_no_key_stands_in_two_tables() -> None:
    assert len(WORDS) == sum(len(table) for table in (FRAME, *ROOMS))


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_word_is_said_in_both_languages(key: str) -> None:
    words = WORDS[key]
    assert words.zh.strip()
    assert words.en.strip()
    assert words.zh == words.zh.strip()
    assert not re.search(r"[一-鿿]", words.en), "Chinese in the English column"


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_fill_in_the_same_parts(key: str) -> None:
    zh, en = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in WORDS[key])
    assert zh == en


def test_every_key_that_is_asked_for_is_there() -> None:
    assert asked() - WORDS.keys() == set()
    assert len(asked()) > 60, "the walk no longer finds the calls"


def test_every_key_built_from_a_table_is_there() -> None:
    assert SAID_BY_NAME - WORDS.keys() == set()


def test_no_word_is_kept_that_nobody_says() -> None:
    forms = patterns()
    said = constants() | SAID_BY_NAME
    unused = {key for key in WORDS if key not in said and not any(form.fullmatch(key) for form in forms)}
    assert unused == set()
