"""The rules that are shipped: each is whole, lives as its examples say, and lets an ordinary day be one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from adapters import rule_yaml
from park import condition as c
from park.admit import Admission
from park.decode import Context, decode
from park.derived import DERIVED
from park.engine import Change, Engine
from park.registry import Registry
from park.rule import Rule
from park.rulebook import bind
from park.severity import Severity
from park.timeline import Timeline, play, written
from simulators.demo import demo_devices, demo_registry
from simulators.message import bundles, series

SHELF = rule_yaml.shipped()
RULES = {rule.id: rule for rule in SHELF.rules}
LIVES = [(rule, timeline) for rule in SHELF.rules for timeline in SHELF.timelines[rule.id]]
EACH = pytest.mark.parametrize("rule", SHELF.rules, ids=lambda rule: rule.id)
MIDNIGHT = datetime(2026, 11, 24, 16, tzinfo=UTC)


def test_there_are_rules_and_no_mistakes() -> None:
    assert SHELF.mistakes == ()
    assert len(RULES) >= 40


@EACH
def test_every_shipped_rule_has_an_example_in_which_it_fires(rule: Rule) -> None:
    phases = [timeline.phases for timeline in SHELF.timelines[rule.id]]
    assert any("F" in some for some in phases), "no timeline in which it fires"
    assert any(some.startswith(".") for some in phases), "no timeline that begins calm"


@pytest.mark.parametrize(("rule", "timeline"), LIVES, ids=[f"{rule.id}: {one.name}" for rule, one in LIVES])
def test_the_examples_beside_the_rules_are_true(rule: Rule, timeline: Timeline) -> None:
    assert written(play(rule, timeline)) == written(timeline.phases)


@EACH
def test_what_a_rule_says_it_says_in_both_languages(rule: Rule) -> None:
    for text in (rule.name, rule.message, rule.runbook):
        assert text is not None
        assert text.zh
        assert text.en.isascii() or "³" in text.en


@EACH
def test_a_message_names_the_meter_or_its_enterprise_and_both_languages_say_the_same(rule: Rule) -> None:
    assert rule.message is not None
    said = [{part for part in ("meter", "enterprise", "value", "limit", "unit", "since") if f"{{{part}}}" in text}
            for text in (rule.message.zh, rule.message.en)]  # fmt: skip
    assert said[0] == said[1]
    assert said[0] & {"meter", "enterprise"}


@EACH
def test_what_was_not_verified_is_switched_off_and_what_has_a_limit_of_law_names_it(rule: Rule) -> None:
    assert rule.verified or not rule.enabled
    limited = any(isinstance(leaf, c.Above | c.Below) for leaf in c.leaves(rule.when))
    if rule.enabled and limited and rule.severity >= Severity.LARGER:
        assert rule.standard


@EACH
def test_what_may_cost_lives_stays_until_a_person_has_closed_it(rule: Rule) -> None:
    if rule.severity >= Severity.MAJOR:
        assert rule.timing.latch
        assert rule.renotify is not None
        assert not rule.timing.hold


@EACH
def test_a_limit_has_room_before_it_is_clear_again_or_a_time(rule: Rule) -> None:
    for leaf in c.leaves(rule.when):
        if isinstance(leaf, c.Above | c.Below) and rule.enabled and leaf.limit == leaf.clear:
            assert rule.timing.clear_after, "it would chatter"


@pytest.mark.parametrize("gas", ["combustible", "h2s", "co", "nh3", "cl2", "so2"])
def test_the_second_level_of_a_gas_is_twice_the_first_and_holds_it_back(gas: str) -> None:
    first, second = RULES[f"{gas}-1"], RULES[f"{gas}-2"]
    assert isinstance(first.when, c.Above)
    assert isinstance(second.when, c.Above)
    assert second.when.limit == pytest.approx(2 * first.when.limit)
    assert second.inhibits == (first.id,)
    assert second.severity > first.severity


def test_every_figure_of_the_accounts_that_can_be_watched_is() -> None:
    assert {metric.name for metric in DERIVED} <= {leaf.metric for rule in SHELF.rules for leaf in c.leaves(rule.when)}


def test_every_gas_detector_of_the_demonstration_park_is_watched_on_both_levels_and_for_its_silence() -> None:
    watches = bind(SHELF.rules, demo_registry()).watches
    for meter in demo_registry().meters:
        for gas in {"lel", "h2s", "co", "nh3"} & set(meter.metrics):
            family = {"lel": "combustible"}.get(gas, gas)
            named = {key.rule for key in watches if key.meter == meter.id}
            assert {f"{family}-1", f"{family}-2", "detector-silent", "sensor-fault"} <= named


def lived(every: timedelta, span: timedelta, begin: datetime) -> list[Change]:
    """Let the demonstration park live through a time, heard every so often, and give what the rules found."""
    known = demo_registry()
    registry = Registry(known.parks, known.enterprises, tuple(replace(one, period=every) for one in known.meters))
    engine, admission = Engine(bind(SHELF.rules, registry), {}, begin), Admission(registry)
    step = int(every.total_seconds() * 1000)
    ms = int(begin.timestamp() * 1000) + step * np.arange(span // every)
    said = sorted(
        (
            (record["ts"], device.meter.id, record)
            for device in demo_devices(1)
            for record in series(device, ms).records()
        ),
        key=lambda one: one[:2],
    )
    changes: list[Change] = []
    for at, meter, record in said:
        now = datetime.fromtimestamp(at / 1000, UTC)
        [bundle] = bundles([record])
        claims = decode(bundle.payload, Context(meter, now, registry.by_meter[meter].codec))
        changes += engine.tick(now)
        changes += engine.hear(admission.admit(claims, now)[0], now)
    return changes


@pytest.mark.slow
def test_an_ordinary_day_of_the_demonstration_park_is_calm() -> None:
    assert lived(timedelta(minutes=15), timedelta(hours=26), MIDNIGHT) == []


@pytest.mark.slow
def test_an_ordinary_half_hour_heard_closely_is_calm() -> None:
    assert lived(timedelta(seconds=20), timedelta(minutes=30), MIDNIGHT + timedelta(hours=10)) == []
