"""Where a broker is, read from a URL that may hold a password; no word of ours ever repeats it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mqtt import Endpoint, endpoint

GOOD = [
    ("mqtt://broker", Endpoint("broker", 1883)),
    ("mqtts://broker", Endpoint("broker", 8883, tls=True)),
    ("mqtt://127.0.0.1:1884", Endpoint("127.0.0.1", 1884)),
    ("MQTT://Broker:1884/", Endpoint("broker", 1884)),
    (" mqtt://broker\n", Endpoint("broker", 1883)),
    ("mqtt://[::1]:1884", Endpoint("::1", 1884)),
    ("mqtt://meter@broker", Endpoint("broker", 1883, user="meter")),
    ("mqtt://meter:secret@broker", Endpoint("broker", 1883, user="meter", password="secret")),
    ("mqtt://meter:p%40ss%2F%3A%25@broker", Endpoint("broker", 1883, user="meter", password="p@ss/:%")),
    ("mqtt://%E8%AE%A1%E9%87%8F:%E5%AF%86@broker", Endpoint("broker", 1883, user="计量", password="密")),
    ("mqtt://meter:a:b@broker", Endpoint("broker", 1883, user="meter", password="a:b")),
]
LOOKS = "a broker URL looks like mqtt://"
BAD = [
    ("no scheme", "broker:1883", LOOKS),
    ("another scheme", "http://broker", LOOKS),
    ("a WebSocket", "ws://broker", LOOKS),
    ("no host", "mqtt://:1883", LOOKS),
    ("nothing", "", LOOKS),
    ("half a bracket", "mqtt://[::1", LOOKS),
    ("a port in letters", "mqtt://broker:abc", "a number from 1 to 65535"),
    ("a port of nothing", "mqtt://broker:0", "a number from 1 to 65535"),
    ("a port too high", "mqtt://broker:65536", "a number from 1 to 65535"),
    ("a path", "mqtt://broker:1883/park", "nothing may follow the port"),
    ("a query", "mqtt://broker?tls=1", "nothing may follow the port"),
    ("a password for nobody", "mqtt://:secret@broker", "a password needs a user name"),
]
LEAKY = [
    "mqtt://meter:sec/ret@broker",
    "mqtt://meter:sec#ret@broker",
    "mqtt://meter:sec?ret@broker:1883",
    "mqtt://meter:secret@broker:port",
    "mqtt://meter:secret@[::1",
    "mqtt://meter:secret℀@broker",
    "mqtt://:secret@broker",
    "mqt://meter:secret@broker",
    "mqtt://meter:secret@",
]


@pytest.mark.parametrize(("url", "expected"), GOOD)
def test_a_good_url_is_read(url: str, expected: Endpoint) -> None:
    assert endpoint(url) == expected


@pytest.mark.parametrize(("url", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_url_is_refused_with_what_to_write(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        endpoint(url)
    assert "mqtts://user:password@host:8883" in str(caught.value)


@pytest.mark.parametrize("url", LEAKY)
def test_no_refusal_repeats_a_password_or_half_of_one(url: str) -> None:
    with pytest.raises(ValueError, match="broker URL") as caught:
        endpoint(url)
    chain: list[BaseException | None] = [caught.value, caught.value.__cause__]
    assert not any(part in str(one) for one in chain if one for part in ("sec", "ret@"))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_password_from_elsewhere_serves_unless_the_url_has_one() -> None:
    assert endpoint("mqtt://meter@broker", password="elsewhere").password == "elsewhere"
    assert endpoint("mqtt://meter:here@broker", password="elsewhere").password == "here"
    with pytest.raises(ValueError, match="a password needs a user name"):
        endpoint("mqtt://broker", password="elsewhere")


@given(password=st.text(min_size=1, max_size=20).filter(lambda text: text not in "mqtt://meter@broker:1883 Endpoint"))
def test_nothing_that_is_printed_of_an_endpoint_shows_the_password(password: str) -> None:
    target = Endpoint("broker", 1883, user="meter", password=password, ca_file=Path("ca.pem"))
    plain = Endpoint("broker", 1883, user="meter", password=None, ca_file=Path("ca.pem"))
    assert (str(target), repr(target)) == (str(plain), repr(plain))
    assert "password" not in repr(target)


@pytest.mark.parametrize("url", ["mqtt://broker:1884", "mqtts://broker:8883", "mqtt://[::1]:1883"])
def test_its_text_is_the_url_without_secrets(url: str) -> None:
    assert str(endpoint(url)) == url
