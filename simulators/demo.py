"""恒口示范区产业园 as a demonstration: 24 invented enterprises in 6 industries, from the tables beside this file.

Every company here is made up.  `demo_registry` is what the platform knows of the park; `demo_devices` is what stands
in it.
"""

from collections.abc import Iterable
from datetime import timedelta
from math import ceil
from typing import Final

from park.metric import Medium
from park.place import Enterprise, Meter, Multiplier, Park, Register, Role
from park.registry import Registry
from simulators.days import ORIGIN
from simulators.device import Device
from simulators.flow import Flow, Load, Site, Solar, Sum
from simulators.measure import KINDS
from simulators.profile import profiles, sectors, table
from simulators.weather import Weather

PARK: Final = Park("hengkou", "恒口示范区产业园", "Hengkou Industrial Park")
LOSS: Final = 0.018
"""What transformers and cables lose between the boundary meter and its sub-meters."""
HEADROOM: Final = 1.6
"""Name-plate capacity over the load of an ordinary busy hour."""
RATED_UNITS: Final = {
    Medium.ELECTRICITY: "kW",
    Medium.WATER: "m³/h",
    Medium.GAS: "Nm³/h",
    Medium.STEAM: "t/h",
    Medium.HEAT: "GJ/h",
}
WIDTHS: Final = {Medium.ELECTRICITY: 1e6, Medium.WATER: 1e8, Medium.GAS: 1e8, Medium.STEAM: 1e8, Medium.HEAT: 1e8}
BURNS_NOTHING: Final = ("pm", "flue_flow", "flue_temp", "flue_pressure", "flue_humidity")

Row = dict[str, str]


def _pairs(text: str) -> dict[str, str]:
    """Read `a=1 b=2`."""
    return dict(part.split("=", 1) for part in text.split())


def _id(row: Row) -> str:
    return f"{row['enterprise']}-{row['meter']}"


def _metrics(row: Row) -> tuple[str, ...]:
    traits = _pairs(row["options"])
    if row["kind"] == "detector":
        return tuple(traits)
    return BURNS_NOTHING if traits.get("fuel") == "dust" else KINDS[row["kind"]].metrics


def _register(row: Row, full: float) -> Register:
    medium = Medium(KINDS[row["kind"]].medium)
    if medium not in RATED_UNITS:
        return Register()
    most = full * HEADROOM
    rated = ceil(most / 10) * 10 if most > 10 else ceil(most)  # noqa: PLR2004  # round figures stand on name plates
    return Register(WIDTHS[medium], f"{rated} {RATED_UNITS[medium]}")


def _meter(row: Row, full: float) -> Meter:
    kind = KINDS[row["kind"]]
    return Meter(
        id=_id(row),
        enterprise=row["enterprise"],
        park=PARK.id,
        medium=Medium(kind.medium),
        role=Role(kind.role),
        name=row["name"],
        name_en=row["name_en"],
        period=timedelta(seconds=int(row["period"])),
        metrics=_metrics(row),
        multipliers=(Multiplier(ORIGIN, float(row["multiplier"])),) if row["multiplier"] else (),
        units=_pairs(row["units"]),
        register=_register(row, full),
    )


def _full(row: Row, rows: Iterable[Row]) -> float:
    """Give what a meter must carry in a busy hour of the worst weather; a boundary meter carries its subs too."""
    size = float(row["size"] or 0)
    if row["profile"]:
        profile = profiles()[row["profile"]]
        size *= 1 + max(profile.cooling, profile.heating)
    if row["kind"] != "boundary":
        return size + sum(float(roof["size"]) for roof in rows if roof["kind"] == "pv" and _under(roof, rows) is row)
    return size + sum(_full(sub, ()) for sub in rows if _is_sub(sub, row))


def _under(roof: Row, rows: Iterable[Row]) -> Row:
    """Give the feeder that uses what a roof yields: that much never comes through the boundary."""
    return next(row for row in rows if row["kind"] == "sub" and row["enterprise"] == roof["enterprise"])


def _is_sub(sub: Row, boundary: Row) -> bool:
    return sub["kind"] == "sub" and sub["enterprise"] == boundary["enterprise"]


def demo_registry() -> Registry:
    """Give what is registered of the demonstration park."""
    rows = table("meters")
    return Registry(
        parks=(PARK,),
        enterprises=tuple(
            Enterprise(
                id=row["id"],
                park=PARK.id,
                name=row["name"],
                name_en=row["name_en"],
                industry=row["industry"],
                area_mu=float(row["area_mu"]),
            )
            for row in table("enterprises")
        ),
        meters=tuple(_meter(row, _full(row, rows)) for row in rows),
    )


def demo_devices(seed: int) -> list[Device]:
    """Give every device of the park, as one seed makes it."""
    registry = demo_registry()
    weather = Weather(seed)
    sites = {row["id"]: Site(row["id"], seed, sectors()[row["sector"]], weather) for row in table("enterprises")}
    rows = table("meters")
    loads: dict[str, Flow] = {}
    for row in rows:
        if row["kind"] == "detector":
            continue
        site, size = sites[row["enterprise"]], float(row["size"])
        loads[_id(row)] = (
            Solar(site, row["meter"], size)
            if row["kind"] == "pv"
            else Load(site, row["meter"], size, profiles()[row["profile"]])
        )
    for row in rows:
        if row["kind"] == "boundary":
            subs = [loads[_id(sub)] for sub in rows if _is_sub(sub, row)]
            loads[_id(row)] = Sum([loads[_id(row)], *subs], loss=LOSS)
    for roof in rows:
        if roof["kind"] == "pv":
            fed = _id(_under(roof, rows))
            loads[fed] = Sum([loads[fed], loads[_id(roof)]], size=loads[fed].size)
    return [
        Device(
            meter=registry.by_meter[_id(row)],
            kind=row["kind"],
            seed=seed,
            weather=weather,
            flow=loads.get(_id(row)),
            traits=_pairs(row["options"]),
        )
        for row in rows
    ]
