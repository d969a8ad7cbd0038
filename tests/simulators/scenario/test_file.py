"""A scenario file is checked whole: every mistake is named, at its place, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters import registry_yaml
from simulators.scenario import file
from simulators.scenario.load import check
from simulators.scenario.moment import write
from tests.simulators.scenario.library import library, paths

WHOLE = """
scenario: s1
name: {zh: 情景, en: Scenario}
story: {zh: 故事, en: Story}
start: 2026-03-02T00:00:00+08:00
duration: 1d
registry:
  park: {id: proving, name: 情景园区}
  enterprises:
    - {id: e1, name: 企业}
  meters:
    - {id: m1, enterprise: e1, medium: electricity, role: sub, name: 表, period: 5m, metrics: [ep_imp, p]}
    - {id: d1, enterprise: e1, medium: safety, role: detector, name: 探测器, period: 1m, metrics: [lel]}
devices:
  m1: {kind: sub, flow: 120}
  d1: {kind: detector, traits: {lel: 3}}
faults:
  - {fault: dropout, meter: m1, at: 06:00, until: 09:00}
rules: [meter-silent]
people:
  - {at: 16:00, meter: m1, does: declares, kind: reset, happened: 10:00, note: 清零}
golden:
  consumption:
    - {meter: m1, truth: 2880}
