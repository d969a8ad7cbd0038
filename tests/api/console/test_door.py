"""The way back after signing in stays within the site."""

import pytest

from api.console.door import own_path
from api.payload_text import MOST_TEXT, readable

WAYS = [
    ("a page of ours", "/meters/e01-main", "/meters/e01-main"),
    ("a page with its question", "/meters?medium=gas", "/meters?medium=gas"),
    ("another site", "https://evil.test/", "/"),
    ("another site without a scheme", "//evil.test/", "/"),
    ("another site as browsers also read it", "/\\evil.test/", "/"),
    ("a script", "javascript:alert(1)", "/"),
    ("a header of its own", "/meters\r\nSet-Cookie: a=b", "/"),
    ("the door itself", "/sign-in?next=/sign-in", "/"),
    ("no page", "/api/v1/meters", "/"),
]


@pytest.mark.parametrize(("asked", "given"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_the_way_back_stays_within_the_site(asked: str, given: str) -> None:
    assert own_path(asked) == given


def test_a_payload_is_shown_as_text_where_it_is_text_and_bounded_always() -> None:
    assert readable('{"功率": 1}\n'.encode()) == '{"功率": 1}\n'
    assert readable(b"\xff\x00\x10") == "ff 00 10"
    assert readable(b"a\x00\x1b[31m") == "a\\x00\\x1b[31m"
    assert len(readable(b"x" * 1_000_000)) <= MOST_TEXT + 2
    assert len(readable(b"\xff" * 1_000_000)) <= MOST_TEXT + 2
