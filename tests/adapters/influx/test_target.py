import pytest

from adapters.influx.resolution import DAY, RAW
from adapters.influx.target import Api, read


def test_a_url_names_server_organization_and_buckets() -> None:
    target = read("influxdbs://db.park:443?org=恒口&api=v2&bucket=hk", token="secret")
    assert (target.url, target.api, target.org) == ("https://db.park:443", Api.V2, "恒口")
    assert (target.bucket(RAW), target.bucket(DAY)) == ("hk_raw", "hk_1d")


def test_what_is_left_out_has_its_usual_value() -> None:
    assert str(read("influxdb://db?org=park")) == "http://db:8086"
    assert read("influxdb://[::1]?api=v1").url == "http://[::1]:8086"
    assert read("influxdb://db?api=v1").bucket(RAW) == "park_raw"


def test_no_text_of_a_target_shows_its_token() -> None:
    target = read("influxdb://db?org=park", token="very-secret")
    assert "very-secret" not in f"{target} {target!r}"


MISTAKES = [
    ("another scheme", "http://db:8086?org=a", "must look like"),
    ("no host", "influxdb://?org=a", "must look like"),
    ("a path", "influxdb://db/park?org=a", "must look like"),
    ("a port in words", "influxdb://db:http?org=a", "must look like"),
    ("a user", "influxdb://admin:hunter2@db?api=v1", "SMARTPARK_INFLUX_TOKEN"),
    ("an unknown option", "influxdb://db?org=a&rp=autogen", "each at most once"),
    ("an option twice", "influxdb://db?org=a&org=b", "each at most once"),
    ("another api", "influxdb://db?org=a&api=v3", "api must be v2"),
    ("no organization", "influxdb://db?api=v2", "org is needed"),
    ("a bucket that is two", "influxdb://db?org=a&bucket=a%20b", "bucket must begin"),
    ("an empty bucket", "influxdb://db?org=a&bucket=", "bucket must begin"),
]


@pytest.mark.parametrize(("url", "words"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_said_with_what_to_mend_and_without_the_secret(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        read(url)
    assert "hunter2" not in str(refused.value)
