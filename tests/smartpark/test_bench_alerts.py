"""The bench of the alerts measures what it says."""

import json

import pytest
from typer.testing import CliRunner

from park.condition import leaves
from smartpark.bench_alerting import FORMS, rules
from smartpark.bench_alerts import latency
from smartpark.bench_commands import app


def test_latency_is_from_publication_to_hand_and_what_never_came_is_missing() -> None:
    published = {(f"m{n}", "raised"): float(n) for n in range(101)}
    came = {key: at + (n + 1) / 1_000 for n, (key, at) in enumerate(published.items()) if n < 100}
    found = latency(published, came)
    assert (found.told, found.missing) == (100, 1)
    assert (found.p50, found.p99, found.max) == pytest.approx((51, 99, 100))


def test_of_nothing_there_is_no_latency() -> None:
    assert latency({("m1", "raised"): 0.0}, {}) == (0, 1, None, None, None)


def test_its_rules_are_of_every_form_and_only_one_is_for_all() -> None:
    some = rules(200, 5_000)
    assert len({rule.id for rule in some}) == 200
    assert [rule.id for rule in some if not rule.scope.meters] == ["bench-0"]
    assert {type(leaf) for rule in some[1:] for leaf in leaves(rule.when)} == {
        type(leaf) for form in FORMS for leaf in leaves(form)
    }


@pytest.mark.slow
def test_every_breach_is_told_once_over_real_http_and_real_smtp() -> None:
    given = ("--seconds", "5", "--rate", "200", "--meters", "200", "--rules", "10", "--json")
    ran = CliRunner().invoke(app, ["alerts", *given])
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.output)
    assert found["messages"] == 1_200
    assert found["twice"] == 0
    assert found["receivers"]["SMTP"]["told"] == 10
    assert found["receivers"]["HTTP"]["told"] > 10, "ends as well"
    assert all(one["missing"] == 0 and one["p50"] > 0 for one in found["receivers"].values())
