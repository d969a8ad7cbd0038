"""Copies of alerts: what comes twice is there once, history is never rewritten, and all of it reads back."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import DBAPIError

from adapters.alert_store import NoticeRow, Numbered
from adapters.relational import alerts
from adapters.relational.engine import writing
from adapters.relational.tables_alert import alert_change
from park.alert import Phase
from park.alert_change import AlertChange, Kind
from park.alert_record import AlertRecord, after
from park.care import Care
from park.evidence import Why
from park.rulebook import Key
from park.severity import Severity

T0 = datetime(2026, 11, 2, 8, 0, 0, 123_000, tzinfo=UTC)
HOUR = timedelta(hours=1)


def change(
    number: int, kind: Kind = Kind.RAISED, *, meter: str = "gas0", severity: Severity = Severity.MAJOR
) -> Numbered:
    to = Phase.OK if kind is Kind.CLEARED else Phase.FIRING
    at = T0 + number * HOUR
    return Numbered(
        number,
        AlertChange(
            rule="gas", meter=meter, episode=1, kind=kind, at=at, known_at=at, before=Phase.OK, after=to,
            severity=severity, why=Why.BEYOND, metric="lel", value=30.5,
        ),
    )  # fmt: skip


def notice(number: int, state: str = "waiting") -> NoticeRow:
    return NoticeRow(f"n{number}", number, "desk", '{"text":"泄漏"}'.encode(), state, "told", T0)


def copy(engine: Engine, *changes: Numbered, notices: tuple[NoticeRow, ...] = ()) -> dict[Key, AlertRecord]:
    records: dict[Key, AlertRecord] = {}
    for _, one in changes:
        records[one.key] = after(records.get(one.key), one)
    alerts.copy(engine, records=records, changes=changes, notices=notices)
    return records


def test_everything_reads_back_as_it_was(engine: Engine) -> None:
    person = AlertChange(
        rule="gas", meter="gas0", episode=1, kind=Kind.SHELVED, at=T0, known_at=T0, before=Phase.FIRING,
        after=Phase.FIRING, severity=Severity.MAJOR, who="李", note="换探头", until=T0 + HOUR, action=7, drill=True,
    )  # fmt: skip
    changes = [change(1), Numbered(2, person)]
    care = Care(acknowledged_at=T0, acknowledged_by="li", note="看过", assigned_to="wang", shelved_until=T0 + HOUR,
                shelved_by="li", shelf_reason="换探头", escalated=2)  # fmt: skip
    record = msgspec.structs.replace(after(None, changes[0].change), care=care)
    alerts.copy(engine, records={record.key: record}, changes=changes, notices=[notice(1)])
    assert alerts.one(engine, record.key) == record
    assert alerts.alerts(engine) == [record]
    assert alerts.changes(engine, key=record.key) == changes[::-1]
    assert alerts.notices(engine, [1, 2]) == [notice(1)]


def test_what_comes_twice_is_there_once_and_notices_are_as_they_were_last_said(engine: Engine) -> None:
    for state in ("waiting", "sent"):
        copy(engine, change(1), change(2, Kind.CLEARED), notices=(notice(1, state),))
    assert [one.id for one in alerts.changes_after(engine, 0)] == [1, 2]
    assert [one.state for one in alerts.notices(engine, [1])] == ["sent"]
    assert alerts.alerts(engine) == []
    assert [one.phase for one in alerts.alerts(engine, phases=[Phase.OK])] == [Phase.OK]


def test_open_alerts_come_the_gravest_first_and_of_those_the_oldest(engine: Engine) -> None:
    copy(
        engine,
        change(3, meter="c"),
        change(2, meter="b"),
        change(4, meter="d", severity=Severity.CRITICAL),
        change(1, meter="a", severity=Severity.NOTICE),
    )
    assert [one.meter for one in alerts.alerts(engine)] == ["d", "b", "c", "a"]
    assert [one.meter for one in alerts.alerts(engine, least=Severity.MAJOR, meters=["a", "b"])] == ["b"]


def test_history_is_read_by_alert_by_time_and_page_by_page(engine: Engine) -> None:
    copy(engine, *[change(n, meter=f"m{n % 2}") for n in range(1, 9)])
    assert [one.id for one in alerts.changes(engine, limit=3)] == [8, 7, 6]
    assert [one.id for one in alerts.changes(engine, limit=3, before=6)] == [5, 4, 3]
    assert [one.id for one in alerts.changes(engine, key=Key("gas", "m1"))] == [7, 5, 3, 1]
    assert [one.id for one in alerts.changes(engine, meters=["m0"], since=T0 + 4 * HOUR)] == [8, 6, 4]
    assert [one.id for one in alerts.changes(engine, until=T0 + 3 * HOUR)] == [2, 1]
    assert [one.id for one in alerts.changes_after(engine, 6)] == [7, 8]
    assert alerts.last_number(engine) == 8


def test_an_empty_store_has_no_last_number(engine: Engine) -> None:
    assert alerts.last_number(engine) == 0
    assert alerts.one(engine, Key("gas", "gas0")) is None


@pytest.mark.parametrize("statement", [update(alert_change).values(note="x"), delete(alert_change)])
def test_the_database_itself_keeps_history_from_being_rewritten(engine: Engine, statement: object) -> None:
    copy(engine, change(1))
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # one of the two
    assert [one.id for one in alerts.changes_after(engine, 0)] == [1]
