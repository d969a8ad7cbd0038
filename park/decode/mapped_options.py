"""Checking what the registry says for mapped JSON."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from park.decode.clock_form import FORMS, LOCAL
from park.decode.dialect import Options
from park.decode.field import check_field
from park.decode.json_maps import CHANNEL, ProductMap, maps
from park.decode.json_path import steps
from park.decode.mapped_plan import ITSELF
from park.decode.topic_filters import KEY, check_filters
from park.registry_notes import Notes, join, kind, kind_zh, show

KEYS: Final = ("map", KEY, "fields", "where", "each", "time", "form", "zone", "channel")
MOST_CHANNELS: Final = 100


def check(notes: Notes, path: str, options: Options, names: tuple[str, ...]) -> None:
    """Note every mistake."""
    before = len(notes.mistakes)
    given = notes.mapping(path, options, KEYS, ())
    check_filters(notes, path, given)
    name = notes.choice(join(path, "map"), given["map"], tuple(maps())) if "map" in given else None
    shipped = maps().get(name or "")
    own = _fields(notes, join(path, "fields"), given.get("fields"), names)
    _where(notes, join(path, "where"), given.get("where"))
    if "each" in given and given["each"] != ITSELF:
        _path(notes, join(path, "each"), given["each"])
    _time(notes, path, given, shipped)
    _channel(notes, path, given, shipped)
    if len(notes.mistakes) > before:
        return
    if shipped is None and not own:
        notes.add(
            path,
            f"请写 map (现有: {', '.join(maps())}) 或 fields: {{路径: 指标}}。",
            f"Write a map (there are: {', '.join(maps())}) or fields: {{path: metric}}.",
        )
    elif shipped is not None and not own and names and not {row.metric for row in shipped.rows} & set(names):
        told = ", ".join(dict.fromkeys(row.metric for row in shipped.rows))
        notes.add(
            join(path, "map"),
            f"{shipped.name} 没有该设备 metrics 中的任何指标; 它有: {told}。其余请写在 fields 中。",
            f"{shipped.name} has none of this meter's metrics; it has: {told}. Write others in fields.",
        )


def _fields(notes: Notes, path: str, value: object, names: tuple[str, ...]) -> dict[str, str]:
    """Note the mistakes of all fields; give the path of each metric."""
    taken: dict[str, str] = {}
    for key, item in (notes.table(path, value) if value is not None else {}).items():
        here = join(path, key)
        _path(notes, here, key)
        metric = check_field(notes, here, item, names)
        if metric in taken:
            notes.add(
                here,
                f"{metric} 已由 {show(taken[metric])} 给出; 一个指标只对应一个路径。",
                f"{metric} comes from {show(taken[metric])} already; a metric has one path.",
            )
        elif metric is not None:
            taken[metric] = key
    return taken


def _path(notes: Notes, here: str, path: object) -> None:
    text = notes.text(here, path)
    if text is None:
        return
    try:
        steps(text)
    except ValueError:
        notes.add(
            here,
            f"路径 {show(text)} 无法识别; 各级用 . 隔开, 列表写序号, 如 emeters.0.power; 键名中的 . 前加 \\。",
            f"Path {show(text)} is not understood; put dots between keys and numbers in lists, as emeters.0.power, "
            "and a backslash before a dot that belongs to a key.",
        )


def _where(notes: Notes, path: str, value: object) -> None:
    for key, item in (notes.table(path, value) if value is not None else {}).items():
        here = join(path, key)
        _path(notes, here, key)
        if isinstance(item, Mapping | list) or item is None:
            notes.add(
                here,
                f"这里应是文字、数字或真假值, 而不是{kind_zh(item)}。",
                f"This must be text, a number, or true or false, not {kind(item)}.",
            )


def _time(notes: Notes, path: str, given: Mapping[str, object], shipped: ProductMap | None) -> None:
    has_time = "time" in given or (shipped is not None and bool(shipped.time))
    if "time" in given:
        _path(notes, join(path, "time"), given["time"])
    form = notes.choice(join(path, "form"), given["form"], FORMS) if "form" in given else None
    if form is None and "form" not in given and "time" not in given and shipped is not None:
        form = shipped.form
    zone = check_zone(notes, join(path, "zone"), given["zone"]) if "zone" in given else None
    if "form" in given and not has_time:
        notes.add(
            join(path, "form"),
            "没有写时间在哪里; 请加上 time: 路径, 或去掉 form。",
            "Nothing says where the time is; add time: path, or leave form out.",
        )
    if form == LOCAL and "form" in given and "zone" not in given:
        notes.add(
            join(path, "form"),
            "当地时间须写明时区; 请加上 zone: Asia/Shanghai。",
            "Local time needs its zone; add zone: Asia/Shanghai.",
        )
    if zone is not None and form != LOCAL:
        notes.add(
            join(path, "zone"),
            "zone 只用于当地时间; 请写 form: local, 或去掉 zone。",
            "A zone belongs to local time; write form: local, or leave zone out.",
        )


def check_zone(notes: Notes, path: str, value: object) -> str | None:
    """Read the name of a time zone."""
    text = notes.text(path, value)
    if text is None:
        return None
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        notes.add(
            path,
            f"没有时区 {show(text)}; 例如 Asia/Shanghai。",
            f"There is no time zone {show(text)}; for example Asia/Shanghai.",
        )
        return None
    return text


def _channel(notes: Notes, path: str, given: Mapping[str, object], shipped: ProductMap | None) -> None:
    if "channel" not in given:
        return
    here, channel = join(path, "channel"), given["channel"]
    if isinstance(channel, bool) or not isinstance(channel, int) or channel not in range(MOST_CHANNELS):
        notes.add(
            here,
            f"通道应是 0 至 {MOST_CHANNELS - 1} 的整数, 而不是 {show(channel)}。",
            f"A channel is a whole number from 0 to {MOST_CHANNELS - 1}, not {show(channel)}.",
        )
    elif shipped is None or not any(CHANNEL in row.path for row in shipped.rows):
        notes.add(
            here,
            "只有 map: tasmota 与 map: shelly 有通道; 请去掉 channel。",
            "Only map: tasmota and map: shelly have channels; leave channel out.",
        )
