"""What every codec owes the platform, held against what it makes of one payload."""

from datetime import UTC

from park.admit import Admission
from park.decode import Said, read
from park.decode.memory import Memory
from park.instant import from_ms, to_ms
from park.malformed import Malformed
from park.reason import WORDS, Reason
from park.trial import alone
from tests.park.speakers import Message


def keeps_its_word(message: Message, payload: bytes, memory: Memory) -> Said | Reason:
    """Read a payload in a message's place, and hold what comes of it against the contract."""
    context = message.context(memory)
    try:
        said = read(payload, context)
    except Malformed as malformed:
        refused = malformed
    else:
        _hold(said, message, len(payload))
        return said
    assert refused.reason in WORDS
    assert len(refused.subject) <= 200
    assert refused.subject.isprintable()
    return refused.reason


def _hold(said: Said, message: Message, length: int) -> None:
    known = {meter.id for meter in message.meters}
    for claim in said.claims:
        assert claim.meter in known
        assert isinstance(claim.metric, str)
        assert isinstance(claim.value, float)
        assert claim.at.tzinfo is UTC
        assert claim.at == from_ms(to_ms(claim.at))
        assert claim.unit is None or isinstance(claim.unit, str)
        assert claim.quality >= 0
    assert len(said.claims) <= length * len(known)
    readings, refusals = Admission(alone(message.meters[0])).admit(said.claims, message.context().received)
    assert len(readings) + len(refusals) == len(said.claims)
