"""Codecs: one file each, all behind `read`; `decode` for whoever wants the claims alone."""

from park.decode import hj212, line, mapped_json, native, senml, sparkplug
from park.decode.context import Context
from park.decode.dialect import Dialect
from park.decode.said import Said
from park.malformed import Malformed
from park.reading import Claim
from park.reason import Reason

MAX_BYTES = 256 * 1024

DIALECTS: dict[str, Dialect] = {
    each.name: each
    for each in (
        native.DIALECT,
        mapped_json.DIALECT,
        line.DIALECT,
        sparkplug.DIALECT,
        hj212.DIALECT,
        senml.DIALECT,
    )
}
"""Every codec by its name in the registry, the platform's own first."""
BY_CONTENT_TYPE = {kind: each.name for each in DIALECTS.values() for kind in each.content_types}

__all__ = ["BY_CONTENT_TYPE", "DIALECTS", "MAX_BYTES", "Context", "Dialect", "Said", "decode", "read"]


def decode(payload: bytes, context: Context) -> list[Claim]:
    """Read what a message claims.  Raises only Malformed, whatever the bytes."""
    return read(payload, context).claims


def read(payload: bytes, context: Context) -> Said:
    """Read what a message claims, and its number.  Raises only Malformed, with the number where it could be read."""
    if len(payload) > MAX_BYTES:
        raise Malformed(Reason.TOO_LARGE, f"{len(payload)} B")
    dialect = DIALECTS.get(context.codec)
    if dialect is None:
        raise Malformed(Reason.UNKNOWN_CODEC, context.codec)
    return dialect.read(payload, context)
