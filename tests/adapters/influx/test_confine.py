"""Whoever asks for one enterprise reads no other's series, whatever the question is."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.influx.confine import confined
from adapters.influx.influxql_tokens import NotConfined, tokens
from tests.influxd import Influxd

OWN = "\"enterprise\" = 'e01'"

# what is asked; what is written, with @ for the enterprise's condition
WRITTEN = [
    ('SELECT mean("p") FROM "water"', 'SELECT mean("p") FROM "water" WHERE @'),
    (
        'SELECT mean("p") FROM "water" WHERE time < 60s and time > 0 GROUP BY time(20s), "meter" fill(null)',
        'SELECT mean("p") FROM "water" WHERE @ AND ( time < 60s and time > 0 ) GROUP BY time(20s), "meter" fill(null)',
    ),
    (
        'SELECT "p" FROM "water" WHERE "meter" =~ /^(a|b)$/ OR "enterprise" = \'e02\'',
        'SELECT "p" FROM "water" WHERE @ AND ( "meter" =~ /^(a|b)$/ OR "enterprise" = \'e02\' )',
    ),
    (
        'SELECT sum("x") FROM (SELECT last("p") AS "x" FROM "gas", "water" GROUP BY "meter") tz(\'UTC\')',
        'SELECT sum("x") FROM (SELECT last("p") AS "x" FROM "gas", "water" WHERE @ GROUP BY "meter") tz(\'UTC\')',
    ),
    (
        'SELECT "value" FROM "intensity"',
        'SELECT "value" FROM "intensity" WHERE "scope" = \'enterprise\' AND "id" = \'e01\'',
    ),
    (
        'SELECT "a" FROM "water"; SELECT "b" FROM "gas" LIMIT 3;',
        'SELECT "a" FROM "water" WHERE @; SELECT "b" FROM "gas" WHERE @ LIMIT 3',
    ),
    (
        'SELECT sum(v) FROM (SELECT mean(p) AS v FROM "gas" WHERE time < 1m GROUP BY meter fill(none))',
        'SELECT sum(v) FROM (SELECT mean(p) AS v FROM "gas" WHERE @ AND ( time < 1m ) GROUP BY meter fill(none))',
    ),
    ("SHOW MEASUREMENTS LIMIT 100", "SHOW MEASUREMENTS WHERE @ LIMIT 100"),
    (
        'SHOW TAG VALUES FROM "water" WITH KEY = "meter" WHERE "meter" = \'x\'',
        'SHOW TAG VALUES FROM "water" WITH KEY = "meter" WHERE @ AND ( "meter" = \'x\' )',
    ),
]

REFUSED = [
    ("a write", 'SELECT "p" INTO "x" FROM "electricity"', "into"),
    ("another statement", 'DROP SERIES FROM "electricity"', "SHOW"),
    ("what is in the whole bucket", "SHOW SERIES", "TAG"),
    ("another bucket", 'SELECT "p" FROM "other"."autogen"."electricity"', "."),
    ("a measurement nobody knows", 'SELECT "p" FROM "secrets"', "electricity"),
    ("figures beside readings", 'SELECT "p" FROM "intensity", "water"', "alone"),
    ("measurements by a pattern", "SELECT * FROM /.*/", "/"),
    ("fields by a pattern", 'SELECT /p\'/ FROM "water"', "/"),
    ("one more source behind a subquery", 'SELECT * FROM (SELECT "p" FROM "water"), "gas"', ","),
    ("a bracket that closes ours", 'SELECT "p" FROM "water" WHERE "a" = 1) OR ("b" = 2', ")"),
    ("a bracket that stays open", 'SELECT "p" FROM "water" WHERE ("a" = 1', "not closed"),
    ("a comment", 'SELECT "p" FROM "water" WHERE "a" = 1 --', "comments"),
    ("a comment in the middle", 'SELECT "p" FROM "water" /* x */', "comments"),
    ("an escape in a pattern", 'SELECT "p" FROM "water" WHERE "a" =~ /a\\/ OR 1=1 OR "a" =~ /b/', "escapes"),
    ("a backslash before the end of a pattern", 'SELECT "p" FROM "water" WHERE "a" =~ /a\\\\/', "escapes"),
    ("an escaped quote in a name", 'SELECT "p\\" FROM "water"', "escapes"),
    ("a bare measurement", "SELECT p FROM water", '"…"'),
    ("a word of the language as a name", 'SELECT p FROM "water" WHERE key = 1', "double quotes"),
    ("an empty condition", 'SELECT "p" FROM "water" WHERE GROUP BY "meter"', "double quotes"),
    ("a bound parameter", 'SELECT "p" FROM "water" WHERE "a" = $a', "$"),
    ("a cast", 'SELECT "p"::tag FROM "water"', ":"),
    ("nothing", " ; ", "SELECT"),
    ("nothing at all", "", "empty"),
    ("too much", 'SELECT "p" FROM "water"' + " " * 20_000, "longer"),
    ("too many", 'SELECT "p" FROM "water";' * 51, "50"),
    ("too deep", "SELECT * FROM (" * 6 + 'SELECT "p" FROM "water"' + ")" * 6, "deep"),
]


@pytest.mark.parametrize(("asked", "written"), WRITTEN)
def test_each_innermost_select_gets_the_enterprise_and_the_rest_stays(asked: str, written: str) -> None:
    assert confined(asked, "e01") == written.replace("@", OWN)


@pytest.mark.parametrize(("why", "asked", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_cannot_be_kept_to_an_enterprise_is_refused(why: str, asked: str, words: str) -> None:
    del why
    with pytest.raises(NotConfined) as caught:
        confined(asked, "e01")
    told = caught.value
    assert words.lower() in f"{told.sentence('en')} {told.sentence('zh')}".lower()


PIECES = st.sampled_from(
    [
        "SELECT ", '"p"', "*", " FROM ", '"electricity"', '"water"', '"intensity"', " WHERE ", " AND ", " OR ",
        "(", ")",
        ", ", "; ", "'e02'", '"enterprise"', " = ", " != ", " =~ ", "/.*/", "/e0[12]/", " GROUP BY ", "time(1h)",
        " LIMIT 9", "time > 0", "1", " - ", "/", "'", '"', "\\", "\n", "--", "mean(", "last(", "*)", " AS ", "true",
        "SHOW TAG VALUES WITH KEY = ", "SHOW MEASUREMENTS", "INTO ", "p", " fill(0)", " tz('Asia/Shanghai')",
    ]
)  # fmt: skip
CONDITIONS = st.lists(PIECES, max_size=9).map("".join)
QUESTIONS = st.one_of(
    st.lists(PIECES, max_size=14).map("".join),
    st.builds('SELECT {} FROM "electricity" WHERE {}'.format, st.sampled_from(["*", '"p"', 'last("p")']), CONDITIONS),
    st.builds('SELECT * FROM (SELECT {} FROM "water" WHERE {}){}'.format, st.just('"p"'), CONDITIONS, CONDITIONS),
)


@pytest.fixture(scope="module")
def neighbours(session_influxd: Influxd) -> Iterator[Influxd]:
    """Two enterprises and their figures in one bucket; the other's values and names are told apart at a glance."""
    session_influxd.ask('CREATE DATABASE "neighbours"')
    for enterprise, value in (("e01", 1.0), ("e02", 666.0)):
        session_influxd.write(
            "neighbours",
            f"electricity,park=hk,enterprise={enterprise},meter={enterprise}-main p={value} 1795420800000",
            f"water,park=hk,enterprise={enterprise},meter={enterprise}-water p={value} 1795420800000",
            f"intensity,park=hk,scope=enterprise,id={enterprise} value={value},coverage=1.0 1795420800000",
        )
    yield session_influxd
    session_influxd.ask('DROP DATABASE "neighbours"')


