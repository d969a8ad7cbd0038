"""Line protocol: what is written reads back as it was, by a parser that knows nothing of the writer."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.instant import from_ms, to_ms
from park.line import escape, head, lines
from park.metric import Medium, metrics
from park.quality import Quality
from park.reading import Reading
from tests.park.examples import meter, registry

AT = from_ms(1_795_420_800_123)
KNOWN = registry(meter("m1"), meter("m2", medium=Medium.WATER))
HEAD = "electricity,enterprise=e01,meter=m1,park=hengkou"

readings = st.builds(
    Reading,
    st.sampled_from(["m1", "m2"]),
    st.sampled_from(sorted(metrics())),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 4_102_444_800_000).map(from_ms),
    st.integers(0, 511),
)


def split(text: str, mark: str) -> list[str]:
    """Split at marks that no backslash stands before."""
    return re.split(rf"(?<!\\){mark}", text)


def unescape(text: str) -> str:
    return re.sub(r"\\([,= ])", r"\1", text)


def read(line: str) -> tuple[str, dict[str, str], dict[str, float | int], int]:
    """Read one line: measurement, tags, fields, time."""
    series, fields, at = split(line, " ")
    measurement, *tags = split(series, ",")
    return (
        unescape(measurement),
        {unescape(name): unescape(value) for name, value in (split(tag, "=") for tag in tags)},
        {
            unescape(name): int(value[:-1]) if value.endswith("i") else float(value)
            for name, value in (split(field, "=") for field in split(fields, ","))
        },
        int(at),
    )


@pytest.mark.parametrize(
    ("sentence", "given_", "restate", "expected"),
    [
        ("nothing is no line", [], False, []),
        ("a good reading is one float", [Reading("m1", "p", 12.5, AT)], False, [f"{HEAD} p=12.5 1795420800123"]),
        ("a whole number is a float, too", [Reading("m1", "p", 12.0, AT)], False, [f"{HEAD} p=12.0 1795420800123"]),
        ("and an integer in a float's place", [Reading("m1", "p", 12, AT)], False, [f"{HEAD} p=12.0 1795420800123"]),
        ("what is against it stands beside it as an integer", [Reading("m1", "p", 12.5, AT, 33)], False,
         [f"{HEAD} p=12.5,p_q=33i 1795420800123"]),
        ("restated, a good reading says so", [Reading("m1", "p", 12.5, AT)], True,
         [f"{HEAD} p=12.5,p_q=0i 1795420800123"]),
        ("readings of one instant share a line, in their order",
         [Reading("m1", "q", 1.0, AT, Quality.FAULT), Reading("m1", "p", 2.0, AT)], False,
         [f"{HEAD} q=1.0,q_q=32i,p=2.0 1795420800123"]),
        ("another instant is another line",
         [Reading("m1", "p", 1.0, AT), Reading("m1", "p", 2.0, AT + timedelta(milliseconds=1))], False,
         [f"{HEAD} p=1.0 1795420800123", f"{HEAD} p=2.0 1795420800124"]),
        ("another medium is another measurement", [Reading("m2", "flow", 1.0, AT)], False,
         ["water,enterprise=e01,meter=m2,park=hengkou flow=1.0 1795420800123"]),
        ("of one identity the later counts, with its quality",
         [Reading("m1", "p", 1.0, AT, Quality.FAULT), Reading("m1", "p", 2.0, AT)], False,
         [f"{HEAD} p=2.0 1795420800123"]),
        ("a meter nobody registered has no line", [Reading("m9", "p", 1.0, AT), Reading("m1", "p", 1.0, AT)], False,
         [f"{HEAD} p=1.0 1795420800123"]),
        ("great and small numbers keep every digit",
         [Reading("m1", "ep_imp", 99999999999.99, AT), Reading("m1", "p", 5e-324, AT), Reading("m1", "q", 1e22, AT)],
         False,
         [f"{HEAD} ep_imp=99999999999.99,p=5e-324,q=1e+22 1795420800123"]),
        ("before 1970 the time is below nothing", [Reading("m1", "p", 1.0, from_ms(-1))], False, [f"{HEAD} p=1.0 -1"]),
    ],
)  # fmt: skip
def test_lines(sentence: str, given_: list[Reading], restate: bool, expected: list[str]) -> None:  # noqa: FBT001  # a column of the table
    assert lines(given_, KNOWN, restate=restate) == expected, sentence


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_never_written(value: float) -> None:
    with pytest.raises(ValueError, match="m1 p: "):
        lines([Reading("m1", "q", 1.0, AT), Reading("m1", "p", value, AT)], KNOWN)


@given(st.lists(readings, max_size=20), st.booleans())
def test_what_is_written_is_read(written: list[Reading], restate: bool) -> None:  # noqa: FBT001  # hypothesis gives it
    held: dict[tuple[str, str, int], tuple[float, int]] = {}
    for line in lines(written, KNOWN, restate=restate):
        measurement, tags, fields, at = read(line)
        assert measurement == KNOWN.by_meter[tags["meter"]].medium
        assert (tags["park"], tags["enterprise"], list(tags)) == ("hengkou", "e01", sorted(tags))
        for name in fields.keys() & metrics().keys():
            held[tags["meter"], name, at] = float(fields[name]), int(fields.get(f"{name}_q", 0))
            assert (f"{name}_q" in fields) >= restate
    assert held == {(row.meter, row.metric, to_ms(row.at)): (row.value, row.quality) for row in written}


@given(st.lists(readings, max_size=20))
def test_one_line_a_meter_and_instant(written: list[Reading]) -> None:
    assert len(lines(written, KNOWN)) == len({(row.meter, row.at) for row in written})


@given(st.text(st.characters(exclude_characters="\\\n"), min_size=1, max_size=12))
def test_foreign_text_in_a_tag_reads_back_as_it_was(text: str) -> None:
    assert unescape(escape(text)) == text
    assert read(f"{escape(text)},{escape(text)}={escape(text)} {escape(text)}=1.0 5")[:2] == (text, {text: text})


def test_a_newline_in_a_tag_does_not_begin_a_line() -> None:
    assert "\n" not in escape("a\nb")


def test_the_tags_of_a_series_stand_in_order() -> None:
    assert head(meter("m1")) == HEAD
