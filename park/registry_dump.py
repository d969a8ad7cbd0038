"""A registry as the plain document that `registry_file.check` reads."""

from datetime import UTC, datetime

from park import period
from park.place import Enterprise, Meter, Multiplier, Park, Register
from park.registry import Registry
from park.registry_scale import ALWAYS
from park.window import SITE, day_start

EXACT = 2**53

Plain = dict[str, object]


def dump(registry: Registry) -> Plain:
    """Write the whole registry; what has its default is left out."""
    parks = [park(each) for each in registry.parks]
    head: Plain = {"park": parks[0]} if len(parks) == 1 else {"parks": parks}
    only = registry.parks[0].id if len(parks) == 1 else None
    return head | {
        "enterprises": [enterprise(each, with_park=each.park != only) for each in registry.enterprises],
        "meters": [meter(each) for each in registry.meters],
    }


def park(value: Park) -> Plain:
    """Write a park."""
    return _filled({"id": value.id, "name": value.name, "name_en": value.name_en})


def enterprise(value: Enterprise, *, with_park: bool = True) -> Plain:
    """Write an enterprise."""
    return _filled(
        {
            "id": value.id,
            "park": value.park if with_park else "",
            "name": value.name,
            "name_en": value.name_en,
            "industry": value.industry,
            "area_mu": _number(value.area_mu),
            "contact": value.contact,
        }
    )


def meter(value: Meter) -> Plain:
    """Write a meter."""
    return _filled(
        {
            "id": value.id,
            "enterprise": value.enterprise,
            "medium": value.medium.value,
            "role": value.role.value,
            "name": value.name,
            "name_en": value.name_en,
            "period": period.write(value.period),
            "metrics": list(value.metrics),
            "units": dict(value.units),
            "multiplier": _multiplier(value.multipliers),
            "register": _register(value.register),
            "codec": _codec(value.codec, dict(value.options)),
        }
    )


def _filled(plain: Plain) -> Plain:
    return {key: value for key, value in plain.items() if value not in (None, "", [], {})}


def _multiplier(multipliers: tuple[Multiplier, ...]) -> object:
    if len(multipliers) == 1 and multipliers[0].since == ALWAYS:
        return _number(multipliers[0].value)
    return [{"from": _since(each.since), "value": _number(each.value)} for each in multipliers]


def _since(at: datetime) -> str:
    """Write a local midnight as its date, any other instant in full."""
    local = at.astimezone(SITE)
    return local.date().isoformat() if local == day_start(at) else at.astimezone(UTC).isoformat()


def _register(register: Register) -> Plain:
    return _filled({"width": _number(register.width), "rated": register.rated})


def _number(value: float | None) -> float | None:
    """Write 12000, not 12000.0, as people do."""
    return int(value) if value is not None and value.is_integer() and value < EXACT else value


def _codec(codec: str, options: Plain) -> object:
    if options:
        return {codec: options}
    return "" if codec == "native" else codec
