"""Telling as the service runs it: threads, a real HTTP receiver, a real mail server, a real broker, a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import msgspec
import pytest
from iotcore import Broker
from pydantic import SecretStr
from sqlalchemy import Engine

from adapters.alert_store import AlertStore
from adapters.clock import now
from adapters.relational import engine as engines
from adapters.relational import migrate, receivers
from adapters.settings import Settings, load
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord, after
from park.notice import Notice
from park.receiver import Receiver, Way
from park.rulebook import Key
from park.severity import Severity
from rules.telling import Telling
from tests.http_receiver import HttpReceiver, http_receiver
from tests.ports import free_port
from tests.rules.alert_house import a_rule, known
from tests.simulators.listener import Listener
from tests.smtp_server import smtp_server

HOOK = Receiver(id="hook", name="应急平台", way=Way.WEBHOOK)
MAIL = Receiver(id="mail", name="值班邮箱", way=Way.APPRISE)
TOPIC = "park/v1/hk/e01/gas0/alert/gas"


@pytest.fixture
def hook() -> Iterator[HttpReceiver]:
    with http_receiver() as one:
        yield one


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = engines.connect(f"sqlite:///{tmp_path / 'smartpark.sqlite'}")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


class Service:
    """A telling with its store and records."""

    def __init__(self, folder: Path, engine: Engine, port: int) -> None:
        settings: Settings = load(None, environ={}, data_dir=folder, mqtt_url=SecretStr(f"mqtt://127.0.0.1:{port}"))
        settings = settings.model_copy(update={"mqtt_version": "3.1.1"})
        self.store = AlertStore(folder / "alerts.sqlite")
        self.telling = Telling(store=self.store, engine=engine, settings=settings, clock=now, known=lambda: self.known)
        self.known = known(a_rule())
        self.records: dict[Key, AlertRecord] = self.store.alerts()
        for copy in self.telling.beside:
            copy.look()
        self.telling.start()

    def enter(self, kind: Kind, phase: Phase, meter: str = "gas0") -> None:
        at = now()
        change = AlertChange(
            rule="gas", meter=meter, episode=1, kind=kind, at=at, known_at=at, before=Phase.OK, after=phase,
            severity=Severity.MAJOR, metric="lel", value=51.0,
        )  # fmt: skip
        self.records[change.key] = after(self.records.get(change.key), change)
        numbered = self.store.number([change], at)
        notices = self.telling.tell(numbered, self.records, at)
        self.store.commit(memories={}, alerts={change.key: self.records[change.key]}, changes=numbered, notices=notices)
        self.telling.offer(notices)


@contextmanager
def service(folder: Path, engine: Engine, port: int) -> Iterator[Service]:
    one = Service(folder, engine, port)
    try:
        yield one
    finally:
        one.telling.stop()
        one.store.close()


def test_every_way_is_told_and_the_file_says_so(
    tmp_path: Path, database: Engine, hook: HttpReceiver, embedded_broker: Broker
) -> None:
    with smtp_server() as post:
        at = datetime(2026, 11, 1, tzinfo=UTC)
        address = f"mailto://127.0.0.1:{post.port}?from=park@example.org&to=officer@example.org&mode=insecure"
        receivers.save(database, HOOK, address=hook.url, secret="s", who="root", now=at)
        receivers.save(database, MAIL, address=address, who="root", now=at)
        with service(tmp_path, database, embedded_broker.port) as one, Listener(embedded_broker.port) as panel:
            one.enter(Kind.RAISED, Phase.FIRING)
            one.enter(Kind.CLEARED, Phase.OK)
            told = [msgspec.json.decode(each.body, type=Notice) for each in hook.wait_for(2)]
            assert [each.kind for each in told] == [Kind.RAISED, Kind.CLEARED]
            assert told[0].title == "【重大】可燃气体 · 企业 探测器"
            assert told[0].text.startswith("可燃气体 51 %LEL, 限值 25 %LEL, 始于 2")
            assert [letter["Subject"] for letter in post.wait_for(2)] == [each.title for each in told]
            shown = [heard for heard in panel.wait_for(2) if heard.topic == TOPIC]
            assert [bool(heard.payload) for heard in shown][-2:] == [True, False]
            assert one.telling.alive()
            assert one.telling.troubles() == {}
        again = AlertStore(tmp_path / "alerts.sqlite")
        assert again.undelivered() == []
        assert {row.receiver for row in again.notices_from(0)} == {"console", "panel", "hook", "mail"}
        assert all(row.sent is not None for row in again.notices_from(0))
        again.close()


def test_without_a_database_whoever_was_known_before_is_told(
    tmp_path: Path, database: Engine, hook: HttpReceiver
) -> None:
    receivers.save(database, HOOK, address=hook.url, secret="s", who="root", now=now())
    with service(tmp_path, database, free_port()):
        pass
    (tmp_path / "smartpark.sqlite").unlink()
    settings = load(None, environ={}, data_dir=tmp_path)
    store = AlertStore(tmp_path / "alerts.sqlite")
    telling = Telling(store=store, engine=database, settings=settings, clock=now, known=lambda: None)
    assert [contact.receiver for contact in telling.phonebook().contacts] == [HOOK]
    assert telling.phonebook().contacts[0].address == hook.url
    store.close()


def test_one_that_never_answers_keeps_no_other_waiting(tmp_path: Path, database: Engine, hook: HttpReceiver) -> None:
    held = Event()
    with http_receiver() as slow:
        slow.before_answer = held.wait
        receivers.save(database, HOOK, address=hook.url, who="root", now=now())
        receivers.save(database, Receiver(id="slow", name="慢", way=Way.WEBHOOK), address=slow.url, who="r", now=now())
        with service(tmp_path, database, free_port()) as one:
            for number in range(3):
                one.enter(Kind.RAISED, Phase.FIRING, f"gas{number}")
            assert len(hook.wait_for(3)) == 3
            assert len(slow.wait_for(1)) == 1
            assert one.telling.receivers()["slow"].delivered == 0
            held.set()
            assert len(slow.wait_for(3)) == 3


def test_no_trouble_and_no_log_holds_an_address(
    tmp_path: Path, database: Engine, hook: HttpReceiver, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.answer = (500, b"", {})
    address = hook.url.replace("//", "//user:s3cret@") + "?access_token=t0ken"
    receivers.save(database, HOOK, address=address, secret="k3y", who="root", now=now())
    with service(tmp_path, database, free_port()) as one:
        one.enter(Kind.RAISED, Phase.FIRING)
        hook.wait_for(1)
        while "hook" not in one.telling.troubles():
            Event().wait(0.01)
        said = f"{one.telling.troubles()} {one.telling.phonebook()} {capsys.readouterr()}"
    assert [word for word in ("s3cret", "t0ken", "k3y") if word in said] == []


def test_what_a_slow_stop_leaves_is_told_after_the_next_start(
    tmp_path: Path, database: Engine, hook: HttpReceiver
) -> None:
    hook.answer = (503, b"", {})
    receivers.save(database, HOOK, address=hook.url, who="root", now=now())
    with service(tmp_path, database, free_port()) as one:
        one.enter(Kind.RAISED, Phase.FIRING)
        first = hook.wait_for(1)[0].headers["Smartpark-Notice"]
    hook.answer = (204, b"", {})
    before = len(hook.posted)
    with service(tmp_path, database, free_port()):
        again = hook.wait_for(before + 1)[-1].headers["Smartpark-Notice"]
    assert again == first
