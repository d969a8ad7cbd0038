"""The registry as a document that people write: checked whole, with every mistake at its place.

park: {id: hengkou, name: 恒口示范区产业园}        # or `parks:`, a list; then each enterprise names its `park:`
enterprises:
  - {id: e01, name: 安康某富硒食品有限公司, industry: "1392", area_mu: 42.5}
meters:
  - id: e01-main
    …
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from park.mistake import Mistake
from park.place import Enterprise, Meter, Park
from park.registry import Registry
from park.registry_dump import dump
from park.registry_meter import read_meter
from park.registry_notes import Notes, join, near, show
from park.registry_topics import note_clashes

__all__ = ["Checked", "Mistake", "check", "dump"]

KEYS = ("park", "parks", "enterprises", "meters")
PARK_KEYS = ("id", "name", "name_en")
ENTERPRISE_KEYS = ("id", "park", "name", "name_en", "industry", "area_mu", "contact")
INDUSTRY = re.compile(r"[A-T]|[A-T]?\d{2,4}", re.ASCII)


Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Checked:
    """A document after the check: a registry, or the mistakes that stand in its way."""

    registry: Registry | None
    mistakes: list[Mistake]


def check(document: object, lines: Mapping[str, int] | None = None) -> Checked:
    """Check a whole document; `lines` says on which line each path begins, such as `meters[3].multiplier[0].from`."""
    notes = Notes(lines or {})
    given = notes.mapping("", document, KEYS, ())
    if not notes.mistakes and ("park" in given) == ("parks" in given):
        notes.add(
            "",
            "请写 park: (一个园区) 或 parks: (多个园区的列表), 二者取其一。",
            "Write either park: (one park) or parks: (a list of several).",
        )
    if "park" in given:
        parks = _table(notes, "park", [given["park"]], _park, single=True)
    else:
        parks = _table(notes, "parks", given.get("parks"), _park)

    def enterprise(notes: Notes, path: str, item: object) -> Enterprise | None:
        return _enterprise(notes, path, item, parks, named="park" not in given and "parks" in given)

    placed: list[tuple[str, Meter]] = []

    def meter(notes: Notes, path: str, item: object) -> Meter | None:
        read = read_meter(notes, path, item, enterprises)
        if read is not None:
            placed.append((path, read))
        return read

    enterprises = _table(notes, "enterprises", given.get("enterprises"), enterprise)
    meters = _table(notes, "meters", given.get("meters"), meter)
    note_clashes(notes, placed)
    if notes.mistakes:
        return Checked(None, notes.mistakes)
    return Checked(Registry(_whole(parks), _whole(enterprises), _whole(meters)), [])


def _table(
    notes: Notes,
    path: str,
    value: object,
    read: Callable[[Notes, str, object], Thing | None],
    *,
    single: bool = False,
) -> dict[str, Thing | None]:
    """Read a list of things by id; None for one that is named but has mistakes of its own."""
    table: dict[str, Thing | None] = {}
    first: dict[str, str] = {}
    for place, item in enumerate(notes.items(path, value)):
        here = path if single else f"{path}[{place}]"
        thing = read(notes, here, item)
        name = item.get("id") if isinstance(item, Mapping) else None
        if not isinstance(name, str):
            continue
        if name in table:
            other = first[name]
            notes.add(
                join(here, "id"),
                f"id {show(name)} 与 {other} 重复; 请改成唯一的 id。",
                f"Id {show(name)} is taken by {other}; give each its own.",
            )
            continue
        first[name] = here
        table[name] = thing
    return table


def _park(notes: Notes, path: str, value: object) -> Park | None:
    before = len(notes.mistakes)
    given = notes.mapping(path, value, PARK_KEYS, ("id", "name"))
    number = notes.identifier(join(path, "id"), given["id"]) if "id" in given else None
    texts = {key: notes.text(join(path, key), given[key]) or "" for key in ("name", "name_en") if key in given}
    return None if len(notes.mistakes) > before or number is None else Park(id=number, **texts)


def _enterprise(
    notes: Notes, path: str, value: object, parks: Mapping[str, Park | None], *, named: bool
) -> Enterprise | None:
    before = len(notes.mistakes)
    given = notes.mapping(path, value, ENTERPRISE_KEYS, ("id", "name"))
    number = notes.identifier(join(path, "id"), given["id"]) if "id" in given else None
    park = _park_of(notes, join(path, "park"), given.get("park"), parks, named=named)
    keys = ("name", "name_en", "contact")
    texts = {key: notes.text(join(path, key), given[key]) or "" for key in keys if key in given}
    industry = _industry(notes, join(path, "industry"), given.get("industry"))
    area = notes.number(join(path, "area_mu"), given["area_mu"], example="42.5") if "area_mu" in given else None
    if len(notes.mistakes) > before or number is None or park is None:
        return None
    return Enterprise(id=number, park=park, industry=industry, area_mu=area, **texts)


def _park_of(notes: Notes, path: str, value: object, parks: Mapping[str, Park | None], *, named: bool) -> str | None:
    """Read which park an enterprise is in; where there is only one it need not say."""
    if value is None:
        if len(parks) == 1 and not named:
            return next(iter(parks))
        if named:
            notes.add(path, "有多个园区时, 每家企业都要写 park。", "With parks: each enterprise names its park:.")
        return None
    name = notes.identifier(path, value)
    if name is None or name in parks:
        return name
    zh, en = near(name, parks)
    notes.add(path, f"园区 {name} 没有登记; {zh}", f"There is no park {name}; {en}")
    return None


def _industry(notes: Notes, path: str, value: object) -> str:
    if value is None:
        return ""
    text = notes.text(path, value)
    if text is not None and not INDUSTRY.fullmatch(text):
        notes.add(
            path,
            f'行业代码 {show(text)} 不是 GB/T 4754 的形式; 请写 2 至 4 位数字 (可带门类字母), 如 "1392"。',
            f"Industry {show(text)} is not a GB/T 4754 code; write 2 to 4 digits (with or without its letter), "
            'such as "1392".',
        )
    return text or ""


def _whole(table: Mapping[str, Thing | None]) -> tuple[Thing, ...]:
    return tuple(thing for thing in table.values() if thing is not None)
