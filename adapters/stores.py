"""Open the stores that the settings name."""

from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters import private
from adapters.duckdb_store import DuckDBStore
from adapters.relational import engine as engines
from adapters.relational import migrate
from adapters.settings import Settings
from park.telemetry import Telemetry


def telemetry(settings: Settings) -> Telemetry:
    """Open the telemetry store.  Raises StoreUnavailable."""
    path = unquote(urlsplit(settings.telemetry()).path).removeprefix("/")
    # As with SQLAlchemy: three slashes begin a relative path, four an absolute one.
    return DuckDBStore(Path(path), zone=ZoneInfo(settings.timezone))


def relational(settings: Settings) -> Engine:
    """Open the relational store, its tables up to date.  Raises DatabaseError, MigrationError or DBAPIError."""
    private.folder(settings.data_dir)
    engine = engines.connect(settings.database())
    migrate.upgrade(engine)
    return engine
