"""Reasons: each has words in both languages, and foreign text in them does no harm."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.malformed import Malformed
from park.reason import WORDS, Reason, quoted, sentence

CHINESE = range(0x4E00, 0xA000)


def chinese(text: str) -> bool:
    return any(ord(letter) in CHINESE for letter in text)


def test_every_reason_has_words_and_no_words_are_left_over() -> None:
    assert set(WORDS) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_the_words_are_whole_in_both_languages(reason: Reason) -> None:
    words = WORDS[reason]
    assert all(text.strip() == text != "" for text in words)
    assert chinese(words.zh)
    assert chinese(words.zh_mend)
    assert not any(map(chinese, (words.en, words.en_mend)))
    assert words.zh_mend.endswith("。")
    assert words.en_mend.endswith(".")


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sentence_names_its_subject_and_nothing_else(reason: Reason, language: str) -> None:
    template = getattr(WORDS[reason], f"{language}_mend")
    assert [name for _, name, _, _ in Formatter().parse(template) if name is not None] == ["subject"]
    assert "e01/p" in sentence(reason, "e01/p", language)


def test_no_two_reasons_read_alike() -> None:
    for part in zip(*WORDS.values(), strict=True):
        assert len(set(part)) == len(Reason)


@given(st.sampled_from([*Reason, "of_a_newer_version"]), st.text(), st.sampled_from(["zh", "en", "fr"]))
def test_any_subject_stands_in_the_sentence_as_it_is(reason: str, subject: str, language: str) -> None:
    assert subject in sentence(reason, subject, language)


@pytest.mark.parametrize("subject", ["{", "}", "{subject}", "{0}", "{x.__class__}", "%s", "{{}}"])
def test_braces_in_a_subject_are_only_braces(subject: str) -> None:
    assert subject in sentence(Reason.UNKNOWN_METRIC, subject, "en")
    assert subject in str(Malformed(Reason.WRONG_FORM, subject))


def test_a_reason_of_a_newer_version_is_shown_as_it_is() -> None:
    assert sentence("melted", "m1") == "melted: m1"


@given(st.text(), st.integers(0, 100))
def test_quoted_text_is_short_and_printable(text: str, most: int) -> None:
    short = quoted(text, most)
    assert len(short) == min(len(text), most)
    assert short.isprintable()
    assert all(
        one == other or (not other.isprintable() and one == "\ufffd") for one, other in zip(short, text, strict=False)
    )


def test_a_refusal_says_what_where_and_how_to_mend() -> None:
    refused = Malformed(Reason.TIME_FORM, "8 o'clock\x00")
    assert (refused.reason, refused.subject) == (Reason.TIME_FORM, "8 o'clock\ufffd")
    assert str(refused).startswith("Time 8 o'clock")
