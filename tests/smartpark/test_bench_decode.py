"""The bench of the codecs measures every one of them, over the same readings."""

import json
from itertools import count

import pytest
from typer.testing import CliRunner

from park.decode import DIALECTS
from smartpark import bench_decode
from smartpark.bench_commands import app
from smartpark.bench_decode import OPTIONS, VALUES, measure


def test_every_dialect_is_measured_over_messages_that_say_something() -> None:
    ticks = count()
    dialects = measure(messages=10, clock=lambda: float(next(ticks))).dialects
    assert [each.codec for each in dialects] == list(DIALECTS) == list(OPTIONS)
    assert {each.claims for each in dialects} == {len(VALUES)}
    assert {(each.messages, each.decode_us, each.admit_us) for each in dialects} == {(10, 5e5, 5e5)}


def test_a_codec_that_says_less_is_not_measured_as_if_it_did_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bench_decode.OPTIONS, "json", {"fields": {"d.p": "p"}, "time": "t"})
    monkeypatch.setitem(bench_decode.WRITERS, "json", lambda _claims, _meter: b'{"d":{"p":1}}')
    with pytest.raises(AssertionError, match="json claims"):
        measure(messages=10)


def test_the_command_gives_its_figures_as_data() -> None:
    ran = CliRunner().invoke(app, ["decode", "--messages", "10", "--json"])
    assert ran.exit_code == 0, ran.output
    assert [each["codec"] for each in json.loads(ran.output)["dialects"]] == list(DIALECTS)
