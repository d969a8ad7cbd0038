"""What one receiver is told of one change.  It is made once, and every copy of it is the same to the letter."""

import hashlib
from datetime import datetime

import msgspec

from park.alert import ACTIVE, Phase
from park.alert_change import AlertChange, Kind
from park.instant import to_ms
from park.message import all_of
from park.receiver import Receiver
from park.severity import BY_WORD

ID_LENGTH = 32


class Notice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message with all that a program on the other side may want to know of it."""

    id: str
    """The same for every copy: who got it before has got it."""
    receiver: str
    kind: Kind
    rule: str
    meter: str
    park: str = ""
    enterprise: str = ""
    episode: int
    phase: Phase
    severity: str
    """notice, general, larger, major or critical."""
    at: datetime
    """When it happened, by the device's time."""
    since: datetime | None = None
    """When the episode was raised."""
    metric: str = ""
    value: float | None = None
    unit: str = ""
    limit: str = ""
    title: str
    text: str
    language: str = "zh"
    who: str = ""
    acknowledged: bool = False
    shelved: bool = False
    drill: bool = False
    by: str = ""
    """What stands in the way, where it is not told."""
    instead_of: tuple[str, ...] = ()
    """The receivers who were not reached."""
    parts: tuple["Notice", ...] = ()
    """What was held back and is told in one."""

    @property
    def open(self) -> bool:
        """Whether the alert is on the list."""
        return self.phase in ACTIVE or self.phase is Phase.LATCHED


def notice_id(change: AlertChange, receiver: str) -> str:
    """Make the id of what it says, so that a second process that found the same makes the same."""
    said = (
        change.rule,
        change.meter,
        str(change.episode),
        change.kind.value,
        str(to_ms(change.at)),
        change.who,
        receiver,
    )
    return _digest("\0".join(said))


def joint(parts: tuple[Notice, ...]) -> Notice:
    """Tell in one what was held back, of the gravest severity among it."""
    gravest = max(parts, key=lambda part: BY_WORD[part.severity])
    said = all_of([part.title for part in sorted(parts, key=lambda part: -BY_WORD[part.severity])], gravest.language)
    return msgspec.structs.replace(
        gravest, id=_digest("\0".join(part.id for part in parts)), title=said.title, text=said.text, parts=parts
    )


def passed_on(notice: Notice, receiver: Receiver, name: str) -> Notice:
    """Tell another receiver that one was not reached, and of what."""
    lost = f"{name} was not reached." if receiver.language == "en" else f"未能通知 {name}。"
    return msgspec.structs.replace(
        notice,
        id=_digest(f"{notice.id}\0{receiver.id}"),
        receiver=receiver.id,
        text=f"{notice.text}\n{lost}",
        instead_of=(*notice.instead_of, notice.receiver),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]
