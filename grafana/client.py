"""Grafana over HTTP: the one module that knows the client library.

Taken from the library are its session, its errors and its two ways to sign in; grafana-client, its maintained fork, has
the same (its `client` attribute in place of the object itself).  It makes of every answer JSON, so one without content
is told by its status.
"""

from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from grafana_api.grafana_api import GrafanaAPI, GrafanaException  # type: ignore[import-untyped]  # it says no types

from grafana.trouble import Cause, Changed, GrafanaTrouble, NotThere

Json = dict[str, Any]
PATIENCE = 20.0
"""Seconds for one answer."""
NO_CONTENT = 204
CAUSES = {401: Cause.NOT_LET_IN, 403: Cause.NO_RIGHT, 404: Cause.NOT_THERE, 409: Cause.CHANGED, 412: Cause.CHANGED}


class Grafana:
    """One Grafana, and how we are let in.  Raises GrafanaTrouble; nothing is sent before the first call."""

    def __init__(self, url: str, *, token: str, user: str | None = None, patience: float = PATIENCE) -> None:
        """Take an address as `page_address` gives it; with a user the token is that user's password."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        self.url = url
        self._api = GrafanaAPI(
            (user, token) if user else token,
            host=f"[{host}]" if ":" in host else host,
            port=parts.port,
            url_path_prefix=f"{parts.path.strip('/')}/" if parts.path.strip("/") else "",
            protocol=parts.scheme,
            timeout=patience,
        )
        self._api.s.trust_env = False  # no proxy of the machine's comes between
        self._api.s.hooks["response"].append(self._note)
        self._status = 0

    def close(self) -> None:
        """Close the connections."""
        self._api.s.close()

    def version(self) -> str:
        """Say which Grafana it is, and that it is well."""
        try:
            found = self._send("GET", "/health")
        except NotThere:
            raise GrafanaTrouble(Cause.NO_GRAFANA, self.url) from None
        if "version" not in found and "database" not in found:
            raise GrafanaTrouble(Cause.NO_GRAFANA, self.url)
        return str(found.get("version", "?"))

    def organisation(self) -> Json:
        """Give the organisation that the token works in: whether it is let in at all."""
        return dict(self._send("GET", "/org"))

    def folder(self, uid: str, org: int | None = None) -> Json | None:
        """Give a folder."""
        return self._find(f"/folders/{quote(uid)}", org)

    def make_folder(self, uid: str, title: str, org: int | None = None) -> None:
        """Make a folder."""
        self._send("POST", "/folders", {"uid": uid, "title": title}, org)

    def board(self, uid: str, org: int | None = None) -> Json | None:
        """Give a board with what Grafana says about it: `{"dashboard": …, "meta": …}`."""
        return self._find(f"/dashboards/uid/{quote(uid)}", org)

    def newest(self, uid: str, org: int | None = None) -> Json:
        """Give what is known of a board's newest version: its `message` and who made it."""
        found = self._send("GET", f"/dashboards/uid/{quote(uid)}/versions?limit=1", None, org)
        listed = found.get("versions", found) if isinstance(found, dict) else found
        return dict(listed[0]) if listed else {}

    def put_board(self, board: Json, folder: str, message: str, org: int | None = None) -> None:
        """Make a board, or a new version of the version it names."""
        body = {"dashboard": board, "folderUid": folder, "message": message, "overwrite": False}
        self._send("POST", "/dashboards/db", body, org)

    def annotations(self, tag: str, since_ms: int, until_ms: int, limit: int) -> list[Json]:
        """Give the annotations of a tag."""
        asked = {"tags": tag, "type": "annotation", "from": since_ms, "to": until_ms, "limit": limit}
        return list(self._send("GET", f"/annotations?{urlencode(asked)}"))

    def annotate(self, annotation: Json) -> None:
        """Make an annotation."""
        self._send("POST", "/annotations", annotation)

    def end_annotation(self, number: int, at_ms: int) -> None:
        """Say when what an annotation tells of was over."""
        self._send("PATCH", f"/annotations/{number}", {"timeEnd": at_ms})

    def organisation_of(self, name: str) -> int | None:
        """Give the number of the organisation of a name."""
        found = self._find(f"/orgs/name/{quote(name, safe='')}", None)
        return None if found is None else int(found["id"])

    def make_organisation(self, name: str) -> int:
        """Make an organisation, whose first member is who asks."""
        return int(self._send("POST", "/orgs", {"name": name})["orgId"])

    def source(self, uid: str, org: int) -> Json | None:
        """Give a data source; its secrets are never shown."""
        return self._find(f"/datasources/uid/{quote(uid)}", org)

    def put_source(self, source: Json, org: int, *, there: bool) -> None:
        """Make a data source, or put it in the place of the one that is there."""
        if there:
            self._send("PUT", f"/datasources/uid/{quote(str(source['uid']))}", source, org)
        else:
            self._send("POST", "/datasources", source, org)

    def _find(self, path: str, org: int | None) -> Json | None:
        try:
            return dict(self._send("GET", path, None, org))
        except NotThere:
            return None

    def _send(self, method: str, path: str, body: Json | None = None, org: int | None = None) -> Any:  # noqa: ANN401  # JSON
        headers = None if org is None else {"X-Grafana-Org-Id": str(org)}
        where = f"{method} {self.url}/api{path.partition('?')[0]}"
        self._status = 0
        try:
            return getattr(self._api, method)(path, json=body, headers=headers)
        except GrafanaException as error:
            raise _trouble(error, where) from None
        except ValueError as error:
            if self._status == NO_CONTENT:
                return {}
            if isinstance(error, OSError) and not self._status:
                raise GrafanaTrouble(Cause.AWAY, where) from None
            raise GrafanaTrouble(Cause.NO_GRAFANA, where) from None
        except OSError as error:  # what the library's own library raises is one
            slow = "Timeout" in type(error).__name__
            raise GrafanaTrouble(Cause.SLOW if slow else Cause.AWAY, where) from None

    def _note(self, response: Any, **_: object) -> None:  # noqa: ANN401  # the library's
        self._status = int(response.status_code)


def _trouble(error: Any, where: str) -> GrafanaTrouble:  # noqa: ANN401  # the library says no types
    status = int(error.status_code)
    said = error.response
    words = str(said.get("message", "")) if isinstance(said, dict) else ""
    cause = CAUSES.get(status, Cause.BROKEN if status >= 500 else Cause.REFUSED)  # noqa: PLR2004  # HTTP's own hundreds
    kind = {Cause.NOT_THERE: NotThere, Cause.CHANGED: Changed}.get(cause, GrafanaTrouble)
    return kind(cause, where, " ".join(f"{status} {words}".split())[:200])
