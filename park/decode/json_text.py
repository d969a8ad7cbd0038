"""JSON as a text: read whole, with every key once."""

import json
from collections import Counter
from typing import NoReturn

from park.malformed import Malformed
from park.reason import Reason


def load(payload: bytes) -> object:
    """Read a JSON document in UTF-8.  Raises Malformed, also for a key that stands twice and for NaN."""
    try:
        return _decoder.decode(payload.decode())
    except Malformed:
        raise
    except RecursionError:
        raise Malformed(Reason.NOT_JSON, "nested too deep") from None
    except ValueError as error:  # UnicodeDecodeError is one, and so is a number of too many digits
        raise Malformed(Reason.NOT_JSON, str(error)[:200]) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    whole = dict(pairs)
    if len(whole) != len(pairs):
        raise Malformed(Reason.METRIC_TWICE, Counter(key for key, _ in pairs).most_common(1)[0][0][:60])
    return whole


def _constant(name: str) -> NoReturn:
    raise Malformed(Reason.NOT_FINITE, name)


_decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_constant)
