"""Where a receiver is reached.  Apart from the receiver itself, because an address may let anybody in."""

from datetime import datetime

import msgspec

from park.duty import Shift, on_duty
from park.maintenance import Maintenance
from park.receiver import Receiver, Way

CONSOLE = Receiver(id="console", name="控制台", way=Way.CONSOLE)
PANEL = Receiver(id="panel", name="声光与大屏 (MQTT)", way=Way.MQTT)


class Contact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A receiver with its address.  It never shows more of that than where it leads."""

    receiver: Receiver
    address: str = ""
    """A URL of apprise, or of a webhook; empty for ways without one."""
    secret: str = ""
    """What a webhook's messages are signed with."""

    def __repr__(self) -> str:
        """Name the receiver and nothing else."""
        return f"Contact({self.receiver.id!r})"


class Phonebook(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom there is to tell, who is on duty, and what is under maintenance; as of one moment."""

    contacts: tuple[Contact, ...] = ()
    shifts: tuple[Shift, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()

    def receivers(self) -> dict[str, Receiver]:
        """Give every receiver by id; the console and the alert topics are always among them."""
        always = {CONSOLE.id: CONSOLE, PANEL.id: PANEL}
        return always | {contact.receiver.id: contact.receiver for contact in self.contacts}

    def contact(self, receiver: str) -> Contact | None:
        """Find one; None where there is none any more."""
        for contact in self.contacts:
            if contact.receiver.id == receiver:
                return contact
        always = {CONSOLE.id: CONSOLE, PANEL.id: PANEL}.get(receiver)
        return None if always is None else Contact(receiver=always)

    def on_duty(self, now: datetime) -> frozenset[str]:
        """Name who is on duty."""
        return on_duty(self.shifts, now)
