"""From what each term's figures were last made: a digest, so that a round knows whether anything changed."""

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.relational.engine import reading, writing
from adapters.relational.tables_figure import figure_term as table


def digests(engine: Engine) -> dict[str, str]:
    """Give the digest of each term."""
    with reading(engine) as connection:
        return {row.term: row.digest for row in connection.execute(select(table))}


def note(engine: Engine, term: str, digest: str, now: datetime) -> None:
    """Write down from what a term's figures are made now."""
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table).values(term=term, digest=digest, at=now)
    upsert = insert.on_conflict_do_update(index_elements=["term"], set_={"digest": digest, "at": now})
    with writing(engine) as connection:
        connection.execute(upsert)
