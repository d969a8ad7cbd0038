"""As much of InfluxDB 2's own API as `store init` speaks: organizations, buckets and authorizations, kept in memory."""

import json
from itertools import count
from typing import Any

from tests.adapters.influx.fake import Asked, Said

ORG = {"id": "0000000000000001", "name": "park"}


class Second:
    """The rule of a scripted server that keeps what it is told."""

    def __init__(self) -> None:
        self.buckets: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self._ids = (f"{number:016x}" for number in count(16))

    def __call__(self, asked: Asked) -> Said:
        """Answer one request."""
        if asked.headers.get("Authorization") != "Token operator":
            return Said(401, json.dumps({"code": "unauthorized", "message": "unauthorized access"}))
        _, _, _, kind, *number = asked.path.split("/")
        said = json.loads(asked.body) if asked.body else {}
        return getattr(self, f"_{kind}")(asked, said, *number)  # type: ignore[no-any-return]  # by name

    def _orgs(self, asked: Asked, _said: object) -> Said:
        return Said(200, json.dumps({"orgs": [ORG] if asked.query.get("org") == ORG["name"] else []}))

    def _buckets(self, asked: Asked, said: dict[str, Any], number: str = "") -> Said:
        if asked.method == "POST":
            number = next(self._ids)
            self.buckets[number] = {"id": number, **said}
            return Said(201, json.dumps(self.buckets[number]))
        if asked.method == "PATCH":
            self.buckets[number] |= said
            return Said(200, json.dumps(self.buckets[number]))
        found = [one for one in self.buckets.values() if one["name"] == asked.query.get("name", one["name"])]
        return Said(200, json.dumps({"buckets": found}))

    def _authorizations(self, asked: Asked, said: dict[str, Any], number: str = "") -> Said:
        if asked.method == "POST":
            number = next(self._ids)
            self.tokens[number] = {"id": number, **said, "token": f"secret-{number}"}
            return Said(201, json.dumps(self.tokens[number]))
        if asked.method == "DELETE":
            del self.tokens[number]
            return Said(204)
        hidden = [{**one, "token": "redacted"} for one in self.tokens.values()]
        return Said(200, json.dumps({"authorizations": hidden}))
