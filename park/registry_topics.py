"""The topics that meters speak on beside the contract's: no two codecs on one."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from park.decode import DIALECTS
from park.place import Meter
from park.registry_notes import Notes, join, show
from park.topic_filter import Filters


class Clash(NamedTuple):
    """A filter of a meter on which another codec is spoken already."""

    meter: Meter
    pattern: str
    other: Meter
    """The first meter of another codec that speaks there too."""

    def zh(self) -> str:
        """Say it in Chinese."""
        return (
            f"主题 {show(self.pattern)} 与设备 {self.other.id} (编码方式 {self.other.codec}) 的主题重叠; "
            "同一主题只能有一种编码方式, 请改得更具体。"
        )

    def en(self) -> str:
        """Say it in English."""
        return (
            f"Topic {show(self.pattern)} overlaps one of meter {self.other.id} (codec {self.other.codec}); "
            "a topic has one codec only: make it narrower."
        )


def clashes(meters: Sequence[Meter]) -> Iterable[Clash]:
    """Find every filter that cannot stand, the later meter of two to blame."""
    known: dict[str, Filters[Meter]] = {}
    for meter in meters:
        dialect = DIALECTS.get(meter.codec)
        for pattern in () if dialect is None else dialect.topics(meter):
            others = (found for codec, found in known.items() if codec != meter.codec)
            other = next((taken[0] for found in others if (taken := found.overlapping(pattern))), None)
            if other is not None:
                yield Clash(meter, pattern, other)
            known.setdefault(meter.codec, Filters()).put(pattern, meter)


def note_clashes(notes: Notes, meters: Sequence[tuple[str, Meter]]) -> None:
    """Note every filter that cannot stand at the codec of its meter; `meters` come with their paths."""
    paths = {meter.id: path for path, meter in meters}
    for clash in clashes([meter for _, meter in meters]):
        notes.add(join(paths[clash.meter.id], "codec"), clash.zh(), clash.en())
