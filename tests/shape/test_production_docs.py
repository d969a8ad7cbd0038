"""The page on production tells of commands, services and files that are there, the same in both languages."""

import re
import shlex
from pathlib import Path

import pytest

from tests.shape.compose import services
from tests.shape.test_compose import subcommand
from tests.shape.tree import ROOT

PAGES = [ROOT / "docs" / "production.md", ROOT / "docs" / "production.en.md"]
OPTIONS_WITH_VALUE = {"--profile", "--env-file", "--volume", "--entrypoint", "--signal", "--output"}
each = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def commands(page: Path) -> list[str]:
    """Return every command of a page: in blocks, and in the text."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```bash\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`((?:docker compose|scripts/)[^`]*)`", text.replace("\n", " "))
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [*lines, *inline]


def composed(page: Path) -> list[list[str]]:
    """Return the words after `docker compose` of each command, its options left out."""
    found = []
    for line in commands(page):
        for command in re.findall(r"docker compose ([^|;&<>)]*)", line):
            words = shlex.split(command)
            kept = [
                word
                for before, word in zip(["", *words], words, strict=False)
                if before not in OPTIONS_WITH_VALUE and (not word.startswith("--") or "smartpark" in words)
            ]
            found.append(kept)
    return found


@each
def test_every_service_that_a_command_names_is_one(page: Path) -> None:
    named = [words for words in composed(page) if words[:1] in (["exec"], ["run"], ["kill"])]
    assert len(named) >= 6
    for verb, *rest in named:
        service = next(word for word in rest if not word.startswith("-"))
        assert service in services(), f"{verb} {service}"


@each
def test_every_command_of_ours_inside_a_container_can_be_parsed(page: Path) -> None:
    lines = [command.partition(" < ")[0] for command in commands(page) if "smartpark " in command]
    inside = [line.partition(" smartpark ")[2] for line in lines if line.startswith("docker compose exec")]
    inside += [line.partition(" broker-init ")[2] for line in commands(page) if " broker-init broker " in line]
    assert len(inside) >= 4
    for line in inside:
        subcommand(shlex.split(line))


@each
def test_every_script_and_file_that_is_named_is_there(page: Path) -> None:
    named = set(re.findall(r"(?<![\w/.])((?:scripts|docker|tests|examples)/[\w./-]*\w)", page.read_text("utf-8")))
    assert len(named) > 5
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_both_languages_tell_of_the_same_commands_settings_and_files() -> None:
    told = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8").partition("```nginx")
        whole = text[0] + text[2].partition("```")[2]
        whole = re.sub(r"```yaml\n.*?```", "", whole, flags=re.DOTALL)
        told.append(
            set(re.findall(r"SMARTPARK_\w+|scripts/\w+|var/[\w./-]*\w|[A-Z]+_ADDRESS|\w+\.(?:tar|dump)", whole))
        )
    assert told[0] == told[1]
