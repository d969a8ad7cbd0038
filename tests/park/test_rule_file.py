"""The rule file: what it says is understood, and every mistake in it is found at its place."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import rule_yaml
from park import condition as c
from park.alert import OnSilence
from park.metric import Medium
from park.place import Enterprise, Meter, Park, Role
from park.quality import Quality
from park.registry import Registry
from park.rule import Rule, Text
from park.rule_file import SCOPE_KEYS, check
from park.severity import EN, ZH, Severity

MISTAKES = sorted((Path(__file__).parent / "rule_mistakes").glob("*.yaml"))
HEAD = re.compile(r"# (\S+): (.+)")
RULE: dict[str, object] = {
    "id": "gas-1",
    "name": "可燃气体",
    "severity": "larger",
    "metric": "lel",
    "when": {"above": "25 %LEL"},
    "silence": "keep",
}
MINUTE = timedelta(minutes=1)
REGISTRY = Registry(
    (Park("hk", "园区"),),
    (Enterprise("e01", "hk", "企业"),),
    (Meter("e01-lel", "e01", "hk", Medium.SAFETY, Role.DETECTOR, "探测器", timedelta(seconds=5), ("lel",)),),
)


def rule(**changes: object) -> Rule:
    """A sound rule with some changes, read."""
    checked = check({"rules": [RULE | changes]})
    assert checked.mistakes == []
    [found] = checked.rules
    return found


def paths(*rules: object, **options: object) -> list[str]:
    """The places of the mistakes of a document."""
    return [mistake.path for mistake in check({"rules": list(rules)}, **options).mistakes]  # type: ignore[arg-type]


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_each_mistake_is_named_with_its_path_its_line_and_how_to_mend_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    head = HEAD.match(text)
    assert head is not None, "the first line says `# path: what the sentence holds`"
    here = next(number for number, line in enumerate(text.splitlines(), start=1) if line.endswith("# here"))
    checked = rule_yaml.load(file)
    [mistake] = checked.mistakes
    assert mistake.path == head[1]
    assert head[2] in mistake.en
    assert mistake.zh
    assert mistake.line == here
    assert (checked.rules, checked.timelines) == ((), {}), "with a mistake in it, nothing of a file is used"


def test_every_mistake_of_a_file_is_found_in_one_go() -> None:
    found = paths(RULE | {"severity": "big", "silence": "no", "hold": 5, "when": {"above": 25}}, RULE | {"id": "X"})
    assert found == [f"rules[0].{key}" for key in ("when.above", "severity", "hold", "silence")] + ["rules[1].id"]


@pytest.mark.parametrize(
    ("when", "metric", "condition"),
    [
        ({"above": "25 %LEL", "clear": "20 %LEL"}, "lel", c.Above(metric="lel", limit=25, clear=20)),
        ({"reaches": "25 %LEL"}, "lel", c.Above(metric="lel", limit=25, clear=25, reached=True)),
        ({"below": 0.9}, "pf", c.Below(metric="pf", limit=0.9, clear=0.9)),
        ({"drops_to": "19.5 %VOL"}, "o2", c.Below(metric="o2", limit=19.5, clear=19.5, reached=True)),
        ({"above": "80 % of rated"}, "p", c.Above(metric="p", limit=0.8, clear=0.8, rated=True)),
        ({"above": "额定的 80 %"}, "p", c.Above(metric="p", limit=0.8, clear=0.8, rated=True)),
        ({"above": "0.35 MPa"}, "flue_pressure", c.Above(metric="flue_pressure", limit=350, clear=350)),
        ({"outside": [6, 9]}, "ph", c.Outside(metric="ph", low=6, high=9, clear_low=6, clear_high=9)),
        ({"rise": "10 °C", "within": "5m"}, "cable_temp", c.Rise(metric="cable_temp", by=10, within=5 * MINUTE)),
        ({"fall": "1 bar", "within": "1m"}, "pressure", c.Rise(metric="pressure", by=-0.1, within=MINUTE)),
        ({"stuck": "1h", "samples": 20}, "o2", c.Stuck(metric="o2", within=60 * MINUTE, samples=20)),
        ({"silent": "5m"}, "first", c.Silent(metric="first", after=5 * MINUTE)),
        ({"mean": "1h", "above": "50 mg/m³"}, "so2_zs", c.Mean(metric="so2_zs", of=60 * MINUTE, limit=50)),
        (
            {"mean": "1h", "below": 0.9, "valid": "90 %"}, "pf",
            c.Mean(metric="pf", of=60 * MINUTE, limit=0.9, under=True, valid=0.9),
        ),
        ({"quota": "1d", "above": "2 MWh"}, "p", c.Quota(metric="p", of=1440 * MINUTE, limit=2000, register=False)),
        ({"quota": "1h", "above": "5 m³"}, "volume", c.Quota(metric="volume", of=60 * MINUTE, limit=5, register=True)),
        (
            {"deviation": "50 %", "least": "0.3 m³/h", "weeks": 3, "side": "over"}, "flow",
            c.Deviation(metric="flow", share=0.5, least=0.3, weeks=3, side=c.Side.OVER),
        ),
        ({"unbalance": ["u2", "u3"], "above": "2 %"}, "u1", c.Unbalance(metric="u1", beside=("u2", "u3"), limit=2)),
        ({"during": "22:00 - 06:30"}, "p", c.During(metric="p", start=time(22), end=time(6, 30))),
        ({"is": 1}, "smoke", c.Is(metric="smoke", state=1)),
        ({"backwards": True}, "ep_imp", c.Backwards(metric="ep_imp")),
        ({"backwards": "0.1 MWh"}, "ep_imp", c.Backwards(metric="ep_imp", by=100)),
        ({"skew": "5m"}, "first", c.Skew(metric="first", by=5 * MINUTE)),
        (
            {"flagged": ["fault", "uncertain"]}, "lel",
            c.Flagged(metric="lel", bits=int(Quality.FAULT | Quality.UNCERTAIN)),
        ),
        (
            {"all": [{"above": "25 %LEL"}, {"not": {"metric": "smoke", "is": 0}}]}, "lel",
            c.All((c.Above(metric="lel", limit=25, clear=25), c.Not(c.Is(metric="smoke", state=0)))),
        ),
    ],
    ids=str,
)  # fmt: skip
def test_a_condition_is_read(when: object, metric: str, condition: c.Condition) -> None:
    assert rule(when=when, metric=metric).when == condition


@pytest.mark.parametrize("word", [*ZH.values(), *(severity.word for severity in Severity)])
def test_a_severity_is_said_in_either_language(word: str) -> None:
    severity = rule(severity=word).severity
    assert word in {ZH[severity], EN[severity].lower()}


def test_a_whole_rule_is_understood() -> None:
    found = rule(
        name={"zh": "可燃气体", "en": "Gas"}, hold="30s", clear_after="1m", keep_firing="0s", silence="breach",
        silent_after="2m", latch=True, renotify="1h", receivers="duty", standard="GB/T 50493-2019",
        scope={"roles": ["detector"], "media": "safety", "industries": ["26"]},
        message={"zh": "{meter} 达 {value} {unit}"}, runbook="撤离", verified=False, enabled=False,
        limits={"e01-lel": "10 %LEL"}, permits={"e02-lel": {"below": "5 %LEL"}},
    )  # fmt: skip
    assert found.name == Text("可燃气体", "Gas")
    assert (found.timing.hold, found.timing.clear_after) == (timedelta(seconds=30), timedelta(minutes=1))
    assert (found.timing.on_silence, found.timing.latch, found.silent_after) == (OnSilence.BREACH, True, 2 * MINUTE)
    assert (found.scope.roles, found.scope.media, found.scope.industries) == (("detector",), ("safety",), ("26",))
    assert (found.receivers, found.renotify, found.verified, found.enabled) == (("duty",), 60 * MINUTE, False, False)
    assert found.permits == {
        "e01-lel": c.Above(metric="lel", limit=10, clear=10),
        "e02-lel": c.Below(metric="lel", limit=5, clear=5),
    }


def test_two_rules_that_hold_back_one_another_might_both_be_silent() -> None:
    round_trip = [RULE | {"id": name, "inhibits": [other]} for name, other in (("a", "b"), ("b", "c"), ("c", "a"))]
    assert paths(*round_trip) == ["rules[0].inhibits[0]", "rules[1].inhibits[0]", "rules[2].inhibits[0]"]


def test_a_rule_may_hold_back_one_that_stands_elsewhere() -> None:
    here = RULE | {"id": "gas-2", "severity": "major", "inhibits": ["gas-1"]}
    assert paths(here) == ["rules[0].inhibits[0]"]
    assert paths(here, known=[rule()]) == []


def test_a_rule_with_mistakes_is_not_called_unknown_by_those_that_hold_it_back() -> None:
    assert paths(RULE | {"hold": 5}, RULE | {"id": "gas-2", "inhibits": ["gas-1"]}) == ["rules[0].hold"]


def test_with_a_registry_a_meter_it_does_not_know_is_a_mistake() -> None:
    scope = {"enterprises": ["e01", "e99"], "meters": ["e01-lell"], "parks": ["hk"]}
    asked = RULE | {"scope": scope, "limits": {"e09-lel": "20 %LEL"}}
    assert paths(asked) == []
    assert paths(asked, registry=REGISTRY) == [
        "rules[0].scope.enterprises", "rules[0].scope.meters", "rules[0].limits",
    ]  # fmt: skip


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "25 %LEL", "1h", "x", "first", "-"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*RULE, "above", "mean", "all", "not", "is", "zh", "values", *SCOPE_KEYS]), inner
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*RULE, "scope", "limits", "permits", "timelines", "hold", "inhibits"]), JUNK))
def test_whatever_a_document_holds_it_is_read_or_has_its_mistakes_named(changes: dict[str, object]) -> None:
    checked = check({"rules": [RULE | changes]})
    assert bool(checked.rules) is not bool(checked.mistakes)
    assert all(mistake.zh and mistake.en for mistake in checked.mistakes)
