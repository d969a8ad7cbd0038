"""What Grafana answers is understood, and each way in which it does not is told apart and says how it is mended."""

from collections.abc import Iterator
from typing import Any

import pytest

from grafana.client import Grafana
from grafana.trouble import SAID, Cause, GrafanaTrouble
from tests.grafana.fake_grafana import TOKEN, FakeGrafana, fake_grafana


@pytest.fixture
def fake() -> Iterator[FakeGrafana]:
    with fake_grafana() as started:
        yield started


WRONG = [
    (Cause.NOT_LET_IN, (401, {"message": "Invalid API key"}), "SMARTPARK_GRAFANA_TOKEN"),
    (Cause.NO_RIGHT, (403, {"message": "no permission"}), "Admin"),
    (Cause.NOT_THERE, (404, {"message": "not found"}), "run this again"),
    (Cause.CHANGED, (412, {"message": "version-mismatch", "status": "version-mismatch"}), "--overwrite"),
    (Cause.REFUSED, (422, {"message": "bad schema"}), "422 bad schema"),
    (Cause.BROKEN, (500, {"message": "database is locked"}), "database is locked"),
    (Cause.NO_GRAFANA, (200, b"<html>"), "is no Grafana"),
]


@pytest.mark.parametrize(("cause", "answer", "words"), WRONG, ids=[row[0] for row in WRONG])
def test_each_trouble_says_how_it_is_mended(fake: FakeGrafana, cause: Cause, answer: Any, words: str) -> None:  # noqa: ANN401  # JSON
    fake.answers = [answer]
    client = Grafana(fake.url, token=TOKEN)
    with pytest.raises(GrafanaTrouble) as caught:
        client.make_folder("smartpark", "Smart Park")
    client.close()
    assert caught.value.cause is cause
    assert words in caught.value.sentence("en")
    assert TOKEN not in caught.value.sentence("zh") + caught.value.sentence("en")


def test_an_answer_without_content_is_one(fake: FakeGrafana) -> None:
    fake.answers = [(204, None)]
    client = Grafana(fake.url, token=TOKEN)
    client.make_folder("smartpark", "Smart Park")
    client.close()


def test_a_grafana_that_does_not_answer_is_not_waited_for_for_ever(fake: FakeGrafana) -> None:
    fake.answers = [(0, None)]
    client = Grafana(fake.url, token=TOKEN, patience=0.3)
    with pytest.raises(GrafanaTrouble) as caught:
        client.make_folder("smartpark", "Smart Park")
    client.close()
    assert caught.value.cause is Cause.SLOW


def test_every_trouble_has_its_words_in_both_languages() -> None:
    assert set(SAID) == set(Cause)
    for cause in Cause:
        told = GrafanaTrouble(cause, "POST /api/folders")
        assert told.sentence("zh") != told.sentence("en")


def test_an_address_with_a_path_is_asked_below_that_path(fake: FakeGrafana) -> None:
    client = Grafana(f"{fake.url}/grafana", token=TOKEN)
    with pytest.raises(GrafanaTrouble) as caught:
        client.version()
    client.close()
    assert caught.value.cause is Cause.NO_GRAFANA
    assert fake.transcript == ["GET /grafana/api/health"]
