"""Examples beside a rule: read as people write them, and lived through by the real engine."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.rule import Rule
from park.rule_file import check
from park.timeline import LETTERS, Timeline, play, written

MINUTE = timedelta(minutes=1)


def read(when: object, values: object, phases: str, **more: object) -> tuple[Rule, Timeline]:
    """A rule with one example."""
    timeline = {"name": "so", "values": values, "phases": phases} | {
        key: more.pop(key) for key in ("every", "quality", "ahead", "rated") if key in more
    }
    rule = {"id": "r", "name": "规则", "severity": "notice", "metric": "lel", "when": when, "silence": "keep"}
    checked = check({"rules": [rule | {"timelines": [timeline]} | more]})
    assert checked.mistakes == []
    return checked.rules[0], checked.timelines["r"][0]


GAS = {"above": "25 %LEL", "clear": "20 %LEL"}


def test_values_and_letters_may_be_written_as_runs() -> None:
    _, timeline = read(GAS, [5, "30 x3", "silent", "silent x2", "0.2 %LEL", 1e1], ". FFFx2 Fx2cx2")
    assert timeline.values == {"lel": [5.0, 30.0, 30.0, 30.0, None, None, None, 0.2, 10.0]}
    assert timeline.phases == ".FFFFFFcc"


def test_a_value_may_name_its_unit() -> None:
    _, timeline = read({"above": "10 mg/m³"}, ["7 ppm", "7.1 ppm"], ".F", metric="h2s")
    assert timeline.values["h2s"] == pytest.approx([9.92, 10.06], rel=1e-3)


@given(st.text(alphabet=".pFcL", min_size=1, max_size=40))
def test_letters_written_as_runs_are_read_as_the_same_letters(phases: str) -> None:
    _, timeline = read(GAS, [5.0] * len(phases), written(phases))
    assert timeline.phases == phases


LIVES = [
    ("a value on the limit is within it", GAS, [25, 25.1], ".F", {}),
    ("a set point is reached by its own value", {"reaches": "25 %LEL"}, [24.9, 25], ".F", {}),
    ("so is a lower one", {"drops_to": "5 %LEL"}, [5.1, 5, 5.1], ".F.", {}),
    ("between the limits it is as it was", GAS, [22, 26, 22, 20, 22], ".FF..", {}),
    ("a hold begins anew after a value within", GAS, [30, 5, 30, 30, 30], "p.ppF", {"hold": "2m"}),
    ("a hold goes on in silence where silence is kept", GAS, [30, "silent x4"], "p p F F F", {"hold": "2m"}),
    ("silence is a breach where the rule says so", GAS, [5, "silent x4", 5], "....F.", {"silence": "breach"}),
    ("silence is all clear where the rule says so", GAS, [30, "silent x4"], "FFFF.", {"silence": "clear"}),
    ("what is told stays for a while", GAS, [30, 5, 5, 5], "Fcc.", {"keep_firing": "3m"}),
    ("what needs a person waits for one", GAS, [30, 5, 5, 30], "FLLF", {"latch": True}),
    ("a rise counts from the lowest of its window", {"rise": "10 %LEL", "within": "3m"}, [9, 5, 8, 14, 15.5, 16],
     "....F.", {}),
    ("a fall is a rise the other way", {"fall": "10 %LEL", "within": "2m"}, [30, 25, 19, 19, 19], "..F..", {}),
    ("what stands still is stuck", {"stuck": "3m", "samples": 3}, [7, 7, 7, 7, 8], "...F.", {}),
    ("a state is a breach while it lasts", {"metric": "smoke", "is": 1}, {"smoke": [0, 1, 1, 0]}, ".FF.", {}),
    ("both must be so", {"all": [GAS, {"metric": "co", "above": "20 mg/m³"}]},
     {"lel": [30, 30, 5], "co": [5, 25, 25]}, ".F.", {}),
    ("one is enough", {"any": [GAS, {"metric": "co", "above": "20 mg/m³"}]},
     {"lel": [30, 5, 5], "co": [5, 25, 5]}, "FF.", {}),
    ("not is the other way round", {"not": GAS}, [30, 5, 22], ".FF", {}),
    ("maintenance is neither", GAS, [5, 90, 90, 5], "..F.", {"quality": ["good", "maintenance", "good x2"]}),
    ("a sensor out of order is as good as silent", GAS, [5, 5], ".F",
     {"quality": ["good", "fault"], "silence": "breach"}),
    ("a quota is used up, and new in the next hour", {"metric": "flow", "quota": "1h", "above": "1 m³"},
     {"flow": [3, 3, 3, 3, 3, 3]}, "..FFF.", {"every": "12m"}),
    ("a mean needs its readings", {"mean": "1h", "above": "25 %LEL"}, ["30 x6", "30 x4", "silent x2", 5, 5],
     ".x6 F x6 F F", {"every": "10m"}),
    ("certain hours are local ones", {"during": "00:30-01:30"}, [1, 1, 1, 1], ".FF.", {"every": "30m"}),
    ("hours may go over midnight", {"during": "23:30-00:30"}, [1, 1, 1], "F..", {"every": "30m"}),
    ("a clock that is ahead is off", {"skew": "5m"}, [1, 1, 1], ".F.", {"ahead": ["0s", "6m", "-4m"]}),
    ("a clock that falls back is off at once", {"skew": "5m"}, [1, 1, 1], ".FF", {"ahead": ["0s", "-8h x2"]}),
    ("a share of the rating is a limit of its own", {"metric": "p", "above": "80 % of rated"}, {"p": [799, 801]}, ".F",
     {"rated": "1 MW"}),
    ("phases are out of balance together", {"metric": "u1", "unbalance": ["u2", "u3"], "above": "2 %"},
     {"u1": [220, 220, 200], "u2": [220, 205, 200], "u3": [220, 220, 200]}, ".F.", {}),
    ("a phase that is missing says nothing of the others", {"metric": "u1", "unbalance": ["u2", "u3"], "above": "2 %"},
     {"u1": [220, 220, 220], "u2": [205, "silent", 220], "u3": [220, 220, 220]}, "FF.", {}),
    ("silence is of three periods at least", {"silent": "1m"}, [1, "silent x3", 1], "....." , {"every": "5m"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "values", "phases", "more"), [life[1:] for life in LIVES], ids=[one[0] for one in LIVES]
)
def test_a_life(when: object, values: object, phases: str, more: dict[str, object]) -> None:
    rule, timeline = read(when, values, phases, **more)
    assert play(rule, timeline) == timeline.phases


def test_an_example_of_another_metric_lives_nowhere() -> None:
    rule, timeline = read(GAS, {"co": [5, 5]}, "..")
    assert play(rule, timeline) == "??"


def test_an_example_is_played_although_the_rule_is_off_and_of_other_meters() -> None:
    rule, timeline = read(GAS, [30], "F", enabled=False, scope={"meters": ["e01-lel"]})
    assert play(rule, timeline) == "F"


def test_every_phase_has_its_letter() -> None:
    assert "".join(LETTERS.values()) == ".pFcL"


def test_what_usual_is_is_learnt_first_and_counts_on_the_side_that_is_asked_for() -> None:
    usual: dict[str, object] = {"metric": "flow", "deviation": "50 %", "least": "0.3 m³/h", "weeks": 2}
    for side, letters in (("over", "F."), ("under", ".F"), ("either", "FF")):
        rule, timeline = read(usual | {"side": side}, {"flow": ["1 x336", 3, 0.1]}, f".x336 {letters}", every="1h")
        assert written(play(rule, timeline)) == written(timeline.phases)
