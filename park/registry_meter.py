"""Checking one meter of a registry document."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from park import period
from park.decode import DIALECTS
from park.metric import Medium, metrics
from park.place import NOTHING, Enterprise, Meter, Role
from park.registry_notes import LONGEST_TEXT, Notes, join, kind, kind_zh, near, show
from park.registry_scale import read_multipliers, read_register
from park.units import UnknownUnit, WrongDimension, conversion

KEYS = (
    "id", "enterprise", "medium", "role", "name", "name_en", "period", "metrics", "units", "multiplier", "register",
    "codec",
)  # fmt: skip
REQUIRED = ("id", "enterprise", "medium", "role", "name", "period", "metrics")
DEEPEST = 6
GATEWAY = "gateway"
"""The option of every codec: the gateway a meter speaks through, which has one broker account for all of its meters."""

Named = Mapping[str, Enterprise | None]
"""Enterprises by id; None for one that is named but has mistakes of its own."""


def read_meter(notes: Notes, path: str, value: object, enterprises: Named) -> Meter | None:
    """Read one meter; None where a mistake in it was noted."""
    before = len(notes.mistakes)
    given = notes.mapping(path, value, KEYS, REQUIRED)

    def at(key: str) -> str:
        return join(path, key)

    texts = {key: notes.text(at(key), given[key]) or "" for key in ("name", "name_en") if key in given}
    number = notes.identifier(at("id"), given["id"]) if "id" in given else None
    enterprise = _enterprise(notes, at("enterprise"), given.get("enterprise"), enterprises)
    medium = _medium(notes, at("medium"), given.get("medium"))
    role = notes.choice(at("role"), given["role"], tuple(Role)) if "role" in given else None
    every = _period(notes, at("period"), given.get("period"))
    names = _metrics(notes, at("metrics"), given.get("metrics"), medium)
    units = _units(notes, at("units"), given.get("units"), names)
    multipliers = read_multipliers(notes, at("multiplier"), given.get("multiplier"))
    register = read_register(notes, at("register"), given.get("register"), names, medium)
    codec, options = _codec(notes, at("codec"), given.get("codec"), names)
    if len(notes.mistakes) > before or not (number and enterprise and medium and role and every):
        return None
    return Meter(
        id=number,
        enterprise=enterprise.id,
        park=enterprise.park,
        medium=medium,
        role=Role(role),
        name=texts["name"],
        name_en=texts.get("name_en", ""),
        period=every,
        metrics=names,
        units=units,
        multipliers=multipliers,
        register=register,
        codec=codec,
        options=options,
    )


def _enterprise(notes: Notes, path: str, value: object, enterprises: Named) -> Enterprise | None:
    if value is None:
        return None
    name = notes.identifier(path, value)
    if name is None or name in enterprises:
        return enterprises.get(name or "")
    zh, en = near(name, enterprises)
    notes.add(path, f"企业 {name} 没有登记; {zh}", f"There is no enterprise {name}; {en}")
    return None


def _medium(notes: Notes, path: str, value: object) -> Medium | None:
    word = None if value is None else notes.choice(path, value, tuple(Medium))
    return Medium(word) if word in tuple(Medium) else None


def _period(notes: Notes, path: str, value: object) -> timedelta | None:
    if value is None:
        return None
    try:
        return period.read(value if isinstance(value, str) else "")
    except ValueError:
        notes.add(
            path,
            f"周期 {show(value)} 无法识别; 请写成带单位的时长, 如 15s、5m、1h (大于 0, 不超过 366d)。",
            f"Period {show(value)} is not understood; give it with its unit, as 15s, 5m or 1h (above 0, up to 366d).",
        )
        return None


def _metrics(notes: Notes, path: str, value: object, medium: Medium | None) -> tuple[str, ...]:
    fitting = [name for name, metric in metrics().items() if medium is None or medium in metric.media]
    names: dict[str, None] = {}
    items = notes.items(path, value)
    for place, item in enumerate(items):
        here = f"{path}[{place}]"
        name = notes.text(here, item)
        if name is None:
            continue
        if name in names:
            notes.add(here, f"指标 {name} 重复; 请删去一个。", f"Metric {name} stands here twice; leave one out.")
        elif name not in metrics():
            zh, en = near(name, fitting)
            notes.add(here, f"指标表中没有 {show(name)}; {zh}", f"There is no metric {show(name)}; {en}")
        elif name not in fitting:
            zh, en = near("", fitting)
            notes.add(here, f"{medium} 设备没有指标 {name}; {zh}", f"A meter of {medium} has no metric {name}; {en}")
        names[name] = None
    if value is not None and not items and isinstance(value, list | tuple):
        zh, en = near("", fitting)
        notes.add(path, f"至少需要一个指标; {zh}", f"At least one metric is needed; {en}")
    return tuple(names)


def _units(notes: Notes, path: str, value: object, names: tuple[str, ...]) -> Mapping[str, str]:
    if value is None:
        return NOTHING
    units: dict[str, str] = {}
    known = [name for name in names if name in metrics()]
    for name, item in notes.mapping(path, value, tuple(metrics()), ()).items():
        here = join(path, name)
        if name not in known:
            notes.add(
                here,
                f"该设备的 metrics 中没有 {name}; 请把它加入 metrics, 或去掉这个单位。",
                f"{name} is not among this meter's metrics; add it there, or leave its unit out.",
            )
            continue
        unit = notes.text(here, item)
        if unit is None:
            continue
        metric = metrics()[name]
        try:
            conversion(unit, metric.unit, metric.molar_mass)
        except UnknownUnit:
            notes.add(
                here,
                f"无法识别单位 {show(unit)}; {name} 的标准单位是 {metric.unit}。",
                f"Unit {show(unit)} is not known; the unit of {name} is {metric.unit}.",
            )
        except WrongDimension:
            notes.add(
                here,
                f"单位 {show(unit)} 不能换算为 {name} 的标准单位 {metric.unit}; 请核对设备说明书。",
                f"Unit {show(unit)} does not convert to {metric.unit}, the unit of {name}; check the device's manual.",
            )
        units[name] = unit
    return MappingProxyType(units) if units else NOTHING


def _codec(notes: Notes, path: str, value: object, names: tuple[str, ...]) -> tuple[str, Mapping[str, object]]:
    """Read `native`, or a codec with what it needs, as in `{hj212: {mn: …}}`."""
    if value is None:
        return "native", {}
    if not isinstance(value, Mapping):
        codec = notes.choice(path, value, tuple(DIALECTS)) or ""
        if codec:
            DIALECTS[codec].check(notes, join(path, codec), {}, names)
        return codec, {}
    if len(value) != 1:
        notes.add(
            path,
            f"编码方式应只有一个键, 如 {{native: {{}}}}, 这里有 {len(value)} 个。",
            f"A codec is one key, such as {{native: {{}}}}; here are {len(value)}.",
        )
        return "", {}
    [(name, options)] = value.items()
    codec = notes.choice(path, name, tuple(DIALECTS)) or ""
    here = join(path, str(name))
    if not isinstance(options, Mapping | None):
        notes.add(here, f"这里应是键值表, 而不是{kind_zh(options)}。", f"This must be a mapping, not {kind(options)}.")
        return codec, {}
    if not _is_plain(options or {}):
        notes.add(
            here,
            f"选项只能由文字 (每项最多 {LONGEST_TEXT} 字)、数字、真假值、列表和键值表组成, 且不超过 {DEEPEST} 层。",
            f"Options are made of text (up to {LONGEST_TEXT} letters), numbers, true or false, lists and mappings, "
            f"at most {DEEPEST} deep.",
        )
    elif codec:
        own = dict(options or {})
        if GATEWAY in own:
            notes.identifier(join(here, GATEWAY), own.pop(GATEWAY))
        DIALECTS[codec].check(notes, here, own, names)
    return codec, dict(options or {})


def _is_plain(value: object, depth: int = 0) -> bool:
    """Tell whether JSON keeps a value as it is."""
    if depth > DEEPEST:
        return False
    if isinstance(value, Mapping):
        return all(
            isinstance(key, str) and _is_plain(key) and _is_plain(item, depth + 1) for key, item in value.items()
        )
    if isinstance(value, list):
        return all(_is_plain(item, depth + 1) for item in value)
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and value.isprintable()
    return isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 2**53)
