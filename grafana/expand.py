"""Write into a query what a server of Grafana's would: the range, the step, and what is chosen above the board.

As Grafana 11 to 13 and its plugins for InfluxDB (InfluxQL) and PostgreSQL do it, so that a query can be run without
one.  What is no macro and no variable of the board stays as it is, as it does there; `leftover` finds it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Choices = Mapping[str, "Choice"]
VARIABLE = re.compile(r"\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}")
MACRO = re.compile(r"\$([_a-zA-Z0-9]+)\(([^)]*)\)")
SPECIAL = re.compile(r"[\\^$*+?.()|\[\]{}/]")
IN_PATTERN = re.compile(r"[=!]~\s*/(?:[^\r\n/\\]|\\.)+/")
NUMBER = re.compile(r"\s*[-+]?(\d|\.\d|Infinity)")
UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "y": 31_536_000_000}
# a step that would be less than the first is drawn as the second, in milliseconds
STEPS = (
    (15, 10), (35, 20), (75, 50), (150, 100), (350, 200), (750, 500), (1_500, 1_000), (3_500, 2_000), (7_500, 5_000),
    (12_500, 10_000), (17_500, 15_000), (25_000, 20_000), (45_000, 30_000), (90_000, 60_000), (210_000, 120_000),
    (450_000, 300_000), (750_000, 600_000), (1_050_000, 900_000), (1_500_000, 1_200_000), (2_700_000, 1_800_000),
    (5_400_000, 3_600_000), (9_000_000, 7_200_000), (16_200_000, 10_800_000), (32_400_000, 21_600_000),
    (86_400_000, 43_200_000), (604_800_000, 86_400_000), (1_814_400_000, 604_800_000),
    (3_628_800_000, 2_592_000_000),
)  # fmt: skip
LONGEST = 31_536_000_000


class MacroMistake(ValueError):
    """A macro that the plugin refuses."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen of one variable."""

    value: str | tuple[str, ...]
    """One, or some of several; of a box that takes several always some."""
    multi: bool = False
    """Whether it takes several, or all."""
    raw: bool = False
    """Whether it is the board's own word for all: that is written as it is, whatever form is asked for."""
    said: str = ""
    """What people see of it."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a panel looks at: a range, and how many points it has room for."""

    start: datetime
    end: datetime
    points: int = 1_000
    least: str = ""
    """The finest step the panel asks for, as `1m`."""

    @property
    def step_ms(self) -> int:
        """The step that the range and the panel's width come to."""
        raw = (_ms(self.end) - _ms(self.start)) / self.points
        step = next((step for limit, step in STEPS if raw < limit), LONGEST)
        return max(step, milliseconds(self.least.strip("<>"))) if self.least else step

    @property
    def step(self) -> str:
        """The same as it is written in queries."""
        return written(self.step_ms)


def influxql(text: str, window: Window, choices: Choices) -> str:
    """Write a query as the plugin for InfluxDB sends it."""
    filled = _replace(text, window, choices, lambda choice, name: _for_influxql(choice, name, text))
    found = filled.replace("$timeFilter", f"time >= {_ms(window.start)}ms and time <= {_ms(window.end)}ms")
    return found.replace("$interval", window.step)


