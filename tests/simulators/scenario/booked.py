"""What the platform books of what a device says, without broker and store: read, admitted, put in order, booked."""

from collections.abc import Iterable, Sequence

import numpy as np

from park.admit import Admission
from park.counter import Ledger, ledger
from park.decode import Context, read
from park.epoch import Epoch
from park.instant import from_ms, to_ms
from park.malformed import Malformed
from park.metric import metrics
from park.place import Enterprise, Meter, Park
from park.register import rule_of
from park.registry import Registry
from park.series import Series
from simulators.faults.said import Said

PLACE = Registry((Park("proving", "园区"),), (Enterprise("e1", "proving", "企业"),))


def booked(meter: Meter, said: Iterable[Said], epochs: Sequence[Epoch] = (), metric: str = "ep_imp") -> Ledger:
    """Book one register; of two readings of one instant the later heard counts."""
    admission = Admission(Registry(PLACE.parks, PLACE.enterprises, (meter,)))
    held: dict[int, tuple[float, int]] = {}
    for one in said:
        received = from_ms(one.sent)
        try:
            claims = read(one.content, Context(meter.id, received)).claims
        except Malformed:
            continue
        readings, _ = admission.admit(claims, received)
        held |= {to_ms(each.at): (each.value, each.quality) for each in readings if each.metric == metric}
    ms = sorted(held)
    series = Series(
        np.array(ms, np.int64),
        np.array([held[at][0] for at in ms], np.float64),
        np.array([held[at][1] for at in ms], np.int64),
    )
    return ledger(series, rule=rule_of(meter, metrics()[metric]), epochs=epochs, meter=meter.id, metric=metric)
