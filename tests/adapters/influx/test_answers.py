from datetime import timedelta

import pytest

from adapters.influx.answers import TABLE, Answer, Verdict, words
from park.telemetry import StoreHeld

VERDICTS = [
    (200, Verdict.ACCEPTED, "3 may answer so"),
    (204, Verdict.ACCEPTED, "stored"),
    (301, Verdict.HOLD, "another address"),
    (400, Verdict.REFUSED, "1.x and 3 stored the rest, 2.x nothing"),
    (401, Verdict.HOLD, "no such token"),
    (403, Verdict.HOLD, "the token may not"),
    (404, Verdict.HOLD, "no such bucket"),
    (405, Verdict.HOLD, "no such path there"),
    (408, Verdict.AGAIN, "too slow"),
    (413, Verdict.TOO_LARGE, "half of it may go"),
    (422, Verdict.REFUSED, "2.x stored the rest"),
    (425, Verdict.AGAIN, "too early"),
    (429, Verdict.WAIT, "too often"),
    (500, Verdict.AGAIN, "a fault of the server"),
    (502, Verdict.AGAIN, "a fault on the way"),
    (503, Verdict.WAIT, "overloaded"),
    (504, Verdict.AGAIN, "nobody behind the proxy"),
]


@pytest.mark.parametrize(("status", "verdict", "why"), VERDICTS, ids=[f"{row[0]} {row[2]}" for row in VERDICTS])
def test_every_status_has_one_meaning(status: int, verdict: Verdict, why: str) -> None:
    assert Answer(status).verdict is verdict, why


def test_the_table_has_no_row_that_is_not_tried_above() -> None:
    assert set(TABLE) <= {row[0] for row in VERDICTS}


WORDS = [
    ("1.x and 3", b'{"error":"field type conflict"}\n', "field type conflict"),
    ("2.x", b'{"code":"invalid","message":"unable to parse \'x\'"}', "unable to parse 'x'"),
    ("3, with the line", b'{"error":"partial write","data":[{"line_number":2}]}', "partial write: {'line_number': 2}"),
    ("a proxy", b"<html>\n <b>413</b></html>", "<html> <b>413</b></html>"),
    ("not even text", b"\xff\xfe", "\ufffd\ufffd"),
    ("nothing", b"", ""),
    ("a list", b"[1]", "[1]"),
]


@pytest.mark.parametrize(("body", "said"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_the_server_s_own_words_are_found_in_every_version(body: bytes, said: str) -> None:
    assert words(body) == said


def test_an_answer_without_words_gives_its_status() -> None:
    assert Answer(502).words == "HTTP 502"
    assert Answer(400, headers={"X-Influxdb-Error": "said in a header"}).words == "said in a header"


@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", 7), ("0", 0), ("999999999999", 300), ("", None), ("soon", None), ("-3", None), ("Wed, 21 Oct", None)],
)
def test_the_server_may_say_how_long_to_wait_within_reason(header: str, wait: int | None) -> None:
    found = Answer(429, headers={"Retry-After": header}).retry_after
    assert found == (None if wait is None else timedelta(seconds=wait))


@pytest.mark.parametrize(
    ("status", "mending"), [(401, "SMARTPARK_INFLUX_TOKEN"), (403, "store init"), (404, "store init")]
)
def test_what_a_person_must_mend_says_how(status: int, mending: str) -> None:
    error = Answer(status, b'{"message":"no"}').error("InfluxDB http://db:8086, park_raw")
    assert isinstance(error, StoreHeld)
    assert mending in str(error)
    assert "park_raw" in str(error)
