"""The page on Grafana tells of commands, boards and data sources that are there, the same in both languages."""

import re
import shlex
from pathlib import Path

import pytest

from grafana.build import kept
from grafana.sources import SOURCES
from tests.shape.compose import services
from tests.shape.test_compose import subcommand
from tests.shape.tree import ROOT

PAGES = [ROOT / "docs" / "grafana.md", ROOT / "docs" / "grafana.en.md"]
each = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@each
def test_every_command_of_ours_on_the_page_can_be_parsed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    lines = [
        line for block in re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE) for line in block.splitlines()
    ]
    run = [line.partition(" grafana-sync ")[2] for line in lines if " grafana-sync " in line]
    run += [line.partition("smartpark ")[2] for line in lines if " smartpark " in line]
    run += re.findall(r"`smartpark (grafana [^`]+)`", text)
    assert len(run) >= 4
    for line in run:
        subcommand(shlex.split(line))
    for line in lines:
        if line.startswith("docker compose run --rm "):
            assert line.split()[4] in services()


@each
def test_every_board_and_every_data_source_is_named(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert {f"{name}.json" for name in re.findall(r"^\| `(park-\w+)`", text, re.MULTILINE)} == set(kept())
    for source in SOURCES:
        assert f"`{source.uid}`" in text


def test_both_languages_name_the_same_settings_options_and_addresses() -> None:
    told = [
        set(
            re.findall(
                r"SMARTPARK_\w+|GF_\w+|--[a-z-]+|/api/v1/[\w/-]+|var/[\w/]+|platform_alert\.\w+",
                page.read_text("utf-8"),
            )
        )
        for page in PAGES
    ]
    assert told[0] == told[1]
