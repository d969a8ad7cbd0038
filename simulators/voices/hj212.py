"""HJ 212 frames on the topic of their station, as the listener for data loggers passes them on."""

from park.decode.hj212_options import topics
from park.decode.hj212_write import encode
from park.instant import from_ms
from park.metric import Medium, metrics
from park.place import Meter
from park.reading import Claim
from park.topic import PREFIX, Channel
from simulators.voices.voice import Utterance, Values, Voice

SYSTEMS = {Medium.WATER: "32", Medium.EMISSION: "31"}
"""The standard's number of a waste-water or a flue-gas system."""
ANSWER = 0b1
VERSION = 0b100
"""The Flag of a frame of 2017."""


class Hj212(Voice):
    """Speaks HJ 212-2017; a frame tells whole seconds."""

    GRAIN_MS = 1_000

    def __init__(self, meter: Meter, prefix: str = PREFIX, *, asks: bool = False) -> None:
        """With `asks`, each frame wants an answer, as loggers on TCP do."""
        super().__init__(meter, prefix)
        self._flag = VERSION | (ANSWER if asks else 0)

    def say(self, ms: int, values: Values) -> list[Utterance]:
        """Say one frame, or its pieces, of what the standard has a factor for."""
        where = (topics(self.meter) or (self.contract(Channel.DATA),))[0]
        return [Utterance(where, frame) for frame in self.frames(ms, values)]

    def frames(self, ms: int, values: Values) -> list[bytes]:
        """Write the frames."""
        at = from_ms(ms)
        claims = [
            Claim(self.meter.id, name, value, at, unit=self.meter.units.get(name, metrics()[name].unit))
            for name, value in values.items()
        ]
        options = self.meter.options
        return encode(
            claims,
            mn=str(options["mn"]),
            pw=str(options.get("pw", "123456")),
            st=SYSTEMS.get(self.meter.medium, "32"),
            flag=self._flag,
        )
