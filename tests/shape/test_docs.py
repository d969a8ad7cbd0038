"""The pages name what exists."""

import re
from pathlib import Path

import pytest

from tests.influxd import INFLUX2, OUTAGE_MESSAGES
from tests.programs import REQUIRE
from tests.shape.tree import ROOT, text, tracked

READMES = ("README.md", "README.zh-CN.md")
SETTINGS = ROOT / "adapters" / "settings.py"
OF_THE_TESTS = frozenset({REQUIRE, OUTAGE_MESSAGES, *INFLUX2})


def pages() -> list[Path]:
    """Return every page for a reader: Markdown, and what compose and scripts show him."""
    return [
        path
        for path in tracked()
        if path.suffix in {".md", ".yml", ".yaml", ".env", ".example"} or path.parent == ROOT / "scripts"
    ]


@pytest.mark.parametrize("readme", READMES)
@pytest.mark.parametrize("script", ["scripts/up", "scripts/test"])
def test_a_readme_names_the_commands_a_newcomer_needs(readme: str, script: str) -> None:
    assert script in (ROOT / readme).read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_links_only_to_what_is_there(readme: str) -> None:
    content = (ROOT / readme).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", content)
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


def test_every_setting_a_page_names_exists() -> None:
    if not SETTINGS.exists():
        pytest.skip("there are no settings yet")
    known = SETTINGS.read_text(encoding="utf-8")
    unknown = {
        f"{page.relative_to(ROOT)}: {name}"
        for page in pages()
        for name in re.findall(r"\bSMARTPARK_[A-Z0-9_]*[A-Z0-9]\b", text(page) or "")
        if name not in OF_THE_TESTS and not exists(name, known)
    }
    assert sorted(unknown) == []


def exists(name: str, known: str) -> bool:
    """Tell whether the settings have a field of this name, or one of which this is the secret's file."""
    field = name.removeprefix("SMARTPARK_").lower()
    return any(re.search(rf"\b{re.escape(word)}\b", known) for word in {name, field, field.removesuffix("_file")})
