"""The scenario on each page for operators is one, and the page explains every key of it."""

import re

import pytest

from simulators.faults.table import FAULTS
from simulators.scenario import file, golden_read, parts_read, people_read
from simulators.scenario.load import check
from tests.shape.tree import ROOT

PAGES = [ROOT / "docs" / name for name in ("simulate.md", "simulate.en.md")]
each = pytest.mark.parametrize("page", [page.read_text(encoding="utf-8") for page in PAGES], ids=["zh", "en"])


@each
def test_the_example_is_a_scenario(page: str) -> None:
    [written] = re.findall(r"^```yml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    checked = check(written)
    assert checked.mistakes == []
    assert checked.scenario is not None
    assert checked.scenario.golden.burned


@each
def test_every_key_stands_on_the_page(page: str) -> None:
    keys = {*file.KEYS, *parts_read.KEYS, *golden_read.KEYS, *people_read.DOES}
    assert {key for key in keys if not re.search(rf"\b{key}\b", page)} == set()
    assert FAULTS.keys() <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
