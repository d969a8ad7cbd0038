"""The console's own sheet and script, under addresses that change with their content: no browser shows an old one."""

from hashlib import blake2b
from pathlib import Path

FOLDER = Path(__file__).parent / "assets"
UNDER = "/static/console"


def address(name: str) -> str:
    """Give the address of one file."""
    digest = blake2b((FOLDER / name).read_bytes(), digest_size=6).hexdigest()
    return f"{UNDER}/{name}?{digest}"


HEAD = f'<link rel="stylesheet" href="{address("console.css")}"><script src="{address("console.js")}"></script>'
"""What every page's head carries."""
