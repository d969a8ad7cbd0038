"""The platform's own JSON, with the device's state as the contract has it."""

import msgspec

from park.topic import Channel
from simulators.message import single
from simulators.voices.voice import Utterance, Values, Voice

_encoder = msgspec.json.Encoder()


class Native(Voice):
    """Speaks the contract."""

    def say(self, ms: int, values: Values) -> list[Utterance]:
        """Say one numbered record."""
        self.seq += 1
        payload = single({"ts": ms, "m": dict(values)}, self.seq)
        return [Utterance(self.contract(Channel.DATA), payload)]

    def will(self, ms: int) -> Utterance:
        """Be offline."""
        del ms
        return Utterance(self.contract(Channel.STATE), b"offline", retain=True)

    def hello(self, ms: int, values: Values) -> list[Utterance]:
        """Be online."""
        del ms, values
        return [Utterance(self.contract(Channel.STATE), b"online", retain=True)]

    def goodbye(self, ms: int) -> list[Utterance]:
        """Be offline, in its own words."""
        return [self.will(ms)]
