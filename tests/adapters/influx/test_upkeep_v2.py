"""`store init` on a 2.x: buckets with their retention, and three tokens, each written down when it is made."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.influx import admin
from adapters.influx.resolution import ALL, DAY, RAW, Resolution
from adapters.influx.target import read
from adapters.influx.upkeep import Purpose, State
from park.telemetry import StoreHeld
from tests.adapters.influx.fake import FakeInflux
from tests.adapters.influx.second import Second

KEEPING: dict[Resolution, timedelta | None] = dict.fromkeys(ALL, timedelta(days=40)) | {DAY: None}
BUCKETS = [f"park_{resolution.name}" for resolution in ALL]
ACCOUNTS = [purpose.account for purpose in Purpose]


@pytest.fixture
def second(fake: FakeInflux) -> Second:
    """What the server keeps."""
    fake.rule = kept = Second()
    return kept


def init(
    fake: FakeInflux,
    folder: Path,
    *,
    options: str = "org=park&api=v2",
    token: str = "operator",  # noqa: S107  # opens nothing
    **raw: timedelta | None,
) -> dict[str, State]:
    keeping = KEEPING | {RAW: raw.get("raw", KEEPING[RAW])}
    return {step.name: step.state for step in admin.init(read(fake.url(options), token=token), keeping, folder)}


def test_buckets_and_tokens_are_made_once(fake: FakeInflux, second: Second, tmp_path: Path) -> None:
    assert init(fake, tmp_path) == dict.fromkeys([*BUCKETS, *ACCOUNTS], State.MADE)
    rules = {one["name"]: one["retentionRules"][0] for one in second.buckets.values()}
    assert rules["park_raw"] == {"type": "expire", "everySeconds": 40 * 86_400, "shardGroupDurationSeconds": 7 * 86_400}
    assert rules["park_1d"]["everySeconds"] == 0
    assert init(fake, tmp_path) == dict.fromkeys([*BUCKETS, *ACCOUNTS], State.KEPT)
    assert len(second.buckets) == len(BUCKETS)
    assert len(second.tokens) == len(ACCOUNTS)


def test_each_token_is_in_its_file_and_may_do_just_its_work(fake: FakeInflux, second: Second, tmp_path: Path) -> None:
    init(fake, tmp_path)
    names = {one["id"]: one["name"] for one in second.buckets.values()}
    for purpose in Purpose:
        [token] = [one for one in second.tokens.values() if one["description"] == purpose.account]
        file = purpose.file(tmp_path)
        assert file.read_text(encoding="utf-8").strip() == token["token"]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        rights = {(one["action"], names[one["resource"]["id"]]) for one in token["permissions"]}
        wanted = {("read", name) for name in BUCKETS}
        wanted |= {("write", f"park_{resolution.name}") for resolution in purpose.writes}
        assert rights == wanted


def test_another_retention_changes_that_bucket_alone(fake: FakeInflux, second: Second, tmp_path: Path) -> None:
    init(fake, tmp_path)
    states = init(fake, tmp_path, raw=None)
    assert [name for name, state in states.items() if state is not State.KEPT] == ["park_raw"]
    [raw] = [one for one in second.buckets.values() if one["name"] == "park_raw"]
    assert raw["retentionRules"][0]["everySeconds"] == 0


def test_a_token_whose_file_was_lost_is_replaced_since_the_server_keeps_only_a_hash(
    fake: FakeInflux, second: Second, tmp_path: Path
) -> None:
    init(fake, tmp_path)
    file = Purpose.GRAFANA.file(tmp_path)
    old = file.read_text(encoding="utf-8").strip()
    file.write_bytes(b"")  # as scripts/secrets keeps its place
    assert init(fake, tmp_path)[Purpose.GRAFANA.account] is State.CHANGED
    assert file.read_text(encoding="utf-8").strip() != old
    assert old not in {one["token"] for one in second.tokens.values()}


def test_a_server_that_was_made_anew_gets_new_tokens(fake: FakeInflux, second: Second, tmp_path: Path) -> None:
    init(fake, tmp_path)
    second.buckets.clear()
    second.tokens.clear()
    assert init(fake, tmp_path) == dict.fromkeys([*BUCKETS, *ACCOUNTS], State.MADE)
    assert Purpose.WRITE.file(tmp_path).read_text(encoding="utf-8").strip() in {
        one["token"] for one in second.tokens.values()
    }


@pytest.mark.usefixtures("second")
def test_what_keeps_us_out_is_said(fake: FakeInflux, tmp_path: Path) -> None:
    with pytest.raises(StoreHeld, match="SMARTPARK_INFLUX_TOKEN") as error:
        init(fake, tmp_path, token="wrong-secret")
    assert "wrong-secret" not in str(error.value)
    with pytest.raises(StoreHeld, match="no organization other"):
        init(fake, tmp_path, options="org=other")
    fake.version = "3.2.0"
    with pytest.raises(StoreHeld, match="first write"):
        init(fake, tmp_path)
