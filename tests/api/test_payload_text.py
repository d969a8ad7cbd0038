"""What a person is shown of a payload: all that helps, and no word that lets anybody in."""

import pytest

from api.payload_text import readable

SHOWN: dict[str, tuple[bytes, str]] = {
    "text as it came": (b'{"v":1,"m":{"p":1}}', '{"v":1,"m":{"p":1}}'),
    "what cannot be printed is spelt": (b"a\x00b", "a\\x00b"),
    "what is no text is hexadecimal": (b"\xff\xfe", "ff fe"),
    "a logger's password is hidden": (
        b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&&&1C80",
        "##0101QN=20160801085857223;ST=32;CN=1062;PW=•••;MN=010000A8900016F000169DC0;Flag=5;CP=&&&&1C80",
    ),
    "also where it stands first, or ends too soon": (b"##0020PW=123456", "##0020PW=•••"),
    "elsewhere the letters mean nothing": (b"x;PW=1;y", "x;PW=1;y"),
}


@pytest.mark.parametrize("sentence", SHOWN)
def test_a_payload_is_shown(sentence: str) -> None:
    payload, shown = SHOWN[sentence]
    assert readable(payload) == shown
