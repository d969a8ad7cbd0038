"""What the alerts count for Prometheus, and what their health says."""

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from pydantic import SecretStr

from adapters import clock
from adapters.alert_store import AlertStoreBroken
from adapters.relational import engine as engines
from adapters.settings import Settings
from rules.alert_instruments import AlertInstruments
from rules.alerting import Alerting
from rules.telling import Telling
from tests.rules.alert_house import T0, a_rule, engine, said


def test_what_is_counted_is_told_before_anything_was_started_and_with_a_broken_file(
    tmp_path: Path, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    alerting = Alerting(
        settings=Settings(data_dir=tmp_path / "data", mqtt_url=SecretStr(f"mqtt://127.0.0.1:{free_port}")),
        engine=database,
        clock=clock.now,
        shipped=[a_rule()],
        make_telling=Telling,
    )
    alerting.telling.start()
    rule, judged = a_rule(), engine(a_rule())
    alerting.ledger.enter_turns(judged.hear([said(0, 30.0)], T0), {rule.id: rule}, judged, T0)
    registry = CollectorRegistry()
    registry.register(AlertInstruments(alerting, clock.now))
    text = generate_latest(registry).decode()
    assert 'smartpark_alerts_burning{severity="major"} 1.0' in text
    assert "smartpark_alerts_connected 0.0" in text
    assert "smartpark_alerts_unmirrored 1.0" in text
    assert 'smartpark_alerts_trouble{part="alerts-broker"} 1.0' in text
    assert {"alerts-broker", "alerts-threads"} <= alerting.troubles().keys()

    def broken() -> None:
        raise AlertStoreBroken("gone")

    monkeypatch.setattr(alerting.store, "outstanding", broken)
    assert "smartpark_alerts_connected 0.0" in generate_latest(registry).decode()
    alerting.stop()
    database.dispose()
