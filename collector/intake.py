"""Decide what a batch of messages says: readings to store, and refusals to hold.  Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from collector.message import Message, Refused
from park.admit import Admission
from park.decode import Context, decode
from park.malformed import Malformed
from park.reading import Reading, Refusal
from park.reason import Reason
from park.topic import PREFIX, parse

SUBJECTS = 200


class Outcome(NamedTuple):
    """What a batch came to."""

    readings: list[Reading]
    refused: list[Refused]


def take_in(messages: Iterable[Message], admission: Admission, *, prefix: str = PREFIX) -> Outcome:
    """Sort messages into readings and refusals.  Never raises, whatever the messages are."""
    readings: list[Reading] = []
    refused: list[Refused] = []
    for message in messages:
        meter = None
        try:
            address = parse(message.topic, prefix)
            meter = address.meter
            place = admission.place(address)
            if isinstance(place, Refusal):
                refused.append(Refused(message, meter, *place))
                continue
            received = message.received
            claims = decode(message.payload, Context(place.id, received, place.codec))
            admitted, refusals = admission.admit(claims, received)
        except Malformed as error:
            refused.append(Refused(message, meter, error.reason, error.subject))
            continue
        except Exception as error:  # noqa: BLE001  # a defect of ours must cost one message, not the stream behind it
            refused.append(Refused(message, meter, Reason.DEFECT, f"{type(error).__name__}: {error}"[:SUBJECTS]))
            continue
        readings += admitted
        if refusals:
            subjects = "; ".join(dict.fromkeys(refusal.subject for refusal in refusals))
            refused.append(Refused(message, meter, refusals[0].reason, subjects[:SUBJECTS]))
    return Outcome(readings, refused)
