"""Decide what a batch of messages says: readings to store, and refusals to hold.  Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from collector.message import Message, Refused
from park.account import Heard
from park.decode.memory import Aside, Memory
from park.instant import EPOCH
from park.listener import Listener, Taken
from park.malformed import Malformed
from park.quality import Quality
from park.reading import Reading
from park.reason import Reason

SUBJECTS = 200
RECEIVE_TIME = int(Quality.RECEIVE_TIME)


class Outcome(NamedTuple):
    """What a batch came to."""

    readings: list[Reading]
    refused: list[Refused]


def take_in(
    messages: Iterable[Message],
    listener: Listener,
    *,
    memory: Memory | None = None,
    heard: dict[str, list[Heard]] | None = None,
    remarks: list[str] | None = None,
) -> Outcome:
    """Sort messages into readings and refusals.  Never raises, whatever the messages are.

    Where `heard` is given, what each meter was heard to say is written there, for its account, and what codecs let
    pass into `remarks`.  A message from a place where its meter is not registered is nobody's: else anybody could
    spoil another's account.  What is replayed does not make the memory forget what came after it.
    """
    heard = {} if heard is None else heard
    remarks = [] if remarks is None else remarks
    aside = None if memory is None else Aside(memory)
    readings: list[Reading] = []
    refused: list[Refused] = []
    ms, received = 0, EPOCH  # of the message before: those that came together share their time
    for message in messages:
        meter, counted = None, message.counted
        try:
            route = listener.route(message.topic, message.content_type)
            meter = route.meter
            if route.refusal is not None:
                refused.append(Refused(message, meter, *route.refusal))
                continue
            if message.received_ms != ms:
                ms, received = message.received_ms, message.received
            mind = memory if counted is None else aside
            taken = listener.read(route, message.topic, message.payload, received, mind)
        except Malformed as error:
            if meter is not None and error.reason is not Reason.UNKNOWN_SENDER:
                _say(heard, meter, Heard(error.seq, None, received, held=True, counted=counted))
            refused.append(Refused(message, meter, error.reason, error.subject))
            continue
        except Exception as error:  # noqa: BLE001  # a defect of ours must cost one message, not the stream behind it
            if meter is not None:
                _say(heard, meter, Heard(None, None, received, held=True, counted=counted))
            refused.append(Refused(message, meter, Reason.DEFECT, f"{type(error).__name__}: {error}"[:SUBJECTS]))
            continue
        readings += taken.readings
        _note(heard, meter, taken, received, counted=counted)
        remarks += taken.remarks
        if taken.refusals:
            subjects = "; ".join(dict.fromkeys(refusal.subject for refusal in taken.refusals))
            refused.append(Refused(message, meter, taken.refusals[0].reason, subjects[:SUBJECTS]))
    return Outcome(readings, refused)


def _at(admitted: list[Reading]) -> datetime | None:
    """Give the device's time of its last record, None where it named none."""
    return admitted[-1].at if admitted and not admitted[-1].quality & RECEIVE_TIME else None


def _say(heard: dict[str, list[Heard]], meter: str, said: Heard) -> None:
    before = heard.get(meter)
    if before is None:
        heard[meter] = [said]
    else:
        before.append(said)


def _note(
    heard: dict[str, list[Heard]], meter: str | None, taken: Taken, received: datetime, *, counted: bool | None
) -> None:
    """Write down what a message said; one of several meters is for each of them a message without a number."""
    admitted, refusals = taken.readings, taken.refusals
    if meter is not None:
        said = Heard(taken.seq, _at(admitted), received, len(admitted), len(refusals), bool(refusals), counted)
        _say(heard, meter, said)
        return
    of: dict[str, list[Reading]] = {}
    for reading in admitted:
        of.setdefault(reading.meter, []).append(reading)
    for each, own in of.items():
        _say(heard, each, Heard(None, _at(own), received, len(own), counted=counted))
