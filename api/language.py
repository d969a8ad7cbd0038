"""Which language to answer in: what the request asks for, else the installation's own."""

from starlette.requests import HTTPConnection

LANGUAGES = ("zh", "en")


def choose(accept: str, default: str = "zh") -> str:
    """Pick zh or en by an Accept-Language header; anything unreadable counts as not said."""
    best, weight = default, 0.0
    for part in accept.split(","):
        tag, _, rest = part.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        try:
            q = float(rest.strip().removeprefix("q=")) if rest.strip() else 1.0
        except ValueError:
            continue
        if name in LANGUAGES and q > weight:
            best, weight = name, q
    return best


def of(connection: HTTPConnection) -> str:
    """Give the language of one request."""
    default = getattr(connection.app.state, "language", "zh") if "app" in connection.scope else "zh"
    return choose(connection.headers.get("accept-language", ""), default)
