"""InfluxQL's `/query` for one enterprise: the server's own answer to a question that was kept to its series."""

from adapters.influx.answers import Answer, Verdict
from adapters.influx.confine import confined
from adapters.influx.resolution import ALL
from adapters.influx.server import Server
from adapters.influx.target import Target


class Passage:
    """Asks one server for those who may see one enterprise.  Safe to call from any thread; sends nothing before."""

    def __init__(self, target: Target) -> None:
        self._server = Server(target)
        self.databases = frozenset(target.bucket(resolution) for resolution in ALL)

    def ask(self, influxql: str, *, database: str, enterprise: str) -> Answer:
        """Give the answer as the server gave it, times in milliseconds; one it could not read comes back as 400.

        Raises NotConfined, and StoreUnavailable where there was no answer to pass on.
        """
        written = confined(influxql, enterprise)
        answer = self._server.query(written, database=database)
        if answer.verdict not in {Verdict.ACCEPTED, Verdict.REFUSED}:
            raise answer.error(f"InfluxDB {self._server.target}, {database}")
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._server.close()
