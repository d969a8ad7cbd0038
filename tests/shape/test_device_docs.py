"""The page about devices: every message on it is read by the registry on it, and nothing is counted that it omits."""

import re
from pathlib import Path

import pytest

from adapters import registry_yaml
from park.decode import DIALECTS
from park.decode.memory import Memory
from park.instant import from_text
from park.reason import Reason
from park.registry import Registry
from park.registry_notes import Notes
from park.trial import Trial
from tests.park.codec_contract import keeps_its_word
from tests.park.mutants import mutants
from tests.park.speakers import speakers
from tests.shape import doc_codecs
from tests.shape.test_operator_docs import DOCS, blocks, read

PAGES = [DOCS / "devices.md", DOCS / "devices.en.md"]
NOW = from_text("2026-11-24T08:00:30+08:00")
each = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def registry(page: Path) -> Registry:
    [text] = [block for block in blocks(page, "yaml") if "meters:" in block]
    checked = registry_yaml.check(text)
    assert checked.registry is not None, checked.mistakes
    return checked.registry


def messages(page: Path) -> list[tuple[str, bytes]]:
    """Return every message on a page with its topic, in order."""
    found = [block.partition("\n") for block in blocks(page, "message")]
    lines = [line.partition(" ") for block in blocks(page, "hex") for line in block.splitlines()]
    return [(topic, text.strip().encode()) for topic, _, text in found] + [
        (topic, bytes.fromhex(text)) for topic, _, text in lines
    ]


@each
def test_every_message_is_let_in_whole_by_the_registry_of_the_page(page: Path) -> None:
    whole = registry(page)
    trial = Trial(whole)
    told = [trial.of_topic(payload, topic, NOW) for topic, payload in messages(page)]
    assert [each for each in told if not each.well] == []
    assert {spoken.claim.meter for each in told for spoken in each.spoken} == {meter.id for meter in whole.meters}
    assert {each.codec for each in told} == set(DIALECTS) - {"native"}
    assert {remark for each in told for remark in each.remarks} == set()


def test_both_pages_show_the_same_registry_and_the_same_messages() -> None:
    chinese, english = PAGES
    assert registry(chinese) == registry(english)
    assert messages(chinese) == messages(english)


@each
def test_every_option_of_a_codec_is_explained(page: Path) -> None:
    explained = {
        codec: set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
        for codec, section in re.findall(r"^## \d+\. `(\w+)`(.*?)(?=^## |\Z)", read(page), re.MULTILINE | re.DOTALL)
    }
    assert set(explained) == set(DIALECTS) - {"native"}
    for codec, told in explained.items():
        notes = Notes({})
        DIALECTS[codec].check(notes, "codec", {"☃": 1}, ())
        listed = re.search(r"there are: (.+)\.", notes.mistakes[0].en)
        assert listed is not None
        assert set(listed[1].split(", ")) - told == set(), codec


def test_every_codec_says_where_it_is_spoken() -> None:
    assert set(doc_codecs.TOPICS) == set(DIALECTS)


def test_every_word_that_is_counted_is_explained() -> None:
    counted: set[str] = set()
    memory = Memory()
    for some in speakers().values():
        for number, message in enumerate(some):
            for payload in mutants(number, message.payload, [one.payload for one in some], 1_000):
                said = keeps_its_word(message, payload, memory)
                counted |= set() if isinstance(said, Reason) else set(said.remarks)
    assert len(counted) > 5
    assert counted - set(doc_codecs.REMARKS) == set()
