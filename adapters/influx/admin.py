"""Make an InfluxDB ready for a park."""

from collections.abc import Iterator
from pathlib import Path

from adapters.influx import upkeep_v1, upkeep_v2
from adapters.influx.target import Api, Target
from adapters.influx.upkeep import Retention, Step


def init(target: Target, retention: Retention, folder: Path) -> Iterator[Step]:
    """Make buckets and accounts that are missing, and say of each what was done.

    Secrets go into files in `folder`.  Raises StoreUnavailable or OSError.
    """
    made = {Api.V1: upkeep_v1.init, Api.V2: upkeep_v2.init}
    return made[target.api](target, retention, folder)
