"""A registry as tidy YAML: one line a park or enterprise, a block a meter, short lists and mappings in line."""

import re
from collections.abc import Mapping
from datetime import date
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from park.registry import Registry
from park.registry_file import dump
from park.registry_scale import DATE

# Other text is put in quotes: left to itself, the library writes some that it cannot read back (`{name: ?0}`).
UNQUOTED = re.compile(r"\w(?:[\w ./()（）、%-]*[\w)）])?")
WIDEST = 1_000_000
"""Of a line: an enterprise stays on one."""


def write(registry: Registry) -> str:
    """Write a registry as the file that reads back to it."""
    plain = dump(registry)
    whole = CommentedMap()
    for key in ("park", "parks", "enterprises"):
        if key in plain:
            whole[key] = _lines(plain[key])
    meters = plain["meters"]
    if not isinstance(meters, list):
        raise TypeError("meters is a list")
    whole["meters"] = CommentedSeq(
        CommentedMap((key, _inline(value, key)) for key, value in meter.items()) for meter in meters
    )
    yaml = YAML()
    yaml.width = WIDEST
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(whole, text)
    return text.getvalue()


def _lines(value: object) -> object:
    """Write a mapping in line, or a list with a line for each of its items."""
    return CommentedSeq(_inline(item) for item in value) if isinstance(value, list) else _inline(value)


def _inline(value: object, key: str = "") -> object:
    if isinstance(value, Mapping):
        mapping = CommentedMap((_inline(name), _inline(item, name)) for name, item in value.items())
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq(_inline(item) for item in value)
        sequence.fa.set_flow_style()
        return sequence
    if key == "from" and isinstance(value, str) and DATE.fullmatch(value):
        return date.fromisoformat(value)  # a date needs no quotes
    if isinstance(value, str) and not UNQUOTED.fullmatch(value):
        return DoubleQuotedScalarString(value)
    return value
