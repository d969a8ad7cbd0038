"""Decide what a batch of messages says: readings to store, and refusals to hold.  Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from collector.message import Message, Refused
from park.account import Heard
from park.admit import Admission
from park.decode import Context, read
from park.instant import EPOCH
from park.malformed import Malformed
from park.quality import Quality
from park.reading import Reading, Refusal
from park.reason import Reason
from park.topic import PREFIX, parse

SUBJECTS = 200
RECEIVE_TIME = int(Quality.RECEIVE_TIME)


class Outcome(NamedTuple):
    """What a batch came to."""

    readings: list[Reading]
    refused: list[Refused]


def take_in(
    messages: Iterable[Message],
    admission: Admission,
    *,
    prefix: str = PREFIX,
    heard: dict[str, list[Heard]] | None = None,
) -> Outcome:
    """Sort messages into readings and refusals.  Never raises, whatever the messages are.

    Where `heard` is given, what each meter was heard to say is written there, for its account.  A message from a place
    where its meter is not registered is nobody's: else anybody could spoil another's account.
    """
    heard = {} if heard is None else heard
    readings: list[Reading] = []
    refused: list[Refused] = []
    ms, received = 0, EPOCH  # of the message before: those that came together share their time
    for message in messages:
        meter = said = None
        try:
            address = parse(message.topic, prefix)
            meter = address.meter
            place = admission.place(address)
            if isinstance(place, Refusal):
                refused.append(Refused(message, meter, *place))
                continue
            if message.received_ms != ms:
                ms, received = message.received_ms, message.received
            said = heard.get(meter)
            if said is None:
                said = heard[meter] = []
            what = read(message.payload, Context(place.id, received, place.codec))
            admitted, refusals = admission.admit(what.claims, received)
        except Malformed as error:
            if said is not None:
                said.append(Heard(error.seq, None, received, held=True, counted=message.counted))
            refused.append(Refused(message, meter, error.reason, error.subject))
            continue
        except Exception as error:  # noqa: BLE001  # a defect of ours must cost one message, not the stream behind it
            if said is not None:
                said.append(Heard(None, None, received, held=True, counted=message.counted))
            refused.append(Refused(message, meter, Reason.DEFECT, f"{type(error).__name__}: {error}"[:SUBJECTS]))
            continue
        readings += admitted
        at = admitted[-1].at if admitted and not admitted[-1].quality & RECEIVE_TIME else None
        said.append(Heard(what.seq, at, received, len(admitted), len(refusals), bool(refusals), message.counted))
        if refusals:
            subjects = "; ".join(dict.fromkeys(refusal.subject for refusal in refusals))
            refused.append(Refused(message, meter, refusals[0].reason, subjects[:SUBJECTS]))
    return Outcome(readings, refused)
