"""An organisation for each enterprise, whose data sources are ours and answer with its own series alone.

Grafana's open-source edition keeps organisations apart, and nothing finer: within one, whoever may see a board may ask
its data sources anything.  So an organisation gets no way to InfluxDB or PostgreSQL, but our API with a key of the
enterprise's, and who asks there is held to it by the API and not by Grafana.
"""

import json
from collections.abc import Callable, Iterable, Iterator

from grafana import sync
from grafana.client import Grafana, Json
from grafana.placed import Board
from grafana.sources import SOURCES, Source
from grafana.step import State, Step

KEY_HEADER = "X-API-Key"
MakeKey = Callable[[str], str]
"""Makes a new key of an enterprise, which takes the place of an earlier one, and gives it."""


def organisation(
    grafana: Grafana,
    enterprise: str,
    name: str,
    boards: Iterable[Board],
    *,
    api: str,
    prefix: str,
    make_key: MakeKey,
    dry: bool,
    overwrite: bool = False,
) -> Iterator[Step]:
    """See that an enterprise has its organisation, data sources and boards."""
    title = f"{enterprise} {name}"
    org = grafana.organisation_of(title)
    if org is None:
        yield Step("organisation", title, State.MADE)
        if dry:
            return
        org = grafana.make_organisation(title)
    else:
        yield Step("organisation", title, State.UNCHANGED)
    yield from _sources(grafana, org, enterprise, api=api, prefix=prefix, make_key=make_key, dry=dry)
    yield from sync.folder(grafana, dry=dry, org=org)
    yield from sync.boards(grafana, boards, dry=dry, overwrite=overwrite, org=org)


def _sources(
    grafana: Grafana, org: int, enterprise: str, *, api: str, prefix: str, make_key: MakeKey, dry: bool
) -> Iterator[Step]:
    """See to the data sources; one key serves all, and is made anew only where one of them has none or is another."""
    wanted = [_source(source, f"{api}/api/v1/grafana/{enterprise}", prefix) for source in SOURCES if source.resolution]
    there = [grafana.source(str(one["uid"]), org) for one in wanted]
    same = all(found is not None and _same(found, one) for found, one in zip(there, wanted, strict=True))
    secret = None if same or dry else {"httpHeaderValue1": make_key(enterprise)}
    for found, one in zip(there, wanted, strict=True):
        state = State.UNCHANGED if same else State.MADE if found is None else State.CHANGED
        if secret is not None:
            grafana.put_source(one | {"secureJsonData": secret}, org, there=found is not None)
        yield Step("source", f"{enterprise}/{one['uid']}", state)


def _source(source: Source, url: str, prefix: str) -> Json:
    assert source.resolution is not None  # noqa: S101  # the caller left out the one without
    data = {
        "version": "InfluxQL",
        "dbName": f"{prefix}_{source.resolution.name}",
        "httpMode": "POST",
        "httpHeaderName1": KEY_HEADER,
    }
    return {
        "uid": source.uid, "name": source.zh, "type": source.kind, "access": "proxy", "url": url,
        "isDefault": source.uid == SOURCES[0].uid, "jsonData": data,
    }  # fmt: skip


def _same(found: Json, wanted: Json) -> bool:
    kept = all(json.dumps(found.get(key)) == json.dumps(wanted[key]) for key in ("name", "type", "access", "url"))
    data = found.get("jsonData") or {}
    return (
        kept
        and all(data.get(key) == value for key, value in wanted["jsonData"].items())
        and bool((found.get("secureJsonFields") or {}).get("httpHeaderValue1"))
    )
