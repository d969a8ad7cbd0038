"""Writing SenML JSON, as simulated devices do: the inverse of reading it."""

import json
import math
from collections.abc import Iterable

from park.decode.senml_units import senml
from park.instant import to_ms
from park.reading import Claim


def encode(claims: Iterable[Claim], base: str = "") -> bytes:
    """Write claims of one meter as one pack.

    Raises ValueError for what no pack can carry: nothing, a value that is not finite.
    """
    pack: list[dict[str, object]] = []
    for claim in claims:
        if not math.isfinite(claim.value):
            raise ValueError(f"{claim.metric}: {claim.value}")
        record: dict[str, object] = {} if pack else {"bn": base} if base else {}
        record |= {"n": claim.metric, "t": to_ms(claim.at) / 1000, "v": claim.value}
        if claim.unit is not None:
            record["u"] = senml(claim.unit)
        pack.append(record)
    if not pack:
        raise ValueError("a pack carries at least one record")
    return json.dumps(pack, ensure_ascii=False).encode()
