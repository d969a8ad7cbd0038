"""The pages for operators say what the code does: tables are generated, and their examples are read by the code."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main

import api.account_instruments
import collector.hj212_instruments
import collector.instruments
from adapters import registry_yaml
from adapters.settings import Settings
from park import registry_file, registry_meter, topic
from park.decode import Context, decode
from park.instant import from_ms
from park.principal import Access, Right
from park.quality import BY_NAME
from smartpark.__main__ import app
from tests.shape import doc_counters, doc_tables, doc_words
from tests.shape.tree import ROOT

DOCS = ROOT / "docs"
PAGES = ("accounts", "alerts", "connect", "devices", "operate", "api", "simulate", "grafana")
CHINESE = [DOCS / f"{name}.md" for name in PAGES]
ENGLISH = [DOCS / f"{name}.en.md" for name in PAGES]
each = pytest.mark.parametrize("page", CHINESE + ENGLISH, ids=lambda page: page.name)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str = "") -> list[str]:
    """Return the fenced blocks of a language, continued lines joined."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", read(page), re.DOTALL | re.MULTILINE)
    return [block.replace("\\\n", " ") for name, block in found if name == language]


def command_lines() -> list[str]:
    return [line for page in CHINESE + ENGLISH for block in blocks(page) for line in block.splitlines()]


@each
def test_a_page_has_the_tables_the_code_gives(page: Path) -> None:
    assert read(page) == doc_tables.refreshed(page), "run scripts/docs"


def test_every_table_is_on_a_page_of_each_language() -> None:
    for pages in (CHINESE, ENGLISH):
        shown = {name for page in pages for name in re.findall(r"<!-- generated: (\w+) -->", read(page))}
        assert shown == set(doc_tables.TABLES)


def test_everything_in_a_table_has_its_words_in_chinese() -> None:
    assert set(doc_words.SETTINGS) == set(Settings.model_fields)
    assert set(doc_words.ROUTES) == {name for name, _, _ in doc_tables.routes()}
    assert set(doc_words.FLAGS) == set(BY_NAME)
    assert set(doc_words.RIGHTS) == set(Right)
    assert set(doc_words.ROLES) == set(Access)


def test_every_counter_is_described() -> None:
    described = {name.removesuffix("_total") for name in doc_counters.COUNTERS}
    written = {
        name
        for package in ("api", "collector")
        for source in (ROOT / package).glob("*instruments.py")
        for name in re.findall(r'"(smartpark_\w+)', read(source))
    }
    written -= {"smartpark_collector_", "smartpark_hj212_", "smartpark_account_"}  # the beginnings of those below
    written |= {f"smartpark_collector_{name}" for name in collector.instruments.COUNTERS}
    written |= {f"smartpark_hj212_{name}" for name in collector.hj212_instruments.COUNTERS}
    written |= {f"smartpark_account_{name}" for name in api.account_instruments.COUNTERS}
    assert described == written


@pytest.mark.parametrize("page", [DOCS / "connect.md", DOCS / "connect.en.md"], ids=lambda page: page.name)
def test_every_key_of_the_registry_file_is_explained(page: Path) -> None:
    table = "\n".join(line for line in read(page).splitlines() if line.startswith("|"))
    explained = set(re.findall(r"`(\w+)`", table))
    keys = {*registry_file.KEYS, *registry_file.PARK_KEYS, *registry_file.ENTERPRISE_KEYS, *registry_meter.KEYS}
    assert keys - explained == set()


def test_every_registry_on_a_page_is_one() -> None:
    registries = [block for page in CHINESE + ENGLISH for block in blocks(page, "yaml") if "meters:" in block]
    assert len(registries) == 8
    assert [mistake for text in registries for mistake in registry_yaml.check(text).mistakes] == []


def test_every_message_on_a_page_is_read_under_its_topic() -> None:
    sent = [line for line in command_lines() if line.startswith("mosquitto_pub") and " -m '{" in line]
    assert len(sent) == 8
    for line in sent:
        words = shlex.split(line)
        address = topic.parse(words[words.index("-t") + 1])
        assert decode(words[words.index("-m") + 1].encode(), Context(address.meter, from_ms(0)))


def commands(command: object, name: str = "smartpark") -> dict[str, set[str]]:
    """Return the options of every command, by the words that call it."""
    parameters = getattr(command, "params", ())
    found = {name: {option for one in parameters for option in (*one.opts, *one.secondary_opts)}}
    for word, under in getattr(command, "commands", {}).items():
        found |= commands(under, f"{name} {word}")
    return found


def test_every_command_on_a_page_exists_with_its_options() -> None:
    known = commands(typer.main.get_command(app))
    called = [line[line.index("smartpark ") :] for line in command_lines() if re.match(r"(\w+=\$\()?smartpark ", line)]
    assert len(called) > 40
    for line in called:
        words = shlex.split(line.removesuffix(")"))
        name = max((" ".join(words[:count]) for count in range(1, 4)), key=lambda name: len(name) * (name in known))
        given = {word for word in words if word.startswith("--")}
        assert name != "smartpark", line
        assert given - known[name] == set(), line


@each
def test_a_page_links_to_what_is_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)):
        name, _, anchor = target.partition("#")
        there = page.parent / name if name else page
        assert there.exists(), target
        headings = re.findall(r"^#+ (.+)$", read(there), re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor in anchors, target
