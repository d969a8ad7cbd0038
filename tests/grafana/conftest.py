"""One filled park for the whole run: real InfluxDB, real PostgreSQL, made once where several tests want it."""

from collections.abc import Iterator

import pytest

from adapters.influx.query import Queries
from adapters.influx.server import Server
from adapters.relational import engine as engines
from adapters.relational.rights import Role
from adapters.settings import load
from grafana.run import Stores
from tests.grafana import filled
from tests.influxd import Influxd
from tests.postgres import Postgres

WORD = "only-for-tests"


@pytest.fixture(scope="session")
def park(
    session_influxd: Influxd, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[filled.Filled]:
    """Give stores with a month of three enterprises and a year of their registers."""
    database = postgres.create()
    settings = load(
        environ={},
        data_dir=tmp_path_factory.mktemp("park"),
        telemetry_url=session_influxd.url("panels"),
        database_url=postgres.url(database),
        database_grafana_password=WORD,
    )
    made = filled.fill(settings)
    yield made
    made.engine.dispose()
    postgres.drop(database)


@pytest.fixture(scope="session")
def stores(park: filled.Filled, postgres: Postgres) -> Iterator[Stores]:
    """Ask as Grafana does: with its own database user, who may read what is granted and nothing else."""
    target = park.settings.influx_target()
    assert target is not None
    database = str(park.engine.url.database)
    engine, server = engines.connect(postgres.url(database, user=Role.GRAFANA, password=WORD)), Server(target)
    yield Stores(Queries(server), engine)
    server.close()
    engine.dispose()
