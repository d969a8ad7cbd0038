"""JSON where the map of the device's product, or its own fields, have it: Tasmota, Shelly, Zigbee2MQTT, any other."""

from park.decode.json_write import encode
from park.decode.mapped_plan import PLANS
from park.instant import from_ms
from park.reading import Claim
from simulators.voices.voice import Utterance, Values, Voice


class MappedJson(Voice):
    """Speaks JSON of its own."""

    def say(self, ms: int, values: Values) -> list[Utterance]:
        """Say one document."""
        at = from_ms(ms)
        units = {places[0].field.metric: places[0].field.unit for places in PLANS.of(self.meter).places}
        claims = [
            Claim(self.meter.id, metric, self.turned(metric, value, units.get(metric)), at)
            for metric, value in values.items()
        ]
        return [Utterance(self.own_topic(), encode(claims, self.meter))]
