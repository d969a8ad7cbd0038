"""Every stage a collector can be in trouble with has its sentence, in both languages."""

import re

import pytest

from api import trouble
from collector.instruments import ENDED, STAGES


def test_no_stage_is_without_words_and_no_words_without_a_stage() -> None:
    assert set(trouble.STAGES) == {*STAGES, ENDED}


@pytest.mark.parametrize("stage", trouble.STAGES)
def test_each_sentence_is_one_in_both_languages(stage: str) -> None:
    assert re.search("[一-鿿].*。$", trouble.sentence([stage], "zh"))
    assert not re.search("[一-鿿]", trouble.sentence([stage], "en"))


def test_nothing_wrong_is_well_and_all_that_is_wrong_is_said() -> None:
    assert trouble.sentence([], "en") == "The collector is well."
    both = trouble.sentence(["spool", "store"], "en")
    assert "with the broker" in both
    assert "wait in the spool" in both
