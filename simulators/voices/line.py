"""InfluxDB line protocol, as an agent such as Telegraf writes it: measurement, tags and fields of the registry."""

from collections.abc import Mapping

from park.decode.field import plan_field
from park.decode.line import encode
from park.instant import from_ms
from park.place import Meter
from park.reading import Claim
from park.topic import PREFIX
from simulators.voices.voice import Utterance, Values, Voice

MEASUREMENT = "meter"


class Lines(Voice):
    """Speaks lines, one an instant."""

    def __init__(self, meter: Meter, prefix: str = PREFIX) -> None:
        super().__init__(meter, prefix)
        fields, tags = meter.options.get("fields"), meter.options.get("tags")
        written = {name: plan_field(value) for name, value in fields.items()} if isinstance(fields, Mapping) else {}
        self._fields = {field.metric: (name, field) for name, field in written.items()}
        self._tags = {str(key): str(value) for key, value in tags.items()} if isinstance(tags, Mapping) else {}
        self._measurement = str(meter.options.get("measurement", MEASUREMENT))

    def say(self, ms: int, values: Values) -> list[Utterance]:
        """Say one line."""
        at = from_ms(ms)
        claims = []
        for metric, value in values.items():
            name, number = metric, value
            if metric in self._fields:
                name, field = self._fields[metric]
                number = self.turned(metric, value, field.unit) / field.factor
            claims.append(Claim(self.meter.id, name, number, at))
        return [Utterance(self.own_topic(), encode(claims, measurement=self._measurement, tags=self._tags))]
