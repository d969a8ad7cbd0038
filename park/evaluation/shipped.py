"""The schemes that come with the platform: an example of a published rule, and a blank one.  None is a local rule."""

from functools import cache
from importlib import resources

import msgspec

from park.evaluation.scheme import Scheme
from park.evaluation.scheme_file import check

NAMES = ("huangyan-2023-example", "custom")


@cache
def shipped() -> dict[str, Scheme]:
    """Every shipped scheme by id."""
    return {name: _read(name) for name in NAMES}


def _read(name: str) -> Scheme:
    text = resources.files("park.evaluation").joinpath("schemes", f"{name}.json").read_bytes()
    checked = check(msgspec.json.decode(text))
    if checked.scheme is None:
        raise ValueError("; ".join(f"{mistake.path}: {mistake.en}" for mistake in checked.mistakes))
    return checked.scheme
