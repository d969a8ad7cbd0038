"""A scheme as a document that people write: checked whole, every mistake at its place, unknown keys among them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import fsum, isclose
from typing import TypeVar

from park.evaluation.scheme import WHOLE_WEIGHT, Cohort, Grading, Mark, Mode, Scheme
from park.evaluation.scheme_item import amount, read_item
from park.evaluation.scheme_members import read_members
from park.mistake import Mistake
from park.registry_notes import Notes, join, show

KEYS = (
    "id", "name", "name_en", "source", "note", "note_en", "digits", "cohorts", "grading", "adders", "adders_least",
    "adders_most", "vetoes", "exclusions",
)  # fmt: skip
COHORT_KEYS = ("key", "name", "name_en", "members", "indicators")
MARK_KEYS = ("key", "name", "name_en")
GRADING_KEYS = ("mode", "A", "B", "C")
DIGITS = range(7)
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Checked:
    """A document after the check: a scheme, or the mistakes that stand in its way."""

    scheme: Scheme | None
    mistakes: list[Mistake]


def check(document: object) -> Checked:
    """Check a whole document."""
    notes = Notes({})
    given = notes.mapping("", document, KEYS, ("id", "name", "cohorts", "grading"))
    texts = {key: notes.text(key, given[key]) or "" for key in ("name", "name_en", "source") if key in given}
    texts |= {key: _long(notes, key, given[key]) for key in ("note", "note_en") if key in given}
    number = notes.identifier("id", given["id"]) if "id" in given else None
    cohorts = _table(notes, "cohorts", given.get("cohorts"), _cohort)
    if "cohorts" in given and not given["cohorts"]:
        notes.add("cohorts", "至少要有一个分组; 请补上。", "There must be at least one cohort; add it.")
    _rest_last(notes, cohorts)
    grading = _grading(notes, given.get("grading")) if "grading" in given else None
    marks = {
        "adders": _table(notes, "adders", given.get("adders"), _adder),
        "vetoes": _table(notes, "vetoes", given.get("vetoes"), _mark),
        "exclusions": _table(notes, "exclusions", given.get("exclusions"), _mark),
    }
    bounds = {key: amount(notes, key, given[key]) for key in ("adders_least", "adders_most") if key in given}
    digits = _digits(notes, given.get("digits", 2))
    if notes.mistakes or number is None or grading is None:
        return Checked(None, notes.mistakes)
    made = Scheme(
        id=number,
        name=texts["name"],
        name_en=texts.get("name_en", ""),
        cohorts=tuple(cohorts),
        grading=grading,
        adders=tuple(marks["adders"]),
        adders_least=bounds.get("adders_least"),
        adders_most=bounds.get("adders_most"),
        vetoes=tuple(marks["vetoes"]),
        exclusions=tuple(marks["exclusions"]),
        digits=digits,
        source=texts.get("source", ""),
        note=texts.get("note", ""),
        note_en=texts.get("note_en", ""),
    )
    return Checked(made, [])


def _table(notes: Notes, path: str, value: object, read: Callable[[Notes, str, object], Thing | None]) -> list[Thing]:
    """Read a list of things that each have a key of their own."""
    found, first = [], dict[str, str]()
    for place, item in enumerate(notes.items(path, value)):
        here = f"{path}[{place}]"
        thing = read(notes, here, item)
        key = item.get("key") if isinstance(item, Mapping) else None
        if isinstance(key, str) and (other := first.setdefault(key, here)) != here:
            notes.add(
                join(here, "key"),
                f"{show(key)} 与 {other} 重复; 请改成唯一的。",
                f"{show(key)} is taken by {other}; give each its own.",
            )
        if thing is not None:
            found.append(thing)
    return found


def _cohort(notes: Notes, path: str, value: object) -> Cohort | None:
    before = len(notes.mistakes)
    given = notes.mapping(path, value, COHORT_KEYS, ("key", "name", "indicators"))
    key = notes.identifier(join(path, "key"), given["key"]) if "key" in given else None
    names = {part: notes.text(join(path, part), given[part]) or "" for part in ("name", "name_en") if part in given}
    members = read_members(notes, join(path, "members"), given.get("members", {}))
    there = join(path, "indicators")
    items = _table(notes, there, given.get("indicators"), read_item)
    if len(notes.mistakes) == before:
        whole = fsum(item.weight for item in items)
        if not isclose(whole, WHOLE_WEIGHT, abs_tol=1e-9):
            notes.add(
                there,
                f"权重之和是 {whole:g}, 应为 100; 请调整各项权重。",
                f"The weights add up to {whole:g}, not 100; change them until they do.",
            )
    if len(notes.mistakes) > before or key is None:
        return None
    return Cohort(key, names["name"], names.get("name_en", ""), members, tuple(items))


def _rest_last(notes: Notes, cohorts: list[Cohort]) -> None:
    """Note a cohort behind one that takes everybody: nobody would ever be in it."""
    for place, cohort in enumerate(cohorts[:-1]):
        members = cohort.members
        if members.revenue_at_least is None and not members.industries and not members.listed:
            notes.add(
                f"cohorts[{place}].members",
                "没有条件的分组收下所有企业, 只能放在最后; 请调整顺序或写明条件。",
                "A cohort without conditions takes everybody and can only be the last; move it or say who belongs.",
            )


def _mark(notes: Notes, path: str, value: object) -> Mark | None:
    return _read_mark(notes, path, value, MARK_KEYS)


def _adder(notes: Notes, path: str, value: object) -> Mark | None:
    return _read_mark(notes, path, value, (*MARK_KEYS, "points"))


def _read_mark(notes: Notes, path: str, value: object, keys: tuple[str, ...]) -> Mark | None:
    before = len(notes.mistakes)
    required = tuple(key for key in keys if key != "name_en")
    given = notes.mapping(path, value, keys, required)
    key = notes.identifier(join(path, "key"), given["key"]) if "key" in given else None
    names = {part: notes.text(join(path, part), given[part]) or "" for part in ("name", "name_en") if part in given}
    points = amount(notes, join(path, "points"), given["points"]) if "points" in given else 0.0
    if len(notes.mistakes) > before or key is None:
        return None
    return Mark(key, names["name"], names.get("name_en", ""), points or 0.0)


def _grading(notes: Notes, value: object) -> Grading | None:
    before = len(notes.mistakes)
    given = notes.mapping("grading", value, GRADING_KEYS, GRADING_KEYS)
    mode = notes.choice("grading.mode", given["mode"], tuple(Mode)) if "mode" in given else None
    found = [amount(notes, f"grading.{key}", given[key]) for key in "ABC" if key in given]
    ends = [end for end in found if end is not None]
    if len(notes.mistakes) > before or mode is None:
        return None
    wanted = sorted(set(ends), reverse=mode == Mode.THRESHOLD)
    if ends != wanted or (mode == Mode.PERCENTILE and (min(ends) < 0 or max(ends) > WHOLE_WEIGHT)):
        notes.add(
            "grading",
            "按名次: A < B < C, 都在 0 至 100 之间, 如 20、60、95; 按分数: A > B > C, 如 90、75、60。",
            "By place: A < B < C, each within 0 and 100, such as 20, 60, 95; by score: A > B > C, such as 90, 75, 60.",
        )
        return None
    return Grading(Mode(mode), *ends)


def _digits(notes: Notes, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value in DIGITS:
        return value
    notes.add("digits", "小数位数应为 0 至 6 的整数。", "This must be a whole number of digits, 0 to 6.")
    return 2


def _long(notes: Notes, path: str, value: object) -> str:
    """Read a remark, which may be longer than a name."""
    most = 1_000
    if isinstance(value, str) and len(value) <= most and value.isprintable():
        return value
    notes.add(path, f"应为不超过 {most} 个字符的一段文字。", f"This must be one paragraph of at most {most} letters.")
    return ""
