"""`store init` on a 1.x: databases, retention and users; done again it changes nothing, and no secret is shown."""

import gzip
import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.influx import admin
from adapters.influx.query import Queries
from adapters.influx.resolution import ALL, DAY, QUARTER, RAW, Resolution
from adapters.influx.server import Server
from adapters.influx.target import Target, read
from adapters.influx.upkeep import Purpose, State
from park.telemetry import StoreHeld, StoreUnavailable
from tests.influxd import Influxd, StartInfluxd

KEEPING: dict[Resolution, timedelta | None] = dict.fromkeys(ALL, timedelta(days=40)) | {DAY: None}
ADMIN = "admin:pass'word\\"


@pytest.fixture
def guarded(start_influxd: StartInfluxd) -> Influxd:
    """A server that wants to know who asks, and has no user yet."""
    return start_influxd(auth=True)


def policies(server: Influxd, user: str = "") -> dict[str, list[str]]:
    found = {}
    for resolution in ALL:
        answer = json.loads(server.ask(f'SHOW RETENTION POLICIES ON "park_{resolution.name}"', user=user))
        [[_, duration, shard, *_]] = answer["results"][0]["series"][0]["values"]
        found[resolution.name] = [duration, shard]
    return found


def init(server: Influxd, folder: Path, token: str | None = None, keeping: object = KEEPING) -> dict[str, State]:
    steps = admin.init(read(server.url(), token=token), keeping, folder)  # type: ignore[arg-type]  # a dict of theirs
    return {step.name: step.state for step in steps}


def test_databases_are_made_once_with_their_retention(influxd: Influxd, tmp_path: Path) -> None:
    names = [f"park_{resolution.name}" for resolution in ALL]
    assert init(influxd, tmp_path) == dict.fromkeys(names, State.MADE)
    assert policies(influxd) == {
        "raw": ["960h0m0s", "168h0m0s"],
        "15m": ["960h0m0s", "672h0m0s"],
        "1h": ["960h0m0s", "960h0m0s"],
        "1d": ["0s", "43680h0m0s"],
    }
    assert init(influxd, tmp_path) == dict.fromkeys(names, State.KEPT)
    assert list(tmp_path.iterdir()) == [], "a server without users needs no passwords"


def test_another_retention_changes_that_database_alone_and_loses_nothing(influxd: Influxd, tmp_path: Path) -> None:
    init(influxd, tmp_path)
    influxd.write("park_raw", "electricity,meter=m1 p=1")
    states = init(influxd, tmp_path, keeping=KEEPING | {RAW: None})
    assert states == {"park_raw": State.CHANGED, "park_15m": State.KEPT, "park_1h": State.KEPT, "park_1d": State.KEPT}
    assert policies(influxd)["raw"][0] == "0s"
    assert '"values"' in influxd.ask("SELECT p FROM electricity", "park_raw")


def test_users_are_made_where_the_server_asks_for_them_and_may_do_just_their_work(
    guarded: Influxd, tmp_path: Path
) -> None:
    states = init(guarded, tmp_path / "tokens", ADMIN, dict.fromkeys(ALL))
    assert {states[purpose.account] for purpose in Purpose} == {State.MADE}
    secrets = {}
    for purpose in Purpose:
        file = purpose.file(tmp_path / "tokens")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        secrets[purpose] = file.read_text(encoding="utf-8").strip()
    for purpose, secret in secrets.items():
        server = Server(read(guarded.url(), token=secret))
        for resolution in ALL:
            assert not Queries(server).ask(["SELECT p FROM electricity", "SHOW FIELD KEYS"], resolution)
            answer = server.request("POST", f"/write?db=park_{resolution.name}&precision=ms", body=b"m,meter=x p=1 1")
            assert answer.status == (204 if resolution in purpose.writes else 403)
            assert server.query(f'DROP DATABASE "park_{resolution.name}"').status == 403
        if purpose.writes:
            for resolution in ALL:
                guarded.ask("DROP MEASUREMENT m", f"park_{resolution.name}", user=ADMIN)
        server.close()
    assert init(guarded, tmp_path / "tokens", ADMIN, dict.fromkeys(ALL)) == dict.fromkeys(
        [*(f"park_{resolution.name}" for resolution in ALL), *(purpose.account for purpose in Purpose)], State.KEPT
    ), "the administrator is there, so nobody speaks of him"


def test_a_lost_secret_is_renewed_and_the_old_one_opens_nothing(guarded: Influxd, tmp_path: Path) -> None:
    init(guarded, tmp_path, ADMIN)
    file = Purpose.READ.file(tmp_path)
    old = file.read_text(encoding="utf-8").strip()
    file.write_bytes(b"")  # as scripts/secrets keeps its place
    assert init(guarded, tmp_path, ADMIN)[Purpose.READ.account] is State.CHANGED
    new = file.read_text(encoding="utf-8").strip()
    assert new != old
    assert "authorization failed" in guarded.ask("SELECT p FROM electricity", "park_raw", user=old)
    assert "results" in guarded.ask("SELECT p FROM electricity", "park_raw", user=new)


def test_a_wrong_or_missing_administrator_is_said(guarded: Influxd, tmp_path: Path) -> None:
    with pytest.raises(StoreHeld, match="user:password"):
        init(guarded, tmp_path)
    init(guarded, tmp_path, ADMIN)
    with pytest.raises(StoreHeld, match="SMARTPARK_INFLUX_TOKEN") as error:
        init(guarded, tmp_path, "admin:wrong-secret")
    assert "wrong-secret" not in str(error.value)


def test_a_reader_cannot_write_and_the_sentence_says_how_to_mend(guarded: Influxd, tmp_path: Path) -> None:
    init(guarded, tmp_path, ADMIN)
    secret = Purpose.READ.file(tmp_path).read_text(encoding="utf-8").strip()
    target = read(guarded.url(), token=secret)
    server = Server(target)

    answer = server.write(target.bucket(QUARTER), gzip.compress(b"electricity,meter=m1 p=1 1795363200000"))
    error = answer.error(f"InfluxDB {target}, park_15m")
    assert isinstance(error, StoreHeld)
    assert "store init" in str(error)
    server.close()


def test_nobody_there_is_said(free_port: int, tmp_path: Path) -> None:
    target = Target("127.0.0.1", free_port, tls=False, api=read("influxdb://x?api=v1").api)
    with pytest.raises(StoreUnavailable, match="refused"):
        list(admin.init(target, KEEPING, tmp_path))
