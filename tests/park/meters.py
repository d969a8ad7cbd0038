"""Meters as the registry's check lets them pass, for tests of what it says for a codec."""

from collections.abc import Mapping

from park.mistake import Mistake
from park.place import Meter
from park.registry_file import check

PARK = {"id": "hengkou", "name": "恒口示范区产业园"}
ENTERPRISES = [{"id": "e01", "name": "安康某富硒食品有限公司"}]


def document(codec: object, **changes: object) -> dict[str, object]:
    """A registry of one meter with a codec."""
    meter = {
        "id": "m1",
        "enterprise": "e01",
        "medium": "electricity",
        "role": "sub",
        "name": "一号分表",
        "period": "1m",
        "metrics": ["p", "ep_imp", "u1", "u2", "u3", "f"],
        "codec": codec,
    }
    return {"park": PARK, "enterprises": ENTERPRISES, "meters": [meter | changes]}


def registered(codec: object, **changes: object) -> Meter:
    """The one meter of a sound registry."""
    checked = check(document(codec, **changes))
    assert checked.registry is not None, checked.mistakes
    return checked.registry.meters[0]


def mistakes(codec: Mapping[str, object], **changes: object) -> list[Mistake]:
    """What the check has against a codec's options."""
    return check(document(codec, **changes)).mistakes
