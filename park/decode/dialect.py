"""A dialect: one way in which devices write what they measure, and all that the platform asks of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from park.decode.context import Context
from park.decode.said import Said
from park.place import Meter
from park.registry_notes import Notes

Options = Mapping[str, object]
Check = Callable[[Notes, str, Options, tuple[str, ...]], None]
"""(notes, path, options, the meter's metrics): note every mistake in what the registry says for this codec."""


def no_options(notes: Notes, path: str, options: Options, _metrics: tuple[str, ...]) -> None:
    """Refuse any option."""
    if options:
        codec = path.rpartition(".")[2]
        notes.add(
            path,
            f"编码方式 {codec} 没有选项; 请只写 codec: {codec}。",
            f"Codec {codec} has no options; write codec: {codec}.",
        )


def no_topics(_meter: Meter) -> tuple[str, ...]:
    """Speak on the contract's topics only."""
    return ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """One codec."""

    name: str
    """As the registry names it."""
    zh: str
    en: str
    read: Callable[[bytes, Context], Said]
    """Read what a message claims, of meters of the context only.  Raises only Malformed, whatever the bytes."""
    check: Check = no_options
    topics: Callable[[Meter], tuple[str, ...]] = no_topics
    """The topic filters, outside the contract's prefix, on which a meter so registered speaks."""
    hears: Callable[[Meter], tuple[str, ...]] = no_topics
    """The topics on which a meter so registered is spoken to, such as asked for all its names again."""
    content_types: tuple[str, ...] = ()
    """The MQTT 5 content types that name this codec, lower-case."""
