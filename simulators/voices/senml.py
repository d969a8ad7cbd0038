"""SenML JSON: the names and units that the registry says this device uses."""

from park.decode.names import Named, meaning, names_of
from park.decode.senml_write import encode
from park.instant import from_ms
from park.place import Meter
from park.reading import Claim
from park.topic import PREFIX
from simulators.voices.voice import Utterance, Values, Voice


def called(meter: Meter) -> dict[str, tuple[str, str | None]]:
    """Give each metric's name in the device's own words, and the unit it is said in there."""
    names = names_of(meter.options) or {}
    said = {metric: (metric, None) for metric in meter.metrics}
    means: dict[str, Named | None] = {name: meaning(names, name) for name in names}
    return said | {found.metric: (name, found.unit) for name, found in means.items() if found is not None}


class SenML(Voice):
    """Speaks SenML packs."""

    def __init__(self, meter: Meter, prefix: str = PREFIX) -> None:
        super().__init__(meter, prefix)
        self._called = called(meter)

    def say(self, ms: int, values: Values) -> list[Utterance]:
        """Say one pack."""
        at = from_ms(ms)
        claims = []
        for metric, value in values.items():
            name, unit = self._called[metric]
            claims.append(Claim(self.meter.id, name, self.turned(metric, value, unit), at))
        return [Utterance(self.own_topic(), encode(claims, str(self.meter.options.get("base", ""))))]