@pytest.mark.influx
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much], max_examples=400)
@given(question=QUESTIONS)
@example(question='SELECT * FROM "electricity" WHERE true OR "enterprise" = \'e02\'')
@example(question='SELECT * FROM "electricity" WHERE time > 0 OR "enterprise" =~ /.*/ GROUP BY *')
@example(question='SELECT * FROM (SELECT "p" FROM "water" GROUP BY *) WHERE "enterprise" != \'e01\'')
@example(question='SHOW TAG VALUES WITH KEY = "enterprise" WHERE time > 0 OR "meter" =~ /.*/')
@example(question='SELECT * FROM "intensity" WHERE "id" = \'e02\' OR "scope" = \'enterprise\'')
def test_no_question_brings_an_answer_about_the_neighbour(neighbours: Influxd, question: str) -> None:
    try:
        written = confined(question, "e01")
    except NotConfined:
        return
    answer = neighbours.ask(written, "neighbours")
    answer = answer if "error" not in answer else ""  # the server repeats what it cannot read
    assert "666" not in answer, written
    assert "e02" not in answer.replace(json.dumps(question), ""), written


@pytest.mark.influx
@pytest.mark.parametrize("asked", [row[0] for row in WRITTEN])
def test_the_server_reads_what_is_written(neighbours: Influxd, asked: str) -> None:
    assert "error" not in neighbours.ask(confined(asked, "e01"), "neighbours")


@pytest.mark.influx
def test_a_figure_and_a_reading_of_ones_own_are_answered(neighbours: Influxd) -> None:
    for asked in ('SELECT last("value") FROM "intensity"', 'SELECT last("p") FROM "electricity" GROUP BY "meter"'):
        answer = json.loads(neighbours.ask(confined(asked, "e01"), "neighbours"))
        [series] = answer["results"][0]["series"]
        assert series["values"][0][1] == 1.0


@given(st.text(max_size=60))
def test_any_letters_are_cut_or_refused_and_nothing_is_lost_between(text: str) -> None:
    try:
        cut = list(tokens(text))
    except NotConfined:
        return
    assert "".join(token.text for token in cut) == "".join(char for token in cut for char in token.text), (
        "a token is what stood there"
    )
    assert [text[token.place - 1 : token.place - 1 + len(token.text)] for token in cut] == [token.text for token in cut]