"""


def mistakes(old: str, new: str) -> list[tuple[str, int | None]]:
    assert old in WHOLE
    return [(one.path, one.line) for one in check(WHOLE.replace(old, new)).mistakes]


def test_the_example_is_a_scenario() -> None:
    checked = check(WHOLE)
    assert checked.mistakes == []
    assert checked.scenario is not None
    assert checked.scenario.parts["m1"].traits == {"kv": "0.4"}


MISTAKES = [
    ("a key that is unknown", "rules:", "rule:", [("rule", 19)]),
    ("nothing to answer", "golden:\n  consumption:\n    - {meter: m1, truth: 2880}", "seed: 2", [("golden", 2)]),
    ("a start without an offset", "T00:00:00+08:00", "T00:00:00", [("start", 5)]),
    ("a start within a quarter of an hour", "T00:00:00+08:00", "T00:05:00+08:00", [("start", 5)]),
    (
        "a window that cuts a quarter of an hour",
        "meter: m1, truth",
        "meter: m1, from: 06:10, truth",
        [("golden.consumption[0].from", 24)],
    ),
    (
        "a window beyond the end",
        "meter: m1, truth",
        "meter: m1, until: 25:00, truth",
        [("golden.consumption[0].until", 24)],
    ),
    ("before the simulated park was there", "2026-03-02", "2023-03-02", [("start", 5)]),
    ("a length that is none", "duration: 1d", "duration: long", [("duration", 6)]),
    ("too long", "duration: 1d", "duration: 32d", [("duration", 6)]),
    ("the registry's own mistakes", "medium: safety", "medium: fire", [("registry.meters[1].medium", 13)]),
    ("a meter that nobody plays", "  d1: {kind: detector, traits: {lel: 3}}\n", "", [("devices.d1", 14)]),
    ("a part for nobody", "  d1: {kind", "  d2: {kind", [("devices.d2", 16), ("devices.d1", 14)]),
    ("a device of another medium", "kind: sub,", "kind: water,",
     [("devices.m1.kind", 15), ("devices.m1", 15), ("devices.m1", 15)]),
    ("a meter through which nothing flows", ", flow: 120", "", [("devices.m1.flow", 15)]),
    ("a metric that the device does not measure", "traits: {lel: 3}", "traits: {co: 3}", [("devices.d1", 16)]),
    ("a fault that there is none of", "fault: dropout", "fault: drop_out", [("faults[0].fault", 18)]),
    ("a fault of a meter that is not there", "meter: m1, at: 06:00", "meter: m2, at: 06:00", [("faults[0].meter", 18)]),
    ("a parameter of another fault", "until: 09:00", "until: 09:00, copies: 2", [("faults[0].copies", 18)]),
    ("an end before its beginning", "until: 09:00", "until: 05:00", [("faults[0].until", 18)]),
    ("a moment that is none", "at: 06:00", "at: 6h", [("faults[0].at", 18)]),
    ("a rule that is not shipped", "[meter-silent]", "[meter-quiet]", [("rules[0]", 19)]),
    ("a declaration that is refused", "kind: reset", "kind: multiplier", [("people[0].multiplier", 21)]),
    ("an answer about nobody", "meter: m1, truth", "meter: mm, truth", [("golden.consumption[0].meter", 24)]),
    ("another amount than the truth, without its reason", "truth: 2880", "truth: 2880, booked: 2400",
     [("golden.consumption[0].why", 24)]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "places"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_named_at_its_place(old: str, new: str, places: list[tuple[str, int | None]]) -> None:
    assert mistakes(old, new) == places


OTHERS = [
    ("stuck", "metric: p", "{fault: stuck, meter: m1, at: 01:00, metric: power}", "metric"),
    ("unit_change", "a unit of another quantity",
     "{fault: unit_change, meter: m1, at: 01:00, metric: ep_imp, unit: bar}", "unit"),
    ("spike", "one moment has no end",
     "{fault: spike, meter: m1, metric: p, at: 01:00, until: 02:00, value: 1}", "until"),
    ("malformed", "a way that is unknown", "{fault: malformed, meter: m1, at: 01:00, how: badly}", "how"),
    ("duplicate", "a number of copies", "{fault: duplicate, meter: m1, at: 01:00, copies: 0}", "copies"),
    ("dropout", "yes or no", "{fault: dropout, meter: m1, at: 01:00, buffered: perhaps}", "buffered"),
    ("rollover", "something that is needed", "{fault: rollover, meter: m1, at: 01:00}", "width"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "about", "written", "key"), OTHERS, ids=[f"{row[0]}: {row[1]}" for row in OTHERS])
def test_each_kind_of_fault_knows_its_own_parameters(fault: str, about: str, written: str, key: str) -> None:
    del fault, about
    assert mistakes("{fault: dropout, meter: m1, at: 06:00, until: 09:00}", written) == [(f"faults[0].{key}", 18)]


def test_several_mistakes_are_all_named_with_a_sentence_in_both_languages() -> None:
    wrong = WHOLE.replace("at: 06:00", "at: six").replace("[meter-silent]", "[meter-quiet]").replace("2880", "much")
    found = check(wrong).mistakes
    assert [one.path for one in found] == ["rules[0]", "faults[0].at", "golden.consumption[0].truth"]
    assert all(one.zh.strip() and one.en.strip() and one.zh != one.en for one in found)


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "scenario: [", "a: &x {b: *x}", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_what_is_no_scenario_at_all_is_refused_in_a_sentence(text: str | bytes) -> None:
    checked = check(text)
    assert checked.scenario is None
    assert checked.mistakes


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_a_shipped_file_that_lost_a_line_never_breaks_the_reader(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for place in range(len(lines)):
        checked = check("\n".join(lines[:place] + lines[place + 1 :]))
        assert checked.scenario is not None or checked.mistakes


JUNK: tuple[object, ...] = (None, True, -1, 1e400, "x", "06:00", [], ["m1"], {}, {"m1": 1}, [[]], [None])


def spoiled(node: object, junk: object) -> Iterator[object]:
    """Give a document with each of its nodes, one at a time, being something else."""
    yield junk
    if isinstance(node, dict):
        for key, value in node.items():
            yield from ({**node, key: other} for other in spoiled(value, junk))
    if isinstance(node, list):
        for place, value in enumerate(node):
            yield from ([*node[:place], other, *node[place + 1 :]] for other in spoiled(value, junk))


@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_whatever_stands_in_a_place_it_is_read_or_refused_in_words(junk: object) -> None:
    document = registry_yaml.read(WHOLE).document
    for wrong in spoiled(document, junk):
        checked = file.check(wrong)
        assert checked.scenario is not None or checked.mistakes


def test_moments_are_written_as_they_are_read() -> None:
    scenario = library()["pipe-leak"]
    assert [write(one.raised) for one in scenario.golden.burned] == ["25:30"]
    assert write(-scenario.duration) == "-36:00"
