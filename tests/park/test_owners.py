"""Whose a part of a message is: of many meters together the same as of each by itself."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from park.decode import Context, decode
from park.malformed import Malformed
from park.place import Meter
from park.reading import Claim
from park.reason import Reason
from tests.park.examples import NOW, meter

Options = list[dict[str, object]]

tags = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1", "2"]), max_size=3)
line_options = st.fixed_dictionaries({"tags": tags}, optional={"measurement": st.sampled_from(["m", "n"])})
lines = st.lists(st.tuples(st.sampled_from(["m", "n"]), tags), min_size=1, max_size=5)
signs = st.one_of(st.integers(0, 1), st.booleans(), st.sampled_from(["1", "x"]))
json_options = st.fixed_dictionaries(
    {"where": st.dictionaries(st.sampled_from("ab"), signs, max_size=2), "fields": st.just({"p": "p"})},
    optional={"each": st.sampled_from(["*", "rows"])},
)
record = st.fixed_dictionaries({"p": st.integers(0, 9)}, optional={"a": signs, "b": signs})
documents = st.one_of(record, st.lists(record, max_size=3))


def said(codec: str, payload: bytes, meters: tuple[Meter, ...]) -> list[Claim] | Reason:
    try:
        return decode(payload, Context("", NOW, codec, "t", meters))
    except Malformed as malformed:
        return malformed.reason


def holds(codec: str, payload: bytes, options: Options) -> None:
    """Compare what all meters are told with what each is told alone."""
    meters = tuple(replace(meter(f"m{n}"), codec=codec, options=each) for n, each in enumerate(options))
    alone = [said(codec, payload, (each,)) for each in meters]
    together = said(codec, payload, meters)
    if isinstance(together, Reason):
        assert together in alone
        assert together is not Reason.UNKNOWN_SENDER or set(map(str, alone)) == {together}
    else:
        met = [claim for claims in alone if isinstance(claims, list) for claim in claims]
        assert sorted(map(repr, together)) == sorted(map(repr, met))
        assert {each for each in alone if isinstance(each, Reason)} <= {Reason.UNKNOWN_SENDER}


@given(st.lists(line_options, min_size=1, max_size=6), lines)
def test_lines(options: Options, written: list[tuple[str, Mapping[str, str]]]) -> None:
    rows = [
        ",".join([name, *(f"{key}={value}" for key, value in own.items())]) + f" p={place} {place}000000"
        for place, (name, own) in enumerate(written)
    ]
    holds("line", "\n".join(rows).encode(), options)


@given(st.lists(json_options, min_size=1, max_size=6), documents)
def test_json(options: Options, document: object) -> None:
    holds("json", msgspec.json.encode(document), options)
    holds("json", msgspec.json.encode({"rows": document}), options)
