"""Checking one indicator of a scheme's document."""

from collections.abc import Mapping
from math import isfinite

from park.evaluation.indicator import Direction, indicators
from park.evaluation.scheme import Benchmark, Item, Method, Missing
from park.registry_notes import Notes, join, kind, kind_zh, near, show

KEYS = ("key", "weight", "benchmark", "method", "floor", "cap", "missing", "base", "min", "max")
BENCHMARK_KEYS = ("fixed", "cohort_mean")
LARGEST = 1e12


def amount(notes: Notes, path: str, value: object, least: float = -LARGEST, most: float = LARGEST) -> float | None:
    """Read a finite number within bounds."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        notes.add(
            path,
            f"这里应是数字, 而不是{kind_zh(value)} {show(value)}。",
            f"This must be a number, not {kind(value)} {show(value)}.",
        )
    elif not isfinite(value) or not least <= value <= most:
        notes.add(
            path,
            f"{show(value)} 超出范围; 应在 {least:g} 至 {most:g} 之间。",
            f"{show(value)} is out of range; it lies within {least:g} and {most:g}.",
        )
    else:
        return float(value)
    return None


def read_item(notes: Notes, path: str, value: object) -> Item | None:
    """Read one indicator; None where a mistake in it was noted."""
    before = len(notes.mistakes)
    given = dict(notes.mapping(path, value, KEYS, ("key", "weight")))
    key = _key(notes, join(path, "key"), given["key"]) if "key" in given else ""
    method = _choice(notes, join(path, "method"), given.get("method", Method.RATIO), tuple(Method))
    missing = _choice(notes, join(path, "missing"), given.get("missing", Missing.WAIT), tuple(Missing))
    numbers = {
        name: amount(notes, join(path, name), given[name], least, most)
        for name, least, most in (
            ("weight", 1e-9, 100), ("floor", -10, 10), ("cap", 0, 100), ("base", 0, 100), ("min", -LARGEST, LARGEST),
            ("max", -LARGEST, LARGEST),
        )
        if name in given
    }  # fmt: skip
    benchmark = _benchmark(notes, join(path, "benchmark"), given.get("benchmark"))
    _fit(notes, path, method, given)
    if len(notes.mistakes) > before:
        return None
    item = Item(
        key=key,
        weight=numbers["weight"] or 0.0,
        benchmark=benchmark,
        method=Method(method),
        floor=numbers.get("floor", 0.0),
        cap=numbers.get("cap"),
        missing=Missing(missing),
        base=numbers.get("base") if numbers.get("base") is not None else 20.0,  # type: ignore[arg-type]  # asked before
        least=numbers.get("min"),
        most=numbers.get("max"),
    )
    _bounds(notes, path, item)
    return item if len(notes.mistakes) == before else None


def _key(notes: Notes, path: str, value: object) -> str:
    text = notes.text(path, value)
    if text is None or text in indicators():
        return text or ""
    zh, en = near(text, indicators())
    notes.add(path, f"没有指标 {show(text)}; {zh}", f"There is no indicator {show(text)}; {en}")
    return ""


def _choice(notes: Notes, path: str, value: object, known: tuple[str, ...]) -> str:
    return notes.choice(path, value, known) or known[0]


def _benchmark(notes: Notes, path: str, value: object) -> Benchmark:
    """Read `{fixed: 24.097}` or `{cohort_mean: 2}`; left out it is the cohort's own mean."""
    if value is None:
        return Benchmark()
    before = len(notes.mistakes)
    given = notes.mapping(path, value, BENCHMARK_KEYS, ())
    if len(given) != 1:
        if len(notes.mistakes) == before:
            notes.add(
                path,
                "请写 fixed (固定值) 或 cohort_mean (组内均值的倍数), 二者取其一。",
                "Write either fixed (a number) or cohort_mean (times the cohort's mean).",
            )
        return Benchmark()
    [(name, number)] = given.items()
    found = amount(notes, join(path, name), number, 1e-12) or 1.0
    return Benchmark(fixed=found) if name == "fixed" else Benchmark(times=found)


def _fit(notes: Notes, path: str, method: str, given: Mapping[str, object]) -> None:
    """Note what is said and would never be used: whoever wrote it believes that it counts."""
    strange = ("base", "min", "max") if method == Method.RATIO else ("benchmark",)
    for name in strange:
        if name in given:
            notes.add(
                join(path, name),
                f"method 为 {method} 时用不到 {name}; 请去掉。",
                f"{name} has no use with method {method}; leave it out.",
            )


def _bounds(notes: Notes, path: str, item: Item) -> None:
    if item.floor is not None and item.cap is not None and item.floor > item.cap:
        notes.add(
            join(path, "floor"),
            f"floor ({item.floor:g}) 大于 cap ({item.cap:g}); 请改正。",
            f"floor ({item.floor:g}) is above cap ({item.cap:g}); mend one.",
        )
    if item.least is not None and item.most is not None and item.least >= item.most:
        notes.add(
            join(path, "min"),
            f"min ({item.least:g}) 必须小于 max ({item.most:g})。",
            f"min ({item.least:g}) must lie below max ({item.most:g}).",
        )
    if item.method is Method.RATIO and indicators()[item.key].direction is Direction.LOWER and item.cap is None:
        notes.add(
            join(path, "cap"),
            "越低越好的指标按比值计分会无限增大, 必须写 cap, 如 1.5。",
            "An indicator where lower is better grows without end as a ratio; it needs a cap, such as 1.5.",
        )
