"""What becomes of readings when the server does not simply take them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from adapters.clock import now
from adapters.influx.homes import Homes, NoBook
from adapters.influx.put import LINES
from adapters.influx.query import Queries
from adapters.influx.resolution import RAW
from adapters.influx.server import Server
from adapters.influx.sieve import NOTHING_TAKEN, REQUESTS
from adapters.influx.target import Target, read
from adapters.influx.writer import Writer
from park.reading import Reading
from park.registry import Registry
from park.telemetry import StoreHeld, StoreRefused, StoreUnavailable
from tests.adapters.influx.fake import HANG, RESET, STORED, Asked, FakeInflux, Said, refusing
from tests.contracts.influx import meter
from tests.contracts.telemetry import START, after, reading
from tests.influxd import Influxd

NOW = START - timedelta(days=1)
"""Before all readings: what is good need not be said."""
REGISTRY = Registry(meters=(meter("m1"), meter("m2")))


def writer(target: Target, now: datetime = NOW) -> Writer:
    return Writer(Server(target, read=0.5), Homes(NoBook(), lambda: REGISTRY, lambda: now), now)


@pytest.fixture
def write(fake: FakeInflux) -> Callable[[list[Reading]], None]:
    return writer(read(fake.url(), token="secret")).write


Write = Callable[[list[Reading]], None]


def batch(count: int, *, metric: str = "p") -> list[Reading]:
    return [reading(float(number), after(ms=number), metric=metric) for number in range(count)]


def refused(write: Write, readings: list[Reading]) -> dict[datetime, str]:
    with pytest.raises(StoreRefused) as error:
        write(readings)
    return {one.at: why for one, why in error.value.refused}


# --- how it is sent ---------------------------------------------------------------------------------------------------


def test_lines_go_gzipped_in_milliseconds_to_the_raw_bucket_with_the_token(fake: FakeInflux, write: Write) -> None:
    write([reading(1.5), reading(2.0, metric="q", quality=4)])
    [asked] = fake.writes
    assert (asked.method, asked.path) == ("POST", "/api/v2/write")
    assert asked.query == {"org": "park", "bucket": "park_raw", "precision": "ms"}
    assert asked.headers["Content-Encoding"] == "gzip"
    assert asked.headers["Authorization"] == "Token secret"
    assert asked.lines == ["electricity,enterprise=e01,meter=m1,park=park p=1.5,q=2.0,q_q=4i 1795363200000"]


def test_1_x_is_written_to_by_its_own_path_with_user_and_password(fake: FakeInflux) -> None:
    fake.version = "1.8.10"
    writer(read(fake.url("api=v1"), token="user:pass")).write([reading(1.0)])
    [asked] = fake.writes
    assert (asked.path, asked.query) == ("/write", {"db": "park_raw", "precision": "ms"})
    assert asked.headers["authorization"] == "Basic dXNlcjpwYXNz"


def test_a_large_write_goes_in_batches(fake: FakeInflux, write: Write) -> None:
    write(batch(2 * LINES + 1))
    assert [len(asked.lines) for asked in fake.writes] == [LINES, LINES, 1]


def test_good_readings_say_so_only_where_a_worse_one_may_be_stored(fake: FakeInflux) -> None:
    write = writer(read(fake.url()), now=after(10) - timedelta(minutes=10)).write
    write([reading(1.0, after(10))])
    write([reading(1.0, after(11))])
    write([reading(1.0, after(12), quality=1)])
    write([reading(1.0, after(12)), reading(1.0, after(13))])
    fields = [line.split(" ")[1] for line in fake.stored]
    assert fields == ["p=1.0,p_q=0i", "p=1.0", "p=1.0,p_q=1i", "p=1.0", "p=1.0,p_q=0i"]
    assert fake.stored[3].endswith(str(1795363200000 + 13 * 60_000))


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("bad", [[0], [99], [3, 4], [0, 50, 99], list(range(40, 50))])
def test_exactly_the_bad_ones_are_refused_with_the_server_s_words(
    fake: FakeInflux, write: Write, bad: list[int], status: int
) -> None:
    fake.rule = refusing(*(f"p={number}.0 " for number in bad), status=status, message="cannot take")
    found = refused(write, batch(100))
    assert sorted(found) == [after(ms=number) for number in bad]
    assert all(why.startswith("cannot take 'electricity") for why in found.values())
    assert len(set(fake.stored)) == 100 - len(bad)


@pytest.mark.influx
def test_what_the_bucket_would_delete_at_once_is_let_go_and_nothing_waits_for_it(influxd: Influxd) -> None:
    old = [reading(1.0, datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=number)) for number in range(300)]
    influxd.ask('CREATE DATABASE "park_raw" WITH DURATION 30d')
    write = writer(read(influxd.url())).write
    write([*old, reading(7.0, now())])  # the server's own clock decides
    write(old)
    assert ",1]" in influxd.ask("SELECT count(p) FROM electricity", "park_raw")


def test_too_old_and_wrong_are_told_apart(fake: FakeInflux, write: Write) -> None:
    fake.rule = refusing("p=3.0 ", message="partial write: points beyond retention policy dropped=1")
    write(batch(10))
    fake.rule = refusing("p=3.0 ", message="field type conflict")
    assert list(refused(write, batch(10))) == [after(ms=3)]


def test_one_bad_field_does_not_cost_the_other_fields_of_its_line(fake: FakeInflux, write: Write) -> None:
    fake.rule = refusing("q=")
    found = refused(write, [*batch(50), *batch(50, metric="q")])
    assert len(found) == 50
    assert {line.split(" ")[1] for line in fake.stored} == {f"p={number}.0" for number in range(50)}


def test_a_field_that_sticks_costs_few_requests_and_the_rest_goes_in_at_once(fake: FakeInflux, write: Write) -> None:
    fake.rule = refusing("q=", message="field type conflict")
    everything = [one for pair in zip(batch(3_000), batch(3_000, metric="q"), strict=True) for one in pair]
    found = refused(write, everything)
    assert len(found) == 3_000
    assert all("field type conflict" in why for why in found.values())
    assert len({line.split(" ")[1] for line in fake.stored}) == 3_000
    assert len(fake.writes) <= REQUESTS + 1


def test_a_server_that_takes_nothing_at_all_is_a_fault_to_mend_and_not_of_the_readings(
    fake: FakeInflux, write: Write
) -> None:
    fake.rule = lambda _asked: Said(400, '{"error":"precision is unknown"}')
    for _ in range(2):
        fake.asked.clear()
        with pytest.raises(StoreHeld, match="precision is unknown"):
            write(batch(5_000))
        assert len(fake.writes) <= NOTHING_TAKEN + 1


def test_a_single_reading_that_is_refused_is_not_sent_again(fake: FakeInflux, write: Write) -> None:
    fake.rule = refusing("p=")
    assert len(refused(write, batch(1))) == 1
    assert len(fake.writes) == 1


def test_a_meter_that_nobody_registered_is_refused_and_the_others_are_stored(fake: FakeInflux, write: Write) -> None:
    found = refused(write, [reading(1.0, meter="stranger"), reading(2.0, after(1))])
    assert found == {START: "the meter is not registered"}
    assert len(fake.stored) == 1


def test_an_outage_in_the_middle_of_sorting_stores_again_later_and_refuses_the_same(
    fake: FakeInflux, write: Write
) -> None:
    bad = refusing("p=7.0 ")
    turns = iter(range(1_000))
    fake.rule = lambda asked: Said(500, "{}") if next(turns) == 3 else bad(asked)
    with pytest.raises(StoreUnavailable):
        write(batch(20))
    assert list(refused(write, batch(20))) == [after(ms=7)]
    assert len(set(fake.stored)) == 19


# --- sizes ------------------------------------------------------------------------------------------------------------


def limited(most: int) -> Callable[[Asked], Said]:
    return lambda asked: STORED if len(asked.body) <= most else Said(413, '{"message":"too large"}')


def test_a_batch_that_is_too_large_is_halved_and_the_next_is_smaller_from_the_start(
    fake: FakeInflux, write: Write
) -> None:
    fake.rule = limited(20_000)
    write(batch(1_000))
    assert len(set(fake.stored)) == 1_000
    fake.asked.clear()
    write(batch(1_000))
    assert sum(len(asked.body) > 20_000 for asked in fake.writes) <= 1


def test_a_single_line_that_is_too_large_is_refused(fake: FakeInflux, write: Write) -> None:
    fake.rule = limited(10)
    assert len(refused(write, batch(3))) == 3


# --- not now ----------------------------------------------------------------------------------------------------------

TROUBLE = [
    ("overloaded", Said(503, '{"message":"cache full"}', {"Retry-After": "7"}), 7, False, "cache full"),
    ("too often", Said(429, "{}", {"Retry-After": "2"}), 2, False, "429"),
    ("too often, without saying how long", Said(429), None, False, "429"),
    ("a fault", Said(500, '{"error":"timeout"}'), None, False, "timeout"),
    ("a proxy without a server", Said(502, "<html>"), None, False, "502"),
    ("no such token", Said(401, '{"message":"unauthorized access"}'), None, True, "SMARTPARK_INFLUX_TOKEN"),
    ("no right", Said(403, '{"message":"forbidden"}'), None, True, "store init"),
    ("no bucket", Said(404, '{"message":"bucket \\"park_raw\\" not found"}'), None, True, "store init"),
    ("moved", Said(307, "", {"Location": "http://127.0.0.1:1/"}), None, True, "SMARTPARK_TELEMETRY_URL"),
    ("no answer", HANG, None, False, "InfluxDB http"),
    ("cut off", RESET, None, False, "InfluxDB http"),
]


@pytest.mark.parametrize("api", ["org=park&api=v2", "api=v1"])
@pytest.mark.parametrize("trouble", [row[1:] for row in TROUBLE], ids=[row[0] for row in TROUBLE])
def test_whatever_is_not_about_the_readings_keeps_them(
    fake: FakeInflux, api: str, trouble: tuple[Said, int | None, bool, str]
) -> None:
    said, wait, held, words = trouble
    fake.version = "v2.7.12" if "v2" in api else "1.6.7"
    fake.rule = lambda _asked: said
    write = writer(read(fake.url(api), token="name:hunter2")).write
    with pytest.raises(StoreUnavailable, match=words) as error:
        write(batch(3))
    assert isinstance(error.value, StoreHeld) == held
    assert error.value.retry_after == (None if wait is None else timedelta(seconds=wait))
    assert "hunter2" not in str(error.value)
    fake.rule = lambda _asked: STORED
    write(batch(3))
    assert len(set(fake.stored)) == 3


def test_nobody_there_keeps_them_too(free_port: int) -> None:
    with pytest.raises(StoreUnavailable, match="refused"):
        writer(read(f"influxdb://127.0.0.1:{free_port}?org=park")).write(batch(1))


# --- the right server -------------------------------------------------------------------------------------------------

SERVERS = [
    ("v2.7.12", "org=park&api=v2", ""),
    ("2.9.1", "org=park&api=v2", ""),
    ("3.1.0", "org=park&api=v2", ""),
    ("1.6.7~rc0", "api=v1", ""),
    ("1.6.7~rc0", "org=park&api=v2", "api=v1"),
    ("v2.3.0", "org=park&api=v2", "2.4"),
    ("v2.7.12", "api=v1", "api=v2"),
    ("3.1.0", "api=v1", "api=v2"),
    ("", "org=park&api=v2", "no InfluxDB"),
]


@pytest.mark.parametrize(("version", "api", "words"), SERVERS)
def test_the_setting_must_fit_the_server_before_anything_is_sent(
    fake: FakeInflux, version: str, api: str, words: str
) -> None:
    fake.version = version
    write = writer(read(fake.url(api))).write
    if not words:
        write(batch(1))
        assert len(fake.stored) == 1
        return
    with pytest.raises(StoreHeld, match=words):
        write(batch(1))
    assert fake.writes == []


# --- a real 1.x -------------------------------------------------------------------------------------------------------


def test_a_real_server_s_refusals_are_told_apart(real: Target) -> None:
    server = Server(real)
    bucket = real.bucket(RAW)
    server.request("POST", f"/write?db={bucket}&precision=ms", body=b"electricity,meter=x q=1i 1795363200000")
    everything = [*batch(200), *batch(200, metric="q")]
    write = writer(real).write
    found = refused(write, everything)
    assert len(found) == 200
    assert all("field type conflict" in why for why in found.values())
    [count] = Queries(server).ask(["SELECT count(p) FROM electricity WHERE meter = 'm1'"], RAW)
    assert count.series.values == [[0, 200]]
    server.close()
