"""Alerts in the embedded store, for those who draw them."""

from collections.abc import Sequence

from adapters.duckdb_file import DuckDBFile
from park.alert_point import AlertPoint
from park.instant import to_ms


def write(file: DuckDBFile, points: Sequence[AlertPoint]) -> None:
    """Store changes; of one rule, meter and time the last counts."""
    found = {(one.rule, one.meter, to_ms(one.at)): one for one in points}
    if not found:
        return
    with file.transaction() as writing:
        writing.cursor.executemany("delete from alert where rule = ? and meter = ? and ts = ?", list(found))
        writing.cursor.executemany(
            "insert into alert values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (*key, one.enterprise, one.park, one.severity, one.kind, one.burning, one.value, one.drill)
                for key, one in found.items()
            ],
        )
