"""The address of a page is taken as it is written, or refused: what is not one would end up in a header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.page_address import origin, page_address

GOOD = [
    ("https://grafana.park.lan", "https://grafana.park.lan", "https://grafana.park.lan"),
    ("http://192.168.10.5:3000/", "http://192.168.10.5:3000", "http://192.168.10.5:3000"),
    (" https://park.lan/grafana/\n", "https://park.lan/grafana", "https://park.lan"),
    ("http://[::1]:3000", "http://[::1]:3000", "http://[::1]:3000"),
]


@pytest.mark.parametrize(("written", "read", "its_origin"), GOOD)
def test_an_address_is_read_without_the_slash_at_its_end(written: str, read: str, its_origin: str) -> None:
    assert page_address(written) == read
    assert origin(read) == its_origin


@given(st.text(alphabet=st.sampled_from("htps:/.-ab1[]@?#; '\"*,\n\t"), max_size=30).map("https://".__add__))
def test_an_origin_can_never_say_more_in_a_header_than_where_it_is(text: str) -> None:
    try:
        found = origin(page_address(text))
    except ValueError:
        return
    assert not set(found) & set(" ;,'\"*\n\t@?#")
    assert found.startswith("https://")
