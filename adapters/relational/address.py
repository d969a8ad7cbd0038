"""A database URL and its password, which may come from somewhere safer than the URL."""

from urllib.parse import quote


def takes_password(url: str) -> bool:
    """Tell whether a URL names a PostgreSQL user, who may have a password."""
    scheme, user, _ = _parts(url)
    return scheme.partition("+")[0] == "postgresql" and user is not None and user.partition(":")[0] != ""


def with_password(url: str, password: str | None) -> str:
    """Give a URL its password; one that is in it already counts before the one given."""
    scheme, user, rest = _parts(url)
    if password is None or user is None or ":" in user:
        return url
    return f"{scheme}://{user}:{quote(password, safe='')}@{rest}"


def _parts(url: str) -> tuple[str, str | None, str]:
    """Split into scheme, user with password, and the rest; the user is None where there is none."""
    scheme, _, after = url.partition("://")
    end = min((after.find(sign) for sign in "/?" if sign in after), default=len(after))
    user, at, host = after[:end].rpartition("@")
    return scheme, (user if at else None), (host if at else after[:end]) + after[end:]
