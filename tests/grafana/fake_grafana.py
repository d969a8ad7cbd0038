"""A small real HTTP server that behaves as Grafana's HTTP API is documented to, for the calls a sync makes.

What it keeps is kept by organisation; what came is written down as a transcript.  Errors are Grafana's: 401 without the
right token, 404 for what is not there, 409 and 412 for what is there already or has another version, 400 for a folder
that is not there, 403 where a token may not.  `answers` puts another answer before the next ones.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Json = dict[str, Any]
Answer = tuple[int, Any]
TOKEN = "glsa_of-the-service-account"
ADMIN = ("admin", "of the administrator")


def error(status: int, message: str) -> Answer:
    return status, {"message": message}


@dataclass
class Organisation:
    """What one organisation has."""

    folders: dict[str, Json] = field(default_factory=dict)
    boards: dict[str, Json] = field(default_factory=dict)
    versions: dict[str, list[Json]] = field(default_factory=dict)
    sources: dict[str, Json] = field(default_factory=dict)


@dataclass
class FakeGrafana:
    """The server's state; a test may change it as a person would in the browser."""

    url: str = ""
    organisations: dict[int, Organisation] = field(default_factory=lambda: {1: Organisation()})
    names: dict[str, int] = field(default_factory=lambda: {"Main Org.": 1})
    annotations: list[Json] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    """Given in place of the next ones to what is written; a status of 0 is no answer at all until the test is over."""
    over: Event = field(default_factory=Event)
    administrator: tuple[str, str] = ADMIN

    def take(self, method: str, target: str, headers: Any, body: Json) -> Answer:  # noqa: ANN401  # a mapping
        parts = urlsplit(target)
        org = int(headers.get("X-Grafana-Org-Id", "1"))
        self.transcript.append(f"{method} {unquote(parts.path)}" + (f" in {org}" if org != 1 else ""))
        path = [unquote(part) for part in parts.path.removeprefix("/api/").split("/")]
        if parts.path.startswith("/d/"):
            return 200, f"<title>Grafana</title><h1>{parts.path}</h1><p>{parts.query}</p>".encode()
        if path == ["health"]:
            return 200, {"database": "ok", "version": "13.2.1"}
        if self.answers and method != "GET":
            return self.answers.pop(0)
        asked = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        who = headers.get("Authorization", "")
        basic = f"Basic {base64.b64encode(':'.join(self.administrator).encode()).decode()}"
        if who not in {basic, f"Bearer {TOKEN}"} or org not in self.organisations:
            return error(401, "Invalid API key")
        return self._serve(method, path, body | {"?": asked}, org, may_make=who == basic)

    def _serve(self, method: str, path: list[str], body: Json, org: int, *, may_make: bool) -> Answer:
        if path[0] == "orgs" and not may_make:
            return error(403, "You'll need additional permissions to perform this action.")
        known = {
            "org": self._org, "folders": self._folder, "dashboards": self._dashboard, "annotations": self._annotation,
            "orgs": self._orgs, "datasources": self._source,
        }  # fmt: skip
        if path[0] not in known:
            return error(404, "Not found")
        return known[path[0]](method, path, body, self.organisations[org])

    def _org(self, _method: str, _path: list[str], _body: Json, _org: Organisation) -> Answer:
        return 200, {"id": 1, "name": "Main Org."}

    def _folder(self, method: str, path: list[str], body: Json, org: Organisation) -> Answer:
        if method == "GET":
            found = org.folders.get(path[1])
            return (200, found) if found else error(404, "folder not found")
        if body["uid"] in org.folders:
            return error(409, "a folder with the same uid already exists")
        org.folders[body["uid"]] = {"uid": body["uid"], "title": body["title"], "version": 1}
        return 200, org.folders[body["uid"]]

    def _dashboard(self, method: str, path: list[str], body: Json, org: Organisation) -> Answer:
        if method == "POST":
            return self._save(body, org)
        uid = path[2]
        if uid not in org.boards:
            return error(404, "Dashboard not found")
        return 200, {"versions": org.versions[uid][:1]} if path[3:] == ["versions"] else org.boards[uid]

    def _save(self, body: Json, org: Organisation) -> Answer:
        board, uid = dict(body["dashboard"]), str(body["dashboard"]["uid"])
        if body["folderUid"] not in org.folders:
            return error(400, "folder not found")
        there = org.boards.get(uid)
        if there is not None and board.get("version") != there["dashboard"]["version"]:
            return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
        if there is None and board.get("id") is not None:
            return error(404, "Dashboard not found")
        version = 1 if there is None else there["dashboard"]["version"] + 1
        # It keeps a board in a newer form than it was sent in.
        kept = board | {"id": len(org.boards) + 1, "version": version, "schemaVersion": 99}
        org.boards[uid] = {"dashboard": kept, "meta": {"folderUid": body["folderUid"], "provisioned": False}}
        self.edit(uid, message=body["message"], who="sa-smartpark", org=org)
        return 200, {"uid": uid, "status": "success", "version": version}

    def edit(self, uid: str, *, message: str, who: str, org: Organisation | None = None) -> None:
        """Write down a version, as saving does."""
        versions = (org or self.organisations[1]).versions.setdefault(uid, [])
        versions.insert(0, {"version": len(versions) + 1, "createdBy": who, "message": message})

    def _annotation(self, method: str, path: list[str], body: Json, _org: Organisation) -> Answer:
        if method == "GET":
            tag = body["?"]["tags"]
            return 200, [one for one in self.annotations if tag in one["tags"]]
        if method == "PATCH":
            self.annotations[int(path[1]) - 1]["timeEnd"] = body["timeEnd"]
            return 200, {"message": "Annotation patched"}
        number = len(self.annotations) + 1
        made = {key: value for key, value in body.items() if key != "?"}
        self.annotations.append({"id": number, "timeEnd": body["time"]} | made)
        return 200, {"id": number, "message": "Annotation added"}

    def _orgs(self, method: str, path: list[str], body: Json, _org: Organisation) -> Answer:
        if method == "GET":
            found = self.names.get(path[2])
            return (200, {"id": found, "name": path[2]}) if found else error(404, "Organization not found")
        if body["name"] in self.names:
            return error(409, "Organization name taken")
        number = len(self.organisations) + 1
        self.names[body["name"]], self.organisations[number] = number, Organisation()
        return 200, {"orgId": number, "message": "Organization created"}

    def _source(self, method: str, path: list[str], body: Json, org: Organisation) -> Answer:
        if method == "GET":
            found = org.sources.get(path[2])
            if found is None:
                return error(404, "Data source not found")
            shown = {key: value for key, value in found.items() if key != "secureJsonData"}
            return 200, shown | {"secureJsonFields": dict.fromkeys(found.get("secureJsonData", {}), True)}
        made = {key: value for key, value in body.items() if key != "?"}
        org.sources[str(made["uid"])] = made
        return 200, {"message": "Datasource added"}


@contextmanager
def fake_grafana() -> Iterator[FakeGrafana]:
    """Run one on a free loopback port."""
    grafana = FakeGrafana()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"null") or {}
            status, said = grafana.take(self.command, self.path, self.headers, body)
            if status == 0:
                grafana.over.wait(60)
                self.close_connection = True
                return
            written = b"" if said is None else said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if isinstance(said, bytes) else "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST = do_PATCH = do_PUT = _any  # noqa: N815  # the base class calls them so

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
            """Say nothing: the transcript does."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    grafana.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield grafana
    finally:
        grafana.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