def sql(text: str, window: Window, choices: Choices) -> str:
    """Write a query as the plugin for PostgreSQL sends it.  Raises MacroMistake."""
    filled = _replace(text, window, choices, _for_sql)
    filled = filled.replace("$__unixEpochFrom()", str(_ms(window.start) // 1_000))
    filled = filled.replace("$__unixEpochTo()", str(_ms(window.end) // 1_000))

    def macro(found: re.Match[str]) -> str:
        name = found[1]
        if name == "__timeGroup" and filled[found.end() : found.end() + 1] == ",":
            name = "__timeGroupAlias"  # as queries were written before Grafana 5.3
        return _macro(name, [part.strip(" ") for part in found[2].split(",")], window)

    return MACRO.sub(macro, filled)


def text(words: str, choices: Choices) -> str:
    """Write variables into anything else, as the uid of a data source."""
    always = Window(datetime.fromtimestamp(0, UTC), datetime.fromtimestamp(1, UTC))
    return _replace(words, always, choices, lambda choice, _: _glob(choice.value))


def leftover(query: str) -> list[str]:
    """Name what would reach a database as it stands: a macro or variable that nobody knows."""
    return re.findall(r"\$\{?\w+|\[\[\w+", re.sub(r"\$/|\$'", "", query))


def milliseconds(length: str) -> int:
    """Read a length as Grafana writes it.  Raises MacroMistake."""
    found = re.fullmatch(r"(\d+)(ms|s|m|h|d|w|y)", length)
    if found is None:
        raise MacroMistake(f"error parsing interval {length}")
    return int(found[1]) * UNITS[found[2]]


def written(step_ms: int) -> str:
    """Write a length in its largest whole unit."""
    name, width = next((unit for unit in reversed(UNITS.items()) if unit[0] != "w" and step_ms >= unit[1]), ("ms", 1))
    return f"{step_ms // width}{name}"


def escaped(value: str) -> str:
    """Write a value so that a pattern takes it literally."""
    return SPECIAL.sub(lambda sign: f"\\{sign[0]}", value)


def _replace(text: str, window: Window, choices: Choices, preset: Callable[[Choice, str], str]) -> str:
    built_in = {
        "__from": Choice(str(_ms(window.start)), raw=True),
        "__to": Choice(str(_ms(window.end)), raw=True),
        "__interval": Choice(window.step, raw=True),
        "__interval_ms": Choice(str(window.step_ms), raw=True),
    }
    known = built_in | dict(choices)

    def fill(found: re.Match[str]) -> str:
        name, form = found[1] or found[2] or found[4], found[3] or found[6]
        choice = known.get(name)
        if choice is None or (name in built_in and text[found.end() : found.end() + 1] == "("):
            return found[0]
        if form and name in {"__from", "__to"}:
            return _moment(int(str(choice.value)), form)
        if form == "text" and choice.said:
            return choice.said
        if choice.raw:
            return str(choice.value)
        return FORMS.get(form, _glob)(choice.value) if form else preset(choice, name)

    return VARIABLE.sub(fill, text)


def _for_influxql(choice: Choice, name: str, query: str) -> str:
    value = choice.value
    if isinstance(value, str) and NUMBER.match(value):
        return value
    pattern = any(f"${name}" in part for part in IN_PATTERN.findall(query))
    if choice.multi or pattern:
        return escaped(value) if isinstance(value, str) else f"({'|'.join(map(escaped, value))})"
    return value if isinstance(value, str) else ",".join(value)


def _for_sql(choice: Choice, name: str) -> str:
    del name
    if isinstance(choice.value, str):
        quoted = choice.value.replace("'", "''")
        return f"'{quoted}'" if choice.multi else quoted
    return ",".join("'" + value.replace("'", "''") + "'" for value in choice.value)


def _many(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _regex(value: str | tuple[str, ...]) -> str:
    some = [escaped(one) for one in _many(value)]
    return some[0] if len(some) == 1 else f"({'|'.join(some)})"


def _glob(value: str | tuple[str, ...]) -> str:
    some = _many(value)
    return some[0] if len(some) == 1 else "{" + ",".join(some) + "}"


def _quoted(value: str | tuple[str, ...], quote: str, escape: Callable[[str], str]) -> str:
    return ",".join(f"{quote}{escape(one)}{quote}" for one in _many(value))


FORMS: Mapping[str, Callable[[str | tuple[str, ...]], str]] = {
    "raw": lambda value: ",".join(_many(value)),
    "csv": lambda value: ",".join(_many(value)),
    "pipe": lambda value: "|".join(_many(value)),
    "regex": _regex,
    "glob": _glob,
    "singlequote": lambda value: _quoted(value, "'", lambda one: one.replace("'", "\\'")),
    "doublequote": lambda value: _quoted(value, '"', lambda one: one.replace('"', '\\"')),
    "sqlstring": lambda value: _quoted(value, "'", lambda one: one.replace("'", "''").replace('"', '\\"')),
}


def _moment(ms: int, form: str) -> str:
    """Write a moment as `${__from:date:…}` does; a form of one's own is not known here."""
    if form == "date:seconds":
        return str(ms // 1_000)
    return f"{datetime.fromtimestamp(ms // 1_000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1_000:03}Z"


Args = list[str]
# macro → how many arguments it needs at least, and what it becomes
MACROS: Mapping[str, tuple[int, Callable[[Args, Window], str]]] = {
    "__time": (1, lambda args, _: f'{args[0]} AS "time"'),
    "__timeEpoch": (1, lambda args, _: f'extract(epoch from {args[0]}) as "time"'),
    "__timeFilter": (1, lambda args, of: f"{args[0]} BETWEEN '{_utc(of.start)}' AND '{_utc(of.end)}'"),
    "__timeFrom": (0, lambda _, of: f"'{_utc(of.start)}'"),
    "__timeTo": (0, lambda _, of: f"'{_utc(of.end)}'"),
    "__timeGroup": (2, lambda args, _: _grouped(f"extract(epoch from {args[0]})", args[1])),
    "__unixEpochFilter": (
        1,
        lambda args, of: f"{args[0]} >= {_ms(of.start) // 1_000} AND {args[0]} <= {_ms(of.end) // 1_000}",
    ),
    "__unixEpochNanoFilter": (
        1,
        lambda args, of: f"{args[0]} >= {_ms(of.start)}000000 AND {args[0]} <= {_ms(of.end)}000000",
    ),
    "__unixEpochNanoFrom": (0, lambda _, of: f"{_ms(of.start)}000000"),
    "__unixEpochNanoTo": (0, lambda _, of: f"{_ms(of.end)}000000"),
    "__unixEpochGroup": (2, lambda args, _: _grouped(f"({args[0]})", args[1])),
}


def _macro(name: str, args: Args, window: Window) -> str:
    plain = name.removesuffix("Alias") if name.endswith("GroupAlias") else name
    if plain not in MACROS:
        raise MacroMistake(f"unknown macro {name}")
    least, write = MACROS[plain]
    given = [arg for arg in args if arg]
    if len(given) < least:
        raise MacroMistake(f"macro {name} needs {least} arguments")
    written_out = write(given, window)
    return written_out if plain == name else f'{written_out} AS "time"'


def _grouped(seconds: str, width: str) -> str:
    wide = f"{milliseconds(width.strip(chr(39))) / 1_000:g}"
    return f"floor({seconds}/{wide})*{wide}"


def _ms(at: datetime) -> int:
    return (at - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)


def _utc(at: datetime) -> str:
    """Write a moment as RFC 3339 with as many digits as it needs."""
    moment = at.astimezone(UTC)
    fraction = f".{moment.microsecond:06}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"
