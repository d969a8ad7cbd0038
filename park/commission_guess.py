"""How the messages of an unknown sender would be read by the codec they look most like: a proposal, to be looked at."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from park.commission_paths import numbers_of
from park.decode import DIALECTS
from park.decode.line_text import lines_of
from park.decode.memory import Memory
from park.malformed import Malformed
from park.metric import metrics
from park.reading import Reading, Refusal
from park.reason import Reason
from park.routes import named
from park.topic import PREFIX
from park.trial import Told, Trial, alone, likely, made_up

ORDER: Final = ("native", "sparkplug", "hj212", "senml", "line", "json")
"""Of two that read as much, the one that asks more of a message."""
TOPICAL: Final = frozenset({"senml", "line", "json"})
"""Codecs whose options name their topic."""
NAMES: Final = {"sparkplug": "names", "senml": "names", "line": "fields", "json": "fields"}
"""The option in which a codec's own names are given their metrics."""
MOST_NAMES: Final = 200


class Sample(NamedTuple):
    """One message as it came."""

    topic: str
    payload: bytes
    received: datetime
    content_type: str | None = None


class Guess(NamedTuple):
    """What some messages say, read in one codec."""

    codec: str
    options: Mapping[str, object]
    metrics: tuple[str, ...]
    """What it claims to measure, whether that was let in or not."""
    readings: Mapping[str, Reading]
    """The newest of each metric that would be let in."""
    strange: Mapping[str, float]
    """Numbers under names that are no metric of ours, the newest of each: a person may know what they are."""
    refusal: Refusal | None
    """Why something would not be let in, for another reason than its name."""


def guess(samples: Sequence[Sample], prefix: str = PREFIX) -> Guess | None:
    """Read messages, the oldest first, in each codec they may be of, and give the best; None where none fits."""
    if not samples:
        return None
    last = samples[-1]
    told = [found for codec in _candidates(last, prefix) if (found := _read(codec, samples, prefix))]
    spoken = [each for each in told if each.metrics or each.strange]
    if spoken:
        return max(spoken, key=lambda each: (len(each.metrics), -_place(each.codec)))
    return next((each for each in told if each.codec in {"sparkplug", "hj212"} and each.options), None)


def _candidates(sample: Sample, prefix: str) -> Iterable[str]:
    said = None if sample.content_type is None else named(sample.content_type)
    if said is not None:
        return (said,)
    own = sample.topic.startswith(prefix + "/")
    return [codec for codec in sorted(DIALECTS, key=_place) if own or codec != "native"]


def _place(codec: str) -> int:
    return ORDER.index(codec) if codec in ORDER else len(ORDER)


def _read(codec: str, samples: Sequence[Sample], prefix: str) -> Guess | None:
    last = samples[-1]
    options = likely(codec, last.payload, last.topic, last.received)
    if codec == "line":
        options |= _series(last.payload)
    if codec in TOPICAL and not last.topic.startswith(prefix + "/"):
        options["topic"] = last.topic
    meter = made_up(codec, options)
    trial = Trial(alone(meter), prefix, Memory())
    claimed: dict[str, None] = {}
    readings: dict[str, Reading] = {}
    strange: dict[str, float] = {}
    refusal: Refusal | None = None
    for sample in samples:
        told = trial.of_meter(sample.payload, meter, sample.topic, sample.received)
        readings |= {each.reading.metric: each.reading for each in told.spoken if each.reading is not None}
        strange |= _strange(codec, told, options, sample.payload)
        claimed |= dict.fromkeys(each.claim.metric for each in told.spoken if each.claim.metric in metrics())
        refusal = _refusal(told) or refusal
    kept = dict(list(strange.items())[:MOST_NAMES])
    return Guess(codec, options, tuple(claimed), readings, kept, refusal)


def _series(payload: bytes) -> dict[str, object]:
    """Say which lines are meant: those of the first measurement, and with its tags where there are others beside it."""
    try:
        heads = [(line.measurement, dict(line.tags)) for line in lines_of(payload)]
    except Malformed:
        return {}
    if not heads:
        return {}
    measurement, tags = heads[0]
    alone = all(head == heads[0] for head in heads)
    return {"measurement": measurement} | ({} if alone or not tags else {"tags": tags})


def _refusal(told: Told) -> Refusal | None:
    """Find why something of a message would not be let in; a name that nobody knows is told apart."""
    others = (each.refusal for each in told.spoken if each.refusal is not None)
    return told.refusal or next((one for one in others if one.reason is not Reason.UNKNOWN_METRIC), None)


def _strange(codec: str, told: Told, options: Mapping[str, object], payload: bytes) -> dict[str, float]:
    """Find the numbers whose names nobody knows; JSON without a map has its paths for names."""
    if codec == "json":
        return {} if "map" in options or told.refusal is not None else numbers_of(payload)
    return {
        each.claim.metric: each.claim.value
        for each in told.spoken
        if each.refusal is not None and each.refusal.reason is Reason.UNKNOWN_METRIC
    }
