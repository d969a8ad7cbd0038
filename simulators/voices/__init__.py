"""Voices: how a simulated device says what it measures in the dialect it is registered with, one file a dialect."""

from collections.abc import Callable

from park.place import Meter
from park.topic import PREFIX
from simulators.voices.hj212 import Hj212
from simulators.voices.line import Lines
from simulators.voices.mapped_json import MappedJson
from simulators.voices.native import Native
from simulators.voices.senml import SenML
from simulators.voices.sparkplug import Sparkplug
from simulators.voices.voice import Utterance, Voice

VOICES: dict[str, Callable[[Meter, str], Voice]] = {
    "native": Native,
    "json": MappedJson,
    "line": Lines,
    "sparkplug": Sparkplug,
    "hj212": Hj212,
    "senml": SenML,
}
"""Every dialect's voice by the name of its codec."""

__all__ = ["VOICES", "Utterance", "Voice", "voice"]


def voice(meter: Meter, prefix: str = PREFIX) -> Voice:
    """Give a device the voice it is registered with."""
    return VOICES[meter.codec](meter, prefix)
