"""From a contact to the way that reaches it."""

from collections.abc import Callable, Iterable
from functools import partial

from adapters.clock import Clock
from adapters.notices.console import Console
from adapters.notices.messenger import Messenger
from adapters.notices.panel import Panel
from adapters.notices.robot import Robot, make_of
from adapters.notices.way import Way
from adapters.notices.webhook import Webhook
from adapters.publisher import Publisher
from park import receiver
from park.contact import Contact
from park.notice import Notice
from park.topic import PREFIX


def opener(
    *,
    clock: Clock,
    publisher: Callable[[], Publisher],
    standing: Callable[[], Iterable[Notice]],
    prefix: str = PREFIX,
) -> Callable[[Contact], Way]:
    """Give what makes the way to a contact, or raises GiveUp; nothing is opened before it is needed."""
    return partial(_open, clock=clock, publisher=publisher, standing=standing, prefix=prefix)


def _open(
    contact: Contact,
    *,
    clock: Clock,
    publisher: Callable[[], Publisher],
    standing: Callable[[], Iterable[Notice]],
    prefix: str,
) -> Way:
    match contact.receiver.way:
        case receiver.Way.WEBHOOK:
            return Webhook(contact.address, contact.secret, clock)
        case receiver.Way.MQTT:
            return Panel(publisher, standing, prefix)
        case receiver.Way.CONSOLE:
            return Console()
        case receiver.Way.APPRISE:
            make = make_of(contact.address)
            return Messenger(contact.address) if make is None else Robot(make, contact.address, contact.secret, clock)
