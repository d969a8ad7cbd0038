"""Everything that can happen to an alert has words in both languages: this walks the tables and refuses gaps."""

from collections.abc import Mapping
from enum import Enum

import pytest

from api import alert_words as words
from api.console.alert_marks import SHAPES
from park.alert import Phase
from park.alert_change import Kind
from park.care import Deed
from park.evidence import Why
from park.receiver import Way
from park.severity import Severity
from park.tell import Reason


@pytest.mark.parametrize(
    ("table", "members"),
    [
        (words.PHASES, Phase),
        (words.KINDS, Kind),
        (words.DEEDS, Deed),
        (words.WHYS, Why),
        (words.WAYS, Way),
        (words.REASONS, Reason),
        (SHAPES, Severity),
    ],
)
def test_every_member_has_words_and_no_word_is_without_one(table: Mapping[object, object], members: type[Enum]) -> None:
    assert set(table) == set(members)


def test_every_word_is_said_in_both_languages() -> None:
    for table in (words.PHASES, words.KINDS, words.DEEDS, words.WHYS, words.WAYS, words.REASONS, words.STATES):
        for zh, en in table.values():
            assert zh
            assert en.isascii()


def test_the_words_of_a_failure_are_said_as_they_are() -> None:
    assert words.reason("HTTP 410", "", "zh") == "HTTP 410"
    assert words.reason("inhibited", "gas-2", "en") == "a graver alert stands for it: gas-2"
