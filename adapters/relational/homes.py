"""Where each meter's readings live in a server store: its measurement and tags, from an instant on.  Only added to."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from adapters.influx.homes import Home
from adapters.relational.engine import writing
from adapters.relational.schema import home
from park.metric import Medium
from park.telemetry import StoreUnavailable

CHUNK = 1_000


class RelationalHomes:
    """Keeps homes in the relational store.  Raises StoreUnavailable while that is away: nothing may be written then."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> Mapping[str, Sequence[Home]]:
        """Give all homes of each meter, in order of `since`."""
        found: dict[str, list[Home]] = {}
        try:
            with self._engine.connect() as connection:
                for row in connection.execute(select(home).order_by(home.c.meter, home.c.since)):
                    found.setdefault(row.meter, []).append(
                        Home(row.since, Medium(row.medium), row.park, row.enterprise)
                    )
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"homes of the meters: {error}".partition("\n")[0]) from error
        return found

    def add(self, homes: Mapping[str, Home]) -> None:
        """Write homes down; one that another program wrote in the same instant stays."""
        rows = [{"meter": meter, **each._asdict(), "medium": each.medium.value} for meter, each in homes.items()]
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(home).on_conflict_do_nothing()
        try:
            with writing(self._engine) as connection:
                for first in range(0, len(rows), CHUNK):
                    connection.execute(statement, rows[first : first + CHUNK])
        except SQLAlchemyError as error:
            raise StoreUnavailable(f"homes of the meters: {error}".partition("\n")[0]) from error
