"""The address of a page as browsers reach it: `https://park.example.lan/grafana`, and nothing more than that."""

import re
from typing import Final
from urllib.parse import urlsplit

LOOKS: Final = "must look like https://grafana.park.lan or http://192.168.10.5:3000/grafana"
HOST: Final = r"[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]"
ADDRESS: Final = re.compile(rf"https?://(?:{HOST})(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._~/-]*)?")


def page_address(url: str) -> str:
    """Read such an address, without the slash at its end.  Raises ValueError; the sentence never repeats the address.

    No user, no query and no letter that means something in a header: the origin goes into one.
    """
    trimmed = url.strip().rstrip("/")
    if not ADDRESS.fullmatch(trimmed):
        raise ValueError(LOOKS)
    try:
        port = urlsplit(trimmed).port
    except ValueError:
        raise ValueError(LOOKS) from None
    if port == 0:
        raise ValueError(LOOKS)
    return trimmed


def origin(address: str) -> str:
    """Give the origin of a page: scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
