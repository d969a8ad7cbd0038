"""Connections: durable, patient, and clear about what cannot be opened."""

import stat
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from adapters.relational.engine import DatabaseError, connect, deciding, reading, writing
from adapters.relational.schema import audit, enterprise, park

PARK = {"id": "hengkou", "name": "恒口", "name_en": "", "position": 0}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "must look like sqlite:///path"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("oracles://host/x", "no driver"),
        ("postgresql+nothing://host/x", "no driver"),
        ("postgresql://host:hunter2/x", "must look like"),
        ("postgresql://admin:hun@ter2@host/x", "@ is written %40"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_what_to_write(url: str, says: str) -> None:
    with pytest.raises(DatabaseError, match=says) as refused:
        connect(url)
    assert "ter2" not in str(refused.value)
    assert refused.value.sentence("zh") != refused.value.sentence("en")


def test_a_password_is_never_shown() -> None:
    with pytest.raises(DatabaseError) as refused:
        connect("oracles://admin:hunter2@host/x")
    assert "hunter2" not in str(refused.value)


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match="cannot write the database file"):
        connect(f"sqlite:///{tmp_path / 'file' / 'x.sqlite'}")


def test_the_file_and_its_folder_are_made_for_its_owner_only(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path / 'deep' / 'x.sqlite'}").dispose()
    assert stat.S_IMODE((tmp_path / "deep" / "x.sqlite").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)]
)
def test_every_connection_to_sqlite_is_durable_and_patient(sqlite_engine: Engine, pragma: str, value: object) -> None:
    with sqlite_engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_row_that_points_nowhere_is_refused(engine: Engine) -> None:
    row = {"id": "e01", "park": "nowhere", "name": "x", "name_en": "", "industry": "", "contact": "", "position": 0}
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(enterprise), row)


def test_a_time_without_offset_is_refused(engine: Engine) -> None:
    row = {"at": datetime(2026, 1, 1), "who": "x", "action": "x", "subject": "x"}  # noqa: DTZ001  # the point
    with pytest.raises(StatementError, match="without offset"), writing(engine) as connection:
        connection.execute(insert(audit), row)


def test_a_time_comes_back_aware_and_exact(engine: Engine) -> None:
    at = datetime(2026, 11, 23, 8, 0, 0, 123_456, tzinfo=UTC)
    with writing(engine) as connection:
        connection.execute(insert(audit), {"at": at, "who": "x", "action": "x", "subject": "x"})
        assert connection.execute(select(audit.c.at)).scalar_one() == at


def test_a_reader_sees_one_state_while_another_writes(engine: Engine) -> None:
    with reading(engine) as reader:
        assert reader.execute(select(park.c.id)).all() == []
        with writing(engine) as writer:
            writer.execute(insert(park), PARK)
        assert reader.execute(select(park.c.id)).all() == []
    with reading(engine) as reader:
        assert reader.execute(select(park.c.id)).scalars().all() == ["hengkou"]


def test_who_decides_second_waits_for_the_first_and_sees_what_it_wrote(engine: Engine) -> None:
    started = Event()
    seen: list[str] = []

    def second() -> None:
        started.set()
        with deciding(engine) as connection:
            seen.extend(connection.execute(select(park.c.id)).scalars())
            connection.execute(insert(park), PARK | {"id": "gaoxin", "position": 1})

    with deciding(engine) as connection:
        thread = Thread(target=second)
        thread.start()
        assert started.wait(10)
        connection.execute(insert(park), PARK)
    thread.join(30)
    assert seen == ["hengkou"]


def test_a_write_that_fails_leaves_nothing(engine: Engine) -> None:
    def twice() -> None:
        with writing(engine) as connection:
            connection.execute(insert(park), PARK)
            connection.execute(insert(park), PARK)

    with pytest.raises(IntegrityError):
        twice()
    with reading(engine) as connection:
        assert connection.execute(select(park.c.id)).all() == []
