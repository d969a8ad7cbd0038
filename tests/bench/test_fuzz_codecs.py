"""A short run of the long one, so that it can be had when wanted."""

import pytest

from park.decode import DIALECTS
from tests.bench import fuzz_codecs
from tests.bench.fuzz_codecs import Broken, run


@pytest.mark.parametrize("codec", list(DIALECTS))
def test_wrong_payloads_are_read_or_refused(codec: str) -> None:
    outcome = run(codec, 2_000, seed=20_261_126)
    assert outcome.payloads == 2_000 == outcome.read + outcome.refused.total()
    assert outcome.read
    assert outcome.refused
    assert codec in outcome.line()


def test_a_codec_that_breaks_its_word_is_named_with_its_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(fuzz_codecs, "keeps_its_word", broken)
    with pytest.raises(Broken, match="native: b"):
        run("native", 1, seed=1)
