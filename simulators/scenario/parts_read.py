"""How each meter of a scenario is played."""

from collections.abc import Mapping
from dataclasses import replace

from park.place import Meter
from park.registry_notes import Notes, join, near, show
from simulators.measure import KINDS
from simulators.profile import profiles, sectors
from simulators.safety import BREATHS
from simulators.scenario.model import Flowing, Part
from simulators.stack import FUELS

KEYS = ("kind", "flow", "opening", "decimals", "traits")
ELECTRIC = frozenset({"boundary", "sub", "pv"})
VOLTAGE = "0.4"
MOST_DECIMALS = 6


def read_parts(notes: Notes, path: str, value: object, meters: Mapping[str, Meter]) -> dict[str, Part]:
    """Read a part for each meter, no more and no fewer."""
    given = notes.table(path, {} if value is None else value)
    for name in given.keys() - meters.keys():
        zh, en = near(name, meters)
        notes.add(join(path, name), f"台账中没有 {show(name)}; {zh}", f"The registry has no {show(name)}; {en}")
    found: dict[str, Part] = {}
    for name, meter in meters.items():
        if name not in given:
            notes.add(join(path, name), f"请写明 {name} 由哪种设备扮演。", f"Say what kind of device plays {name}.")
            continue
        part = _part(notes, join(path, name), given[name], meter)
        if part is not None:
            found[name] = part
    return found


def _part(notes: Notes, path: str, value: object, meter: Meter) -> Part | None:
    before = len(notes.mistakes)
    given = notes.mapping(path, value, KEYS, ("kind",))
    kind = notes.choice(join(path, "kind"), given["kind"], tuple(KINDS)) if "kind" in given else None
    if kind is None:
        return None
    if KINDS[kind].medium != meter.medium.value:
        notes.add(
            join(path, "kind"),
            f"{kind} 测的是 {KINDS[kind].medium}, 而台账中 {meter.id} 是 {meter.medium}。",
            f"A {kind} measures {KINDS[kind].medium}, and {meter.id} is registered for {meter.medium}.",
        )
    traits = {key: str(item) for key, item in notes.table(join(path, "traits"), given.get("traits", {})).items()}
    if kind in ELECTRIC:
        traits.setdefault("kv", VOLTAGE)
    flow = _flow(notes, join(path, "flow"), given.get("flow"))
    part = Part(kind, flow, traits=traits)
    _check_kind(notes, path, part, meter)
    opening = _number(notes, join(path, "opening"), given.get("opening", 0))
    decimals = given.get("decimals", 2)
    if not isinstance(decimals, int) or not 0 <= decimals <= MOST_DECIMALS:
        notes.add(join(path, "decimals"), "小数位数为 0 至 6。", "Decimals are 0 to 6.")
    if len(notes.mistakes) > before or opening is None or not isinstance(decimals, int):
        return None
    return replace(part, opening=opening, decimals=decimals)


def _flow(notes: Notes, path: str, value: object) -> Flowing | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        number = notes.number(path, value, example="120")
        return None if number is None else Flowing(number)
    given = notes.mapping(path, value, ("profile", "sector", "size"), ("profile", "sector", "size"))
    profile = notes.choice(join(path, "profile"), given.get("profile", ""), tuple(profiles()))
    sector = notes.choice(join(path, "sector"), given.get("sector", ""), tuple(sectors()))
    size = notes.number(join(path, "size"), given.get("size", 0), example="120")
    return None if None in {profile, sector, size} else Flowing(size or 0.0, profile or "", sector or "")


def _check_kind(notes: Notes, path: str, part: Part, meter: Meter) -> None:
    """See that a device can measure all that its meter lists."""
    detects = part.kind == "detector"
    if (part.flow is None) != detects:
        notes.add(
            join(path, "flow"),
            "探测器没有 flow, 其余设备都要写明流过多少。",
            "A detector has no flow; of every other device say how much flows.",
        )
    if part.kind == "stack" and part.traits.get("fuel") not in FUELS:
        zh, en = near(part.traits.get("fuel", ""), FUELS)
        notes.add(join(path, "traits.fuel"), f"烟囱要写明燃料; {zh}", f"A stack names its fuel; {en}")
    there = tuple(part.traits) if detects else KINDS[part.kind].metrics
    for name in meter.metrics:
        if name not in there or (detects and name not in BREATHS):
            zh, en = near(name, there or BREATHS)
            notes.add(
                path,
                f"{part.kind} 不测 {name}, 而台账列有; {zh}",
                f"A {part.kind} does not measure {name}, which is listed; {en}",
            )


def _number(notes: Notes, path: str, value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    notes.add(path, f"这里应是不小于 0 的数, 而不是 {show(value)}。", f"This must be 0 or above, not {show(value)}.")
    return None
