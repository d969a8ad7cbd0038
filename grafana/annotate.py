"""Alerts as annotations of Grafana's own, for any board there: each once, and ended when it is over."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from grafana.client import Grafana, Json
from grafana.step import State, Step
from park.instant import to_ms

TAG = "smartpark"
MOST = 5_000
"""Annotations asked for at once."""


class Spell(NamedTuple):
    """One alert from when it was raised to when it was over."""

    rule: str
    meter: str
    episode: int
    raised: datetime
    over: datetime | None
    enterprise: str
    words: str
    """What a person reads."""

    @property
    def identity(self) -> str:
        """The tag by which it is found again."""
        return f"alert:{self.rule}/{self.meter}/{self.episode}"


def annotations(
    grafana: Grafana, spells: Iterable[Spell], *, since: datetime, now: datetime, dry: bool
) -> Iterator[Step]:
    """Make what is missing, and end what is over."""
    known = _known(grafana.annotations(TAG, to_ms(since), to_ms(now), MOST))
    for spell in spells:
        there = known.get(spell.identity)
        end = None if spell.over is None else to_ms(spell.over)
        if there is None:
            if not dry:
                grafana.annotate(_written(spell, end))
            yield Step("annotation", spell.identity, State.MADE)
        elif end is not None and there.get("timeEnd") != end:
            if not dry:
                grafana.end_annotation(int(there["id"]), end)
            yield Step("annotation", spell.identity, State.CHANGED)
        else:
            yield Step("annotation", spell.identity, State.UNCHANGED)


def _known(found: Iterable[Json]) -> dict[str, Json]:
    return {tag: one for one in found for tag in one.get("tags", []) if tag.startswith("alert:")}


def _written(spell: Spell, end: int | None) -> Json:
    tags = [TAG, spell.identity, f"meter:{spell.meter}", f"enterprise:{spell.enterprise}"]
    written: Json = {"time": to_ms(spell.raised), "tags": tags, "text": spell.words}
    return written if end is None else written | {"timeEnd": end}
