"""Sparkplug B: a node that is born with all its names, speaks by their numbers, and is born again when it is asked."""

from park.decode import sparkplug_write as write
from park.decode.sparkplug_topic import Kind, hears, sender_of, topic
from park.decode.sparkplug_types import DataType
from park.metric import Kind as MetricKind
from park.metric import metrics
from park.place import Meter
from park.topic import PREFIX
from simulators.voices.senml import called
from simulators.voices.voice import Utterance, Values, Voice

NUMBERS = 256
"""Of messages, and of births: both begin again at 0."""


class Sparkplug(Voice):
    """Speaks as an edge node with one device behind it, or for itself."""

    def __init__(self, meter: Meter, prefix: str = PREFIX) -> None:
        super().__init__(meter, prefix)
        self._sender = sender_of(meter)
        self._called = called(meter)
        self._numbers = {metric: number for number, metric in enumerate(meter.metrics, 1)}
        self._births = -1

    @property
    def hears(self) -> tuple[str, ...]:
        """The topic of its commands."""
        return hears(self.meter)

    def heard(self, topic: str, payload: bytes) -> bool:
        """Take a command; whatever asks for a rebirth names it."""
        return topic in self.hears and write.REBIRTH.encode() in payload

    def will(self, ms: int) -> Utterance:
        """Die, by the number of the birth that follows."""
        del ms
        self._births = (self._births + 1) % NUMBERS
        return self._death()

    def hello(self, ms: int, values: Values) -> list[Utterance]:
        """Be born, the node first; a birth says the values as well."""
        self._births = max(self._births, 0)
        named = [self._metric(metric, value, ms, named=True) for metric, value in values.items()]
        device = bool(self._sender.device)
        birth = write.node_birth([] if device else named, at=ms, bd_seq=self._births)
        said = [Utterance(topic(Kind.NBIRTH, self._sender), birth)]
        self.seq = 0
        if device:
            said.append(Utterance(topic(Kind.DBIRTH, self._sender), self._body(named, ms)))
        return said

    def say(self, ms: int, values: Values) -> list[Utterance]:
        """Say values by their numbers alone."""
        kind = Kind.DDATA if self._sender.device else Kind.NDATA
        numbered = [self._metric(metric, value, ms, named=False) for metric, value in values.items()]
        return [Utterance(topic(kind, self._sender), self._body(numbered, ms))]

    def goodbye(self, ms: int) -> list[Utterance]:
        """Die in its own words: a broker says nothing for who hangs up as he should."""
        del ms
        return [self._death()]

    def _death(self) -> Utterance:
        return Utterance(topic(Kind.NDEATH, self._sender), write.node_death(self._births))

    def _body(self, written: list[bytes], ms: int) -> bytes:
        self.seq = (self.seq + 1) % NUMBERS
        return write.write(written, at=ms, seq=self.seq)

    def _metric(self, metric: str, value: float, ms: int, *, named: bool) -> bytes:
        name, unit = self._called[metric]
        kind = DataType.INT32 if metrics()[metric].kind is MetricKind.STATE else DataType.DOUBLE
        return write.metric(
            name if named else None,
            kind,
            self.turned(metric, value, unit),
            alias=self._numbers[metric],
            at=ms,
            typed=named,
        )
