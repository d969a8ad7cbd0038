"""A small real installation for each test: SQLite, DuckDB, a clock that stands still, and a client for every role."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from adapters.duckdb_store import DuckDBStore
from adapters.relational import accounts, engine, migrate, registry_store
from adapters.settings import Settings, load
from api import bootstrap
from api.services import Services
from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Role
from park.principal import Access
from park.registry import Registry
from tests.api.web import Web

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
PERSON = "王丽"
PASSWORD = "富硒 茶 correct horse"

PARK = Park("hk", "恒口示范区产业园", "Hengkou Industrial Park")
ENTERPRISES = (
    Enterprise("e01", "hk", "安康某富硒食品有限公司", "Selenium Foods", "1392", 42.5),
    Enterprise("e02", "hk", "安康某毛绒玩具有限公司", "Plush Toys", "2451"),
)


def a_meter(name: str, enterprise: str, *metrics: str, medium: Medium = Medium.ELECTRICITY) -> Meter:
    """Make a boundary meter that reports every 15 s."""
    return Meter(
        name, enterprise, "hk", medium, Role.BOUNDARY, f"{name} 总表", timedelta(seconds=15), metrics or ("p", "ep_imp")
    )


METERS = (
    a_meter("e01-main", "e01"),
    a_meter("e01-water", "e01", "volume", "flow", medium=Medium.WATER),
    a_meter("e02-main", "e02"),
)
REGISTRY = Registry((PARK,), ENTERPRISES, METERS)
BEGINNING = Multiplier(datetime(2024, 1, 1, tzinfo=UTC), 12.0)


@dataclass
class StillClock:
    """A clock that moves when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


@dataclass
class House:
    """One installation and its application."""

    app: FastAPI
    services: Services
    engine: Engine
    telemetry: DuckDBStore
    clock: StillClock
    keys: dict[str, str]


@dataclass(frozen=True)
class Template:
    """A store to copy: migrating it and making keys takes longer than a test."""

    path: Path
    keys: dict[str, str]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A relational store with the registry, and a key of each role."""
    path = tmp_path_factory.mktemp("template") / "smartpark.sqlite"
    made = engine.connect(f"sqlite:///{path}")
    migrate.upgrade(made)
    registry_store.replace(made, REGISTRY, who="test", now=NOW)
    keys = {
        access.value: accounts.create_key(
            made,
            name=access.value,
            access=access,
            enterprise="e01" if access is Access.ENTERPRISE else None,
            now=NOW,
            who="test",
        )
        for access in Access
    }
    accounts.create_user(made, name=PERSON, password=PASSWORD, access=Access.OPERATOR, now=NOW, who="test")
    for key in keys.values():
        accounts.principal_of_key(made, key, NOW)  # notes the first use, so that reading writes nothing
    with made.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.dispose()
    return Template(path, keys)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def mqtt_url() -> str:
    """The broker of the installation; nobody listens there unless a test says otherwise."""
    return "mqtt://127.0.0.1:9"


@pytest.fixture
def settings(tmp_path: Path, mqtt_url: str) -> Settings:
    return load(environ={}, data_dir=tmp_path, mqtt_url=mqtt_url)


@pytest.fixture
def database(settings: Settings, template: Template) -> Iterator[Engine]:
    (settings.data_dir / "smartpark.sqlite").write_bytes(template.path.read_bytes())
    made = engine.connect(settings.database())
    yield made
    made.dispose()


@pytest.fixture
def telemetry(tmp_path: Path) -> Iterator[DuckDBStore]:
    store = DuckDBStore(tmp_path / "telemetry.duckdb")
    yield store
    store.close()


@pytest.fixture
def house(settings: Settings, database: Engine, telemetry: DuckDBStore, clock: StillClock, template: Template) -> House:
    app = bootstrap.build(settings=settings, engine=database, telemetry=telemetry, clock=clock, console=False)
    return House(app, app.state.services, database, telemetry, clock, template.keys)


AsRole = Callable[[str | None], Web]


@pytest.fixture
def as_role(house: House) -> Iterator[AsRole]:
    """Give a client with a key of a role; None for one without any."""
    with ExitStack() as clients:

        def client(role: str | None) -> Web:
            return clients.enter_context(Web(house.app, key=house.keys[role] if role else None))

        yield client


@pytest.fixture
def admin(as_role: AsRole) -> Web:
    return as_role("admin")


@pytest.fixture
def nobody(as_role: AsRole) -> Web:
    return as_role(None)
